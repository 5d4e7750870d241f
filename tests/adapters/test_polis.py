"""Pol.is exports: every form that exists is read, and a broken row is named with its line."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from consult.adapters.polis import PolisConversation, read_conversation
from consult.domain.errors import Reason, Refused
from tests.support.polis import COMMENTS, MATRIX, NAMES, REAL, VOTES, WHY_SKIPPED, write_export


def choices(conversation: PolisConversation) -> dict[tuple[str, str], int]:
    return {(vote.participant, vote.comment): vote.choice for vote in conversation.votes}


EXPECTED = {
    ("10", "0"): 1, ("11", "0"): 1, ("12", "0"): -1, ("11", "1"): 1, ("12", "1"): 0,
    ("10", "2"): -1, ("12", "3"): 1,
}  # fmt: skip


def test_the_last_vote_counts_and_times_are_milliseconds(tmp_path: Path) -> None:
    read = read_conversation(write_export(tmp_path))
    assert choices(read) == EXPECTED
    assert (read.events, read.has_events, read.participants) == (8, True, ("10", "11", "12"))
    assert (read.topic, read.url, read.description) == ("Trees", "https://example.org/1", "About trees")
    assert [one.moderated for one in read.comments] == [1, 1, -1, 0]
    assert read.comments[1].body == "Two\nlines, with a comma."
    assert read.comments[0].submitted_at.isoformat() == "2023-11-14T22:13:20+00:00"


def test_seconds_gzip_and_the_matrix_alone_tell_the_same(tmp_path: Path) -> None:
    plain = read_conversation(write_export(tmp_path / "plain"))
    zipped = read_conversation(write_export(tmp_path / "zipped", ["votes.csv", "comments.csv"]))
    assert zipped == plain
    seconds = [
        COMMENTS[0],
        *((int(row[0]) // 1000, *row[1:]) for row in COMMENTS[1:]),  # type: ignore[call-overload]
    ]
    assert read_conversation(write_export(tmp_path / "seconds", comments=seconds)).comments == plain.comments
    alone = read_conversation(write_export(tmp_path / "alone", votes=None))
    assert choices(alone) == EXPECTED
    assert not alone.has_events
    assert {vote.cast_at for vote in alone.votes} == {None}


def test_signs_are_turned_round_where_the_counts_say_so(tmp_path: Path) -> None:
    turned = [VOTES[0], *((*row[:4], -int(str(row[4]))) for row in VOTES[1:])]
    read = read_conversation(write_export(tmp_path, votes=turned))
    assert read.is_turned
    assert choices(read) == EXPECTED


def test_the_single_votes_alone_tell_the_same(tmp_path: Path) -> None:
    both = read_conversation(write_export(tmp_path / "both"))
    alone = read_conversation(write_export(tmp_path / "alone", ["votes.csv"], matrix=None))
    assert choices(alone) == choices(both)
    assert sorted(alone.participants) == sorted(both.participants)
    assert (alone.comments, alone.events, alone.has_events) == (both.comments, both.events, True)
    assert not alone.is_turned


def test_signs_of_single_votes_alone_are_held_against_the_counts_of_the_comments(tmp_path: Path) -> None:
    # Agreed with five times and disagreed with three: the first vote on comment 0 was changed later.
    comments = [
        COMMENTS[0],
        *((*row[:4], *sides, *row[6:]) for row, sides in zip(COMMENTS[1:], SIDES, strict=True)),
    ]
    turned = [VOTES[0], *((*row[:4], -int(str(row[4]))) for row in VOTES[1:])]
    read = read_conversation(write_export(tmp_path / "turned", comments=comments, votes=turned, matrix=None))
    assert read.is_turned
    assert choices(read) == EXPECTED
    without = [(*row[:4], *row[6:]) for row in comments]
    read = read_conversation(write_export(tmp_path / "untold", comments=without, votes=turned, matrix=None))
    assert not read.is_turned


SIDES = ((2, 2), (1, 0), (0, 1), (1, 0))

BROKEN: dict[str, tuple[str, Sequence[Sequence[object]], int, str]] = {
    "a choice that is none": ("votes", [*VOTES[:3], (1_700_000_000_000, "", 0, 11, 7)], 4, "vote"),
    "an unknown comment": ("votes", [*VOTES[:2], (1_700_000_000_000, "", 88, 11, 1)], 3, "comment-id"),
    "a time that is none": ("votes", [VOTES[0], ("soon", "", 0, 11, 1)], 2, "timestamp"),
    "a time without end": ("votes", [VOTES[0], ("inf", "", 0, 11, 1)], 2, "timestamp"),
    "a time that is not a number": ("votes", [VOTES[0], ("nan", "", 0, 11, 1)], 2, "timestamp"),
    "a cell too few": ("votes", [VOTES[0], (1_700_000_000_000, "", 0, 11)], 2, "vote"),
    "a column too few": ("votes", [("timestamp", "comment-id", "voter-id")], 1, "vote"),
    "an empty file": ("votes", [], 1, "timestamp"),
    "a comment told twice": ("comments", [*COMMENTS, COMMENTS[1]], 7, "comment-id"),
    "a moderation that is none": ("comments", [COMMENTS[0], (*COMMENTS[1][:6], 5, "")], 2, "moderated"),
    "a line behind a body of two": (
        "comments",
        [*COMMENTS[:3], (1, "", 9, "", 0, 0, 1, "x")],
        5,
        "author-id",
    ),
    "a participant told twice": ("matrix", [*MATRIX, MATRIX[1]], 5, "participant"),
    "a cell that is no choice": ("matrix", [MATRIX[0], (*MATRIX[1][:6], 3, "", "", "")], 2, "0"),
    "a column of no comment": ("matrix", [(*MATRIX[0], 77), (*MATRIX[1], "")], 1, "77"),
    "a number of a comment that is too long": (
        "comments",
        [*COMMENTS, (1_700_000_000_000, "", "7" * 51, 10, 0, 0, 1, "x")],
        7,
        "comment-id",
    ),
    "a column told twice": ("votes", [("timestamp", "vote", "comment-id", "voter-id", "vote")], 1, "vote"),
    "a comment that has two columns": ("matrix", [(*MATRIX[0], 3), (*MATRIX[1], 1)], 1, "3"),
    "a count of a comment that is none": (
        "comments",
        [COMMENTS[0], (*COMMENTS[1][:4], "many", *COMMENTS[1][5:])],
        2,
        "agrees",
    ),
    "a number that is none": ("matrix", [MATRIX[0], (10, 0, 0, 0, "x", 0, 1, "", "", "")], 2, "n-agree"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_row_is_named_with_its_line(tmp_path: Path, what: str) -> None:
    file, rows, line, column = BROKEN[what]
    with pytest.raises(Refused) as refused:
        read_conversation(write_export(tmp_path, (), **{file: rows}))
    assert refused.value.reason is Reason.IMPORT_ROW_BROKEN
    assert (refused.value.details["line"], refused.value.details["column"]) == (line, column)


@pytest.mark.parametrize(
    ("lacking", "named"),
    [(["comments"], "comments.csv"), (["votes", "matrix"], "participants-votes.csv")],
)
def test_a_folder_that_lacks_what_is_needed_is_refused(
    tmp_path: Path, lacking: list[str], named: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_conversation(write_export(tmp_path, (), **dict.fromkeys(lacking)))
    assert (refused.value.reason, refused.value.details["file"]) == (Reason.IMPORT_FILE_MISSING, named)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "nowhere", tmp_path):
        with pytest.raises(Refused) as refused:
            read_conversation(path)
        assert refused.value.reason is Reason.IMPORT_FILE_MISSING


@pytest.mark.parametrize("name", ["votes.csv", "votes.csv.gz"])
def test_a_folder_or_a_link_to_nothing_in_place_of_a_file_is_not_passed_over(
    tmp_path: Path, name: str
) -> None:
    for place, make in (("folder", Path.mkdir), ("link", lambda path: path.symlink_to("nothing"))):
        folder = write_export(tmp_path / place, votes=None)
        make(folder / name)
        with pytest.raises(Refused) as refused:
            read_conversation(folder)
        assert refused.value.reason is Reason.IMPORT_FILE_UNREADABLE


def test_byte_order_marks_and_all_line_ends_are_read(tmp_path: Path) -> None:
    plain = read_conversation(write_export(tmp_path / "plain"))
    for number, (mark, ends) in enumerate([(b"\xef\xbb\xbf", b"\r\n"), (b"", b"\n"), (b"", b"\r")]):
        folder = write_export(tmp_path / str(number))
        for name in ("votes.csv", "participants-votes.csv"):
            written = (folder / name).read_bytes()
            (folder / name).write_bytes(mark + written.replace(b"\r\n", ends))
        assert choices(read_conversation(folder)) == choices(plain)


def test_times_of_single_votes_may_be_seconds_too(tmp_path: Path) -> None:
    plain = read_conversation(write_export(tmp_path / "plain"))
    seconds = [VOTES[0], *((int(str(row[0])) // 1000, *row[1:]) for row in VOTES[1:])]
    assert read_conversation(write_export(tmp_path / "seconds", votes=seconds)).votes == plain.votes


def test_a_cell_without_end_is_named_with_its_line(tmp_path: Path) -> None:
    for number, cell in enumerate(["x" * 1_000_001, '"']):
        folder = write_export(tmp_path / str(number))
        with (folder / "votes.csv").open("a", newline="") as file:
            file.write(f'1700000000000,"{cell}",0,10,1\r\n')
        with pytest.raises(Refused) as refused:
            read_conversation(folder)
        assert (refused.value.reason, refused.value.details["line"]) == (Reason.IMPORT_ROW_BROKEN, 10)


WHOLE = gzip.compress(b"timestamp,comment-id,voter-id,vote\r\n" + bytes(1000), mtime=0)


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b broken", WHOLE[:-9], WHOLE[:12], WHOLE + b"behind", b"timestamp\xff\xfe", b"\xed\xa0\x80"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    write_export(tmp_path, votes=None)
    (tmp_path / ("votes.csv.gz" if content[0] == 0x1F else "votes.csv")).write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_conversation(tmp_path)
    assert refused.value.reason is Reason.IMPORT_FILE_UNREADABLE


@pytest.mark.shared_data
@pytest.mark.skipif(not NAMES, reason=WHY_SKIPPED)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_export_is_read_completely(name: str) -> None:
    read = read_conversation(REAL / name)
    assert not read.is_turned
    assert len(read.votes) == len(choices(read)) <= read.events
    assert {vote.participant for vote in read.votes} <= set(read.participants)
