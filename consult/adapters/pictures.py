"""Pictures of a consultation or question, for the previews of messengers and social networks."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
EDGE = 80
"""Pixels between the picture's edge and the words."""
SIZES = (76, 68, 60, 52, 46, 40)
"""Pixels of the title's letters: the largest in which it fits, else the smallest and an ellipsis."""
PAPER, INK, SOFT, BRAND = "#ffffff", "#14252b", "#4a5c63", "#0b5a73"
TITLE_LONGEST, LINE_LONGEST = 200, 80
"""Characters that are looked at; more do not fit, and measuring them takes its time."""
REGULAR, BOLD = 400, 700
REMEMBERED = 128

_PACKAGE = Path(__file__).parent.parent
FONTS = (_PACKAGE if (_PACKAGE / "static").is_dir() else _PACKAGE.parent) / "static" / "fonts"
"""Inside the package in a wheel, beside it in a checkout."""
_KAZAKH = frozenset("ҒғҚқҢңҮүҺһӘәӨө")
LOCK = Lock()
"""A face of FreeType serves one thread at a time: whoever writes holds it."""


@dataclass(frozen=True)
class Words:
    """What stands on a picture: a line above, the title, a line below."""

    above: str
    title: str
    below: str


@lru_cache(REMEMBERED)
def preview(words: Words) -> bytes:
    """A PNG of 1200 x 630 pixels; the same words always give the same picture."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, HEIGHT), fill=BRAND)
    with LOCK:
        _write(draw, EDGE, _cut(words.above, 34, REGULAR), 34, REGULAR, SOFT)
        _write_title(draw, words.title)
        _write(draw, HEIGHT - EDGE - 34, _cut(words.below, 34, REGULAR), 34, REGULAR, BRAND)
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write_title(draw: ImageDraw.ImageDraw, title: str) -> None:
    top, room = EDGE + 70, HEIGHT - 2 * EDGE - 140
    for size in SIZES:
        lines = _lines(title[:TITLE_LONGEST], size)
        most = room // round(size * 1.2)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), size, BOLD)]
    for number, line in enumerate(lines):
        _write(draw, top + number * round(size * 1.2), line, size, BOLD, INK)


def _lines(text: str, size: int) -> list[str]:
    """The text in lines that fit; a word that alone is too long is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer, size, BOLD) > WIDTH - 2 * EDGE:
            lines.append(_cut(word, size, BOLD))
        else:
            lines[-1] = _cut(longer, size, BOLD)
    return lines


def _cut(text: str, size: int, weight: int) -> str:
    """The beginning that fits on a line, with an ellipsis where something is left out."""
    flat = " ".join(text.split())[:LINE_LONGEST]
    if len(text) <= LINE_LONGEST and _length(flat, size, weight) <= WIDTH - 2 * EDGE:
        return flat
    while flat and _length(f"{flat}…", size, weight) > WIDTH - 2 * EDGE:
        flat = flat[:-1]
    return f"{flat.rstrip()}…"


def _write(draw: ImageDraw.ImageDraw, top: int, text: str, size: int, weight: int, colour: str) -> None:
    write_line(draw, (EDGE, top + size), text, size, weight, colour)


def write_line(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, weight: int, colour: str
) -> None:
    """One line from a place on its base line; each letter in the file that holds it. Under `LOCK`."""
    left, base = float(at[0]), at[1]
    for run, file in _runs(text):
        font = font_of(file, size, weight)
        draw.text((left, base), run, font=font, fill=colour, anchor="ls")
        left += font.getlength(run)


def _length(text: str, size: int, weight: int) -> float:
    return sum(font_of(file, size, weight).getlength(run) for run, file in _runs(text))


def _runs(text: str) -> list[tuple[str, str]]:
    """Neighbouring letters of one font file; what none of them holds, such as emoji, is left out."""
    runs: list[tuple[str, str]] = []
    for letter in text:
        file = _file_of(letter)
        if file is None:
            continue
        if runs and runs[-1][1] == file:
            runs[-1] = (runs[-1][0] + letter, runs[-1][1])
        else:
            runs.append((letter, file))
    return runs


def _file_of(letter: str) -> str | None:
    """The same ranges as in static/css/tokens.css."""
    if letter in _KAZAKH:
        return "kazakh"
    if letter == "₸":
        return "tenge"
    if "\u0400" <= letter <= "\u045f" or letter in "ҐґҰұ№":
        return "cyrillic"
    if "\u0020" <= letter <= "\u00ff" or "\u2010" <= letter <= "\u203a" or letter in "€−":
        return "latin"
    return None


@lru_cache(64)
def font_of(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A face of our font: `file` is one of `_file_of`. For one thread at a time."""
    font = ImageFont.truetype(FONTS / f"onest-{file}.woff2", size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font
