"""What people may do in one consultation beside their role."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.people import Duty
from consult.models.base import Base, UtcDateTime, words_of


class ConsultationDuty(Base):
    """A duty of a person in a consultation; who gave it, and who took it, is in the audit log."""

    __tablename__ = "consultation_duty"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    duty: Mapped[Duty] = mapped_column(words_of(Duty), primary_key=True)
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)
