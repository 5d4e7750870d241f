"""The demonstration's answered consultation shows how one ends: results, map, outcome, report, export."""

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.demo.answered import make_answered
from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.languages import Language
from consult.domain.opinion import Clarity
from consult.domain.outcomes import Decision
from consult.domain.people import GUEST, OPERATOR
from consult.domain.privacy import SMALLEST_GROUP
from consult.domain.results import Breakdown
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.queries.consultations import ConsultationView, consultation_at, figures
from consult.queries.opinion_results import map_cells, opinion_result
from consult.queries.outcomes import report_rows
from consult.queries.published_outcomes import published_outcome
from consult.queries.questions import questions_of
from consult.queries.results import Viewing, results_of
from consult.services.exports import export_consultation

WRITTEN: dict[str, Any] = json.loads(files("consult.demo").joinpath("answered.json").read_text("utf-8"))
IN_GROUPS = sorted(group["size"] for group in WRITTEN["groups"].values())
AS_EVERYBODY = Viewing(GUEST, SMALLEST_GROUP)


@pytest.fixture
def answered(app: Flask) -> ConsultationView:
    """The consultation alone, as a visitor finds it."""
    with app.app_context():
        for _ in make_answered(OPERATOR, WRITTEN):
            pass
        return consultation_at(GUEST, WRITTEN["slug"], Language.KK)


def test_it_is_answered_with_one_comment_withheld(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        counts = figures(answered.id)
        assert answered.state is State.ANSWERED
        assert counts.comments[CommentState.PUBLISHED] == len(WRITTEN["comments"]) - 1
        assert counts.comments[CommentState.WITHHELD] == 1
        assert counts.comments[CommentState.PENDING] == 0
        assert counts.participants == sum(IN_GROUPS)


def test_every_text_is_there_in_three_languages(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        for language in Language:
            assert not consultation_at(GUEST, answered.slug, language).title.is_fallback
            cards = questions_of(GUEST, answered.id, language)
            assert not any(card.text.is_fallback or card.topic.is_fallback for card in cards)
        (version,) = published_outcome(answered).versions
        assert all(set(texts) == set(Language) and all(texts.values()) for texts in version.parts.values())
    positions = [theme["position"] for theme in WRITTEN["themes"]] + WRITTEN["positions"]
    assert all(set(each["reason"]) == set(Language) for each in positions)


def test_the_groups_that_were_planted_are_found(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        found = opinion_result(AS_EVERYBODY, answered)
        assert found is not None
        assert (found.run.k, found.run.clarity) == (len(IN_GROUPS), Clarity.CLEAR)
        sizes = sorted(group.people or 0 for group in found.groups)
        assert all(abs(one - planted) < 10 for one, planted in zip(sizes, IN_GROUPS, strict=True))
        assert found.agreed
        assert found.opposed
        assert found.divisive
        assert {cell.number for cell in map_cells(AS_EVERYBODY, answered.id, found.run).cells} == {0, 1, 2}


def test_its_results_tell_who_took_part(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        results = results_of(AS_EVERYBODY, answered, Language.KK)
        told = {counted.by: counted for counted in (*results.people, *results.comments)}
        for by in (Breakdown.REGION, Breakdown.AGE_BAND, Breakdown.GENDER, Breakdown.LANGUAGE):
            assert all(count >= SMALLEST_GROUP for _, count in told[by].rows)
        assert len(told[Breakdown.REGION].rows) > 2
        assert told[Breakdown.REGION].withheld > 1  # a region of few people, and one that it hides behind
        assert told[Breakdown.LANGUAGE].together >= SMALLEST_GROUP
        (proposition,) = [each for each in results.questions if each.tally]
        assert proposition.tally
        assert proposition.tally.agree > SMALLEST_GROUP < proposition.tally.disagree


def test_every_published_comment_has_an_official_position(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        decisions = [row.decision for row in report_rows(answered.id, Language.KK)]
        assert len(decisions) == len(WRITTEN["comments"]) - 1
        assert set(decisions) == set(Decision)


def test_the_log_says_that_it_was_rehearsed(app: Flask, answered: ConsultationView) -> None:
    with app.app_context():
        acts = list(
            db.session.scalars(
                db.select(AuditEntry.act).filter_by(consultation_id=answered.id).order_by(AuditEntry.id)
            )
        )
    assert acts[0] is Act.CONSULTATION_CREATED
    assert Act.CONSULTATION_OPENED not in acts
    assert [acts.count(act) for act in (Act.CONSULTATION_REHEARSED, Act.COMMENT_WITHHELD)] == [1, 1]
    assert acts[-2:] == [Act.OUTCOME_PUBLISHED, Act.OPINION_COMPUTED]


def test_its_public_export_keeps_the_withheld_words_back(
    app: Flask, answered: ConsultationView, tmp_path: Path
) -> None:
    (withheld,) = [comment["body"] for comment in WRITTEN["comments"] if "rule" in comment]
    with app.app_context():
        export_consultation(
            OPERATOR,
            answered.slug,
            package="public",
            output=tmp_path / "out",
            smallest_group=SMALLEST_GROUP,
        )
    with (tmp_path / "out" / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["body"] for row in rows if row["publication"] == "withheld"] == [""]
    assert len(rows) == len(WRITTEN["comments"])
    assert not any(withheld in path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.csv"))
