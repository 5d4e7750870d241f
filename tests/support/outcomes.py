"""Themes, positions and outcomes for tests, made by the deeds themselves."""

from dataclasses import dataclass

from flask import Flask

from consult.domain.languages import Language
from consult.domain.outcomes import OutcomePart, Target
from consult.domain.people import OPERATOR
from consult.services import outcomes, themes
from consult.services.outcomes import PositionIn
from consult.services.themes import ThemeIn
from tests.support.cast import Built, Cast, close_by_clock, open_consultation, published_comment, within

TREES = ThemeIn({Language.KK: "Ағаштар", Language.RU: "Деревья", Language.EN: "Trees"})
WATER = ThemeIn({Language.KK: "Су", Language.RU: "Вода", Language.EN: "Water"})
POSITION = PositionIn(
    "accepted",
    {
        Language.KK: "Ағаштар күзде отырғызылады.",
        Language.RU: "Деревья посадят осенью.",
        Language.EN: "The trees are planted in autumn.",
    },
)
OTHER_POSITION = PositionIn(
    "not_accepted", {Language.KK: "Бюджетте қаражат жоқ.", Language.RU: "В бюджете нет денег."}
)
PARTS = {
    OutcomePart.ASKED: {
        Language.KK: "Ағаш туралы сұрадық.",
        Language.RU: "Мы спросили о деревьях.",
        Language.EN: "We asked about trees.",
    },
    OutcomePart.SAID: {
        Language.KK: "Көбірек керек дедіңіз.",
        Language.RU: "Вы сказали: нужно больше.",
        Language.EN: "You said: more of them.",
    },
    OutcomePart.DID: {
        Language.KK: "Күзде отырғызамыз.",
        Language.RU: "Посадим осенью.",
        Language.EN: "We plant them in autumn.",
    },
}
NOTES = {
    Language.KK: "Мерзім түзетілді.",
    Language.RU: "Исправлен срок.",
    Language.EN: "The date is corrected.",
}


@dataclass(frozen=True)
class Answered(Built):
    """A consultation whose outcome is published; one comment has the theme, one its own answer."""

    comments: tuple[int, ...]
    theme: int


def theme(consultation_id: int, words: ThemeIn = TREES) -> int:
    """A theme made by the operator; answers its id."""
    return themes.add_theme(OPERATOR, consultation_id, words)


def write_outcome(consultation_id: int) -> None:
    """All three parts in three languages, not published."""
    outcomes.save_outcome(OPERATOR, consultation_id, 0, PARTS)


def answered_consultation(app: Flask, people: Cast, *, slug: str = "green-street") -> Answered:
    """Opened, filled, closed by the clock, and answered."""
    with within(app):
        built = open_consultation(app, slug=slug)
        by_theme = published_comment(app, people.aigerim, built, "Ағаш көп болсын. More trees.")
        by_itself = published_comment(app, people.dauren, built, "Open a swimming pool.")
        trees = theme(built.id)
        themes.put_theme(OPERATOR, built.id, trees, [by_theme])
        outcomes.give_position(OPERATOR, built.id, Target(theme_id=trees), POSITION)
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=by_itself), OTHER_POSITION)
        write_outcome(built.id)
        close_by_clock(app, built)
        outcomes.publish_outcome(OPERATOR, built.id)
        return Answered(built.id, built.slug, built.questions, (by_theme, by_itself), trees)
