"""Corrections of published positions: what they changed, and what stood there before."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa

from consult.domain.languages import Language, Shown, shown
from consult.domain.outcomes import Decision
from consult.models.base import db
from consult.models.outcomes import PositionText, PositionVersion
from consult.queries.positions import Words


@dataclass(frozen=True)
class Correction:
    """That a position was corrected at an instant, and the decision and reasons that stood before."""

    at: datetime
    notes: Words
    decision_before: Decision
    reasons_before: Words

    def note(self, language: Language) -> Shown:
        return shown(self.notes, language)

    def reason_before(self, language: Language) -> Shown:
        return shown(self.reasons_before, language)


@dataclass(frozen=True)
class _Version:
    """A version with its texts."""

    row: PositionVersion
    reasons: Words
    notes: Words


def corrections_of(
    consultation_id: int, position_ids: Collection[int]
) -> Mapping[int, tuple[Correction, ...]]:
    """The corrections of some positions, the newest first; positions without one are missing. Two queries.

    Versions from before the publication are nobody's to read: only those that a note follows are shown.
    """
    if not position_ids:
        return {}
    here = {"consultation_id": consultation_id}
    rows = db.session.scalars(
        sa.select(PositionVersion)
        .filter_by(**here)
        .where(PositionVersion.position_id.in_(position_ids))
        .order_by(PositionVersion.position_id, PositionVersion.number)
    ).all()
    texts: dict[tuple[int, int], list[PositionText]] = defaultdict(list)
    for text in db.session.scalars(
        sa.select(PositionText).filter_by(**here).where(PositionText.position_id.in_(position_ids))
    ):
        texts[text.position_id, text.number].append(text)
    versions: dict[int, list[_Version]] = defaultdict(list)
    for row in rows:
        versions[row.position_id].append(_version(row, texts[row.position_id, row.number]))
    found = {key: _corrections(some) for key, some in versions.items()}
    return {key: some for key, some in found.items() if some}


def _version(row: PositionVersion, texts: list[PositionText]) -> _Version:
    return _Version(
        row,
        reasons={text.language: text.reason for text in texts if text.reason},
        notes={text.language: text.note for text in texts if text.note},
    )


def _corrections(versions: list[_Version]) -> tuple[Correction, ...]:
    return tuple(
        Correction(after.row.decided_at, after.notes, before.row.decision, before.reasons)
        for before, after in reversed(list(pairwise(versions)))
        if after.notes
    )
