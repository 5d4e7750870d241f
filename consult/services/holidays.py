"""Setting and removing days of the calendar by which working days are counted."""

from collections.abc import Iterable
from datetime import date

from consult.domain.audit import Act, Entry, Thing
from consult.domain.holidays import Holiday, checked_holiday, read_holidays
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.models.base import db, transaction
from consult.models.holidays import Holiday as Row
from consult.services import audit


def set_holiday(actor: Actor, holiday: Holiday) -> None:
    """Say of a day that it is off or worked; what the table said of it before is replaced.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, DATE_OUT_OF_RANGE, TEXT_TOO_LONG.
    """
    require(actor, may_manage_settings)
    kept = checked_holiday(holiday)
    with transaction():
        _put([kept])
        detail: dict[str, object] = {"day": kept.day.isoformat(), "is_working": kept.is_working}
        audit.record(actor, Entry(Act.HOLIDAY_SET, Thing.INSTALLATION, None, detail=detail))


def import_holidays(actor: Actor, text: str) -> int:
    """Take over the days of a CSV file, all or none; answers how many they are.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, and as `read_holidays`.
    """
    require(actor, may_manage_settings)
    holidays = read_holidays(text)
    with transaction():
        _put(holidays)
        days = [each.day.isoformat() for each in holidays]
        audit.record(actor, Entry(Act.HOLIDAY_SET, Thing.INSTALLATION, None, detail={"days": days}))
    return len(holidays)


def _put(holidays: Iterable[Holiday]) -> None:
    for each in holidays:
        names = {f"name_{language.value}": each.names.get(language, "") for language in Language}
        db.session.merge(Row(day=each.day, is_working=each.is_working, **names))


def remove_holiday(actor: Actor, day: date) -> None:
    """Let the rules decide about a day again; a day that the table does not name stays as it is.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(actor, may_manage_settings)
    with transaction():
        row = db.session.get(Row, day)
        if row is not None:
            db.session.delete(row)
            detail: dict[str, object] = {"day": day.isoformat()}
            audit.record(actor, Entry(Act.HOLIDAY_REMOVED, Thing.INSTALLATION, None, detail=detail))
