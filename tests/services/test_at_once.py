"""The same deeds by many threads at once: one row each, and figures that add up."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Role
from consult.domain.votes import Choice, Tally
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.outbox import OutboxMessage
from consult.models.people import Person, Registration
from consult.models.votes import CommentVote
from consult.queries.tallies import comment_tallies
from consult.services import consultations, credentials, moderation, registration
from consult.services.agendas import import_agenda
from consult.services.moderation import Seen
from tests.support.cast import (
    PASSWORD,
    Cast,
    Member,
    comment,
    count,
    draft,
    open_consultation,
    person,
    vote,
)

THREADS = 16


def at_once(app: Flask, deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Every deed in a thread and context of its own, all let go together; answers or refusals in order."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        with app.app_context():
            start.wait(timeout=30)
            try:
                return deed()
            except Refused as refused:
                return refused.reason

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_threads_that_vote_for_the_same_people_leave_one_vote_each(app: Flask, people: Cast) -> None:
    voters = [person(app, f"voter{n}@example.kz", f"Voter {n}") for n in range(4)]
    built = open_consultation(app)
    targets = [comment(app, people.aigerim, built, f"Comment {n}") for n in range(3)]
    choices = list(Choice)

    def campaign(number: int) -> None:
        for turn in range(12):
            choice = choices[(number + turn) % 3]
            vote(app, voters[(number + turn) % 4], built, targets[turn % 3], choice)

    answers = at_once(app, [lambda n=n: campaign(n) for n in range(THREADS)])  # type: ignore[misc]
    assert answers == [None] * THREADS
    with app.app_context():
        rows = db.session.scalars(db.select(CommentVote)).all()
        assert len(rows) == len({(row.comment_id, row.person_id) for row in rows}) == 12
        recount = {
            target: Tally(
                *(
                    sum(row.comment_id == target and row.choice == choice for row in rows)
                    for choice in (1, -1, 0)
                )
            )
            for target in targets
        }
        assert comment_tallies(built.id, targets) == recount


def test_one_form_sent_by_sixteen_threads_is_one_comment(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    deeds = [lambda: comment(app, aigerim, built, key="one-form-only")] * THREADS
    answers = at_once(app, deeds)
    assert len(set(answers)) == 1
    with app.app_context():
        kept = db.session.scalars(db.select(Comment)).one()
        assert answers[0] == kept.id
        assert db.session.query(AuditEntry).filter_by(act="comment_submitted").count() == 1


def test_different_comments_at_once_get_different_numbers(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    deeds = [lambda n=n: comment(app, aigerim, built, f"Comment {n}") for n in range(THREADS)]
    assert len(set(at_once(app, deeds))) == THREADS


def test_of_moderators_at_once_one_acts_and_the_others_hear_of_it(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = comment(app, people.aigerim, built)
    publish = lambda: moderation.publish_comment(people.moderator.actor, key, version=1)  # noqa: E731
    withhold = lambda: moderation.withhold_comment(  # noqa: E731
        people.other_official.actor, key, "insult", "Rude.", version=1
    )
    answers = at_once(app, [publish, withhold] * 4)
    assert answers.count(None) == 1
    assert answers.count(Reason.VERSION_CONFLICT) == 7
    with app.app_context():
        assert (count(ModerationAct), count(OutboxMessage)) == (1, 1)


def test_two_desks_that_decide_on_the_same_comments_decide_on_each_once(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    keys = [comment(app, people.aigerim, built, f"Comment {n} " * 3) for n in range(8)]
    seen = [Seen(key, 1) for key in keys]
    reasons = dict.fromkeys(Language, "Rude.")
    publish = lambda: moderation.publish_together(people.moderator.actor, seen)  # noqa: E731
    withhold = lambda: moderation.withhold_together(  # noqa: E731
        people.other_official.actor, seen[::-1], "insult", reasons
    )
    singly = lambda: moderation.publish_comment(people.moderator.actor, keys[3], version=1)  # noqa: E731
    answers = at_once(app, [publish, withhold, singly] * 3)
    done = [key for answer in answers if isinstance(answer, moderation.Together) for key in answer.done]
    assert sorted([*done, *[keys[3]] * answers.count(None)]) == keys
    with app.app_context():
        assert (count(ModerationAct), count(OutboxMessage)) == (len(keys), len(keys))


def test_a_comment_is_taken_by_one_of_many_and_a_decision_undone_by_one(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    key = comment(app, people.aigerim, built)
    officials = [person(app, f"desk{n}@example.kz", f"Desk {n}", Role.OFFICIAL) for n in range(6)]
    take = [lambda one=one: moderation.take_comment(one.actor, key) for one in officials]
    assert at_once(app, take).count(Reason.TAKEN_BY_ANOTHER) == 5
    with app.app_context():
        moderation.publish_comment(people.moderator.actor, key, despite_lock=True)
        deed = db.session.scalars(db.select(ModerationAct.deed_id)).one()
    undo = [lambda one=one: moderation.undo(one.actor, deed) for one in officials]
    assert at_once(app, undo).count(Reason.UNDO_TOO_LATE) == 5
    with app.app_context():
        assert (count(ModerationAct), count(OutboxMessage)) == (2, 0)


def test_a_consultation_is_opened_once_by_many(app: Flask) -> None:
    built = draft(app)
    answers = at_once(app, [lambda: consultations.open_consultation(OPERATOR, built.id)] * 8)
    assert answers.count(Reason.STATE_FORBIDS) == 7


def test_of_many_confirmations_of_one_address_one_makes_a_person(app: Flask) -> None:
    """Three letters to one address, each opened twice, all at once."""
    with app.app_context():
        for _ in range(3):
            registration.register("dana@example.kz", "Дана", PASSWORD, Language.RU)
        letters = db.session.scalars(db.select(OutboxMessage.content)).all()
    deeds = [lambda token=letter["token"]: registration.confirm_here(token) for letter in letters] * 2
    assert at_once(app, deeds).count(Reason.LINK_EXPIRED) == 5
    with app.app_context():
        assert (count(Person), count(Registration)) == (1, 0)


def test_a_link_for_a_new_password_is_used_by_one_of_many(app: Flask, people: Cast) -> None:
    with app.app_context():
        credentials.ask_reset(people.aigerim.email, Language.KK)
        token = db.session.scalars(db.select(OutboxMessage.content)).one()["token"]
    deeds = [lambda n=n: credentials.reset_password(token, f"other words for number {n}") for n in range(6)]
    assert at_once(app, deeds).count(Reason.LINK_EXPIRED) == 5


def test_one_agenda_is_imported_once_by_many(app: Flask) -> None:
    content = (
        b"Workshop\n\n09:30 - 10:30 Trees along the main street\n11:00 - 12:00 Winter maintenance of lanes\n"
    )
    built = draft(app)
    deeds = [lambda: import_agenda(OPERATOR, built.slug, content, "a.txt", Language.EN)] * 6
    assert at_once(app, deeds).count(Reason.AGENDA_IMPORTED_ALREADY) == 5
