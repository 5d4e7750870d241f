"""Making, editing, opening, extending, closing and withdrawing consultations."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from consult.domain.audit import Act, Entry, Thing
from consult.domain.consultations import (
    Stage,
    State,
    check_extension,
    check_slug,
    check_stage_move,
    local_day,
    state_at,
)
from consult.domain.durations import calendar_days
from consult.domain.errors import Reason, Refused
from consult.domain.mail import Kind
from consult.domain.moderation import reason_text
from consult.domain.opening import missing_for_opening
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require, require_in
from consult.domain.texts import kept_text
from consult.models.base import now_in_database, transaction
from consult.models.consultations import Consultation
from consult.queries.drafts import draft_of
from consult.queries.timetables import times_of
from consult.services import audit, indexing, outbox
from consult.services.drafting import (
    Basics,
    check_basics,
    check_stays_complete,
    fill,
    insert_consultation,
    keep_rules,
    locked,
    write_texts,
)


def create_consultation(actor: Actor, slug: str, basics: Basics) -> int:
    """Make a draft; answers its id.

    Raises:
        Refused: NOT_PERMITTED, SLUG_INVALID, SLUG_TAKEN, TITLE_MISSING in every language, TEXT_TOO_LONG,
            TIMETABLE_UPSIDE_DOWN.
    """
    require(actor, may_edit_consultations)
    check_slug(slug)
    check_basics(basics)
    try:
        with transaction():
            row = insert_consultation(actor, slug, basics)
            audit.record(
                actor,
                Entry(Act.CONSULTATION_CREATED, Thing.CONSULTATION, row.id, row.id, {"slug": slug}),
            )
    except IntegrityError:
        raise Refused(Reason.SLUG_TAKEN) from None
    return row.id


def edit_consultation(actor: Actor, consultation_id: int, version: int, basics: Basics) -> None:
    """Replace the texts and settings of a consultation as it was at `version`.

    Once it is published, dates, moderation mode, results policy and duration rule stay as they were promised;
    texts may still be corrected, and the log shows it.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, VERSION_CONFLICT, STATE_FORBIDS when withdrawn or archived,
            and as `create_consultation`.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    check_basics(basics)
    with transaction():
        row = locked(consultation_id)
        if row.version != version:
            raise Refused(Reason.VERSION_CONFLICT)
        if row.stage in {Stage.ARCHIVED, Stage.WITHDRAWN}:
            raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
        if row.stage is Stage.DRAFT:
            fill(row, basics)
        else:
            row.contact = kept_text(basics.contact)
        row.version += 1
        write_texts(row.id, basics.texts)
        check_stays_complete(row)
        indexing.index_consultation(row.id)
        audit.record(
            actor,
            Entry(Act.CONSULTATION_EDITED, Thing.CONSULTATION, row.id, row.id, {"version": row.version}),
        )


def open_consultation(actor: Actor, consultation_id: int) -> State:
    """Publish a draft: it opens at its opening time, or now where that has passed; answers the state.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS when it is no draft, OPENING_INCOMPLETE with
            `missing`, the codes of `domain.opening.Missing`.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        row = locked(consultation_id)
        if row.stage is not Stage.DRAFT:
            raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
        now = now_in_database()
        missing = missing_for_opening(draft_of(row), now)
        if missing:
            raise Refused(Reason.OPENING_INCOMPLETE, missing=[item.value for item in missing])
        row.opens_at = max(row.opens_at or now, now)
        row.stage = Stage.PUBLISHED
        row.published_at = now
        keep_rules(row.id)
        row.version += 1
        indexing.index_consultation(row.id)
        _record(actor, row, Act.CONSULTATION_OPENED, opens_at=row.opens_at, closes_at=row.closes_at)
        return state_at(row.stage, times_of(row), now)


def extend_consultation(
    actor: Actor, consultation_id: int, new_closing: datetime, answer_due_on: date | None = None
) -> None:
    """Move the closing of a published consultation to a later instant; never to an earlier one.

    The promised answer can move to a later day with it; None leaves the promise as it is.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, CONSULTATION_CLOSED, CLOSING_ONLY_EXTENDED,
            ANSWER_BEFORE_CLOSING when the promised answer would come before the closing.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        row = locked(consultation_id)
        times = times_of(row)
        if row.stage is not Stage.PUBLISHED or times is None:
            raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
        check_extension(times, new_closing, now_in_database())
        promised = max(filter(None, (row.answer_due_on, answer_due_on)), default=None)
        if promised is not None and promised < local_day(new_closing):
            raise Refused(Reason.ANSWER_BEFORE_CLOSING)
        row.closes_at, row.answer_due_on = new_closing, promised
        row.version += 1
        _record(actor, row, Act.CONSULTATION_EXTENDED, before=times.closes_at, after=new_closing)
        outbox.announce(Kind.CONSULTATION_EXTENDED, row.id, new_closing)


def close_consultation(actor: Actor, consultation_id: int) -> State:
    """Confirm in the log that a consultation has closed. The clock closes it; nobody can do so sooner.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS when it is no published one, CLOSING_NOT_REACHED
            with `closes_at`: a promised date is kept, and `withdraw_consultation` is the emergency exit.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    with transaction():
        row = locked(consultation_id)
        times = times_of(row)
        if row.stage is not Stage.PUBLISHED or times is None:
            raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)
        state = state_at(row.stage, times, now_in_database())
        if state is not State.CLOSED:
            raise Refused(Reason.CLOSING_NOT_REACHED, closes_at=times.closes_at)
        _record(actor, row, Act.CONSULTATION_CLOSED, days=calendar_days(times))
        return state


def withdraw_consultation(actor: Actor, consultation_id: int, reason: str) -> None:
    """Take a consultation back at once; its address stays and shows the reason.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, REASON_MISSING, TEXT_TOO_LONG, STATE_FORBIDS when withdrawn.
    """
    require_in(actor, may_edit_consultations, consultation_id)
    words = reason_text(reason)
    with transaction():
        row = locked(consultation_id)
        check_stage_move(row.stage, Stage.WITHDRAWN)
        before = row.stage
        row.stage = Stage.WITHDRAWN
        row.withdrawal_reason = words
        row.version += 1
        indexing.index_consultation(row.id)
        _record(actor, row, Act.CONSULTATION_WITHDRAWN, before=before.value, reason=words)


def _record(actor: Actor, row: Consultation, act: Act, **detail: object) -> None:
    plain = {
        key: value.isoformat() if isinstance(value, datetime) else value for key, value in detail.items()
    }
    audit.record(actor, Entry(act, Thing.CONSULTATION, row.id, row.id, plain))
