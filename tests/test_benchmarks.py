"""The figures that README and docs quote are those that were measured, and their picture shows the same."""

from xml.etree import ElementTree as ET

import pytest

from bench._drawing import BARS_FROM, MARGIN, WIDTH, drawn
from bench._ground import PROJECT
from bench._report import BEGIN, END, all_tables, between_marks, reports, short_table
from bench._rows import Figure, Limit, Row, Verdict, at_least, at_most, find, missing, read_results
from bench._wording import SPACE, digits, limits, measured

KEPT = {"measured_at": "2026-11-24T13:21+00:00", "cores": 2, "load_average_one_minute": 1.3}
WIDEST_LETTER = 0.58
"""Of a usual sans-serif, on average over a line, in its size."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["README.md", "docs/benchmarks.md", "docs/benchmarks.svg"])
def test_what_is_quoted_is_what_was_measured(name: str) -> None:
    wanted = reports(read_results())[PROJECT / name]
    assert (PROJECT / name).read_text(encoding="utf-8") == wanted, "run `python -m bench._report`"


def test_every_row_has_its_figure() -> None:
    assert missing(read_results()) == []


def test_readme_has_eight_to_ten_rows_and_the_picture() -> None:
    assert 8 <= short_table(read_results()).count("\n|") - 2 <= 10
    assert "](docs/benchmarks.svg)" in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_without_results_every_row_says_that_it_is_missing() -> None:
    assert len(missing({})) > 30
    assert "Not measured: there is no `pages.json`" in all_tables({})
    assert "| **not measured** |" in short_table({})
    assert "not measured" in drawn({})


def test_a_row_whose_name_is_gone_from_its_file_says_so() -> None:
    documents = {"pages": {**KEPT, "pages": {"hello": {"cpu_us": 230.0}}}}
    assert "pages.json: ratios/anonymous_to_hello" in missing(documents)
    assert "pages.json: pages/hello/cpu_us" not in missing(documents)
    assert "not in `pages.json`" in all_tables(documents)


def test_text_outside_the_marks_stays() -> None:
    page = f"Before\n{BEGIN}\n\n%s\n\n{END}\nAfter\n"
    assert between_marks(page % "old", "new") == page % "new"
    with pytest.raises(ValueError, match="once each"):
        between_marks("no marks", "new")


@pytest.mark.parametrize(
    ("limit", "value", "verdict"),
    [
        (at_most(6, 4), 4.0, Verdict.AIM_REACHED),
        (at_most(6, 4), 6.0, Verdict.HOLDS),
        (at_most(6, 4), 6.001, Verdict.FAILS),
        (at_least(0.09, 0.2), 0.2, Verdict.AIM_REACHED),
        (at_least(0.09, 0.2), 0.09, Verdict.HOLDS),
        (at_least(0.09, 0.2), 0.089, Verdict.FAILS),
        (at_most(0), 0, Verdict.HOLDS),
        (None, 1.0, Verdict.UNJUDGED),
    ],
)
def test_the_median_decides(limit: Limit | None, value: float, verdict: Verdict) -> None:
    assert Row("a figure", "ratios/one", limit).verdict(Figure(value, 0, 100)) is verdict


def test_a_bar_is_longer_where_a_figure_is_better() -> None:
    assert at_most(6).times_better(3) == 2
    assert at_least(0.09).times_better(0.18) == 2
    assert at_most(6).times_better(0) == float("inf")


def test_a_path_finds_spreads_numbers_bounds_and_the_greatest() -> None:
    spread = {"median": 2.0, "least": 1.0, "most": 3.0}
    documents = {
        "kept": {"ratio": spread, "other_at_least": 34.0, "visits": {"kk": {"n": 1}, "ru": {"n": 3}}}
    }
    assert find(documents, "kept", "ratio") == Figure(2.0, 1.0, 3.0)
    assert find(documents, "kept", "other") == Figure(34.0, 34.0, 34.0, is_bound=True)
    assert find(documents, "kept", "visits/*/n") == Figure(3, 3, 3)
    assert find(documents, "kept", "visits/*/m") is None
    assert find(documents, "elsewhere", "ratio") is None


def test_figures_carry_their_units() -> None:
    said = [
        measured(Figure(1185.5, 753.9, 3621.1), "votes/http/cpu_us"),
        measured(Figure(49_999, 49_999, 49_999), "visits/kk/bytes"),
        measured(Figure(34.0, 34.0, 34.0, is_bound=True), "opinion/ratio"),
        *limits(at_most(32, 10), "memory/above_base_mb"),
        *(digits(value) for value in (0.038, 5.4, 42.449, 12, 46830.0)),
    ]
    assert [words.replace(SPACE, " ") for words in said] == [
        "1.19 ms (754 µs to 3.62 ms)", "50.0 kB", "at least 34.0", "at most 32 MB", "10 MB",
        "0.038", "5.40", "42.4", "12", "46 830",
    ]  # fmt: skip


def test_the_picture_can_be_read_aloud_and_is_never_cut() -> None:
    picture = ET.fromstring(drawn(read_results()))  # noqa: S314 - our own
    assert picture.get("role") == "img"
    assert [picture.findtext(f"{SVG}{name}") is not None for name in ("title", "desc")] == [True, True]
    height = float(picture.get("height", "0"))
    for text in picture.iter(f"{SVG}text"):
        x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
        room = BARS_FROM if x == MARGIN and 128 < y < height - 40 else WIDTH
        assert x + len(text.text or "") * size * WIDEST_LETTER <= room, text.text
        assert 0 < y < height


def test_a_longer_bar_than_the_axis_says_how_long_it_is() -> None:
    documents = {"exports": {**KEPT, "memory": {"above_base_mb": 3.2}}}
    assert "10.0 times better" in drawn(documents)


def test_what_may_not_be_at_all_is_shown_without_a_bar() -> None:
    assert ">too many</text>" in drawn({"accessibility": {**KEPT, "violations": 2}})
    assert ">none</text>" in drawn({"accessibility": {**KEPT, "violations": 0}})
