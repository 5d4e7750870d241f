"""How hard a password is to guess: common ones are found, on another keyboard too; judging is bounded."""

import pytest

from consult.adapters import passwords
from consult.adapters.guesses import guesses_needed
from consult.domain.errors import Reason
from consult.domain.people import GUESSES_FEWEST
from tests.support.cast import refusal


@pytest.mark.parametrize(
    "password",
    [
        "password12345",
        "Passw0rd123!",
        "qwerty123456789",
        "1q2w3e4r5t6y",
        "iloveyou2024",
        "пароль12345",  # `password` in Russian
        "gfhjkm12345",  # the same, typed on a Latin keyboard
        "йцукен12345",
        "привет12345",
        "abcdefghijkl",
        "passwordpassword",
        "abcabcabcabc",
        "dana@example.kz1",
        "Ахметова2024",
    ],
)
def test_what_others_use_and_what_is_known_of_the_person_is_refused(password: str) -> None:
    chosen = lambda: passwords.chosen(password, email="dana@example.kz", name="Дана Ахметова")  # noqa: E731
    assert refusal(chosen) is Reason.PASSWORD_COMMON


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "two words and more",
        "менің ағашым үлкен",
        "четыре слова о погоде",
        "hY7-kP2-wQ9x",
    ],
)
def test_several_words_and_random_letters_are_taken(password: str) -> None:
    assert guesses_needed(password, about=("dana@example.kz", "Дана")) >= GUESSES_FEWEST


def test_words_about_one_person_are_not_remembered_for_the_next() -> None:
    before = guesses_needed("Qyzylorda-Baiterek")
    guesses_needed("Qyzylorda-Baiterek", about=("Qyzylorda-Baiterek",))
    assert guesses_needed("Qyzylorda-Baiterek") == before


def test_only_the_beginning_of_a_long_password_is_judged() -> None:
    """Whole, this one takes zxcvbn seconds; the time grows with the square of what is judged."""
    signs = "4@8({[<369&#!1/|0$5+7%2"
    assert guesses_needed(signs * 8) == guesses_needed((signs * 8)[:72])
