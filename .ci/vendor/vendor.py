"""Fetch, subset and copy the third-party files that the project keeps under version control.

Run it after a version in package.json changed, with npm on the machine:

    pip install fonttools==4.68.0 brotli==1.2.1
    python .ci/vendor/vendor.py

The same versions give the same bytes. Installing and running Consult never needs npm.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from report_fonts import write_report_fonts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FONTS = ROOT / "static" / "fonts"
VENDOR = ROOT / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "vendor"

TOOLS = {"fonttools": "4.68.0", "brotli": "1.2.1"}
WEIGHTS = (400, 700)
FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "tnum", "lnum", "calt"]

LATIN_1 = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
RUSSIAN_AND_KIN = range(0x400, 0x460)
ABSENT = {ord(letter) for letter in "¤¦¬\xadµЀЍѐѝ"}  # Onest has no glyph for these
LATIN = "".join(chr(code) for code in LATIN_1 if code not in ABSENT) + "–—‘’‚“”„•…‹›€−"
CYRILLIC = "".join(chr(code) for code in RUSSIAN_AND_KIN if code not in ABSENT) + "ҰұҐґ№"
KAZAKH = "ӘәҒғҚқҢңӨөҮүҺһ"
TENGE = "₸"

# Package, folder it goes to, name of its folder there, files kept.
COPIES = [
    ("axe-core", TEST_VENDOR, "axe-core", ["axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"]),
    ("htmx.org", VENDOR, "htmx", ["dist/htmx.min.js", "LICENSE"]),
]

# Our file, the letters in it, the subset of the package that has them.
SUBSETS = [
    ("latin", LATIN, "latin"),
    ("cyrillic", CYRILLIC, "cyrillic"),
    ("kazakh", KAZAKH, "cyrillic-ext"),
    ("tenge", TENGE, "latin-ext"),
]


def main() -> None:
    """Rebuild every vendored file and the manifest that check.py reads."""
    refuse_other_tools()
    with tempfile.TemporaryDirectory() as folder:
        modules = install(Path(folder))
        pinned = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
        files = {
            package: copy(modules / package, home, f"{name}-{pinned[package]}", kept)
            for package, home, name, kept in COPIES
        }
        files["@fontsource-variable/onest"] = subset_fonts(modules / "@fontsource-variable" / "onest")
        files["@fontsource-variable/onest"] += write_report_fonts()
    write_manifest(pinned, files)


def refuse_other_tools() -> None:
    """Stop when another version of the font tools would give other bytes."""
    wrong = [f"{name}=={pin}" for name, pin in TOOLS.items() if version(name) != pin]
    if wrong:
        sys.exit(f"The fonts are built with {' '.join(wrong)}; install that, or change TOOLS and rebuild.")


def install(folder: Path) -> Path:
    """Install what the lock file says into an empty folder, running none of the packages' scripts."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder / name)
    npm = shutil.which("npm") or sys.exit("npm is needed to fetch the packages.")
    subprocess.run([npm, "ci", "--ignore-scripts"], cwd=folder, check=True)
    return folder / "node_modules"


def copy(package: Path, home: Path, name: str, kept: list[str]) -> list[Path]:
    """Copy some files of a package into `home/name`, after removing every other release of it."""
    for old in home.glob(f"{name.rsplit('-', 1)[0]}-*"):
        shutil.rmtree(old)
    folder = home / name
    folder.mkdir(parents=True)
    copies = {folder / Path(source).name: package / source for source in kept}
    for target, source in copies.items():
        target.write_bytes(tidy(source.read_bytes()))
    return list(copies)


def tidy(content: bytes) -> bytes:
    """Drop the pointer to a source map that we do not serve, and Windows line ends."""
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(b"//# sourceMappingURL="))


def subset_fonts(package: Path) -> list[Path]:
    """Write the four font files and their licence."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, letters, source in SUBSETS:
        font = package / "files" / f"onest-{source}-wght-normal.woff2"
        (FONTS / f"onest-{name}.woff2").write_bytes(subset(font, letters))
    (FONTS / "LICENSE.txt").write_bytes(tidy((package / "LICENSE").read_bytes()))
    return [*(FONTS / f"onest-{name}.woff2" for name, _, _ in SUBSETS), FONTS / "LICENSE.txt"]


def subset(path: Path, letters: str) -> bytes:
    """Keep some letters of a variable font, its weights from regular to bold, and its time stamp."""
    font = TTFont(path, recalcTimestamp=False)
    missing = {letter for letter in letters if ord(letter) not in font.getBestCmap()}
    if missing:
        sys.exit(f"{path.name} lacks {''.join(sorted(missing))}")
    fill_variations(font)
    font = instantiateVariableFont(font, {"wght": WEIGHTS})
    fill_variations(font)
    options = Options(layout_features=FEATURES, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()


def fill_variations(font: TTFont) -> None:
    """Give glyphs that do not vary an empty entry: the package leaves it out, fontTools expects it."""
    table = font["gvar"]
    table.variations = {name: table.variations.get(name, []) for name in font.getGlyphOrder()}


def write_manifest(pinned: dict[str, str], files: dict[str, list[Path]]) -> None:
    """Write the version of each package and the SHA-256 of each file, paths relative to the project."""
    manifest = {
        "packages": {
            name: {
                "version": pinned[name],
                "files": {
                    path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in sorted(paths)
                },
            }
            for name, paths in sorted(files.items())
        },
        "tools": TOOLS,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "MANIFEST.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
