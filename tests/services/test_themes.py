"""Themes of a consultation: making, merging, removing them, and putting them on comments."""

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.outcomes import Target
from consult.domain.people import GUEST, OPERATOR
from consult.domain.themes import THEMES_MOST, TITLE_LONGEST
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.outcomes import CommentTheme, OfficialPosition, Theme
from consult.queries.positions import position_for
from consult.queries.themes import theme_at, themes_of
from consult.services import outcomes, themes
from consult.services.themes import ThemeIn
from tests.support.cast import (
    Cast,
    closed_consultation,
    count,
    draft,
    open_consultation,
    published_comment,
    refusal,
    withheld_comment,
)
from tests.support.outcomes import POSITION, TREES, WATER, answered_consultation, theme

pytestmark = pytest.mark.usefixtures("installation")


def test_a_theme_is_put_on_comments_and_taken_off_again(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        keys = [published_comment(app, people.aigerim, built, body) for body in ("One tree.", "Two trees.")]
        trees = theme(built.id, TREES)
        official = people.moderator.actor
        assert themes.put_theme(official, built.id, trees, keys) == 2
        assert themes.put_theme(official, built.id, trees, keys) == 0
        assert [card.comments for card in themes_of(built.id)] == [2]
        assert themes.take_theme(official, built.id, trees, keys[:1]) == 1
        assert [card.comments for card in themes_of(built.id)] == [1]
        acts = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id.desc()).limit(3)).all()
        assert acts == [Act.THEME_TAKEN, Act.THEME_PUT, Act.THEME_ADDED]


def test_a_theme_needs_titles_in_kazakh_and_russian(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        official = people.moderator.actor
        only_english = ThemeIn({Language.EN: "Trees"})
        assert refusal(lambda: themes.add_theme(official, built.id, only_english)) is Reason.TITLE_MISSING
        long = ThemeIn({Language.KK: "а" * (TITLE_LONGEST + 1), Language.RU: "б"})
        assert refusal(lambda: themes.add_theme(official, built.id, long)) is Reason.TEXT_TOO_LONG
        assert count(Theme) == 0


def test_an_edit_from_an_old_page_is_refused(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        trees = theme(built.id, TREES)
        themes.edit_theme(people.moderator.actor, built.id, trees, 1, WATER)
        late = refusal(lambda: themes.edit_theme(people.other_official.actor, built.id, trees, 1, TREES))
        assert late is Reason.VERSION_CONFLICT
        assert theme_at(built.id, trees).titles == dict(WATER.titles)


def test_merging_moves_comments_and_the_position(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        both = published_comment(app, people.aigerim, built, "Trees and water.")
        one = published_comment(app, people.dauren, built, "Only water.")
        trees, water = theme(built.id, TREES), theme(built.id, WATER)
        official = people.moderator.actor
        themes.put_theme(official, built.id, trees, [both])
        themes.put_theme(official, built.id, water, [both, one])
        outcomes.give_position(official, built.id, Target(theme_id=water), POSITION)
        themes.merge_themes(official, built.id, water, trees)
        assert [(card.id, card.comments) for card in themes_of(built.id)] == [(trees, 2)]
        moved = position_for(built.id, Target(theme_id=trees))
        assert moved is not None
        assert moved.reasons == dict(POSITION.reasons)


def test_of_two_positions_that_of_the_theme_that_stays_counts(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        trees, water = theme(built.id, TREES), theme(built.id, WATER)
        official = people.moderator.actor
        for key in (trees, water):
            outcomes.give_position(official, built.id, Target(theme_id=key), POSITION)
        themes.merge_themes(official, built.id, water, trees)
        assert count(OfficialPosition) == 1
        assert position_for(built.id, Target(theme_id=trees)) is not None
        into_itself = refusal(lambda: themes.merge_themes(official, built.id, trees, trees))
        assert into_itself is Reason.NOT_FOUND


def test_a_theme_that_comments_have_is_not_removed(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        trees = theme(built.id, TREES)
        official = people.moderator.actor
        themes.put_theme(official, built.id, trees, [key])
        with pytest.raises(Refused) as refused:
            themes.remove_theme(official, built.id, trees)
        assert (refused.value.reason, refused.value.details) == (Reason.THEME_IN_USE, {"comments": 1})
        themes.take_theme(official, built.id, trees, [key])
        themes.remove_theme(official, built.id, trees)
        assert count(Theme) == 0
        assert count(CommentTheme) == 0


def test_only_published_comments_of_the_same_consultation_get_a_theme(app: Flask, people: Cast) -> None:
    with app.app_context():
        built, other = open_consultation(app), open_consultation(app, slug="other-street")
        elsewhere = published_comment(app, people.aigerim, other)
        withheld = withheld_comment(app, people.aigerim, built)
        trees = theme(built.id, TREES)
        official = people.moderator.actor
        for keys in ([elsewhere], [withheld], [], [2**62]):
            put = refusal(lambda keys=keys: themes.put_theme(official, built.id, trees, keys))  # type: ignore[misc]
            assert put is Reason.NOTHING_CHOSEN
        foreign = refusal(lambda: themes.put_theme(official, other.id, trees, [elsewhere]))
        assert foreign is Reason.NOT_FOUND


def test_once_the_outcome_is_published_themes_are_added_but_not_taken_apart(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = answered_consultation(app, people)
        official = people.moderator.actor
        late = theme(built.id, WATER)
        assert themes.put_theme(official, built.id, late, [built.comments[0]]) == 1
        for deed in (
            lambda: themes.take_theme(official, built.id, late, [built.comments[0]]),
            lambda: themes.remove_theme(official, built.id, late),
            lambda: themes.merge_themes(official, built.id, late, built.theme),
        ):
            assert refusal(deed) is Reason.STATE_FORBIDS


def test_there_is_a_most_of_themes(app: Flask) -> None:
    with app.app_context():
        built = closed_consultation(app)
        db.session.add_all(Theme(consultation_id=built.id, version=1) for _ in range(THEMES_MOST))
        db.session.commit()
        assert refusal(lambda: themes.add_theme(OPERATOR, built.id, TREES)) is Reason.THEME_LIMIT


def test_a_draft_takes_no_themes(app: Flask) -> None:
    with app.app_context():
        built = draft(app)
        assert refusal(lambda: themes.add_theme(OPERATOR, built.id, TREES)) is Reason.STATE_FORBIDS


def test_a_stranger_may_do_nothing_with_themes(app: Flask, people: Cast) -> None:
    with app.app_context():
        built = open_consultation(app)
        key = published_comment(app, people.aigerim, built)
        trees = theme(built.id, TREES)
        for actor, reason in ((people.dauren.actor, Reason.NOT_PERMITTED), (GUEST, Reason.SIGN_IN_NEEDED)):
            for deed in (
                lambda actor=actor: themes.add_theme(actor, built.id, WATER),
                lambda actor=actor: themes.edit_theme(actor, built.id, trees, 1, WATER),
                lambda actor=actor: themes.merge_themes(actor, built.id, trees, trees),
                lambda actor=actor: themes.remove_theme(actor, built.id, trees),
                lambda actor=actor: themes.put_theme(actor, built.id, trees, [key]),
                lambda actor=actor: themes.take_theme(actor, built.id, trees, [key]),
            ):
                assert refusal(deed) is reason
        assert [card.comments for card in themes_of(built.id)] == [0]
