"""Pages for answering a consultation: themes, positions, the outcome; and what citizens read of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.domain.outcomes import OutcomePart, Target
from consult.domain.people import OPERATOR
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.queries.freshness import freshness
from consult.queries.outcomes import coverage_of
from consult.queries.positions import position_for
from consult.queries.themes import themes_of
from consult.services import outcomes, themes
from tests.support.cast import (
    Cast,
    close_by_clock,
    make_cast,
    open_consultation,
    published_comment,
    within,
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
)
from tests.support.pages import Page
from tests.support.scenes import visitor

REASONS: dict[str, Any] = {"reason_kk": "Иә, күзде.", "reason_ru": "Да, осенью."}


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast(app)


def statements(app: Flask, deed: Callable[[], object]) -> int:
    """How many statements the database is sent meanwhile."""
    seen = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
        freshness().change()  # nothing that was read before may be shown again
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        deed()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def typed(page: Page, name: str) -> str:
    """What stands in the text field of this name."""
    return (page.select(f"textarea[name={name}]")[0].text or "").strip()


def items(page: Page) -> list[str]:
    """Numbers of the comments that an analysis lists."""
    return [tick.get("value", "") for tick in page.select("input[name=comment]")]


def test_an_official_answers_a_consultation_from_the_first_theme_to_the_published_outcome(
    app: Flask, cast: Cast
) -> None:
    built = open_consultation(app)
    keys = [published_comment(app, cast.aigerim, built, f"Tree number {number}.") for number in range(3)]
    official = visitor(app, cast.moderator)
    page = official.get("/en/o/answering")
    page = official.get(page.links["A green street"])
    assert "3 have none yet." in page.text
    page = official.get(page.links["Add, rename or merge themes"])
    page = official.submit(page, "/themes", title_kk="Ағаштар", title_ru="Деревья", title_en="Trees")
    assert "The theme is added." in page.text
    page = official.get(f"/en/o/consultations/{built.slug}/analysis?theme=none")
    ticked = [str(key) for key in keys[:2]]
    page = official.submit(page, "/mark", comment=ticked, act="put")
    assert "The theme is put on 2 comments." in page.text
    assert items(page) == [str(keys[2])], "the filter stays as it was"
    page = official.get(page.links["Answer the theme Trees"])
    page = official.submit(page, "/positions", decision="accepted", **REASONS)
    assert "2 published comments have an official position. 1 has none yet." in page.text
    page = official.get(page.links["1 has none yet."])
    assert items(page) == [str(keys[2])]
    page = official.get(page.links[f"Give a position {keys[2]}"])
    page = official.submit(page, "/positions", decision="noted", **REASONS)
    assert "Every published comment has an official position." in page.text
    page = official.get(page.links["Outcome"])
    texts: dict[str, Any] = {
        f"{part.value}_{code}": f"{part.value} {code}" for part in OutcomePart for code in ("kk", "ru")
    }
    page = official.submit(page, "/outcome", **texts)
    page = official.submit(page, "/outcome/publish", status=422)
    assert "It closes by itself" in page.error_summary[0]
    close_by_clock(app, built)
    page = official.submit(official.get(f"/en/o/consultations/{built.slug}/outcome"), "/outcome/publish")
    assert "The outcome is published." in page.text
    public = visitor(app).get(f"/kk/c/{built.slug}/outcome")
    assert {"asked kk", "said kk", "did kk", "Ағаштар"} <= set(public.texts("main p, main h3"))
    with app.app_context():
        assert db.session.get_one(Consultation, built.id).answer_published_on is not None


def test_the_outcome_is_refused_with_counts_while_comments_wait(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    for number in range(2):
        published_comment(app, cast.aigerim, built, f"Tree number {number}.")
    close_by_clock(app, built)
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/outcome")
    page = official.submit(page, "/outcome/publish", status=409)
    said = page.error_summary[0]
    assert "2 published comments have no official position yet." in said
    assert "All three parts of the outcome must be written in: Қазақша, Русский." in said
    assert "There is no answer yet." in visitor(app).get(f"/en/c/{built.slug}/outcome").text


def test_comments_are_found_by_question_language_and_words(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    kazakh = published_comment(app, cast.aigerim, built, "Ағаштар көп болсын.")
    english = published_comment(app, cast.dauren, built, "Benches near the fountain.", question=2)
    official = visitor(app, cast.moderator)
    start = f"/en/o/consultations/{built.slug}/analysis"
    for query, expected in (
        ("", [kazakh, english]),
        ("?question=2", [english]),
        ("?language=kk", [kazakh]),
        ("?q=fountain", [english]),
        ("?q=nowhere", []),
        ("?standing=answered", []),
        ("?theme=none&question=1", [kazakh]),
        ("?question=many&language=xx&standing=maybe&theme=-1&q=", [kazakh, english]),
    ):
        assert items(official.get(start + query)) == [str(key) for key in expected], query


def test_nothing_ticked_is_said_and_changes_nothing(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    published_comment(app, cast.aigerim, built)
    with within(app):
        theme(built.id)
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/analysis")
    for act in ("put", "take", "answer", ""):
        refused = official.submit(page, "/mark", status=422, act=act)
        assert "Tick at least one published comment" in refused.error_summary[0]


def test_a_conflict_keeps_the_words_and_shows_those_of_the_other(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, cast.aigerim, built)
    target = Target(comment_id=key)
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/positions?comment={key}")
    with within(app):
        outcomes.give_position(cast.other_official.actor, built.id, target, OTHER_POSITION)
    page = official.submit(page, "/positions", status=409, decision="accepted", **REASONS)
    assert "В бюджете нет денег." in page.text
    assert typed(page, "reason_ru") == "Да, осенью."
    assert [radio.get("value") for radio in page.select("input[name=decision][checked]")] == ["accepted"]
    with within(app):
        kept = position_for(built.id, target)
        assert kept is not None
        assert kept.reasons == dict(OTHER_POSITION.reasons)
    official.submit(page, "/positions")
    with within(app):
        kept = position_for(built.id, target)
        assert kept is not None
        assert (kept.version, kept.reasons[Language.RU]) == (2, "Да, осенью.")


def test_a_conflict_about_the_outcome_and_about_a_theme_keeps_the_words(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    with within(app):
        trees = theme(built.id)
    official = visitor(app, cast.moderator)
    outcome_page = official.get(f"/en/o/consultations/{built.slug}/outcome")
    theme_page = official.get(f"/en/o/consultations/{built.slug}/themes/{trees}")
    with within(app):
        outcomes.save_outcome(cast.other_official.actor, built.id, 0, PARTS)
        themes.edit_theme(cast.other_official.actor, built.id, trees, 1, WATER)
    page = official.submit(outcome_page, "/outcome", status=409, did_ru="Мои слова")
    assert "Посадим осенью." in page.text
    assert typed(page, "did_ru") == "Мои слова"
    page = official.submit(theme_page, f"/themes/{trees}", status=409, title_ru="Мой заголовок")
    assert "Вода" in page.text
    assert [field.get("value") for field in page.select("input[name=title_ru]")] == ["Мой заголовок"]


def test_an_incomplete_position_comes_back_with_every_word(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, cast.aigerim, built)
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/positions?comment={key}")
    page = official.submit(page, "/positions", status=422, reason_ru="Да.")
    assert page.error_summary == ["Choose what is decided."]
    page = official.submit(page, "/positions", status=422, decision="accepted")
    assert typed(page, "reason_ru") == "Да."


def test_one_text_under_many_comments_is_flagged_to_the_official(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    keys = [published_comment(app, cast.aigerim, built, f"Tree number {number}.") for number in range(2)]
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/analysis")
    page = official.submit(page, "/mark", comment=[str(key) for key in keys], act="answer")
    assert "The same text will stand under 2 comments." in page.text
    page = official.submit(page, "/positions", decision="noted", **REASONS)
    assert "The position is given to 2 comments." in page.text
    assert page.text.count("The same text stands under 2 comments.") == 2


def test_a_theme_is_removed_only_after_a_question_and_only_when_unused(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, cast.aigerim, built)
    with within(app):
        trees, water = theme(built.id, TREES), theme(built.id, WATER)
        themes.put_theme(OPERATOR, built.id, trees, [key])
    official = visitor(app, cast.moderator)
    start = f"/en/o/consultations/{built.slug}/themes"
    page = official.get(f"{start}/{trees}/remove")
    assert "1 comment has this theme." in page.text
    assert page.select("main form") == []
    page = official.submit(official.get(f"{start}/{trees}"), "/merge", into=str(water))
    assert "The themes are merged." in page.text
    page = official.submit(page, "/themes", title_kk="Бос", title_ru="Пусто", title_en="Empty")
    empty = page.links["Empty"].rsplit("/", 1)[1]
    page = official.submit(official.get(f"{start}/{empty}/remove"), f"/themes/{empty}/remove")
    with within(app):
        assert [(card.id, card.comments) for card in themes_of(built.id)] == [(water, 1)]


def test_positions_are_hidden_from_everybody_until_the_outcome_is_published(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, cast.aigerim, built)
    with within(app):
        outcomes.give_position(OPERATOR, built.id, Target(comment_id=key), POSITION)
        outcomes.save_outcome(OPERATOR, built.id, 0, PARTS)
    close_by_clock(app, built)
    for member in (None, cast.aigerim, cast.moderator):
        reader = visitor(app, member)
        for path in (f"/c/{built.slug}/q/1", f"/c/{built.slug}/comments/{key}", f"/c/{built.slug}/outcome"):
            text = reader.get(f"/en{path}").text
            assert "planted in autumn" not in text, path
            assert "We plant them" not in text
    assert "planted in autumn" not in visitor(app, cast.aigerim).get("/en/me/answers").text


def test_after_publication_positions_stand_under_the_comments_and_with_their_authors(
    app: Flask, cast: Cast
) -> None:
    built = answered_consultation(app, cast)
    by_theme, by_itself = built.comments
    guest = visitor(app)
    question = guest.get(f"/ru/c/{built.slug}/q/1")
    assert "В бюджете нет денег." in question.text
    links = [link.get("href") for link in question.select(f"#comment-{by_theme} .answer a")]
    assert links == [f"/ru/c/{built.slug}/outcome#theme-{built.theme}"]
    own = guest.get(f"/en/c/{built.slug}/comments/{by_itself}")
    answer = own.select(".answer .prose")[0]
    assert (answer.get("lang"), answer.text) == ("kk", "Бюджетте қаражат жоқ."), (
        "English falls back, and says so"
    )
    mine = visitor(app, cast.aigerim).get("/en/me/answers")
    assert "The trees are planted in autumn." in mine.text
    outcome = guest.get(f"/en/c/{built.slug}/outcome")
    assert {"We plant them in autumn.", "The trees are planted in autumn."} <= set(
        outcome.texts("main .prose")
    )
    assert outcome.links[f"Comment {by_itself}"] == f"/en/c/{built.slug}/comments/{by_itself}"
    assert guest.get(f"/en/c/{built.slug}").links["Read what was decided"].endswith("/outcome")


def test_corrections_show_what_changed_and_what_stood_there_before(app: Flask, cast: Cast) -> None:
    built = answered_consultation(app, cast)
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/positions?theme={built.theme}")
    page = official.submit(page, "/positions", status=422, decision="noted")
    assert "Say in Kazakh and in Russian" in page.error_summary[0]
    notes: dict[str, Any] = {f"note_{code.value}": words for code, words in NOTES.items()}
    official.submit(page, "/positions", **notes)
    page = official.get(f"/en/o/consultations/{built.slug}/outcome")
    official.submit(page, "/outcome", did_en="We plant them in spring.", **notes)
    public = visitor(app).get(f"/en/c/{built.slug}/outcome")
    assert public.text.count("The date is corrected.") == 2
    before = " ".join(public.texts("details"))
    assert "We plant them in autumn." in before
    assert "Accepted" in before
    assert "We plant them in spring." in public.texts("section > .prose")


def test_a_withheld_comment_is_in_no_outcome(app: Flask, cast: Cast) -> None:
    built = answered_consultation(app, cast)
    withhold(app, built.comments)
    for path in ("/outcome", "/q/1"):
        page = visitor(app).get(f"/en/c/{built.slug}{path}")
        assert "More trees" not in page.text
        assert "swimming pool" not in page.text
        assert "В бюджете нет денег." not in page.text
        assert "Бюджетте" not in page.text
    official = visitor(app, cast.moderator)
    page = official.get(f"/en/o/consultations/{built.slug}/analysis")
    assert items(page) == []
    official.get(f"/en/o/consultations/{built.slug}/positions?comment={built.comments[0]}", status=404)
    with within(app):
        assert coverage_of(built.id).comments == 0


def withhold(app: Flask, keys: tuple[int, ...]) -> None:
    """As a moderator would; by an UPDATE, since who withholds plays no part here."""
    with within(app), transaction():
        db.session.execute(
            sa.update(Comment)
            .where(Comment.id.in_(keys))
            .values(state=CommentState.WITHHELD, publication_rule="insult")
        )


def test_what_is_not_of_this_consultation_is_not_found(app: Flask, cast: Cast) -> None:
    built, other = open_consultation(app), open_consultation(app, slug="other-street")
    key = published_comment(app, cast.aigerim, other)
    official = visitor(app, cast.moderator)
    start = f"/en/o/consultations/{built.slug}"
    for path in (
        f"/positions?comment={key}",
        "/positions?theme=99",
        "/positions?alike=99",
        "/positions",
        "/themes/99",
    ):
        official.get(start + path, status=404)
    official.get("/en/o/consultations/never-was/analysis", status=404)


def test_strangers_and_guests_reach_no_page_of_answering(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    for path in ("/analysis", "/themes", "/positions?comment=1", "/outcome"):
        visitor(app, cast.dauren).get(f"/en/o/consultations/{built.slug}{path}", status=403)
        visitor(app).get(f"/en/o/consultations/{built.slug}{path}", status=303)


def test_the_page_of_a_question_asks_once_more_only_when_it_is_answered(app: Flask, cast: Cast) -> None:
    built = open_consultation(app)
    key = published_comment(app, cast.aigerim, built)
    with within(app):
        outcomes.give_position(
            OPERATOR, built.id, Target(comment_id=key), replace(POSITION, decision="noted")
        )
        outcomes.save_outcome(OPERATOR, built.id, 0, PARTS)
    close_by_clock(app, built)
    reader = visitor(app, cast.dauren)
    before = statements(app, lambda: reader.get(f"/en/c/{built.slug}/q/1"))
    with within(app):
        outcomes.publish_outcome(OPERATOR, built.id)
    after = statements(app, lambda: reader.get(f"/en/c/{built.slug}/q/1"))
    assert after == before + 1
