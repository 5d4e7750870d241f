"""Rehearsals: a draft is over at once, with people who can never sign in, by nobody but the operator."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consultations import State
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.search import Kind
from consult.domain.votes import Choice, Tally
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.people import Person
from consult.models.search import SearchEntry
from consult.models.votes import PropositionVote
from consult.queries.comments import comments_of
from consult.queries.consultations import consultation_at, figures
from consult.queries.tallies import comment_tallies
from consult.services import accounts, votes
from consult.services.rehearsals import Ballot, Player, Rehearsed, Remark, Script, rehearse_consultation
from tests.support.cast import (
    OPEN_QUESTION,
    PROPOSITION,
    Built,
    Cast,
    QuestionAsked,
    count,
    draft,
    open_consultation,
    refusal,
)

pytestmark = pytest.mark.usefixtures("inside")

DAY = timedelta(days=1)
THEN = datetime.now(UTC) - 20 * DAY
"""Within the period of `past_draft`."""
PLAYERS = (Player(Language.KK, "Айгүл"), Player(Language.RU, "Олег"))


def past_draft(
    app: Flask,
    *,
    slug: str = "over",
    asked: Sequence[QuestionAsked] = (OPEN_QUESTION, PROPOSITION),
    opens_in: timedelta | None = -40 * DAY,
    closes_in: timedelta = -10 * DAY,
) -> Built:
    return draft(app, slug=slug, questions=asked, opens_in=opens_in, closes_in=closes_in)


def script(built: Built) -> Script:
    return Script(
        players=PLAYERS,
        remarks=[Remark(0, built.questions[0], "Көшеге ағаш керек.", Language.KK, THEN)],
        on_remarks=[Ballot(1, 0, Choice.DISAGREE, THEN + DAY)],
        on_propositions=[Ballot(player, built.questions[1], Choice.AGREE, THEN) for player in (0, 1)],
    )


def rehearse(built: Built, played: Script | None = None, *, by: Actor = OPERATOR) -> Rehearsed:
    return rehearse_consultation(by, built.id, played or script(built))


def test_a_draft_of_a_past_period_is_closed_with_its_comments_and_votes(app: Flask) -> None:
    built = past_draft(app)
    rehearsed = rehearse(built)
    view = consultation_at(GUEST, built.slug, Language.KK)
    found = figures(view.id)
    assert (view.state, found.participants, found.votes) == (State.CLOSED, 2, 3)
    (listed,) = comments_of(GUEST, view, built.questions[0]).comments
    assert (listed.id, listed.body, listed.author) == (
        rehearsed.comment_ids[0],
        "Көшеге ағаш керек.",
        "Айгүл",
    )
    assert comment_tallies(view.id, [listed.id])[listed.id] == Tally(0, 1, 0)
    assert set(db.session.scalars(db.select(SearchEntry.kind))) == set(Kind)


def test_what_was_played_is_one_line_of_the_log(app: Flask) -> None:
    built = past_draft(app)
    rehearse(built)
    (entry,) = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.CONSULTATION_REHEARSED))
    assert (entry.consultation_id, entry.actor_role) == (built.id, "operator")
    assert (entry.detail["players"], entry.detail["comments"], entry.detail["votes"]) == (2, 1, 3)


def test_nobody_signs_in_as_a_player_or_votes_as_one(app: Flask) -> None:
    built = past_draft(app)
    rehearsed = rehearse(built)
    elsewhere = open_consultation(app, slug="elsewhere")
    rows = db.session.scalars(db.select(Person)).all()
    assert [(row.password_hash, row.is_active) for row in rows] == [("", False)] * 2
    for row in rows:
        assert refusal(lambda email=row.email: accounts.sign_in(email, "")) is Reason.SIGN_IN_FAILED  # type: ignore[misc]
    player = Actor(rehearsed.person_ids[0])
    voting = refusal(
        lambda: votes.vote_on_proposition(
            player, elsewhere.id, elsewhere.questions[1], Choice.AGREE, Language.KK
        )
    )
    assert voting is Reason.ACCOUNT_BLOCKED


def test_no_stranger_rehearses_and_no_administrator_either(app: Flask, people: Cast) -> None:
    built = past_draft(app)
    for member in (people.aigerim, people.moderator, people.administrator):
        assert refusal(lambda by=member.actor: rehearse(built, by=by)) is Reason.NOT_PERMITTED  # type: ignore[misc]
    assert refusal(lambda: rehearse(built, by=GUEST)) is Reason.SIGN_IN_NEEDED
    assert consultation_at(OPERATOR, built.slug, Language.KK).state is State.DRAFT


def test_what_somebody_was_promised_is_never_rehearsed(app: Flask) -> None:
    built = open_consultation(app)
    assert refusal(lambda: rehearse(built)) is Reason.STATE_FORBIDS
    played = past_draft(app)
    rehearse(played)
    assert refusal(lambda: rehearse(played)) is Reason.STATE_FORBIDS


def test_a_period_that_is_not_over_is_refused(app: Flask) -> None:
    assert refusal(lambda: rehearse(past_draft(app, closes_in=DAY))) is Reason.CLOSING_NOT_REACHED


def test_a_draft_that_could_not_have_opened_is_refused(app: Flask) -> None:
    assert refusal(lambda: rehearse(past_draft(app, opens_in=None))) is Reason.OPENING_INCOMPLETE
    lacking = QuestionAsked({Language.RU: "Только по-русски?"})
    built = past_draft(app, slug="lacking", asked=(lacking, PROPOSITION))
    assert refusal(lambda: rehearse(built)) is Reason.OPENING_INCOMPLETE


@pytest.mark.parametrize("at", [THEN - 30 * DAY, THEN + 15 * DAY])
def test_nothing_is_done_before_the_opening_or_after_the_closing(app: Flask, at: datetime) -> None:
    built = past_draft(app)
    late = replace(script(built), on_remarks=[Ballot(1, 0, Choice.AGREE, at)])
    assert refusal(lambda: rehearse(built, late)) is Reason.CONSULTATION_CLOSED
    assert [count(table) for table in (Person, Comment, PropositionVote)] == [0, 0, 0]


def test_only_what_is_asked_there_is_answered(app: Flask) -> None:
    built = past_draft(app)
    wrong_kind = replace(script(built), on_propositions=[Ballot(0, built.questions[0], Choice.AGREE, THEN)])
    assert refusal(lambda: rehearse(built, wrong_kind)) is Reason.VOTE_NOT_ASKED
    elsewhere = open_consultation(app, slug="elsewhere").questions[0]
    remark = replace(script(built).remarks[0], question_id=elsewhere)
    assert refusal(lambda: rehearse(built, replace(script(built), remarks=[remark]))) is Reason.NOT_FOUND
