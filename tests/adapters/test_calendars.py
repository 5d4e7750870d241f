"""Calendar files, read again by a reader of such files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from consult.adapters.calendars import closing_calendar
from consult.domain.changes import Closing

CLOSING = Closing(
    key="consultation-7-closing@consult.example.kz",
    title="Closes: A; street, with \\ signs\nand a line",
    text="Text",
    address="https://consult.example.kz/en/c/green-street",
    closes_at=datetime(2026, 11, 30, 13, 0, tzinfo=UTC),
    changed_at=datetime(2026, 11, 1, 8, 30, 15, 999, tzinfo=UTC),
    revision=2,
)


def test_a_closing_is_read_as_it_was_written() -> None:
    read = Calendar.from_ical(closing_calendar("Closings", "en", [CLOSING]))
    (event,) = read.walk("VEVENT")
    assert str(event["UID"]) == CLOSING.key
    assert event["SEQUENCE"] == 2
    assert event.decoded("DTSTART") == CLOSING.closes_at
    assert event.decoded("DTSTAMP") == CLOSING.changed_at.replace(microsecond=0)
    assert str(event["SUMMARY"]) == CLOSING.title
    assert str(event["URL"]) == CLOSING.address
    assert (str(read["VERSION"]), str(read["METHOD"])) == ("2.0", "PUBLISH")


def test_lines_are_folded_and_end_as_the_format_wants() -> None:
    content = closing_calendar("Жабылу күндері", "kk", [replace(CLOSING, title="Жабылады: " + "көше " * 60)])
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


def test_a_later_closing_changes_the_event_and_not_its_name() -> None:
    later = replace(CLOSING, closes_at=CLOSING.closes_at + timedelta(days=7), revision=3)
    before, after = (closing_calendar("C", "en", [each]) for each in (CLOSING, later))
    assert before != after
    assert closing_calendar("C", "en", [CLOSING]) == before


def test_a_calendar_without_closings_can_be_read() -> None:
    assert Calendar.from_ical(closing_calendar("None yet", "en", [])).walk("VEVENT") == []
