"""Topics and questions: adding, editing and removing them."""

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import Stage, State, state_at
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.domain.questions import QUESTION_LONGEST, TITLE_LONGEST, QuestionKind, next_version
from consult.domain.texts import is_blank, kept_text
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.questions import Question, QuestionText, Topic
from consult.models.votes import PropositionVote
from consult.queries.timetables import times_of
from consult.services import audit, indexing
from consult.services.drafting import (
    Texts,
    TopicIn,
    check_length,
    check_stays_complete,
    insert_question,
    insert_topic,
    locked,
    write_question_texts,
    write_titles,
)


def add_topic(actor: Actor, consultation_id: int, topic: TopicIn) -> int:
    """Add a topic behind the others of a draft; answers its id.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS once published, TITLE_MISSING, TEXT_TOO_LONG.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_titles(topic.titles)
    with transaction():
        _drafts_lock(consultation_id)
        row = insert_topic(consultation_id, topic)
        audit.record(actor, Entry(Act.TOPIC_ADDED, Thing.TOPIC, row.id, consultation_id))
    return row.id


def edit_topic(
    actor: Actor, consultation_id: int, topic_id: int, titles: Texts, *, edition: int | None = None
) -> None:
    """Replace the titles of a topic as it was at `edition`, None for whatever it is; its citation stays.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, TITLE_MISSING, TEXT_TOO_LONG, STATE_FORBIDS when it is over,
            VERSION_CONFLICT.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_titles(titles)
    with transaction():
        consultation = _words_lock(consultation_id)
        row = _topic(consultation_id, topic_id)
        _next_edition(row, edition)
        write_titles(row, titles)
        check_stays_complete(consultation)
        indexing.index_consultation(consultation_id)
        audit.record(actor, Entry(Act.TOPIC_EDITED, Thing.TOPIC, topic_id, consultation_id))


def remove_topic(actor: Actor, consultation_id: int, topic_id: int) -> None:
    """Remove a topic of a draft that has no questions.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS once published, TOPIC_NOT_EMPTY.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        _drafts_lock(consultation_id)
        row = _topic(consultation_id, topic_id)
        if db.session.scalar(db.select(Question.id).filter_by(topic_id=topic_id).limit(1)):
            raise Refused(Reason.TOPIC_NOT_EMPTY)
        db.session.delete(row)
        audit.record(actor, Entry(Act.TOPIC_REMOVED, Thing.TOPIC, topic_id, consultation_id))


def add_question(
    actor: Actor, consultation_id: int, topic_id: int, texts: Texts, kind: QuestionKind = QuestionKind.OPEN
) -> int:
    """Ask a question under a topic of a draft; answers its number, counted from 1 in the consultation.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS once published, TITLE_MISSING, TEXT_TOO_LONG.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_question(texts)
    with transaction():
        _drafts_lock(consultation_id)
        _topic(consultation_id, topic_id)
        row = insert_question(consultation_id, topic_id, texts, kind)
        audit.record(actor, Entry(Act.QUESTION_ADDED, Thing.QUESTION, row.id, consultation_id))
    return row.number


def edit_question(
    actor: Actor,
    consultation_id: int,
    number: int,
    texts: Texts,
    kind: QuestionKind | None = None,
    *,
    edition: int | None = None,
) -> int:
    """Change the words of a question as it was at `edition`, None for whatever it is; answers their version.

    Words that were published are kept as they are: the change becomes a new version. A proposition that
    somebody voted on is not reworded: the votes would stand under words that nobody voted on.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, TITLE_MISSING, TEXT_TOO_LONG, STATE_FORBIDS when it is over,
            VERSION_CONFLICT, QUESTION_FROZEN when the kind would change after an answer, QUESTION_ANSWERED
            for a proposition with votes, OPENING_INCOMPLETE where a text needed for opening would go.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    _check_question(texts)
    with transaction():
        consultation = _words_lock(consultation_id)
        row = _question(consultation_id, number)
        _next_edition(row, edition)
        is_answered, is_changed = _is_answered(row), _stripped(texts) != _current_texts(row)
        if is_answered:
            _check_frozen(row, kind, is_changed=is_changed)
        row.kind = kind or row.kind
        # Once published, somebody may be answering at this moment: a change never overwrites what is read.
        row.version = next_version(
            row.version,
            is_answered=is_answered or consultation.stage is not Stage.DRAFT,
            is_changed=is_changed,
        )
        write_question_texts(row, texts)
        check_stays_complete(consultation)
        indexing.index_consultation(consultation_id)
        audit.record(
            actor,
            Entry(Act.QUESTION_EDITED, Thing.QUESTION, row.id, consultation_id, {"version": row.version}),
        )
        return row.version


def remove_question(actor: Actor, consultation_id: int, number: int) -> None:
    """Remove a question of a draft; the later ones move up by one.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS once published.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        _drafts_lock(consultation_id)
        row = _question(consultation_id, number)
        db.session.delete(row)
        db.session.flush()
        later = db.session.scalars(
            db.select(Question)
            .where(Question.consultation_id == consultation_id, Question.number > number)
            .order_by(Question.number)
        ).all()
        for question in later:
            question.number -= 1
            db.session.flush()
        audit.record(actor, Entry(Act.QUESTION_REMOVED, Thing.QUESTION, row.id, consultation_id))


def _next_edition(row: Topic | Question, seen: int | None) -> None:
    if seen is not None and seen != row.edition:
        raise Refused(Reason.VERSION_CONFLICT)
    row.edition += 1


def _check_frozen(row: Question, kind: QuestionKind | None, *, is_changed: bool) -> None:
    """What an answered question no longer allows."""
    if kind is not None and kind is not row.kind:
        raise Refused(Reason.QUESTION_FROZEN)
    if is_changed and row.kind is QuestionKind.PROPOSITION:
        raise Refused(Reason.QUESTION_ANSWERED)


def _check_titles(titles: Texts) -> None:
    _check(titles, TITLE_LONGEST)


def _check_question(texts: Texts) -> None:
    _check(texts, QUESTION_LONGEST)


def _check(texts: Texts, limit: int) -> None:
    if all(is_blank(words) for words in texts.values()):
        raise Refused(Reason.TITLE_MISSING)
    for words in texts.values():
        check_length(words, limit)


def _drafts_lock(consultation_id: int) -> None:
    """The consultation locked, and refused unless it is a draft."""
    row = locked(consultation_id)
    if row.stage is not Stage.DRAFT:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)


def _words_lock(consultation_id: int) -> Consultation:
    """The consultation locked, and refused once it is over: what people answered is not reworded."""
    row = locked(consultation_id)
    state = state_at(row.stage, times_of(row), now_in_database())
    if state not in {State.DRAFT, State.SCHEDULED, State.OPEN}:
        raise Refused(Reason.STATE_FORBIDS, state=state.value)
    return row


def _topic(consultation_id: int, topic_id: int) -> Topic:
    row: Topic | None = db.session.scalar(
        db.select(Topic).filter_by(consultation_id=consultation_id, id=topic_id)
    )
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def _question(consultation_id: int, number: int) -> Question:
    row: Question | None = db.session.scalar(
        db.select(Question).filter_by(consultation_id=consultation_id, number=number)
    )
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def _is_answered(row: Question) -> bool:
    key = {"consultation_id": row.consultation_id, "question_id": row.id}
    return any(
        db.session.scalar(db.select(sa.literal(1)).select_from(table).filter_by(**key).limit(1))
        for table in (Comment, PropositionVote)
    )


def _stripped(texts: Texts) -> dict[Language, str]:
    return {language: kept for language, words in texts.items() if (kept := kept_text(words))}


def _current_texts(row: Question) -> dict[Language, str]:
    found = db.session.scalars(
        db.select(QuestionText).filter_by(
            consultation_id=row.consultation_id, question_id=row.id, version=row.version
        )
    )
    return {text.language: text.text for text in found if text.text}
