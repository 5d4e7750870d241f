"""Duties in a consultation, holidays, attachments, and what notices two edits of one topic or question."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_duties()
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    _create_attachments()
    op.add_column("topic", sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("question", sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(op.f("ix_person_role"), "person", ["role"])


def _create_duties() -> None:
    op.create_table(
        "consultation_duty",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("duty", sa.String(30), nullable=False),
        sa.Column("appointed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_duty_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_consultation_duty_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", "duty", name=op.f("pk_consultation_duty")),
    )
    op.create_index(op.f("ix_consultation_duty_person_id"), "consultation_duty", ["person_id"])


def _create_attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", big, nullable=True),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_attachment_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_attachment_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_attachment_consultation_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_attachment_consultation_id_sha256"), "attachment", ["consultation_id", "sha256"], unique=True
    )
    op.create_index(op.f("ix_attachment_uploaded_by"), "attachment", ["uploaded_by"])
    op.create_table(
        "attachment_text",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("attachment_id", big, nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "attachment_id"],
            ["attachment.consultation_id", "attachment.id"],
            name=op.f("fk_attachment_text_consultation_id_attachment_id_attachment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "attachment_id", "language", name=op.f("pk_attachment_text")
        ),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_person_role"), table_name="person")
    op.drop_column("question", "edition")
    op.drop_column("topic", "edition")
    op.drop_table("attachment_text")
    op.drop_index(op.f("ix_attachment_uploaded_by"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_consultation_id_sha256"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("holiday")
    op.drop_index(op.f("ix_consultation_duty_person_id"), table_name="consultation_duty")
    op.drop_table("consultation_duty")
