"""Words that are not sent yet."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comment_drafts import Spot
from consult.domain.comments import BODY_LONGEST
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.models.base import db, now_in_database, transaction
from consult.models.taking_part import CommentDraft, GuestDraft
from consult.queries.comment_drafts import draft_at, drafts_of
from consult.services.comment_drafts import (
    discard_draft,
    forget_expired_drafts,
    save_draft,
    save_guest_draft,
)
from consult.services.consultations import withdraw_consultation
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    count,
    draft,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")


def spot(built: Built, *, question: int = 1, reply_to: int | None = None) -> Spot:
    return Spot(built.id, built.questions[question - 1], reply_to)


def kept(reader: Actor, where: Spot, token: str = "") -> str | None:
    found = draft_at(reader, where, guest_token=token)
    return found.body if found else None


def test_a_draft_belongs_to_one_person_and_one_spot(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.dauren, built)
    save_draft(people.aigerim.actor, spot(built), "First.")
    save_draft(people.aigerim.actor, spot(built, question=2), "Second.")
    save_draft(people.aigerim.actor, spot(built, reply_to=key), "A reply.")
    save_draft(people.dauren.actor, spot(built), "Mine.")
    save_draft(people.aigerim.actor, spot(built), "First again.")
    assert kept(people.aigerim.actor, spot(built)) == "First again."
    assert kept(people.aigerim.actor, spot(built, question=2)) == "Second."
    assert kept(people.aigerim.actor, spot(built, reply_to=key)) == "A reply."
    assert kept(people.dauren.actor, spot(built)) == "Mine."
    for reader in (GUEST, people.moderator.actor, OPERATOR):
        assert kept(reader, spot(built)) is None
    assert count(CommentDraft) == 4


@pytest.mark.parametrize("nothing", ["", " \n", "\u200b"])
def test_no_words_forget_the_draft(app: Flask, aigerim: Member, nothing: str) -> None:
    built = open_consultation(app)
    save_draft(aigerim.actor, spot(built), "Words.")
    save_draft(aigerim.actor, spot(built), nothing)
    assert count(CommentDraft) == 0


def test_a_guest_finds_the_words_by_the_token_alone_and_only_for_a_day(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    token = save_guest_draft(spot(built), "Before signing in.")
    (row,) = db.session.scalars(db.select(GuestDraft))
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32
    assert row.expires_at - row.saved_at == timedelta(hours=24)
    for reader in (GUEST, people.aigerim.actor):
        assert kept(reader, spot(built), token) == "Before signing in."
        assert kept(reader, spot(built), "another token") is None
        assert kept(reader, spot(built, question=2), token) is None
    with transaction():
        db.session.execute(sa.update(GuestDraft).values(expires_at=now_in_database()))
    assert kept(GUEST, spot(built), token) is None
    assert forget_expired_drafts() == 1
    assert forget_expired_drafts() == count(GuestDraft) == 0


def test_a_browser_keeps_one_guests_draft_and_an_unknown_token_is_not_taken_over(app: Flask) -> None:
    built = open_consultation(app)
    planted = "a-token-that-somebody-planted"
    token = save_guest_draft(spot(built), "First.", token=planted)
    assert token != planted
    assert save_guest_draft(spot(built, question=2), "Second.", token=token) == token
    assert kept(GUEST, spot(built), token) is None
    assert kept(GUEST, spot(built, question=2), token) == "Second."
    assert count(GuestDraft) == 1


def test_the_newer_of_two_drafts_is_given_and_saving_ends_the_guests(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    save_draft(aigerim.actor, spot(built), "Yesterday.")
    token = save_guest_draft(spot(built), "Just now.")
    assert kept(aigerim.actor, spot(built), token) == "Just now."
    save_draft(aigerim.actor, spot(built), "Just now, and more.", guest_token=token)
    assert kept(aigerim.actor, spot(built), token) == "Just now, and more."
    assert count(GuestDraft) == 0


def test_what_was_sent_is_forgotten_and_nothing_else(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    token = save_guest_draft(spot(built), "Guest.")
    save_draft(people.aigerim.actor, spot(built), "Sent.")
    save_draft(people.aigerim.actor, spot(built, question=2), "Not sent.")
    save_draft(people.dauren.actor, spot(built), "Another's.")
    discard_draft(people.aigerim.actor, spot(built, question=2), guest_token=token)
    discard_draft(people.aigerim.actor, spot(built))
    assert count(GuestDraft) == 1, "the guest's words belong to another spot"
    discard_draft(people.aigerim.actor, spot(built), guest_token=token)
    assert (count(GuestDraft), count(CommentDraft)) == (0, 1)
    assert refusal(lambda: discard_draft(GUEST, spot(built), guest_token=token)) is Reason.SIGN_IN_NEEDED


def test_drafts_are_kept_only_where_they_could_be_sent(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    other = open_consultation(app, slug="other")
    planned = draft(app, slug="planned")
    strange = Spot(built.id, other.questions[0])
    for where, reason in (
        (strange, Reason.NOT_FOUND),
        (Spot(404, 404), Reason.NOT_FOUND),
        (spot(planned), Reason.NOT_FOUND),
        (spot(open_consultation(app, slug="soon", opens_in=timedelta(days=2))), Reason.CONSULTATION_NOT_OPEN),
    ):
        assert refusal(partial(save_draft, aigerim.actor, where, "Words.")) is reason
        assert refusal(partial(save_guest_draft, where, "Words.")) is reason
    close_by_clock(app, built)
    assert refusal(lambda: save_draft(aigerim.actor, spot(built), "Late.")) is Reason.CONSULTATION_CLOSED
    assert refusal(lambda: save_guest_draft(spot(built), "Late.")) is Reason.CONSULTATION_CLOSED
    assert refusal(lambda: save_draft(GUEST, spot(other), "Words.")) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: save_guest_draft(spot(other), " ")) is Reason.COMMENT_EMPTY
    long = "x" * (BODY_LONGEST + 1)
    assert refusal(lambda: save_draft(aigerim.actor, spot(other), long)) is Reason.COMMENT_TOO_LONG
    assert (count(CommentDraft), count(GuestDraft)) == (0, 0)


def test_the_list_of_drafts_says_which_can_still_be_sent(app: Flask, people: Cast) -> None:
    built, closed = open_consultation(app), open_consultation(app, slug="closed")
    gone = open_consultation(app, slug="gone")
    for where in (built, closed, gone):
        save_draft(people.aigerim.actor, spot(where, question=2), f"For {where.slug}.")
    save_draft(people.dauren.actor, spot(built), "Another's.")
    close_by_clock(app, closed)
    withdraw_consultation(OPERATOR, gone.id, "No money.")
    found = drafts_of(people.aigerim.actor, Language.KK)
    assert [(card.slug, card.question_number, card.is_open) for card in found] == [
        ("closed", 2, False), ("green-street", 2, True),
    ]  # fmt: skip
    assert drafts_of(GUEST, Language.KK) == ()
