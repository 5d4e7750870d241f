"""Comments, moderation acts and votes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("parent_id", big, nullable=True),
        sa.Column("author_id", big, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("redacted_body", sa.Text(), nullable=True),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column("question_version", sa.Integer(), nullable=False),
        sa.Column("question_language", sa.String(30), nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("publication_rule", sa.String(length=40), nullable=True),
        sa.Column("publication_reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", moment, nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "parent_id"],
            ["comment.consultation_id", "comment.id"],
            name=op.f("fk_comment_consultation_id_parent_id_comment"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            name=op.f("fk_comment_consultation_id_question_id_question"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_author", "comment", ["author_id", "id"])
    op.create_index(op.f("ix_comment_id"), "comment", ["id"])
    op.create_index("ix_comment_queue", "comment", ["consultation_id", "state", "id"])
    op.create_index("ix_comment_replies", "comment", ["consultation_id", "parent_id", "id"])
    op.create_index(
        "ix_comment_thread", "comment", ["consultation_id", "question_id", "parent_id", "state", "id"]
    )
    op.create_index(
        "uq_comment_idempotency", "comment", ["consultation_id", "author_id", "idempotency_key"], unique=True
    )
    op.create_table(
        "proposition_vote",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("question_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("question_version", sa.Integer(), nullable=False),
        sa.Column("question_language", sa.String(30), nullable=False),
        sa.Column("cast_at", moment, nullable=False),
        sa.CheckConstraint("choice IN (-1, 0, 1)", name=op.f("ck_proposition_vote_choice_known")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            name=op.f("fk_proposition_vote_consultation_id_question_id_question"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposition_vote_person_id_person")
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "question_id", "person_id", name=op.f("pk_proposition_vote")
        ),
    )
    op.create_index(
        "ix_proposition_vote_person", "proposition_vote", ["person_id", "consultation_id", "question_id"]
    )
    op.create_index(
        "ix_proposition_vote_tally", "proposition_vote", ["consultation_id", "question_id", "choice"]
    )
    op.create_table(
        "comment_vote",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, autoincrement=False, nullable=False),
        sa.Column("person_id", big, autoincrement=False, nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("cast_at", moment, nullable=False),
        sa.CheckConstraint("choice IN (-1, 0, 1)", name=op.f("ck_comment_vote_choice_known")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "comment_id"],
            ["comment.consultation_id", "comment.id"],
            name=op.f("fk_comment_vote_consultation_id_comment_id_comment"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_vote_person_id_person")),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", "person_id", name=op.f("pk_comment_vote")),
    )
    op.create_index("ix_comment_vote_person", "comment_vote", ["person_id", "consultation_id", "comment_id"])
    op.create_index("ix_comment_vote_tally", "comment_vote", ["consultation_id", "comment_id", "choice"])
    op.create_table(
        "moderation_act",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, nullable=False),
        sa.Column("actor_id", big, nullable=True),
        sa.Column("move", sa.String(30), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.String(30), nullable=False),
        sa.Column("after", sa.String(30), nullable=False),
        sa.Column("acted_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_moderation_act_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "comment_id"],
            ["comment.consultation_id", "comment.id"],
            name=op.f("fk_moderation_act_consultation_id_comment_id_comment"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "id", name=op.f("pk_moderation_act")),
    )
    op.create_index(op.f("ix_moderation_act_actor_id"), "moderation_act", ["actor_id"])
    op.create_index(
        op.f("ix_moderation_act_consultation_id_comment_id"),
        "moderation_act",
        ["consultation_id", "comment_id"],
    )

    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE comment_id_seq")
        op.execute("CREATE SEQUENCE moderation_act_id_seq")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE moderation_act_id_seq")
        op.execute("DROP SEQUENCE comment_id_seq")
    op.drop_index(op.f("ix_moderation_act_consultation_id_comment_id"), table_name="moderation_act")
    op.drop_index(op.f("ix_moderation_act_actor_id"), table_name="moderation_act")
    op.drop_table("moderation_act")
    op.drop_index("ix_comment_vote_tally", table_name="comment_vote")
    op.drop_index("ix_comment_vote_person", table_name="comment_vote")
    op.drop_table("comment_vote")
    op.drop_index("ix_proposition_vote_tally", table_name="proposition_vote")
    op.drop_index("ix_proposition_vote_person", table_name="proposition_vote")
    op.drop_table("proposition_vote")
    op.drop_index("uq_comment_idempotency", table_name="comment")
    op.drop_index("ix_comment_thread", table_name="comment")
    op.drop_index("ix_comment_replies", table_name="comment")
    op.drop_index("ix_comment_queue", table_name="comment")
    op.drop_index(op.f("ix_comment_id"), table_name="comment")
    op.drop_index("ix_comment_author", table_name="comment")
    op.drop_table("comment")
