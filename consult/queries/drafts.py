"""Reading a consultation as its opening rule looks at it."""

from collections.abc import Iterable

from sqlalchemy import Row

from consult.domain.consultations import Draft
from consult.domain.languages import Language
from consult.models.base import db
from consult.models.consultations import Consultation, ConsultationText
from consult.models.questions import Question, QuestionText, Topic, TopicText

Texts = dict[Language, str]


def draft_of(row: Consultation) -> Draft:
    """Everything that must be there before the opening, as it stands now; three queries."""
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
    )


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
