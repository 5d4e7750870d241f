"""The picture of the figures: each as a bar by how many times better it is than it must be.

Longer is better in every row, whether a figure must be small or large; the line at 1 is what must be.
"""

from dataclasses import dataclass, field
from html import escape

from bench._rows import PICTURE, Documents, Figure, Limit, Row, Section, Verdict, find, rows_shown
from bench._wording import limits, measured, when

WIDTH, MARGIN = 920, 24
"""Units of the drawing, all of them pixels where it is shown as wide as it is."""
BARS_FROM, BARS_TO, GREATEST = 356, 686, 3.5
"""The ends of the axis, and how many times better its right end is; longer bars are cut there and say so."""
FIGURES_FROM = 702
HEAD, ROW, GAP, BAR = 128, 36, 10, 16
COLOURS = {
    Verdict.AIM_REACHED: "#1a7f5a",
    Verdict.HOLDS: "#3b78b8",
    Verdict.FAILS: "#c2410c",
    Verdict.MISSING: "#59636e",
}
WORDS = {
    Verdict.AIM_REACHED: "aim reached",
    Verdict.HOLDS: "holds",
    Verdict.FAILS: "does not hold",
    Verdict.MISSING: "not measured",
}
INK, QUIET, RULE, PAPER = "#1f2328", "#59636e", "#d0d7de", "#ffffff"
FONT = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
TITLE = "What Consult's figures are, against what they must be"


@dataclass
class Sheet:
    """What has been drawn so far."""

    parts: list[str] = field(default_factory=list)

    def text(
        self, x: float, y: float, words: str, *, size: int = 13, colour: str = INK, **other: str
    ) -> None:
        more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in other.items())
        where = f'x="{x:g}" y="{y:g}"'
        self.parts.append(f'<text {where} font-size="{size}" fill="{colour}"{more}>{escape(words)}</text>')

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        where = f'x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{height:g}"'
        self.parts.append(f'<rect {where} fill="{colour}"/>')

    def path(self, along: str, colour: str, *, width: float = 1.5, fill: str = "none") -> None:
        self.parts.append(f'<path d="{along}" stroke="{colour}" stroke-width="{width:g}" fill="{fill}"/>')


def drawn(documents: Documents) -> str:
    """The whole SVG, on a ground of its own, so that it can be read on light and dark pages."""
    rows = [(section, row, row.limit) for section, row in rows_shown(PICTURE) if row.limit]
    sheet, bottom = Sheet(), HEAD
    for place, (section, row, limit) in enumerate(rows):
        if place and rows[place - 1][0] is not section:
            bottom += GAP
        _row(sheet, bottom, row, limit, find(documents, section.file, row.path))
        bottom += ROW
    under = Sheet()
    _head(under)
    _axis(under, bottom)
    _foot(sheet, bottom + 34, documents, {section.file: None for section, _, _ in rows})
    return _document(bottom + 54, _told(documents), under.parts + sheet.parts)


def _document(height: float, told: str, parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img" aria-labelledby="title told" font-family="{FONT}">'
    )
    ground = (
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:g}" rx="8" fill="{PAPER}" '
        f'stroke="{RULE}"/>'
    )
    title = f'<title id="title">{TITLE}</title>\n<desc id="told">{escape(told)}</desc>'
    return "\n".join([head, title, ground, *parts, "</svg>", ""])


def _told(documents: Documents) -> str:
    """The picture in words, a sentence a row."""
    return " ".join(_sentence(documents, section, row) for section, row in rows_shown(PICTURE) if row.limit)


def _sentence(documents: Documents, section: Section, row: Row) -> str:
    figure = find(documents, section.file, row.path)
    found = f"{measured(figure, row.path)}: {WORDS[row.verdict(figure)]}" if figure else "not measured"
    return f"{row.name}, {_condition(row)}: {found}."


def _condition(row: Row) -> str:
    """What the row is measured by, in words."""
    must, aim = limits(row.limit, row.path) if row.limit else ("", "")
    words = f"{must}, aim {aim}" if aim else must
    return f"against {row.against}; {words}" if row.against else words


def _x(times_better: float) -> float:
    return BARS_FROM + min(times_better, GREATEST) / GREATEST * (BARS_TO - BARS_FROM)


def _head(sheet: Sheet) -> None:
    sheet.text(MARGIN, 38, TITLE, size=18, font_weight="600")
    sheet.text(
        MARGIN,
        61,
        "How many times better than it must be: a bar that passes the line at 1 holds, longer is better.",
        colour=QUIET,
    )
    x = float(MARGIN)
    for verdict in (Verdict.AIM_REACHED, Verdict.HOLDS, Verdict.FAILS):
        sheet.box(x, 78, 12, 12, COLOURS[verdict])
        sheet.text(x + 18, 89, WORDS[verdict], size=12)
        x += 40 + 7.5 * len(WORDS[verdict])
    _aim(sheet, x + 6, 84)
    sheet.text(x + 18, 89, "aim", size=12)
    _whisker(sheet, x + 66, x + 102, 84)
    sheet.text(x + 110, 89, "least to most of the rounds", size=12)


def _axis(sheet: Sheet, bottom: float) -> None:
    for half in range(int(GREATEST * 2) + 1):
        x, is_must = _x(half / 2), half == 2
        if half % 2 == 0:
            words = "must" if is_must else f"{half // 2}"
            sheet.text(
                x, HEAD - 8, words, size=12, colour=INK if is_must else QUIET, text_anchor="middle",
                font_weight="600" if is_must else "400",
            )  # fmt: skip
        sheet.path(f"M{x:.1f} {HEAD}V{bottom:g}", RULE, width=1)


def _row(sheet: Sheet, top: float, row: Row, limit: Limit, figure: Figure | None) -> None:
    verdict = row.verdict(figure)
    middle = top + ROW / 2
    sheet.text(MARGIN, middle - 2, row.name)
    sheet.text(MARGIN, middle + 12, _condition(row), size=11, colour=QUIET)
    sheet.text(FIGURES_FROM, middle - 2, measured(figure, row.path) if figure else "not measured")
    sheet.text(FIGURES_FROM, middle + 12, WORDS[verdict], size=11, colour=COLOURS[verdict], font_weight="600")
    if limit.must:
        _bar(sheet, middle, limit, figure, COLOURS[verdict])
        sheet.path(f"M{_x(1):.1f} {top:g}V{top + ROW:g}", INK)
        if limit.aim is not None:
            _aim(sheet, _x(limit.times_better(limit.aim)), middle)
    elif figure:
        words = "too many" if figure.median else "none"
        sheet.text(BARS_FROM + 8, middle + 4, words, size=11, colour=COLOURS[verdict])


def _bar(sheet: Sheet, middle: float, limit: Limit, figure: Figure | None, colour: str) -> None:
    if figure is None:
        return
    times = limit.times_better(figure.median)
    sheet.box(BARS_FROM, middle - BAR / 2, _x(times) - BARS_FROM, BAR, colour)
    if times > GREATEST:
        sheet.text(_x(1) + 10, middle + 4, f"{times:.1f} times better »", size=11, colour=PAPER)
    elif figure.least != figure.most:
        one, other = (_x(limit.times_better(value)) for value in (figure.least, figure.most))
        _whisker(sheet, one, other, middle)


def _whisker(sheet: Sheet, start: float, end: float, y: float) -> None:
    caps = "".join(f"M{x:.1f} {y - 4:g}v8" for x in (start, end) if x < BARS_TO)  # none where it is cut
    along = f"M{start:.1f} {y:g}H{end:.1f}{caps}"
    sheet.path(along, PAPER, width=4)
    sheet.path(along, INK)


def _aim(sheet: Sheet, x: float, y: float) -> None:
    sheet.path(f"M{x:.1f} {y - 7:g}l6 7l-6 7l-6 -7z", INK, fill=PAPER)


def _foot(sheet: Sheet, y: float, documents: Documents, files: dict[str, None]) -> None:
    dates = sorted(when(documents[file])[:10] for file in files if file in documents)
    loads = sorted(documents[file]["load_average_one_minute"] for file in files if file in documents)
    if not dates:
        return
    words = f"Measured {dates[0]} to {dates[-1]}, at load averages of {loads[0]} to {loads[-1]}."
    sheet.text(MARGIN, y, f"{words} All rows: docs/benchmarks.md.", size=12, colour=QUIET)
