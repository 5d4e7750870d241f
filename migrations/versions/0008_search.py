"""The search index: stored stems with FTS5 or GIN, and triggers that drop what is no longer said.

And an index of the log by which feeds and calendars learn when a consultation changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What a comment says, or whether it may be read, has changed: its entry goes, and the deed writes the new one.
FORGET = "DELETE FROM search_entry WHERE consultation_id = OLD.consultation_id AND kind = 'comment' AND thing_id = OLD.id"
WATCHED = "body, redacted_body, language, state"

SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        stems, content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE VIRTUAL TABLE search_pieces USING fts5(
        folded, content='search_entry', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_words (rowid, stems) VALUES (NEW.id, NEW.stems);
        INSERT INTO search_pieces (rowid, folded) VALUES (NEW.id, NEW.folded); END""",
    """CREATE TRIGGER search_entry_dropped AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_words (search_words, rowid, stems) VALUES ('delete', OLD.id, OLD.stems);
        INSERT INTO search_pieces (search_pieces, rowid, folded) VALUES ('delete', OLD.id, OLD.folded); END""",
    """CREATE TRIGGER search_entry_fixed BEFORE UPDATE ON search_entry BEGIN
        SELECT raise(ABORT, 'an entry of the search index is replaced, not changed'); END""",
    f"CREATE TRIGGER search_comment_changed AFTER UPDATE OF {WATCHED} ON comment BEGIN {FORGET}; END",
    f"CREATE TRIGGER search_comment_gone AFTER DELETE ON comment BEGIN {FORGET}; END",
)  # fmt: skip
POSTGRESQL = (
    "CREATE INDEX ix_search_entry_stems ON search_entry USING gin (stems)",
    f"""CREATE FUNCTION search_forgets_comment() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN {FORGET}; RETURN NULL; END $$""",
    f"""CREATE TRIGGER search_comment_changed AFTER UPDATE OF {WATCHED} ON comment
        FOR EACH ROW EXECUTE FUNCTION search_forgets_comment()""",
    """CREATE TRIGGER search_comment_gone AFTER DELETE ON comment
        FOR EACH ROW EXECUTE FUNCTION search_forgets_comment()""",
)


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("thing_id", big, nullable=False),
        sa.Column("language", sa.String(30), nullable=True),
        sa.Column(
            "stems", sa.Text().with_variant(sa.dialects.postgresql.TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_search_entry_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_search_entry_consultation_id_kind_thing_id"),
        "search_entry",
        ["consultation_id", "kind", "thing_id"],
    )
    op.create_index(
        "ix_audit_entry_of_consultation",
        "audit_entry",
        ["thing_id"],
        sqlite_where=sa.text("thing = 'consultation'"),
        postgresql_where=sa.text("thing = 'consultation'"),
    )
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(sa.text(statement))
    if _on_postgresql() and _has_trigrams():
        op.execute("CREATE INDEX ix_search_entry_folded ON search_entry USING gin (folded gin_trgm_ops)")


def downgrade() -> None:
    if _on_postgresql():
        op.execute("DROP TRIGGER search_comment_gone ON comment")
        op.execute("DROP TRIGGER search_comment_changed ON comment")
        op.execute("DROP FUNCTION search_forgets_comment()")
    else:
        for trigger in ("search_comment_gone", "search_comment_changed"):
            op.execute(f"DROP TRIGGER {trigger}")
        for trigger in ("search_entry_fixed", "search_entry_dropped", "search_entry_added"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE search_pieces")
        op.execute("DROP TABLE search_words")
    op.drop_index("ix_audit_entry_of_consultation", table_name="audit_entry")
    op.drop_index(op.f("ix_search_entry_consultation_id_kind_thing_id"), table_name="search_entry")
    op.drop_table("search_entry")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _has_trigrams() -> bool:
    """Whether pg_trgm is there, or could be added by whoever runs the migration; asked inside a savepoint."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        return True
    if not connection.scalar(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")):
        return False
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION pg_trgm"))
    except sa.exc.DBAPIError:
        return False
    return True
