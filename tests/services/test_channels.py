"""Entering what came on paper, by e-mail or at a meeting."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.channels import Written
from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ModerationMode, Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.channels import InputBatch, InputFile, InputItem
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.search import SearchEntry
from consult.models.taking_part import CommentRevision
from consult.queries.channels import batch_at, items_of
from consult.queries.consultations import participants
from consult.services import channels, moderation, outcomes
from consult.services.exports import export_consultation
from tests.support.cast import (
    Built,
    Cast,
    close_by_clock,
    comment_state,
    count,
    draft,
    open_consultation,
    refusal,
    vote,
)
from tests.support.channels import LETTER, batch_in, complete_batch
from tests.support.export_rows import read_csv
from tests.support.outcomes import write_outcome

pytestmark = pytest.mark.usefixtures("installation")


def entries(act: Act) -> list[dict[str, object]]:
    return list(db.session.scalars(sa.select(AuditEntry.detail).filter_by(act=act).order_by(AuditEntry.id)))


def test_a_complete_batch_becomes_comments_that_name_their_channel_and_nobody(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        received = now_in_database() - timedelta(milliseconds=5)
        batch_id = channels.open_batch(official, built.id, batch_in(received_at=received, announced=2))
        channels.add_item(official, built.id, batch_id, LETTER)
        channels.add_item(official, built.id, batch_id, Written("2", "Дайте улицу людям.", name="Ким"))
        done = channels.complete_batch(official, built.id, batch_id)
        assert (done.comments, done.state) == (2, CommentState.PUBLISHED)
        rows = db.session.scalars(sa.select(Comment).order_by(Comment.id)).all()
        assert [(row.channel, row.author_id, row.state) for row in rows] == [
            (Channel.PAPER, None, CommentState.PUBLISHED)
        ] * 2
        assert [(row.language, row.question_id, row.submitted_at) for row in rows] == [
            (Language.KK, built.questions[0], received),
            (Language.RU, built.questions[1], received),
        ]
        assert {item.body for item in db.session.scalars(sa.select(InputItem))} == {""}
        assert participants(built.id) == 2
        assert (
            db.session.scalar(sa.select(sa.func.count()).select_from(SearchEntry).filter_by(kind="comment"))
            == 2
        )
        assert entries(Act.INPUT_BATCH_COMPLETED)[0]["entered"] == 2
        assert [each["item"] for each in entries(Act.COMMENT_SUBMITTED)] == [1, 2]


def test_a_batch_is_not_completed_while_both_numbers_differ(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in(announced=2))
        channels.add_item(official, built.id, batch_id, LETTER)
        with pytest.raises(Refused) as refused:
            channels.complete_batch(official, built.id, batch_id)
        assert refused.value.reason is Reason.TOTAL_DIFFERS
        assert refused.value.details == {"announced": 2, "entered": 1}
        assert count(Comment) == 0
        channels.correct_batch(official, built.id, batch_id, batch_in(announced=1))
        told = entries(Act.INPUT_BATCH_EDITED)[0]
        assert (told["before"]["announced"], told["after"]["announced"]) == (2, 1)  # type: ignore[index]
        assert channels.complete_batch(official, built.id, batch_id).comments == 1


def test_where_moderators_read_first_they_read_these_too(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app, moderation_mode=ModerationMode.PRE)
        _, (key,) = complete_batch(app, built, LETTER)
        assert comment_state(app, key) is CommentState.PENDING
        moderation.publish_comment(people.moderator.actor, key)
        assert comment_state(app, key) is CommentState.PUBLISHED


def test_what_came_in_time_is_typed_in_for_some_days_after_the_closing(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        close_by_clock(app, built, ago=timedelta(days=9, hours=23))
        closed_at = db.session.scalar(sa.select(Consultation.closes_at))
        assert closed_at is not None
        in_time = batch_in(received_at=closed_at - timedelta(seconds=1))
        late = batch_in(received_at=closed_at)
        assert (
            refusal(lambda: channels.open_batch(official, built.id, late)) is Reason.RECEIVED_OUTSIDE_PERIOD
        )
        batch_id = channels.open_batch(official, built.id, in_time)
        channels.add_item(official, built.id, batch_id, LETTER)
        close_by_clock(app, built, ago=timedelta(days=10, seconds=1))
        for deed in (
            lambda: channels.open_batch(official, built.id, in_time),
            lambda: channels.add_item(official, built.id, batch_id, LETTER),
            lambda: channels.complete_batch(official, built.id, batch_id),
            lambda: channels.keep_file(official, built.id, batch_id, b"question,text\n1,Trees\n"),
        ):
            assert refusal(deed) is Reason.ENTRY_OVER
        close_by_clock(app, built, ago=timedelta(days=9))
        assert channels.complete_batch(official, built.id, batch_id).comments == 1


def test_a_draft_and_a_withdrawn_consultation_take_no_input(app: Flask, people: Cast) -> None:
    with app.app_context():
        waiting, gone = draft(app), open_consultation(app, slug="gone")
        with transaction():
            db.session.execute(sa.update(Consultation).filter_by(id=gone.id).values(stage=Stage.WITHDRAWN))
        official = people.moderator.actor
        begin = channels.open_batch
        assert refusal(lambda: begin(official, waiting.id, batch_in())) is Reason.CONSULTATION_NOT_OPEN
        assert refusal(lambda: begin(official, gone.id, batch_in())) is Reason.STATE_FORBIDS
        assert refusal(lambda: begin(official, 999, batch_in())) is Reason.NOT_FOUND


def test_the_same_form_sent_twice_adds_one_item(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in())
        first = channels.add_item(official, built.id, batch_id, LETTER, idempotency_key="same-key-1")
        again = channels.add_item(official, built.id, batch_id, LETTER, idempotency_key="same-key-1")
        assert (first.number, again.number, again.is_repeat) == (1, 1, True)
        other = Written("1", "Other words")
        deed = lambda: channels.add_item(  # noqa: E731
            official, built.id, batch_id, other, idempotency_key="same-key-1"
        )
        assert refusal(deed) is Reason.DUPLICATE_KEY_REUSED
        assert batch_at(built.id, batch_id).entered == 1


def test_the_same_words_twice_are_taken_and_told(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in(announced=2))
        assert channels.add_item(official, built.id, batch_id, LETTER).twin is None
        assert channels.add_item(official, built.id, batch_id, LETTER).twin == 1
        assert [one.twin for one in items_of(built.id, batch_id)] == [None, 1]
        changed = channels.edit_item(official, built.id, batch_id, 2, Written("1", "Other words"))
        assert changed.twin is None


def test_a_removed_item_leaves_its_number_to_nobody(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in())
        channels.add_item(official, built.id, batch_id, LETTER)
        channels.remove_item(official, built.id, batch_id, 1)
        assert channels.add_item(official, built.id, batch_id, LETTER).number == 2
        channels.discard_batch(official, built.id, batch_id)
        assert (count(InputBatch), count(InputItem)) == (0, 0)
        assert entries(Act.INPUT_BATCH_DISCARDED)[0]["entered"] == 1


def test_a_file_is_loaded_whole_after_a_look_or_not_at_all(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in(announced=2))
        broken = channels.keep_file(official, built.id, batch_id, b"question,text\n1,Trees\n9,Trees\n")
        assert [fault.line for fault in broken.faults] == [3]
        assert (count(InputFile), count(InputItem)) == (0, 0)
        channels.keep_file(official, built.id, batch_id, b"question,text\n1,Old\n")
        old = db.session.scalars(sa.select(InputFile.sha256)).one()
        channels.keep_file(official, built.id, batch_id, "question,text\n1,=1+1\n2,Ағаш\n".encode())
        load = channels.load_file
        assert refusal(lambda: load(official, built.id, batch_id, old)) is Reason.VERSION_CONFLICT
        assert count(InputItem) == 0
        new = db.session.scalars(sa.select(InputFile.sha256)).one()
        assert load(official, built.id, batch_id, new) == 2
        assert (count(InputFile), count(InputItem)) == (0, 2)
        assert refusal(lambda: load(official, built.id, batch_id, new)) is Reason.NOT_FOUND
        assert [one.body for one in items_of(built.id, batch_id)] == ["=1+1", "Ағаш"]


def test_a_complete_batch_takes_nothing_more(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id, _ = complete_batch(app, built, LETTER)
        here = (official, built.id, batch_id)
        for deed in (
            lambda: channels.add_item(*here, LETTER),
            lambda: channels.edit_item(*here, 1, LETTER),
            lambda: channels.remove_item(*here, 1),
            lambda: channels.discard_batch(*here),
            lambda: channels.correct_batch(*here, batch_in()),
            lambda: channels.keep_file(*here, b"question,text\n1,Trees\n"),
            lambda: channels.complete_batch(*here),
        ):
            assert refusal(deed) is Reason.BATCH_COMPLETE
        assert count(Comment) == 1


def correct(
    actor: Actor, built: Built, batch_id: int, written: Written, reason: str = "A word was misread."
) -> None:
    channels.correct_item(actor, built.id, batch_id, 1, written, reason)


def test_an_item_is_corrected_after_its_original_with_a_reason(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id, (key,) = complete_batch(app, built, LETTER)
        assert refusal(lambda: correct(official, built, batch_id, LETTER, " ")) is Reason.REASON_MISSING
        correct(official, built, batch_id, Written("1", "Other words", "en", name="Ким"))
        row = db.session.get_one(Comment, (built.id, key), populate_existing=True)
        assert (row.body, row.language, row.wording, row.corrected_at) == (
            "Other words",
            Language.EN,
            2,
            None,
        )
        told = entries(Act.INPUT_ITEM_CORRECTED)[0]
        assert told["reason"] == "A word was misread."
        assert told["changed"] == ["text", "region", "age_band", "public_name", "language"]
        vote(app, people.aigerim, built, key)
        correct(official, built, batch_id, Written("1", "Words once more", "en"))
        row = db.session.get_one(Comment, (built.id, key), populate_existing=True)
        assert row.corrected_at is not None
        revisions = db.session.scalars(sa.select(CommentRevision).order_by(CommentRevision.number)).all()
        assert [(each.body, each.is_public) for each in revisions] == [
            (LETTER.text, False),
            ("Other words", True),
        ]


def test_words_that_a_moderator_withheld_are_not_corrected_round_the_decision(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        batch_id, (key,) = complete_batch(app, built, LETTER)
        moderation.withhold_comment(people.moderator.actor, key, "insult", "Rude.")
        deed = lambda: correct(people.other_official.actor, built, batch_id, Written("1", "Kind"))  # noqa: E731
        assert refusal(deed) is Reason.COMMENT_HELD_BACK


def test_an_open_batch_is_edited_and_not_corrected(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        batch_id = channels.open_batch(OPERATOR, built.id, batch_in())
        channels.add_item(OPERATOR, built.id, batch_id, LETTER)
        deed = lambda: correct(people.moderator.actor, built, batch_id, LETTER)  # noqa: E731
        assert refusal(deed) is Reason.BATCH_NOT_COMPLETE


@pytest.mark.parametrize("who", ["guest", "citizen"])
def test_a_stranger_enters_nothing(app: Flask, people: Cast, who: str) -> None:
    with app.app_context():
        built = open_consultation(app)
        batch_id, _ = complete_batch(app, built, LETTER)
        stranger = GUEST if who == "guest" else people.dauren.actor
        wanted = Reason.SIGN_IN_NEEDED if who == "guest" else Reason.NOT_PERMITTED
        here = (stranger, built.id, batch_id)
        for deed in (
            lambda: channels.open_batch(stranger, built.id, batch_in()),
            lambda: channels.correct_batch(*here, batch_in()),
            lambda: channels.discard_batch(*here),
            lambda: channels.add_item(*here, LETTER),
            lambda: channels.edit_item(*here, 1, LETTER),
            lambda: channels.remove_item(*here, 1),
            lambda: channels.keep_file(*here, b"question,text\n1,Trees\n"),
            lambda: channels.load_file(*here, "0" * 64),
            lambda: channels.let_file_go(*here),
            lambda: channels.complete_batch(*here),
            lambda: channels.correct_item(*here, 1, LETTER, "No reason."),
        ):
            assert refusal(deed) is wanted
        assert (count(InputBatch), count(Comment)) == (1, 1)


def test_a_batch_is_reached_only_through_its_own_consultation(app: Flask, people: Cast) -> None:
    with app.app_context():
        built, other = open_consultation(app), open_consultation(app, slug="other")
        batch_id = channels.open_batch(OPERATOR, built.id, batch_in())
        official = people.moderator.actor
        deed = lambda: channels.add_item(official, other.id, batch_id, LETTER)  # noqa: E731
        assert refusal(deed) is Reason.NOT_FOUND


def test_exports_name_the_channel_and_give_each_item_a_pseudonym_of_its_own(
    app: Flask, people: Cast, tmp_path: Path
) -> None:
    with app.app_context():
        built = open_consultation(app)
        complete_batch(app, built, LETTER, Written("1", "=1+1"), by=people.moderator.actor)
        export_consultation(OPERATOR, built.slug, package="restricted", output=tmp_path, smallest_group=2)
        comments = read_csv(tmp_path / "comments.csv")
        assert [(row["channel"], row["author_kind"]) for row in comments] == [("paper", "citizen")] * 2
        assert [row["body"] for row in comments] == [LETTER.text, "'=1+1"]
        taking_part = {row["participant_ref"]: row for row in read_csv(tmp_path / "participants.csv")}
        assert {row["participant_ref"] for row in comments} == set(taking_part)
        assert len(taking_part) == 2
        assert {row["comments"] for row in taking_part.values()} == {"1"}
        assert read_csv(tmp_path / "questions.csv")[0]["participants"] == "2"
        assert {row["region"] for row in taking_part.values()} == {"suppressed"}


def test_no_answer_is_published_while_a_batch_is_being_entered(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        batch_id = channels.open_batch(official, built.id, batch_in())
        write_outcome(built.id)
        close_by_clock(app, built, ago=timedelta(days=20))
        with pytest.raises(Refused) as refused:
            outcomes.publish_outcome(official, built.id)
        assert (refused.value.reason, refused.value.details) == (Reason.INPUT_UNFINISHED, {"batches": 1})
        channels.discard_batch(official, built.id, batch_id)
        outcomes.publish_outcome(official, built.id)
        stage = db.session.scalar(sa.select(Consultation.stage).filter_by(id=built.id))
        assert stage is Stage.ANSWERED
