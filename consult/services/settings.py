"""What administrators set: rude words, and how the authority shows itself."""

from collections.abc import Collection

import sqlalchemy as sa

from consult.adapters.logos import read_logo
from consult.domain.audit import Act, Entry, Thing
from consult.domain.branding import Branding, checked_branding
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.domain.profanity import check_number, kept_word, read_words
from consult.models.base import db, transaction
from consult.models.settings import BrandingRow, ProfanityWord
from consult.queries.settings import THE_ROW
from consult.services import audit


def add_word(actor: Actor, language: Language, word: str) -> None:
    """Let a word mark comments from now on; one that is there stays. Earlier comments stay unmarked.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, and as `kept_word` and `check_number`.
    """
    require(actor, may_manage_settings)
    _add(actor, language, {kept_word(word)})


def import_words(actor: Actor, language: Language, text: str) -> int:
    """Add the words of a CSV file, all or none; answers how many are new.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, and as `read_words`.
    """
    require(actor, may_manage_settings)
    return _add(actor, language, read_words(text))


def _add(actor: Actor, language: Language, words: Collection[str]) -> int:
    with transaction():
        there = set(db.session.scalars(db.select(ProfanityWord.word).filter_by(language=language)))
        new = sorted(set(words) - there)
        check_number(len(there) + len(new))
        db.session.add_all(ProfanityWord(language=language, word=word) for word in new)
        if new:
            _record(actor, Act.PROFANITY_ADDED, {"language": language.value, "words": len(new)})
    return len(new)


def remove_word(actor: Actor, language: Language, word: str) -> None:
    """Take a word out of the table; one that is not there is nothing to take.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(actor, may_manage_settings)
    with transaction():
        row = db.session.get(ProfanityWord, (language, word))
        if row is not None:
            db.session.delete(row)
            _record(actor, Act.PROFANITY_REMOVED, {"language": language.value})


def set_branding(actor: Actor, branding: Branding) -> None:
    """Show the authority's name, colour and contact on every page and letter; its sign stays as it is.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, and as `checked_branding`.
    """
    require(actor, may_manage_settings)
    kept = checked_branding(branding)
    with transaction():
        row = _row()
        for language in Language:
            setattr(row, f"name_{language.value}", kept.names.get(language, ""))
        row.accent, row.postal_address, row.contact_email = (
            kept.accent,
            kept.postal_address,
            kept.contact_email,
        )
        _record(actor, Act.BRANDING_SET, {"what": "words", "accent": kept.accent})


def set_logo(actor: Actor, content: bytes) -> None:
    """Show this picture beside the authority's name, made anew as a small PNG.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, and as `read_logo`.
    """
    require(actor, may_manage_settings)
    made = read_logo(content)
    with transaction():
        row = _row()
        row.logo, row.logo_sha256 = made.content, made.sha256
        row.logo_width, row.logo_height = made.width, made.height
        _record(actor, Act.BRANDING_SET, {"what": "logo", "sha256": made.sha256})


def remove_logo(actor: Actor) -> None:
    """Show no sign any more.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(actor, may_manage_settings)
    with transaction():
        empty = {"logo": None, "logo_sha256": "", "logo_width": 0, "logo_height": 0}
        db.session.execute(sa.update(BrandingRow).where(BrandingRow.id == THE_ROW).values(**empty))
        _record(actor, Act.BRANDING_SET, {"what": "logo", "sha256": ""})


def _row() -> BrandingRow:
    row = db.session.get(BrandingRow, THE_ROW, with_for_update=True)
    if row is None:
        row = BrandingRow(id=THE_ROW)
        db.session.add(row)
    return row


def _record(actor: Actor, act: Act, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.INSTALLATION, None, detail=detail))
