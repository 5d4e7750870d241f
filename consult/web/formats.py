"""How instants, days and sizes are printed in the page's language and Kazakhstan's time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, format_percent

from consult.web.i18n import TIMEZONE, gettext, ngettext

ZONE = ZoneInfo(TIMEZONE)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(instant=instant, day=day, ago=ago, number=format_decimal, size=size, iso=iso)
    app.jinja_env.filters["percent"] = format_percent


def instant(moment: datetime | None) -> str:
    """Date and hour, such as `30 November 2026, 18:00`; empty for None."""
    return "" if moment is None else f"{format_date(local(moment).date(), 'long')}, {local(moment):%H:%M}"


def day(moment: date | datetime | None) -> str:
    """Date alone; empty for None."""
    if moment is None:
        return ""
    return str(format_date(local(moment).date() if isinstance(moment, datetime) else moment, "long"))


def age(moment: datetime) -> tuple[str, int]:
    """How long ago in whole minutes, hours or days, for a week; later nothing that changes."""
    passed = datetime.now(UTC) - moment
    if passed < timedelta(minutes=1):
        return "now", 0
    if passed < timedelta(hours=1):
        return "minutes", int(passed.total_seconds() // 60)
    if passed < timedelta(days=1):
        return "hours", int(passed.total_seconds() // 3600)
    if passed < timedelta(days=8):
        return "days", passed.days
    return "long", 0


def ago(moment: datetime) -> str:
    """How long ago, in words, for a week; later the date."""
    match age(moment):
        case "now", _:
            return gettext("just now")
        case "minutes", minutes:
            return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
        case "hours", hours:
            return ngettext("%(num)s hour ago", "%(num)s hours ago", hours)
        case "days", days:
            return ngettext("%(num)s day ago", "%(num)s days ago", days)
        case _:
            return str(format_datetime(moment, "d MMMM y"))


def iso(moment: datetime) -> str:
    """For the `datetime` attribute: ISO 8601 with offset, to the second."""
    return local(moment).isoformat(timespec="seconds")


def size(octets: int) -> str:
    """A file's size in kB or MB (powers of ten), one digit behind the comma at most."""
    if octets < 1_000_000:  # noqa: PLR2004
        return gettext("%(number)s kB", number=format_decimal(max(1, round(octets / 1000))))
    return gettext("%(number)s MB", number=format_decimal(round(octets / 1_000_000, 1)))


def local(moment: datetime) -> datetime:
    """The same instant on Kazakhstan's clocks."""
    return moment.astimezone(ZONE)


def from_local(written: datetime | None) -> datetime | None:
    """The instant (UTC) of a time that was written without a zone, as clocks in Kazakhstan show it."""
    return None if written is None else written.replace(tzinfo=ZONE).astimezone(UTC)
