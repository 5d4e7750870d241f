"""Input from other channels."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, big, autoincrement=False, nullable=False)


def _to_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id", "batch_id"],
        ["input_batch.consultation_id", "input_batch.id"],
        name=op.f(f"fk_{table}_consultation_id_batch_id_input_batch"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "input_batch",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("originals", sa.String(300), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("created_by", big, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("completed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_input_batch_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_input_batch_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_input_batch")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_input_batch_consultation_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_input_batch_created_by"), "input_batch", ["created_by"])
    op.create_table(
        "input_item",
        _key("consultation_id"),
        _key("batch_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column("region", sa.String(30), nullable=True),
        sa.Column("age_band", sa.String(30), nullable=True),
        sa.Column("public_name", sa.String(80), nullable=False),
        sa.Column("comment_id", big, nullable=True),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=True),
        _to_batch("input_item"),
        sa.ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            name=op.f("fk_input_item_consultation_id_question_id_question"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "comment_id"],
            ["comment.consultation_id", "comment.id"],
            name=op.f("fk_input_item_consultation_id_comment_id_comment"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "batch_id", "number", name=op.f("pk_input_item")),
        sa.UniqueConstraint(
            "consultation_id", "comment_id", name=op.f("uq_input_item_consultation_id_comment_id")
        ),
        sa.UniqueConstraint(
            "consultation_id",
            "batch_id",
            "idempotency_key",
            name=op.f("uq_input_item_consultation_id_batch_id_idempotency_key"),
        ),
    )
    op.create_index(
        op.f("ix_input_item_consultation_id_question_id"), "input_item", ["consultation_id", "question_id"]
    )
    op.create_table(
        "input_file",
        _key("consultation_id"),
        _key("batch_id"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        _to_batch("input_file"),
        sa.PrimaryKeyConstraint("consultation_id", "batch_id", name=op.f("pk_input_file")),
    )


def downgrade() -> None:
    op.drop_table("input_file")
    op.drop_index(op.f("ix_input_item_consultation_id_question_id"), table_name="input_item")
    op.drop_table("input_item")
    op.drop_index(op.f("ix_input_batch_created_by"), table_name="input_batch")
    op.drop_table("input_batch")
