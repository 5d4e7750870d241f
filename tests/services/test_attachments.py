"""Files beside a consultation: laid, named, ordered, taken away, and each of it logged."""

import hashlib
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.attachments import MOST_ATTACHMENTS
from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.models.attachments import Attachment, AttachmentText
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.queries.attachments import attachments_of, content_of_attachment
from consult.services import attachments, consultations
from tests.support.cast import Built, Cast, count, draft, open_consultation, refusal
from tests.support.files import pdf_of
from tests.support.scenes import PICTURE

TITLES = {Language.KK: "Көшенің жоспары", Language.RU: "План улицы"}


def pdf(words: str = "A plan") -> bytes:
    return pdf_of([[words]])


def lay(built: Built, words: str = "A plan", filename: str = "plan.pdf") -> int:
    return attachments.add_attachment(OPERATOR, built.id, pdf(words), filename, TITLES, Language.RU)


def test_a_file_is_kept_byte_for_byte_with_its_checksum_and_titles(inside: Flask, people: Cast) -> None:
    built, content = draft(inside), pdf()
    key = attachments.add_attachment(people.moderator.actor, built.id, content, "../Plan.PDF", TITLES)
    (card,) = attachments_of(built.id, Language.EN)
    assert (card.id, card.filename, card.kind, card.size) == (key, "Plan.pdf", "PDF", len(content))
    assert card.sha256 == hashlib.sha256(content).hexdigest()
    assert (card.title.text, card.title.is_fallback) == ("Көшенің жоспары", True)
    assert content_of_attachment(built.id, key) == content


def test_strangers_lay_name_move_and_remove_nothing(inside: Flask, people: Cast) -> None:
    built = draft(inside)
    key = lay(built)
    citizen = people.dauren.actor
    for deed in (
        lambda: attachments.add_attachment(citizen, built.id, pdf("Other"), "x.pdf", TITLES),
        lambda: attachments.edit_attachment(citizen, built.id, key, TITLES, None),
        lambda: attachments.move_attachment_up(citizen, built.id, key),
        lambda: attachments.remove_attachment(citizen, built.id, key),
    ):
        assert refusal(deed) is Reason.NOT_PERMITTED
    assert count(Attachment) == 1


def test_a_file_is_reached_only_through_its_own_consultation(inside: Flask, people: Cast) -> None:
    built, other = draft(inside), draft(inside, slug="other")
    key = lay(built)
    for deed in (
        lambda: attachments.edit_attachment(OPERATOR, other.id, key, TITLES, None),
        lambda: attachments.move_attachment_up(OPERATOR, other.id, key),
        lambda: attachments.remove_attachment(OPERATOR, other.id, key),
        lambda: content_of_attachment(other.id, key),
    ):
        assert refusal(deed) is Reason.NOT_FOUND
    assert people.moderator.id


def test_the_same_file_twice_is_refused_and_elsewhere_is_fine(inside: Flask) -> None:
    built, other = draft(inside), draft(inside, slug="other")
    lay(built)
    assert refusal(lambda: lay(built, filename="other-name.pdf")) is Reason.ATTACHMENT_TWICE
    lay(other)
    assert count(Attachment) == 2


def test_files_are_listed_in_an_order_that_can_be_changed(inside: Flask) -> None:
    built = draft(inside)
    first, second, third = (lay(built, words) for words in ("One", "Two", "Three"))
    attachments.move_attachment_up(OPERATOR, built.id, third)
    attachments.move_attachment_up(OPERATOR, built.id, first)
    assert [card.id for card in attachments_of(built.id, Language.KK)] == [first, third, second]


def test_titles_are_changed_and_the_file_is_not(inside: Flask) -> None:
    built = draft(inside)
    key = lay(built)
    attachments.edit_attachment(OPERATOR, built.id, key, {Language.KK: "Басқа", Language.RU: ""}, None)
    (card,) = attachments_of(built.id, Language.RU)
    assert (card.title.text, card.language) == ("Басқа", None)
    assert content_of_attachment(built.id, key) == pdf()


def test_a_removed_file_is_gone_and_the_log_keeps_its_name_and_checksum(inside: Flask, people: Cast) -> None:
    built = open_consultation(inside)
    key = lay(built)
    attachments.remove_attachment(people.moderator.actor, built.id, key)
    assert count(Attachment) == count(AttachmentText) == 0
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(act=Act.ATTACHMENT_REMOVED)).one()
    assert entry.detail == {"filename": "plan.pdf", "sha256": hashlib.sha256(pdf()).hexdigest()}
    assert (entry.actor_id, entry.thing_id, entry.consultation_id) == (people.moderator.id, key, built.id)


def test_what_is_no_document_or_has_no_title_is_refused(inside: Flask) -> None:
    built = draft(inside)
    blank, long = {Language.KK: " \u200b"}, {Language.KK: "x" * 301}
    for content, titles, reason in (
        (b"MZ a program", TITLES, Reason.ATTACHMENT_TYPE_UNSUPPORTED),
        (PICTURE, blank, Reason.TITLE_MISSING),
        (PICTURE, long, Reason.TEXT_TOO_LONG),
    ):
        deed = partial(attachments.add_attachment, OPERATOR, built.id, content, "x.png", titles)
        assert refusal(deed) is reason
    assert count(Attachment) == 0


def test_a_withdrawn_consultation_takes_no_more_files_but_lets_them_go(inside: Flask) -> None:
    built = draft(inside)
    key = lay(built)
    consultations.withdraw_consultation(OPERATOR, built.id, "No money.")
    assert refusal(lambda: lay(built, "Another")) is Reason.STATE_FORBIDS
    attachments.remove_attachment(OPERATOR, built.id, key)
    assert count(Attachment) == 0


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_there_are_fifty_files_at_most(inside: Flask) -> None:
    built = draft(inside)
    with transaction():
        now = now_in_database()
        for number in range(MOST_ATTACHMENTS):
            row = Attachment(
                consultation_id=built.id, position=number + 1, filename="x.png", media_type="image/png",
                sha256=f"{number:064d}", size=1, content=b"x", uploaded_at=now,
            )  # fmt: skip
            db.session.add(row)
    assert refusal(lambda: lay(built)) is Reason.ATTACHMENT_TOO_MANY
