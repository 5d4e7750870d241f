"""Reading when public consultations changed, from the log of what officials did."""

from collections.abc import Collection

import sqlalchemy as sa

from consult.domain.audit import Act, Thing
from consult.domain.changes import Changes
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.queries.public_texts import is_public

_PUBLIC_ACTS = (Act.CONSULTATION_OPENED, Act.CONSULTATION_EDITED, Act.CONSULTATION_EXTENDED)


def changes_of(consultation_ids: Collection[int]) -> dict[int, Changes]:
    """The last change of each of some consultations that everybody may read; the others are left out."""
    rows = db.session.execute(
        db.select(
            Consultation.id,
            Consultation.published_at,
            sa.func.max(AuditEntry.at).label("changed_at"),
            sa.func.count(AuditEntry.id)
            .filter(AuditEntry.act == Act.CONSULTATION_EXTENDED)
            .label("extensions"),
        )
        .outerjoin(
            AuditEntry,
            sa.and_(
                AuditEntry.thing
                == sa.literal_column(f"'{Thing.CONSULTATION.value}'"),  # the index is of these alone
                AuditEntry.thing_id == Consultation.id,
                AuditEntry.act.in_(_PUBLIC_ACTS),
                AuditEntry.at >= Consultation.published_at,
            ),
        )
        .where(Consultation.id.in_(consultation_ids), is_public())
        .group_by(Consultation.id, Consultation.published_at)
    )
    return {
        row.id: Changes(max(filter(None, (row.published_at, row.changed_at))), row.extensions) for row in rows
    }
