"""The authority's sign: what an administrator uploads becomes a small PNG of our own making."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from consult.domain.branding import LOGO_LARGEST
from consult.domain.errors import Reason, Refused

LARGEST_PIXELS = 20_000_000
"""Width times height; a picture that declares more is not unpacked."""
WIDEST, HIGHEST = 480, 96
"""Pixels of the sign as it is kept: twice what the head of a page has room for."""
FORMATS = ("PNG", "JPEG")


@dataclass(frozen=True)
class LogoFile:
    """A PNG without anything that was not a pixel; `sha256` in hexadecimal digits."""

    content: bytes
    sha256: str
    width: int
    height: int


def read_logo(content: bytes) -> LogoFile:
    """The uploaded PNG or JPEG, made anew and made smaller where it is larger than 480 x 96.

    Raises:
        Refused: LOGO_TOO_LARGE over 2 MB or 20 million pixels; LOGO_UNREADABLE for anything but PNG and JPEG.
    """
    if len(content) > LOGO_LARGEST:
        raise Refused(Reason.LOGO_TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures: we judge by the declared size ourselves
            image = Image.open(BytesIO(content), formats=FORMATS)
            if image.width * image.height > LARGEST_PIXELS:
                raise Refused(Reason.LOGO_TOO_LARGE)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused(Reason.LOGO_UNREADABLE) from None
    upright.thumbnail((WIDEST, HIGHEST))
    upright.info.clear()
    out = BytesIO()
    upright.save(out, "PNG", optimize=True)
    made = out.getvalue()
    return LogoFile(made, hashlib.sha256(made).hexdigest(), upright.width, upright.height)
