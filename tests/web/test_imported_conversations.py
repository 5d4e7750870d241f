"""An imported conversation is read on the same pages as any other."""

import csv
from pathlib import Path
from zipfile import ZipFile

from flask import Flask

from consult.domain.people import OPERATOR
from consult.services.exports import export_archive
from consult.services.imports import import_polis
from consult.services.opinion import compute_due_opinions
from tests.support.cast import within
from tests.support.pages import PageClient
from tests.support.polis import write_crowd, write_export


def test_an_imported_conversation_can_be_read(app: Flask, client: PageClient, tmp_path: Path) -> None:
    with within(app):
        import_polis(OPERATOR, write_export(tmp_path), "trees")
    for path in ("/en/consultations", "/en/c/trees", "/kk/c/trees", "/ru/c/trees/q/1"):
        assert "Trees" in client.get(path).text
    page = client.get("/en/c/trees/q/1").text
    assert "Plant trees." in page
    assert "Not looked at." in page
    assert "Rejected." not in page
    assert "import:" not in page


def test_an_imported_conversation_has_results_a_map_and_files(
    app: Flask, client: PageClient, tmp_path: Path
) -> None:
    with within(app):
        import_polis(OPERATOR, write_crowd(tmp_path, people=60), "trees")
        assert compute_due_opinions(smallest_group=10) == 1, "nobody needs to ask for it"
    page = client.get("/en/c/trees/results")
    assert "60" in page.texts(".stats dd")
    assert any("Statement 0." in table for table in page.texts("table.divided"))
    drawn = client.get("/kk/c/trees/results/map")
    assert len(drawn.select("a.letter")) == 2
    lines = client.get("/en/c/trees/results/groups.csv").response.data.decode("utf-8-sig").splitlines()
    assert lines == ["group,people", "A,30", "B,30"]


def test_an_imported_conversation_is_exported_as_any_other(app: Flask, tmp_path: Path) -> None:
    with within(app):
        import_polis(OPERATOR, write_crowd(tmp_path / "in", people=60), "trees")
        archive = tmp_path / "trees.zip"
        export_archive(OPERATOR, "trees", package="public", format="csv", output=archive, smallest_group=10)
    with ZipFile(archive) as packed:
        name = next(name for name in packed.namelist() if name.endswith("comments.csv"))
        rows = list(csv.DictReader(packed.read(name).decode("utf-8-sig").splitlines()))
    assert [row["body"] for row in rows] == [f"Statement {number}." for number in range(8)]
    assert {row["votes_agree"] for row in rows} == {"30", "60"}
