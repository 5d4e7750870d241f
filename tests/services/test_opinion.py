"""Opinion groups as they are kept: from the votes of now, the same twice, settled while people vote."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.opinion import Clarity, Settling
from consult.domain.people import GUEST, OPERATOR, Role
from consult.domain.votes import Choice
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.opinion import OpinionGroupStatement, OpinionMember, OpinionRun, OpinionStatement
from consult.models.people import Person
from consult.models.votes import CommentVote
from consult.queries.opinion import OpinionView, members_of, newest_run, opinion_of
from consult.queries.routing import ballot_of
from consult.queries.tallies import comment_tallies
from consult.services import moderation
from consult.services.imports import import_polis
from consult.services.opinion import compute_opinion
from tests.support.cast import Built, Cast, close_by_clock, comment, count, open_consultation, refusal
from tests.support.polis import NAMES, REAL, WHY_SKIPPED, write_crowd

pytestmark = pytest.mark.usefixtures("inside")
PEOPLE, STATEMENTS = 40, 12
Cells = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def fill_with_two_groups(app: Flask, people: Cast) -> tuple[Built, list[int]]:
    """Forty people of two minds on twelve comments; on the last one all agree."""
    chance = np.random.default_rng(1)
    minds = np.where(np.arange(PEOPLE) % 2, -1, 1)[:, np.newaxis]
    cells = minds * np.where(np.arange(STATEMENTS) % 2, 1, -1)
    cells[:, -1] = 1
    return fill(app, people, np.where(chance.random(cells.shape) < 0.1, 0, cells))


def fill_with_nested_groups(app: Flask, people: Cast) -> tuple[Built, list[int]]:
    """Three groups of forty, two of them near each other: three are best, but two are found again too."""
    chance = np.random.default_rng(1)
    sides = np.ones((3, 30), dtype=np.int64)
    sides[1:, :20] = -1
    sides[2, 20:] = -1
    cells = sides[np.repeat(np.arange(3), 40)]
    return fill(app, people, np.where(chance.random(cells.shape) < 0.05, -cells, cells))


def fill(app: Flask, people: Cast, cells: Cells) -> tuple[Built, list[int]]:
    """Votes of as many people as there are rows on as many comments as there are columns."""
    built = open_consultation(app)
    keys = [
        comment(app, people.aigerim, built, f"Comment {number}", question=1 + number % 2)
        for number in range(cells.shape[1])
    ]
    now = datetime.now(UTC)
    with transaction():
        rows = [
            {
                "email": f"voter-{number}@example.kz", "name": f"Voter {number}", "role": Role.CITIZEN,
                "language": Language.KK, "password_hash": "-", "created_at": now,
            }
            for number in range(len(cells))
        ]  # fmt: skip
        db.session.execute(sa.insert(Person.__table__), rows)  # type: ignore[arg-type]
        voters = db.session.scalars(
            sa.select(Person.id).where(Person.email.startswith("voter-")).order_by(Person.id)
        )
        votes = [
            {
                "consultation_id": built.id,
                "comment_id": key,
                "person_id": voter,
                "choice": choice,
                "cast_at": now,
            }
            for voter, choices in zip(voters.all(), cells.tolist(), strict=True)
            for key, choice in zip(keys, choices, strict=True)
        ]
        db.session.execute(sa.insert(CommentVote.__table__), votes)  # type: ignore[arg-type]
    return built, keys


def found(built: Built) -> OpinionView:
    view = opinion_of(built.id)
    assert view is not None
    return view


def test_groups_statements_and_members_are_kept(app: Flask, people: Cast) -> None:
    built, keys = fill_with_two_groups(app, people)
    assert newest_run(built.id) is None
    assert compute_opinion(people.moderator.actor, built.slug)
    view = found(built)
    assert (view.run.k, view.run.clarity, view.run.grouped) == (2, Clarity.CLEAR, PEOPLE)
    assert (view.run.votes, view.run.participants, view.run.statements) == (480, 40, 12)
    assert [(group.letter, group.size) for group in view.groups] == [("A", 20), ("B", 20)]
    assert all(group.representatives for group in view.groups)
    assert [one.comment_id for one in view.common[Choice.AGREE]] == [keys[-1]]
    assert view.common[Choice.DISAGREE] == ()
    assert [one.comment_id for one in view.majority[Choice.AGREE]] == [keys[-1]]
    shared = view.common[Choice.AGREE][0]
    assert shared.tally == comment_tallies(built.id, [keys[-1]])[keys[-1]]
    members = list(members_of(built.id))
    assert len({member.participant for member in members}) == PEOPLE
    assert {member.letter for member in members} == {"A", "B"}
    assert not any(member.participant.isdigit() and len(member.participant) < 10 for member in members)


def test_the_same_votes_are_not_computed_twice_and_new_ones_are(app: Flask, people: Cast) -> None:
    built, _keys = fill_with_two_groups(app, people)
    assert compute_opinion(OPERATOR, built.slug)
    first = found(built)
    assert not compute_opinion(OPERATOR, built.slug)
    assert found(built) == first
    with transaction():
        db.session.execute(sa.update(CommentVote).where(CommentVote.choice == 0).values(choice=1))
    assert compute_opinion(OPERATOR, built.slug)
    again = found(built).run
    assert (again.moved, count(OpinionRun), count(OpinionMember)) == (0, 2, PEOPLE)
    assert db.session.scalars(sa.select(AuditEntry.detail).order_by(AuditEntry.id.desc())).first() == {
        "votes": 480, "k": 2, "k_before": 2, "clarity": "clear", "moved": 0,
    }  # fmt: skip


def test_another_number_of_groups_waits_in_the_database_until_it_was_best_four_times(
    app: Flask, people: Cast
) -> None:
    built, keys = fill_with_nested_groups(app, people)
    compute_opinion(OPERATOR, built.slug)
    assert found(built).run.k == 3
    with transaction():
        db.session.execute(sa.update(OpinionRun).values(held_k=2, waiting_k=2, waited=0))
    settled = []
    for turn in range(4):
        change_a_vote(keys[turn])
        db.session.remove()
        assert compute_opinion(OPERATOR, built.slug)
        run = found(built).run
        assert run.best_k == 3
        settled.append((run.k, run.settling))
    assert settled == [*((2, Settling(2, 3, waited)) for waited in (1, 2, 3)), (3, Settling(3, 3, 0))]


def test_what_is_held_ends_with_the_voting(app: Flask, people: Cast) -> None:
    built, keys = fill_with_nested_groups(app, people)
    compute_opinion(OPERATOR, built.slug)
    with transaction():
        db.session.execute(sa.update(OpinionRun).values(held_k=2, waiting_k=2, waited=0))
    change_a_vote(keys[0])
    compute_opinion(OPERATOR, built.slug)
    assert found(built).run.k == 2
    close_by_clock(app, built)
    assert compute_opinion(OPERATOR, built.slug)
    assert (found(built).run.k, found(built).run.settling) == (3, Settling(3, 3, 0))


def change_a_vote(comment_id: int) -> None:
    """Somebody passes over a comment on which he voted before."""
    first = sa.select(sa.func.min(CommentVote.person_id)).scalar_subquery()
    with transaction():
        db.session.execute(
            sa.update(CommentVote)
            .where(CommentVote.comment_id == comment_id, CommentVote.person_id == first)
            .values(choice=0)
        )


def test_a_withheld_comment_leaves_the_figures_and_the_list_of_what_comes_next(
    app: Flask, people: Cast
) -> None:
    built, keys = fill_with_two_groups(app, people)
    moderation.withhold_comment(OPERATOR, keys[0], "insult", "Rude.")
    compute_opinion(OPERATOR, built.slug)
    assert (found(built).run.statements, found(built).run.left_out, found(built).run.votes) == (12, 1, 480)
    kept = set(db.session.scalars(sa.select(OpinionStatement.comment_id)))
    assert kept == set(keys[1:])
    assert count(OpinionGroupStatement) == 2 * len(kept)
    ballot = ballot_of(built.id, None)
    assert set(ballot.comment_ids) == kept
    weights = db.session.execute(sa.select(OpinionStatement.comment_id, OpinionStatement.priority))
    assert dict(zip(ballot.comment_ids, ballot.weights, strict=True)) == dict(weights.all())
    assert len(set(ballot.weights)) > 5


def test_too_few_voters_are_refused_and_nothing_is_kept(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    assert refusal(lambda: compute_opinion(OPERATOR, built.slug)) is Reason.OPINION_TOO_FEW
    assert refusal(lambda: compute_opinion(OPERATOR, "nowhere")) is Reason.NOT_FOUND
    assert refusal(lambda: compute_opinion(GUEST, built.slug)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: compute_opinion(people.aigerim.actor, built.slug)) is Reason.NOT_PERMITTED
    assert count(OpinionRun) == 0


def reversed_export(folder: Path, crowd: Path) -> Path:
    """The same export with its participants, statements and columns the other way round."""
    folder.mkdir()
    for name in ("comments.csv", "participants-votes.csv"):
        heading, *rows = csv.reader((crowd / name).read_text().splitlines())
        first = next((at for at, column in enumerate(heading) if column.isdigit()), len(heading))
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([*row[:first], *row[first:][::-1]] for row in (heading, *rows[::-1]))
    return folder


def test_files_in_another_order_give_the_same_groups(tmp_path: Path) -> None:
    crowd = write_crowd(tmp_path / "crowd", 60)
    seen = []
    for slug, folder in (("one", crowd), ("other", reversed_export(tmp_path / "reversed", crowd))):
        made = import_polis(OPERATOR, folder, slug)
        assert compute_opinion(OPERATOR, slug)
        run = newest_run(made.consultation_id)
        assert run is not None
        members = {one.participant: (one.letter, one.x, one.y) for one in members_of(made.consultation_id)}
        seen.append((members, run.k, run.clarity, run.silhouette, run.stability))
    (members, *figures), (others, *other_figures) = seen
    assert figures == [
        pytest.approx(one, abs=1e-9) if isinstance(one, float) else one for one in other_figures
    ]
    assert len({person for person in members if members[person][0] == others[person][0]}) == 60
    for person, place in members.items():
        assert others[person][1:] == pytest.approx(place[1:], abs=1e-9)


@pytest.mark.shared_data
@pytest.mark.skipif(not NAMES, reason=WHY_SKIPPED)
def test_an_imported_conversation_is_grouped_and_members_have_their_references(tmp_path: Path) -> None:
    made = import_polis(OPERATOR, REAL / "london.youth.policing", "london")
    assert compute_opinion(OPERATOR, "london")
    run = newest_run(made.consultation_id)
    assert run is not None
    assert (run.votes, run.participants, run.k) == (638, 26, 3)
    assert {member.participant for member in members_of(made.consultation_id)} >= {"1", "2", "3"}
    assert count(Comment) == 39
