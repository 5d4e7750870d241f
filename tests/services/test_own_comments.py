"""What authors do to their own comments."""

from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act, Thing
from consult.domain.comments import BODY_LONGEST, CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.votes import Choice
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.people import Person
from consult.models.taking_part import CommentRevision
from consult.models.votes import CommentVote
from consult.queries.comments import CommentView, comment_at, comments_of
from consult.queries.consultations import consultation_at
from consult.queries.wordings import earlier_wordings
from consult.services import moderation, votes
from consult.services.own_comments import change_language, edit_comment, withdraw_comment
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    count,
    open_consultation,
    published_comment,
    refusal,
    vote,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
OLD, NEW = "Plant ten trees. CANARY-OLD", "Plant twelve trees."
Deed = Callable[[Actor, Built, int], object]
DEEDS: dict[str, Deed] = {
    "edit": lambda actor, built, key: edit_comment(actor, built.id, key, NEW),
    "withdraw": lambda actor, built, key: withdraw_comment(actor, built.id, key),
    "language": lambda actor, built, key: change_language(actor, built.id, key, Language.RU),
}


def row(comment_id: int) -> Comment:
    db.session.rollback()
    db.session.expire_all()
    found: Comment = db.session.scalars(db.select(Comment).filter_by(id=comment_id)).one()
    return found


def seen(reader: Actor, built: Built, comment_id: int) -> CommentView:
    return comment_at(reader, consultation_at(reader, built.slug, Language.KK), comment_id)[0]


def readable_earlier(reader: Actor, built: Built, comment_id: int) -> list[str]:
    wordings = earlier_wordings(built.id, [seen(reader, built, comment_id)])
    return [wording.body for wording in wordings.get(comment_id, ())]


def acts(comment_id: int) -> list[Act]:
    query = (
        db.select(AuditEntry.act).filter_by(thing=Thing.COMMENT, thing_id=comment_id).order_by(AuditEntry.id)
    )
    return list(db.session.scalars(query))


def test_words_that_nobody_has_acted_on_are_changed_without_a_trace_on_the_page(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    vote(app, people.aigerim, built, key)
    comment(app, people.aigerim, built, "And water them.", reply_to=key)
    edited = edit_comment(people.aigerim.actor, built.id, key, f"  {NEW}\r\n")
    assert (edited.state, edited.is_correction) == (CommentState.PUBLISHED, False)
    kept = row(key)
    assert (kept.body, kept.wording, kept.version, kept.corrected_at) == (NEW, 2, 2, None)
    (revision,) = db.session.scalars(db.select(CommentRevision))
    assert (revision.body, revision.number, revision.is_public) == (OLD, 1, False)
    assert readable_earlier(people.dauren.actor, built, key) == []
    assert acts(key) == [Act.COMMENT_SUBMITTED, Act.COMMENT_EDITED]


@pytest.mark.parametrize("by", ["vote", "reply", "reply that waits"])
def test_words_that_others_acted_on_are_corrected_and_stay_readable(
    app: Flask, people: Cast, by: str
) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    if by == "vote":
        vote(app, people.dauren, built, key, Choice.DISAGREE)
    else:
        reply = comment(app, people.dauren, built, reply_to=key)
        with transaction():
            state = CommentState.PENDING if by == "reply that waits" else CommentState.PUBLISHED
            db.session.execute(sa.update(Comment).where(Comment.id == reply).values(state=state))
    assert edit_comment(people.aigerim.actor, built.id, key, NEW).is_correction
    view = seen(GUEST, built, key)
    assert view.body == NEW
    assert view.corrected_at is not None
    assert readable_earlier(GUEST, built, key) == [OLD]
    edit_comment(people.aigerim.actor, built.id, key, "Plant twenty trees.")
    assert readable_earlier(GUEST, built, key) == [NEW, OLD]
    assert count(CommentVote) == (by == "vote")
    assert acts(key)[-2:] == [Act.COMMENT_CORRECTED] * 2


def test_an_answer_to_a_reply_makes_a_correction_of_that_reply_alone(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    top = comment(app, people.moderator, built, "Top.")
    mine = comment(app, people.aigerim, built, OLD, reply_to=top)
    other = comment(app, people.aigerim, built, "Another reply.", reply_to=top)
    comment(app, people.dauren, built, "An answer.", reply_to=mine)
    assert edit_comment(people.aigerim.actor, built.id, mine, NEW).is_correction
    assert not edit_comment(people.aigerim.actor, built.id, other, NEW).is_correction


def test_the_same_words_again_change_nothing(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = published_comment(app, people.aigerim, built, OLD)
    vote(app, people.dauren, built, key)
    before = row(key).version
    assert edit_comment(people.aigerim.actor, built.id, key, f"{OLD}\n").state is CommentState.PUBLISHED
    assert (row(key).version, count(CommentRevision)) == (before, 0)


def test_where_moderators_read_first_they_read_again_and_answers_keep_their_place(
    app: Flask, people: Cast
) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = published_comment(app, people.aigerim, built, OLD)
    reply = published_comment(app, people.dauren, built, "A reply.", reply_to=key)
    edited = edit_comment(people.aigerim.actor, built.id, key, NEW)
    assert (edited.state, edited.is_correction) == (CommentState.PENDING, True)
    for reader in (GUEST, people.dauren.actor, people.moderator.actor):
        stub = seen(reader, built, key)
        assert (stub.is_stub, stub.body, stub.author) == (True, "", None)
        assert [found.id for found in stub.replies] == [reply]
        assert readable_earlier(reader, built, key) == []
        listed = comments_of(reader, consultation_at(reader, built.slug, Language.KK), built.questions[0])
        assert [found.id for found in listed.comments] == [key]
    deed = lambda: vote(app, people.dauren, built, key)  # noqa: E731
    assert refusal(deed) is Reason.COMMENT_NOT_PUBLISHED
    moderation.publish_comment(people.moderator.actor, key)
    assert seen(GUEST, built, key).body == NEW
    assert readable_earlier(GUEST, built, key) == [OLD]


def test_a_waiting_comment_stays_waiting_and_is_as_unknown_as_before(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = comment(app, people.aigerim, built, OLD)
    assert edit_comment(people.aigerim.actor, built.id, key, NEW).state is CommentState.PENDING
    assert refusal(lambda: seen(people.dauren.actor, built, key)) is Reason.NOT_FOUND
    moderation.publish_comment(people.moderator.actor, key)
    assert (seen(GUEST, built, key).body, readable_earlier(GUEST, built, key)) == (NEW, [])


def test_a_moderators_ruling_is_not_gone_round(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    redacted = comment(app, people.aigerim, built, OLD)
    moderation.redact_comment(people.moderator.actor, redacted, "[…]", "personal-data", "A name.")
    withheld = withheld_comment(app, people.aigerim, built, OLD)
    for key in (redacted, withheld):
        assert refusal(partial(edit_comment, people.aigerim.actor, built.id, key, NEW)) is (
            Reason.COMMENT_HELD_BACK
        )
    deed = lambda: withdraw_comment(people.aigerim.actor, built.id, withheld)  # noqa: E731
    assert refusal(deed) is Reason.COMMENT_HELD_BACK
    assert row(withheld).state is CommentState.WITHHELD
    assert count(CommentRevision) == 0


def test_earlier_words_are_hidden_with_the_comment(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    vote(app, people.dauren, built, key)
    edit_comment(people.aigerim.actor, built.id, key, NEW)
    official = people.moderator.actor
    for hide in (
        partial(moderation.withhold_comment, official, key, "insult", "Rude."),
        partial(moderation.redact_comment, official, key, "[…]", "personal-data", "A name."),
    ):
        hide()
        for reader in (GUEST, people.dauren.actor, official, people.aigerim.actor):
            assert readable_earlier(reader, built, key) == []
        moderation.restore_comment(official, key)
        assert readable_earlier(GUEST, built, key) == [OLD]
    withdraw_comment(people.aigerim.actor, built.id, key)
    assert readable_earlier(GUEST, built, key) == []


def test_a_withdrawn_comment_leaves_a_stub_its_votes_and_its_replies(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    reply = comment(app, people.dauren, built, "A reply.", reply_to=key)
    vote(app, people.dauren, built, key)
    withdraw_comment(people.aigerim.actor, built.id, key)
    stub = seen(GUEST, built, key)
    assert (stub.state, stub.is_stub, stub.body) == (CommentState.WITHDRAWN, True, "")
    assert [found.id for found in stub.replies] == [reply]
    assert count(CommentVote) == 1
    assert seen(people.aigerim.actor, built, key).body == OLD
    assert acts(key)[-1] is Act.COMMENT_WITHDRAWN
    for deed in DEEDS.values():
        assert refusal(partial(deed, people.aigerim.actor, built, key)) is Reason.COMMENT_GONE
    for move in (moderation.publish_comment, moderation.restore_comment):
        assert refusal(partial(move, OPERATOR, key)) is Reason.MOVE_NOT_ALLOWED


def test_the_language_tag_is_corrected_and_the_words_stay(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    vote(app, people.dauren, built, key)
    change_language(people.aigerim.actor, built.id, key, Language.RU)
    kept = row(key)
    assert (kept.language, kept.body, kept.wording, kept.corrected_at) == (Language.RU, OLD, 1, None)
    assert acts(key)[-1] is Act.COMMENT_LANGUAGE_CHANGED
    before = count(AuditEntry)
    change_language(people.aigerim.actor, built.id, key, Language.RU)
    assert count(AuditEntry) == before


@pytest.mark.parametrize("name", DEEDS)
def test_nobody_touches_the_comments_of_others(app: Flask, people: Cast, name: str) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    other = open_consultation(app, slug="other")
    key = published_comment(app, people.aigerim, built, OLD)
    pending = comment(app, people.aigerim, built, OLD)
    deed = DEEDS[name]
    for actor in (people.dauren.actor, people.moderator.actor, people.administrator.actor, OPERATOR):
        assert refusal(partial(deed, actor, built, key)) is Reason.NOT_PERMITTED
        assert refusal(partial(deed, actor, built, pending)) is Reason.NOT_FOUND
    assert refusal(lambda: deed(GUEST, built, key)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: deed(GUEST, built, 404)) is Reason.SIGN_IN_NEEDED
    for place, number in ((other, key), (built, 404)):
        assert refusal(partial(deed, people.aigerim.actor, place, number)) is Reason.NOT_FOUND
    kept = row(key)
    assert (kept.body, kept.state, kept.version) == (OLD, CommentState.PUBLISHED, 2)


@pytest.mark.parametrize("name", DEEDS)
def test_closing_ends_it_and_so_does_a_blocked_account(app: Flask, people: Cast, name: str) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == people.aigerim.id).values(is_active=False))
    assert refusal(lambda: DEEDS[name](people.aigerim.actor, built, key)) is Reason.ACCOUNT_BLOCKED
    with transaction():
        db.session.execute(sa.update(Person).values(is_active=True))
    close_by_clock(app, built)
    before = count(AuditEntry)
    assert refusal(lambda: DEEDS[name](people.aigerim.actor, built, key)) is Reason.CONSULTATION_CLOSED
    assert (row(key).body, row(key).state, count(AuditEntry)) == (OLD, CommentState.PUBLISHED, before)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", Reason.COMMENT_EMPTY),
        ("\u200b ", Reason.COMMENT_EMPTY),
        ("x" * (BODY_LONGEST + 1), Reason.COMMENT_TOO_LONG),
    ],
)
def test_new_words_are_held_to_the_same_rules(app: Flask, aigerim: Member, body: str, reason: Reason) -> None:
    built = open_consultation(app)
    key = comment(app, aigerim, built, OLD)
    assert refusal(lambda: edit_comment(aigerim.actor, built.id, key, body)) is reason
    assert row(key).body == OLD


def test_an_author_who_saw_an_older_state_is_told(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = comment(app, people.aigerim, built, OLD)
    moderation.publish_comment(people.moderator.actor, key)
    for deed in (
        lambda: edit_comment(people.aigerim.actor, built.id, key, NEW, version=1),
        lambda: withdraw_comment(people.aigerim.actor, built.id, key, version=1),
    ):
        assert refusal(deed) is Reason.VERSION_CONFLICT
    withdraw_comment(people.aigerim.actor, built.id, key, version=2)


def test_a_vote_on_words_that_were_replaced_since_is_refused(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, OLD)
    edit_comment(people.aigerim.actor, built.id, key, NEW)
    dauren = people.dauren.actor
    late = refusal(lambda: votes.cast_vote(dauren, built.id, key, Choice.AGREE, wording=1))
    assert late is Reason.COMMENT_REWORDED
    assert count(CommentVote) == 0
    votes.cast_vote(dauren, built.id, key, Choice.AGREE, wording=2)
    assert count(CommentVote) == 1
