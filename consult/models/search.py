"""The search index: for every public text its stems and its folded words, never the text itself."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from consult.domain.languages import Language
from consult.domain.search import Kind
from consult.models.base import Base, BigId, words_of


class SearchEntry(Base):
    """One text in one language by which a thing is found; only of what everybody may read.

    `stems` is the stored search column: what filters ask for, then the stem of each word in its order;
    PostgreSQL keeps it as `tsvector`, SQLite as words that its table `search_words` (FTS5) indexes. `folded`
    holds the words themselves, a space around each, for phrases, pieces of words and the order of results.
    Triggers of the database drop the entry of a comment whose words or state change: see docs/adr/0007.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index(None, "consultation_id", "kind", "thing_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(words_of(Kind))
    thing_id: Mapped[int] = mapped_column(BigId)
    language: Mapped[Language | None] = mapped_column(words_of(Language))
    stems: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    folded: Mapped[str] = mapped_column(Text)


class stored_stems(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it is
    """Words as the search column keeps them."""

    type = Text()
    inherit_cache = True


@compiles(stored_stems, "postgresql")
def _stems_on_postgresql(element: stored_stems, compiler: SQLCompiler, **kw: Any) -> str:
    return f"to_tsvector('simple', {compiler.process(element.clauses, **kw)})"


@compiles(stored_stems, "sqlite")
def _stems_on_sqlite(element: stored_stems, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


search_words = sa.table("search_words", sa.column("rowid", sa.Integer), sa.column("search_words", sa.Text))
"""SQLite's index of the stems (FTS5); its own triggers keep it at the entries."""
search_pieces = sa.table("search_pieces", sa.column("rowid", sa.Integer), sa.column("folded", sa.Text))
"""SQLite's index of three letters each (FTS5), for pieces of words."""
