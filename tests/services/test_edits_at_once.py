"""Edits against moderators and voters at the same moment: one of two orders, and never a mixture."""

from collections.abc import Callable

from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.votes import Choice
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.taking_part import CommentDraft, CommentReport, CommentRevision, Follow
from consult.models.votes import CommentVote
from consult.services import comment_drafts, following, moderation, reports, votes
from consult.services.own_comments import Edited, edit_comment, withdraw_comment
from tests.services.test_at_once import at_once
from tests.services.test_comment_drafts import spot
from tests.support.cast import Cast, Member, comment, count, open_consultation, person

ROUNDS = 6


def voters(app: Flask, number: int) -> list[Member]:
    return [person(app, f"voter{n}@example.kz", f"Voter {n}") for n in range(number)]


def test_an_edit_and_a_moderator_who_saw_the_same_do_not_both_win(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    for turn in range(ROUNDS):
        key = comment(app, people.aigerim, built, f"Old words {turn}.")
        deeds: list[Callable[[], object]] = [
            lambda key=key: edit_comment(people.aigerim.actor, built.id, key, "New words.", version=1),  # type: ignore[misc]
            lambda key=key: moderation.publish_comment(people.moderator.actor, key, version=1),  # type: ignore[misc]
            lambda key=key: withdraw_comment(people.aigerim.actor, built.id, key, version=1),  # type: ignore[misc]
        ]
        answers = at_once(app, deeds)
        assert answers.count(Reason.VERSION_CONFLICT) == 2, answers
        with app.app_context():
            row = db.session.scalars(db.select(Comment).filter_by(id=key)).one()
            acts = db.session.query(ModerationAct).filter_by(comment_id=key).count()
            assert row.version == 2
            won = [answer is not Reason.VERSION_CONFLICT for answer in answers]
            assert won == [row.body == "New words.", acts == 1, row.state is CommentState.WITHDRAWN]


def test_words_that_somebody_voted_on_are_never_changed_without_a_trace(app: Flask, people: Cast) -> None:
    """Each vote names the wording it read: it was there before the edit, or it is refused."""
    built = open_consultation(app)
    crowd = voters(app, 5)
    for turn in range(ROUNDS):
        key = comment(app, people.aigerim, built, f"Old words {turn}.")
        deeds: list[Callable[[], object]] = [
            lambda v=v, key=key: votes.cast_vote(v.actor, built.id, key, Choice.AGREE, wording=1)  # type: ignore[misc]
            for v in crowd
        ]
        edit: Callable[[], object] = lambda key=key: edit_comment(  # type: ignore[misc] # noqa: E731
            people.aigerim.actor, built.id, key, "New words."
        )
        answers = at_once(app, [*deeds, edit])
        edited = answers[-1]
        assert isinstance(edited, Edited)
        assert set(answers[:-1]) <= {None, Reason.COMMENT_REWORDED}
        with app.app_context():
            kept = db.session.query(CommentVote).filter_by(comment_id=key).count()
            assert kept == answers[:-1].count(None)
            assert edited.is_correction is (kept > 0)
            revision = db.session.query(CommentRevision).filter_by(comment_id=key).one()
            assert revision.is_public is (kept > 0)


def test_many_edits_at_once_keep_every_wording(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    key = comment(app, aigerim, built, "Words 0.")
    deeds = [lambda n=n: edit_comment(aigerim.actor, built.id, key, f"Words {n}.") for n in range(1, 9)]
    at_once(app, deeds)
    with app.app_context():
        row = db.session.scalars(db.select(Comment)).one()
        earlier = db.session.scalars(db.select(CommentRevision).order_by(CommentRevision.number)).all()
        assert [revision.number for revision in earlier] == list(range(1, 9))
        assert {row.body, *(revision.body for revision in earlier)} == {f"Words {n}." for n in range(9)}
        assert row.wording == row.version == 9


def test_one_report_one_follower_and_one_draft_of_a_person_by_many_threads(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    dauren = people.dauren.actor
    reported = at_once(app, [lambda: reports.report_comment(dauren, built.id, key, "insult")] * 6)
    assert reported.count(None) == 1
    assert reported.count(Reason.REPORTED_ALREADY) == 5
    at_once(app, [lambda: following.follow_consultation(dauren, built.id)] * 6)
    saves = [lambda n=n: comment_drafts.save_draft(dauren, spot(built), f"Words {n}.") for n in range(6)]
    assert at_once(app, saves) == [None] * 6
    with app.app_context():
        assert (count(CommentReport), count(Follow), count(CommentDraft)) == (1, 1, 1)
