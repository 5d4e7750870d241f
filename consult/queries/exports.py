"""What an export holds of a consultation and its questions, and the ground that all its tables share.

Tables answer records by column name; `domain.exports` picks the columns of a package. All reads of one export
belong inside one `snapshot`. The tables that grow are in `export_contributions`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from consult.domain.comments import CommentState
from consult.domain.consultations import State, is_slug, state_at
from consult.domain.durations import calendar_days, working_days
from consult.domain.exports import (
    ATTRIBUTED_CHANNEL,
    LICENCES,
    QUESTION_STATUS,
    Cell,
    Package,
    Record,
    attributed_states,
    holds_tallies,
    is_only_stub,
    question_id,
    topic_id,
)
from consult.domain.languages import Language, shown
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice, Tally
from consult.models.base import db, now_in_database
from consult.models.comments import Comment
from consult.models.consultations import Consultation, ConsultationText
from consult.models.documents import Passage, SourceDocument
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.holidays import work_calendar
from consult.queries.timetables import times_of

AT_ONCE = 500
"""Rows that are in memory at a time; the longest comments fill some megabytes then."""


@dataclass(frozen=True)
class Scope:
    """Of what and for whom an export is read; `language` is that of the report's sections."""

    consultation_id: int
    slug: str
    secret: bytes = field(repr=False)
    title: str
    state: State
    was_published: bool
    package: Package
    smallest_group: int
    language: Language
    has_tallies: bool
    is_stub: bool

    @property
    def is_public(self) -> bool:
        return self.package is Package.PUBLIC


@contextmanager
def snapshot() -> Iterator[None]:
    """One read-only transaction that sees one state of the database from its first read to its end."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
    try:
        yield
    finally:
        db.session.rollback()


def stream(statement: sa.Select[*tuple[Any, ...]]) -> Iterator[sa.Row[*tuple[Any, ...]]]:
    """The rows of a statement, `AT_ONCE` at a time.

    Both sizes are needed: without them the driver, or the result, holds every row at once.
    """
    result = db.session.execute(statement, execution_options={"yield_per": AT_ONCE})
    for part in result.partitions(AT_ONCE):
        yield from part


def scope_of(slug: str, package: Package, *, smallest_group: int, language: Language) -> Scope | None:
    """The scope of a consultation as it stands now by the database's clock; None where there is none."""
    row = db.session.scalar(sa.select(Consultation).filter_by(slug=slug)) if is_slug(slug) else None
    if row is None:
        return None
    state = state_at(row.stage, times_of(row), now_in_database())
    titles = {text.language: text.title for text in _texts(row.id)}
    return Scope(
        consultation_id=row.id,
        slug=row.slug,
        secret=row.secret,
        title=shown(titles, language).text or row.slug,
        state=state,
        was_published=row.published_at is not None,
        package=package,
        smallest_group=smallest_group,
        language=language,
        has_tallies=holds_tallies(package, row.results_policy, state),
        is_stub=is_only_stub(package, state),
    )


def _texts(consultation_id: int) -> list[ConsultationText]:
    statement = sa.select(ConsultationText).filter_by(consultation_id=consultation_id)
    return list(db.session.scalars(statement))


def consultations(scope: Scope) -> Iterator[Record]:
    """The consultation: one record, its single-language texts in the first language that has them."""
    row = db.session.get_one(Consultation, scope.consultation_id)
    texts = _texts(scope.consultation_id)
    times = times_of(row)
    yield {
        "consultation_id": row.slug,
        **_in_each_language("title", {text.language: text.title for text in texts}),
        "authority": shown({text.language: text.authority for text in texts}, scope.language).text,
        "contact": row.contact,
        "purpose": shown({text.language: text.purpose for text in texts}, scope.language).text,
        "status": scope.state.value,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "working_days_open": working_days(times, work_calendar()) if times else None,
        "calendar_days_open": calendar_days(times) if times else None,
        "min_days_rule": row.min_days_rule,
        "answer_due_on": row.answer_due_on,
        "answer_published_on": row.answer_published_on,
        **_source(scope),
        "licence": LICENCES[scope.package],
        "short_period_reason": row.short_period_reason,
        "withdrawal_reason": row.withdrawal_reason,
    }


def _in_each_language(column: str, texts: Mapping[Language, str]) -> dict[str, Cell]:
    return {f"{column}_{language}": texts.get(language) for language in Language}


def _source(scope: Scope) -> dict[str, Cell]:
    """The first source document; a consultation made from several names that one."""
    row = db.session.execute(
        sa.select(SourceDocument.title, SourceDocument.source_url, SourceDocument.sha256)
        .where(SourceDocument.consultation_id == scope.consultation_id)
        .order_by(SourceDocument.id)
        .limit(1)
    ).first()
    if row is None:
        return {}
    return {"source_title": row.title, "source_url": row.source_url, "source_sha256": row.sha256}


def questions(scope: Scope) -> Iterator[Record]:
    """The questions by number, with what is counted under each."""
    here = scope.consultation_id
    statement = (
        sa.select(Question, Topic, Passage)
        .join(Topic, Topic.id == Question.topic_id)
        .outerjoin(Passage, Passage.id == Topic.passage_id)
        .where(Question.consultation_id == here)
        .order_by(Question.number)
    )
    texts, topic_titles = question_texts(here), _topic_titles(here)
    comments, participants, tallies = _comment_counts(here), _participant_counts(scope), _tallies(here)
    for question, topic, passage in stream(statement):
        is_counted = scope.has_tallies and question.kind is QuestionKind.PROPOSITION
        yield {
            "question_id": question_id(scope.slug, question.number),
            "consultation_id": scope.slug,
            "topic_id": topic_id(scope.slug, topic.position),
            "position": question.number,
            **_in_each_language("topic", topic_titles.get(topic.id, {})),
            **_in_each_language("question", texts.get(question.id, {})),
            "text_version": question.version,
            "agenda_day": topic.agenda_day,
            **_citation(passage),
            "status": QUESTION_STATUS[scope.state],
            "comments_published": comments.get((question.id, CommentState.PUBLISHED), 0),
            "comments_withheld": comments.get((question.id, CommentState.WITHHELD), 0),
            "participants": participants.get(question.id, 0),
            **vote_cells(tallies.get(question.id, Tally()) if is_counted else None),
            "kind": question.kind.value,
        }


def question_texts(consultation_id: int) -> dict[int, dict[Language, str]]:
    """The newest text of each question by its id."""
    statement = (
        sa.select(QuestionText.question_id, QuestionText.language, QuestionText.text)
        .join(
            Question, (Question.id == QuestionText.question_id) & (Question.version == QuestionText.version)
        )
        .where(QuestionText.consultation_id == consultation_id)
    )
    return _by_id(db.session.execute(statement))


def _topic_titles(consultation_id: int) -> dict[int, dict[Language, str]]:
    statement = sa.select(TopicText.topic_id, TopicText.language, TopicText.title)
    return _by_id(db.session.execute(statement.where(TopicText.consultation_id == consultation_id)))


def _by_id(rows: Iterable[sa.Row[int, Language, str]]) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = {}
    for key, language, words in rows:
        found.setdefault(key, {})[language] = words
    return found


def _citation(passage: Passage | None) -> dict[str, Cell]:
    if passage is None:
        return {}
    lines = f"{passage.first_line}-{passage.last_line}" if passage.first_line is not None else None
    return {
        "agenda_lines": lines,
        "agenda_quote": passage.quote,
        "agenda_page": passage.page,
        "agenda_paragraph": passage.paragraph,
    }


def vote_cells(tally: Tally | None) -> dict[str, Cell]:
    """The three columns of counted votes; empty where the package does not hold them."""
    if tally is None:
        return {}
    return {"votes_agree": tally.agree, "votes_disagree": tally.disagree, "votes_pass": tally.pass_}


def _comment_counts(consultation_id: int) -> dict[tuple[int, CommentState], int]:
    rows = db.session.execute(
        sa.select(Comment.question_id, Comment.state, sa.func.count())
        .where(Comment.consultation_id == consultation_id)
        .group_by(Comment.question_id, Comment.state)
    )
    return {(question, state): count for question, state, count in rows}


def tally_columns(choice: sa.ColumnElement[int] | InstrumentedAttribute[int]) -> list[sa.ColumnElement[int]]:
    """Columns of a grouped select of votes, in the order of `Tally`: how many chose what."""
    return [
        sa.func.count().filter(choice == wanted) for wanted in (Choice.AGREE, Choice.DISAGREE, Choice.PASS)
    ]


def _tallies(consultation_id: int) -> dict[int, Tally]:
    rows = db.session.execute(
        sa.select(PropositionVote.question_id, *tally_columns(PropositionVote.choice))
        .where(PropositionVote.consultation_id == consultation_id)
        .group_by(PropositionVote.question_id)
    )
    return {question: Tally(*counts) for question, *counts in rows}


def is_attributed_here(scope: Scope) -> sa.ColumnElement[bool]:
    """Condition: a comment that names its author's pseudonym. The SQL twin of `exports.is_attributed`."""
    return sa.and_(
        Comment.consultation_id == scope.consultation_id,
        Comment.state.in_(attributed_states(scope.package)),
        Comment.channel == ATTRIBUTED_CHANNEL,
        Comment.author_id.is_not(None),
    )


def is_item_here(scope: Scope) -> sa.ColumnElement[bool]:
    """Condition: a comment that came by another channel, and counts as somebody taking part."""
    return sa.and_(
        Comment.consultation_id == scope.consultation_id,
        Comment.state.in_(attributed_states(scope.package)),
        Comment.channel != ATTRIBUTED_CHANNEL,
        Comment.author_id.is_(None),
    )


def _participant_counts(scope: Scope) -> dict[int, int]:
    """Distinct people by question: who commented, who voted on a comment, who voted on the proposition.

    Each item of another channel counts as one more.
    """
    here = scope.consultation_id
    commented = sa.select(Comment.question_id, Comment.author_id).where(is_attributed_here(scope))
    voted = (
        sa.select(Comment.question_id, CommentVote.person_id)
        .join(
            Comment,
            (Comment.consultation_id == CommentVote.consultation_id) & (Comment.id == CommentVote.comment_id),
        )
        .where(CommentVote.consultation_id == here)
    )
    answered = sa.select(PropositionVote.question_id, PropositionVote.person_id).where(
        PropositionVote.consultation_id == here
    )
    each = sa.union(commented, voted, answered).subquery()
    rows = db.session.execute(sa.select(each.c.question_id, sa.func.count()).group_by(each.c.question_id))
    counts = {question: count for question, count in rows}  # noqa: C416 - rows are no plain pairs for mypy
    items = sa.select(Comment.question_id, sa.func.count()).where(is_item_here(scope))
    for question, count in db.session.execute(items.group_by(Comment.question_id)):
        counts[question] = counts.get(question, 0) + count
    return counts
