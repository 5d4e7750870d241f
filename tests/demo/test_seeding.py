"""The demonstration makes itself through the deeds that people use, on both databases."""

from pathlib import Path

import pytest
from flask import Flask

from consult.config import SettingError
from consult.demo.seeding import Demo, seed
from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Role
from consult.queries.comments import comments_of
from consult.queries.consultations import ConsultationView, consultation_at, figures
from consult.queries.moderation import queue
from consult.queries.questions import question_at, questions_of
from consult.services import accounts
from tests.support.installations import Installation


def test_the_demonstration_fills_every_page_and_is_made_once(app: Flask, installation: Installation) -> None:
    with app.app_context():
        made = seed(installation.instance, progress=False)
        main = consultation_at(OPERATOR, made.consultations[0], Language.KK)
        _shows_every_state(made, main)
        _quotes_its_agenda_in_every_language(main)
        _keeps_replies_under_a_withheld_comment(main)
        roles = [accounts.sign_in(each["email"], each["password"]).actor.role for each in made.accounts]
        before = figures(main.id)
        again = seed(installation.instance, progress=False)
        assert (again, figures(main.id)) == (made, before)
        (installation.instance / "demo.json").unlink()
        with pytest.raises(SettingError, match="empty one"):
            seed(installation.instance, progress=False)
    assert roles == [Role.CITIZEN, Role.OFFICIAL, Role.ADMINISTRATOR]


def _shows_every_state(made: Demo, main: ConsultationView) -> None:
    counts = figures(main.id)
    states = [consultation_at(OPERATOR, slug, Language.KK).state for slug in made.consultations]
    assert states == [State.OPEN, State.ANSWERED, State.SCHEDULED, State.DRAFT]
    assert (counts.topics, counts.questions) == (6, 7)
    assert counts.comments[CommentState.WITHHELD] == 2
    assert counts.comments[CommentState.PENDING] == len(queue(OPERATOR, Language.RU).comments) == 5
    assert counts.comments[CommentState.PUBLISHED] > 30
    assert counts.votes > 200


def _quotes_its_agenda_in_every_language(main: ConsultationView) -> None:
    for language in Language:
        cards = questions_of(OPERATOR, main.id, language)
        assert not any(card.text.is_fallback or card.topic.is_fallback for card in cards)
    agenda = (Path(__file__).parents[2] / "consult/demo/workshop-2016.txt").read_text(encoding="utf-8")
    lines = agenda.split("\n")
    for card in cards:
        citation = question_at(OPERATOR, main, card.number, cards).citation
        assert citation is not None
        assert citation.first_line is not None
        assert citation.quote in lines[citation.first_line - 1]


def _keeps_replies_under_a_withheld_comment(main: ConsultationView) -> None:
    fourth = questions_of(OPERATOR, main.id, Language.KK)[3]
    stubs = [view for view in comments_of(OPERATOR, main, fourth.id).comments if view.is_stub]
    assert [(stub.body, len(stub.replies)) for stub in stubs] == [("", 2)]
