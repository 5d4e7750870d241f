"""The public log and figures of moderation as files."""

from collections.abc import Iterable

from consult.adapters.tables import Csv, Sink
from consult.domain.consultations import local_day
from consult.domain.export_tables import SUPPRESSED
from consult.domain.exports import Cell, Column, Kind, Row
from consult.domain.moderation_log import COLUMNS, Line
from consult.domain.moderation_statistics import Cells, Table
from consult.queries.moderation_log import whole_log

TOTAL = "total"
_FIGURES = ("received", "decided", "median_hours", "withheld", "withheld_share", "appeals", "reversed")
_FIGURE_COLUMNS = tuple(Column(name, Kind.STRING, "") for name in ("by", "category", *_FIGURES))


def write_log(consultation_id: int, sink: Sink) -> None:
    """The log of a consultation that everybody may read, as CSV, oldest line first."""
    rows = (_log_row(line) for line in whole_log(consultation_id))
    Csv().write([(column, column.kind) for column in COLUMNS], rows, sink)


def _log_row(line: Line) -> Row:
    return (
        line.id,
        local_day(line.at),
        line.step.value,
        line.rule,
        line.language.value if line.language else None,
        line.appeal_of,
        1 if line.is_undone else 0,
    )


def write_figures(tables: Iterable[Table], sink: Sink) -> None:
    """Tables of figures as one CSV; a cell that is hidden says so in the word that the exports use."""
    rows = [
        (table.dimension.value, category, *_figures(cells))
        for table in tables
        for category, cells in [*((row.category, row.cells) for row in table.rows), (TOTAL, table.total)]
    ]
    Csv().write([(column, column.kind) for column in _FIGURE_COLUMNS], rows, sink)


def _figures(cells: Cells) -> Iterable[Cell]:
    """Hours with one digit, shares with three; both are empty where they stand for too few, or for none."""
    for name in _FIGURES:
        value = getattr(cells, name)
        match name:
            case "median_hours":
                yield "" if value is None else f"{value:.1f}"
            case "withheld_share":
                yield "" if value is None else f"{value:.3f}"
            case _:
                yield SUPPRESSED if value is None else str(value)
