"""An imported conversation is read on the same pages as any other."""

from pathlib import Path

from flask import Flask

from consult.domain.people import OPERATOR
from consult.services.imports import import_polis
from tests.support.cast import within
from tests.support.pages import PageClient
from tests.support.polis import write_export


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
