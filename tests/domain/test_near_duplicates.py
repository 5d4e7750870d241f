"""Near-duplicates share a band; other texts do so seldom, and are told apart when compared in full."""

from random import Random

import pytest

from consult.domain.near_duplicates import ALIKE, BANDS, bands, likeness, pieces

PETITION = (
    "Мы, жители квартала, просим сохранить старые тополя и посадить новые вдоль всей улицы, а также поставить"
    " скамейки у школы."
)


def alike(one: str, other: str) -> float:
    return likeness(pieces(one), pieces(other))


@pytest.mark.parametrize(
    "copy",
    [
        PETITION.upper(),
        PETITION.replace(",", " -"),
        f"  {PETITION} 17",
        PETITION.replace("Мы, жители", "Мы, жильцы"),
        PETITION.replace("тополя", "деревья"),
    ],
)
def test_a_copy_with_small_changes_is_nearly_the_same(copy: str) -> None:
    assert alike(PETITION, copy) >= ALIKE
    assert set(bands(pieces(PETITION))) & set(bands(pieces(copy)))


@pytest.mark.parametrize(
    "other",
    ["Просим вырубить старые тополя.", "Көшеге ағаш керек.", "The street needs trees.", "Да", ""],
)
def test_another_text_is_not(other: str) -> None:
    assert alike(PETITION, other) < ALIKE


def test_letters_that_are_typed_for_kazakh_ones_count_as_the_same() -> None:
    assert alike("Көшеге ағаш керек, көлеңке жоқ", "Кошеге агаш керек, коленке жок") == 1.0


def test_short_and_empty_texts_are_compared_as_they_are() -> None:
    assert pieces("") == pieces("!!! …") == frozenset()
    assert bands(frozenset()) == ()
    assert pieces("Да") == {"да"}
    assert alike("Да!", "да") == 1.0
    assert alike("Да", "Нет") == 0.0
    assert likeness(frozenset(), frozenset()) == 0.0


def test_a_sketch_is_the_same_for_ever_and_has_a_number_a_band() -> None:
    sketch = bands(pieces(PETITION))
    assert len(sketch) == BANDS
    assert [number % BANDS for number in sketch] == list(range(BANDS))
    assert bands(pieces("The street needs trees."))[:2] == (32450435840, 8241921393)


def test_of_many_changed_copies_nearly_all_share_a_band_and_of_strangers_few() -> None:
    chance = Random(5)  # noqa: S311 - a test that is the same every time
    words = ["".join(chance.choices("абвгдежзиклмнопрст", k=6)) for _ in range(300)]
    copies = strangers = 0
    for _ in range(200):
        one = [chance.choice(words) for _ in range(40)]
        copy = list(one)
        copy[chance.randrange(40)] = "другое"
        other = [chance.choice(words) for _ in range(40)]
        sketch = set(bands(pieces(" ".join(one))))
        copies += bool(sketch & set(bands(pieces(" ".join(copy)))))
        strangers += bool(sketch & set(bands(pieces(" ".join(other)))))
    assert copies == 200
    assert strangers <= 4
