"""How busy a consultation is, as files for spreadsheets."""

from collections.abc import Iterable
from io import BytesIO

from consult.adapters.tables import Csv
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.exports import Column, Kind, Row
from consult.queries.activity import ConsultationActivity

_TABLES = {
    "activity": ("first_day", "comments", "votes"),
    "questions": ("number", "question", *(state.value for state in CommentState), "votes"),
}
_WORDS = {"first_day": Kind.DATE, "question": Kind.STRING}


def table(name: str, found: ConsultationActivity) -> bytes:
    """A table as CSV for spreadsheets: UTF-8 with a mark, words that run nothing.

    Raises:
        Refused: NOT_FOUND for a name that is none.
    """
    if name not in _TABLES:
        raise Refused(Reason.NOT_FOUND)
    columns = [Column(each, _WORDS.get(each, Kind.INTEGER), "") for each in _TABLES[name]]
    out = BytesIO()
    rows = _by_time(found) if name == "activity" else _by_question(found)
    Csv(bom=True).write([(column, column.kind) for column in columns], rows, out)
    return out.getvalue()


def _by_time(found: ConsultationActivity) -> Iterable[Row]:
    for period in found.by_time.periods:
        yield (period.first, period.comments, period.votes)


def _by_question(found: ConsultationActivity) -> Iterable[Row]:
    for one in found.by_question:
        counts = (one.comments.get(state, 0) for state in CommentState)
        yield (one.card.number, one.card.text.text, *counts, one.votes)
