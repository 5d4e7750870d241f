"""Official positions and outcomes: what answers a comment, when an outcome may be published, corrections."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.outcomes import PART_LONGEST, Decision, OutcomePart, Target, Through
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.outbox import Announcement, OutboxMessage
from consult.models.outcomes import OfficialPosition, Outcome, PositionVersion
from consult.queries.outcomes import Coverage, coverage_of, outcome_versions, report_rows
from consult.queries.positions import position_for, positions_of, positions_on
from consult.services import comments, moderation, notices, outcomes, themes
from consult.services.comments import Words
from tests.services.test_at_once import at_once
from tests.support.cast import (
    Cast,
    close_by_clock,
    closed_consultation,
    comment,
    count,
    open_consultation,
    published_comment,
    refusal,
    withheld_comment,
)
from tests.support.outcomes import (
    NOTES,
    OTHER_POSITION,
    PARTS,
    POSITION,
    TREES,
    WATER,
    answered_consultation,
    theme,
    write_outcome,
)

pytestmark = pytest.mark.usefixtures("installation")


def decisions(consultation_id: int) -> dict[int, list[tuple[Decision, Through]]]:
    """What answers each published comment."""
    return {
        row.comment_id: [(given.position.decision, given.through) for given in row.positions]
        for row in report_rows(consultation_id, Language.EN)
    }


def make_alike(*keys: int) -> None:
    """Let comments be near-duplicates of the first, whatever they say."""
    with transaction():
        db.session.execute(sa.update(Comment).where(Comment.id.in_(keys)).values(alike_id=keys[0]))


def test_a_comments_own_position_comes_before_that_of_its_theme_and_group(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        keys = [published_comment(app, people.aigerim, built, f"Tree {number}.") for number in range(4)]
        make_alike(*keys[:3])
        official = people.moderator.actor
        trees = theme(built.id)
        themes.put_theme(official, built.id, trees, keys[:2])
        noted, outside = replace(POSITION, decision="noted"), replace(POSITION, decision="outside_powers")
        outcomes.give_position(official, built.id, Target(alike_id=keys[0]), outside)
        outcomes.give_position(official, built.id, Target(theme_id=trees), POSITION)
        outcomes.give_position(official, built.id, Target(comment_id=keys[0]), noted)
        assert decisions(built.id) == {
            keys[0]: [(Decision.NOTED, Through.COMMENT)],
            keys[1]: [(Decision.ACCEPTED, Through.THEME)],
            keys[2]: [(Decision.OUTSIDE_POWERS, Through.GROUP)],
            keys[3]: [],
        }
        assert coverage_of(built.id) == Coverage(answered=3, unanswered=1)
        shown = positions_on(built.id, keys)
        assert {key: [each.through for each in some] for key, some in shown.items()} == {
            keys[0]: [Through.COMMENT],
            keys[1]: [Through.THEME],
            keys[2]: [Through.GROUP],
        }


def test_all_themes_of_a_comment_answer_it_in_their_order(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        first, second = theme(built.id, TREES), theme(built.id, WATER)
        for each, position in ((second, OTHER_POSITION), (first, POSITION)):
            themes.put_theme(OPERATOR, built.id, each, [key])
            outcomes.give_position(OPERATOR, built.id, Target(theme_id=each), position)
        row = next(iter(report_rows(built.id, Language.RU)))
        assert [given.theme_id for given in row.positions] == [first, second]
        assert row.decision is Decision.ACCEPTED
        assert [given.position.reason(Language.EN).is_fallback for given in row.positions] == [False, True]


def test_a_reply_is_answered_with_the_comment_it_stands_under_while_that_is_published(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        reply = published_comment(app, people.dauren, built, "And who waters them?", reply_to=key)
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=key), POSITION)
        assert decisions(built.id)[reply] == [(Decision.ACCEPTED, Through.THREAD)]
        assert coverage_of(built.id).is_whole
        moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
        assert decisions(built.id) == {reply: []}
        assert coverage_of(built.id) == Coverage(answered=0, unanswered=1)


def test_what_officials_write_themselves_asks_for_no_answer(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        comments.submit_reply(people.moderator.actor, built.id, key, Words("Thank you.", Language.EN))
        comment(app, people.moderator, built, "An announcement.")
        assert coverage_of(built.id) == Coverage(answered=0, unanswered=1)


def test_every_change_is_a_version_and_an_old_page_changes_nothing(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        target = Target(comment_id=published_comment(app, people.aigerim, built))
        give = outcomes.give_position
        assert give(people.moderator.actor, built.id, target, POSITION) == 1
        late = refusal(lambda: give(people.other_official.actor, built.id, target, OTHER_POSITION))
        assert late is Reason.VERSION_CONFLICT
        assert give(people.other_official.actor, built.id, target, OTHER_POSITION, version=1) == 2
        now = position_for(built.id, target)
        assert now is not None
        assert (now.version, now.decision, now.reasons) == (
            2,
            Decision.NOT_ACCEPTED,
            dict(OTHER_POSITION.reasons),
        )
        deciders = db.session.scalars(db.select(PositionVersion.decided_by).order_by(PositionVersion.number))
        assert deciders.all() == [people.moderator.id, people.other_official.id]


def test_the_responsible_body_is_that_of_the_consultation_unless_another_is_named(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        target = Target(comment_id=published_comment(app, people.aigerim, built))
        outcomes.give_position(OPERATOR, built.id, target, POSITION)
        parks = replace(POSITION, authorities={Language.RU: "Управление парков"})
        outcomes.give_position(OPERATOR, built.id, target, parks, version=1)
        position = position_for(built.id, target)
        assert position is not None
        assert position.authority(Language.RU).text == "Управление парков"
        assert position.authority(Language.EN).text == "City hall"


@pytest.mark.parametrize(
    ("position", "reason"),
    [
        (replace(POSITION, decision="perhaps"), Reason.DECISION_MISSING),
        (replace(POSITION, reasons={Language.RU: "Да."}), Reason.REASON_MISSING),
        (replace(POSITION, reasons={**POSITION.reasons, Language.KK: " \u200b "}), Reason.REASON_MISSING),
        (replace(POSITION, reasons={**POSITION.reasons, Language.EN: "x" * 5_001}), Reason.TEXT_TOO_LONG),
        (replace(POSITION, authorities={Language.EN: "x" * 301}), Reason.TEXT_TOO_LONG),
    ],
)
def test_an_incomplete_position_is_refused(
    app: Flask, people: Cast, position: outcomes.PositionIn, reason: Reason
) -> None:
    with app.app_context():
        built = open_consultation(app)
        target = Target(comment_id=published_comment(app, people.aigerim, built))
        given = refusal(lambda: outcomes.give_position(people.moderator.actor, built.id, target, position))
        assert given is reason
        assert count(OfficialPosition) == 0


def test_one_text_under_many_comments_is_counted(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        keys = [published_comment(app, people.aigerim, built, f"Tree {number}.") for number in range(3)]
        official = people.moderator.actor
        outcomes.give_position(official, built.id, Target(comment_id=keys[0]), OTHER_POSITION)
        assert outcomes.answer_comments(official, built.id, keys, POSITION) == 2
        shared = {
            row.comment_id: row.first.position.shared
            for row in report_rows(built.id, Language.EN)
            if row.first
        }
        assert shared == {keys[0]: 1, keys[1]: 2, keys[2]: 2}
        again = refusal(lambda: outcomes.answer_comments(official, built.id, keys, POSITION))
        assert again is Reason.NOTHING_CHOSEN


def test_a_position_is_taken_back_only_before_anybody_saw_it(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = answered_consultation(app, people)
        target = Target(comment_id=built.comments[1])
        seen = refusal(lambda: outcomes.remove_position(OPERATOR, built.id, target, 1))
        assert seen is Reason.STATE_FORBIDS
        other = open_consultation(app, slug="other-street")
        target = Target(comment_id=published_comment(app, people.aigerim, other))
        outcomes.give_position(OPERATOR, other.id, target, POSITION)
        assert (
            refusal(lambda: outcomes.remove_position(OPERATOR, other.id, target, 2))
            is Reason.VERSION_CONFLICT
        )
        outcomes.remove_position(OPERATOR, other.id, target, 1)
        assert position_for(other.id, target) is None
        assert refusal(lambda: outcomes.remove_position(OPERATOR, other.id, target, 1)) is Reason.NOT_FOUND


def test_nothing_of_another_consultation_and_nothing_held_back_is_answered(app: Flask, people: Cast) -> None:
    with app.app_context():
        built, other = open_consultation(app), open_consultation(app, slug="other-street")
        elsewhere, held = (
            published_comment(app, people.aigerim, other),
            withheld_comment(app, people.dauren, built),
        )
        foreign_theme = theme(other.id)
        for target, reason in (
            (Target(comment_id=elsewhere), Reason.NOT_FOUND),
            (Target(theme_id=foreign_theme), Reason.NOT_FOUND),
            (Target(alike_id=elsewhere), Reason.NOT_FOUND),
            (Target(), Reason.NOT_FOUND),
            (Target(comment_id=held), Reason.COMMENT_NOT_PUBLISHED),
        ):
            given = refusal(
                lambda target=target: outcomes.give_position(OPERATOR, built.id, target, POSITION)  # type: ignore[misc]
            )
            assert given is reason
        both = refusal(lambda: outcomes.answer_comments(OPERATOR, built.id, [elsewhere, held], POSITION))
        assert both is Reason.NOTHING_CHOSEN


def test_an_outcome_is_published_only_when_every_published_comment_is_answered(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        keys = [published_comment(app, people.aigerim, built, f"Tree {number}.") for number in range(2)]
        withheld_comment(app, people.dauren, built)
        official = people.moderator.actor
        open_still = refusal(lambda: outcomes.publish_outcome(official, built.id))
        assert open_still is Reason.CLOSING_NOT_REACHED
        close_by_clock(app, built)
        with pytest.raises(Refused) as refused:
            outcomes.publish_outcome(official, built.id)
        assert refused.value.reason is Reason.OUTCOME_INCOMPLETE
        assert refused.value.details == {"unanswered": 2, "lacking": ["kk", "ru"]}
        write_outcome(built.id)
        outcomes.give_position(official, built.id, Target(comment_id=keys[0]), POSITION)
        with pytest.raises(Refused) as refused:
            outcomes.publish_outcome(official, built.id)
        assert refused.value.details == {"unanswered": 1, "lacking": []}
        assert db.session.get_one(Consultation, built.id).stage is Stage.PUBLISHED
        outcomes.give_position(official, built.id, Target(comment_id=keys[1]), POSITION)
        outcomes.publish_outcome(official, built.id)
        row = db.session.get_one(Consultation, built.id)
        assert row.stage is Stage.ANSWERED
        assert row.answer_published_on is not None
        twice = refusal(lambda: outcomes.publish_outcome(official, built.id))
        assert twice is Reason.STATE_FORBIDS


def test_the_outcome_is_announced_once_to_those_who_took_part(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = answered_consultation(app, people)
        kinds = db.session.scalars(db.select(Announcement.kind).filter_by(consultation_id=built.id)).all()
        assert kinds == [Kind.OUTCOME_PUBLISHED.value]
        while notices.tell_some():
            pass
        told = db.session.scalars(
            db.select(OutboxMessage.person_id)
            .filter_by(kind=Kind.OUTCOME_PUBLISHED.value)
            .order_by(OutboxMessage.person_id)
        ).all()
        assert told == [people.aigerim.id, people.dauren.id]


def test_an_outcome_can_be_written_over_until_it_is_published(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = closed_consultation(app)
        official = people.moderator.actor
        outcomes.save_outcome(official, built.id, 0, {OutcomePart.DID: {Language.RU: "Посадим."}})
        late = refusal(lambda: outcomes.save_outcome(people.other_official.actor, built.id, 0, PARTS))
        assert late is Reason.VERSION_CONFLICT
        outcomes.save_outcome(official, built.id, 1, PARTS)
        versions = outcome_versions(built.id)
        assert [(version.number, version.edits, version.published_at) for version in versions] == [
            (1, 2, None)
        ]
        assert versions[0].parts == PARTS
        too_long = {OutcomePart.DID: {Language.RU: "x" * (PART_LONGEST + 1)}}
        long = refusal(lambda: outcomes.save_outcome(official, built.id, 2, too_long))
        assert long is Reason.TEXT_TOO_LONG


def test_after_publication_a_change_is_a_version_that_says_what_it_corrects(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = answered_consultation(app, people)
        target = Target(theme_id=built.theme)
        give = outcomes.give_position
        silent = refusal(lambda: give(OPERATOR, built.id, target, OTHER_POSITION, version=1))
        assert silent is Reason.NOTE_MISSING
        give(OPERATOR, built.id, target, replace(OTHER_POSITION, notes=NOTES), version=1)
        position = position_for(built.id, target)
        assert position is not None
        assert (position.decision, position.notes) == (Decision.NOT_ACCEPTED, NOTES)
        assert refusal(lambda: outcomes.save_outcome(OPERATOR, built.id, 1, PARTS)) is Reason.NOTE_MISSING
        halves = {OutcomePart.DID: PARTS[OutcomePart.DID]}
        half = refusal(lambda: outcomes.save_outcome(OPERATOR, built.id, 1, halves, notes=NOTES))
        assert half is Reason.OUTCOME_INCOMPLETE
        outcomes.save_outcome(OPERATOR, built.id, 1, PARTS, notes=NOTES)
        newest, first = outcome_versions(built.id)
        assert (newest.number, newest.notes, first.number, first.notes) == (2, NOTES, 1, {})
        assert newest.published_at is not None
        assert db.session.scalar(db.select(Consultation.stage).filter_by(id=built.id)) is Stage.ANSWERED


def test_a_comment_that_appears_after_publication_gets_its_position_without_a_note(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        built = open_consultation(app)
        held = withheld_comment(app, people.dauren, built)
        write_outcome(built.id)
        close_by_clock(app, built)
        outcomes.publish_outcome(OPERATOR, built.id)
        moderation.restore_comment(OPERATOR, held)
        assert coverage_of(built.id) == Coverage(answered=0, unanswered=1)
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=held), POSITION)
        assert coverage_of(built.id).is_whole


def test_a_consultation_without_comments_can_be_answered(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = closed_consultation(app)
        write_outcome(built.id)
        outcomes.publish_outcome(people.moderator.actor, built.id)
        assert positions_of(built.id).of(1) == ()
        assert list(report_rows(built.id, Language.KK)) == []


def test_every_deed_stands_in_the_log(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = answered_consultation(app, people)
        acts = set(db.session.scalars(db.select(AuditEntry.act).filter_by(consultation_id=built.id)))
        assert {Act.POSITION_GIVEN, Act.OUTCOME_SAVED, Act.OUTCOME_PUBLISHED, Act.THEME_PUT} <= acts


def test_a_stranger_may_not_answer(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        target = Target(comment_id=key)
        for actor, reason in ((people.aigerim.actor, Reason.NOT_PERMITTED), (GUEST, Reason.SIGN_IN_NEEDED)):
            for deed in (
                lambda actor=actor: outcomes.give_position(actor, built.id, target, POSITION),
                lambda actor=actor: outcomes.answer_comments(actor, built.id, [key], POSITION),
                lambda actor=actor: outcomes.remove_position(actor, built.id, target, 1),
                lambda actor=actor: outcomes.save_outcome(actor, built.id, 0, PARTS),
                lambda actor=actor: outcomes.publish_outcome(actor, built.id),
            ):
                assert refusal(deed) is reason
        assert count(OfficialPosition) == 0
        assert count(Outcome) == 0


def test_of_two_officials_who_answer_at_once_one_is_told_of_the_other(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    for turn in range(4):
        target = Target(comment_id=published_comment(app, people.aigerim, built, f"Tree {turn}."))
        deeds = [
            partial(outcomes.give_position, by.actor, built.id, target, position)
            for by, position in (
                (people.moderator, POSITION),
                (people.other_official, OTHER_POSITION),
                (people.administrator, POSITION),
            )
        ]
        answers = at_once(app, deeds)
        assert sorted(map(str, answers)) == ["1", *[str(Reason.VERSION_CONFLICT)] * 2]
        with app.app_context():
            kept = position_for(built.id, target)
            assert kept is not None
            assert kept.version == 1


def test_an_outcome_is_published_once_however_many_press_the_button(app: Flask, people: Cast) -> None:
    built = closed_consultation(app)
    with app.app_context():
        write_outcome(built.id)
    officials = (people.moderator, people.other_official, people.administrator)
    answers = at_once(app, [partial(outcomes.publish_outcome, by.actor, built.id) for by in officials])
    assert sorted(map(str, answers)) == ["None", *[str(Reason.STATE_FORBIDS)] * 2]
    with app.app_context():
        assert count(Announcement) == 1
