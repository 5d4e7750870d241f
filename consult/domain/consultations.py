"""States of a consultation, its timetable, and what must be there before it opens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from consult.domain.errors import Reason, Refused
from consult.domain.languages import REQUIRED, Language

ZONE = ZoneInfo("Asia/Almaty")
"""One time for all of Kazakhstan since 1 March 2024: UTC+05:00."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are slips of the hand, and far ones would make every count of days slow."""


class Stage(StrEnum):
    """What somebody decided; kept in the table. Time adds the rest, see `state_at`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """What a reader is told: the stage, and for a published consultation what the clock makes of it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


NEXT_STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.PUBLISHED, Stage.WITHDRAWN}),
    Stage.PUBLISHED: frozenset({Stage.ANSWERED, Stage.WITHDRAWN}),
    Stage.ANSWERED: frozenset({Stage.ARCHIVED, Stage.WITHDRAWN}),
    Stage.ARCHIVED: frozenset({Stage.WITHDRAWN}),
    Stage.WITHDRAWN: frozenset(),
}


class ModerationMode(StrEnum):
    """PRE: a comment waits for a moderator. POST: it appears at once and may be withheld later."""

    PRE = "pre"
    POST = "post"


class ResultsPolicy(StrEnum):
    """When results are shown to citizens: to each voter after voting, or to all only after closing."""

    AFTER_VOTING = "after_voting"
    AFTER_CLOSING = "after_closing"


@dataclass(frozen=True)
class Timetable:
    """When a consultation takes input: from `opens_at` (included) to `closes_at` (excluded), both UTC."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def timetable(opens_at: datetime, closes_at: datetime) -> Timetable:
    """Raises Refused: TIMETABLE_UPSIDE_DOWN unless it opens before it closes, DATE_OUT_OF_RANGE."""
    check_instant(opens_at)
    check_instant(closes_at)
    if not opens_at < closes_at:
        raise Refused(Reason.TIMETABLE_UPSIDE_DOWN)
    return Timetable(opens_at, closes_at)


def check_instant(moment: datetime) -> None:
    """Raises Refused(DATE_OUT_OF_RANGE) for what lies before the year 2000 or after 2099."""
    if not EARLIEST <= moment < LATEST:
        raise Refused(Reason.DATE_OUT_OF_RANGE)


def state_at(stage: Stage, times: Timetable | None, now: datetime) -> State:
    """The state that a reader is told at an instant."""
    if stage is not Stage.PUBLISHED or times is None:
        return State(stage.value) if stage is not Stage.PUBLISHED else State.DRAFT
    if now < times.opens_at:
        return State.SCHEDULED
    return State.OPEN if times.holds(now) else State.CLOSED


def check_stage_move(current: Stage, wanted: Stage) -> None:
    """Raises Refused(STATE_FORBIDS) where no move leads from the current stage to the wanted one."""
    if wanted not in NEXT_STAGES[current]:
        raise Refused(Reason.STATE_FORBIDS, state=current.value)


@dataclass(frozen=True)
class DurationRule:
    """A named minimum: `days` of the kind that `is_working_days` says."""

    code: str
    days: int
    is_working_days: bool


DURATION_RULES: Mapping[str, DurationRule] = {
    rule.code: rule
    for rule in (
        DurationRule("default-28d", 28, is_working_days=False),
        DurationRule("KZ-10wd", 10, is_working_days=True),
        DurationRule("EU-84d", 84, is_working_days=False),
    )
}
DEFAULT_RULE = "default-28d"


def duration_rule(code: str) -> DurationRule:
    """Raises Refused(RULE_UNKNOWN) for a code that is none."""
    try:
        return DURATION_RULES[code]
    except KeyError:
        raise Refused(Reason.RULE_UNKNOWN) from None


def calendar_days(times: Timetable) -> int:
    """Whole days between opening and closing, rounded down."""
    return (times.closes_at - times.opens_at).days


def working_days(times: Timetable, holidays: frozenset[date] = frozenset()) -> int:
    """Days from opening to closing that are Monday to Friday and no holiday; the first day counts."""
    days = (local_day(times.opens_at) + timedelta(n) for n in range(calendar_days(times)))
    return sum(1 for day in days if day.weekday() < 5 and day not in holidays)  # noqa: PLR2004 - Saturday


def is_long_enough(rule: DurationRule, times: Timetable, holidays: frozenset[date] = frozenset()) -> bool:
    """Whether the timetable reaches the rule's minimum."""
    days = working_days(times, holidays) if rule.is_working_days else calendar_days(times)
    return days >= rule.days


class Missing(StrEnum):
    """What a consultation still lacks before it may open; each is a line of the checklist."""

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


@dataclass(frozen=True)
class Draft:
    """What the opening rule looks at; every mapping may lack languages; without `opens_at` it opens now."""

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
    holidays: frozenset[date] = frozenset()


def missing_for_opening(draft: Draft, now: datetime) -> tuple[Missing, ...]:
    """What still blocks the opening, in the order of the checklist; empty when it may open."""
    return (*missing_texts(draft), *_missing_dates(draft, now))


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
    }
    return tuple(item for item, is_there in checks.items() if not is_there)


def _in_required(texts: Mapping[Language, str]) -> bool:
    return all(texts.get(language) for language in REQUIRED)


def _missing_dates(draft: Draft, now: datetime) -> list[Missing]:
    if draft.closes_at is None:
        return [Missing.TIMETABLE]
    times = Timetable(max(draft.opens_at or now, now), draft.closes_at)
    if draft.closes_at <= times.opens_at:
        return [Missing.CLOSING_AHEAD]
    lacking = []
    if draft.answer_due_on is None:
        lacking.append(Missing.ANSWER_DATE)
    elif draft.answer_due_on < local_day(draft.closes_at):
        lacking.append(Missing.ANSWER_AFTER_CLOSING)
    # Ten minutes of grace: the default closing was computed when the form was opened, not when it was sent.
    graced = Timetable(times.opens_at - timedelta(minutes=10), times.closes_at)
    rule = duration_rule(draft.rule_code)
    if not is_long_enough(rule, graced, draft.holidays) and not draft.short_period_reason:
        lacking.append(Missing.SHORT_PERIOD_REASON)
    return lacking


def check_extension(times: Timetable, new_closing: datetime, now: datetime) -> None:
    """A closing date moves only forward, and only while the consultation is not over.

    Raises:
        Refused: CONSULTATION_CLOSED, CLOSING_ONLY_EXTENDED, DATE_OUT_OF_RANGE.
    """
    check_instant(new_closing)
    if now >= times.closes_at:
        raise Refused(Reason.CONSULTATION_CLOSED)
    if new_closing <= times.closes_at:
        raise Refused(Reason.CLOSING_ONLY_EXTENDED)


def is_answer_overdue(state: State, answer_due_on: date | None, today: date) -> bool:
    """Whether the promised day has passed without an answer."""
    return state is State.CLOSED and answer_due_on is not None and today > answer_due_on


def local_day(moment: datetime) -> date:
    """The day on Kazakhstan's calendars, by which periods and promises are counted."""
    return moment.astimezone(ZONE).date()


_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


def is_slug(slug: str) -> bool:
    return _SLUG.fullmatch(slug) is not None


def check_slug(slug: str) -> str:
    """The address part of a consultation: 1 to 60 of a-z, 0-9 and inner hyphens.

    Raises:
        Refused: SLUG_INVALID.
    """
    if not is_slug(slug):
        raise Refused(Reason.SLUG_INVALID)
    return slug
