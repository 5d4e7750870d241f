"""How figures are written: digits, units, limits, dates."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bench._rows import Figure, Limit

SPACE = "\N{NO-BREAK SPACE}"


def digits(value: float) -> str:
    """Three significant digits, but at most three decimals, as in the JSON; whole numbers whole."""
    if isinstance(value, int) or abs(value) >= 999.5:
        return f"{value:,.0f}".replace(",", SPACE)
    return f"{value:.3f}" if abs(value) < 1 else f"{value:#.3g}".rstrip(".")


def _stepped(value: float, write: Callable[[float], str], *names: str) -> str:
    """In the greatest unit of which there is at least one; each is a thousand of the one before."""
    *smaller, greatest = names
    for name in smaller:
        if abs(value) < 999.5:
            return f"{write(value)}{SPACE}{name}"
        value = value / 1000
    return f"{write(value)}{SPACE}{greatest}"


UNITS: dict[str, Callable[[float, Callable[[float], str]], str]] = {
    r"_us$": lambda value, write: _stepped(value, write, "µs", "ms", "s"),
    r"_seconds$": lambda value, write: _stepped(value, write, "s"),
    r"_mb$": lambda value, _write: _stepped(value, "{:g}".format, "MB"),
    r"bytes|memory$": lambda value, write: _stepped(value, write, "bytes", "kB", "MB", "GB"),
    r"_pixels$": lambda value, write: _stepped(value, write, "px"),
    r"^pages$": lambda value, write: _stepped(value, write, "pages"),
    r"/requests$": lambda value, write: _stepped(value, write, "requests"),
    r"^rows_per_cpu_second/": lambda value, write: _stepped(value, write, "rows"),
}
"""How a value is written, by the end of its path in the JSON ; else as a bare number."""


def said(value: float, path: str, write: Callable[[float], str] = digits) -> str:
    for pattern, unit in UNITS.items():
        if re.search(pattern, path):
            return unit(value, write)
    return write(value)


def measured(figure: Figure, path: str) -> str:
    """The median and, where rounds differ, (least to most)."""
    middle = f"{'at least ' * figure.is_bound}{said(figure.median, path)}"
    if figure.least == figure.most:
        return middle
    return f"{middle} ({said(figure.least, path)} to {said(figure.most, path)})"


def limits(limit: Limit, path: str) -> tuple[str, str]:
    """What it must be, and the aim; the aim is empty where there is none."""
    must, aim = (
        "" if value is None else said(value, path, "{:g}".format) for value in (limit.must, limit.aim)
    )
    return f"{'at least' if limit.is_least else 'at most'} {must}", aim


def when(document: Mapping[str, Any]) -> str:
    """Date and time in UTC."""
    return f"{datetime.fromisoformat(document['measured_at']):%Y-%m-%d %H:%M}"
