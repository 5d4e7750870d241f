"""Reading a consultation as a list of tasks, its texts side by side, and its period day by day."""

from dataclasses import dataclass

from consult.domain.consultations import Stage, Timetable
from consult.domain.durations import CountedDay, DurationRule, counted_days, days_of, duration_rule
from consult.domain.holidays import WorkCalendar
from consult.domain.languages import Language
from consult.domain.opening import GRACE, Check, Task, TaskState, planned_times, publish_check, task_states
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations
from consult.models.attachments import Attachment
from consult.models.base import db, now_in_database
from consult.models.consultations import Consultation
from consult.models.documents import SourceDocument
from consult.models.duties import ConsultationDuty
from consult.queries.access import key_at
from consult.queries.consultations import ConsultationView, consultation_at
from consult.queries.drafts import draft_of
from consult.queries.timetables import times_of


@dataclass(frozen=True)
class TaskList:
    """What is done for a consultation and what is not; `checks` is the whole checklist of the opening."""

    view: ConsultationView
    states: dict[Task, TaskState]
    checks: tuple[Check, ...]

    @property
    def is_draft(self) -> bool:
        return self.view.stage is Stage.DRAFT

    @property
    def may_open(self) -> bool:
        return self.is_draft and not any(check.blocks for check in self.checks)


@dataclass(frozen=True)
class Period:
    """The days of a consultation as its rule counts them; `times` is None while no closing lies ahead.

    `count` is how many days count, `days` lists them one by one where the rule asks for working days.
    """

    view: ConsultationView
    rule: DurationRule
    times: Timetable | None
    count: int
    days: tuple[CountedDay, ...]
    calendar: WorkCalendar
    short_period_reason: str

    @property
    def is_long_enough(self) -> bool:
        return self.count >= self.rule.days


def task_list(reader: Actor, slug: str, language: Language) -> TaskList:
    """The tasks of the consultation at an address, for its editors.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    row = _row(reader, slug)
    checks = publish_check(draft_of(row), now_in_database())
    states = task_states(
        checks,
        is_published=row.stage is not Stage.DRAFT,
        has_documents=_has(Attachment, row.id) or _has(SourceDocument, row.id),
        has_people=_has(ConsultationDuty, row.id),
    )
    return TaskList(consultation_at(reader, slug, language), states, checks)


def _row(reader: Actor, slug: str) -> Consultation:
    key = key_at(reader, may_edit_consultations, slug)
    return db.session.get_one(Consultation, key, populate_existing=True)


def _has(table: type[Attachment | SourceDocument | ConsultationDuty], consultation_id: int) -> bool:
    found = db.select(table.consultation_id).where(table.consultation_id == consultation_id).limit(1)
    return db.session.scalar(found) is not None


def period_of(reader: Actor, slug: str, language: Language) -> Period:
    """The period of the consultation at an address; of a draft as if it were published now.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    row = _row(reader, slug)
    draft, rule = draft_of(row), duration_rule(row.min_days_rule)
    is_draft = row.stage is Stage.DRAFT
    times = planned_times(draft, now_in_database()) if is_draft else times_of(row)
    graced = Timetable(times.opens_at - GRACE, times.closes_at) if times else None
    return Period(
        view=consultation_at(reader, slug, language),
        rule=rule,
        times=times,
        count=days_of(rule, graced, draft.calendar) if graced else 0,
        days=counted_days(rule, graced, draft.calendar) if graced and rule.is_working_days else (),
        calendar=draft.calendar,
        short_period_reason=row.short_period_reason,
    )
