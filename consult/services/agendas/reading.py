"""From bytes to a proposal; needs no database."""

from dataclasses import dataclass

from consult.adapters.documents import Document, read_document
from consult.adapters.languages import detect_language
from consult.domain.agenda.items import Agenda
from consult.domain.agenda.reading import read_agenda
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT, Language

MOST_TOPICS = 200
"""More would hold the write lock of SQLite for longer than a voter waits."""


@dataclass(frozen=True)
class Reading:
    """A document and the agenda that was read in it; only a proposal."""

    document: Document
    agenda: Agenda


def read(content: bytes, filename: str, language: Language | None = None) -> Reading:
    """What an import would propose; needs no database. Without a language it is told from the text.

    Raises:
        Refused: what `adapters.documents.read_document` refuses.
    """
    document = read_document(content, filename)
    spoken = language or detect_language("\n".join(document.lines)) or DEFAULT
    return Reading(document, read_agenda(document.lines, spoken, document.places))


def read_topics(content: bytes, filename: str, language: Language | None) -> Reading:
    """As `read`, but only of an agenda that can become topics.

    Raises:
        Refused: AGENDA_WITHOUT_TOPICS, AGENDA_TOO_LONG over 200 topics, and as `read`.
    """
    reading = read(content, filename, language)
    if not reading.agenda.topics:
        raise Refused(Reason.AGENDA_WITHOUT_TOPICS)
    if len(reading.agenda.topics) > MOST_TOPICS:
        raise Refused(Reason.AGENDA_TOO_LONG, limit=MOST_TOPICS)
    return reading
