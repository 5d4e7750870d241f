"""What moderators do, and that every act leaves its traces or none at all."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState, Move
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.outbox import OutboxMessage
from consult.services import moderation
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    comment_state,
    count,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")
PENDING, PUBLISHED, WITHHELD = CommentState.PENDING, CommentState.PUBLISHED, CommentState.WITHHELD

MOVES: dict[Move, Callable[[Actor, int, int | None], None]] = {
    Move.PUBLISH: lambda actor, key, version: moderation.publish_comment(actor, key, version=version),
    Move.WITHHOLD: lambda actor, key, version: moderation.withhold_comment(
        actor, key, "insult", "It insults.", version=version
    ),
    Move.REDACT: lambda actor, key, version: moderation.redact_comment(
        actor, key, "[…] is rude.", "personal-data", "A name.", version=version
    ),
    Move.RESTORE: lambda actor, key, version: moderation.restore_comment(actor, key, version=version),
}
ACTS = {
    Move.PUBLISH: Act.COMMENT_PUBLISHED,
    Move.WITHHOLD: Act.COMMENT_WITHHELD,
    Move.REDACT: Act.COMMENT_REDACTED,
    Move.RESTORE: Act.COMMENT_RESTORED,
}


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


def row_of(key: int) -> Comment:
    db.session.rollback()
    query = db.select(Comment).filter_by(id=key)
    row: Comment = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    return row


def traces() -> tuple[int, int, int]:
    return count(ModerationAct), count(AuditEntry), count(OutboxMessage)


def brought_to(state: CommentState, key: int) -> None:
    if state in {PUBLISHED, WITHHELD}:
        moderation.publish_comment(OPERATOR, key)
    if state is WITHHELD:
        moderation.withhold_comment(OPERATOR, key, "off-topic", "Another matter.")


@pytest.mark.parametrize(
    ("before", "move", "after"),
    [
        (PENDING, Move.PUBLISH, PUBLISHED),
        (PENDING, Move.WITHHOLD, WITHHELD),
        (PENDING, Move.REDACT, PUBLISHED),
        (PUBLISHED, Move.WITHHOLD, WITHHELD),
        (PUBLISHED, Move.REDACT, PUBLISHED),
        (WITHHELD, Move.RESTORE, PUBLISHED),
        (WITHHELD, Move.WITHHOLD, WITHHELD),
    ],
)
def test_every_allowed_move_is_kept_with_act_log_and_message(
    app: Flask, people: Cast, built: Built, before: CommentState, move: Move, after: CommentState
) -> None:
    key = comment(app, people.aigerim, built, "Own words.")
    brought_to(before, key)
    acts, entries, messages = traces()
    version = row_of(key).version
    MOVES[move](people.moderator.actor, key, version)
    row = row_of(key)
    assert (row.state, row.version, row.body) == (after, version + 1, "Own words.")
    assert traces() == (acts + 1, entries + 1, messages + 1)
    act = db.session.scalars(db.select(ModerationAct).order_by(ModerationAct.id.desc())).first()
    entry = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    message = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert act is not None
    assert (act.move, act.before, act.after, act.actor_id) == (move, before, after, people.moderator.id)
    assert entry is not None
    assert (entry.act, entry.thing_id, entry.actor_id) == (ACTS[move], key, people.moderator.id)
    assert message is not None
    assert (message.kind, message.person_id) == (ACTS[move].value, people.aigerim.id)
    assert message.content == {"consultation_id": built.id, "comment_id": key}


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (PENDING, Move.RESTORE), (PUBLISHED, Move.PUBLISH), (PUBLISHED, Move.RESTORE),
        (WITHHELD, Move.PUBLISH), (WITHHELD, Move.REDACT),
    ],
)  # fmt: skip
def test_a_move_that_does_not_fit_leaves_no_trace(
    app: Flask, people: Cast, built: Built, state: CommentState, move: Move
) -> None:
    key = comment(app, people.aigerim, built)
    brought_to(state, key)
    before = traces(), row_of(key).version
    assert refusal(lambda: MOVES[move](people.moderator.actor, key, None)) is Reason.MOVE_NOT_ALLOWED
    assert (traces(), row_of(key).version) == before
    assert comment_state(app, key) is state


def test_a_withholding_gives_its_author_rule_and_reason_and_can_be_undone(
    app: Flask, people: Cast, built: Built
) -> None:
    key = comment(app, people.aigerim, built)
    moderation.withhold_comment(people.moderator.actor, key, "insult", " It \n insults. ")
    row = row_of(key)
    assert (row.publication_rule, row.publication_reason) == ("insult", "It insults.")
    moderation.restore_comment(people.other_official.actor, key)
    row = row_of(key)
    assert (row.state, row.publication_rule, row.publication_reason) == (PUBLISHED, None, "")


def test_a_second_withholding_corrects_rule_and_reason(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built)
    moderation.withhold_comment(people.moderator.actor, key, "insult", "It insults.")
    moderation.withhold_comment(people.other_official.actor, key, "off-topic", "Another matter.")
    row = row_of(key)
    assert (row.state, row.publication_rule, row.publication_reason) == (
        WITHHELD, "off-topic", "Another matter.",
    )  # fmt: skip
    assert count(ModerationAct) == 2


def test_a_redaction_outlives_a_withholding_and_is_taken_back_by_a_restoring_of_its_own(
    app: Flask, people: Cast, built: Built
) -> None:
    key = comment(app, people.aigerim, built, "Ivan is rude.")
    actor = people.moderator.actor
    MOVES[Move.REDACT](actor, key, None)
    moderation.withhold_comment(actor, key, "insult", "Rude.")
    moderation.restore_comment(actor, key)
    row = row_of(key)
    assert (row.redacted_body, row.publication_rule, row.publication_reason) == (
        "[…] is rude.", "personal-data", "A name.",
    )  # fmt: skip
    moderation.restore_comment(actor, key)
    row = row_of(key)
    assert (row.state, row.redacted_body, row.publication_rule, row.body) == (
        PUBLISHED, None, None, "Ivan is rude.",
    )  # fmt: skip
    assert refusal(lambda: moderation.restore_comment(actor, key)) is Reason.MOVE_NOT_ALLOWED


def test_redacting_keeps_the_own_words_beside(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built, "Ivan of 5 Abay street is rude.")
    MOVES[Move.REDACT](people.moderator.actor, key, None)
    row = row_of(key)
    assert (row.body, row.redacted_body) == ("Ivan of 5 Abay street is rude.", "[…] is rude.")
    assert refusal(
        lambda: moderation.redact_comment(people.moderator.actor, key, " ", "insult", "Rude.")
    ) is Reason.COMMENT_EMPTY  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "reason", "expected"),
    [
        ("nonsense", "Words.", Reason.RULE_UNKNOWN),
        ("", "Words.", Reason.RULE_UNKNOWN),
        ("insult", " \0", Reason.REASON_MISSING),
        ("insult", "x" * 1001, Reason.TEXT_TOO_LONG),
    ],
)
def test_nothing_is_withheld_without_a_published_rule_and_words(
    app: Flask, people: Cast, built: Built, rule: str, reason: str, expected: Reason
) -> None:
    key = comment(app, people.aigerim, built)
    actor = people.moderator.actor
    assert refusal(lambda: moderation.withhold_comment(actor, key, rule, reason)) is expected
    assert refusal(lambda: moderation.redact_comment(actor, key, "x", rule, reason)) is expected
    assert comment_state(app, key) is PENDING


def test_of_two_moderators_who_saw_the_same_only_the_first_acts(
    app: Flask, people: Cast, built: Built
) -> None:
    key = comment(app, people.aigerim, built)
    seen = row_of(key).version
    moderation.publish_comment(people.moderator.actor, key, version=seen)
    before = traces()
    late = refusal(lambda: MOVES[Move.WITHHOLD](people.other_official.actor, key, seen))
    assert late is Reason.VERSION_CONFLICT
    assert traces() == before
    assert comment_state(app, key) is PUBLISHED


@pytest.mark.parametrize("move", MOVES)
def test_no_move_is_open_to_a_stranger_nor_on_nothing(
    app: Flask, people: Cast, built: Built, move: Move
) -> None:
    key = comment(app, people.aigerim, built)
    before = traces()
    assert refusal(lambda: MOVES[move](GUEST, key, None)) is Reason.SIGN_IN_NEEDED
    for stranger in (people.aigerim, people.dauren):
        deed = lambda stranger=stranger: MOVES[move](stranger.actor, key, None)  # noqa: E731
        assert refusal(deed) is Reason.NOT_PERMITTED
    assert refusal(lambda: MOVES[move](people.moderator.actor, 404, None)) is Reason.NOT_FOUND
    assert traces() == before
    assert comment_state(app, key) is PENDING


def test_moderation_goes_on_after_closing(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built)
    close_by_clock(app, built)
    moderation.publish_comment(people.moderator.actor, key)
    assert comment_state(app, key) is PUBLISHED


def test_an_act_that_fails_at_its_last_statement_leaves_nothing(
    app: Flask, people: Cast, built: Built
) -> None:
    key = comment(app, people.aigerim, built)
    before = traces(), row_of(key).version
    db.session.rollback()

    def fail(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INTO outbox_message" in statement:
            raise RuntimeError("the power went")

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(RuntimeError, match="the power went"):
            moderation.publish_comment(people.moderator.actor, key)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", fail)
    assert (traces(), row_of(key).version) == before
    assert comment_state(app, key) is PENDING


def test_a_comment_without_an_author_is_moderated_without_a_message(
    app: Flask, aigerim: Member, built: Built
) -> None:
    key = comment(app, aigerim, built)
    db.session.execute(sa.update(Comment).where(Comment.id == key).values(author_id=None))
    db.session.commit()
    moderation.publish_comment(OPERATOR, key)
    assert count(OutboxMessage) == 0
    assert count(ModerationAct) == 1
