"""The tables: columns and keys, no verbs. Importing this package makes the whole metadata known."""

from consult.models import (
    audit,
    comments,
    consultations,
    documents,
    imports,
    opinion,
    outbox,
    own_data,
    people,
    questions,
    search,
    taking_part,
    votes,
)

__all__ = [
    "audit",
    "comments",
    "consultations",
    "documents",
    "imports",
    "opinion",
    "outbox",
    "own_data",
    "people",
    "questions",
    "search",
    "taking_part",
    "votes",
]
