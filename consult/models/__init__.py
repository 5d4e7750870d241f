"""The tables: columns and keys, no verbs. Importing this package makes the whole metadata known."""

from consult.models import audit, comments, consultations, documents, outbox, people, questions, votes

__all__ = ["audit", "comments", "consultations", "documents", "outbox", "people", "questions", "votes"]
