"""The fonts that PDF reports embed are those of the pages."""

import io
import runpy
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

SOURCE = runpy.run_path(str(Path(__file__).resolve().parents[2] / ".ci" / "vendor" / "report_fonts.py"))
FONTS, PARTS, WEIGHTS, report_font = (SOURCE[name] for name in ("FONTS", "PARTS", "WEIGHTS", "report_font"))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_kept_file_is_what_the_fonts_of_the_pages_make(weight: int) -> None:
    kept = TTFont(FONTS / f"onest-{weight}.ttf")
    made = TTFont(io.BytesIO(report_font(weight)))
    assert kept.getBestCmap() == made.getBestCmap()
    assert kept["hmtx"].metrics == made["hmtx"].metrics
    assert (FONTS / f"onest-{weight}.ttf").read_bytes() == report_font(weight)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_it_has_every_letter_of_the_pages_fonts(weight: int) -> None:
    held = set(TTFont(FONTS / f"onest-{weight}.ttf").getBestCmap())
    for name in PARTS:
        assert set(TTFont(FONTS / f"onest-{name}.woff2").getBestCmap()) <= held
    assert set(map(ord, "әғқңөұүһіӘҒҚҢӨҰҮҺІ₸№ёЁ")) <= held
