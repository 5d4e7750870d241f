"""Themes, official positions and outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)
TABLES = (
    "outcome_text",
    "outcome",
    "position_text",
    "position_version",
    "official_position",
    "comment_theme",
    "theme_text",
    "theme",
)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, big, autoincrement=False, nullable=False)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer(), autoincrement=False, nullable=False)


def _language() -> sa.Column[str]:
    return sa.Column("language", sa.String(30), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _to(
    table: str, columns: list[str], other: str, targets: list[str], *, cascade: bool = True
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}_{other}")
    return sa.ForeignKeyConstraint(
        columns,
        [f"{other}.{target}" for target in targets],
        name=name,
        ondelete="CASCADE" if cascade else None,
    )


def _consultation(table: str) -> sa.ForeignKeyConstraint:
    return _to(table, ["consultation_id"], "consultation", ["id"])


def _comment(table: str, column: str = "comment_id") -> sa.ForeignKeyConstraint:
    columns = ["consultation_id", column]
    return _to(table, columns, "comment", ["consultation_id", "id"], cascade=False)


def _theme(table: str) -> sa.ForeignKeyConstraint:
    return _to(table, ["consultation_id", "theme_id"], "theme", ["consultation_id", "id"])


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return _to(table, [column], "person", ["id"], cascade=False)


def upgrade() -> None:
    _create_themes()
    _create_positions()
    _create_outcomes()


def _create_themes() -> None:
    op.create_table(
        "theme",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _consultation("theme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_theme_consultation_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "theme_text",
        _key("consultation_id"),
        _key("theme_id"),
        _language(),
        sa.Column("title", sa.String(length=200), nullable=False),
        _text("description"),
        _theme("theme_text"),
        sa.PrimaryKeyConstraint("consultation_id", "theme_id", "language", name=op.f("pk_theme_text")),
    )
    op.create_table(
        "comment_theme",
        _key("consultation_id"),
        _key("comment_id"),
        _key("theme_id"),
        _comment("comment_theme"),
        _theme("comment_theme"),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", "theme_id", name=op.f("pk_comment_theme")),
    )
    op.create_index(
        op.f("ix_comment_theme_consultation_id_theme_id_comment_id"),
        "comment_theme",
        ["consultation_id", "theme_id", "comment_id"],
    )


def _create_positions() -> None:
    targets = ("comment_id", "theme_id", "alike_id")
    op.create_table(
        "official_position",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("comment_id", big, nullable=True),
        sa.Column("theme_id", big, nullable=True),
        sa.Column("alike_id", big, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_key", sa.String(length=64), nullable=False),
        _consultation("official_position"),
        _comment("official_position"),
        _comment("official_position", "alike_id"),
        _theme("official_position"),
        sa.CheckConstraint(
            " + ".join(f"(CASE WHEN {target} IS NULL THEN 0 ELSE 1 END)" for target in targets) + " = 1",
            name=op.f("ck_official_position_one_target"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_position")),
        *(
            sa.UniqueConstraint(
                "consultation_id", column, name=op.f(f"uq_official_position_consultation_id_{column}")
            )
            for column in ("id", *targets)
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_official_position_consultation_id_text_key_comment_id"),
        "official_position",
        ["consultation_id", "text_key", "comment_id"],
    )
    op.create_table(
        "position_version",
        _key("consultation_id"),
        _key("position_id"),
        _number(),
        sa.Column("decision", sa.String(30), nullable=False),
        sa.Column("decided_by", big, nullable=True),
        sa.Column("decided_at", moment, nullable=False),
        _to(
            "position_version",
            ["consultation_id", "position_id"],
            "official_position",
            ["consultation_id", "id"],
        ),
        _person("position_version", "decided_by"),
        sa.PrimaryKeyConstraint("consultation_id", "position_id", "number", name=op.f("pk_position_version")),
    )
    op.create_index(op.f("ix_position_version_decided_by"), "position_version", ["decided_by"])
    version = ["consultation_id", "position_id", "number"]
    op.create_table(
        "position_text",
        _key("consultation_id"),
        _key("position_id"),
        _number(),
        _language(),
        _text("reason"),
        _text("note"),
        sa.Column("authority", sa.String(length=300), nullable=False),
        _to("position_text", version, "position_version", version),
        sa.PrimaryKeyConstraint(*version, "language", name=op.f("pk_position_text")),
    )


def _create_outcomes() -> None:
    op.create_table(
        "outcome",
        _key("consultation_id"),
        _number(),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("written_by", big, nullable=True),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("published_at", moment, nullable=True),
        _consultation("outcome"),
        _person("outcome", "written_by"),
        sa.PrimaryKeyConstraint("consultation_id", "number", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_written_by"), "outcome", ["written_by"])
    version = ["consultation_id", "number"]
    op.create_table(
        "outcome_text",
        _key("consultation_id"),
        _number(),
        _language(),
        *(_text(name) for name in ("asked", "said", "did", "note")),
        _to("outcome_text", version, "outcome", version),
        sa.PrimaryKeyConstraint(*version, "language", name=op.f("pk_outcome_text")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_outcome_written_by"), table_name="outcome")
    op.drop_index(op.f("ix_position_version_decided_by"), table_name="position_version")
    op.drop_index(
        op.f("ix_official_position_consultation_id_text_key_comment_id"), table_name="official_position"
    )
    op.drop_index(op.f("ix_comment_theme_consultation_id_theme_id_comment_id"), table_name="comment_theme")
    for table in TABLES:
        op.drop_table(table)
