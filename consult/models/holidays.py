"""Days on which nobody works although it is a weekday, and the weekend days that make up for them."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base


class Holiday(Base):
    """A day of the calendar by which working days are counted; `is_working` is a weekend day of work."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name_kk: Mapped[str] = mapped_column(String(200), default="")
    name_ru: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    is_working: Mapped[bool] = mapped_column(default=False)
