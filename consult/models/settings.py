"""What administrators set: rude words, rules of moderation, how the authority shows itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.models.base import Base, UtcDateTime, words_of


class ProfanityWord(Base):
    """A rude word that marks a comment for the moderators; folded as `domain.search.folded` does."""

    __tablename__ = "profanity_word"

    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class ModerationRule(Base):
    """What administrators changed about a rule of moderation, or a rule of their own.

    A rule of the program without a row stands as `domain.moderation.RULES` has it. `version` is that of its
    words, 0 for those of the catalogue.
    """

    __tablename__ = "moderation_rule"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    version: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ModerationRuleText(Base):
    """The words of a version of a rule in one language; never changed, so that what once held can be read."""

    __tablename__ = "moderation_rule_text"

    code: Mapped[str] = mapped_column(ForeignKey("moderation_rule.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language] = mapped_column(words_of(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)


class BrandingRow(Base):
    """How the authority shows itself; one row with `id` 1, or none. `logo` is a PNG, made anew by us."""

    __tablename__ = "branding"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name_kk: Mapped[str] = mapped_column(String(120), default="")
    name_ru: Mapped[str] = mapped_column(String(120), default="")
    name_en: Mapped[str] = mapped_column(String(120), default="")
    accent: Mapped[str] = mapped_column(String(7), default="")
    postal_address: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_sha256: Mapped[str] = mapped_column(String(64), default="")
    logo_width: Mapped[int] = mapped_column(default=0)
    logo_height: Mapped[int] = mapped_column(default=0)
