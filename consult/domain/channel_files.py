"""Files of items: CSV as spreadsheets write it, read line by line, every broken line named."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from consult.domain.channels import ITEMS_MOST, Item, Written, item
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language

CELL_LONGEST = 100_000
"""Letters; a longer one is the rest of a file after a quote that was never closed."""
FILE_LARGEST = 2_000_000
"""Octets; the longest comments a batch can hold would fill more, and nobody types those."""
FAULTS_SHOWN = 100
"""Broken lines that are named; who has more will want to look at the whole file."""
DELIMITERS = ",;"


class Field(StrEnum):
    """The columns of a file, by their English names."""

    QUESTION = "question"
    TEXT = "text"
    LANGUAGE = "language"
    REGION = "region"
    AGE_BAND = "age_band"
    NAME = "name"


REQUIRED = (Field.QUESTION, Field.TEXT)
HEADERS: Mapping[Language, tuple[str, ...]] = {
    Language.KK: ("сұрақ", "мәтін", "тіл", "өңір", "жас", "есім"),
    Language.RU: ("вопрос", "текст", "язык", "регион", "возраст", "имя"),
    Language.EN: tuple(Field),
}
"""Names of the columns in each language, in the order of `Field`; a file may use any of them."""
_FIELDS = {name: column for names in HEADERS.values() for name, column in zip(names, Field, strict=True)}


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    CP1251 = "windows-1251"


@dataclass(frozen=True)
class Fault:
    """A line, counted from 1 with the header, that cannot be used, and why."""

    line: int
    refused: Refused


@dataclass(frozen=True)
class ItemFile:
    """What a file holds: the items with their lines, or the faults; it is used only without any."""

    encoding: Encoding
    items: tuple[tuple[int, Item], ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def read_items(content: bytes, numbers: Collection[int]) -> ItemFile:
    """Read a file; `numbers` are those of the consultation's questions.

    Raises:
        Refused: ITEM_FILE_TOO_LARGE, ITEM_FILE_NOT_TEXT, ITEM_FILE_COLUMN_MISSING, ITEM_FILE_COLUMN_UNKNOWN,
            ITEM_FILE_COLUMN_TWICE, each with the column; ITEM_FILE_EMPTY, ITEM_FILE_TOO_MANY.
    """
    if len(content) > FILE_LARGEST:
        raise Refused(Reason.ITEM_FILE_TOO_LARGE, limit=FILE_LARGEST)
    text, encoding = _decoded(content)
    rows = _rows(text)
    columns = _columns(next(rows, (0, ()))[1])
    items: list[tuple[int, Item]] = []
    faults: list[Fault] = []
    for line, cells in rows:
        if len(items) + len(faults) >= ITEMS_MOST:
            raise Refused(Reason.ITEM_FILE_TOO_MANY, limit=ITEMS_MOST)
        try:
            items.append((line, item(_written(columns, cells), numbers)))
        except Refused as refused:
            faults.append(Fault(line, refused))
    if not items and not faults:
        raise Refused(Reason.ITEM_FILE_EMPTY)
    return ItemFile(encoding, tuple(items), tuple(faults[:FAULTS_SHOWN]))


def template(language: Language) -> bytes:
    """An empty file with the header in a language; Kazakh and Russian spreadsheets divide by semicolons."""
    delimiter = "," if language is Language.EN else ";"
    return f"\ufeff{delimiter.join(HEADERS[language])}\r\n".encode()


def _decoded(content: bytes) -> tuple[str, Encoding]:
    """UTF-8 where it is that, else Windows-1251; a file with NUL is none of a text editor or spreadsheet."""
    if b"\0" in content:
        raise Refused(Reason.ITEM_FILE_NOT_TEXT)
    try:
        return content.decode("utf-8-sig"), Encoding.UTF_8
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1251"), Encoding.CP1251
    except UnicodeDecodeError:
        raise Refused(Reason.ITEM_FILE_NOT_TEXT) from None


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that hold anything, each with the line on which it begins; a broken quote ends the reading."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in rows:
            if max(map(len, cells), default=0) > CELL_LONGEST:
                raise Refused(Reason.ITEM_FILE_QUOTES, line=begins)
            if any(map(str.strip, cells)):
                yield begins, cells
            begins = rows.line_num + 1
    except csv.Error:
        raise Refused(Reason.ITEM_FILE_QUOTES, line=begins) from None


def _columns(names: Sequence[str]) -> tuple[Field, ...]:
    found = []
    for name in names:
        column = _FIELDS.get(name.strip().casefold())
        if column is None:
            raise Refused(Reason.ITEM_FILE_COLUMN_UNKNOWN, column=name.strip()[:40])
        if column in found:
            raise Refused(Reason.ITEM_FILE_COLUMN_TWICE, column=name.strip()[:40])
        found.append(column)
    missing = [column.value for column in REQUIRED if column not in found]
    if missing:
        raise Refused(Reason.ITEM_FILE_COLUMN_MISSING, column=missing[0])
    return tuple(found)


def _written(columns: Sequence[Field], cells: Sequence[str]) -> Written:
    """Raises Refused(ITEM_FILE_CELLS) where the line has more or fewer cells than the header."""
    if len(cells) != len(columns):
        raise Refused(Reason.ITEM_FILE_CELLS, expected=len(columns), found=len(cells))
    row = dict(zip(columns, cells, strict=True))
    return Written(
        **{column.value: row.get(column, "") for column in Field},
    )
