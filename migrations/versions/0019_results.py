"""Published results: the cells of the opinion map, when groups are computed, and weighting."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("opinion_run", sa.Column("hexagon", sa.Double(), nullable=True))
    op.create_table(
        "opinion_bin",
        _consultation_id(),
        sa.Column("q", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("r", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _of_consultation("opinion_bin"),
        sa.PrimaryKeyConstraint("consultation_id", "q", "r", name=op.f("pk_opinion_bin")),
    )
    op.create_table(
        "opinion_job",
        _consultation_id(),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("votes", big, nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        _of_consultation("opinion_job"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_opinion_job")),
    )
    _create_weighting()


def _create_weighting() -> None:
    op.create_table(
        "weighting",
        _consultation_id(),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("computed_at", moment, nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("design_effect", sa.Double(), nullable=True),
        sa.Column("effective", sa.Double(), nullable=True),
        sa.Column("cut", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.String(length=100), nullable=False),
        _of_consultation("weighting"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_weighting")),
    )
    op.create_table(
        "population_margin",
        _consultation_id(),
        sa.Column("variable", sa.String(30), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        _of_consultation("population_margin"),
        sa.PrimaryKeyConstraint("consultation_id", "variable", "category", name=op.f("pk_population_margin")),
    )
    op.create_table(
        "weighted_tally",
        _consultation_id(),
        sa.Column("target", sa.String(30), nullable=False),
        sa.Column("target_id", big, autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("agree", sa.Double(), nullable=False),
        sa.Column("disagree", sa.Double(), nullable=False),
        sa.Column("passes", sa.Double(), nullable=False),
        _of_consultation("weighted_tally"),
        sa.PrimaryKeyConstraint("consultation_id", "target", "target_id", name=op.f("pk_weighted_tally")),
    )


def _consultation_id() -> sa.Column[int]:
    return sa.Column("consultation_id", big, autoincrement=False, nullable=False)


def _of_consultation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id"], ["consultation.id"], name=op.f(f"fk_{table}_consultation_id_consultation")
    )


def downgrade() -> None:
    for table in ("weighted_tally", "population_margin", "weighting", "opinion_job", "opinion_bin"):
        op.drop_table(table)
    op.drop_column("opinion_run", "hexagon")
