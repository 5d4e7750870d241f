"""Imported participants and computed opinion groups."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imported_conversation",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("imported_at", moment, nullable=False),
        _of_consultation("imported_conversation"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_imported_conversation")),
    )
    op.create_table(
        "imported_participant",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        _of_consultation("imported_participant"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_imported_participant_person_id_person")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_imported_participant")),
        sa.UniqueConstraint(
            "consultation_id", "reference", name=op.f("uq_imported_participant_consultation_id_reference")
        ),
    )
    op.create_index(op.f("ix_imported_participant_person_id"), "imported_participant", ["person_id"])
    op.create_table(
        "opinion_run",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("computed_at", moment, nullable=False),
        sa.Column("votes_sha256", sa.String(length=64), nullable=False),
        sa.Column("votes", big, nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("grouped", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("best_k", sa.Integer(), nullable=False),
        sa.Column("clarity", sa.String(30), nullable=False),
        sa.Column("silhouette", sa.Double(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("held_k", sa.Integer(), nullable=False),
        sa.Column("waiting_k", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=True),
        _of_consultation("opinion_run"),
        sa.PrimaryKeyConstraint("consultation_id", "id", name=op.f("pk_opinion_run")),
    )
    op.create_table(
        "opinion_group",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        _of_consultation("opinion_group"),
        sa.PrimaryKeyConstraint("consultation_id", "number", name=op.f("pk_opinion_group")),
    )
    op.create_table(
        "opinion_statement",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, autoincrement=False, nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("extremity", sa.Double(), nullable=False),
        sa.Column("common_agree", sa.Double(), nullable=False),
        sa.Column("common_disagree", sa.Double(), nullable=False),
        sa.Column("majority", sa.SmallInteger(), nullable=True),
        sa.Column("majority_score", sa.Double(), nullable=True),
        sa.Column("priority", sa.Double(), nullable=False),
        _of_comment("opinion_statement"),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", name=op.f("pk_opinion_statement")),
    )
    op.create_table(
        "opinion_group_statement",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", big, autoincrement=False, nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("side", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        _of_comment("opinion_group_statement"),
        sa.PrimaryKeyConstraint(
            "consultation_id", "number", "comment_id", name=op.f("pk_opinion_group_statement")
        ),
    )
    op.create_table(
        "opinion_member",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        _of_consultation("opinion_member"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_opinion_member_person_id_person")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_opinion_member")),
    )
    op.create_index(op.f("ix_opinion_member_person_id"), "opinion_member", ["person_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE opinion_run_id_seq")


def _of_consultation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_consultation_id_consultation")
    return sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=name)


def _of_comment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id", "comment_id"],
        ["comment.consultation_id", "comment.id"],
        name=op.f(f"fk_{table}_consultation_id_comment_id_comment"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE opinion_run_id_seq")
    op.drop_index(op.f("ix_opinion_member_person_id"), table_name="opinion_member")
    op.drop_table("opinion_member")
    op.drop_table("opinion_group_statement")
    op.drop_table("opinion_statement")
    op.drop_table("opinion_group")
    op.drop_table("opinion_run")
    op.drop_index(op.f("ix_imported_participant_person_id"), table_name="imported_participant")
    op.drop_table("imported_participant")
    op.drop_table("imported_conversation")
