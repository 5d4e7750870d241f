"""What officials see of results, before citizens do, and what they do there."""

import csv
import re
from io import BytesIO, StringIO

import lxml.etree
import pytest
from flask import Flask
from PIL import Image

from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.models.base import db, transaction
from consult.models.opinion import OpinionGroupStatement
from consult.services import themes
from consult.services.opinion import compute_due_opinions, compute_opinion
from consult.services.themes import ThemeIn
from tests.support.cast import Built, Cast, close_by_clock, open_consultation, vote, within
from tests.support.crowds import answers, crowd
from tests.support.pages import PageClient
from tests.support.scenes import token_of, visitor
from tests.web.test_results import voters

MARGINS = b"variable,category,share\ngender,f,0.6\ngender,m,0.4\n"
REGIONS = b"variable;category;count\nregion;KZ-75;900000\nregion;KZ-71;100000\n"


@pytest.fixture
def filled(app: Flask, people: Cast) -> Built:
    """An open consultation with 240 voters of two minds, and a vote of each on the proposition."""
    built = open_consultation(app)
    crowd(app, built, people.aigerim, people=240)
    with within(app):
        answers(built, voters())
    return built


def test_an_official_asks_for_the_groups_and_the_worker_makes_them(
    app: Flask, people: Cast, filled: Built
) -> None:
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results"
    page = client.get(url)
    assert "Not computed yet." in page.text
    seen = client.submit(page, "/compute")
    assert "waiting for the worker" in seen.text
    with within(app):
        assert compute_due_opinions(smallest_group=10) == 1
    done = client.get(url)
    assert "0 votes have come since." in done.text
    assert "waiting for the worker" not in done.text
    assert len(done.select("svg.opinion-map a.letter")) == 2
    assert "67 %" in done.text, "officials see figures before closing"
    vote(app, people.dauren, filled, 1)
    assert "1 vote has come since." in client.get(url).text


def test_the_picture_is_a_file_without_anybody_on_it(app: Flask, people: Cast, filled: Built) -> None:
    for key in range(1, 13):
        vote(app, people.moderator, filled, key)
    with within(app):
        compute_opinion(OPERATOR, filled.slug)
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results/map"
    drawn = client.get(f"{url}.svg").response
    assert drawn.mimetype == "image/svg+xml"
    assert "attachment" in drawn.headers["Content-Disposition"]
    document = lxml.etree.fromstring(drawn.data)
    words = [text.strip() for text in document.itertext() if text.strip()]
    assert words[:3] == ["A", "B", "A green street"]
    assert re.fullmatch(r"Computed on .+ from 2,892 votes\.", words[3])
    assert words[4:] == [
        "241 people voted on comments.",
        "These are the answers of those who took part. They do not represent all residents.",
    ]
    assert not document.xpath("//*[@style or @onload]")
    with Image.open(BytesIO(client.get(f"{url}.png").response.data)) as picture:
        assert picture.size == (1440, 1240), "with four lines under it"
        assert picture.convert("RGB").getcolors(10_000) is not None
    assert client.get(f"{url}.png").response.data == client.get(f"{url}.png").response.data


def test_an_officials_page_does_not_speak_of_the_officials_own_place(
    app: Flask, people: Cast, filled: Built
) -> None:
    for key in range(1, 13):
        vote(app, people.moderator, filled, key)
    with within(app):
        compute_opinion(OPERATOR, filled.slug)
    for member in (people.moderator, people.administrator):
        page = visitor(app, member).get(f"/en/o/consultations/{filled.slug}/results")
        assert len(page.select("svg.opinion-map")) == 1
        assert "yellow dot" not in page.text
        assert "You are not on this map" not in page.text


def test_figures_are_written_as_the_language_writes_them(app: Flask, people: Cast, filled: Built) -> None:
    client = visitor(app, people.moderator)
    send_margins(client, f"/ru/o/consultations/{filled.slug}/results", MARGINS)
    assert re.search(r"1,04\b", client.get(f"/ru/o/consultations/{filled.slug}/results").text)
    shown = client.get(f"/ru/o/consultations/{filled.slug}/results").text
    assert "г.." not in shown


def test_officials_see_how_each_group_voted_on_each_theme(app: Flask, people: Cast, filled: Built) -> None:
    """A theme of many comments on which the same few of a group voted is not told: votes are no people."""
    with within(app):
        keys = list(range(1, 13))
        for title, some in (("One side", keys[0:11:2]), ("Few voted", keys[1:11:2])):
            theme = ThemeIn({Language.KK: title, Language.RU: title, Language.EN: title})
            key = themes.add_theme(OPERATOR, filled.id, theme)
            themes.put_theme(OPERATOR, filled.id, key, some)
        compute_opinion(OPERATOR, filled.slug)
        with transaction():
            for key in keys[1:11:2]:
                row = db.session.get_one(OpinionGroupStatement, (filled.id, 0, key))
                row.agree, row.disagree, row.passes = 4, 0, 0
    page = visitor(app, people.moderator).get(f"/en/o/consultations/{filled.slug}/results")
    (table,) = [text for text in page.texts("table") if text.startswith("Share that agrees")]
    assert re.search(
        r"Theme\s*Group A, %\s*Group B, %\s*One side\s*(9\d\s*\d|\d\s*9\d)\s*Few voted\s*–\s*–$", table
    )


def test_others_get_neither_page_nor_picture(app: Flask, people: Cast, filled: Built) -> None:
    with within(app):
        compute_opinion(OPERATOR, filled.slug)
    client = visitor(app, people.dauren)
    url = f"/en/o/consultations/{filled.slug}/results"
    for path in ("", "/map.svg", "/map.png"):
        client.get(url + path, status=403)
    token = token_of(client.get("/en/me/answers"))
    for deed in ("compute", "margins", "weighted/show"):
        client.post(f"{url}/{deed}", {"csrf_token": token}, status=403)


def test_weighted_figures_are_published_with_their_source(app: Flask, people: Cast, filled: Built) -> None:
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results"
    send_margins(client, url, MARGINS)
    page = client.get(url)
    assert "Weighted to the population, " in page.text
    assert re.search(r"Design effect\s*1\.04", page.text)
    assert "No category of those who told is clearly under-represented." in page.text
    close_by_clock(app, filled)
    public = f"/en/c/{filled.slug}/results"
    assert "Weighted to" not in visitor(app).get(public).text
    client.submit(page, "/weighted/show")
    shown = visitor(app).get(public).text
    assert "Weighted to the population, " in shown
    assert "Census 2021" in shown
    assert "no opinion poll" in shown


def test_weighted_figures_tell_who_agrees_who_disagrees_and_who_passes(
    app: Flask, people: Cast, filled: Built
) -> None:
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results"
    send_margins(client, url, MARGINS)
    page = client.get(url)
    client.submit(page, "/weighted/show")
    close_by_clock(app, filled)
    for text in (page.text, visitor(app).get(f"/en/c/{filled.slug}/results").text):
        told = re.findall(
            r"Weighted to the population, (\d+) % agree, (\d+) % disagree and (\d+) % pass; [0-9]+ people",
            text,
        )
        assert told
        assert {sum(map(int, shares)) for shares in told} == {100}
        assert any(int(disagree) for _, disagree, _ in told)


def send_margins(client: PageClient, url: str, content: bytes) -> None:
    sent = {
        "csrf_token": token_of(client.get(url)), "source": "Census 2021", "counted_on": "2021-09-01",
        "file": (BytesIO(content), "margins.csv"),
    }  # fmt: skip
    client.post(f"{url}/margins", sent)


def test_missing_voices_are_named_and_too_few_are_not_weighted(
    app: Flask, people: Cast, filled: Built
) -> None:
    """Four people of a tenth of the population."""
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results"
    send_margins(client, url, REGIONS)
    page = client.get(url)
    assert "Too few people of one category took part: at least 5 are needed." in page.text
    assert "The category is City of Astana." in page.text
    (table,) = [element for element in page.texts("table") if element.startswith("Missing voices")]
    assert "City of Astana 10 – Too few to be told" in table
    assert "Almaty" not in table
    token = token_of(page)
    client.post(f"{url}/weighted/show", {"csrf_token": token}, status=422)
    close_by_clock(app, filled)
    assert "Missing voices" not in visitor(app).get(f"/en/c/{filled.slug}/results").text


def test_a_file_that_cannot_be_used_is_refused_at_its_field(app: Flask, people: Cast, filled: Built) -> None:
    client = visitor(app, people.moderator)
    url = f"/en/o/consultations/{filled.slug}/results"
    for content, said in (
        (b"variable,category,share\ngender,f,0.9\ngender,m,0.9\n", "do not add up"),
        (b"variable,category,share\ngender,x,0.9\n", "Line 2 cannot be used: look at the column category"),
        (b"\xff\xfe\x00", "it must be CSV"),
        (b"", "it must be CSV"),
    ):
        token = token_of(client.get(url))
        sent = {
            "csrf_token": token, "source": "S", "counted_on": "2021-09-01",
            "file": (BytesIO(content), "margins.csv"),
        }  # fmt: skip
        refused = client.post(f"{url}/margins", sent, status=422)
        assert any(said in sentence for sentence in refused.error_summary), content
    assert "Source: S" not in client.get(url).text


def test_tables_open_in_a_spreadsheet_as_what_they_are(app: Flask, people: Cast, filled: Built) -> None:
    with within(app):
        compute_opinion(OPERATOR, filled.slug)
    close_by_clock(app, filled)
    text = visitor(app).get(f"/en/c/{filled.slug}/results/questions.csv").response.data.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["question"], row["agree"], row["disagree"]) for row in rows] == [
        ("1", "", ""),
        ("2", "160", "80"),
    ]
