"""Stems join the forms of a word and part different words; measured on pairs that were written for it."""

import pytest

from consult.adapters.stemming import kazakh_stem, stem
from consult.domain.languages import Language
from consult.domain.search import folded

# Each line holds forms of one word, the dictionary form first.
KAZAKH = """
мектеп мектептер мектебі мектептеріміздің мектепке мектепте
көше көшеде көшелеріне көшесінің көшелер
ағаш ағаштар ағаштардың ағашқа ағаштан
қала қалада қалаларымыз қаласының қалаға
бюджет бюджеттің бюджетті бюджетке
аурухана ауруханада ауруханалар
жол жолдар жолдың жолдарды
халық халқы халықтың
жоба жобаны жобалары
саябақ саябақтар саябағы
әкімдік әкімдіктің әкімдігі
сұрақ сұрақтар сұрағы
кітап кітабы кітаптар
көпір көпірлер көпірдің
балабақша балабақшада балабақшалар
дәрігер дәрігерлер дәрігерге
жүргінші жүргіншілер жүргіншілердің
"""
# Not looked at while the suffixes were chosen.
UNSEEN = """
мұражай мұражайлар мұражайда мұражайдың
кітапхана кітапханалар кітапханада кітапхананың
спорт спорттың спортқа
алма алмалар алманы
ойын ойындар ойынның ойынға
кеңес кеңестер кеңестің кеңеске
театр театрлар театрда
зейнетақы зейнетақылар зейнетақыны
қоршау қоршаулар қоршауды
шам шамдар шамды шамның
орындық орындықтар орындығы орындықта
есік есіктер есігі есікке
пойыз пойыздар пойызға пойыздың
тапсырма тапсырмалар тапсырманы
"""
DIFFERENT = """
мектеп мешіт|көше көлік|ағаш аға|бала балық|жол жолдас|заң зауыт|су суық|ауа аула|баға бақ|білім білек
орын орман|сұрақ сүт|құжат құс|тас тасқын|кітап кіші|тіл тілек|қар қарт|күн күлкі|бас баспа|жер желі
көл көлеңке|ауыл аула|дәрі дәріс|сот сода|театр тетік|алма алып|шам шаш|есік есеп
"""
RUSSIAN = "дорога дороги|дорога дорогами|школа школам|дерево деревья|автобус автобусов|ёлка елки|снег снегом"
ENGLISH = "tree trees|city cities|light lighting|comment commented|happy happiness"


def pairs(lines: str) -> list[tuple[str, str]]:
    forms = [line.split() for line in lines.replace("|", "\n").split("\n") if line.strip()]
    return [(first, other) for first, *others in forms for other in others]


def joined(lines: str, language: Language) -> float:
    """Share of the pairs whose words have one stem, 0 to 1."""
    found = [stem(folded(one), language) == stem(folded(other), language) for one, other in pairs(lines)]
    return sum(found) / len(found)


@pytest.mark.parametrize(
    ("lines", "language", "least"),
    [
        (KAZAKH, Language.KK, 0.95),
        (UNSEEN, Language.KK, 0.75),
        (RUSSIAN, Language.RU, 1.0),
        (ENGLISH, Language.EN, 1.0),
    ],
)
def test_forms_of_a_word_have_one_stem(lines: str, language: Language, least: float) -> None:
    assert joined(lines, language) >= least


def test_different_words_have_different_stems() -> None:
    assert joined(DIFFERENT, Language.KK) <= 0.05


def test_words_typed_with_russian_letters_have_the_stem_of_the_kazakh_ones() -> None:
    assert stem(folded("мектептеринин"), Language.KK) == stem(folded("мектептерінің"), Language.KK)


def test_latin_words_are_english_in_every_text() -> None:
    assert {stem("buses", language) for language in (None, *Language)} == {stem("buses", Language.EN)}


@pytest.mark.parametrize("word", ["а", "у", "су", "ы", "лар", "ларлар", "ндагы", "1", "漢字", "ыыыыыы"])
def test_short_and_odd_words_keep_a_stem(word: str) -> None:
    assert kazakh_stem(word)
    assert all(stem(word, language) for language in (None, *Language))
