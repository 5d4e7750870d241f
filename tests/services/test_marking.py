"""What is noted of a comment when it arrives, changes or is reported; it only moves it in the queue."""

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.risk import Mark, read_marks
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.desk import CommentBand
from consult.models.settings import ProfanityWord
from consult.services import moderation, own_comments, reports
from tests.support.cast import Built, Cast, comment, count, open_consultation

pytestmark = pytest.mark.usefixtures("inside")
PLAIN = "Ағаштарды күзде отырғызған дұрыс, жазда олар қурап қалады."
COPY = "Ағаштарды күзде отырғызған дұрыс, жазда олар қурап қалады!!"


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


def row_of(key: int) -> Comment:
    db.session.rollback()
    query = db.select(Comment).filter_by(id=key)
    row: Comment = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    return row


def marks(key: int) -> set[Mark]:
    return set(read_marks(row_of(key).marks))


def test_a_new_comment_is_marked_and_the_first_of_an_account_says_so(
    app: Flask, people: Cast, built: Built
) -> None:
    first = comment(app, people.aigerim, built, "Маған +7 701 123-45-67 нөміріне қоңырау шалыңыз")
    second = comment(app, people.aigerim, built, PLAIN)
    assert marks(first) == {Mark.PERSONAL_DATA, Mark.NEWCOMER}
    assert marks(second) == set()
    assert (row_of(first).desk_rank, row_of(second).desk_rank) == (55, 100)


def test_rude_words_come_from_the_table_that_administrators_keep(
    app: Flask, people: Cast, built: Built
) -> None:
    comment(app, people.aigerim, built, PLAIN)
    with transaction():
        db.session.add(ProfanityWord(language=Language.RU, word="дурак"))
    key = comment(app, people.aigerim, built, "Наш сосед Дурак")
    assert marks(key) == {Mark.PROFANITY}


def test_copies_belong_to_the_first_of_them_and_only_that_is_sketched(
    app: Flask, people: Cast, built: Built
) -> None:
    first = comment(app, people.aigerim, built, PLAIN)
    copies = [comment(app, people.dauren, built, COPY) for _ in range(3)]
    other = comment(app, people.dauren, built, "Суға кім төлейді?")
    assert {row_of(key).alike_id for key in (first, *copies)} == {first}
    assert row_of(other).alike_id == other
    assert Mark.ALIKE not in marks(first)
    assert all(Mark.ALIKE in marks(key) for key in copies)
    sketched = set(db.session.scalars(db.select(CommentBand.comment_id)))
    assert sketched == {first, other}


def test_copies_in_another_consultation_are_no_copies(app: Flask, people: Cast, built: Built) -> None:
    elsewhere = open_consultation(app, slug="elsewhere")
    comment(app, people.aigerim, built, PLAIN)
    key = comment(app, people.aigerim, elsewhere, PLAIN)
    assert row_of(key).alike_id == key


def test_a_text_without_letters_is_like_none(app: Flask, people: Cast, built: Built) -> None:
    keys = [comment(app, people.aigerim, built, "!!!") for _ in range(2)]
    assert [row_of(key).alike_id for key in keys] == keys
    assert count(CommentBand) == 0


def test_new_words_are_compared_anew_and_the_old_sketch_is_gone(
    app: Flask, people: Cast, built: Built
) -> None:
    first = comment(app, people.aigerim, built, PLAIN)
    copy = comment(app, people.dauren, built, COPY)
    own_comments.edit_comment(people.dauren.actor, built.id, copy, "Мүлде басқа сөз: су қайдан келеді?")
    assert (row_of(copy).alike_id, marks(copy)) == (copy, {Mark.NEWCOMER})
    own_comments.edit_comment(people.aigerim.actor, built.id, first, "Орындықтар да керек емес пе екен?")
    assert count(CommentBand) == 32
    third = comment(app, people.dauren, built, PLAIN)
    assert row_of(third).alike_id == third


def test_words_changed_after_a_moderator_read_them_say_so(app: Flask, people: Cast, built: Built) -> None:
    comment(app, people.aigerim, built, PLAIN)
    key = comment(app, people.aigerim, built, "Орындық керек.")
    own_comments.edit_comment(people.aigerim.actor, built.id, key, "Орындықтар керек.")
    assert marks(key) == set()
    moderation.publish_comment(people.moderator.actor, key)
    own_comments.edit_comment(people.aigerim.actor, built.id, key, "Көп орындық керек.")
    assert marks(key) == {Mark.CORRECTED}


def test_reports_move_a_comment_forward_until_somebody_decides(
    app: Flask, people: Cast, built: Built
) -> None:
    comment(app, people.aigerim, built, PLAIN)
    key = comment(app, people.aigerim, built, "Орындық керек.")
    moderation.publish_comment(people.moderator.actor, key)
    for reader in (people.dauren, people.other_official):
        reports.report_comment(reader.actor, built.id, key, "insult")
    row = row_of(key)
    assert (row.open_reports, row.desk_rank, marks(key)) == (2, 65, {Mark.REPORTED})
    moderation.keep_comment(people.moderator.actor, key)
    row = row_of(key)
    assert (row.open_reports, row.desk_rank, marks(key)) == (0, 100, set())


def test_sketches_go_with_the_words(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built, PLAIN)
    assert count(CommentBand) == 16
    with transaction():
        db.session.execute(sa.update(Comment).where(Comment.id == key).values(body=""))
    assert count(CommentBand) == 0
