"""Rules of input from other channels, and files of it."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.domain.channel_files import FILE_LARGEST, HEADERS, Encoding, read_items, template
from consult.domain.channels import (
    ENTRY_AFTER_CLOSING,
    ITEMS_MOST,
    Written,
    channel,
    check_entry,
    check_received,
    check_total,
    control_total,
    correction_reason,
    item,
    originals,
    public_name,
    twins,
)
from consult.domain.consultations import Stage, Timetable
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.profile import AgeBand, Region

OPENS, CLOSES = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
TIMES = Timetable(OPENS, CLOSES)
MOMENT = timedelta(microseconds=1)
KAZAKH = "Әр көшеге ағаш отырғызу қажет. Өңірдің үні мен һәм іс-әрекеті, ғұмыр."


def why(deed: object, *given: object) -> Reason:
    with pytest.raises(Refused) as refused:
        deed(*given)  # type: ignore[operator]
    return refused.value.reason


def test_an_item_is_checked_field_by_field() -> None:
    found = item(Written(" 2 ", "  Two trees. ", "EN", "kz-75", "60+", " Сәуле  Ким "), {1, 2})
    assert (found.question, found.body, found.language) == (2, "Two trees.", Language.EN)
    assert (found.region, found.age_band, found.name) == (Region.ALMATY, AgeBand.FROM_60, "Сәуле Ким")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (Written("3", "Words"), Reason.ITEM_QUESTION_UNKNOWN),
        (Written("²", "Words"), Reason.ITEM_QUESTION_UNKNOWN),
        (Written("1" * 4_400, "Words"), Reason.ITEM_QUESTION_UNKNOWN),
        (Written("", "Words"), Reason.ITEM_QUESTION_UNKNOWN),
        (Written("1", " \u200b "), Reason.COMMENT_EMPTY),
        (Written("1", "a" * 5_001), Reason.COMMENT_TOO_LONG),
        (Written("1", "Words", "de"), Reason.ITEM_LANGUAGE_UNKNOWN),
        (Written("1", "Words", "", "Almaty"), Reason.ITEM_REGION_UNKNOWN),
        (Written("1", "Words", "", "", "61"), Reason.ITEM_AGE_UNKNOWN),
        (Written("1", "Words", name="a@example.kz"), Reason.ITEM_NAME_IS_CONTACT),
        (Written("1", "Words", name="Сәуле, 8 701 222 33 44"), Reason.ITEM_NAME_IS_CONTACT),
        (Written("1", "Words", name="а" * 81), Reason.NAME_TOO_LONG),
        (Written("1", "Words", name="Аdmin"), Reason.NAME_MISLEADING),
    ],
)
def test_an_item_that_breaks_a_rule_is_refused(written: Written, reason: Reason) -> None:
    assert why(item, written, {1, 2}) is reason


def test_nobody_needs_to_be_named() -> None:
    assert public_name(" \u200b ") == ""


def test_input_is_entered_from_the_opening_until_some_days_after_the_closing() -> None:
    last = CLOSES + ENTRY_AFTER_CLOSING
    assert check_entry(Stage.PUBLISHED, TIMES, OPENS) == TIMES
    assert check_entry(Stage.PUBLISHED, TIMES, last - MOMENT) == TIMES
    assert why(check_entry, Stage.PUBLISHED, TIMES, last) is Reason.ENTRY_OVER
    assert why(check_entry, Stage.PUBLISHED, TIMES, OPENS - MOMENT) is Reason.CONSULTATION_NOT_OPEN
    assert why(check_entry, Stage.DRAFT, None, OPENS) is Reason.CONSULTATION_NOT_OPEN
    assert why(check_entry, Stage.ANSWERED, TIMES, CLOSES) is Reason.STATE_FORBIDS
    assert why(check_entry, Stage.WITHDRAWN, TIMES, OPENS) is Reason.STATE_FORBIDS


def test_the_instant_of_receipt_decides_and_not_that_of_typing() -> None:
    late = CLOSES + timedelta(days=5)
    check_received(TIMES, OPENS, late)
    check_received(TIMES, CLOSES - MOMENT, late)
    assert why(check_received, TIMES, CLOSES, late) is Reason.RECEIVED_OUTSIDE_PERIOD
    assert why(check_received, TIMES, OPENS - MOMENT, late) is Reason.RECEIVED_OUTSIDE_PERIOD
    assert why(check_received, TIMES, OPENS + MOMENT, OPENS) is Reason.RECEIVED_IN_FUTURE


def test_both_numbers_are_named_where_they_differ() -> None:
    check_total(3, 3)
    with pytest.raises(Refused) as refused:
        check_total(3, 2)
    assert refused.value.details == {"announced": 3, "entered": 2}


def test_what_is_said_of_a_batch_is_checked() -> None:
    assert channel("meeting").value == "meeting"
    assert why(channel, "web") is Reason.CHANNEL_UNKNOWN
    assert control_total(ITEMS_MOST) == ITEMS_MOST
    assert why(control_total, 0) is Reason.TOTAL_IMPOSSIBLE
    assert why(control_total, ITEMS_MOST + 1) is Reason.TOTAL_IMPOSSIBLE
    assert originals(" File 12 ") == "File 12"
    assert why(originals, " ") is Reason.ORIGINALS_MISSING
    assert why(originals, "a" * 301) is Reason.TEXT_TOO_LONG
    assert why(correction_reason, "") is Reason.REASON_MISSING
    assert why(correction_reason, "a" * 501) is Reason.TEXT_TOO_LONG


def test_twins_differ_in_capitals_and_white_space_at_most() -> None:
    assert twins([(1, "More trees"), (2, "More  TREES\n"), (4, "Fewer trees"), (7, "more trees")]) == {
        2: 1,
        7: 1,
    }


@pytest.mark.parametrize("language", Language)
def test_the_empty_file_of_each_language_can_be_filled_and_read(language: Language) -> None:
    delimiter = "," if language is Language.EN else ";"
    row = delimiter.join(["1", f'"{KAZAKH}"', "kk", "KZ-10", "18-29", ""])
    read = read_items(template(language) + row.encode(), {1})
    assert read.faults == ()
    assert [(line, one.body, one.region) for line, one in read.items] == [(2, KAZAKH, Region.ABAI)]


def test_the_columns_come_in_any_order_and_may_be_left_out() -> None:
    read = read_items(b"Text;QUESTION\r\n\r\nMore trees;1\r\n;\r\n", {1})
    assert [(line, one.body) for line, one in read.items] == [(3, "More trees")]


def test_words_with_line_ends_quotes_and_formulas_stay_as_they_are() -> None:
    content = b'question,text\n1,"=HYPERLINK(""http://x"")\nsecond line"\n1,+1 for trees\n'
    read = read_items(content, {1})
    assert [(line, one.body) for line, one in read.items] == [
        (2, '=HYPERLINK("http://x")\nsecond line'),
        (4, "+1 for trees"),
    ]


def test_russian_in_windows_1251_is_read_and_named_as_such() -> None:
    read = read_items("вопрос;текст\n1;Больше деревьев, пожалуйста\n".encode("cp1251"), {1})
    assert read.encoding is Encoding.CP1251
    assert read.items[0][1].body == "Больше деревьев, пожалуйста"


def test_every_broken_line_is_named_with_its_reason() -> None:
    content = "question,text,name\n9,Trees,\n1,,\n1,Trees\n1,Trees,a@b.kz\n1,Trees,Ким\n"
    read = read_items(content.encode(), {1})
    assert [(fault.line, fault.refused.reason) for fault in read.faults] == [
        (2, Reason.ITEM_QUESTION_UNKNOWN),
        (3, Reason.COMMENT_EMPTY),
        (4, Reason.ITEM_FILE_CELLS),
        (5, Reason.ITEM_NAME_IS_CONTACT),
    ]


HOSTILE = [
    (b"", Reason.ITEM_FILE_COLUMN_MISSING),
    (b"\xef\xbb\xbf", Reason.ITEM_FILE_COLUMN_MISSING),
    (b"question,text\n", Reason.ITEM_FILE_EMPTY),
    (b"question\n1\n", Reason.ITEM_FILE_COLUMN_MISSING),
    (b"question,text,email\n1,Trees,a@b.kz\n", Reason.ITEM_FILE_COLUMN_UNKNOWN),
    (b"question,text,text\n1,a,b\n", Reason.ITEM_FILE_COLUMN_TWICE),
    ("question,text\n1,Trees\n".encode("utf-16"), Reason.ITEM_FILE_NOT_TEXT),
    (b"PK\x03\x04\x00\x00", Reason.ITEM_FILE_NOT_TEXT),
    (b"question,text\n1,\x98\xff\n", Reason.ITEM_FILE_NOT_TEXT),
    (b'question,text\n1,"Trees\n', Reason.ITEM_FILE_QUOTES),
    (b'question,text\n1,"Trees" and more\n', Reason.ITEM_FILE_QUOTES),
    (b"question,text\n1," + b"a" * 200_000 + b"\n", Reason.ITEM_FILE_QUOTES),
    (b"question,text\n" + b"1,Trees\n" * (ITEMS_MOST + 1), Reason.ITEM_FILE_TOO_MANY),
    (b"a" * (FILE_LARGEST + 1), Reason.ITEM_FILE_TOO_LARGE),
    (b"," * 1_000_000, Reason.ITEM_FILE_COLUMN_MISSING),
]


@pytest.mark.parametrize(("content", "reason"), HOSTILE)
def test_a_file_that_cannot_be_used_is_refused_whole(content: bytes, reason: Reason) -> None:
    assert why(read_items, content, {1}) is reason


def test_the_columns_of_all_languages_are_different_words() -> None:
    names = [name for names in HEADERS.values() for name in names]
    assert len(set(names)) == len(names) == 18
