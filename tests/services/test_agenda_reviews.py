"""Reviewing an agenda: a consultation has nothing before the end; a newer version marks what is stale."""

from datetime import date, timedelta

import pytest
from flask import Flask

from consult.domain.agenda.versions import Change
from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.consultations import Consultation
from consult.models.documents import AgendaReview, Passage, SourceDocument, SupersededDocument
from consult.models.questions import Question, Topic
from consult.queries.agenda_reviews import ReviewView, review_at, stale_topics
from consult.queries.editing import topics_of
from consult.services import agendas
from consult.services.agendas import Edits, Step
from tests.support.cast import Cast, count, open_consultation, refusal
from tests.support.files import docx_of, pdf_of

pytestmark = pytest.mark.usefixtures("inside")
AGENDA = """\
Workshop on Clean Streets
1 March 2016

09:00 - 09:30 Registration
09:30 - 10:30 Trees along the main street
Who waters them in summer?
10:30 - 11:00 Coffee break
11:00 - 12:00 Winter maintenance of bicycle lanes
12:00 - 13:00 Parking fees in the centre
"""
NEWER = """\
Workshop on Clean Streets
1 March 2016

09:00 - 09:30 Registration
09:30 - 10:30 Winter maintenance of bicycle lanes
10:30 - 11:00 Coffee break
11:00 - 12:00 Trees along the main street
12:00 - 13:00 Noise of night buses
"""


def started(content: str | bytes = AGENDA, name: str = "agenda.txt", slug: str = "streets") -> ReviewView:
    octets = content.encode() if isinstance(content, str) else content
    return review_at(OPERATOR, agendas.start_review(OPERATOR, slug, octets, name, Language.EN))


def as_shown(view: ReviewView, *, replaces: int | None = None) -> Edits:
    """The form as the page shows it."""
    chosen = frozenset(n for n, card in enumerate(view.proposals) if card.proposal.is_chosen)
    return Edits(
        tuple(card.proposal.title for card in view.proposals),
        chosen,
        replaces=view.row.replaces_id if replaces is None else replaces,
    )


def made(view: ReviewView, edits: Edits | None = None) -> agendas.Imported:
    return agendas.make_topics(OPERATOR, view.row.id, view.row.version, edits or as_shown(view))


def titles(consultation_id: int) -> list[str]:
    return [topic.titles[Language.EN] for topic in topics_of(consultation_id)]


def test_a_review_keeps_the_document_and_makes_nothing() -> None:
    view = started()

    assert [card.quote for card in view.proposals] == [
        "Trees along the main street", "Winter maintenance of bicycle lanes", "Parking fees in the centre",
    ]  # fmt: skip
    assert [entry.quote for entry in view.left_out] == ["Registration", "Coffee break"]
    assert [words for line in view.lines for words, is_cited in line.stretches if is_cited] == [
        card.quote for card in view.proposals
    ]
    assert (count(Consultation), count(SourceDocument), count(AuditEntry)) == (0, 0, 0)


def test_what_was_chosen_becomes_topics_with_citations_and_questions(people: Cast) -> None:
    actor = people.moderator.actor
    view = review_at(
        actor, agendas.start_review(actor, "streets", AGENDA.encode(), "agenda.txt", Language.EN)
    )
    edits = Edits(("Trees and shade", "Lanes", "Fees"), frozenset({0, 2}))
    imported = agendas.make_topics(actor, view.row.id, view.row.version, edits)

    topics = topics_of(imported.consultation_id)
    assert [topic.titles[Language.EN] for topic in topics] == ["Trees and shade", "Fees"]
    assert [topic.citation.first_line for topic in topics if topic.citation] == [5, 9]
    assert [question.texts[Language.EN] for question in topics[0].questions] == ["Who waters them in summer?"]
    assert (imported.topics, imported.questions, count(AgendaReview)) == (2, 1, 0)
    assert db.session.scalars(db.select(SourceDocument.content)).one() == AGENDA.encode()
    acts = [entry.act for entry in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == [Act.CONSULTATION_CREATED, Act.AGENDA_IMPORTED]


def test_merging_and_splitting_are_kept_step_by_step() -> None:
    view = started()
    edits = as_shown(view)
    agendas.edit_review(OPERATOR, view.row.id, view.row.version, edits, Step.MERGE, 1)
    one = review_at(OPERATOR, view.row.id)
    assert len(one.proposals) == 2
    assert one.proposals[0].quote in AGENDA

    split = Edits(
        ("Trees along the main street\nWinter maintenance of bicycle lanes", "Fees"), frozenset({0})
    )
    agendas.edit_review(OPERATOR, view.row.id, one.row.version, split, Step.SPLIT, 0)
    again = review_at(OPERATOR, view.row.id)
    assert [card.quote for card in again.proposals] == [card.quote for card in view.proposals]
    assert [card.proposal.is_chosen for card in again.proposals] == [True, True, False]


def test_what_was_left_out_can_be_taken() -> None:
    view = started()
    edits = Edits(as_shown(view).titles, frozenset({0, 1, 2}), taken=frozenset({0}))
    agendas.edit_review(OPERATOR, view.row.id, view.row.version, edits, Step.SAVE, 0)

    assert review_at(OPERATOR, view.row.id).proposals[0].quote == "Registration"


@pytest.mark.parametrize(
    ("edits", "step", "at", "reason"),
    [
        (Edits(("a", "b", "c")), Step.SPLIT, 0, Reason.AGENDA_NOTHING_TO_SPLIT),
        (Edits(("a", "b", "c")), Step.SPLIT, 9, Reason.NOT_FOUND),
        (Edits(("a", "b", "c")), Step.MERGE, 0, Reason.NOT_FOUND),
        (Edits(("a", "b")), Step.SAVE, 0, Reason.VERSION_CONFLICT),
        (Edits(("a" * 301, "b", "c")), Step.SAVE, 0, Reason.TEXT_TOO_LONG),
        (Edits(("a", "b", "c"), replaces=77), Step.SAVE, 0, Reason.NOT_FOUND),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(edits: Edits, step: Step, at: int, reason: Reason) -> None:
    view = started()
    assert refusal(lambda: agendas.edit_review(OPERATOR, view.row.id, 1, edits, step, at)) is reason
    assert review_at(OPERATOR, view.row.id).proposals == view.proposals


def test_two_at_one_review_do_not_overwrite_each_other() -> None:
    view = started()
    agendas.edit_review(OPERATOR, view.row.id, 1, as_shown(view), Step.SAVE, 0)

    assert (
        refusal(lambda: agendas.make_topics(OPERATOR, view.row.id, 1, as_shown(view)))
        is Reason.VERSION_CONFLICT
    )


def test_nothing_chosen_makes_nothing() -> None:
    view = started()
    assert refusal(lambda: made(view, Edits(as_shown(view).titles))) is Reason.AGENDA_NOTHING_CHOSEN
    assert (count(Consultation), count(AgendaReview)) == (0, 1)


def test_a_newer_version_moves_citations_adds_topics_and_marks_what_is_stale() -> None:
    first = made(started())
    before = {topic.titles[Language.EN]: topic.id for topic in topics_of(first.consultation_id)}
    view = started(NEWER)
    old = db.session.scalars(db.select(SourceDocument.id)).one()
    assert view.row.replaces_id == old
    assert [card.change for card in view.proposals] == [Change.MOVED, Change.MOVED, Change.ADDED]
    assert [topic.title for topic in view.removed] == ["Parking fees in the centre"]

    imported = made(view)
    assert (imported.topics, imported.cited_anew) == (1, 2)
    assert titles(first.consultation_id) == [*before, "Noise of night buses"]
    after = {topic.titles[Language.EN]: topic for topic in topics_of(first.consultation_id)}
    trees = after["Trees along the main street"]
    assert trees.id == before["Trees along the main street"]
    assert trees.citation is not None
    assert (trees.citation.first_line, trees.citation.document_id != old) == (7, True)
    assert len(trees.questions) == 1
    row = db.session.get_one(Topic, trees.id)
    assert (row.agenda_day, row.starts) == (date(2016, 3, 1), "11:00")
    assert stale_topics(first.consultation_id) == {before["Parking fees in the centre"]}


def test_an_unticked_topic_of_a_newer_version_keeps_its_old_citation_and_is_stale() -> None:
    first = made(started())
    view = started(NEWER)
    made(view, Edits(as_shown(view).titles, frozenset({0}), replaces=view.row.replaces_id))

    assert len(stale_topics(first.consultation_id)) == 2
    assert count(SupersededDocument) == 1


def test_another_document_of_the_same_draft_makes_nothing_stale() -> None:
    first = made(started())
    view = started(NEWER)
    edits = as_shown(view)
    made(view, Edits(edits.titles, edits.chosen, replaces=None))

    assert len(titles(first.consultation_id)) == 6
    assert stale_topics(first.consultation_id) == frozenset()


def test_the_very_same_file_is_not_reviewed_twice_for_one_draft() -> None:
    made(started())
    assert refusal(started) is Reason.AGENDA_IMPORTED_ALREADY
    assert count(AgendaReview) == 0


@pytest.mark.parametrize(
    ("content", "name", "place"),
    [
        (docx_of(AGENDA.splitlines()), "agenda.docx", ("paragraph", 4)),
        (pdf_of([["Cover"], AGENDA.splitlines()]), "agenda.pdf", ("page", 2)),
    ],
)
def test_word_and_pdf_are_cited_by_paragraph_and_page(
    content: bytes, name: str, place: tuple[str, int]
) -> None:
    made(started(content, name))
    passage = db.session.scalars(db.select(Passage).order_by(Passage.id)).first()

    assert passage is not None
    assert getattr(passage, place[0]) == place[1]
    assert passage.first_line is None


def test_a_review_that_nobody_finished_is_let_go(app: Flask) -> None:
    key = started().row.id
    with transaction():
        row = db.session.get_one(AgendaReview, key)
        row.created_at -= timedelta(days=15)
    started(NEWER, slug="elsewhere")

    assert refusal(lambda: review_at(OPERATOR, key)) is Reason.NOT_FOUND


def test_a_discarded_review_leaves_nothing() -> None:
    view = started()
    agendas.discard_review(OPERATOR, view.row.id)

    assert (count(AgendaReview), count(Consultation), count(Question)) == (0, 0, 0)
    assert refusal(lambda: agendas.discard_review(OPERATOR, view.row.id)) is Reason.NOT_FOUND


def test_only_a_draft_takes_a_review(app: Flask) -> None:
    built = open_consultation(app)
    assert refusal(lambda: started(slug=built.slug)) is Reason.STATE_FORBIDS


def test_no_stranger_reviews(people: Cast) -> None:
    view = started()
    for actor, reason in ((GUEST, Reason.SIGN_IN_NEEDED), (people.aigerim.actor, Reason.NOT_PERMITTED)):
        deeds = (
            lambda actor=actor: agendas.start_review(actor, "b", AGENDA.encode(), "a.txt"),
            lambda actor=actor: review_at(actor, view.row.id),
            lambda actor=actor: agendas.edit_review(actor, view.row.id, 1, as_shown(view), Step.SAVE, 0),
            lambda actor=actor: agendas.make_topics(actor, view.row.id, 1, as_shown(view)),
            lambda actor=actor: agendas.discard_review(actor, view.row.id),
        )
        assert [refusal(deed) for deed in deeds] == [reason] * len(deeds)
    assert count(AgendaReview) == 1
