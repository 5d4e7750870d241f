"""Topics and questions: order, freezing, versions."""

import pytest
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.domain.questions import QUESTION_LONGEST, QuestionKind
from consult.domain.votes import Choice
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.questions import Question, QuestionText
from consult.models.votes import PropositionVote
from consult.queries.editing import topics_of
from consult.queries.questions import questions_of
from consult.services import questions, votes
from consult.services.drafting import TopicIn
from tests.support.cast import (
    OPEN_QUESTION,
    PROPOSITION,
    Built,
    Member,
    closed_consultation,
    comment,
    draft,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")
KK, RU, EN = Language.KK, Language.RU, Language.EN
NEW = {KK: "Жаңа сұрақ?", RU: "Новый вопрос?", EN: "A new question?"}


def versions(built: Built, number: int = 1) -> dict[tuple[int, Language], str]:
    key = built.questions[number - 1]
    rows = db.session.scalars(db.select(QuestionText).filter_by(question_id=key))
    return {(row.version, row.language): row.text for row in rows}


def numbers(built: Built) -> list[int]:
    query = db.select(Question.number).filter_by(consultation_id=built.id).order_by(Question.number)
    return list(db.session.scalars(query))


def test_a_question_of_a_draft_is_edited_in_place(app: Flask) -> None:
    built = draft(app)
    assert questions.edit_question(OPERATOR, built.id, 1, NEW) == 1
    assert versions(built) == {(1, language): words for language, words in NEW.items()}


def test_an_answered_question_gets_a_new_version_and_its_old_words_stay(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    comment(app, aigerim, built)
    assert questions.edit_question(OPERATOR, built.id, 1, NEW) == 2
    old = {(1, language): words for language, words in OPEN_QUESTION.texts.items()}
    assert versions(built) == old | {(2, language): words for language, words in NEW.items()}
    assert questions_of(GUEST, built.id, RU)[0].text.text == NEW[RU]


def test_published_words_are_never_overwritten_even_before_the_first_answer(app: Flask) -> None:
    built = open_consultation(app)
    assert questions.edit_question(OPERATOR, built.id, 1, NEW) == 2
    assert versions(built)[1, RU] == OPEN_QUESTION.texts[RU]


def test_a_text_that_was_needed_for_opening_cannot_go(app: Flask) -> None:
    built = open_consultation(app)
    topic = topics_of(built.id)[0].id
    for deed in (
        lambda: questions.edit_question(OPERATOR, built.id, 1, {RU: "Только по-русски?"}),
        lambda: questions.edit_question(OPERATOR, built.id, 1, {**NEW, KK: " "}),
        lambda: questions.edit_topic(OPERATOR, built.id, topic, {KK: "", RU: "Деревья"}),
    ):
        assert refusal(deed) is Reason.OPENING_INCOMPLETE
    assert {key for key in versions(built) if versions(built)[key]} == {(1, KK), (1, RU), (1, EN)}


def test_after_closing_nothing_is_reworded(app: Flask) -> None:
    built = closed_consultation(app)
    topic = topics_of(built.id)[0].id
    for deed in (
        lambda: questions.edit_question(OPERATOR, built.id, 1, NEW),
        lambda: questions.edit_topic(OPERATOR, built.id, topic, NEW),
    ):
        assert refusal(deed) is Reason.STATE_FORBIDS


def test_saving_the_same_words_again_makes_no_version(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    comment(app, aigerim, built)
    padded = {language: f" {words}\n" for language, words in OPEN_QUESTION.texts.items()}
    assert questions.edit_question(OPERATOR, built.id, 1, padded) == 1


def test_each_comment_knows_the_version_and_the_language_that_it_answered(
    app: Flask, aigerim: Member, dauren: Member
) -> None:
    built = open_consultation(app)
    first = comment(app, aigerim, built, "Көшеге ағаш керек.")
    questions.edit_question(OPERATOR, built.id, 1, NEW)
    second = comment(app, dauren, built, "The street needs trees.")
    kept = {row.id: row for row in db.session.scalars(db.select(Comment))}
    assert [(kept[key].question_version, kept[key].question_language) for key in (first, second)] == [
        (1, aigerim.actor.language),
        (2, dauren.actor.language),
    ]
    assert (kept[first].language, kept[second].language) == (KK, EN)


def test_a_proposition_with_votes_is_not_reworded(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    assert questions.edit_question(OPERATOR, built.id, 2, NEW) == 2
    votes.vote_on_proposition(aigerim.actor, built.id, built.questions[1], Choice.AGREE, KK)
    vote = db.session.scalars(db.select(PropositionVote)).one()
    assert (vote.question_version, vote.question_language) == (2, KK)
    late = refusal(lambda: questions.edit_question(OPERATOR, built.id, 2, PROPOSITION.texts))
    assert late is Reason.QUESTION_ANSWERED
    assert questions.edit_question(OPERATOR, built.id, 2, NEW) == 2


def test_the_kind_of_an_answered_question_is_frozen(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)

    def to_proposition() -> int:
        texts = OPEN_QUESTION.texts
        return questions.edit_question(OPERATOR, built.id, 1, texts, QuestionKind.PROPOSITION)

    assert to_proposition() == 1
    questions.edit_question(OPERATOR, built.id, 1, OPEN_QUESTION.texts, QuestionKind.OPEN)
    comment(app, aigerim, built)
    assert refusal(to_proposition) is Reason.QUESTION_FROZEN


def test_numbers_count_from_one_without_gaps_after_a_removal(app: Flask) -> None:
    built = draft(app, questions=(OPEN_QUESTION, PROPOSITION, OPEN_QUESTION, PROPOSITION))
    assert numbers(built) == [1, 2, 3, 4]
    questions.remove_question(OPERATOR, built.id, 2)
    assert numbers(built) == [1, 2, 3]
    assert [card.id for card in questions_of(OPERATOR, built.id, KK)] == [
        built.questions[0], built.questions[2], built.questions[3],
    ]  # fmt: skip


def test_a_topic_goes_only_when_its_questions_have_gone(app: Flask) -> None:
    built = draft(app, questions=(OPEN_QUESTION,))
    topic = topics_of(built.id)[0].id
    assert refusal(lambda: questions.remove_topic(OPERATOR, built.id, topic)) is Reason.TOPIC_NOT_EMPTY
    questions.remove_question(OPERATOR, built.id, 1)
    questions.remove_topic(OPERATOR, built.id, topic)
    assert topics_of(built.id) == ()


def test_once_published_nothing_is_added_and_nothing_removed(app: Flask) -> None:
    built = open_consultation(app)
    topic = topics_of(built.id)[0].id
    for deed in (
        lambda: questions.add_topic(OPERATOR, built.id, TopicIn({KK: "x"})),
        lambda: questions.remove_topic(OPERATOR, built.id, topic),
        lambda: questions.add_question(OPERATOR, built.id, topic, NEW),
        lambda: questions.remove_question(OPERATOR, built.id, 1),
    ):
        assert refusal(deed) is Reason.STATE_FORBIDS
    assert numbers(built) == [1, 2]


def test_a_topic_title_can_be_corrected_after_publishing(app: Flask) -> None:
    built = open_consultation(app)
    topic = topics_of(built.id)[0].id
    questions.edit_topic(OPERATOR, built.id, topic, {RU: " Де\0ревья и кусты "})
    assert questions_of(GUEST, built.id, RU)[0].topic.text == "Деревья и кусты"


def test_texts_that_cannot_be_kept_are_refused(app: Flask) -> None:
    built = draft(app)
    topic = topics_of(built.id)[0].id
    long = {KK: "x" * (QUESTION_LONGEST + 1)}
    empty = {KK: " \0", RU: ""}
    assert refusal(lambda: questions.add_question(OPERATOR, built.id, topic, long)) is Reason.TEXT_TOO_LONG
    assert refusal(lambda: questions.add_question(OPERATOR, built.id, topic, empty)) is Reason.TITLE_MISSING
    assert refusal(lambda: questions.edit_question(OPERATOR, built.id, 1, empty)) is Reason.TITLE_MISSING
    assert refusal(lambda: questions.edit_topic(OPERATOR, built.id, topic, empty)) is Reason.TITLE_MISSING
    assert refusal(lambda: questions.edit_topic(OPERATOR, built.id, topic, long)) is Reason.TEXT_TOO_LONG


def test_topics_and_questions_of_another_consultation_are_not_found(app: Flask) -> None:
    built, other = draft(app), draft(app, slug="other")
    topic = topics_of(other.id)[0].id
    assert refusal(lambda: questions.edit_topic(OPERATOR, built.id, topic, NEW)) is Reason.NOT_FOUND
    assert refusal(lambda: questions.add_question(OPERATOR, built.id, topic, NEW)) is Reason.NOT_FOUND
    assert refusal(lambda: questions.edit_question(OPERATOR, built.id, 3, NEW)) is Reason.NOT_FOUND
