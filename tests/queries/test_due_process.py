"""The public log and figures of moderation, and the rules of a consultation."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.appeals import Verdict
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.moderation import RULES
from consult.domain.moderation_log import Step
from consult.domain.moderation_statistics import Dimension, Table
from consult.domain.people import OPERATOR
from consult.models.base import db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.rules import ConsultationRule
from consult.queries import moderation_log as log
from consult.queries.moderation_log import moderation_log, whole_log
from consult.queries.moderation_statistics import tables_of, tables_of_all
from consult.queries.rules import rules_of
from consult.services import moderation
from consult.services.appeals import Decision, decide_appeal, lodge_appeal
from tests.queries.conftest import Statements
from tests.support.cast import Built, Cast, comment, draft, open_consultation

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


def appealed_and_reversed(app: Flask, people: Cast, built: Built) -> int:
    key = comment(app, people.aigerim, built, "It is only criticism.")
    moderation.withhold_comment(people.moderator.actor, key, "insult", "It insults.")
    number = lodge_appeal(people.aigerim.actor, key, "It does not.")
    decide_appeal(people.other_official.actor, number, Decision(Verdict.OVERTURNED, "It does not."))
    return key


def test_the_log_tells_every_step_and_nobody(app: Flask, people: Cast, built: Built) -> None:
    appealed_and_reversed(app, people, built)
    lines = moderation_log(built.id).lines
    assert [line.step for line in lines] == [Step.OVERTURNED, Step.RESTORE, Step.APPEAL, Step.WITHHOLD]
    withholding = lines[-1].id
    assert [line.appeal_of for line in lines] == [withholding, withholding, withholding, None]
    assert [line.rule for line in lines] == ["insult", None, "insult", "insult"]
    assert {line.language for line in lines} == {Language.EN}
    assert [line.id for line in whole_log(built.id)] == sorted(line.id for line in lines)


def test_the_log_is_read_in_pages_that_hold_every_line_once(
    app: Flask, people: Cast, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAGE", 3)
    for _ in range(2):
        appealed_and_reversed(app, people, built)
    other = open_consultation(app, slug="other")
    appealed_and_reversed(app, people, other)
    seen: list[int] = []
    before: int | None = None
    while True:
        page = moderation_log(built.id, before=before)
        seen += [line.id for line in page.lines]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted((line.id for line in whole_log(built.id)), reverse=True)
    assert len(seen) == 8


def test_a_page_of_the_log_is_one_statement(
    app: Flask, people: Cast, built: Built, statements: Statements
) -> None:
    appealed_and_reversed(app, people, built)
    assert statements(lambda: moderation_log(built.id)) == 1


def test_what_was_undone_is_named_so(app: Flask, people: Cast, built: Built) -> None:
    key = comment(app, people.aigerim, built)
    moderation.withhold_comment(people.moderator.actor, key, "insult", "Rude.")
    deed = db.session.scalars(db.select(ModerationAct.deed_id)).one()
    assert deed is not None
    moderation.undo(people.moderator.actor, deed)
    lines = moderation_log(built.id).lines
    assert [(line.step, line.is_undone) for line in lines] == [(Step.UNDO, False), (Step.WITHHOLD, True)]


def table(tables: tuple[Table, ...], dimension: Dimension) -> Table:
    return next(each for each in tables if each.dimension is dimension)


def test_figures_count_what_was_done(app: Flask, people: Cast, built: Built) -> None:
    keys = [comment(app, people.aigerim, built, f"Comment {number}.") for number in range(5)]
    for key in keys[:3]:
        moderation.publish_comment(OPERATOR, key)
    moderation.withhold_comment(people.moderator.actor, keys[3], "hate", "Hate.")
    appealed_and_reversed(app, people, built)
    with transaction():
        for hours, key in enumerate(keys[:4]):
            moment = db.session.scalars(db.select(Comment.submitted_at).filter_by(id=key)).one()
            change = sa.update(ModerationAct).where(ModerationAct.comment_id == key)
            db.session.execute(change.values(acted_at=moment + timedelta(hours=hours)))
    for tables in (tables_of(built.id, 1), tables_of_all(1)):
        (row,) = table(tables, Dimension.LANGUAGE).rows
        cells = row.cells
        assert row.category == "en"
        assert (cells.received, cells.decided, cells.withheld) == (6, 5, 1)
        assert (cells.appeals, cells.reversed) == (1, 1)
        assert cells.median_hours == pytest.approx(1, abs=0.01)
        by_rule = {each.category: each.cells for each in table(tables, Dimension.RULE).rows}
        assert {rule: (each.received, each.withheld, each.reversed) for rule, each in by_rule.items()} == {
            "hate": (1, 1, 0), "insult": (1, 0, 1),
        }  # fmt: skip
        assert by_rule["hate"].median_hours == pytest.approx(3, abs=0.01)
        (month,) = table(tables, Dimension.MONTH).rows
        assert month.category == row_month(keys[0])


def row_month(key: int) -> str:
    moment = db.session.scalars(db.select(Comment.submitted_at).filter_by(id=key)).one()
    return f"{moment + timedelta(hours=5):%Y-%m}"


def test_figures_of_few_are_hidden(app: Flask, people: Cast, built: Built) -> None:
    appealed_and_reversed(app, people, built)
    for tables in (tables_of(built.id, 10), tables_of_all(10)):
        for each in tables:
            for cells in (each.total, *(row.cells for row in each.rows)):
                assert (cells.received, cells.decided, cells.appeals, cells.median_hours) == (None,) * 4


def test_what_nobody_else_reads_is_counted_nowhere(app: Flask, people: Cast) -> None:
    draft(app)
    assert all(each.rows == () for each in tables_of_all(1))


def test_the_rules_are_kept_from_the_opening_on(app: Flask, people: Cast, built: Built) -> None:
    assert [rule.code for rule in rules_of(built.id, Language.EN)] == list(RULES)
    with transaction():
        db.session.execute(sa.delete(ConsultationRule).where(ConsultationRule.code != "hate"))
    assert [rule.code for rule in rules_of(built.id, Language.EN)] == ["hate"]
    unopened = draft(app, slug="unopened")
    assert [rule.code for rule in rules_of(unopened.id, Language.EN)] == list(RULES)
