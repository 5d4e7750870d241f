"""Consents, and what people say of themselves for statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", big, nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_person_id_purpose"), "consent", ["person_id", "purpose"])
    op.create_table(
        "person_profile",
        sa.Column("person_id", big, nullable=False),
        sa.Column("region", sa.String(30), nullable=True),
        sa.Column("age_band", sa.String(30), nullable=True),
        sa.Column("gender", sa.String(30), nullable=True),
        sa.Column("declined_at", moment, nullable=True),
        sa.Column("updated_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_profile_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_profile")),
    )


def downgrade() -> None:
    op.drop_table("person_profile")
    op.drop_index(op.f("ix_consent_person_id_purpose"), table_name="consent")
    op.drop_table("consent")
