"""Calendar files (RFC 5545) of closing dates."""

from collections.abc import Iterable

from icalendar import Calendar, Event

from consult.domain.changes import Closing

PRODUCT = "-//Consult//Consultations//EN"


def closing_calendar(name: str, language: str, closings: Iterable[Closing]) -> bytes:
    """One event a closing; the same closings always give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name, parameters={"language": language})
    for closing in closings:
        calendar.add_component(_event(closing, language))
    return bytes(calendar.to_ical())


def _event(closing: Closing, language: str) -> Event:
    """A moment without length: what calendars show as a deadline."""
    event = Event()
    event.add("uid", closing.key)
    event.add("sequence", closing.revision)
    event.add("dtstamp", closing.changed_at.replace(microsecond=0))
    event.add("last-modified", closing.changed_at.replace(microsecond=0))
    event.add("dtstart", closing.closes_at.replace(microsecond=0))
    event.add("summary", closing.title, parameters={"language": language})
    event.add("description", closing.text, parameters={"language": language})
    event.add("url", closing.address)
    event.add("transp", "TRANSPARENT")
    return event
