"""Reading the search index.

Everything is read as a guest reads it, whoever asks: a search finds what everybody may read. Entries are
written for nothing else, and each statement looks once more at the rows behind them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.domain.languages import Language
from consult.domain.search import Kind, Query, Term, filters
from consult.domain.visibility import READABLE_STATES
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.search import SearchEntry, search_pieces, search_words
from consult.queries.public_texts import is_public

MOST = 300
"""Candidates of one kind that are ranked, the newest; older ones than these are not looked at."""

_Chosen = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Wanted:
    """Filters of a search; None asks for any."""

    consultation_id: int | None = None
    language: Language | None = None


@dataclass(frozen=True)
class Candidate:
    """A text that fits: the thing that it belongs to, and its folded words for the ranking."""

    thing_id: int
    language: Language | None
    folded: str


def candidates(query: Query, kind: Kind, wanted: Wanted, *, inside: bool = False) -> list[Candidate]:
    """The newest texts of a kind that hold every word, or with `inside` every piece of one; 301 at most."""
    if query.is_empty or (inside and not query.has_pieces):
        return []
    chosen = _readable(kind)
    if inside:
        chosen = _with_pieces(chosen, query, wanted)
    else:
        chosen = _with_words(chosen, query, filters(kind, wanted.consultation_id, wanted.language))
    for phrase in query.phrases:
        words = " ".join(term.folded for term in phrase)
        chosen = chosen.where(_holds(SearchEntry.folded, f" {words} "))
    rows = db.session.execute(chosen.limit(MOST + 1))
    return [Candidate(row.thing_id, row.language, row.folded) for row in rows]


def _with_words(chosen: _Chosen, query: Query, must: Iterable[str]) -> _Chosen:
    """Entries whose search column holds a stem of every word, the phrases, and what the filters ask for."""
    if _on_sqlite():
        # By the row number of FTS5, which walks its matches in that order: any other would look at them all.
        return (
            chosen.join(search_words, search_words.c.rowid == SearchEntry.id)
            .where(search_words.c.search_words.op("MATCH")(_fts5(query, must)))
            .order_by(search_words.c.rowid.desc())
        )
    asked = sa.func.to_tsquery(sa.literal_column("'simple'"), _tsquery(query, must))
    return chosen.where(SearchEntry.stems.op("@@")(asked)).order_by(SearchEntry.id.desc())


def _readable(kind: Kind) -> _Chosen:
    """Entries of a kind whose thing everybody may read at this moment."""
    chosen = (
        sa.select(SearchEntry.thing_id, SearchEntry.language, SearchEntry.folded)
        .join(Consultation, Consultation.id == SearchEntry.consultation_id)
        .where(
            SearchEntry.kind == kind,
            is_public(),
        )
    )
    if kind is Kind.COMMENT:
        chosen = chosen.join(
            Comment,
            sa.and_(
                Comment.consultation_id == SearchEntry.consultation_id, Comment.id == SearchEntry.thing_id
            ),
        ).where(Comment.state.in_(READABLE_STATES))
    return chosen


def _with_pieces(chosen: _Chosen, query: Query, wanted: Wanted) -> _Chosen:
    """Entries that hold each word anywhere; none on a PostgreSQL without pg_trgm: it would read them all."""
    if _on_sqlite():
        pieces: sa.SQLColumnExpression[str] = search_pieces.c.folded
        chosen = chosen.join(search_pieces, search_pieces.c.rowid == SearchEntry.id)
        chosen = chosen.order_by(search_pieces.c.rowid.desc())
    elif _has_trigrams():
        pieces = SearchEntry.folded
        chosen = chosen.order_by(SearchEntry.id.desc())
    else:
        return chosen.where(sa.false())
    chosen = chosen.where(*(_holds(pieces, term.folded) for term in query.terms))
    if wanted.consultation_id is not None:
        chosen = chosen.where(SearchEntry.consultation_id == wanted.consultation_id)
    if wanted.language is not None:
        chosen = chosen.where(SearchEntry.language == wanted.language)
    return chosen


def _holds(column: sa.SQLColumnExpression[str], words: str) -> sa.ColumnElement[bool]:
    """Whether a column holds these folded words; letters and digits only, so that no sign is a wildcard."""
    return column.like(f"%{words}%")


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _has_trigrams() -> bool:
    return bool(db.session.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")))


def _fts5(query: Query, must: Iterable[str]) -> str:
    """The query in the words of FTS5; every term is quoted and holds letters and digits only."""
    parts = [f'"{word}"' for word in must]
    parts += ["(" + " OR ".join(f'"{stem}"' for stem in _forms(term)) + ")" for term in query.words]
    for phrase in query.phrases:
        forms = dict.fromkeys(" ".join(stems) for stems in zip(*(t.stems for t in phrase), strict=True))
        parts.append("(" + " OR ".join(f'"{form}"' for form in forms) + ")")
    return " AND ".join(parts)


def _tsquery(query: Query, must: Iterable[str]) -> str:
    """The query in the words of PostgreSQL's `to_tsquery`."""
    parts = [f"'{word}'" for word in must]
    parts += ["(" + " | ".join(f"'{stem}'" for stem in _forms(term)) + ")" for term in query.words]
    for phrase in query.phrases:
        forms = dict.fromkeys(
            " <-> ".join(f"'{stem}'" for stem in stems)
            for stems in zip(*(t.stems for t in phrase), strict=True)
        )
        parts.append("(" + " | ".join(f"({form})" for form in forms) + ")")
    return " & ".join(parts)


def _forms(term: Term) -> Iterable[str]:
    return dict.fromkeys(term.stems)
