"""The house stays in order: the top level holds what was agreed, no file knows the machine it came from."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = {".ci", "bench", "consult", "docs", "instance", "migrations", "static", "templates", "tests"}
DOCUMENTS = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"}
BUILD = {
    "Makefile",
    "pyproject.toml",
    "requirements-dev.in",
    "requirements-dev.lock",
    "requirements.lock",
    "setup.cfg",
}
HABITS = {
    ".djlintrc",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "ruff.toml",
}
# Folders that one machine has and another has not.
MACHINE_PATH = re.compile(rb"(?<![\w.:/-])/(?:home|Users|root|work|workspace|tmp|mnt|var/folders)/[\w.-]+")
NOT_OURS = ("static/vendor/", "tests/vendor/", "requirements")
LARGEST_TEXT_BYTES = 1_000_000


def kept_files() -> Iterator[Path]:
    """Files that git keeps or would keep."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=PROJECT, capture_output=True, check=True).stdout.decode().split("\0")
    yield from (path for name in names if name and (path := PROJECT / name).is_file())


def test_the_top_level_holds_what_was_agreed() -> None:
    found = {path.relative_to(PROJECT).parts[0] for path in kept_files()}
    assert found - FOLDERS - DOCUMENTS - BUILD - HABITS == set()


def test_no_file_names_a_path_of_one_machine() -> None:
    guilty = [
        f"{path.relative_to(PROJECT)}: {found.group().decode()}"
        for path in kept_files()
        if not path.relative_to(PROJECT).as_posix().startswith(NOT_OURS)
        if path.stat().st_size < LARGEST_TEXT_BYTES
        if (found := MACHINE_PATH.search(path.read_bytes()))
    ]
    assert guilty == []


def test_the_package_itself_imports_nothing() -> None:
    tree = ast.parse((PROJECT / "consult" / "__init__.py").read_text(encoding="utf-8"))
    assert [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_lock_files_name_no_index_and_hash_everything() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "--index" not in text, name
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert pins, name
        assert all(line.endswith("\\") for line in pins), name


def test_lock_files_cover_what_setup_cfg_asks_for() -> None:
    asked = re.search(
        r"install_requires =\n((?:    .+\n)+)", (PROJECT / "setup.cfg").read_text(encoding="utf-8")
    )
    assert asked
    wanted = {re.split(r"[\s\[<>=;,]", line.strip())[0].lower() for line in asked[1].splitlines()}
    for name in ("requirements.lock", "requirements-dev.lock"):
        pinned = set(
            re.findall(r"^([a-z0-9-]+)==", (PROJECT / name).read_text(encoding="utf-8"), re.MULTILINE)
        )
        assert wanted - pinned == set(), f"{name} is old: run `make lock`"
