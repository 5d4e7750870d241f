"""The file with the margins of a population, and whose voices are missing."""

from datetime import date

import pytest

from consult.domain.errors import Reason, Refused
from consult.domain.margins import Variable, lacking, margins_of

DAY = date(2021, 9, 1)
HEAD = "variable,category,share\n"
BROKEN, WRONG = Reason.MARGINS_ROW_BROKEN, Reason.MARGINS_SUM_WRONG


def read(text: str) -> dict[Variable, dict[str, float]]:
    margins = margins_of(text.encode(), "Census", DAY)
    return {variable: dict(shares) for variable, shares in margins.shares.items()}


@pytest.mark.parametrize(
    "text",
    [
        "variable,category,share\ngender,f,0.5\ngender,m,0.5\n",
        "\ufeffVariable;Category;Share\r\ngender;f;50,0\r\n\r\ngender;m;50\r\n",
        "note\tcategory\tvariable\tcount\nx\tf\tgender\t1 000\ny\tm\tgender\t1000\n",
    ],
)
def test_shares_per_cent_and_counts_say_the_same(text: str) -> None:
    assert read(text) == {Variable.GENDER: {"f": 0.5, "m": 0.5}}


@pytest.mark.parametrize(
    ("text", "reason", "details"),
    [
        ("", Reason.MARGINS_UNREADABLE, {}),
        ("variable,category\ngender,f\n", Reason.MARGINS_UNREADABLE, {}),
        (HEAD, Reason.MARGINS_UNREADABLE, {}),
        (HEAD + "income,f,1\n", BROKEN, {"line": 2, "column": "variable"}),
        (HEAD + "gender,undisclosed,1\n", BROKEN, {"line": 2, "column": "category"}),
        (HEAD + "gender,f,1\ngender,f,1\n", BROKEN, {"line": 3, "column": "category"}),
        (HEAD + "gender,f,-1\n", BROKEN, {"line": 2, "column": "share"}),
        (HEAD + "gender,f,nan\n", BROKEN, {"line": 2, "column": "share"}),
        ("variable,category,count\ngender,f\n", BROKEN, {"line": 2, "column": "count"}),
        (HEAD + "gender,f,0.6\ngender,m,0.6\n", WRONG, {"variable": "gender"}),
        (HEAD + "x" * 200_000, Reason.MARGINS_UNREADABLE, {}),
        ('variable,category,share\ngender,"f,1\n', Reason.MARGINS_UNREADABLE, {}),
        ("a\0b", Reason.MARGINS_UNREADABLE, {}),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_its_place(
    text: str, reason: Reason, details: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert (refused.value.reason, refused.value.details) == (reason, details)


def test_margins_need_a_source() -> None:
    with pytest.raises(Refused) as refused:
        margins_of(b"variable,category,share\ngender,f,1\n", "  ", DAY)
    assert refused.value.reason is Reason.MARGINS_SOURCE_MISSING


def test_missing_voices_are_those_clearly_below_their_share() -> None:
    shares = {"14-17": 0.1, "18-29": 0.3, "30-44": 0.3, "60+": 0.3}
    found = lacking(Variable.AGE_BAND, shares, {"14-17": 12, "18-29": 60, "30-44": 15, "60+": 33, "": 99}, 10)
    assert [(one.category, one.people) for one in found] == [("30-44", 15)]
    assert found[0].found == pytest.approx(0.125)


def test_missing_voices_of_few_people_are_named_without_a_number() -> None:
    shares = {"f": 0.5, "m": 0.5}
    (one,) = lacking(Variable.GENDER, shares, {"f": 40, "m": 3}, 10)
    assert (one.category, one.people, one.found) == ("m", None, None)
    assert lacking(Variable.GENDER, shares, {"f": 5, "m": 1}, 10) == ()
