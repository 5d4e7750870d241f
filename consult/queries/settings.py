"""Reading what administrators set: rude words, and how the authority shows itself."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from consult.domain.branding import Branding
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.models.base import db
from consult.models.settings import BrandingRow, ProfanityWord
from consult.queries.freshness import kept

UNBRANDED = Branding()
THE_ROW = 1


@dataclass(frozen=True)
class Logo:
    """The authority's sign, a PNG; `sha256` in hexadecimal digits."""

    content: bytes
    sha256: str


@kept
def profanity_words() -> frozenset[str]:
    """The rude words of all languages, folded as `domain.search.folded` does; empty until one is added."""
    return frozenset(db.session.scalars(db.select(ProfanityWord.word)))


def words_by_language(reader: Actor) -> dict[Language, tuple[str, ...]]:
    """The rude words of each language in alphabetical order.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_manage_settings)
    found: dict[Language, list[str]] = {language: [] for language in Language}
    rows = db.session.execute(db.select(ProfanityWord.language, ProfanityWord.word))
    for language, word in rows:
        found[language].append(word)
    return {language: tuple(sorted(words)) for language, words in found.items()}


def branding() -> Branding:
    """What the pages show of the authority; nothing where nothing is set, or the database does not answer."""
    try:
        return kept_branding()
    except OperationalError:
        db.session.rollback()
        return UNBRANDED


@kept
def kept_branding() -> Branding:
    """As `branding`; raises where the database does not answer."""
    columns = (column for column in BrandingRow.__table__.c if column.name not in {"id", "logo"})
    row = db.session.execute(sa.select(*columns).where(BrandingRow.id == THE_ROW)).first()
    if row is None:
        return UNBRANDED
    return Branding(
        {language: name for language in Language if (name := getattr(row, f"name_{language.value}"))},
        row.accent,
        row.postal_address,
        row.contact_email,
        row.logo_sha256,
        row.logo_width,
        row.logo_height,
    )


def logo() -> Logo | None:
    """The authority's sign; None where there is none."""
    asked = db.select(BrandingRow.logo, BrandingRow.logo_sha256).filter_by(id=THE_ROW)
    row = db.session.execute(asked).first()
    return Logo(row.logo, row.logo_sha256) if row is not None and row.logo is not None else None
