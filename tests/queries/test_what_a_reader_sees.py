"""What each reader gets of comments, tallies and contributions."""

import pytest
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode, ResultsPolicy
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.visibility import Sight
from consult.domain.votes import Choice, Tally
from consult.queries import contributions
from consult.queries.comment_counts import comment_counts
from consult.queries.comments import CommentView, comment_at, comments_of, one_comment
from consult.queries.consultations import consultation_at
from consult.queries.questions import QuestionView, question_at, questions_of
from consult.services import moderation, votes
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    open_consultation,
    refusal,
    vote,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
KK = Language.KK
CANARY = "Canary words that nobody may read."


def listed(reader: Actor, built: Built) -> dict[int, CommentView]:
    view = consultation_at(reader, built.slug, KK)
    return {found.id: found for found in comments_of(reader, view, built.questions[0]).comments}


def proposition(reader: Actor, built: Built) -> QuestionView:
    view = consultation_at(reader, built.slug, KK)
    return question_at(reader, view, 2, questions_of(reader, built.id, KK))


def test_a_tally_is_shown_to_a_voter_after_voting_and_to_nobody_else(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key, Choice.DISAGREE)
    for reader in (GUEST, people.aigerim.actor, people.moderator.actor, OPERATOR):
        assert listed(reader, built)[key].tally is None
        assert listed(reader, built)[key].choice is None
    seen = listed(people.dauren.actor, built)[key]
    assert (seen.tally, seen.choice) == (Tally(disagree=1), Choice.DISAGREE)


@pytest.mark.parametrize("policy", ResultsPolicy)
def test_after_closing_everybody_sees_every_tally(app: Flask, people: Cast, policy: ResultsPolicy) -> None:
    built = open_consultation(app, results_policy=policy)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    votes.vote_on_proposition(people.dauren.actor, built.id, built.questions[1], Choice.PASS, KK)
    close_by_clock(app, built)
    for reader in (GUEST, people.aigerim.actor, people.moderator.actor):
        assert listed(reader, built)[key].tally == Tally(agree=1)
        assert proposition(reader, built).tally == Tally(pass_=1)


def test_hidden_results_stay_hidden_from_the_voter_until_closing(app: Flask, people: Cast) -> None:
    built = open_consultation(app, results_policy=ResultsPolicy.AFTER_CLOSING)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    votes.vote_on_proposition(people.dauren.actor, built.id, built.questions[1], Choice.AGREE, KK)
    for reader in (GUEST, people.dauren.actor, people.moderator.actor, people.administrator.actor):
        assert listed(reader, built)[key].tally is None
        assert proposition(reader, built).tally is None
    assert listed(people.dauren.actor, built)[key].choice is Choice.AGREE
    assert proposition(people.dauren.actor, built).choice is Choice.AGREE


def test_words_that_are_held_back_reach_nobody_but_their_author(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = withheld_comment(app, people.aigerim, built, CANARY)
    for reader in (GUEST, people.dauren.actor, people.moderator.actor, people.administrator.actor, OPERATOR):
        view = listed(reader, built)[key]
        assert CANARY not in repr(view)
        assert people.aigerim.actor.name not in repr(view)
        assert (view.sight, view.rule, view.reason, view.is_stub) == (Sight.STUB, "insult", "", True)
    own = listed(people.aigerim.actor, built)[key]
    assert (own.sight, own.body, own.is_mine) == (Sight.FULL, CANARY, True)
    assert own.reason == "It insults a neighbour."


def test_a_waiting_comment_is_not_there_for_others(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = comment(app, people.aigerim, built, CANARY)
    for reader in (GUEST, people.dauren.actor, people.moderator.actor):
        assert listed(reader, built) == {}
        view = consultation_at(reader, built.slug, KK)
        for read in (comment_at, one_comment):
            deed = lambda read=read, r=reader, v=view: read(r, v, key)  # noqa: E731
            assert refusal(deed) is Reason.NOT_FOUND
    assert listed(people.aigerim.actor, built)[key].body == CANARY


def test_redacted_words_are_gone_for_every_reader_of_the_page(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built, CANARY)
    moderation.redact_comment(people.moderator.actor, key, "[…]", "personal-data", "A name.")
    for reader in (GUEST, people.aigerim.actor, people.moderator.actor):
        view = listed(reader, built)[key]
        assert (view.body, view.is_redacted, view.rule) == ("[…]", True, "personal-data")
        assert CANARY not in repr(view)


def test_replies_stay_readable_under_a_withheld_comment(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    top = comment(app, people.aigerim, built, CANARY)
    reply = comment(app, people.dauren, built, "A calm answer.", reply_to=top)
    moderation.withhold_comment(OPERATOR, top, "insult", "Rude.")
    stub = listed(GUEST, built)[top]
    assert stub.is_stub
    assert [(found.id, found.body) for found in stub.replies] == [(reply, "A calm answer.")]
    thread, _ = comment_at(GUEST, consultation_at(GUEST, built.slug, KK), reply)
    assert (thread.id, thread.body) == (top, "")


def test_withheld_comments_stay_counted(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    comment(app, people.aigerim, built)
    withheld_comment(app, people.aigerim, built)
    assert comment_counts(built.id, built.questions[0]) == {
        CommentState.PUBLISHED: 1, CommentState.WITHHELD: 1,
    }  # fmt: skip


def test_a_comment_is_not_found_under_another_consultation(app: Flask, aigerim: Member) -> None:
    built, other = open_consultation(app), open_consultation(app, slug="other")
    key = comment(app, aigerim, built)
    view = consultation_at(GUEST, other.slug, KK)
    assert refusal(lambda: comment_at(GUEST, view, key)) is Reason.NOT_FOUND


@pytest.mark.parametrize("slug", ["", "no-such", "A\0b", "x" * 5000, "жол", "a' OR '1'='1"])
def test_an_address_that_names_nothing_is_not_found(inside: Flask, slug: str) -> None:
    assert refusal(lambda: consultation_at(OPERATOR, slug, KK)) is Reason.NOT_FOUND


def test_own_contributions_say_what_became_of_each(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    keys = [comment(app, people.aigerim, built, f"Comment {n}") for n in range(3)]
    moderation.publish_comment(OPERATOR, keys[0])
    moderation.withhold_comment(OPERATOR, keys[1], "off-topic", "Another matter.")
    reply = comment(app, people.aigerim, built, "A reply", reply_to=keys[0])
    found = contributions.own_comments(people.aigerim.actor, KK).comments
    assert [(own.id, own.state, own.rule, own.reason, own.is_reply) for own in found] == [
        (reply, CommentState.PENDING, None, "", True),
        (keys[2], CommentState.PENDING, None, "", False),
        (keys[1], CommentState.WITHHELD, "off-topic", "Another matter.", False),
        (keys[0], CommentState.PUBLISHED, None, "", False),
    ]
    assert contributions.own_comments(people.dauren.actor, KK).comments == ()


def test_own_votes_show_no_words_that_were_withheld_since(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    kept = comment(app, people.aigerim, built, "Kept.")
    gone = comment(app, people.aigerim, built, CANARY)
    for key in (kept, gone):
        vote(app, people.dauren, built, key)
    votes.vote_on_proposition(people.dauren.actor, built.id, built.questions[1], Choice.PASS, KK)
    moderation.withhold_comment(OPERATOR, gone, "insult", "Rude.")
    found = contributions.own_votes(people.dauren.actor, KK).votes
    assert CANARY not in repr(found)
    assert {(own.comment_id, own.comment_body, own.choice) for own in found} == {
        (kept, "Kept.", Choice.AGREE), (gone, "", Choice.AGREE), (None, "", Choice.PASS),
    }  # fmt: skip
    for own in found:
        assert (own.slug, own.question.text == "") == (built.slug, False)


def test_a_guest_has_no_contributions(inside: Flask) -> None:
    assert refusal(lambda: contributions.own_comments(GUEST, KK)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: contributions.own_votes(GUEST, KK)) is Reason.SIGN_IN_NEEDED


def test_questions_know_whether_the_reader_took_part(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    vote(app, people.dauren, built, key)
    votes.vote_on_proposition(people.aigerim.actor, built.id, built.questions[1], Choice.AGREE, KK)

    def taken(reader: Actor) -> list[bool]:
        return [card.has_taken_part for card in questions_of(reader, built.id, KK)]

    assert taken(people.aigerim.actor) == [True, True]
    assert taken(people.dauren.actor) == [True, False]
    assert taken(people.moderator.actor) == taken(GUEST) == [False, False]
