"""What must be there before a consultation opens: one checklist, which is shown and blocks the opening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from consult.domain.consultations import Timetable, local_day
from consult.domain.durations import duration_rule, is_long_enough
from consult.domain.holidays import WorkCalendar
from consult.domain.languages import REQUIRED, Language

GRACE = timedelta(minutes=10)
"""The default closing was computed when the form was opened, not when it was sent."""
FEWEST_MODERATORS = 2


class Missing(StrEnum):
    """Lines of the checklist: what a consultation may lack before it opens."""

    TITLE = "title"
    PURPOSE = "purpose"
    AUTHORITY = "authority"
    CONTACT = "contact"
    TIMETABLE = "timetable"
    CLOSING_AHEAD = "closing_ahead"
    ANSWER_DATE = "answer_date"
    ANSWER_AFTER_CLOSING = "answer_after_closing"
    SHORT_PERIOD_REASON = "short_period_reason"
    QUESTIONS = "questions"
    QUESTION_TEXTS = "question_texts"
    TOPIC_TITLES = "topic_titles"
    CITATIONS = "citations"
    SECOND_MODERATOR = "second_moderator"


ADVICE = frozenset({Missing.SECOND_MODERATOR})
"""Lines that are shown and block nothing: people may be appointed at any time."""


@dataclass(frozen=True)
class Draft:
    """What the opening rule looks at; every mapping may lack languages; without `opens_at` it opens now.

    `whole_citations` says of each topic from a document whether its citation has its words and its place.
    `moderators` counts who may decide about its comments.
    """

    titles: Mapping[Language, str]
    purposes: Mapping[Language, str]
    authorities: Mapping[Language, str]
    contact: str
    opens_at: datetime | None
    closes_at: datetime | None
    answer_due_on: date | None
    rule_code: str
    short_period_reason: str
    topic_titles: tuple[Mapping[Language, str], ...]
    question_texts: tuple[Mapping[Language, str], ...]
    whole_citations: tuple[bool, ...] = ()
    moderators: int = FEWEST_MODERATORS
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


@dataclass(frozen=True)
class Check:
    """A line of the checklist; one that is not met blocks the opening, unless it is advice."""

    item: Missing
    is_met: bool

    @property
    def blocks(self) -> bool:
        return not self.is_met and self.item not in ADVICE


def publish_check(draft: Draft, now: datetime) -> tuple[Check, ...]:
    """Every line of the checklist in its order, met or not."""
    unmet = {*missing_texts(draft), *_missing_dates(draft, now)}
    if draft.moderators < FEWEST_MODERATORS:
        unmet.add(Missing.SECOND_MODERATOR)
    return tuple(Check(item, item not in unmet) for item in Missing)


def missing_for_opening(draft: Draft, now: datetime) -> tuple[Missing, ...]:
    """What still blocks the opening, in the order of the checklist; empty when it may open."""
    return tuple(check.item for check in publish_check(draft, now) if check.blocks)


def missing_texts(draft: Draft) -> tuple[Missing, ...]:
    """What must be written before the opening and stay written after it; empty when all is there."""
    checks = {
        Missing.TITLE: _in_required(draft.titles),
        Missing.PURPOSE: _in_required(draft.purposes),
        Missing.AUTHORITY: _in_required(draft.authorities),
        Missing.CONTACT: bool(draft.contact),
        Missing.QUESTIONS: bool(draft.question_texts),
        Missing.TOPIC_TITLES: all(map(_in_required, draft.topic_titles)),
        Missing.QUESTION_TEXTS: all(map(_in_required, draft.question_texts)),
        Missing.CITATIONS: all(draft.whole_citations),
    }
    return tuple(item for item, is_there in checks.items() if not is_there)


def _in_required(texts: Mapping[Language, str]) -> bool:
    return all(texts.get(language) for language in REQUIRED)


def _missing_dates(draft: Draft, now: datetime) -> list[Missing]:
    times = planned_times(draft, now)
    if times is None:
        return [Missing.TIMETABLE if draft.closes_at is None else Missing.CLOSING_AHEAD]
    lacking = []
    if draft.answer_due_on is None:
        lacking.append(Missing.ANSWER_DATE)
    elif draft.answer_due_on < local_day(times.closes_at):
        lacking.append(Missing.ANSWER_AFTER_CLOSING)
    graced = Timetable(times.opens_at - GRACE, times.closes_at)
    rule = duration_rule(draft.rule_code)
    if not is_long_enough(rule, graced, draft.calendar) and not draft.short_period_reason:
        lacking.append(Missing.SHORT_PERIOD_REASON)
    return lacking


def planned_times(draft: Draft, now: datetime) -> Timetable | None:
    """From when to when it would be open if it were published now; None without a closing ahead."""
    opens_at = max(draft.opens_at or now, now)
    if draft.closes_at is None or draft.closes_at <= opens_at:
        return None
    return Timetable(opens_at, draft.closes_at)


class Task(StrEnum):
    """What there is to do for a consultation, in the order of the task list."""

    BASICS = "basics"
    QUESTIONS = "questions"
    DATES = "dates"
    TRANSLATIONS = "translations"
    DOCUMENTS = "documents"
    PEOPLE = "people"
    PREVIEW = "preview"
    CHECK = "check"


class TaskState(StrEnum):
    """BLOCKED: other tasks come first. OPTIONAL: nothing asks for it, and nothing is there yet."""

    DONE = "done"
    NOT_YET = "not_yet"
    BLOCKED = "blocked"
    OPTIONAL = "optional"


TASK_OF: Mapping[Missing, Task] = {
    Missing.TITLE: Task.BASICS,
    Missing.PURPOSE: Task.BASICS,
    Missing.AUTHORITY: Task.BASICS,
    Missing.CONTACT: Task.BASICS,
    Missing.TIMETABLE: Task.DATES,
    Missing.CLOSING_AHEAD: Task.DATES,
    Missing.ANSWER_DATE: Task.DATES,
    Missing.ANSWER_AFTER_CLOSING: Task.DATES,
    Missing.SHORT_PERIOD_REASON: Task.DATES,
    Missing.QUESTIONS: Task.QUESTIONS,
    Missing.QUESTION_TEXTS: Task.TRANSLATIONS,
    Missing.TOPIC_TITLES: Task.TRANSLATIONS,
    Missing.CITATIONS: Task.QUESTIONS,
    Missing.SECOND_MODERATOR: Task.PEOPLE,
}
"""Where each line of the checklist is dealt with."""


def task_states(
    checks: tuple[Check, ...], *, is_published: bool, has_documents: bool, has_people: bool
) -> dict[Task, TaskState]:
    """The state of every task; a published consultation has nothing left to do before its opening."""
    unmet = set() if is_published else {TASK_OF[check.item] for check in checks if check.blocks}
    states = {task: TaskState.NOT_YET if task in unmet else TaskState.DONE for task in Task}
    lacks_questions = any(check.item is Missing.QUESTIONS and check.blocks for check in checks)
    if lacks_questions and not is_published:
        states[Task.TRANSLATIONS] = states[Task.PREVIEW] = TaskState.BLOCKED
    if not has_documents:
        states[Task.DOCUMENTS] = TaskState.OPTIONAL
    if not has_people:
        states[Task.PEOPLE] = TaskState.OPTIONAL
    if not is_published:
        states[Task.CHECK] = TaskState.BLOCKED if unmet else TaskState.NOT_YET
    return states
