"""The three languages, and what is shown where one is missing."""

import pytest

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, language, shown
from consult.domain.questions import next_version

KK, RU, EN = Language.KK, Language.RU, Language.EN


@pytest.mark.parametrize("wanted", Language)
def test_a_text_in_the_wanted_language_is_no_fallback(wanted: Language) -> None:
    texts = {KK: "kk", RU: "ru", EN: "en"}
    assert shown(texts, wanted) == Shown(wanted.value, wanted, is_fallback=False)


@pytest.mark.parametrize(
    ("texts", "wanted", "found"),
    [
        ({RU: "ru", EN: "en"}, KK, RU),
        ({KK: "kk", RU: "ru"}, EN, KK),
        ({KK: "kk", EN: "en"}, RU, KK),
        ({EN: "en"}, KK, EN),
        ({KK: "", RU: "ru"}, KK, RU),
    ],
)
def test_a_missing_text_falls_back_to_the_first_there_is_and_says_so(
    texts: dict[Language, str], wanted: Language, found: Language
) -> None:
    assert shown(texts, wanted) == Shown(found.value, found, is_fallback=True)


def test_no_text_at_all_is_an_empty_one_in_the_wanted_language() -> None:
    assert shown({}, RU) == Shown("", RU, is_fallback=False)
    assert str(shown({KK: "", RU: ""}, RU)) == ""


def test_a_language_is_told_by_its_code_and_by_nothing_else() -> None:
    assert [language(code) for code in ("kk", "ru", "en")] == [KK, RU, EN]
    for code in ("", "KK", "kz", "ru-RU", "deutsch" * 9):
        with pytest.raises(Refused) as refused:
            language(code)
        assert refused.value.reason is Reason.LANGUAGE_UNKNOWN
        assert refused.value.details == {"code": code[:20]}


def test_only_changed_words_that_were_answered_get_a_new_version() -> None:
    assert next_version(3, is_answered=True, is_changed=True) == 4
    assert next_version(3, is_answered=True, is_changed=False) == 3
    assert next_version(3, is_answered=False, is_changed=True) == 3
