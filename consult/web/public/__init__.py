"""Pages that everybody can read."""

from consult.web.public import (
    appearance,
    comments,
    consultations,
    feeds,
    following,
    home,
    own_comments,
    questions,
    reports,
    search,
    sharing,
    statements,
    writing,
)
from consult.web.public.blueprint import bp

__all__ = [
    "appearance",
    "bp",
    "comments",
    "consultations",
    "feeds",
    "following",
    "home",
    "own_comments",
    "questions",
    "reports",
    "search",
    "sharing",
    "statements",
    "writing",
]
