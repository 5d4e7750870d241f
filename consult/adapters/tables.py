"""Tables as files: CSV whose cells no spreadsheet takes for a formula, and JSON Lines with untouched text.

Other formats follow; both here stream, so their memory does not grow with the rows.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from consult.domain.errors import Reason, Refused
from consult.domain.exports import Cell, Column, Kind, Row

MARK = "'"
"""Put before a text cell that a spreadsheet could read as a formula, and before one that begins with it."""
DELIMITERS = {",": ",", ";": ";", "\t": "\t", "\\t": "\t", "tab": "\t"}
"""As people write them on a command line, and what they mean."""
FORMATS = ("csv", "jsonl")
FORMULA_CELLS = {
    "mark": MARK,
    "rule": (
        "A text cell begins with the mark where the first character of the text after any white space is "
        "= + - @, tab, carriage return, a full-width = + - @, or the mark itself. "
        "Numbers and dates carry no mark."
    ),
    "restore": "Take one mark away from the beginning of every text cell that begins with it.",
}
"""How a reader of the manifest gets the untouched text back."""
_AT_ONCE = 250

_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\t\r") + "\u200b\ufeff"
_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
_MARKED = re.compile(f"[{re.escape(_BLANKS)}]*[{re.escape(_STARTS + MARK)}]")
_QUOTED = re.compile(r'[",;\t\r\n\0]')


def neutralised(text: str) -> str:
    """The text with `MARK` before it where a spreadsheet could run it, or where it already begins with one.

    That is decided by the first character after any white space: `= + - @`, tab, carriage return, the
    full-width forms of the four signs, or the mark. `restored` is the inverse.
    """
    return MARK + text if _MARKED.match(text) else text


def restored(cell: str) -> str:
    """The text that `neutralised` made the cell from."""
    return cell.removeprefix(MARK)


class Sink(Protocol):
    """Where bytes go."""

    def write(self, part: bytes, /) -> object: ...


class TableFormat(Protocol):
    """How a table becomes bytes.

    `resource` and `package` are what the manifest says of it, for each file and for the whole.
    """

    @property
    def extension(self) -> str: ...
    @property
    def resource(self) -> Mapping[str, object]: ...
    @property
    def package(self) -> Mapping[str, object]: ...
    def write(self, columns: Sequence[tuple[Column, Kind]], rows: Iterable[Row], sink: Sink) -> int:
        """Write the rows; the number of them is answered."""
        ...


@dataclass(frozen=True)
class Csv:
    """RFC 4180: CRLF, UTF-8, quotes doubled. A cell that holds any known delimiter is quoted.

    Spreadsheets that split at several delimiters at once find a formula in no part of a cell then. NUL, which
    ends the text for many readers, becomes U+FFFD: the only change that cannot be undone.
    """

    delimiter: str = ","
    bom: bool = False
    extension: str = "csv"

    @property
    def resource(self) -> Mapping[str, object]:
        dialect = {
            "delimiter": self.delimiter,
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        }
        return {
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig" if self.bom else "utf-8",
            "dialect": dialect,
        }

    @property
    def package(self) -> Mapping[str, object]:
        return {"formula_cells": FORMULA_CELLS}

    def write(self, columns: Sequence[tuple[Column, Kind]], rows: Iterable[Row], sink: Sink) -> int:
        encoders = [_text if kind is Kind.STRING else _plain for _, kind in columns]
        sink.write(("\ufeff" if self.bom else "").encode())
        sink.write(self._lines([tuple(column.name for column, _ in columns)]))
        return _write_in_batches(lambda batch: self._lines(_encoded(encoders, batch)), rows, sink)

    def _lines(self, rows: Iterable[tuple[str, ...]]) -> bytes:
        return "".join([self.delimiter.join(row) + "\r\n" for row in rows]).encode()


def _encoded(encoders: Sequence[Callable[[Cell], str]], rows: list[Row]) -> Iterator[tuple[str, ...]]:
    """The rows with every cell encoded; column by column, which costs a third of cell by cell."""
    columns = zip(*rows, strict=True)
    return zip(
        *(_column(encode, cells) for encode, cells in zip(encoders, columns, strict=True)), strict=True
    )


def _column(encode: Callable[[Cell], str], cells: Row) -> Iterable[str]:
    is_empty = cells.count(None) == len(cells)
    return [""] * len(cells) if is_empty else map(encode, cells)


def _text(cell: Cell) -> str:
    if not cell:
        return ""
    text = neutralised(str(cell))
    if not _QUOTED.search(text):
        return text
    return '"' + text.replace("\0", "\ufffd").replace('"', '""') + '"'


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@dataclass(frozen=True)
class JsonLines:
    """One JSON object a line, UTF-8, LF; text as it is kept, unknown as null."""

    extension: str = "jsonl"

    @property
    def resource(self) -> Mapping[str, object]:
        return {
            "format": "jsonl",
            "mediatype": "application/jsonl",
            "encoding": "utf-8",
            "dialect": {"json": {"keyed": True}},
        }

    @property
    def package(self) -> Mapping[str, object]:
        return {}

    def write(self, columns: Sequence[tuple[Column, Kind]], rows: Iterable[Row], sink: Sink) -> int:
        names = [column.name for column, _ in columns]
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode

        def lines(batch: list[Row]) -> bytes:
            return "".join([encode(dict(zip(names, row, strict=True))) + "\n" for row in batch]).encode()

        return _write_in_batches(lines, rows, sink)


def _write_in_batches(lines: Callable[[list[Row]], bytes], rows: Iterable[Row], sink: Sink) -> int:
    count, source = 0, iter(rows)
    while batch := list(islice(source, _AT_ONCE)):
        sink.write(lines(batch))
        count += len(batch)
    return count


def table_format(code: str, *, bom: bool = False, delimiter: str = ",") -> TableFormat:
    """The format of a code; `bom` and `delimiter` are for CSV alone.

    Raises:
        Refused: FORMAT_UNKNOWN, DELIMITER_INVALID; both with what is `known`.
    """
    if code == "jsonl":
        return JsonLines()
    if code != "csv":
        raise Refused(Reason.FORMAT_UNKNOWN, format=code[:20], known=", ".join(FORMATS))
    if delimiter not in DELIMITERS:
        raise Refused(Reason.DELIMITER_INVALID, delimiter=delimiter[:20], known=", ; tab")
    return Csv(DELIMITERS[delimiter], bom)
