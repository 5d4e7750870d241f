"""Several comments in one act, taking comments, passing them on, notes, the usual reasons, and undoing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState, Move
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.mail import Frequency, Kind
from consult.domain.people import GUEST, OPERATOR, Actor, Duty
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.desk import ModerationLock, ModerationNote, ReasonTemplate
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.services import moderation, notices, reports
from consult.services.moderation import Seen
from tests.support.cast import Built, Cast, Member, comment, comment_state, count, open_consultation, refusal

pytestmark = pytest.mark.usefixtures("inside")
PENDING, PUBLISHED, WITHHELD = CommentState.PENDING, CommentState.PUBLISHED, CommentState.WITHHELD
REASONS = {Language.KK: "Жарнама.", Language.RU: "Реклама.", Language.EN: "Advertising."}


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


@pytest.fixture
def three(app: Flask, people: Cast, built: Built) -> list[int]:
    return [comment(app, people.aigerim, built, f"Comment number {n} " * 3) for n in range(3)]


def row_of(key: int) -> Comment:
    db.session.rollback()
    query = db.select(Comment).filter_by(id=key)
    row: Comment = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    return row


def seen(keys: list[int], version: int = 1) -> list[Seen]:
    return [Seen(key, version) for key in keys]


def newest_deed() -> int:
    deed: int = db.session.scalars(db.select(sa.func.max(ModerationAct.deed_id))).one()
    return deed


def immediate(member: Member) -> None:
    notices.choose_mail(member.actor, Frequency.IMMEDIATE, member.actor.language)


def duty(built: Built, member: Member) -> Actor:
    """The citizen with the duty to moderate in one consultation."""
    actor = member.actor
    return Actor(
        actor.person_id,
        actor.role,
        actor.name,
        actor.language,
        duties=frozenset({(built.id, Duty.MODERATOR)}),
    )


# --- together


def test_each_of_many_has_its_own_act_line_and_message(people: Cast, three: list[int]) -> None:
    before = count(AuditEntry), count(OutboxMessage)
    result = moderation.publish_together(people.moderator.actor, seen(three))
    assert (result.done, result.left) == (tuple(three), ())
    assert all(row_of(key).state is PUBLISHED for key in three)
    assert (count(AuditEntry) - before[0], count(OutboxMessage) - before[1], count(ModerationAct)) == (
        3,
        3,
        3,
    )
    acts = db.session.scalars(db.select(ModerationAct)).all()
    assert {act.deed_id for act in acts} == {result.deed_id} == {min(act.id for act in acts)}


def test_many_are_withheld_with_a_reason_in_each_authors_language(
    app: Flask, people: Cast, built: Built
) -> None:
    keys = [comment(app, member, built, "Buy our trees") for member in (people.aigerim, people.dauren)]
    moderation.withhold_together(people.moderator.actor, seen(keys), "advertising", REASONS)
    assert [row_of(key).publication_reason for key in keys] == ["Жарнама.", "Advertising."]
    assert {row_of(key).publication_rule for key in keys} == {"advertising"}


def test_what_others_decided_is_left_and_named_and_the_rest_is_done(people: Cast, three: list[int]) -> None:
    moderation.withhold_comment(people.other_official.actor, three[1], "insult", "Rude.")
    moderation.take_comment(people.other_official.actor, three[2])
    result = moderation.publish_together(people.moderator.actor, [*seen(three), Seen(404, 1)])
    assert result.done == (three[0],)
    assert {left.comment_id: left.refused.reason for left in result.left} == {
        three[1]: Reason.VERSION_CONFLICT,
        three[2]: Reason.TAKEN_BY_ANOTHER,
        404: Reason.NOT_FOUND,
    }
    assert [row_of(key).state for key in three] == [PUBLISHED, WITHHELD, PENDING]
    again = moderation.publish_together(people.moderator.actor, seen(three))
    assert (again.done, again.deed_id) == ((), None)


def test_nothing_chosen_and_nothing_said_is_refused(people: Cast, three: list[int]) -> None:
    actor = people.moderator.actor
    assert refusal(lambda: moderation.publish_together(actor, [])) is Reason.NOTHING_CHOSEN
    withhold = moderation.withhold_together
    assert refusal(lambda: withhold(actor, seen(three), "", REASONS)) is Reason.RULE_UNKNOWN
    assert refusal(lambda: withhold(actor, seen(three), "insult", {})) is Reason.REASON_MISSING
    assert count(ModerationAct) == 0


def test_a_moderator_of_one_consultation_decides_there_and_nowhere_else(
    app: Flask, people: Cast, built: Built, three: list[int]
) -> None:
    elsewhere = open_consultation(app, slug="elsewhere", moderation_mode=ModerationMode.PRE)
    other = comment(app, people.aigerim, elsewhere, "Another matter")
    actor = duty(built, people.dauren)
    moderation.publish_comment(actor, three[0])
    result = moderation.publish_together(actor, seen([three[1], other]))
    assert result.done == (three[1],)
    assert [left.refused.reason for left in result.left] == [Reason.NOT_PERMITTED]
    for deed in deeds(other):
        assert refusal(lambda deed=deed: deed(actor)) is Reason.NOT_PERMITTED  # type: ignore[misc]
    assert comment_state(app, other) is PENDING


def deeds(key: int) -> list[Callable[[Actor], object]]:
    """Everything that can be done to one comment, and what is for the moderators of all."""
    return [
        lambda actor: moderation.publish_comment(actor, key),
        lambda actor: moderation.withhold_comment(actor, key, "insult", "Rude."),
        lambda actor: moderation.redact_comment(actor, key, "[…]", "insult", "Rude."),
        lambda actor: moderation.restore_comment(actor, key),
        lambda actor: moderation.keep_comment(actor, key),
        lambda actor: moderation.take_comment(actor, key),
        lambda actor: moderation.let_comment_go(actor, key),
        lambda actor: moderation.escalate_comment(actor, key, "Words"),
        lambda actor: moderation.note_on_comment(actor, key, "Words"),
        lambda actor: moderation.write_usual_reason(actor, "insult", Language.KK, "Words"),
    ]


def test_the_desk_is_closed_to_strangers(people: Cast, three: list[int]) -> None:
    result = moderation.publish_together(people.moderator.actor, seen(three[:1]))
    assert result.deed_id is not None
    deed_id = result.deed_id
    every = [
        *deeds(three[1]),
        lambda actor: moderation.publish_together(actor, seen(three)),
        lambda actor: moderation.withhold_together(actor, seen(three), "insult", REASONS),
        lambda actor: moderation.undo(actor, deed_id),
        lambda actor: moderation.switch_keys(actor, on=False),
    ]
    before = count(AuditEntry), count(ModerationAct), count(ModerationNote), count(ModerationLock)
    for deed in every:
        assert refusal(lambda deed=deed: deed(GUEST)) is Reason.SIGN_IN_NEEDED  # type: ignore[misc]
        assert refusal(lambda deed=deed: deed(people.dauren.actor)) is Reason.NOT_PERMITTED  # type: ignore[misc]
    assert (count(AuditEntry), count(ModerationAct), count(ModerationNote), count(ModerationLock)) == before


# --- undo


@pytest.mark.parametrize("move", [Move.PUBLISH, Move.WITHHOLD, Move.REDACT])
def test_a_decision_on_what_waits_is_undone_and_nobody_hears_of_it(
    people: Cast, three: list[int], move: Move
) -> None:
    key, actor = three[0], people.moderator.actor
    ranks = row_of(key).desk_rank, row_of(key).marks
    match move:
        case Move.PUBLISH:
            moderation.publish_comment(actor, key)
        case Move.WITHHOLD:
            moderation.withhold_comment(actor, key, "insult", "Rude.")
        case _:
            moderation.redact_comment(actor, key, "[…]", "insult", "Rude.")
    assert count(OutboxMessage) == 1
    assert moderation.undo(actor, newest_deed()) == (key,)
    row = row_of(key)
    assert (row.state, row.redacted_body, row.publication_rule, row.publication_reason, row.version) == (
        PENDING, None, None, "", 3,
    )  # fmt: skip
    assert (row.desk_rank, row.marks) == ranks
    assert count(OutboxMessage) == 0
    acts = db.session.scalars(db.select(ModerationAct).order_by(ModerationAct.id)).all()
    assert [act.move for act in acts] == [move, Move.UNDO]
    assert [act.undone_at is not None for act in acts] == [True, False]
    entry = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.detail["act"]) == (Act.DECISION_UNDONE, acts[0].id)


def test_a_message_waits_until_the_time_to_undo_is_over(people: Cast, three: list[int]) -> None:
    immediate(people.aigerim)
    moderation.publish_comment(people.moderator.actor, three[0])
    (message,) = db.session.scalars(db.select(OutboxMessage)).all()
    assert timedelta(seconds=15) < message.due_at - message.created_at <= timedelta(seconds=21)


def test_who_has_heard_of_a_decision_hears_that_it_was_undone(people: Cast, three: list[int]) -> None:
    moderation.withhold_comment(people.moderator.actor, three[0], "insult", "Rude.")
    with transaction():
        db.session.execute(sa.update(OutboxMessage).values(sent_at=now_in_database()))
    moderation.undo(people.moderator.actor, newest_deed())
    kinds = db.session.scalars(db.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == [Kind.COMMENT_WITHHELD, Kind.COMMENT_WAITS_AGAIN]


def test_many_are_undone_together_but_those_on_which_somebody_acted(people: Cast, three: list[int]) -> None:
    result = moderation.publish_together(people.moderator.actor, seen(three))
    assert result.deed_id is not None
    moderation.withhold_comment(people.other_official.actor, three[1], "insult", "Rude.")
    assert moderation.undo(people.moderator.actor, result.deed_id) == (three[0], three[2])
    assert [row_of(key).state for key in three] == [PENDING, WITHHELD, PENDING]
    assert refusal(lambda: moderation.undo(OPERATOR, result.deed_id or 0)) is Reason.UNDO_TOO_LATE


def test_what_was_answered_does_not_vanish_again(
    app: Flask, people: Cast, built: Built, three: list[int]
) -> None:
    moderation.publish_comment(people.moderator.actor, three[0])
    deed = newest_deed()
    comment(app, people.dauren, built, "I agree", reply_to=three[0])
    assert refusal(lambda: moderation.undo(people.moderator.actor, deed)) is Reason.UNDO_TOO_LATE
    assert row_of(three[0]).state is PUBLISHED


def test_an_undone_decision_can_be_made_again_and_is_told_once(
    app: Flask, people: Cast, built: Built, three: list[int]
) -> None:
    moderation.publish_comment(people.moderator.actor, three[0])
    reply = comment(app, people.dauren, built, "I agree", reply_to=three[0])
    moderation.publish_comment(people.moderator.actor, reply)
    moderation.undo(people.moderator.actor, newest_deed())
    moderation.publish_comment(people.moderator.actor, reply)
    told = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.kind == Kind.REPLY_RECEIVED)).all()
    assert [message.person_id for message in told] == [people.aigerim.id]


def test_only_what_there_is_can_be_undone(people: Cast, three: list[int]) -> None:
    assert refusal(lambda: moderation.undo(people.moderator.actor, 404)) is Reason.NOT_FOUND
    moderation.publish_comment(people.moderator.actor, three[0])
    with transaction():
        db.session.execute(sa.update(ModerationAct).values(deed_id=None, was=None, left_version=None))
    assert refusal(lambda: moderation.undo(people.moderator.actor, 1)) is Reason.NOT_FOUND


def test_leaving_published_answers_reports_tells_nobody_and_can_be_undone(
    people: Cast, built: Built, three: list[int]
) -> None:
    actor, key = people.moderator.actor, three[0]
    moderation.publish_comment(actor, key)
    messages = count(OutboxMessage)
    assert refusal(lambda: moderation.keep_comment(actor, key)) is Reason.MOVE_NOT_ALLOWED
    reports.report_comment(people.dauren.actor, built.id, key, "insult")
    moderation.keep_comment(actor, key)
    assert (row_of(key).open_reports, count(OutboxMessage)) == (0, messages)
    moderation.undo(actor, newest_deed())
    assert (row_of(key).open_reports, row_of(key).state) == (1, PUBLISHED)


# --- locks


def test_a_taken_comment_names_who_reads_it_and_is_decided_only_on_purpose(
    people: Cast, three: list[int]
) -> None:
    key, late = three[0], people.other_official.actor
    moderation.take_comment(people.moderator.actor, key)
    moderation.take_comment(people.moderator.actor, key)
    assert refusal(lambda: moderation.take_comment(late, key)) is Reason.TAKEN_BY_ANOTHER
    assert refusal(lambda: moderation.publish_comment(late, key)) is Reason.TAKEN_BY_ANOTHER
    assert row_of(key).state is PENDING
    moderation.publish_comment(late, key, despite_lock=True)
    assert (row_of(key).state, count(ModerationLock)) == (PUBLISHED, 0)


def test_a_lock_is_over_after_five_minutes_or_when_it_is_let_go(people: Cast, three: list[int]) -> None:
    first, second = people.moderator.actor, people.other_official.actor
    moderation.take_comment(first, three[0])
    (lock,) = db.session.scalars(db.select(ModerationLock)).all()
    assert timedelta(minutes=4) < lock.until - now_in_database() <= timedelta(minutes=5)
    moderation.let_comment_go(second, three[0])
    assert count(ModerationLock) == 1
    moderation.let_comment_go(first, three[0])
    moderation.take_comment(second, three[0])
    with transaction():
        db.session.execute(sa.update(ModerationLock).values(until=now_in_database() - timedelta(seconds=1)))
    moderation.publish_comment(first, three[0])
    moderation.take_comment(first, three[1])
    assert [row.comment_id for row in db.session.scalars(db.select(ModerationLock))] == [three[1]]


# --- passing on, notes, reasons, keys


def test_a_hard_case_is_passed_on_and_settled_by_whoever_decides(
    app: Flask, people: Cast, built: Built, three: list[int]
) -> None:
    asked = people.other_official
    moderation.take_comment(people.moderator.actor, three[0])
    moderation.escalate_comment(people.moderator.actor, three[0], " Is it  an insult? ", asked.id)
    assert count(ModerationLock) == 0
    (note,) = db.session.scalars(db.select(ModerationNote)).all()
    assert (note.words, note.author_id, note.to_id, note.is_escalation, note.settled_at) == (
        "Is it an insult?", people.moderator.id, asked.id, True, None,
    )  # fmt: skip
    moderation.note_on_comment(asked.actor, three[0], "I think not.")
    moderation.publish_comment(asked.actor, three[0])
    db.session.rollback()
    notes = db.session.scalars(db.select(ModerationNote).order_by(ModerationNote.id)).all()
    assert [one.settled_at is not None for one in notes] == [True, False]
    logged = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert logged[-3:] == [Act.COMMENT_ESCALATED, Act.COMMENT_NOTED, Act.COMMENT_PUBLISHED]


def test_nobody_is_asked_who_may_not_decide(people: Cast, three: list[int]) -> None:
    actor = people.moderator.actor
    for stranger in (people.dauren.id, people.blocked.id, people.moderator.id, 404):
        ask = lambda to=stranger: moderation.escalate_comment(actor, three[0], "Words", to)  # noqa: E731
        assert refusal(ask) is Reason.PERSON_UNKNOWN
    assert refusal(lambda: moderation.escalate_comment(actor, three[0], " ")) is Reason.REASON_MISSING
    assert refusal(lambda: moderation.note_on_comment(actor, three[0], "x" * 1001)) is Reason.TEXT_TOO_LONG
    assert refusal(lambda: moderation.note_on_comment(actor, 404, "Words")) is Reason.NOT_FOUND
    assert count(ModerationNote) == 0


def test_a_usual_reason_is_kept_by_language_and_taken_back_by_an_empty_one(people: Cast) -> None:
    write, actor = moderation.write_usual_reason, people.moderator.actor
    write(actor, "insult", Language.KK, " Дөрекі  сөз. ")
    write(actor, "insult", Language.RU, "Грубо.")
    rows = db.session.scalars(db.select(ReasonTemplate).order_by(ReasonTemplate.language)).all()
    assert [(row.language, row.words, row.written_by) for row in rows] == [
        (Language.KK, "Дөрекі сөз.", people.moderator.id), (Language.RU, "Грубо.", people.moderator.id),
    ]  # fmt: skip
    logged = count(AuditEntry)
    write(actor, "insult", Language.KK, "Дөрекі сөз.")
    assert count(AuditEntry) == logged
    write(actor, "insult", Language.KK, " ")
    assert count(ReasonTemplate) == 1
    assert refusal(lambda: write(actor, "none", Language.KK, "Words")) is Reason.RULE_UNKNOWN
    assert refusal(lambda: write(actor, "insult", Language.KK, "x" * 1001)) is Reason.TEXT_TOO_LONG


def test_keys_are_switched_for_one_person(people: Cast) -> None:
    moderation.switch_keys(people.moderator.actor, on=False)
    off = db.session.scalars(db.select(Person.id).where(~Person.desk_keys)).all()
    assert off == [people.moderator.id]
    moderation.switch_keys(people.moderator.actor, on=True)
    assert not db.session.scalars(db.select(Person.id).where(~Person.desk_keys)).all()
