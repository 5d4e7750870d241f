"""Real conversations that lie beside a checkout: as many groups as published, and the same people in them."""

import numpy as np
import pytest

from consult.adapters.polis import PolisConversation, read_conversation
from consult.analysis.opinion_map import OpinionMap, opinion_map
from consult.analysis.stability import adjusted_rand
from consult.analysis.vote_matrix import Ints, VoteMatrix, vote_matrix
from consult.domain.opinion import Clarity
from tests.support.polis import NAMES, REAL, WHY_SKIPPED, published_groups

pytestmark = [pytest.mark.shared_data, pytest.mark.skipif(not NAMES, reason=WHY_SKIPPED)]


def votes_of(conversation: PolisConversation, *, shuffled: int | None = None) -> VoteMatrix:
    """The votes as they are imported: only accepted statements count."""
    cells = np.array([(int(v.participant), int(v.comment), v.choice) for v in conversation.votes])
    if shuffled is not None:
        cells = cells[np.random.default_rng(shuffled).permutation(len(cells))]
    out = np.array([int(one.reference) for one in conversation.comments if one.moderated < 1])
    return vote_matrix(cells[:, 0], cells[:, 1], cells[:, 2], out)


def under_other_numbers(votes: VoteMatrix, people: Ints, statements: Ints) -> VoteMatrix:
    """The same votes where the person of each row and the statement of each column has another number."""
    cells = votes.cells.tocoo()
    rows, columns = cells.coords
    return vote_matrix(people[rows], statements[columns], cells.data, statements[votes.is_left_out])


def agreement(name: str, found: OpinionMap) -> float:
    """Adjusted Rand index against the published groups, of those who are in a group there and here."""
    published = published_groups(name)
    pairs = [
        (int(published[str(person)]), group)
        for person, group in zip(found.participants.tolist(), found.groups_of.tolist(), strict=True)
        if group >= 0 and str(person) in published
    ]
    both = np.array(pairs)
    return adjusted_rand(both[:, 0], both[:, 1])


@pytest.mark.parametrize("name", NAMES)
def test_as_many_groups_as_were_published_or_groups_that_stand_further_apart(name: str) -> None:
    found = opinion_map(votes_of(read_conversation(REAL / name)))
    published = len(set(published_groups(name).values()))
    assert found.clarity is not Clarity.NONE
    # Of the one that was published with four, the published partition has a silhouette of 0.04 on this map.
    assert found.k == published or (name == "scoop-hivemind.ubi" and found.silhouette > 0.6)


@pytest.mark.parametrize("name", ["scoop-hivemind.biodiversity", "vtaiwan.uberx"])
def test_the_same_people_are_together_as_were_published(name: str) -> None:
    assert agreement(name, opinion_map(votes_of(read_conversation(REAL / name)))) >= 0.9


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_votes_changes_nothing(name: str) -> None:
    conversation = read_conversation(REAL / name)
    one = opinion_map(votes_of(conversation))
    for seed in range(2):
        other = opinion_map(votes_of(conversation, shuffled=seed))
        assert (one.points == other.points).all()
        assert (one.groups_of == other.groups_of).all()
        assert (one.silhouette, one.stability) == (other.silhouette, other.stability)


@pytest.mark.parametrize("name", NAMES)
def test_other_numbers_for_people_and_statements_change_nothing(name: str) -> None:
    votes = votes_of(read_conversation(REAL / name))
    one, chance = opinion_map(votes), np.random.default_rng(1)
    people, statements = (chance.permutation(count) for count in votes.cells.shape)
    other = opinion_map(under_other_numbers(votes, people, statements))
    assert other.points[people] == pytest.approx(one.points, abs=1e-9)
    assert (other.groups_of[people] == one.groups_of).all()
    assert other.silhouette == pytest.approx(one.silhouette, abs=1e-9)
    of_column = {int(number): at for at, number in enumerate(other.statements.ids)}
    places = [of_column[int(statements[column])] for column in np.flatnonzero(~votes.is_left_out)]
    assert other.statements.priority[places] == pytest.approx(one.statements.priority, rel=1e-9)
    assert [group.place[places].tolist() for group in other.groups] == [
        group.place.tolist() for group in one.groups
    ]
    assert other.clarity is one.clarity
    assert other.stability == pytest.approx(one.stability, abs=1e-9)
