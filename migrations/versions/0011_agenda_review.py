"""Agendas under review, and documents that a newer version replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agenda_review",
        sa.Column("id", big, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("place_name", sa.String(length=20), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("replaces_id", big, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", big, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["source_document.id"],
            name=op.f("fk_agenda_review_replaces_id_source_document"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_agenda_review_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_review")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_agenda_review_created_at"), "agenda_review", ["created_at"])
    op.create_index(op.f("ix_agenda_review_created_by"), "agenda_review", ["created_by"])
    op.create_index(op.f("ix_agenda_review_replaces_id"), "agenda_review", ["replaces_id"])
    op.create_table(
        "superseded_document",
        sa.Column("document_id", big, nullable=False),
        sa.Column("newer_id", big, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["source_document.id"],
            name=op.f("fk_superseded_document_document_id_source_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["newer_id"],
            ["source_document.id"],
            name=op.f("fk_superseded_document_newer_id_source_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_superseded_document")),
    )
    op.create_index(op.f("ix_superseded_document_newer_id"), "superseded_document", ["newer_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_superseded_document_newer_id"), table_name="superseded_document")
    op.drop_table("superseded_document")
    op.drop_index(op.f("ix_agenda_review_replaces_id"), table_name="agenda_review")
    op.drop_index(op.f("ix_agenda_review_created_by"), table_name="agenda_review")
    op.drop_index(op.f("ix_agenda_review_created_at"), table_name="agenda_review")
    op.drop_table("agenda_review")
