"""Weighting votes to the margins of a population: keeping the margins, computing, publishing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from consult.analysis.vote_matrix import Floats, Ints, vote_matrix
from consult.analysis.weighting import Weights, check_filled, weigh, weighted_counts
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.margins import margins_of
from consult.domain.people import Actor
from consult.domain.permissions import may_answer
from consult.domain.votes import Target
from consult.models.base import db, now_in_database, transaction
from consult.models.bulk import insert_rows
from consult.models.weighting import PopulationMargin, WeightedTally, Weighting
from consult.queries.access import key_at
from consult.queries.vote_columns import vote_columns
from consult.queries.weighting import margins_kept, proposition_columns, told_profiles
from consult.services import audit
from consult.services.drafting import locked


def set_margins(actor: Actor, slug: str, content: bytes, source: str, counted_on: date) -> None:
    """Keep the margins of a file instead of earlier ones, and weigh by them; they are not published yet.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, and what `margins_of` refuses.
    """
    here = key_at(actor, may_answer, slug)
    margins = margins_of(content, source, counted_on)
    with transaction():
        locked(here)
        db.session.execute(sa.delete(PopulationMargin).where(PopulationMargin.consultation_id == here))
        db.session.add_all(
            PopulationMargin(consultation_id=here, variable=variable, category=category, share=share)
            for variable, shares in margins.shares.items()
            for category, share in shares.items()
        )
        row = db.session.get(Weighting, here) or Weighting(consultation_id=here)
        row.source, row.counted_on, row.is_published = margins.source, counted_on, False
        row.uploaded_at = now_in_database()
        db.session.add(row)
        db.session.flush()
        _compute(here, row)
        detail: dict[str, object] = {"variables": [variable.value for variable in margins.shares]}
        audit.record(actor, Entry(Act.MARGINS_SET, Thing.CONSULTATION, here, here, detail))


def weigh_again(actor: Actor, slug: str) -> None:
    """Weigh the votes of now, where there are margins; else nothing is done.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    here = key_at(actor, may_answer, slug)
    if db.session.get(Weighting, here) is None:
        return
    with transaction():
        locked(here)
        _compute(here, db.session.get_one(Weighting, here, populate_existing=True))


def show_weighted(actor: Actor, slug: str, *, is_published: bool) -> None:
    """Publish the weighted figures beside the others, or take them back.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND also where there are no margins, and why there are
            no weights.
    """
    here = key_at(actor, may_answer, slug)
    with transaction():
        locked(here)
        row = db.session.get(Weighting, here, populate_existing=True)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        if is_published and row.refusal is not None:
            raise Refused(Reason(row.refusal), fewest=row.detail.partition(" ")[0])
        row.is_published = is_published
        act = Act.WEIGHTING_SHOWN if is_published else Act.WEIGHTING_HIDDEN
        audit.record(actor, Entry(act, Thing.CONSULTATION, here, here))


def _compute(here: int, row: Weighting) -> None:
    """Weigh by the margins that are kept, and keep what it gives, or why it gives nothing."""
    db.session.execute(sa.delete(WeightedTally).where(WeightedTally.consultation_id == here))
    row.computed_at = now_in_database()
    try:
        people, weights = _weights(here)
    except Refused as refused:
        row.people = row.cut = row.design_effect = row.effective = None
        row.refusal, row.is_published = refused.reason.value, False
        row.detail = f"{refused.details.get('fewest', '')} {refused.details.get('category', '')}"
        return
    row.refusal, row.detail = None, ""
    row.people, row.cut = len(people), weights.cut
    row.design_effect, row.effective = weights.design_effect, weights.effective
    insert_rows(WeightedTally, _tallies(here, people, weights.each))


def _weights(here: int) -> tuple[Ints, Weights]:
    """Everybody who told all that the margins ask for, and their weights."""
    kept, told = margins_kept(here), told_profiles(here)
    asked = {variable: _known(told[variable], list(shares)) for variable, shares in kept.items()}
    people = _in_all([ids for ids, _ in asked.values()])
    categories, margins = [], []
    for variable, (ids, places) in asked.items():
        own = places[np.searchsorted(ids, people)] if len(people) else places[:0]
        shares = np.array(list(kept[variable].values()))
        check_filled(own, shares, variable.value, list(kept[variable]))
        categories.append(own)
        margins.append(shares)
    return people, weigh(categories, margins)


def _known(told: tuple[Ints, list[str]], names: list[str]) -> tuple[Ints, Ints]:
    """People whose category has a margin, in the order of their ids, and its place."""
    place_of = {name: place for place, name in enumerate(names)}
    places = np.array([place_of.get(code, -1) for code in told[1]], dtype=np.int64)
    return told[0][places >= 0], places[places >= 0]


def _in_all(some: list[Ints]) -> Ints:
    found = some[0]
    for other in some[1:]:
        found = np.intersect1d(found, other, assume_unique=True)
    return found


def _tallies(here: int, people: Ints, weights: Floats) -> Iterator[dict[str, Any]]:
    columns = vote_columns(here)
    # In the matrix's order, whatever the database's is: sums of weights come out the same to the last bit.
    on_comments = vote_matrix(columns.person_ids, columns.comment_ids, columns.choices).listed
    votes = {
        Target.COMMENT: on_comments,
        Target.QUESTION: proposition_columns(here),
    }
    for target, (voters, targets, choices) in votes.items():
        is_in = np.isin(voters, people)
        different, places = np.unique(targets[is_in], return_inverse=True)
        own = weights[np.searchsorted(people, voters[is_in])]
        sums, counts = weighted_counts(own, places, choices[is_in], len(different))
        for key, (disagree, passes, agree), number in zip(
            different.tolist(), sums.tolist(), counts.tolist(), strict=True
        ):
            yield {
                "consultation_id": here, "target": target, "target_id": key, "people": number,
                "agree": agree, "disagree": disagree, "passes": passes,
            }  # fmt: skip
