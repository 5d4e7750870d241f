"""Appeals: lodged once and in time by the author, decided by somebody else, carried out and told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.appeals import APPEAL_WITHIN, WORDS_LONGEST, Verdict
from consult.domain.audit import Act
from consult.domain.comments import CommentState, Move
from consult.domain.errors import Reason, Refused
from consult.domain.holdings import Farewell
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Duty
from consult.models.appeals import Appeal
from consult.models.audit import AuditEntry
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.models.search import SearchEntry
from consult.queries.appeals import case_at, list_appeals, waiting_count, without_decider
from consult.queries.own_appeals import own_appeals, own_case
from consult.services import moderation, own_comments
from consult.services.appeals import Decision, decide_appeal, lodge_appeal
from consult.services.erasure import erase_account
from consult.services.exports import export_consultation
from tests.services.test_at_once import at_once
from tests.support.cast import (
    PASSWORD,
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    comment_state,
    count,
    open_consultation,
    refusal,
)
from tests.support.export_rows import read_csv

pytestmark = pytest.mark.usefixtures("inside")
UPHELD = Decision(Verdict.UPHELD, "It names a neighbour.")
OVERTURNED = Decision(Verdict.OVERTURNED, "It is hard criticism, and that is welcome.")
PARTLY = Decision(Verdict.PARTLY, "Only the name goes.", "The street needs […].")


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app)


@pytest.fixture
def withheld(app: Flask, people: Cast, built: Built) -> int:
    """A comment of Aigerim's that the moderator has withheld."""
    key = comment(app, people.aigerim, built, "The street needs Askar.")
    moderation.withhold_comment(people.moderator.actor, key, "insult", "It insults.")
    return key


def appealed(people: Cast, key: int) -> int:
    return lodge_appeal(people.aigerim.actor, key, "It is only criticism.")


def kept(appeal_id: int) -> Appeal:
    db.session.rollback()
    row: Appeal = db.session.scalars(
        db.select(Appeal).filter_by(id=appeal_id).execution_options(populate_existing=True)
    ).one()
    return row


def row_of(key: int) -> Comment:
    db.session.rollback()
    row: Comment = db.session.scalars(
        db.select(Comment).filter_by(id=key).execution_options(populate_existing=True)
    ).one()
    return row


def log_of(*acts: Act) -> list[AuditEntry]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(AuditEntry).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.id))
    )


def test_an_appeal_is_kept_with_its_number_and_a_line_in_the_log(people: Cast, withheld: int) -> None:
    number = lodge_appeal(people.aigerim.actor, withheld, "  It is only\r\ncriticism.\0 ")
    row = kept(number)
    assert (row.words, row.comment_id, row.person_id, row.verdict) == (
        "It is only\ncriticism.", withheld, people.aigerim.id, None,
    )  # fmt: skip
    (line,) = log_of(Act.APPEAL_LODGED)
    assert (line.thing_id, line.detail) == (withheld, {"appeal": number, "rule": "insult"})
    assert own_appeals(people.aigerim.actor, [withheld])[withheld].id == number


def test_only_its_author_appeals(people: Cast, withheld: int) -> None:
    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.dauren.actor, Reason.NOT_FOUND),
        (people.moderator.actor, Reason.NOT_FOUND),
    ):
        assert refusal(lambda a=actor: lodge_appeal(a, withheld, "No.")) is reason  # type: ignore[misc]
        assert refusal(lambda a=actor: own_case(a, withheld, Language.EN)) is reason  # type: ignore[misc]
    assert refusal(lambda: lodge_appeal(people.aigerim.actor, 404, "No.")) is Reason.NOT_FOUND
    assert count(Appeal) == 0


def test_an_appeal_is_words_within_the_limit(people: Cast, withheld: int) -> None:
    for words, reason in (
        (" \n\0", Reason.REASON_MISSING),
        ("x" * (WORDS_LONGEST + 1), Reason.TEXT_TOO_LONG),
    ):
        assert refusal(lambda w=words: lodge_appeal(people.aigerim.actor, withheld, w)) is reason  # type: ignore[misc]
    assert lodge_appeal(people.aigerim.actor, withheld, "x" * WORDS_LONGEST)


def test_a_decision_is_appealed_once_but_a_new_one_anew(people: Cast, withheld: int) -> None:
    appealed(people, withheld)
    assert refusal(lambda: appealed(people, withheld)) is Reason.APPEALED_ALREADY
    moderation.withhold_comment(people.moderator.actor, withheld, "hate", "Another ground.")
    assert own_case(people.aigerim.actor, withheld, Language.EN).why_not is None
    appealed(people, withheld)
    assert count(Appeal) == 2


def test_two_appeals_at_once_are_one(app: Flask, people: Cast, withheld: int) -> None:
    answers = at_once(app, [lambda: appealed(people, withheld)] * 4)
    assert sorted(map(str, answers))[-3:] == [Reason.APPEALED_ALREADY.value] * 3
    assert count(Appeal) == 1


def test_there_is_nothing_to_appeal_while_nothing_is_withheld(
    app: Flask, people: Cast, built: Built, withheld: int
) -> None:
    shown = comment(app, people.aigerim, built, "Trees.")
    assert refusal(lambda: appealed(people, shown)) is Reason.NOTHING_TO_APPEAL
    moderation.restore_comment(people.moderator.actor, withheld)
    assert refusal(lambda: appealed(people, withheld)) is Reason.NOTHING_TO_APPEAL


@pytest.mark.parametrize(("late", "is_taken"), [(timedelta(minutes=-1), True), (timedelta(seconds=1), False)])
def test_an_appeal_has_thirty_days(people: Cast, withheld: int, late: timedelta, *, is_taken: bool) -> None:
    with transaction():
        acted_at = now_in_database() - APPEAL_WITHIN - late
        db.session.execute(sa.update(ModerationAct).values(acted_at=acted_at))
    if is_taken:
        assert appealed(people, withheld)
    else:
        assert refusal(lambda: appealed(people, withheld)) is Reason.APPEAL_TOO_LATE


def test_closing_ends_neither_appeals_nor_their_decision(
    app: Flask, people: Cast, built: Built, withheld: int
) -> None:
    close_by_clock(app, built)
    decide_appeal(people.other_official.actor, appealed(people, withheld), OVERTURNED)
    assert comment_state(app, withheld) is CommentState.PUBLISHED


def test_an_overturned_decision_restores_the_comment_and_tells_its_author(
    people: Cast, withheld: int
) -> None:
    number = appealed(people, withheld)
    before = row_of(withheld).version
    decide_appeal(people.other_official.actor, number, OVERTURNED)
    row, appeal = row_of(withheld), kept(number)
    assert (row.state, row.publication_rule, row.publication_reason) == (CommentState.PUBLISHED, None, "")
    assert row.version == before + 1
    act = db.session.scalars(db.select(ModerationAct).filter_by(id=appeal.outcome_id)).one()
    assert (act.move, act.before, act.after) == (
        Move.RESTORE, CommentState.WITHHELD, CommentState.PUBLISHED,
    )  # fmt: skip
    assert act.actor_id == appeal.decided_by == people.other_official.id
    assert (appeal.verdict, appeal.reason, appeal.reason_language) == (
        Verdict.OVERTURNED, OVERTURNED.reason, Language.KK,
    )  # fmt: skip
    assert len({appeal.id, appeal.decision_id, appeal.act_id, appeal.outcome_id}) == 4
    restored, decided = log_of(Act.COMMENT_RESTORED, Act.APPEAL_DECIDED)
    assert restored.detail["appeal"] == decided.detail["appeal"] == number
    assert decided.detail["verdict"] == "overturned"
    letter = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    assert (letter.kind, letter.person_id, letter.content["appeal_id"]) == (
        "appeal_decided", people.aigerim.id, number,
    )  # fmt: skip
    found = db.session.scalars(db.select(SearchEntry.thing_id).filter_by(kind="comment")).all()
    assert withheld in found


def test_an_upheld_decision_changes_nothing_but_is_told(people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    before = row_of(withheld)
    version, acts = before.version, count(ModerationAct)
    decide_appeal(people.other_official.actor, number, UPHELD)
    after = row_of(withheld)
    assert (after.state, after.publication_rule, after.version) == (CommentState.WITHHELD, "insult", version)
    assert count(ModerationAct) == acts
    assert kept(number).outcome_id is None
    assert [line.detail["verdict"] for line in log_of(Act.APPEAL_DECIDED)] == ["upheld"]


def test_a_part_reversal_publishes_what_is_left_and_ends_there(people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    decide_appeal(people.other_official.actor, number, PARTLY)
    row = row_of(withheld)
    assert (row.state, row.redacted_body, row.body) == (
        CommentState.PUBLISHED, PARTLY.body, "The street needs Askar.",
    )  # fmt: skip
    assert (row.publication_rule, row.publication_reason) == ("insult", PARTLY.reason)
    assert refusal(lambda: appealed(people, withheld)) is Reason.APPEAL_FINAL


def test_a_redaction_is_appealed_and_taken_back(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built, "Call 87011234567.")
    moderation.redact_comment(people.moderator.actor, key, "Call […].", "personal-data", "A number.")
    decide_appeal(people.other_official.actor, appealed(people, key), OVERTURNED)
    row = row_of(key)
    assert (row.redacted_body, row.publication_rule) == (None, None)


def test_a_restored_comment_keeps_the_redaction_from_before(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built, "Call 87011234567, fools.")
    moderation.redact_comment(people.moderator.actor, key, "Call […], fools.", "personal-data", "A number.")
    moderation.withhold_comment(people.moderator.actor, key, "insult", "Fools.")
    decide_appeal(people.other_official.actor, appealed(people, key), OVERTURNED)
    row = row_of(key)
    assert (row.redacted_body, row.publication_rule) == ("Call […], fools.", "personal-data")
    assert own_case(people.aigerim.actor, key, Language.EN).why_not is None


def test_nobody_decides_about_an_own_ruling_or_an_own_comment(
    app: Flask, people: Cast, built: Built, withheld: int
) -> None:
    number = appealed(people, withheld)
    decider = people.moderator.actor
    assert refusal(lambda: decide_appeal(decider, number, OVERTURNED)) is Reason.OWN_DECISION
    assert not case_at(decider, number, Language.EN).is_mine_to_decide
    (listed,) = list_appeals(decider, Language.EN).appeals
    assert not listed.is_mine_to_decide
    own = comment(app, people.other_official, built, "My own words.")
    moderation.withhold_comment(people.moderator.actor, own, "off-topic", "Elsewhere.")
    mine = lodge_appeal(people.other_official.actor, own, "No.")
    author = people.other_official.actor
    assert refusal(lambda: decide_appeal(author, mine, OVERTURNED)) is Reason.OWN_DECISION
    assert refusal(lambda: decide_appeal(OPERATOR, mine, OVERTURNED)) is Reason.OWN_DECISION
    decide_appeal(people.administrator.actor, mine, UPHELD)


def test_whoever_ruled_on_it_once_stays_out_of_it(people: Cast, withheld: int) -> None:
    moderation.withhold_comment(people.other_official.actor, withheld, "hate", "A better ground.")
    number = appealed(people, withheld)
    for member in (people.moderator, people.other_official):
        actor = member.actor
        assert refusal(lambda a=actor: decide_appeal(a, number, UPHELD)) is Reason.OWN_DECISION  # type: ignore[misc]
    decide_appeal(people.administrator.actor, number, UPHELD)


def test_strangers_neither_read_nor_decide_appeals(app: Flask, people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    elsewhere = open_consultation(app, slug="elsewhere")
    outside = replace(people.dauren.actor, duties=frozenset({(elsewhere.id, Duty.MODERATOR)}))
    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.aigerim.actor, Reason.NOT_PERMITTED),
        (people.dauren.actor, Reason.NOT_PERMITTED),
        (outside, Reason.NOT_PERMITTED),
    ):
        assert refusal(lambda a=actor: decide_appeal(a, number, UPHELD)) is reason  # type: ignore[misc]
        assert refusal(lambda a=actor: case_at(a, number, Language.EN)) is reason  # type: ignore[misc]
    assert list_appeals(outside, Language.EN).appeals == ()
    assert waiting_count(outside) == 0
    assert waiting_count(people.moderator.actor) == 1
    assert kept(number).verdict is None


def test_a_moderator_by_duty_decides_in_the_own_consultation(
    people: Cast, built: Built, withheld: int
) -> None:
    number = appealed(people, withheld)
    here = replace(people.dauren.actor, duties=frozenset({(built.id, Duty.MODERATOR)}))
    assert len(list_appeals(here, Language.EN).appeals) == 1
    decide_appeal(here, number, UPHELD)
    assert kept(number).decided_by == people.dauren.id


def test_of_two_deciders_at_once_one_is_told_what_the_other_decided(
    app: Flask, people: Cast, withheld: int
) -> None:
    number = appealed(people, withheld)

    def decide(member: Member, decision: Decision) -> str:
        try:
            decide_appeal(member.actor, number, decision)
        except Refused as refused:
            return f"{refused.reason} {refused.details['verdict']}"
        return decision.verdict.value

    answers = at_once(
        app, [lambda: decide(people.other_official, UPHELD), lambda: decide(people.administrator, OVERTURNED)]
    )
    verdict = kept(number).verdict
    assert verdict is not None
    assert sorted(map(str, answers)) == sorted([verdict.value, f"appeal_decided {verdict.value}"])
    is_shown = comment_state(app, withheld) is CommentState.PUBLISHED
    assert is_shown is (verdict is Verdict.OVERTURNED)


def test_a_decision_on_a_comment_that_changed_meanwhile_is_refused(people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    seen = case_at(people.other_official.actor, number, Language.EN).version
    moderation.withhold_comment(people.moderator.actor, withheld, "hate", "Another ground.")
    decision = replace(UPHELD, version=seen)
    deed = lambda: decide_appeal(people.other_official.actor, number, decision)  # noqa: E731
    assert refusal(deed) is Reason.VERSION_CONFLICT


def test_what_the_desk_took_back_itself_can_only_be_overturned(people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    moderation.restore_comment(people.moderator.actor, withheld)
    for decision in (UPHELD, PARTLY):
        deed = lambda d=decision: decide_appeal(people.other_official.actor, number, d)  # noqa: E731
        assert refusal(deed) is Reason.MOVE_NOT_ALLOWED
    acts = count(ModerationAct)
    decide_appeal(people.other_official.actor, number, OVERTURNED)
    assert count(ModerationAct) == acts


def test_an_appeal_about_what_its_author_withdrew_waits_no_more(
    app: Flask, people: Cast, built: Built
) -> None:
    key = comment(app, people.aigerim, built, "Call 87011234567.")
    moderation.redact_comment(people.moderator.actor, key, "Call […].", "personal-data", "A number.")
    number = appealed(people, key)
    assert waiting_count(people.other_official.actor) == 1
    own_comments.withdraw_comment(people.aigerim.actor, built.id, key)
    assert waiting_count(people.other_official.actor) == 0
    assert case_at(people.other_official.actor, number, Language.EN).is_moot
    deed = lambda: decide_appeal(people.other_official.actor, number, OVERTURNED)  # noqa: E731
    assert refusal(deed) is Reason.MOVE_NOT_ALLOWED


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (replace(UPHELD, reason=" "), Reason.REASON_MISSING),
        (replace(UPHELD, reason="x" * 1001), Reason.TEXT_TOO_LONG),
        (replace(PARTLY, body=" "), Reason.COMMENT_EMPTY),
    ],
)
def test_a_decision_without_words_leaves_nothing(
    people: Cast, withheld: int, decision: Decision, reason: Reason
) -> None:
    number = appealed(people, withheld)
    deed = lambda: decide_appeal(people.other_official.actor, number, decision)  # noqa: E731
    assert refusal(deed) is reason
    assert (kept(number).verdict, row_of(withheld).state) == (None, CommentState.WITHHELD)


def test_where_nobody_else_may_decide_it_is_said(people: Cast, withheld: int) -> None:
    number = appealed(people, withheld)
    assert case_at(people.moderator.actor, number, Language.EN).others == 2
    assert without_decider() == 0
    with transaction():
        db.session.execute(
            sa.update(Person)
            .where(Person.id.in_([people.other_official.id, people.administrator.id]))
            .values(is_active=False)
        )
    assert case_at(people.moderator.actor, number, Language.EN).others == 0
    assert without_decider() == 1


def exported(folder: Path, package: str, built: Built) -> list[dict[str, str]]:
    export_consultation(OPERATOR, built.slug, package=package, output=folder / package, smallest_group=10)
    return read_csv(folder / package / "moderation_log.csv")


def test_exports_hold_the_appeal_its_decision_and_the_reversal(
    people: Cast, built: Built, withheld: int, tmp_path: Path
) -> None:
    number = appealed(people, withheld)
    decide_appeal(people.other_official.actor, number, OVERTURNED)
    row = kept(number)
    for package in ("public", "restricted"):
        lines = exported(tmp_path, package, built)
        assert [(line["action"], line["actor_role"], line["appeal_of"]) for line in lines] == [
            ("withhold", "official", ""),
            ("appeal", "author", str(row.act_id)),
            ("restore", "official", str(row.act_id)),
            ("decide", "official", str(row.act_id)),
        ]
        assert [int(line["entry_id"]) for line in lines] == [
            row.act_id, row.id, row.outcome_id, row.decision_id,
        ]  # fmt: skip
        assert (lines[3]["before"], lines[3]["after"]) == ("withheld", "published")
        assert lines[1]["actor_ref"] == ""
        assert lines[3]["reason"] == ("" if package == "public" else OVERTURNED.reason)
        assert not any("It is only criticism." in value for line in lines for value in line.values())


def test_exports_tell_an_upheld_decision_by_the_unchanged_state(
    people: Cast, built: Built, withheld: int, tmp_path: Path
) -> None:
    decide_appeal(people.other_official.actor, appealed(people, withheld), UPHELD)
    decided = exported(tmp_path, "public", built)[-1]
    assert (decided["action"], decided["before"], decided["after"]) == ("decide", "withheld", "withheld")
    assert decided["rule"] == "insult"


def test_who_leaves_takes_the_words_of_an_appeal_along(people: Cast, withheld: int, tmp_path: Path) -> None:
    number = appealed(people, withheld)
    decide_appeal(people.other_official.actor, number, UPHELD)
    erase_account(
        people.aigerim.actor,
        password=PASSWORD,
        token="",
        confirmation=people.aigerim.email,
        farewell=Farewell.KEEP,
        instance=tmp_path,
    )
    row = kept(number)
    assert (row.words, row.reason, row.verdict) == ("", "", Verdict.UPHELD)
