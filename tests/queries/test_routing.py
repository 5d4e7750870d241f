"""The next statement: drawn by weight from what the reader has not voted on; new ones start fairly."""

from collections import Counter
from random import Random

import pytest
from flask import Flask

from consult.domain.languages import Language
from consult.domain.opinion import Clarity
from consult.domain.people import GUEST, OPERATOR
from consult.domain.routing import priority
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.opinion import OpinionRun, OpinionStatement
from consult.queries.consultations import ConsultationView, consultation_at
from consult.queries.routing import NEWCOMERS, Ballot, ballot_of, next_statement
from consult.services import moderation
from tests.queries.conftest import Statements
from tests.support.cast import Built, Cast, comment, open_consultation, person, vote, withheld_comment

pytestmark = pytest.mark.usefixtures("inside")


def seen_by(slug: str) -> ConsultationView:
    return consultation_at(GUEST, slug, Language.EN)


def keep_run(built: Built, priorities: dict[int, float]) -> None:
    """Figures as a computation would have kept them."""
    with transaction():
        db.session.add(
            OpinionRun(
                consultation_id=built.id,
                computed_at=now_in_database(),
                votes_sha256="",
                votes=0,
                participants=0,
                grouped=0,
                statements=0,
                left_out=0,
                k=1,
                best_k=1,
                clarity=Clarity.NONE,
                silhouette=0,
                stability=0,
                held_k=1,
                waiting_k=1,
                waited=0,
            )
        )
        for key, weight in priorities.items():
            db.session.add(
                OpinionStatement(
                    consultation_id=built.id,
                    comment_id=key,
                    agree=9,
                    disagree=9,
                    passes=0,
                    x=0,
                    y=0,
                    extremity=2.0,
                    common_agree=0,
                    common_disagree=0,
                    priority=weight,
                )
            )


def drawn(view: ConsultationView, times: int = 600) -> Counter[int]:
    chance = Random(7)  # noqa: S311 - a draw of a test
    found = [next_statement(GUEST, view, None, chance) for _ in range(times)]
    return Counter(one.comment.id for one in found if one)


def test_statements_are_drawn_by_their_weights_not_all_alike(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = [comment(app, people.aigerim, built, f"Comment {number}") for number in range(3)]
    keep_run(built, dict(zip(keys, (1.0, 3.0, 8.0), strict=True)))
    counts = drawn(seen_by(built.slug))
    # Under equal weights each would come 200 times.
    assert [counts[key] for key in keys] == pytest.approx([50, 150, 400], abs=40)


def test_weights_differ_already_before_the_first_computation(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    liked, passed = (comment(app, people.aigerim, built, words) for words in ("Liked", "Passed over"))
    for number in range(6):
        voter = person(app, f"voter-{number}@example.kz", f"Voter {number}")
        vote(app, voter, built, liked, Choice.AGREE)
        vote(app, voter, built, passed, Choice.PASS)
    weights = dict(zip(*_pair(ballot_of(built.id, None)), strict=True))
    assert weights == {liked: priority(6, 0, 0, 0), passed: priority(0, 0, 6, 0)}
    counts = drawn(seen_by(built.slug))
    assert counts[liked] > 20 * counts[passed]


def _pair(ballot: Ballot) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return ballot.comment_ids, ballot.weights


def test_a_new_comment_has_a_fair_start(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    old = [comment(app, people.aigerim, built, f"Comment {number}") for number in range(3)]
    keep_run(built, {key: priority(9, 9, 0, 2.0) for key in old})
    ballot_of(built.id, None)
    new = comment(app, people.dauren, built, "A new one")
    ballot = ballot_of(built.id, None)
    assert ballot.comment_ids[-1] == new
    assert ballot.weights[-1] == priority(0, 0, 0, 2.0) > 2 * max(ballot.weights[:-1])


def test_a_reader_gets_each_comment_once_and_then_none(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = {comment(app, people.aigerim, built, f"Comment {number}") for number in range(4)}
    view, chance = seen_by(built.slug), Random(1)  # noqa: S311
    for turn in range(4):
        found = next_statement(people.dauren.actor, view, None, chance)
        assert found is not None
        assert (found.seen, found.total) == (turn, 4)
        keys.remove(found.comment.id)
        vote(app, people.dauren, built, found.comment.id)
    assert next_statement(people.dauren.actor, view, None, chance) is None


def test_nobody_is_asked_about_the_own_comments(app: Flask, people: Cast) -> None:
    """Not even where that leaves nothing; a vote that an author cast on a page is no progress."""
    built = open_consultation(app)
    own = [comment(app, people.aigerim, built, f"Comment {number}") for number in range(2)]
    view, chance = seen_by(built.slug), Random(1)  # noqa: S311
    assert next_statement(people.aigerim.actor, view, None, chance) is None
    other = comment(app, people.dauren, built)
    vote(app, people.aigerim, built, own[0])
    for _ in range(20):
        found = next_statement(people.aigerim.actor, view, None, chance)
        assert found is not None
        assert (found.comment.id, found.seen, found.total) == (other, 0, 1)


def test_only_published_comments_of_the_question_are_drawn_and_no_replies(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    comment(app, people.dauren, built, reply_to=key)
    other = comment(app, people.aigerim, built, "Under the other question", question=2)
    withheld_comment(app, people.aigerim, built)
    view, chance = seen_by(built.slug), Random(1)  # noqa: S311
    found = next_statement(people.dauren.actor, view, built.questions[0], chance)
    assert found is not None
    assert (found.comment.id, found.total) == (key, 1)
    assert set(drawn(view, 40)) == {key, other}


def test_what_a_moderator_takes_back_is_drawn_no_more(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    key = comment(app, people.aigerim, built)
    view = seen_by(built.slug)
    assert set(drawn(view, 5)) == {key}
    moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
    assert not drawn(view, 5)
    moderation.restore_comment(OPERATOR, key)
    assert set(drawn(view, 5)) == {key}


def test_without_comments_there_is_nothing_to_vote_on(app: Flask) -> None:
    built = open_consultation(app)
    assert not drawn(seen_by(built.slug), 2)


def test_a_kept_list_is_not_read_again_for_each_vote(
    app: Flask, people: Cast, statements: Statements
) -> None:
    built = open_consultation(app)
    for number in range(5):
        comment(app, people.aigerim, built, f"Comment {number}")
    view, chance = seen_by(built.slug), Random(1)  # noqa: S311
    next_statement(people.dauren.actor, view, None, chance)
    sent = min(statements(lambda: next_statement(people.dauren.actor, view, None, chance)) for _ in range(3))
    assert sent <= 7


def test_the_last_unseen_one_of_many_is_found() -> None:
    ballot = Ballot(tuple(range(1000)), (1000.0, *(0.001 for _ in range(999))))
    assert ballot.draw(frozenset(range(1000)) - {500}, Random(1)) == 500  # noqa: S311
    assert ballot.draw(frozenset(range(1000)), Random(1)) is None  # noqa: S311


def test_what_is_left_of_many_is_drawn_by_weight_too() -> None:
    ballot = Ballot(tuple(range(1000)), (*(1000.0 for _ in range(998)), 0.001, 0.009))
    chance, voted = Random(1), frozenset(range(998))  # noqa: S311
    counts = Counter(ballot.draw(voted, chance) for _ in range(400))
    # Under equal weights each would come 200 times.
    assert counts[998] == pytest.approx(40, abs=20)
    assert counts[999] == 400 - counts[998]


def test_of_very_many_new_comments_each_can_be_drawn(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    keys = [
        comment(app, people.aigerim, built, f"Comment {number}", question=1 + number % 2)
        for number in range(NEWCOMERS + 3)
    ]
    vote(app, people.dauren, built, keys[0])
    vote(app, people.dauren, built, keys[-1])
    weights = dict(zip(*_pair(ballot_of(built.id, None)), strict=True))
    # The votes of the oldest are not counted yet: it weighs as one without votes.
    assert weights[keys[0]] == weights[keys[1]] == priority(0, 0, 0, 0)
    assert weights[keys[-1]] == priority(1, 0, 0, 0)


def test_priority_prefers_the_divisive_the_agreed_and_the_new() -> None:
    assert priority(20, 20, 0, 3.0) > priority(20, 20, 0, 1.0)
    assert priority(30, 10, 0, 1.0) > priority(10, 10, 20, 1.0)
    assert priority(1, 1, 0, 1.0) > priority(40, 40, 0, 1.0)
    # (1 - 1/2) * 1 * 1/2, lifted by 1 + 8, squared
    assert priority(0, 0, 0, 0) == (0.25 * 9) ** 2
