"""Another consultation like one that is there: its words and files, never its answers."""

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import Stage
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Duty
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.duties import ConsultationDuty
from consult.models.questions import QuestionText
from consult.queries.attachments import attachments_of, content_of_attachment
from consult.queries.documents import content_of, documents_of
from consult.queries.editing import editing_of
from consult.services import agendas, attachments, consultations, duties, questions
from consult.services.duplicates import duplicate_consultation
from tests.support.cast import Built, Cast, comment, draft, open_consultation, refusal
from tests.support.scenes import AGENDA, PICTURE


def whole(app: Flask, people: Cast) -> Built:
    """An open consultation with an agenda, a file, people, comments and a question that was reworded."""
    built = draft(app)
    agendas.import_agenda(OPERATOR, built.slug, AGENDA.encode(), "agenda.txt", Language.KK)
    cited = next(topic for topic in editing_of(OPERATOR, built.id, Language.KK).topics if topic.citation)
    texts = {Language.KK: "Ағаштарды кім күтеді?", Language.RU: "Кто ухаживает за деревьями?"}
    for topic in editing_of(OPERATOR, built.id, Language.KK).topics:
        questions.edit_topic(OPERATOR, built.id, topic.id, {**topic.titles, Language.RU: "Тема"})
    questions.add_question(OPERATOR, built.id, cited.id, texts)
    attachments.add_attachment(
        OPERATOR, built.id, PICTURE, "plan.png", {Language.KK: "Жоспар", Language.RU: "План"}, Language.RU
    )
    duties.appoint(OPERATOR, built.id, people.aigerim.email, Duty.MODERATOR)
    consultations.open_consultation(OPERATOR, built.id)
    comment(app, people.dauren, built)
    questions.edit_question(OPERATOR, built.id, 1, {Language.KK: "Жаңа сөздер?", Language.RU: "Новые слова?"})
    return built


def test_texts_citations_questions_and_files_are_copied_and_answers_are_not(
    inside: Flask, people: Cast
) -> None:
    built = whole(inside, people)
    copied = duplicate_consultation(people.moderator.actor, built.id, "next-year")
    old, new = (editing_of(OPERATOR, key, Language.KK) for key in (built.id, copied))
    assert new.row.stage is Stage.DRAFT
    assert (new.row.opens_at, new.row.closes_at, new.row.answer_due_on) == (None, None, None)
    assert new.row.secret != old.row.secret
    assert new.row.created_by == people.moderator.id
    assert {code: text.title for code, text in new.texts.items()} == {
        code: text.title for code, text in old.texts.items()
    }
    assert [topic.titles for topic in new.topics] == [topic.titles for topic in old.topics]
    assert [topic.citation and topic.citation.quote for topic in new.topics] == [
        topic.citation and topic.citation.quote for topic in old.topics
    ]
    asked = [[question.texts for question in topic.questions] for topic in new.topics]
    assert asked == [[question.texts for question in topic.questions] for topic in old.topics]
    assert {question.version for topic in new.topics for question in topic.questions} == {1}
    assert copies(built.id) == copies(copied)
    assert rows(Comment, copied) == rows(ConsultationDuty, copied) == 0
    assert rows(QuestionText, copied) < rows(QuestionText, built.id)


def copies(consultation_id: int) -> list[tuple[str, bytes]]:
    """Names and bytes of every document and file."""
    sources = [content_of(consultation_id, each.id) for each in documents_of(consultation_id)]
    files = attachments_of(consultation_id, Language.KK)
    return sources + [(each.title.text, content_of_attachment(consultation_id, each.id)) for each in files]


def rows(table: type[Comment | ConsultationDuty | QuestionText], consultation_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(table).filter_by(consultation_id=consultation_id)
    return db.session.scalar(query) or 0


def test_the_citations_of_a_copy_point_to_its_own_documents(inside: Flask, people: Cast) -> None:
    built = whole(inside, people)
    copied = duplicate_consultation(OPERATOR, built.id, "next-year")
    own = {document.id for document in documents_of(copied)}
    cited = [topic.citation for topic in editing_of(OPERATOR, copied, Language.KK).topics if topic.citation]
    assert cited
    assert {citation.document_id for citation in cited} == own


def test_a_copy_is_opened_and_answered_like_any_other(inside: Flask, people: Cast) -> None:
    built = whole(inside, people)
    copied = duplicate_consultation(OPERATOR, built.id, "next-year")
    assert refusal(lambda: consultations.open_consultation(OPERATOR, copied)) is Reason.OPENING_INCOMPLETE


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("green-street", Reason.SLUG_TAKEN), ("No address", Reason.SLUG_INVALID), ("new", Reason.SLUG_INVALID)],
)
def test_a_copy_needs_an_address_of_its_own(inside: Flask, slug: str, reason: Reason) -> None:
    built = draft(inside)
    assert refusal(lambda: duplicate_consultation(OPERATOR, built.id, slug)) is reason


def test_strangers_and_editors_by_duty_copy_nothing(inside: Flask, people: Cast) -> None:
    built = open_consultation(inside)
    duties.appoint(OPERATOR, built.id, people.dauren.email, Duty.EDITOR)
    for member in (people.dauren, people.aigerim):
        deed = partial(duplicate_consultation, member.actor, built.id, "copy")
        assert refusal(deed) is Reason.NOT_PERMITTED
    assert refusal(lambda: duplicate_consultation(OPERATOR, 99, "copy")) is Reason.NOT_FOUND
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Consultation)) == 1
