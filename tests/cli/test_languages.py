"""The command line refuses in the language of its terminal."""

import pytest

from consult.cli.running import terminal_language
from consult.domain.errors import Reason, Refused
from consult.web.refusals import plain_sentence


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "ru_RU"}, "ru"),
        ({"LANG": "ru_RU", "LC_MESSAGES": "kk_KZ"}, "kk"),
        ({"LANG": "ru_RU", "LC_ALL": "C"}, "en"),
        ({"LANG": "ru_RU", "CONSULT_LANGUAGE": "kk"}, "kk"),
        ({"CONSULT_LANGUAGE": "nonsense", "LANG": "ru"}, "en"),
        ({"CONSULT_LANGUAGE": "", "LANG": "ru"}, "ru"),
    ],
)
def test_the_terminal_decides_the_language(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment).value == language


def test_a_refusal_is_said_in_that_language() -> None:
    refused = Refused(Reason.NOT_FOUND)
    said = {
        code: plain_sentence(refused, terminal_language({"CONSULT_LANGUAGE": code}))
        for code in ("kk", "ru", "en")
    }
    assert len(set(said.values())) == 3
    assert plain_sentence(refused) == said["en"]
