"""The wheel works on its own: away from the checkout, with all that is not Python in it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("packaging")  # one worker builds and installs the wheel, once

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = ("consult", "templates", "static", "migrations")
SOURCE_FILES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a copy of the sources, so that no build folder of the checkout lends it a file."""
    folder = tmp_path_factory.mktemp("wheel")
    tracked = [path for name in SOURCES for path in (PROJECT / name).rglob("*") if path.is_file()]
    for path in [*tracked, *(PROJECT / name for name in SOURCE_FILES)]:
        if "__pycache__" not in path.parts:
            copy = folder / "sources" / path.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), "sources"]
    built = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return next(folder.glob("consult-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of a fresh environment that has the wheel; this environment lends it what the wheel needs."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    programs = folder / "bin"
    ours = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    install = [
        sys.executable,
        "-m",
        "pip",
        "--quiet",
        "--python",
        str(programs / "python"),
        "install",
        "--no-deps",
    ]
    subprocess.run([*install, "--no-index", str(wheel)], check=True)
    # Only the path: the .pth files there are not read, so the editable checkout stays out of sight.
    (ours / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


@pytest.mark.parametrize("folder", ["templates", "static", "migrations"])
def test_the_wheel_holds_every_file_beside_the_package(wheel: Path, folder: str) -> None:
    expected = {
        f"consult/{path.relative_to(PROJECT).as_posix()}"
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_catalogues_and_the_mark_of_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    catalogues = {f"consult/translations/{language}/LC_MESSAGES/messages.po" for language in ("kk", "ru")}
    assert catalogues | {"consult/py.typed"} <= names


def test_the_wheel_holds_every_module(wheel: Path) -> None:
    modules = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "consult").rglob("*.py")}
    assert modules <= set(zipfile.ZipFile(wheel).namelist())


def test_an_installed_wheel_makes_the_demonstration_anywhere(installed: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CONSULT_", "PYTHON"))}
    demo = subprocess.run(
        [installed / "consult", "demo", "--no-serve", "--json"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr[-3000:]
    made = json.loads(demo.stdout)
    assert {account["role"] for account in made["accounts"]} >= {"citizen", "official"}
    assert all(account["email"] and account["password"] for account in made["accounts"])
    assert made["consultations"]
    where = [str(installed / "python"), "-c", "import consult; print(consult.__file__)"]
    place = subprocess.run(where, cwd=tmp_path, env=clean, capture_output=True, text=True, check=True).stdout
    assert not Path(place.strip()).is_relative_to(PROJECT)
