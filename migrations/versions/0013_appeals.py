"""Appeals, answers to reports, and the rules that hold in a consultation."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)
RULES = ("off-topic", "insult", "hate", "personal-data", "advertising", "unlawful", "duplicate")
INDEXES = {
    "consultation_id_act_id": ["consultation_id", "act_id"],
    "consultation_id_comment_id": ["consultation_id", "comment_id"],
    "consultation_id_outcome_id": ["consultation_id", "outcome_id"],
    "consultation_id_decision_id": ["consultation_id", "decision_id"],
    "person_id_id": ["person_id", "id"],
    "decided_by": ["decided_by"],
}


def _here(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A reference to something of the same consultation."""
    return sa.ForeignKeyConstraint(
        ["consultation_id", column],
        [f"{table}.consultation_id", f"{table}.id"],
        name=op.f(f"fk_appeal_consultation_id_{column}_{table}"),
    )


def _person(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_appeal_{column}_person"))


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("comment_id", big, nullable=False),
        sa.Column("act_id", big, nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lodged_at", moment, nullable=False),
        sa.Column("verdict", sa.String(30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_language", sa.String(30), nullable=True),
        sa.Column("decision_id", big, nullable=True),
        sa.Column("decided_by", big, nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("outcome_id", big, nullable=True),
        _here("comment_id", "comment"),
        _here("act_id", "moderation_act"),
        _here("outcome_id", "moderation_act"),
        _person("person_id"),
        _person("decided_by"),
        sa.PrimaryKeyConstraint("consultation_id", "id", name=op.f("pk_appeal")),
    )
    for name, columns in INDEXES.items():
        unique = columns == ["consultation_id", "act_id"]
        op.create_index(op.f(f"ix_appeal_{name}"), "appeal", columns, unique=unique)
    open_ones = sa.text("verdict IS NULL")
    op.create_index("ix_appeal_open", "appeal", ["id"], sqlite_where=open_ones, postgresql_where=open_ones)
    op.add_column("comment_report", sa.Column("answered_at", moment, nullable=True))
    op.add_column("comment_report", sa.Column("answer", sa.Text(), nullable=False, server_default=""))
    _keep_rules()


def _keep_rules() -> None:
    rules = op.create_table(
        "consultation_rule",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_rule_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "code", name=op.f("pk_consultation_rule")),
    )
    opened = op.get_bind().execute(
        sa.text("SELECT id FROM consultation WHERE published_at IS NOT NULL ORDER BY id")
    )
    rows = [
        {"consultation_id": key, "code": code, "position": position}
        for (key,) in opened.all()
        for position, code in enumerate(RULES, start=1)
    ]
    if rows:
        op.bulk_insert(rules, rows)


def downgrade() -> None:
    op.drop_table("consultation_rule")
    op.drop_column("comment_report", "answer")
    op.drop_column("comment_report", "answered_at")
    op.drop_index("ix_appeal_open", table_name="appeal")
    for name in INDEXES:
        op.drop_index(op.f(f"ix_appeal_{name}"), table_name="appeal")
    op.drop_table("appeal")
