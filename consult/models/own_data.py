"""What people agreed to, and what they say of themselves for statistics."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.consents import Purpose
from consult.domain.languages import Language
from consult.domain.profile import AgeBand, Gender, Region
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Consent(Base):
    """A yes to one version of a text, and the language in which it was read.

    A new version, or a yes after a withdrawal, is a new row, so that the rows tell the whole story.
    """

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "purpose"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[Language] = mapped_column(words_of(Language))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonProfile(Base):
    """What somebody told for statistics, filled only while the consent to them stands.

    `declined_at` is set, and the rest empty, for somebody who does not want to tell: nobody asks again.
    """

    __tablename__ = "person_profile"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    region: Mapped[Region | None] = mapped_column(words_of(Region))
    age_band: Mapped[AgeBand | None] = mapped_column(words_of(AgeBand))
    gender: Mapped[Gender | None] = mapped_column(words_of(Gender))
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
