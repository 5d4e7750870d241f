"""What a browser says of itself, in plain words."""

import re

from consult.web.i18n import gettext as _

BROWSERS = (
    ("Yandex", r"YaBrowser/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
"""In this order: most of them say that they are Chrome and Safari too."""
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)


def device_name(said: str) -> str:
    """Such as `Firefox, Windows`; a sentence where the browser says nothing that we know."""
    known = [_first(BROWSERS, said), _first(SYSTEMS, said)]
    return ", ".join(name for name in known if name) or _("An unknown device")


def _first(names: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, said)), "")
