"""The search index holds what everybody may read, whatever deed changed it, and nothing else."""

from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.domain.search import Kind
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.search import SearchEntry
from consult.queries.consultations import consultation_at
from consult.services import consultations, moderation, own_comments, questions, search_index
from consult.services.drafting import Basics, TextIn
from tests.support.cast import TEXTS, Built, Cast, Member, comment, draft, open_consultation, refusal
from tests.support.scenes import Scene, build_scene

pytestmark = pytest.mark.usefixtures("inside")
CANARY = "Canarybird"


def entries() -> set[tuple[str, int, str | None, str]]:
    """Every entry as it is committed."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(SearchEntry.kind, SearchEntry.thing_id, SearchEntry.language, SearchEntry.folded)
    ).all()
    found = {(row.kind.value, row.thing_id, row.language and row.language.value, row.folded) for row in rows}
    assert len(found) == len(rows), "an entry stands twice"
    return found


def indexed(comment_id: int) -> str | None:
    """The folded words by which a comment is found; None where it is not."""
    return next((words for kind, key, _, words in entries() if (kind, key) == ("comment", comment_id)), None)


def hits(table: str, column: str, words: str) -> int:
    """What the database's own index finds, on SQLite."""
    query = f"SELECT count(*) FROM {table} WHERE {column} MATCH :words"  # noqa: S608
    return int(db.session.execute(sa.text(query), {"words": f'"{words}"'}).scalar_one())


@pytest.fixture
def built(inside: Flask) -> Built:
    return open_consultation(inside)


def test_a_published_comment_is_in_the_index_and_a_waiting_one_is_not(
    inside: Flask, people: Cast, built: Built
) -> None:
    key = comment(inside, people.aigerim, built, CANARY)
    assert indexed(key) == " canarybird "
    waiting = open_consultation(inside, slug="waiting", moderation_mode=ModerationMode.PRE)
    held = comment(inside, people.aigerim, waiting, CANARY)
    assert indexed(held) is None
    moderation.publish_comment(OPERATOR, held)
    assert indexed(held) == " canarybird "


Deed = Callable[[Cast, Built, int], None]
GONE: dict[str, Deed] = {
    "withheld": lambda _p, _b, key: moderation.withhold_comment(OPERATOR, key, "insult", "Rude."),
    "redacted": lambda _p, _b, key: moderation.redact_comment(
        OPERATOR, key, "Kept […]", "personal-data", "A name."
    ),
    "withdrawn": lambda people, built, key: own_comments.withdraw_comment(
        people.aigerim.actor, built.id, key
    ),
    "edited": lambda people, built, key: _edited(people.aigerim, built, key),
    "consultation withdrawn": lambda _p, built, _k: consultations.withdraw_consultation(
        OPERATOR, built.id, "Given up."
    ),
}


def _edited(author: Member, built: Built, key: int) -> None:
    own_comments.edit_comment(author.actor, built.id, key, "Kept other words")


@pytest.mark.parametrize("deed", GONE)
def test_words_that_nobody_may_read_any_more_leave_the_index(
    inside: Flask, people: Cast, built: Built, deed: str
) -> None:
    key = comment(inside, people.aigerim, built, f"{CANARY} sings")
    GONE[deed](people, built, key)
    assert not any(CANARY.lower() in words for *_, words in entries())
    assert ("kept" in (indexed(key) or "")) is (deed in {"redacted", "edited"})
    if db.engine.dialect.name == "sqlite":
        assert hits("search_words", "search_words", "canarybird") == 0
        assert hits("search_pieces", "search_pieces", "canarybird") == 0


def test_a_restored_comment_is_found_again(inside: Flask, people: Cast, built: Built) -> None:
    key = comment(inside, people.aigerim, built, CANARY)
    moderation.withhold_comment(OPERATOR, key, "insult", "Rude.")
    moderation.restore_comment(OPERATOR, key)
    assert indexed(key) == " canarybird "


def test_a_change_by_any_other_way_drops_the_entry_by_itself(
    inside: Flask, people: Cast, built: Built
) -> None:
    """A deed that forgets the index hides words too much, never too little."""
    changes: list[dict[str, object]] = [
        {"body": "Other"}, {"redacted_body": "[…]"}, {"state": "erased"},
    ]  # fmt: skip
    for change in changes:
        key = comment(inside, people.aigerim, built, f"{CANARY} {len(change)}")
        with transaction():
            db.session.execute(sa.update(Comment).where(Comment.id == key).values(**change))
        assert indexed(key) is None, change
    key = comment(inside, people.aigerim, built, CANARY)
    with transaction():
        db.session.execute(sa.delete(Comment).where(Comment.id == key))
    assert indexed(key) is None


def test_a_deed_that_fails_leaves_the_index_as_it_was(inside: Flask, people: Cast, built: Built) -> None:
    comment(inside, people.aigerim, built, CANARY)
    before = entries()

    def fail() -> None:
        with transaction():
            db.session.execute(sa.delete(Comment))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert entries() == before


def test_drafts_come_in_when_they_are_published_and_go_when_they_are_withdrawn(inside: Flask) -> None:
    built = draft(inside)
    assert entries() == set()
    consultations.open_consultation(OPERATOR, built.id)
    kinds = [kind for kind, *_ in entries()]
    assert (kinds.count(Kind.CONSULTATION), kinds.count(Kind.QUESTION)) == (3, 6)
    consultations.withdraw_consultation(OPERATOR, built.id, "Given up.")
    assert entries() == set()


def test_edited_texts_are_found_by_their_new_words_only(inside: Flask, built: Built) -> None:
    view = consultation_at(OPERATOR, built.slug, Language.EN)
    texts = {**TEXTS, Language.EN: TextIn("A quiet lane", "S", "P", "A")}
    version = db.session.execute(sa.text("SELECT version FROM consultation")).scalar_one()
    consultations.edit_consultation(OPERATOR, built.id, version, Basics(texts=texts, contact=view.contact))
    asked = {Language.KK: "Жаңа сұрақ", Language.RU: "Новый вопрос", Language.EN: "How many benches?"}
    questions.edit_question(OPERATOR, built.id, 1, asked)
    words = " ".join(words for _, _, language, words in entries() if language == "en")
    assert "quiet lane" in words
    assert "green street" not in words
    assert "how many benches" in words
    assert "how many trees does" not in words


def test_rebuilding_changes_nothing_that_the_deeds_have_written(inside: Flask) -> None:
    scene: Scene = build_scene(inside)
    author = scene.people.aigerim.actor
    own = comment(inside, scene.people.aigerim, scene.open, "Аты-жөнім белгілі")
    moderation.redact_comment(OPERATOR, own, "[…] белгілі", "personal-data", "A name.")
    own_comments.change_language(author, scene.open.id, own, Language.RU)
    before = entries()
    assert before
    looked_at: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        looked_at.append((done, total))

    rebuilt = search_index.rebuild(OPERATOR, progress=note)
    assert entries() == before
    assert rebuilt.comments == sum(kind == "comment" for kind, *_ in before)
    assert looked_at[-1][0] == looked_at[-1][1]
    search_index.rebuild(OPERATOR)
    assert entries() == before


def test_rebuilding_fills_an_empty_index_and_drops_strays(inside: Flask, people: Cast, built: Built) -> None:
    key = comment(inside, people.aigerim, built, CANARY)
    before = entries()
    with transaction():
        db.session.execute(sa.delete(SearchEntry))
        db.session.execute(
            sa.insert(SearchEntry).values(
                consultation_id=built.id, kind=Kind.COMMENT, thing_id=key + 999, language=None,
                stems="k2 stray", folded=" stray ",
            )
        )  # fmt: skip
    search_index.rebuild(OPERATOR)
    assert entries() == before


def test_nobody_but_an_administrator_rebuilds_the_index(inside: Flask, people: Cast) -> None:
    for member in (people.aigerim, people.moderator):
        assert refusal(partial(search_index.rebuild, member.actor)) is Reason.NOT_PERMITTED
