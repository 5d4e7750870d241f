"""How the authority that runs the platform shows itself: its name, colour, sign and contact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.people import email_address
from consult.domain.texts import kept_text

NAME_LONGEST = 120
ADDRESS_LONGEST = 500
LOGO_LARGEST = 2_000_000
"""Octets of the picture that is uploaded."""
CONTRAST_LEAST = 4.5
"""White letters stand on the colour: WCAG 2.2, success criterion 1.4.3."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Branding:
    """What the pages show of the authority; everything may be empty, and then the pages show nothing of it.

    `accent` is a colour as `#0b5a73`. `logo` is the SHA-256 of the sign's file, in hexadecimal digits.
    """

    names: Mapping[Language, str] = field(default_factory=dict)
    accent: str = ""
    postal_address: str = ""
    contact_email: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0

    def name(self, language: Language) -> Shown:
        """The authority's name for a reader of this language; empty where it has none."""
        return shown(self.names, language)


def checked_branding(branding: Branding) -> Branding:
    """What an administrator wrote, as it is kept.

    Raises:
        Refused: TEXT_TOO_LONG, COLOUR_INVALID, COLOUR_TOO_LIGHT with the `contrast` it has, EMAIL_INVALID.
    """
    names = {language: " ".join(kept_text(name).split()) for language, name in branding.names.items()}
    for name in names.values():
        _check_length(name, NAME_LONGEST)
    postal_address = kept_text(branding.postal_address)
    _check_length(postal_address, ADDRESS_LONGEST)
    email = branding.contact_email.strip()
    return Branding(
        names, checked_accent(branding.accent), postal_address, email_address(email) if email else ""
    )


def checked_accent(written: str) -> str:
    """The colour in small letters; empty where none is wanted. Raises as `checked_branding`."""
    colour = written.strip().lower()
    if not colour:
        return ""
    if not _COLOUR.fullmatch(colour):
        raise Refused(Reason.COLOUR_INVALID)
    contrast = contrast_with_white(colour)
    if contrast < CONTRAST_LEAST:
        raise Refused(Reason.COLOUR_TOO_LIGHT, contrast=f"{contrast:.1f}", least=str(CONTRAST_LEAST))
    return colour


def contrast_with_white(colour: str) -> float:
    """Ratio from 1 (white itself) to 21 (black): WCAG 2.2, "contrast ratio" and "relative luminance"."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004


def darker(colour: str) -> str:
    """The colour with three fifths of its light, for what lies beneath the accent."""
    return "#" + "".join(f"{int(colour[at : at + 2], 16) * 3 // 5:02x}" for at in (1, 3, 5))


def _check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(Reason.TEXT_TOO_LONG, limit=longest)
