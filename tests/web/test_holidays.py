"""The calendar of working days, as administrators set it."""

from io import BytesIO

from flask import Flask

from tests.support.scenes import Scene, token_of, visitor

URL = "/en/a/holidays"


def test_a_day_is_set_and_removed(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    page = client.get(f"{URL}?year=2027")
    assert len(page.select("main tbody tr")) == 14
    assert "government order" in page.text
    page = client.submit(page, "/a/holidays", day="2027-05-16", name_en="A feast")
    assert "A feast" in page.text
    assert len(page.select("main tbody tr")) == 15
    page = client.submit(page, "/2027-05-16/remove")
    assert "A feast" not in page.text


def test_a_fixed_holiday_may_be_worked(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    page = client.submit(client.get(URL), "/a/holidays", day="2027-03-08", kind="working")
    row = next(
        each
        for each in page.select("main tbody tr")
        if "March 8" in each.text_content() or "8 March" in each.text_content()
    )
    assert "A working day" in row.text_content()
    assert "Women" in row.text_content()


def test_a_year_is_imported_and_a_broken_file_changes_nothing(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    token = token_of(client.get(URL))

    def send(content: bytes, name: str = "2027.csv") -> tuple[int, str]:
        data = {"csrf_token": token, "table": (BytesIO(content), name)}
        answer = client.flask.post(f"{URL}/import", data=data)
        return answer.status_code, answer.text

    assert send("day,name_kk\n2027-05-16,Құрбан айт\n".encode())[0] == 303
    assert "Құрбан айт" in client.get(f"{URL}?year=2027").text
    for content, words in (
        (b"day\n2027-05-17\nnever\n", "Line 3"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * 300_000, "200"),
        (b"", "Line 1"),
    ):
        status, text = send(content)
        assert status in {413, 422}
        assert words in text
    assert send(b"", "")[0] == 422
    assert "17 May" not in client.get(f"{URL}?year=2027").text


def test_days_and_years_that_are_none_are_answered_plainly(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.administrator)
    for year in ("", "²", "99999", "1999", "2100", "-1", "x"):
        client.get(f"{URL}?year={year}")
    page = client.get(URL)
    for day in ("1999-01-01", "2100-01-01", "never", ""):
        client.submit(page, "/a/holidays", status=422, day=day)
    token = token_of(page)
    client.post(f"{URL}/never/remove", {"csrf_token": token}, status=404)
