"""Importing an agenda: topics with exact citations in a draft, and nothing published."""

import hashlib

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consultations import Stage
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.documents import Passage, SourceDocument
from consult.models.questions import Topic
from consult.queries.consultations import consultation_at, figures
from consult.queries.editing import topics_of
from consult.services.agendas import import_agenda
from tests.support.cast import Cast, count, draft, open_consultation, refusal

pytestmark = pytest.mark.usefixtures("inside")
AGENDA = """\
Workshop on Clean Streets
1 March 2016

09:00 - 09:30 Registration
09:30 - 10:30 Trees along the main street
10:30 - 11:00 Coffee break
11:00 - 12:00 Winter maintenance of bicycle lanes
12:00 - 13:00 Lunch
"""
CONTENT = AGENDA.encode()


def test_topics_are_cited_word_for_word_with_lines_and_sha256(people: Cast) -> None:
    imported = import_agenda(people.moderator.actor, "streets", CONTENT, "agenda.txt", Language.EN)
    document = db.session.scalars(db.select(SourceDocument)).one()
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (document.content, document.filename, document.imported_by) == (
        CONTENT, "agenda.txt", people.moderator.id,
    )  # fmt: skip
    topics = topics_of(imported.consultation_id)
    assert [topic.titles[Language.EN] for topic in topics] == [
        "Trees along the main street", "Winter maintenance of bicycle lanes",
    ]  # fmt: skip
    lines = AGENDA.splitlines()
    for topic in topics:
        citation = topic.citation
        assert citation is not None
        assert citation.first_line is not None
        assert citation.last_line is not None
        source = " ".join(lines[citation.first_line - 1 : citation.last_line])
        assert citation.quote in source
        assert citation.sha256 == document.sha256


def test_an_import_publishes_nothing(people: Cast) -> None:
    imported = import_agenda(people.moderator.actor, "streets", CONTENT, "agenda.txt", Language.EN)
    assert db.session.get_one(Consultation, imported.consultation_id).stage is Stage.DRAFT
    assert refusal(lambda: consultation_at(GUEST, "streets", Language.EN)) is Reason.NOT_FOUND
    counts = figures(imported.consultation_id)
    assert (counts.topics, counts.questions) == (2, imported.questions)
    entries = [entry.act for entry in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))]
    assert entries == [Act.CONSULTATION_CREATED, Act.AGENDA_IMPORTED]


def test_the_same_file_is_refused_the_second_time_and_adds_nothing() -> None:
    import_agenda(OPERATOR, "streets", CONTENT, "agenda.txt", Language.EN)
    before = count(Topic), count(Passage), count(SourceDocument), count(AuditEntry)
    again = refusal(lambda: import_agenda(OPERATOR, "streets", CONTENT, "renamed.txt", Language.EN))
    assert again is Reason.AGENDA_IMPORTED_ALREADY
    assert (count(Topic), count(Passage), count(SourceDocument), count(AuditEntry)) == before
    import_agenda(OPERATOR, "elsewhere", CONTENT, "agenda.txt", Language.EN)


def test_a_second_agenda_joins_the_same_draft_behind_the_first(app: Flask) -> None:
    built = draft(app)
    import_agenda(OPERATOR, built.slug, CONTENT, "agenda.txt", Language.EN)
    other = CONTENT.replace(b"Trees", b"Lamps")
    import_agenda(OPERATOR, built.slug, other, "other.txt", Language.EN)
    assert [topic.position for topic in topics_of(built.id)] == [1, 2, 3, 4, 5]


def test_only_a_draft_takes_an_agenda(app: Flask) -> None:
    built = open_consultation(app)
    before = count(Topic)
    assert refusal(lambda: import_agenda(OPERATOR, built.slug, CONTENT, "a.txt")) is Reason.STATE_FORBIDS
    assert count(Topic) == before
    assert count(SourceDocument) == 0


@pytest.mark.parametrize(
    ("slug", "content", "reason"),
    [
        ("Bad Slug", CONTENT, Reason.SLUG_INVALID),
        ("a\0b", CONTENT, Reason.SLUG_INVALID),
        ("streets", b"", Reason.DOCUMENT_EMPTY),
        ("streets", b"x" * (10 * 1024 * 1024 + 1), Reason.DOCUMENT_TOO_LARGE),
        ("streets", b"%PDF-1.7 ...", Reason.DOCUMENT_DAMAGED),
        ("streets", bytes(range(256)) * 20, Reason.DOCUMENT_NOT_TEXT),
        ("streets", b"10:00 Coffee break\n12:00 Lunch\n", Reason.AGENDA_WITHOUT_TOPICS),
    ],
)
def test_what_cannot_be_imported_leaves_nothing(slug: str, content: bytes, reason: Reason) -> None:
    assert refusal(lambda: import_agenda(OPERATOR, slug, content, "a.txt", Language.EN)) is reason
    assert (count(Consultation), count(SourceDocument), count(AuditEntry)) == (0, 0, 0)


def test_a_hostile_file_name_is_kept_readable() -> None:
    import_agenda(OPERATOR, "streets", CONTENT, "a\0\ud800\u202e" + "x" * 400 + ".txt", Language.EN)
    name = db.session.scalars(db.select(SourceDocument.filename)).one()
    assert name.endswith("x.txt")
    assert len(name) <= 255


def test_no_stranger_imports(people: Cast) -> None:
    for actor, reason in ((GUEST, Reason.SIGN_IN_NEEDED), (people.aigerim.actor, Reason.NOT_PERMITTED)):
        deed = lambda actor=actor: import_agenda(actor, "streets", CONTENT, "a.txt")  # noqa: E731
        assert refusal(deed) is reason
    assert count(Consultation) == 0
