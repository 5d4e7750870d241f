"""Corrections, reports, drafts, followed consultations."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def _person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_person")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name, ondelete="CASCADE")


def _comment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id", "comment_id"],
        ["comment.consultation_id", "comment.id"],
        name=op.f(f"fk_{table}_consultation_id_comment_id_comment"),
    )


def _question(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id", "question_id"],
        ["question.consultation_id", "question.id"],
        name=op.f(f"fk_{table}_consultation_id_question_id_question"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    # Added one by one: SQLite would build the whole table anew for more, and its votes would go with the old one.
    op.add_column("comment", sa.Column("replies_to", big, nullable=True))
    op.add_column("comment", sa.Column("wording", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("comment", sa.Column("corrected_at", moment, nullable=True))
    op.execute("UPDATE comment SET replies_to = parent_id WHERE parent_id IS NOT NULL")
    op.create_table(
        "comment_revision",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("replaced_at", moment, nullable=False),
        _comment("comment_revision"),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", "number", name=op.f("pk_comment_revision")),
    )
    op.create_table(
        "comment_report",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        _comment("comment_report"),
        _person("comment_report"),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", "person_id", name=op.f("pk_comment_report")),
    )
    op.create_index(op.f("ix_comment_report_person_id"), "comment_report", ["person_id"])
    _create_drafts()
    op.create_table(
        "follow",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("followed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_follow_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        _person("follow"),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_person_id"), "follow", ["person_id"])


def _create_drafts() -> None:
    op.create_table(
        "comment_draft",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("question_id", big, autoincrement=False, nullable=False),
        sa.Column("reply_to", big, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        _question("comment_draft"),
        _person("comment_draft"),
        sa.PrimaryKeyConstraint(
            "consultation_id", "person_id", "question_id", "reply_to", name=op.f("pk_comment_draft")
        ),
    )
    op.create_index(op.f("ix_comment_draft_person_id"), "comment_draft", ["person_id"])
    op.create_table(
        "guest_draft",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("reply_to", big, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        _question("guest_draft"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_guest_draft")),
    )
    op.create_index(op.f("ix_guest_draft_expires_at"), "guest_draft", ["expires_at"])
    op.create_index(
        op.f("ix_guest_draft_consultation_id_question_id"), "guest_draft", ["consultation_id", "question_id"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_follow_person_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_guest_draft_consultation_id_question_id"), table_name="guest_draft")
    op.drop_index(op.f("ix_guest_draft_expires_at"), table_name="guest_draft")
    op.drop_table("guest_draft")
    op.drop_index(op.f("ix_comment_draft_person_id"), table_name="comment_draft")
    op.drop_table("comment_draft")
    op.drop_index(op.f("ix_comment_report_person_id"), table_name="comment_report")
    op.drop_table("comment_report")
    op.drop_table("comment_revision")
    op.drop_column("comment", "corrected_at")
    op.drop_column("comment", "wording")
    op.drop_column("comment", "replies_to")
