"""The moderation desk: marks, near-duplicates, locks, notes, reasons for authors, and acts that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)

# A comment with other words is sketched anew by the deed that wrote them; the old sketch never outlives them.
FORGET = "DELETE FROM comment_band WHERE consultation_id = OLD.consultation_id AND comment_id = OLD.id"
SQLITE = (f"CREATE TRIGGER comment_bands_dropped AFTER UPDATE OF body ON comment BEGIN {FORGET}; END",)
POSTGRESQL = (
    f"""CREATE FUNCTION comment_bands_forget() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN {FORGET}; RETURN NULL; END $$""",
    """CREATE TRIGGER comment_bands_dropped AFTER UPDATE OF body ON comment
        FOR EACH ROW EXECUTE FUNCTION comment_bands_forget()""",
)


def _comment(table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id", "comment_id"],
        ["comment.consultation_id", "comment.id"],
        name=op.f(f"fk_{table}_consultation_id_comment_id_comment"),
        ondelete=ondelete,
    )


def _person(table: str, column: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_person")
    return sa.ForeignKeyConstraint([column], ["person.id"], name=name, ondelete=ondelete)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, big, autoincrement=False, nullable=False)


def upgrade() -> None:
    _widen_comments()
    _widen_acts()
    op.add_column("person", sa.Column("desk_keys", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "comment_band",
        _key("consultation_id"),
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        _key("comment_id"),
        _comment("comment_band", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("consultation_id", "band", "comment_id", name=op.f("pk_comment_band")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_comment_band_consultation_id_comment_id"), "comment_band", ["consultation_id", "comment_id"]
    )
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(sa.text(statement))
    _create_locks_and_notes()
    op.create_table(
        "reason_template",
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", big, nullable=True),
        sa.Column("written_at", moment, nullable=False),
        _person("reason_template", "written_by"),
        sa.PrimaryKeyConstraint("rule", "language", name=op.f("pk_reason_template")),
    )
    op.create_index(op.f("ix_reason_template_written_by"), "reason_template", ["written_by"])


def _widen_comments() -> None:
    # Added one by one: SQLite would build the whole table anew for more, and its votes would go with the old one.
    op.add_column("comment", sa.Column("desk_rank", sa.Integer(), nullable=False, server_default="100"))
    op.add_column("comment", sa.Column("marks", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("comment", sa.Column("alike_id", big, nullable=True))
    op.add_column("comment", sa.Column("open_reports", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        """UPDATE comment SET desk_rank = 70, open_reports = (
            SELECT count(*) FROM comment_report AS report
            WHERE report.consultation_id = comment.consultation_id AND report.comment_id = comment.id)
        WHERE state = 'published' AND EXISTS (
            SELECT 1 FROM comment_report AS report
            WHERE report.consultation_id = comment.consultation_id AND report.comment_id = comment.id)"""
    )
    op.create_index(op.f("ix_comment_state_id"), "comment", ["state", "id"])
    op.create_index(op.f("ix_comment_state_desk_rank_id"), "comment", ["state", "desk_rank", "id"])
    op.create_index("ix_comment_desk", "comment", ["consultation_id", "state", "desk_rank", "id"])
    op.create_index(
        "ix_comment_alike", "comment", ["consultation_id", "alike_id", "state", "desk_rank", "id"]
    )
    op.create_index(
        "ix_comment_reported",
        "comment",
        ["state", "desk_rank", "id"],
        sqlite_where=sa.text("open_reports > 0"),
        postgresql_where=sa.text("open_reports > 0"),
    )


def _widen_acts() -> None:
    op.add_column("moderation_act", sa.Column("deed_id", big, nullable=True))
    op.add_column("moderation_act", sa.Column("left_version", sa.Integer(), nullable=True))
    op.add_column("moderation_act", sa.Column("was", sa.JSON(), nullable=True))
    op.add_column("moderation_act", sa.Column("undone_at", moment, nullable=True))
    op.drop_index(op.f("ix_moderation_act_actor_id"), table_name="moderation_act")
    op.create_index(op.f("ix_moderation_act_actor_id_acted_at"), "moderation_act", ["actor_id", "acted_at"])
    op.create_index(op.f("ix_moderation_act_deed_id"), "moderation_act", ["deed_id"])


def _create_locks_and_notes() -> None:
    op.create_table(
        "moderation_lock",
        _key("consultation_id"),
        _key("comment_id"),
        sa.Column("person_id", big, nullable=False),
        sa.Column("until", moment, nullable=False),
        _comment("moderation_lock", ondelete="CASCADE"),
        _person("moderation_lock", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", name=op.f("pk_moderation_lock")),
    )
    op.create_index(op.f("ix_moderation_lock_person_id"), "moderation_lock", ["person_id"])
    op.create_index(op.f("ix_moderation_lock_until"), "moderation_lock", ["until"])
    op.create_table(
        "moderation_note",
        _key("consultation_id"),
        _key("id"),
        _key("comment_id"),
        sa.Column("author_id", big, nullable=True),
        sa.Column("to_id", big, nullable=True),
        sa.Column("is_escalation", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        _comment("moderation_note"),
        _person("moderation_note", "author_id"),
        _person("moderation_note", "to_id"),
        sa.PrimaryKeyConstraint("consultation_id", "id", name=op.f("pk_moderation_note")),
    )
    op.create_index(
        op.f("ix_moderation_note_consultation_id_comment_id"),
        "moderation_note",
        ["consultation_id", "comment_id"],
    )
    op.create_index(op.f("ix_moderation_note_author_id"), "moderation_note", ["author_id"])
    op.create_index(op.f("ix_moderation_note_to_id"), "moderation_note", ["to_id"])
    if _on_postgresql():
        op.execute("CREATE SEQUENCE moderation_note_id_seq")


def downgrade() -> None:
    op.drop_index(op.f("ix_reason_template_written_by"), table_name="reason_template")
    op.drop_table("reason_template")
    if _on_postgresql():
        op.execute("DROP SEQUENCE moderation_note_id_seq")
    for column in ("to_id", "author_id", "consultation_id_comment_id"):
        op.drop_index(op.f(f"ix_moderation_note_{column}"), table_name="moderation_note")
    op.drop_table("moderation_note")
    for column in ("until", "person_id"):
        op.drop_index(op.f(f"ix_moderation_lock_{column}"), table_name="moderation_lock")
    op.drop_table("moderation_lock")
    if _on_postgresql():
        op.execute("DROP TRIGGER comment_bands_dropped ON comment")
        op.execute("DROP FUNCTION comment_bands_forget()")
    else:
        op.execute("DROP TRIGGER comment_bands_dropped")
    op.drop_index(op.f("ix_comment_band_consultation_id_comment_id"), table_name="comment_band")
    op.drop_table("comment_band")
    op.drop_column("person", "desk_keys")
    _narrow_acts()
    for index in ("reported", "alike", "desk", "state_desk_rank_id", "state_id"):
        op.drop_index(f"ix_comment_{index}", table_name="comment")
    for column in ("open_reports", "alike_id", "marks", "desk_rank"):
        op.drop_column("comment", column)


def _narrow_acts() -> None:
    op.drop_index(op.f("ix_moderation_act_deed_id"), table_name="moderation_act")
    op.drop_index(op.f("ix_moderation_act_actor_id_acted_at"), table_name="moderation_act")
    op.create_index(op.f("ix_moderation_act_actor_id"), "moderation_act", ["actor_id"])
    for column in ("undone_at", "was", "left_version", "deed_id"):
        op.drop_column("moderation_act", column)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
