"""Counts of comments by question and state, votes and ranks of each comment, and the triggers that keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)

UNVOTED = 500_000  # domain.comment_orders.rank(AGREED, no votes)

ADDED = "INSERT INTO comment_count (consultation_id, question_id, state, number) VALUES (NEW.consultation_id, NEW.question_id, NEW.state, 1)"
GONE = "INSERT INTO comment_count (consultation_id, question_id, state, number) VALUES (OLD.consultation_id, OLD.question_id, OLD.state, -1)"
RANKED = f"""INSERT INTO comment_tally
    (consultation_id, comment_id, question_id, agree, disagree, passed, agreed_rank, divided_rank, needs_rank)
    VALUES (NEW.consultation_id, NEW.id, NEW.question_id, 0, 0, 0, {UNVOTED}, 0, 0)"""  # noqa: S608 - a number
MOVED = "OLD.state <> NEW.state OR OLD.question_id <> NEW.question_id"

SQLITE = (
    f"CREATE TRIGGER comment_counted AFTER INSERT ON comment BEGIN {ADDED}; END",
    f"CREATE TRIGGER comment_ranked AFTER INSERT ON comment WHEN NEW.parent_id IS NULL BEGIN {RANKED}; END",
    f"""CREATE TRIGGER comment_moved AFTER UPDATE OF state, question_id ON comment WHEN {MOVED}
        BEGIN {GONE}; {ADDED}; END""",
    f"CREATE TRIGGER comment_uncounted AFTER DELETE ON comment BEGIN {GONE}; END",
)
POSTGRESQL = (
    f"""CREATE FUNCTION count_comment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {ADDED};
        IF NEW.parent_id IS NULL THEN {RANKED}; END IF;
        RETURN NULL; END $$""",
    f"""CREATE FUNCTION move_comment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {GONE}; {ADDED}; RETURN NULL; END $$""",
    f"""CREATE FUNCTION uncount_comment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {GONE}; RETURN NULL; END $$""",
    """CREATE TRIGGER comment_counted AFTER INSERT ON comment
        FOR EACH ROW EXECUTE FUNCTION count_comment()""",
    f"""CREATE TRIGGER comment_moved AFTER UPDATE OF state, question_id ON comment
        FOR EACH ROW WHEN ({MOVED}) EXECUTE FUNCTION move_comment()""",
    """CREATE TRIGGER comment_uncounted AFTER DELETE ON comment
        FOR EACH ROW EXECUTE FUNCTION uncount_comment()""",
)
TRIGGERS = ("comment_counted", "comment_ranked", "comment_moved", "comment_uncounted")
FUNCTIONS = ("count_comment", "move_comment", "uncount_comment")


def upgrade() -> None:
    op.create_table(
        "comment_count",
        sa.Column("id", big, nullable=False),
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_comment_count_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_count")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "comment_tally",
        sa.Column("consultation_id", big, nullable=False),
        sa.Column("comment_id", big, nullable=False),
        sa.Column("question_id", big, nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("agreed_rank", sa.Integer(), nullable=False),
        sa.Column("divided_rank", sa.Integer(), nullable=False),
        sa.Column("needs_rank", sa.Integer(), nullable=False),
        sa.Column("counted_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id", "comment_id"],
            ["comment.consultation_id", "comment.id"],
            name=op.f("fk_comment_tally_consultation_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "comment_id", name=op.f("pk_comment_tally")),
    )
    _count_what_is_there()
    op.create_index(
        "ix_comment_count_sum", "comment_count", ["consultation_id", "question_id", "state", "number"]
    )
    for name in ("agreed", "divided", "needs"):
        columns = ["consultation_id", "question_id", f"{name}_rank", "comment_id"]
        op.create_index(f"ix_comment_tally_{name}", "comment_tally", columns)
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(sa.text(statement))


def downgrade() -> None:
    if _on_postgresql():
        for trigger in ("comment_counted", "comment_moved", "comment_uncounted"):
            op.execute(f"DROP TRIGGER {trigger} ON comment")
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
    else:
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
    op.drop_table("comment_tally")
    op.drop_table("comment_count")


def _count_what_is_there() -> None:
    op.execute(
        "INSERT INTO comment_count (consultation_id, question_id, state, number)"
        " SELECT consultation_id, question_id, state, count(*) FROM comment GROUP BY 1, 2, 3"
    )
    op.execute(f"""INSERT INTO comment_tally
        (consultation_id, comment_id, question_id, agree, disagree, passed, agreed_rank, divided_rank, needs_rank)
        SELECT consultation_id, id, question_id, 0, 0, 0, {UNVOTED}, 0, 0
        FROM comment WHERE parent_id IS NULL""")  # noqa: S608 - a number


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
