"""Consultations, source documents, topics and questions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", big, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(30), nullable=False),
        sa.Column("moderation_mode", sa.String(30), nullable=False),
        sa.Column("results_policy", sa.String(30), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("min_days_rule", sa.String(length=20), nullable=False),
        sa.Column("short_period_reason", sa.Text(), nullable=False),
        sa.Column("opens_at", moment, nullable=True),
        sa.Column("closes_at", moment, nullable=True),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answer_published_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", big, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_consultation_times_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_consultation_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consultation_closes_at"), "consultation", ["closes_at"])
    op.create_index(op.f("ix_consultation_created_by"), "consultation", ["created_by"])
    op.create_index(op.f("ix_consultation_opens_at"), "consultation", ["opens_at"])
    op.create_table(
        "consultation_text",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_text_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "language", name=op.f("pk_consultation_text")),
    )
    op.create_table(
        "source_document",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column("imported_by", big, nullable=True),
        sa.Column("imported_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_source_document_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["person.id"], name=op.f("fk_source_document_imported_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_document")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_source_document_consultation_id_sha256"),
        "source_document",
        ["consultation_id", "sha256"],
        unique=True,
    )
    op.create_index(op.f("ix_source_document_imported_by"), "source_document", ["imported_by"])
    op.create_table(
        "passage",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("document_id", big, nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("paragraph", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_passage_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["source_document.id"],
            name=op.f("fk_passage_document_id_source_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passage_consultation_id"), "passage", ["consultation_id"])
    op.create_index(op.f("ix_passage_document_id"), "passage", ["document_id"])
    op.create_table(
        "topic",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("passage_id", big, nullable=True),
        sa.Column("agenda_day", sa.Date(), nullable=True),
        sa.Column("agenda_day_words", sa.String(length=200), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=True),
        sa.Column("ends", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_topic_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_topic_passage_id_passage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_topic_consultation_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_topic_passage_id"), "topic", ["passage_id"])
    op.create_table(
        "question",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("topic_id", big, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_question_number_from_one")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "topic_id"],
            ["topic.consultation_id", "topic.id"],
            name=op.f("fk_question_consultation_id_topic_id_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_question_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_question_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_question_consultation_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_question_consultation_id_topic_id"), "question", ["consultation_id", "topic_id"])
    op.create_table(
        "topic_text",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("topic_id", big, nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "topic_id"],
            ["topic.consultation_id", "topic.id"],
            name=op.f("fk_topic_text_consultation_id_topic_id_topic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "topic_id", "language", name=op.f("pk_topic_text")),
    )
    op.create_table(
        "question_text",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "question_id"],
            ["question.consultation_id", "question.id"],
            name=op.f("fk_question_text_consultation_id_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "question_id", "version", "language", name=op.f("pk_question_text")
        ),
    )


def downgrade() -> None:
    op.drop_table("question_text")
    op.drop_table("topic_text")
    op.drop_index(op.f("ix_question_consultation_id_topic_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_topic_passage_id"), table_name="topic")
    op.drop_table("topic")
    op.drop_index(op.f("ix_passage_document_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_consultation_id"), table_name="passage")
    op.drop_table("passage")
    op.drop_index(op.f("ix_source_document_imported_by"), table_name="source_document")
    op.drop_index(op.f("ix_source_document_consultation_id_sha256"), table_name="source_document")
    op.drop_table("source_document")
    op.drop_table("consultation_text")
    op.drop_index(op.f("ix_consultation_opens_at"), table_name="consultation")
    op.drop_index(op.f("ix_consultation_created_by"), table_name="consultation")
    op.drop_index(op.f("ix_consultation_closes_at"), table_name="consultation")
    op.drop_table("consultation")
