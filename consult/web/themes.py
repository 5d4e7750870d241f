"""Light or dark: what a visitor has chosen for this browser, kept in a cookie so that it needs no script."""

from enum import Enum

from flask import request

COOKIE = "theme"


class Theme(Enum):
    """`AUTO` follows the device and is what nobody needs to choose."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def chosen_theme() -> Theme:
    """The visitor's choice; AUTO without a cookie, or with one that is none of ours."""
    kept = request.cookies.get(COOKIE, "")
    return Theme(kept) if kept in {theme.value for theme in Theme} else Theme.AUTO
