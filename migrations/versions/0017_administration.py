"""Settings of the authority: rude words, rules of moderation, branding; blocked accounts; runs of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_words_and_rules()
    op.create_table(
        "branding",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(f"name_{code}", sa.String(length=120), nullable=False) for code in ("kk", "ru", "en")),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_sha256", sa.String(length=64), nullable=False),
        sa.Column("logo_width", sa.Integer(), nullable=False),
        sa.Column("logo_height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branding")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.add_column("person", sa.Column("blocked_reason", sa.Text(), nullable=False, server_default=""))


def _create_words_and_rules() -> None:
    op.create_table(
        "profanity_word",
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name=op.f("pk_profanity_word")),
    )
    op.create_table(
        "moderation_rule",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_moderation_rule")),
    )
    op.create_table(
        "moderation_rule_text",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["moderation_rule.code"], name=op.f("fk_moderation_rule_text_code_moderation_rule")
        ),
        sa.PrimaryKeyConstraint("code", "version", "language", name=op.f("pk_moderation_rule_text")),
    )
    # What opened before has the words of the catalogue, which are version 0.
    op.add_column("consultation_rule", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("person", "blocked_reason")
    op.drop_table("job_run")
    op.drop_table("branding")
    op.drop_column("consultation_rule", "version")
    op.drop_table("moderation_rule_text")
    op.drop_table("moderation_rule")
    op.drop_table("profanity_word")
