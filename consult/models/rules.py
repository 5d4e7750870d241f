"""Which rules of moderation hold in a consultation."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base


class ConsultationRule(Base):
    """A rule that holds in a consultation since its opening; one without any has all the general ones.

    `version` is that of its words, 0 for those of the catalogue.
    """

    __tablename__ = "consultation_rule"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=0, server_default="0")
