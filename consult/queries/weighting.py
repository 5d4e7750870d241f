"""Reading margins, weighted votes, and whose voices are missing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.margins import Lacking, Variable, lacking
from consult.domain.results import Breakdown
from consult.domain.votes import InPerCent, Target, percentages
from consult.models.base import db
from consult.models.own_data import PersonProfile
from consult.models.votes import PropositionVote
from consult.models.weighting import PopulationMargin, WeightedTally, Weighting
from consult.queries.results import people_by_category, taking_part
from consult.queries.vote_columns import Column

Kept = dict[Variable, dict[str, float]]

COLUMNS = {
    Variable.REGION: PersonProfile.region,
    Variable.AGE_BAND: PersonProfile.age_band,
    Variable.GENDER: PersonProfile.gender,
}


@dataclass(frozen=True)
class WeightingView:
    """Margins and what the last weighting gave; `refused` says why there are no weights."""

    source: str
    counted_on: date
    uploaded_at: datetime
    is_published: bool
    computed_at: datetime | None
    people: int | None
    design_effect: float | None
    effective: float | None
    cut: int | None
    refused: Refused | None
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class WeightedShare(InPerCent):
    """How a population would have voted, had it voted as its likes did: sums of the weights of each choice.

    `people` are those who could be weighted.
    """

    people: int
    agree: float
    disagree: float
    passes: float

    @property
    def percentages(self) -> tuple[int, int, int]:
        """Agree, disagree, pass in whole per cent, adding up to 100 as those of a `Tally` do."""
        return percentages((self.agree, self.disagree, self.passes))


def margins_kept(consultation_id: int) -> Kept:
    """Shares by variable and category; empty where no file was uploaded."""
    found: Kept = defaultdict(dict)
    rows = db.session.scalars(
        sa.select(PopulationMargin)
        .filter_by(consultation_id=consultation_id)
        .order_by(PopulationMargin.variable, PopulationMargin.category)
    )
    for row in rows:
        found[row.variable][row.category] = row.share
    return found


def weighting_of(consultation_id: int) -> WeightingView | None:
    """The margins' source and the last weighting; None where no file was uploaded."""
    row = db.session.get(Weighting, consultation_id, populate_existing=True)
    if row is None:
        return None
    return WeightingView(
        source=row.source,
        counted_on=row.counted_on,
        uploaded_at=row.uploaded_at,
        is_published=row.is_published,
        computed_at=row.computed_at,
        people=row.people,
        design_effect=row.design_effect,
        effective=row.effective,
        cut=row.cut,
        refused=_refused(row),
        variables=tuple(margins_kept(consultation_id)),
    )


def _refused(row: Weighting) -> Refused | None:
    """The refusal as it was; its details were kept as `fewest` and the category."""
    if row.refusal is None:
        return None
    fewest, _, category = row.detail.partition(" ")
    return Refused(Reason(row.refusal), fewest=fewest, category=category)


def weighted_shares(
    consultation_id: int, smallest_group: int, *, is_early: bool
) -> Mapping[tuple[Target, int], WeightedShare]:
    """Weighted shares by what was voted on; empty where they are not published, but for officials.

    A target on which fewer than `smallest_group` of the weighted people voted is not in it.
    """
    weighting = weighting_of(consultation_id)
    if weighting is None or weighting.refused or not (is_early or weighting.is_published):
        return {}
    rows = db.session.scalars(sa.select(WeightedTally).filter_by(consultation_id=consultation_id))
    return {
        (row.target, row.target_id): WeightedShare(row.people, row.agree, row.disagree, row.passes)
        for row in rows
        if row.people >= smallest_group
    }


def told_profiles(consultation_id: int) -> dict[Variable, tuple[Column, list[str]]]:
    """What each participant told, as two columns a variable: person ids and codes; undisclosed ones too."""
    who = taking_part(consultation_id).subquery()
    found = {}
    for variable, column in COLUMNS.items():
        rows = db.session.execute(
            sa.select(PersonProfile.person_id, column)
            .join(who, who.c[0] == PersonProfile.person_id)
            .where(column.is_not(None))
            .order_by(PersonProfile.person_id)
        ).all()
        ids = np.array([person_id for person_id, _ in rows], dtype=np.int64)
        found[variable] = (ids, [code.value for _, code in rows if code is not None])
    return found


def proposition_columns(consultation_id: int) -> tuple[Column, Column, Column]:
    """Votes on propositions: persons, questions and choices, a place a vote."""
    rows = db.session.execute(
        sa.select(PropositionVote.person_id, PropositionVote.question_id, PropositionVote.choice).where(
            PropositionVote.consultation_id == consultation_id
        )
    ).all()
    votes = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 3)
    return votes[:, 0], votes[:, 1], votes[:, 2]


def missing_voices(consultation_id: int, smallest_group: int) -> tuple[Lacking, ...]:
    """Categories of which fewer people take part than the margins let expect; empty without margins."""
    kept = margins_kept(consultation_id)
    if not kept:
        return ()
    counts = people_by_category(consultation_id)
    return tuple(
        one
        for variable, shares in kept.items()
        for one in lacking(variable, shares, counts[Breakdown(variable.value)], smallest_group)
    )
