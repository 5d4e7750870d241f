"""The two font files that PDF reports embed, made from the fonts of the pages.

The pages' files are variable and divided by letters; a PDF wants one file with one weight.
"""

import io
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
PARTS = ("latin", "cyrillic", "kazakh", "tenge")
WEIGHTS = (400, 700)
KEPT = {"head", "hhea", "hmtx", "maxp", "cmap", "glyf", "loca", "name", "post", "OS/2"}


def report_font(weight: int) -> bytes:
    """A TrueType file of one weight with every letter of the pages' files; the same bytes each time."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [_part(name, weight, Path(folder)) for name in PARTS]
        merged = Merger().merge(parts)
    merged["head"].created = merged["head"].modified = TTFont(FONTS / "onest-latin.woff2")["head"].modified
    merged.recalcTimestamp = False
    out = io.BytesIO()
    merged.save(out)
    return out.getvalue()


def _part(name: str, weight: int, folder: Path) -> str:
    font = instancer.instantiateVariableFont(TTFont(FONTS / f"onest-{name}.woff2"), {"wght": weight})
    for tag in set(font.keys()) - KEPT - {"GlyphOrder"}:
        del font[tag]
    font.flavor = None
    file = folder / f"{name}.ttf"
    font.save(file)
    return str(file)


def write_report_fonts() -> list[Path]:
    """Write the files, and answer where they are."""
    files = {FONTS / f"onest-{weight}.ttf": report_font(weight) for weight in WEIGHTS}
    for file, content in files.items():
        file.write_bytes(content)
    return list(files)
