"""Reading a consultation as its opening rule looks at it."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Row

from consult.domain.languages import Language
from consult.domain.opening import Draft
from consult.domain.people import Duty, Role
from consult.models.base import db
from consult.models.consultations import Consultation, ConsultationText
from consult.models.documents import Passage
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.queries.holidays import work_calendar

Texts = dict[Language, str]


def draft_of(row: Consultation) -> Draft:
    """Everything that must be there before the opening, as it stands now; six queries."""
    texts = db.session.scalars(db.select(ConsultationText).filter_by(consultation_id=row.id)).all()
    return Draft(
        titles={text.language: text.title for text in texts},
        purposes={text.language: text.purpose for text in texts},
        authorities={text.language: text.authority for text in texts},
        contact=row.contact,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        answer_due_on=row.answer_due_on,
        rule_code=row.min_days_rule,
        short_period_reason=row.short_period_reason,
        topic_titles=_topic_titles(row.id),
        question_texts=_question_texts(row.id),
        whole_citations=_whole_citations(row.id),
        moderators=_moderators(row.id),
        calendar=work_calendar(),
    )


def _whole_citations(consultation_id: int) -> tuple[bool, ...]:
    """Of each topic that cites a document: whether the words and their place are there."""
    has_place = sa.func.coalesce(Passage.first_line, Passage.page, Passage.paragraph).is_not(None)
    rows = db.session.execute(
        db.select(Passage.quote != "", has_place)
        .join(Topic, Topic.passage_id == Passage.id)
        .where(Topic.consultation_id == consultation_id)
    )
    return tuple(has_words and is_placed for has_words, is_placed in rows)


def _moderators(consultation_id: int) -> int:
    """Accounts that may decide about comments of the consultation."""
    by_role = db.select(Person.id).where(
        Person.role.in_([Role.OFFICIAL, Role.ADMINISTRATOR]), Person.is_active
    )
    by_duty = (
        db.select(Person.id)
        .join(ConsultationDuty, ConsultationDuty.person_id == Person.id)
        .where(
            ConsultationDuty.consultation_id == consultation_id,
            ConsultationDuty.duty == Duty.MODERATOR,
            Person.is_active,
        )
    )
    either = sa.union(by_role, by_duty).subquery()
    return db.session.scalar(db.select(sa.func.count()).select_from(either)) or 0


def _topic_titles(consultation_id: int) -> tuple[Texts, ...]:
    rows = db.session.execute(
        db.select(Topic.id, TopicText.language, TopicText.title)
        .join(Question, Question.topic_id == Topic.id)
        .outerjoin(TopicText, TopicText.topic_id == Topic.id)
        .where(Topic.consultation_id == consultation_id)
        .distinct()
    )
    return _grouped(rows)


def _question_texts(consultation_id: int) -> tuple[Texts, ...]:
    rows = db.session.execute(
        db.select(Question.id, QuestionText.language, QuestionText.text)
        .outerjoin(
            QuestionText,
            (QuestionText.question_id == Question.id) & (QuestionText.version == Question.version),
        )
        .where(Question.consultation_id == consultation_id)
    )
    return _grouped(rows)


def _grouped(rows: Iterable[Row[int, Language, str]]) -> tuple[Texts, ...]:
    texts: dict[int, Texts] = {}
    for key, language, words in rows:
        found = texts.setdefault(key, {})
        if language is not None:
            found[language] = words
    return tuple(texts.values())
