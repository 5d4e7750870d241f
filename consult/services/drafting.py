"""Rows of consultations, topics and questions; ground of this floor, for deeds that make or fill a draft.

Every function works in the running transaction of the deed that calls it; none decides who may.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from consult.domain.consultations import ModerationMode, ResultsPolicy, Stage, timetable
from consult.domain.durations import DEFAULT_RULE, duration_rule
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.opening import missing_texts
from consult.domain.people import Actor
from consult.domain.questions import TEXT_LONGEST, TITLE_LONGEST, QuestionKind
from consult.domain.texts import is_blank, kept_text
from consult.models.base import db, now_in_database
from consult.models.consultations import Consultation, ConsultationText
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.models.rules import ConsultationRule
from consult.queries.drafts import draft_of
from consult.queries.rules import rules_now

Texts = Mapping[Language, str]
CONTACT_LONGEST = 300


@dataclass(frozen=True)
class TextIn:
    """The words of a consultation in one language; empty strings are texts not yet written."""

    title: str = ""
    summary: str = ""
    purpose: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Basics:
    """What an official fills in. Times are instants with a zone."""

    texts: Mapping[Language, TextIn] = field(default_factory=dict)
    contact: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    answer_due_on: date | None = None
    min_days_rule: str = DEFAULT_RULE
    short_period_reason: str = ""
    moderation_mode: ModerationMode = ModerationMode.PRE
    results_policy: ResultsPolicy = ResultsPolicy.AFTER_VOTING


@dataclass(frozen=True)
class TopicIn:
    """A topic as written: titles by language, and its place; without a passage it is editor's own."""

    titles: Texts
    passage_id: int | None = None
    agenda_day: date | None = None
    agenda_day_words: str = ""
    starts: str | None = None
    ends: str | None = None


def insert_consultation(actor: Actor, slug: str, basics: Basics) -> Consultation:
    """The rows of a new draft. Raises IntegrityError where the slug is taken."""
    row = Consultation(
        slug=slug,
        stage=Stage.DRAFT,
        secret=secrets.token_bytes(32),
        created_by=actor.person_id,
        created_at=now_in_database(),
    )
    fill(row, basics)
    db.session.add(row)
    db.session.flush()
    write_texts(row.id, basics.texts)
    return row


def locked(consultation_id: int) -> Consultation:
    """The row, locked until the transaction ends; Raises Refused(NOT_FOUND)."""
    row = db.session.get(Consultation, consultation_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def keep_rules(consultation_id: int) -> None:
    """Note the rules of moderation that hold in a consultation from its opening on."""
    db.session.add_all(
        ConsultationRule(
            consultation_id=consultation_id, code=rule.code, position=number, version=rule.version
        )
        for number, rule in enumerate(rules_now(), start=1)
    )


def check_stays_complete(row: Consultation) -> None:
    """What had to be there for the opening stays there: Raises Refused(OPENING_INCOMPLETE) with `missing`."""
    db.session.flush()
    missing = missing_texts(draft_of(row)) if row.stage is not Stage.DRAFT else ()
    if missing:
        raise Refused(Reason.OPENING_INCOMPLETE, missing=[item.value for item in missing])


def check_basics(basics: Basics) -> None:
    if all(is_blank(text.title) for text in basics.texts.values()):
        raise Refused(Reason.TITLE_MISSING)
    for text in basics.texts.values():
        for words, limit in (
            (text.title, TITLE_LONGEST),
            (text.authority, TITLE_LONGEST),
            (text.summary, TEXT_LONGEST),
            (text.purpose, TEXT_LONGEST),
        ):
            check_length(words, limit)
    check_length(basics.contact, CONTACT_LONGEST)
    check_length(basics.short_period_reason, TEXT_LONGEST)
    duration_rule(basics.min_days_rule)
    if basics.opens_at and basics.closes_at:
        timetable(basics.opens_at, basics.closes_at)


def check_length(words: str, limit: int) -> None:
    """Raises Refused(TEXT_TOO_LONG) where the text, as kept, has more characters than the limit."""
    if len(kept_text(words)) > limit:
        raise Refused(Reason.TEXT_TOO_LONG, limit=limit)


def fill(row: Consultation, basics: Basics) -> None:
    row.contact = kept_text(basics.contact)
    row.opens_at = basics.opens_at
    row.closes_at = basics.closes_at
    row.answer_due_on = basics.answer_due_on
    row.min_days_rule = basics.min_days_rule
    row.short_period_reason = kept_text(basics.short_period_reason)
    row.moderation_mode = basics.moderation_mode
    row.results_policy = basics.results_policy


def write_texts(consultation_id: int, texts: Mapping[Language, TextIn]) -> None:
    for language, text in texts.items():
        db.session.merge(
            ConsultationText(
                consultation_id=consultation_id,
                language=language,
                title=kept_text(text.title),
                summary=kept_text(text.summary),
                purpose=kept_text(text.purpose),
                authority=kept_text(text.authority),
            )
        )


def insert_topic(consultation_id: int, topic: TopicIn) -> Topic:
    """The rows of a topic, behind the others."""
    last = db.session.scalar(
        db.select(sa.func.max(Topic.position)).where(Topic.consultation_id == consultation_id)
    )
    row = Topic(
        consultation_id=consultation_id,
        position=(last or 0) + 1,
        passage_id=topic.passage_id,
        agenda_day=topic.agenda_day,
        agenda_day_words=topic.agenda_day_words[:200],
        starts=topic.starts,
        ends=topic.ends,
    )
    db.session.add(row)
    db.session.flush()
    write_titles(row, topic.titles)
    return row


def insert_question(consultation_id: int, topic_id: int, texts: Texts, kind: QuestionKind) -> Question:
    """The rows of a question, with the next number."""
    last = db.session.scalar(
        db.select(sa.func.max(Question.number)).where(Question.consultation_id == consultation_id)
    )
    row = Question(
        consultation_id=consultation_id, topic_id=topic_id, number=(last or 0) + 1, kind=kind, version=1
    )
    db.session.add(row)
    db.session.flush()
    write_question_texts(row, texts)
    return row


def write_titles(row: Topic, titles: Texts) -> None:
    for language, title in titles.items():
        db.session.merge(
            TopicText(
                consultation_id=row.consultation_id,
                topic_id=row.id,
                language=language,
                title=kept_text(title),
            )
        )


def write_question_texts(row: Question, texts: Texts) -> None:
    now = now_in_database()
    for language, words in texts.items():
        db.session.merge(
            QuestionText(
                consultation_id=row.consultation_id,
                question_id=row.id,
                version=row.version,
                language=language,
                text=kept_text(words),
                written_at=now,
            )
        )
