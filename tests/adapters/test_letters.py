"""Letters in the instance folder: whose they are, and that they can go."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consult.adapters.letters import FOLDER, burn_letters_before, burn_letters_to


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / FOLDER
    made.mkdir()
    return made


def letter(folder: Path, name: str, headers: str) -> None:
    (folder / name).write_bytes(f"{headers}\r\nSubject: Hello\r\n\r\nTo: nobody@example.kz".encode())


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "headers",
    [
        "To: a@example.kz",
        "To: Somebody <A@Example.kz>",
        "To: other@example.kz, a@example.kz",
        "Cc: a@example.kz",
        "To: =?utf-8?b?0JDQudCz0LXRgNGW0Lw=?= <a@example.kz>",
        "Subject: long\r\nTo:\r\n Somebody\r\n <a@example.kz>",
    ],
)
def test_a_letter_to_an_address_is_found_however_its_header_is_written(folder: Path, headers: str) -> None:
    letter(folder, "1.eml", headers)
    letter(folder, "2.eml", "To: ab@example.kz")
    assert burn_letters_to("a@example.kz", folder.parent) == 1
    assert left(folder) == ["2.eml"]


def test_a_domain_in_cyrillic_letters_is_found_in_its_mail_form(folder: Path) -> None:
    letter(folder, "1.eml", f"To: a@{'пример.қаз'.encode('idna').decode()}")
    assert burn_letters_to("a@пример.қаз", folder.parent) == 1


def test_what_a_letter_says_or_what_is_no_letter_is_not_looked_at(folder: Path) -> None:
    letter(folder, "1.eml", "To: other@example.kz")
    (folder / "note.txt").write_text("To: a@example.kz")
    (folder / "broken.eml").write_bytes(b"\xff\xfe\x00 no header at all")
    assert burn_letters_to("nobody@example.kz", folder.parent) == 0
    assert left(folder) == ["1.eml", "broken.eml", "note.txt"]


def test_without_the_folder_there_is_nothing_to_burn(tmp_path: Path) -> None:
    assert burn_letters_to("a@example.kz", tmp_path) == 0
    assert burn_letters_before(datetime(2030, 1, 1, tzinfo=UTC), tmp_path) == 0


def test_letters_older_than_an_instant_go(folder: Path) -> None:
    limit = datetime(2026, 3, 1, tzinfo=UTC)
    for name, seconds in (("old.eml", -1), ("new.eml", 1)):
        letter(folder, name, "To: a@example.kz")
        os.utime(folder / name, (limit.timestamp() + seconds,) * 2)
    assert burn_letters_before(limit, folder.parent) == 1
    assert left(folder) == ["new.eml"]
