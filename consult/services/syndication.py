"""What other programs fetch: calendar files and pictures, made of words that the pages have chosen."""

from collections.abc import Iterable

from consult.adapters import calendars, pictures
from consult.domain.changes import Closing
from consult.domain.languages import Language


def closing_calendar(name: str, language: Language, closings: Iterable[Closing]) -> bytes:
    """A calendar file (RFC 5545) of closing dates."""
    return calendars.closing_calendar(name, language.value, closings)


def preview(*, above: str, title: str, below: str) -> bytes:
    """A PNG of 1200 x 630 pixels that shows a title between two lines."""
    return pictures.preview(pictures.Words(above, title, below))
