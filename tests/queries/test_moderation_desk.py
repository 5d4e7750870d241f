"""What the desk lists: orders, filters, groups, marks, who reads what, and pages without gaps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comments import CommentState, Move
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.moderation import DeskOrder, Selection, View
from consult.domain.people import GUEST, Actor, Duty
from consult.domain.risk import Mark
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.desk import ModerationLock
from consult.queries import moderation as reads
from consult.services import moderation, reports
from consult.services.comments import Words, submit_comment, submit_reply
from tests.queries.conftest import Statements
from tests.support.cast import Built, Cast, Member, open_consultation, refusal

pytestmark = pytest.mark.usefixtures("inside")
EN = Language.EN


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


def listed(reader: Actor, selection: Selection | None = None) -> list[int]:
    return [row.id for row in reads.queue(reader, EN, selection).comments]


def send(by: Member, built: Built, body: str, language: Language = EN, question: int = 1) -> int:
    words = Words(body, language, language)
    return submit_comment(by.actor, built.id, built.questions[question - 1], words).comment_id


@pytest.fixture
def five(people: Cast, built: Built) -> list[int]:
    """In the order of arrival: the first of an account, plain, shouted, a telephone number, a link."""
    bodies = (
        "The first words of an account.", "Nothing special here.", "PLANT MORE TREES NOW",
        "Call me: +7 701 123-45-67", "See www.example.kz for more.",
    )  # fmt: skip
    return [send(people.aigerim, built, body) for body in bodies]


def test_marked_comments_come_first_and_of_equal_ones_the_oldest(people: Cast, five: list[int]) -> None:
    reader = people.moderator.actor
    assert listed(reader) == [five[3], five[4], five[0], five[2], five[1]]
    assert listed(reader, Selection(order=DeskOrder.OLDEST)) == five


@pytest.mark.parametrize(
    ("mark", "expected"), [(Mark.PERSONAL_DATA, 3), (Mark.LINK, 4), (Mark.CAPITALS, 2), (Mark.NEWCOMER, 0)]
)
def test_one_mark_can_be_asked_for(people: Cast, five: list[int], mark: Mark, expected: int) -> None:
    assert listed(people.moderator.actor, Selection(mark=mark)) == [five[expected]]


def test_filters_ask_for_a_consultation_a_question_and_a_language(
    app: Flask, people: Cast, built: Built
) -> None:
    elsewhere = open_consultation(app, slug="elsewhere", moderation_mode=ModerationMode.PRE)
    here = send(people.aigerim, built, "In English, first question")
    second = send(people.aigerim, built, "Under the second question", question=2)
    kazakh = send(people.aigerim, built, "Қазақша сөз", Language.KK)
    there = send(people.aigerim, elsewhere, "In the other consultation")
    reader = people.moderator.actor
    assert set(listed(reader, Selection(consultation_id=built.id))) == {here, second, kazakh}
    assert listed(reader, Selection(consultation_id=elsewhere.id)) == [there]
    assert listed(reader, Selection(consultation_id=built.id, question=2)) == [second]
    assert listed(reader, Selection(language=Language.KK)) == [kazakh]
    assert listed(reader, Selection(consultation_id=404)) == []
    titles = [str(one.title) for one in reads.moderated_consultations(reader, EN)]
    assert titles == ["A green street", "A green street"]
    assert reads.questions_to_choose(built.id) == (1, 2)


def test_near_identical_comments_stand_in_one_row_and_under_every_filter(people: Cast, built: Built) -> None:
    copies = [
        send(people.aigerim, built, f"Please keep the old poplars along the street. {n}") for n in range(4)
    ]
    alone = send(people.dauren, built, "Water the young trees in summer.")
    moderation.publish_comment(people.moderator.actor, copies[3])
    reader = people.moderator.actor
    rows = {row.id: row for row in reads.queue(reader, EN).comments}
    (leader,) = set(rows) - {alone}
    assert leader in copies
    assert [member.id for member in rows[leader].members] == copies[:3]
    assert (rows[leader].group_size, rows[leader].others_alike) == (3, 1)
    assert (rows[alone].group_size, rows[alone].members) == (1, ())
    assert listed(reader, Selection(order=DeskOrder.OLDEST)) == [copies[0], alone]
    assert len(listed(reader, Selection(mark=Mark.ALIKE))) == 1
    assert listed(reader, Selection(View.PUBLISHED)) == [copies[3]]
    moderation.publish_together(reader, [moderation.Seen(copies[0], 1), moderation.Seen(copies[1], 1)])
    assert set(listed(reader)) == {copies[2], alone}


def test_reported_passed_on_and_taken_comments_have_lists_of_their_own(
    people: Cast, built: Built, five: list[int]
) -> None:
    reader, other = people.moderator.actor, people.other_official.actor
    moderation.publish_comment(reader, five[1])
    reports.report_comment(people.dauren.actor, built.id, five[1], "insult", "Look")
    moderation.escalate_comment(other, five[2], "Is this shouting?", people.moderator.id)
    moderation.take_comment(reader, five[0])
    moderation.take_comment(other, five[4])
    assert listed(reader, Selection(View.REPORTED)) == [five[1]]
    assert listed(reader, Selection(View.ESCALATED)) == [five[2]]
    assert listed(reader, Selection(View.MINE)) == [five[0]]
    rows = {row.id: row for row in reads.queue(reader, EN).comments}
    taken, escalated = rows[five[4]].taken, rows[five[2]].escalated
    assert taken is not None
    assert (taken.name, taken.is_mine) == (people.other_official.actor.name, False)
    assert escalated is not None
    assert (escalated.words, escalated.is_to_me) == ("Is this shouting?", True)
    figures = reads.desk_figures(reader)
    assert (figures.waiting, figures.reported, figures.escalated, figures.taken_by_me) == (4, 1, 1, 1)
    assert figures.decided_today == 1
    with transaction():
        db.session.execute(sa.update(ModerationLock).values(until=now_in_database() - timedelta(seconds=1)))
    assert listed(reader, Selection(View.MINE)) == []
    assert reads.queue(reader, EN).comments[0].taken is None


def test_a_decision_that_was_undone_does_not_count(people: Cast, five: list[int]) -> None:
    reader = people.moderator.actor
    assert reads.last_deed(reader) is None
    moderation.publish_comment(reader, five[0])
    last = reads.last_deed(reader)
    assert last is not None
    assert (last.move, last.comments) == (Move.PUBLISH, (five[0],))
    assert reads.last_deed(people.other_official.actor) is None
    moderation.undo(reader, last.id)
    assert reads.last_deed(reader) is None
    assert reads.desk_figures(reader).decided_today == 0


def test_what_another_decided_is_told_and_a_deed_on_it_is_not_undoable(people: Cast, five: list[int]) -> None:
    first, second = people.moderator.actor, people.other_official.actor
    moderation.publish_comment(first, five[0])
    moderation.withhold_comment(second, five[0], "insult", "Rude.")
    told = reads.decision_by_other(first, five[0])
    assert told is not None
    assert (told.by, told.move, told.rule, told.state) == (
        second.name, Move.WITHHOLD, "insult", CommentState.WITHHELD,
    )  # fmt: skip
    assert reads.last_deed(first) is None
    untouched = reads.decision_by_other(first, five[1])
    assert untouched is not None
    assert (untouched.by, untouched.state) == ("", CommentState.PENDING)
    assert reads.decision_by_other(first, 404) is None


def test_a_hard_case_shows_everything_around_it(people: Cast, built: Built, five: list[int]) -> None:
    reader, key = people.moderator.actor, five[1]
    moderation.publish_comment(reader, key)
    words = Words("I agree with that.", EN, EN)
    reply = submit_reply(people.dauren.actor, built.id, key, words).comment_id
    reports.report_comment(people.dauren.actor, built.id, key, "insult", "Look")
    moderation.note_on_comment(reader, key, "I know this author.")
    found = reads.moderated_comment(reader, key, EN)
    assert [act.move for act in found.acts] == [Move.PUBLISH]
    assert [(note.words, note.by) for note in found.notes] == [("I know this author.", reader.name)]
    assert [(report.rule, report.words) for report in found.reports] == [("insult", "Look")]
    assert [near.id for near in found.answers] == [reply]
    assert [near.id for near in found.by_author] == [five[4], five[3], five[2], five[0]]
    names = [colleague.name for colleague in found.colleagues]
    assert set(names) == {people.other_official.actor.name, people.administrator.actor.name}


def test_a_duty_in_one_consultation_opens_its_comments_and_no_others(
    app: Flask, people: Cast, built: Built, five: list[int]
) -> None:
    elsewhere = open_consultation(app, slug="elsewhere", moderation_mode=ModerationMode.PRE)
    other = send(people.aigerim, elsewhere, "In the other consultation")
    citizen = people.dauren.actor
    reader = Actor(citizen.person_id, citizen.role, duties=frozenset({(elsewhere.id, Duty.MODERATOR)}))
    assert listed(reader) == [other]
    assert reads.desk_figures(reader).waiting == 1
    assert [one.id for one in reads.moderated_consultations(reader, EN)] == [elsewhere.id]
    assert refusal(lambda: reads.moderated_comment(reader, five[0], EN)) is Reason.NOT_FOUND
    assert reads.decision_by_other(reader, five[0]) is None
    for stranger, reason in ((GUEST, Reason.SIGN_IN_NEEDED), (citizen, Reason.NOT_PERMITTED)):
        for read in (reads.queue, reads.moderated_consultations):
            assert refusal(lambda read=read, who=stranger: read(who, EN)) is reason  # type: ignore[misc]
        assert refusal(lambda who=stranger: reads.desk_figures(who)) is reason  # type: ignore[misc]
        assert refusal(lambda who=stranger: reads.usual_reasons(who)) is reason  # type: ignore[misc]


def waiting_rows(built: Built, author: Member, number: int) -> list[int]:
    """Comments put in as rows, of three ranks in turn."""
    now = now_in_database()
    with transaction():
        ids = COMMENT_IDS.draw_many(db.session.connection(), number)
        rows = [
            {
                "consultation_id": built.id, "id": key, "question_id": built.questions[0],
                "author_id": author.id, "body": f"Words {key}", "question_version": 1,
                "question_language": EN, "state": CommentState.PENDING, "submitted_at": now,
                "desk_rank": 80 + key % 3, "alike_id": key,
            }
            for key in ids
        ]  # fmt: skip
        db.session.execute(sa.insert(Comment), rows)
    return ids


@pytest.mark.parametrize("order", DeskOrder)
def test_pages_go_through_all_that_waits_once_even_while_some_are_decided(
    people: Cast, built: Built, order: DeskOrder
) -> None:
    ids = waiting_rows(built, people.aigerim, 2 * reads.PAGE + 7)
    reader, selection = people.moderator.actor, Selection(order=order)
    seen: list[int] = []
    after = None
    for _ in range(4):
        page = reads.queue(reader, EN, selection, after=after)
        seen += [row.id for row in page.comments]
        moderation.publish_comment(reader, page.comments[0].id)
        after = page.next_after
        if after is None:
            break
    assert sorted(seen) == ids
    assert seen == sorted(ids, key=lambda key: (80 + key % 3 if order is DeskOrder.RISK else 0, key))


def test_a_page_of_the_queue_sends_as_many_statements_for_fifty_as_for_one(
    people: Cast, built: Built, statements: Statements
) -> None:
    waiting_rows(built, people.aigerim, 1)
    reader = people.moderator.actor
    few = statements(lambda: reads.queue(reader, EN))
    waiting_rows(built, people.aigerim, 50)
    assert statements(lambda: reads.queue(reader, EN)) == few <= 11
    assert statements(lambda: reads.desk_figures(reader)) <= 7
