"""The command line: what it prints, with which status it ends, and never a traceback for bad input."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consult.cli import main
from tests.support.application import SECRET_KEY

AGENDA = """\
Workshop on Clean Streets
1 March 2016

09:00 - 09:30 Registration
09:30 - 10:30 Trees along the main street
10:30 - 11:00 Coffee break
11:00 - 12:00 Winter maintenance of bicycle lanes
"""
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True)
class Consult:
    """The program in a folder of its own, with an environment of its own."""

    folder: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str | bytes, given: bytes = b"") -> Ended:
        """Run in this process, through the entry point of the console script; a traceback fails the test."""
        out, err = io.BytesIO(), io.BytesIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(os, "environ", os.environ | self.environment)
            patch.setattr(sys, "argv", ["consult", *(os.fsdecode(argument) for argument in arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8", "surrogateescape"))
            patch.setattr(
                sys, "stdout", io.TextIOWrapper(out, "utf-8", "surrogateescape", write_through=True)
            )
            patch.setattr(
                sys, "stderr", io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True)
            )
            status = self._status()
            answer = Ended(status, out.getvalue(), err.getvalue())
        assert b"Traceback" not in answer.stderr + answer.stdout, answer.stderr.decode(errors="replace")
        return answer

    @staticmethod
    def _status() -> int:
        try:
            main()
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else 0
        return 0

    def process(self, *arguments: str) -> Ended:
        """Run as a process of its own: `python -m consult`."""
        root = str(Path(__file__).parents[2])
        ended = subprocess.run(
            [sys.executable, "-m", "consult", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment, "PYTHONPATH": root},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def done(self, *arguments: str, given: bytes = b"") -> str:
        """Standard output of a command that must succeed."""
        ended = self(*arguments, given=given)
        assert ended.returncode == 0, ended.stderr.decode(errors="replace")
        return ended.stdout.decode()

    def json(self, *arguments: str) -> Any:
        return json.loads(self.done(*arguments))

    def refused(self, *arguments: str | bytes, given: bytes = b"") -> str:
        """The one sentence of a command that must be refused with status 1 and print nothing."""
        ended = self(*arguments, given=given)
        said = ended.stderr.decode(errors="replace").strip()
        assert ended.returncode == 1, said
        assert ended.stdout == b""
        assert said
        assert len(said.splitlines()) == 1
        return said


def in_folder(folder: Path, **settings: str) -> Consult:
    environment = {
        "CONSULT_INSTANCE": str(folder / "instance"),
        "CONSULT_SECRET_KEY": SECRET_KEY,
        "CONSULT_DATABASE_URL": "",
        **settings,
    }
    return Consult(folder, environment)


@pytest.fixture
def consult(tmp_path: Path) -> Consult:
    """A folder without a database."""
    return in_folder(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Consult:
    """One migrated SQLite database for the tests that only add to it."""
    made = in_folder(tmp_path_factory.mktemp("consult"))
    made.done("db", "upgrade")
    return made


@pytest.fixture
def agenda(tmp_path: Path) -> Path:
    file = tmp_path / "agenda.txt"
    file.write_text(AGENDA, encoding="utf-8")
    return file


def test_an_agenda_is_read_as_json_without_a_database(consult: Consult, agenda: Path) -> None:
    found = consult.json("agenda", "read", str(agenda), "--language", "en", "--json")
    assert (found["title"], found["language"], found["dates"]) == (
        "Workshop on Clean Streets", "en", ["2016-03-01"],
    )  # fmt: skip
    assert [(topic["title"], topic["lines"], topic["start"], topic["end"]) for topic in found["topics"]] == [
        ("Trees along the main street", [5, 5], "09:30", "10:30"),
        ("Winter maintenance of bicycle lanes", [7, 7], "11:00", "12:00"),
    ]
    assert {entry["why"] for entry in found["left_out"]} >= {"logistics"}
    assert not list(consult.folder.glob("instance/*.sqlite*"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("binary.txt", bytes(range(256)) * 64),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        ("scan.pdf", b"%PDF-1.7\n" + bytes(500)),
        ("archive.docx", b"PK\x03\x04" + bytes(500)),
        ("nul.txt", b"09:00 Trees\0 of the street\n" * 9),
        ("blank.txt", b" \n\t\r\n\f "),
    ],
)
def test_a_file_that_holds_no_text_is_refused_in_one_sentence(
    consult: Consult, name: str, content: bytes
) -> None:
    file = consult.folder / name
    file.write_bytes(content)
    consult.refused("agenda", "read", str(file), "--json")


def test_fifty_megabytes_are_refused_without_being_read_whole(consult: Consult) -> None:
    file = consult.folder / "large.txt"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    assert "10 MB" in consult.refused("agenda", "read", str(file), "--json")


def test_an_unknown_language_is_refused(consult: Consult, agenda: Path) -> None:
    said = consult.refused("agenda", "read", str(agenda), "--language", "de", "--json")
    assert "kk, ru or en" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("agenda",), ("agenda", "read"), ("agenda", "read", "no-such-file.txt"), ("agenda", "read", "."),
        ("nonsense",), ("consultation", "show"), ("consultation", "extend", "x", "--until", "tomorrow"),
        ("account", "create", "a@example.kz", "--role", "king", "--name", "A", "--password-stdin"),
        ("account", "create", "a@example.kz", "--role", "citizen", "--name", "A"),
        ("export", "x", "--package", "secret", "--output", "out"), ("demo", "--port", "99999"),
        ("serve", "--workers", "0"), ("consultation", "list", "--nonsense"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_status_two(consult: Consult, arguments: tuple[str, ...]) -> None:
    ended = consult(*arguments)
    assert ended.returncode == 2
    assert b"Usage:" in ended.stderr
    assert ended.stdout == b""


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",), ("agenda", "--help")])
def test_help_is_no_error(consult: Consult, arguments: tuple[str, ...]) -> None:
    assert consult.done(*arguments)


@pytest.mark.parametrize(
    "settings",
    [
        {"CONSULT_SECRET_KEY": "weak"},
        {"CONSULT_SECRET_KEY": "a" * 64},
        {"CONSULT_DATABASE_URL": "mysql://somewhere"},
        {"CONSULT_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
        {"CONSULT_DATABASE_URL": "sqlite:////no/such/folder/db.sqlite"},
        {"CONSULT_SMALLEST_GROUP": "-1"},
        {"CONSULT_BASE_URL": "ftp://example.kz"},
        {"CONSULT_INSTANCE": "/dev/null/instance"},
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path, settings: dict[str, str]) -> None:
    in_folder(tmp_path, **settings).refused("consultation", "list", "--json")


def test_a_database_without_migrations_is_one_sentence(consult: Consult) -> None:
    assert "consult db upgrade" in consult.refused("consultation", "list", "--json")
    doctor = consult("doctor")
    assert doctor.returncode == 1
    assert b"consult db upgrade" in doctor.stdout


def test_an_account_is_made_with_a_password_from_standard_input(shared: Consult) -> None:
    create = (
        "account",
        "create",
        "Dana@Example.kz",
        "--role",
        "official",
        "--name",
        "Дана",
        "--password-stdin",
    )
    assert "is made" in shared.done(*create, given=f"{PASSWORD}\n".encode())
    assert "account with this address" in shared.refused(*create, given=f"{PASSWORD}\n".encode())


@pytest.mark.parametrize(
    ("email", "name", "given"),
    [
        ("other@example.kz", "Дана", b""),
        ("other@example.kz", "Дана", b"short\n"),
        ("other@example.kz", "\u0430dmin", PASSWORD.encode()),
        ("not-an-address", "Дана", PASSWORD.encode()),
        (b"\xff\xfe@example.kz", "Дана", PASSWORD.encode()),
        ("other@example.kz", b"\xff\xfe", PASSWORD.encode()),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(
    shared: Consult, email: str | bytes, name: str | bytes, given: bytes
) -> None:
    shared.refused(
        "account", "create", email, "--role", "citizen", "--name", name, "--password-stdin", given=given
    )


def test_a_password_that_is_no_text_is_refused(shared: Consult) -> None:
    shared.refused(
        "account", "create", "other@example.kz", "--role", "citizen", "--name", "A", "--password-stdin",
        given=b"\xff\xfe\x80 not any text at all\n",
    )  # fmt: skip


def test_an_agenda_becomes_a_draft_that_is_listed_and_shown(shared: Consult, agenda: Path) -> None:
    said = shared.done("agenda", "import", str(agenda), "--consultation", "streets", "--language", "en")
    assert said.startswith("2 topics")
    listed = {each["slug"]: each for each in shared.json("consultation", "list", "--json")}
    assert listed["streets"] == {
        "slug": "streets", "state": "draft", "opens_at": None, "closes_at": None,
        "title": "Workshop on Clean Streets",
    }  # fmt: skip
    shown = shared.json("consultation", "show", "streets", "--json")
    assert (shown["state"], shown["topics"], shown["votes"], shown["participants"]) == ("draft", 2, 0, 0)
    assert set(shown["comments"]) == {"pending", "published", "withheld", "withdrawn", "erased"}
    assert "streets" in shared.done("consultation", "list")
    shared.refused("agenda", "import", str(agenda), "--consultation", "streets", "--language", "en")
    assert "Contact" in shared.refused("consultation", "open", "streets")
    shared.refused("consultation", "close", "streets")
    shared.refused("consultation", "extend", "streets", "--until", "2030-01-01T18:00")


@pytest.mark.parametrize("slug", ["no-such", "No Such", b"\xff\xfe", "x" * 3000, "", "../etc"])
def test_an_address_of_nothing_is_refused_by_every_command(shared: Consult, slug: str | bytes) -> None:
    shared.refused("consultation", "show", slug, "--json")


def test_a_file_with_an_unreadable_name_is_imported(shared: Consult, tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    Path(os.fsdecode(file)).write_text(AGENDA, encoding="utf-8")
    ended = shared("agenda", "import", file, "--consultation", "bytes", "--language", "en")
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Consult, Any]:
    made = in_folder(tmp_path_factory.mktemp("demo"))
    return made, made.json("demo", "--no-serve", "--json")


def test_a_demonstration_made_twice_prints_the_same_and_keeps_everything(
    demonstration: tuple[Consult, Any],
) -> None:
    consult, first = demonstration
    assert {account["role"] for account in first["accounts"]} == {"citizen", "official", "administrator"}
    shown = [consult.json("consultation", "show", slug, "--json") for slug in first["consultations"]]
    assert consult.json("demo", "--no-serve", "--json") == first
    assert [consult.json("consultation", "show", slug, "--json") for slug in first["consultations"]] == shown
    assert {each["state"] for each in shown} == {"open", "answered", "scheduled", "draft"}
    assert shown[0]["comments"]["published"] > 0
    assert shown[0]["votes"] > 0


@pytest.mark.parametrize("package", ["public", "restricted"])
def test_an_export_writes_the_files_that_it_names(
    demonstration: tuple[Consult, Any], tmp_path: Path, package: str
) -> None:
    consult, made = demonstration
    output = tmp_path / "out"
    options = ("--package", package, "--output", str(output), "--json")
    answer = consult.json("export", made["consultations"][0], *options)
    assert {path.name for path in output.rglob("*") if path.is_file()} >= {
        file["name"] for file in answer["files"]
    }
    assert (output / "datapackage.json").is_file()
    assert any(file["rows"] for file in answer["files"])
    assert ("votes.csv" in {file["name"] for file in answer["files"]}) is (package == "restricted")


def test_an_export_that_cannot_be_written_is_refused(
    demonstration: tuple[Consult, Any], tmp_path: Path
) -> None:
    consult, made = demonstration
    slug = made["consultations"][0]
    output = str(tmp_path / "out")
    consult.refused("export", "no-such", "--package", "public", "--output", output)
    consult.refused("export", slug, "--package", "public", "--output", "/dev/null/out")
    consult.refused("export", slug, "--package", "public", "--output", output, "--format", "docx")
    consult.refused("export", slug, "--package", "public", "--output", output, "--delimiter", "ab")


def test_the_package_runs_as_a_module(consult: Consult, agenda: Path) -> None:
    read = consult.process("agenda", "read", str(agenda), "--language", "en", "--json")
    assert (read.returncode, read.stderr) == (0, b"")
    assert len(json.loads(read.stdout)["topics"]) == 2
    refused = consult.process("agenda", "read", str(agenda), "--language", "de", "--json")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert len(refused.stderr.splitlines()) == 1
    assert consult.process("agenda", "nonsense").returncode == 2
