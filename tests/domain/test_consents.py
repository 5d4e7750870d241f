"""Versions of the texts that people agree to."""

from consult.domain.consents import CURRENT, TEXTS, Purpose


def test_every_purpose_has_a_current_text() -> None:
    assert set(CURRENT) == set(Purpose)


def test_the_newest_version_of_a_text_is_the_current_one() -> None:
    for purpose, current in CURRENT.items():
        assert current.since == max(text.since for text in TEXTS if text.purpose is purpose)


def test_no_version_is_named_twice() -> None:
    keys = [(text.purpose, text.version) for text in TEXTS]
    assert len(keys) == len(set(keys))
