"""Results as files: tables that open in a spreadsheet, and the picture of the opinion map."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO

from consult.adapters.map_pictures import png
from consult.adapters.tables import Csv
from consult.domain.errors import Reason, Refused
from consult.domain.exports import Cell, Column, Kind, Row
from consult.domain.map_picture import MapPicture
from consult.domain.opinion import group_letter
from consult.domain.votes import Tally
from consult.queries.opinion_results import OpinionResult
from consult.queries.results import Results

WITHHELD = "withheld"
"""Stands for the categories that are too small to be told apart."""
UNKNOWN = "unknown"
_VOTES = ("agree", "disagree", "pass")

Rows = Callable[[Results, OpinionResult | None], Iterable[Row]]


def table(name: str, results: Results, opinion: OpinionResult | None) -> bytes:
    """A table as CSV for spreadsheets: UTF-8 with a mark, numbers as numbers, words that run nothing.

    Raises:
        Refused: NOT_FOUND for a name that is none.
    """
    if name not in _TABLES:
        raise Refused(Reason.NOT_FOUND)
    names, rows = _TABLES[name]
    columns = [_column(each) for each in names]
    out = BytesIO()
    Csv(bom=True).write([(column, column.kind) for column in columns], rows(results, opinion), out)
    return out.getvalue()


def picture(drawn: MapPicture, caption: Sequence[str]) -> bytes:
    """The opinion map as PNG, with lines of words under it."""
    return png(drawn, caption)


def _column(name: str) -> Column:
    is_number = name in {*_VOTES, "number", "people", "question", "comment_id", "comments", "withheld"}
    return Column(name, Kind.INTEGER if is_number else Kind.STRING, "")


def _questions(results: Results, _opinion: OpinionResult | None) -> Iterable[Row]:
    for one in results.questions:
        held = one.held.value if one.held else None
        words = one.card.text.text
        yield (one.card.number, words, one.card.kind.value, one.card.comment_count, *_votes(one.tally), held)


def _votes_by_category(results: Results, _opinion: OpinionResult | None) -> Iterable[Row]:
    for one in results.questions:
        for split in one.by:
            for category, tally in split.rows:
                yield (one.card.number, split.by.value, category or UNKNOWN, *_votes(tally))
            if split.withheld:
                yield (one.card.number, split.by.value, WITHHELD, *_votes(split.together))


def _people(results: Results, _opinion: OpinionResult | None) -> Iterable[Row]:
    for kind, tables in (("people", results.people), ("comments", results.comments)):
        for split in tables:
            for category, number in split.rows:
                yield (kind, split.by.value, category or UNKNOWN, number)
            if split.withheld:
                yield (kind, split.by.value, WITHHELD, split.together)


def _groups(_results: Results, opinion: OpinionResult | None) -> Iterable[Row]:
    for group in opinion.groups if opinion and opinion.has_groups else ():
        yield (group.letter, group.people)


def _statements(_results: Results, opinion: OpinionResult | None) -> Iterable[Row]:
    if opinion is None:
        return
    lists = {"agreed": opinion.agreed, "opposed": opinion.opposed, "divisive": opinion.divisive}
    lists |= {f"stands for {group_letter(number)}": some for number, some in opinion.standing.items()}
    for name, statements in lists.items():
        for one in statements:
            language = one.language.value if one.language else "und"
            here = (name, one.comment_id, one.question_number, language, one.text)
            yield (*here, "", *_votes(one.tally))
            if opinion.has_groups:
                yield from ((*here, group.letter, *_votes(tally)) for group, tally in one.by_group)


def _votes(tally: Tally | None) -> tuple[Cell, ...]:
    return (None, None, None) if tally is None else (tally.agree, tally.disagree, tally.pass_)


_TABLES: Mapping[str, tuple[tuple[str, ...], Rows]] = {
    "questions": (("question", "text", "kind", "comments", *_VOTES, "not_shown"), _questions),
    "votes": (("question", "by", "category", *_VOTES), _votes_by_category),
    "participants": (("counted", "by", "category", "number"), _people),
    "groups": (("group", "people"), _groups),
    "statements": (
        ("list", "comment_id", "question", "language", "text", "group", *_VOTES),
        _statements,
    ),
}
NAMES = tuple(_TABLES)
"""Names of the tables, as they stand in addresses."""
