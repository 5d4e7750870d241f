"""Pictures for previews: their size, their letters, and texts that are too long for them."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from consult.adapters.pictures import HEIGHT, WIDTH, Words, preview


def opened(words: Words) -> Image.Image:
    image = Image.open(BytesIO(preview(words)))
    image.load()
    return image.convert("L")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Dark pixels within a box."""
    return sum(image.crop(box).histogram()[:128])


@pytest.mark.parametrize(
    "title",
    ["Көшеге қанша ағаш керек?", "Сколько деревьев нужно улице?", "How many trees does the street need?"],
)
def test_a_picture_has_the_size_that_networks_ask_for_and_shows_the_words(title: str) -> None:
    content = preview(Words("Жасыл көше", title, "2026 ж. 30 қараша"))
    image = Image.open(BytesIO(content))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(content) < 100_000
    shown = opened(Words("Жасыл көше", title, "2026 ж. 30 қараша"))
    for top, bottom in ((70, 130), (150, 420), (500, 560)):
        assert ink(shown, (60, top, WIDTH, bottom)) > 100


@pytest.mark.parametrize("letter", "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЩщGgz5₸№«—")
def test_every_letter_of_the_three_languages_is_drawn_by_a_font_that_has_it(letter: str) -> None:
    """A font without the letter would draw the same empty box for each."""
    drawn = opened(Words("", letter, ""))
    missing = opened(Words("", "\uffff", ""))
    assert ink(drawn, (60, 0, WIDTH, HEIGHT)) > 50
    assert ImageChops.difference(drawn, missing).getbbox()
    others = [opened(Words("", other, "")) for other in "жЖ" if other != letter]
    assert all(ImageChops.difference(drawn, other).getbbox() for other in others)


@pytest.mark.parametrize("title", ["", "👩‍👩‍👧", "слово " * 400, "х" * 5_000, "line\nline\ttab", "漢字"])
def test_no_title_breaks_a_picture_or_runs_over_its_edge(title: str) -> None:
    image = opened(Words(title, title, title))
    assert image.size == (WIDTH, HEIGHT)
    assert ink(image, (WIDTH - 70, 0, WIDTH, HEIGHT)) == 0


def test_the_same_words_give_the_same_bytes() -> None:
    words = Words("above", "title", "below")
    first = preview(words)
    preview.cache_clear()
    assert preview(words) == first
