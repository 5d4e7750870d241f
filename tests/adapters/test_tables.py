import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.adapters.spill import in_order
from consult.adapters.tables import Csv, JsonLines, TableFormat, neutralised, restored, table_format
from consult.domain.errors import Reason, Refused
from consult.domain.exports import Column, Kind, Row

TEXT, NUMBER, DAY, INSTANT = (
    (Column(kind.value, kind, ""), kind) for kind in (Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.DATETIME)
)
SIGNS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20'"
texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(SIGNS + ' \u00a0\u3000",;\n'))
)


def written(form: TableFormat, rows: Iterable[Row], *columns: tuple[Column, Kind]) -> bytes:
    sink = io.BytesIO()
    form.write(columns, rows, sink)
    return sink.getvalue()


def cells(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter, strict=True))


@given(texts)
def test_a_neutralised_cell_gives_its_text_back(text: str) -> None:
    assert restored(neutralised(text)) == text


@given(st.text(" \u00a0\u3000\u2003\n\u200b"), st.sampled_from("=+-@\t\r\uff1d\uff0b\uff0d\uff20"), texts)
def test_no_cell_begins_as_a_formula_after_any_white_space(blanks: str, sign: str, rest: str) -> None:
    assert neutralised(blanks + sign + rest) == f"'{blanks}{sign}{rest}"


@pytest.mark.parametrize("text", ["", "hello", " hello", "a=1", "1+1", "\u2014 a dash", "Қазақ", "(=1)"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize("text", ["'", "'=1", " 'quoted'", "''"])
def test_a_text_that_begins_with_the_mark_gets_one_more(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@given(st.lists(st.tuples(texts, texts)), st.sampled_from([",", ";", "\t"]))
def test_any_text_comes_back_from_csv_and_only_nul_is_lost(
    rows: list[tuple[str, str]], delimiter: str
) -> None:
    content = written(Csv(delimiter), rows, TEXT, TEXT)
    read = [tuple(map(restored, row)) for row in cells(content, delimiter)[1:]]
    assert read == [tuple(text.replace("\0", "\ufffd") for text in row) for row in rows]


@given(st.lists(st.tuples(texts)))
def test_json_lines_carry_the_untouched_text(rows: list[tuple[str]]) -> None:
    content = written(JsonLines(), rows, TEXT)
    lines = content.decode().split("\n")[:-1]
    assert [(json.loads(line)["string"],) for line in lines] == rows


def test_numbers_dates_and_the_unknown_carry_no_mark() -> None:
    east = datetime(2024, 3, 1, 5, tzinfo=timezone(timedelta(hours=5)))
    rows: list[Row] = [("-1", -1, date(2024, 3, 1), east), (None, None, None, None), ("", 0, None, None)]
    content = written(Csv(), rows, TEXT, NUMBER, DAY, INSTANT)
    assert content == (
        b"string,integer,date,datetime\r\n'-1,-1,2024-03-01,2024-03-01T05:00:00+05:00\r\n,,,\r\n,0,,\r\n"
    )


def test_lines_end_with_crlf_and_quotes_are_doubled() -> None:
    assert (
        written(Csv(), [('say "no"',), ("two\nlines",)], TEXT)
        == b'string\r\n"say ""no"""\r\n"two\nlines"\r\n'
    )


def test_a_cell_with_another_delimiter_is_quoted_too() -> None:
    """Else a spreadsheet that splits at commas, semicolons and tabs at once finds `=1` in its own cell."""
    assert written(Csv(), [("a;=1",), ("a\t=1",)], TEXT) == b'string\r\n"a;=1"\r\n"a\t=1"\r\n'


def test_the_byte_order_mark_comes_once_and_first() -> None:
    content = written(Csv(bom=True), [("текст",)], TEXT)
    assert content.startswith(b"\xef\xbb\xbfstring")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert Csv(bom=True).resource["encoding"] == "utf-8-sig"


def test_json_lines_write_dates_as_text_and_unknown_as_null() -> None:
    content = written(JsonLines(), [(datetime(2024, 3, 1, tzinfo=UTC), None)], INSTANT, NUMBER)
    assert content == b'{"datetime":"2024-03-01T00:00:00+00:00","integer":null}\n'


@pytest.mark.parametrize("code", ["xlsx", "parquet", "", "CSV"])
def test_a_format_that_is_not_there_is_refused_with_those_that_are(code: str) -> None:
    with pytest.raises(Refused) as refusal:
        table_format(code)
    assert refusal.value.reason is Reason.FORMAT_UNKNOWN
    assert refusal.value.details["known"] == "csv, jsonl"


@pytest.mark.parametrize("delimiter", ["", "|", ",,", '"', "\n"])
def test_a_delimiter_that_readers_do_not_expect_is_refused(delimiter: str) -> None:
    with pytest.raises(Refused) as refusal:
        table_format("csv", delimiter=delimiter)
    assert refusal.value.reason is Reason.DELIMITER_INVALID


@pytest.mark.parametrize("written_as", ["\t", "\\t", "tab"])
def test_a_tab_can_be_written_out_on_a_command_line(written_as: str) -> None:
    assert table_format("csv", delimiter=written_as) == Csv("\t")


@given(st.lists(st.integers()), st.integers(1, 5))
def test_sorting_through_the_disk_sorts(numbers: list[int], at_once: int) -> None:
    assert list(in_order(numbers, key=lambda number: number, at_once=at_once)) == sorted(numbers)
