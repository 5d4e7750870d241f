"""`consult import polis` and `consult opinion`: what they print, write and refuse."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Consult, consult  # noqa: F401 - the fixture
from tests.support.polis import VOTES, write_crowd, write_export

PROMISED = {
    "participants", "statements", "votes", "k", "silhouette", "stability", "groups", "consensus",
    "membership_file",
}  # fmt: skip
"""Names that people and scripts rely on."""


@pytest.fixture
def program(consult: Consult) -> Consult:  # noqa: F811
    """The program on a migrated database."""
    consult.done("db", "upgrade")
    return consult


def test_an_import_says_what_it_read_and_that_a_second_changes_nothing(
    program: Consult, tmp_path: Path
) -> None:
    folder = str(write_export(tmp_path / "in"))
    said = program.done("import", "polis", folder, "--consultation", "trees")
    assert "3 participants, 7 current votes (8 in the files)" in said
    assert "nothing has changed" in program.done("import", "polis", folder, "--consultation", "trees")
    document = json.loads(program.done("import", "polis", folder, "--consultation", "trees", "--json"))
    assert (document["slug"], document["is_new"], document["votes"]) == ("trees", False, 7)


def test_a_broken_row_is_one_sentence_with_file_line_and_column(program: Consult, tmp_path: Path) -> None:
    folder = write_export(tmp_path / "in", votes=[*VOTES, ("x", "", 0, 10, 1)])
    ended = program("import", "polis", str(folder), "--consultation", "trees")
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "Line 10 of votes.csv" in said
    assert "timestamp" in said
    assert program.done("consultation", "list", "--json").strip() == "[]"


def test_a_path_that_is_no_folder_is_one_sentence(program: Consult, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "nowhere"):
        ended = program("import", "polis", str(path), "--consultation", "trees")
        assert (ended.returncode, ended.stdout) == (1, b"")
        assert len(ended.stderr.decode().splitlines()) == 1
        assert "comments.csv" in ended.stderr.decode()


def test_groups_are_printed_and_members_written(program: Consult, tmp_path: Path) -> None:
    program.done("import", "polis", str(write_crowd(tmp_path / "in")), "--consultation", "crowd")
    file = tmp_path / "members.csv"
    document = json.loads(program.done("opinion", "crowd", "--json", "--membership", str(file)))
    assert document.keys() >= PROMISED
    assert {*document["consensus"]} == {"agree", "disagree"}
    assert {key for group in document["groups"] for key in group} == {"label", "size", "representative"}
    assert (document["participants"], document["statements"], document["votes"]) == (16, 8, 128)
    assert document["k"] == 2
    assert [group["label"] for group in document["groups"]] == ["A", "B"]
    assert {"comment_id", "side", "score"} == set(document["groups"][0]["representative"][0])
    assert len(document["consensus"]["agree"]) == 1
    assert document["membership_file"] == str(file)
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["participant"] for row in rows] == [str(number) for number in range(16)]
    assert {row["group"] for row in rows if int(row["participant"]) % 2} == {rows[1]["group"]}
    assert "Nobody has voted since" in program.done("opinion", "crowd")


def test_too_few_voters_are_said_in_one_sentence(program: Consult, tmp_path: Path) -> None:
    program.done("import", "polis", str(write_export(tmp_path / "in")), "--consultation", "trees")
    ended = program("opinion", "trees", "--json")
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert "Too few people have voted" in ended.stderr.decode()
