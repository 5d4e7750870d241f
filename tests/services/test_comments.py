"""Submitting comments and replies."""

from dataclasses import replace

import pytest
from flask import Flask

from consult.domain.comments import BODY_LONGEST, CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment
from consult.services import moderation
from consult.services.comments import Words, submit_comment, submit_reply
from consult.services.questions import edit_question
from tests.support.cast import (
    OPEN_QUESTION,
    PROPOSITION,
    Member,
    close_by_clock,
    comment,
    count,
    open_consultation,
    published_comment,
    refusal,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
WORDS = Words("The street needs trees.", Language.EN)
KEY = "a-key-of-the-form"


@pytest.mark.parametrize(
    ("mode", "state"),
    [(ModerationMode.PRE, CommentState.PENDING), (ModerationMode.POST, CommentState.PUBLISHED)],
)
def test_a_comment_begins_as_the_mode_of_moderation_says(
    app: Flask, aigerim: Member, mode: ModerationMode, state: CommentState
) -> None:
    built = open_consultation(app, moderation_mode=mode)
    sent = submit_comment(aigerim.actor, built.id, built.questions[0], WORDS)
    assert (sent.state, sent.is_repeat) == (state, False)
    row = db.session.scalars(db.select(Comment)).one()
    assert (row.id, row.state, row.author_id, row.body) == (sent.comment_id, state, aigerim.id, WORDS.body)
    reply = None
    if state is CommentState.PUBLISHED:
        reply = submit_reply(aigerim.actor, built.id, sent.comment_id, WORDS)
        assert reply.state is state


def test_numbers_of_comments_rise_and_are_never_used_twice(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    ids = [comment(app, aigerim, built, f"Comment {n}") for n in range(5)]
    assert ids == sorted(set(ids))


def test_a_form_that_arrives_twice_makes_one_comment(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app)
    question = built.questions[0]
    first = submit_comment(aigerim.actor, built.id, question, WORDS, idempotency_key=KEY)
    again = submit_comment(aigerim.actor, built.id, question, WORDS, idempotency_key=KEY)
    assert (again.comment_id, again.state, again.is_repeat) == (first.comment_id, first.state, True)
    assert count(Comment) == 1
    assert submit_comment(dauren.actor, built.id, question, WORDS, idempotency_key=KEY).is_repeat is False
    assert count(Comment) == 2


def test_a_repeat_is_acknowledged_even_after_closing(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    first = comment(app, aigerim, built, key=KEY)
    close_by_clock(app, built)
    assert comment(app, aigerim, built, key=KEY) == first


def test_a_key_with_other_words_is_refused_and_not_silently_lost(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    comment(app, aigerim, built, "First words.", key=KEY)
    assert (
        refusal(lambda: comment(app, aigerim, built, "Other words.", key=KEY)) is Reason.DUPLICATE_KEY_REUSED
    )
    assert count(Comment) == 1


@pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "with space!", "ключ-ключ", "a\0bcdefgh"])
def test_without_a_usable_key_each_sending_is_a_comment(app: Flask, aigerim: Member, key: str | None) -> None:
    built = open_consultation(app)
    comment(app, aigerim, built, key=key)
    comment(app, aigerim, built, key=key)
    assert count(Comment) == 2


def test_a_reply_to_a_reply_goes_under_the_same_comment(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app)
    top = comment(app, aigerim, built)
    reply = comment(app, dauren, built, reply_to=top)
    deeper = comment(app, aigerim, built, reply_to=reply)
    rows = db.session.scalars(db.select(Comment).where(Comment.id.in_([reply, deeper]))).all()
    assert {row.parent_id for row in rows} == {top}
    assert {row.question_id for row in rows} == {built.questions[0]}


def test_a_comment_that_is_held_back_takes_no_replies(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    pending = comment(app, aigerim, built)
    withheld = withheld_comment(app, aigerim, built)
    for by, parent, reason in (
        (dauren, pending, Reason.NOT_FOUND),
        (aigerim, pending, Reason.COMMENT_NOT_PUBLISHED),
        (dauren, withheld, Reason.COMMENT_NOT_PUBLISHED),
    ):
        deed = lambda by=by, parent=parent: comment(app, by, built, reply_to=parent)  # noqa: E731
        assert refusal(deed) is reason
    assert count(Comment) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", Reason.COMMENT_EMPTY),
        (" \u200b\0\n", Reason.COMMENT_EMPTY),
        ("x" * (BODY_LONGEST + 1), Reason.COMMENT_TOO_LONG),
    ],
)
def test_a_body_that_cannot_be_kept_is_refused(
    app: Flask, aigerim: Member, body: str, reason: Reason
) -> None:
    built = open_consultation(app)
    assert refusal(lambda: comment(app, aigerim, built, body)) is reason
    assert count(Comment) == 0


def test_a_hostile_body_is_kept_as_text(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    body = "'; DROP TABLE comment; -- <img src=x onerror=alert(1)> {{7*7}} %s \\0 =1+1"
    key = comment(app, aigerim, built, body + "\0\ud800")
    assert db.session.scalars(db.select(Comment).filter_by(id=key)).one().body == body


def test_questions_and_comments_of_another_consultation_are_not_found(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    other = open_consultation(app, slug="other", questions=(OPEN_QUESTION,))
    theirs = published_comment(app, aigerim, other)
    for deed in (
        lambda: submit_comment(aigerim.actor, built.id, other.questions[0], WORDS),
        lambda: submit_comment(aigerim.actor, built.id, 404, WORDS),
        lambda: submit_comment(aigerim.actor, 404, built.questions[0], WORDS),
        lambda: submit_reply(aigerim.actor, built.id, theirs, WORDS),
        lambda: submit_reply(aigerim.actor, built.id, 404, WORDS),
    ):
        assert refusal(deed) is Reason.NOT_FOUND


def test_a_guest_learns_nothing_about_comments_by_replying(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    pending = comment(app, aigerim, built)
    for parent in (pending, 404):
        deed = lambda parent=parent: submit_reply(GUEST, built.id, parent, WORDS)  # noqa: E731
        assert refusal(deed) is Reason.SIGN_IN_NEEDED


def test_a_refused_comment_leaves_no_line_in_the_log(app: Flask, blocked: Member) -> None:
    built = open_consultation(app)
    before = count(AuditEntry)
    assert refusal(lambda: comment(app, blocked, built)) is Reason.ACCOUNT_BLOCKED
    assert (count(AuditEntry), count(Comment)) == (before, 0)


def test_a_comment_on_words_that_have_changed_since_is_refused(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    question = built.questions[0]
    seen = replace(WORDS, question_version=1)
    submit_comment(aigerim.actor, built.id, question, seen)
    edit_question(OPERATOR, built.id, 1, PROPOSITION.texts)
    late = refusal(lambda: submit_comment(aigerim.actor, built.id, question, seen))
    assert late is Reason.VERSION_CONFLICT
    submit_comment(aigerim.actor, built.id, question, replace(seen, question_version=2))
    assert count(Comment) == 2


def test_replies_stay_when_their_comment_is_withheld(app: Flask, aigerim: Member, dauren: Member) -> None:
    built = open_consultation(app)
    top = comment(app, aigerim, built)
    reply = comment(app, dauren, built, reply_to=top)
    moderation.withhold_comment(OPERATOR, top, "insult", "Rude.")
    row = db.session.scalars(db.select(Comment).filter_by(id=reply)).one()
    assert (row.state, row.parent_id) == (CommentState.PUBLISHED, top)
