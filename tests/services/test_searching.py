"""What a search finds: forms of words, phrases, pieces, filters; and what it must never find."""

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.domain.search import Kind
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.search import SearchEntry, stored_stems
from consult.queries import search as index
from consult.queries.search import Wanted
from consult.services import consultations, moderation, searching
from consult.services.searching import FEW, Found
from tests.support.cast import (
    Built,
    Cast,
    comment,
    draft,
    open_consultation,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
KK, RU, EN = Language
CANARY = "Canarybird"


@pytest.fixture
def built(inside: Flask) -> Built:
    return open_consultation(inside)


def search(words: str, reading: Language = EN, **more: object) -> Found:
    wanted = Wanted(more.pop("within", None), more.pop("language", None))  # type: ignore[arg-type]
    return searching.search(words, reading, wanted, **more)  # type: ignore[arg-type]


def comments_found(words: str, *, within: int | None = None, language: Language | None = None) -> list[int]:
    found = search(words, within=within, language=language, kind=Kind.COMMENT)
    return [
        hit.comment_id for section in found.sections for hit in section.hits if hit.comment_id is not None
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Мектептеріміздің алдында ағаш жоқ.", "мектеп"),
        ("Мектептеріміздің алдында ағаш жоқ.", "мектептер агаш"),
        ("Балабақшаға жол жоқ.", "балабакша"),
        ("На дорогах нет освещения.", "дорога"),
        ("Ёлки у школы засохли.", "елка школа"),
        ("The cities need lighting.", "city lights"),
        ("Автобус №7 жүрмейді", "7"),
        ("Бағасы 5 000 ₸", "000"),
    ],
)
def test_a_word_is_found_in_its_other_forms(
    inside: Flask, people: Cast, built: Built, body: str, words: str
) -> None:
    other = comment(inside, people.aigerim, built, "Мүлде басқа. Совсем другое. Something else.")
    key = comment(inside, people.aigerim, built, body)
    assert comments_found(words) == [key]
    assert other not in comments_found(words)


def test_every_word_must_be_there(inside: Flask, people: Cast, built: Built) -> None:
    both = comment(inside, people.aigerim, built, "Benches under the bridges")
    comment(inside, people.aigerim, built, "Benches only")
    assert comments_found("bridge bench") == [both]


def test_a_phrase_is_found_only_as_it_was_written(inside: Flask, people: Cast, built: Built) -> None:
    exact = comment(inside, people.aigerim, built, "We want more benches here.")
    comment(inside, people.aigerim, built, "Benches? More! We want them.")
    comment(inside, people.aigerim, built, "We want more bench here.")
    assert comments_found('"more benches"') == [exact]
    assert len(comments_found("more benches")) == 3
    assert comments_found('here "want more benches"') == [exact]


def test_the_best_answer_comes_first_and_each_thing_once(inside: Flask, people: Cast, built: Built) -> None:
    good = comment(inside, people.aigerim, built, "Fountain! A fountain.")
    long = comment(inside, people.aigerim, built, f"{'Many words. ' * 60} fountains")
    assert comments_found("fountain") == [good, long]
    section = search("көше street улица").sections
    assert section == ()
    found = search("street", RU).sections
    assert [(each.kind, each.count) for each in found] == [(Kind.CONSULTATION, 1), (Kind.QUESTION, 2)]


def test_a_thing_is_shown_in_the_pages_language_where_it_fits_in_it(inside: Flask, built: Built) -> None:
    hit = search("көше", KK).sections[0].hits[0]
    assert hit.language is KK
    assert search("улица", KK).sections[0].hits[0].language is RU


def test_pieces_of_words_are_found_where_no_whole_word_is(inside: Flask, people: Cast, built: Built) -> None:
    if db.engine.dialect.name == "postgresql" and not index._has_trigrams():
        pytest.skip("NO pg_trgm on this PostgreSQL: pieces of words are not looked for")
    key = comment(inside, people.aigerim, built, "Велодорожка на мосту")
    found = search("дорожка", kind=Kind.COMMENT)
    assert found.inside
    assert [hit.comment_id for hit in found.sections[0].hits] == [key]
    assert [piece.text for piece in found.sections[0].hits[0].text if piece.is_hit] == ["Велодорожка"]
    assert search("ож").sections == ()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_without_trigrams_nothing_is_found_inside_words_and_nothing_breaks(
    inside: Flask, people: Cast, built: Built
) -> None:
    comment(inside, people.aigerim, built, "Велодорожка на мосту")
    had_them = index._has_trigrams()
    with transaction():
        db.session.execute(sa.text("DROP EXTENSION IF EXISTS pg_trgm CASCADE"))
    assert search("дорожка").sections == ()
    assert search("мост").count == 1
    if had_them:
        with transaction():
            db.session.execute(sa.text("CREATE EXTENSION pg_trgm"))
            db.session.execute(
                sa.text("CREATE INDEX ix_search_entry_folded ON search_entry USING gin (folded gin_trgm_ops)")
            )


def test_filters_narrow_a_search(inside: Flask, people: Cast, built: Built) -> None:
    other = open_consultation(inside, slug="other")
    here = comment(inside, people.aigerim, built, "A fountain for the square would be nice to have")
    there = comment(inside, people.aigerim, other, "Фонтан fountain на площади был бы очень кстати")
    assert set(comments_found("fountain")) == {here, there}
    assert comments_found("fountain", within=built.id) == [here]
    assert comments_found("fountain", language=EN) == [here]
    assert comments_found("fountain", language=RU) == [there]
    assert comments_found("fountain", language=KK) == []
    assert {hit.slug for hit in search("улица", within=other.id).sections[0].hits} == {"other"}


def test_hidden_words_are_found_by_nobody_not_even_as_a_number(
    inside: Flask, people: Cast, built: Built
) -> None:
    """Withheld, waiting, withdrawn, erased, redacted; drafts and withdrawn consultations."""
    withheld_comment(inside, people.aigerim, built, f"{CANARY} withheld")
    pre = open_consultation(inside, slug="pre", moderation_mode=ModerationMode.PRE)
    comment(inside, people.aigerim, pre, f"{CANARY} waits")
    redacted = comment(inside, people.aigerim, built, f"{CANARY} shows her name")
    moderation.redact_comment(OPERATOR, redacted, "[…] shows her name", "personal-data", "A name.")
    gone = open_consultation(inside, slug="gone")
    comment(inside, people.aigerim, gone, f"{CANARY} in vain")
    consultations.withdraw_consultation(OPERATOR, gone.id, f"{CANARY}")
    draft(inside, slug="paper")
    for words in (CANARY, f'"{CANARY} shows"', "anarybir", "Canarybrid"):
        found = search(words)
        assert (found.count, found.hint) == (0, None), words
    assert comments_found("shows her name") == [redacted]
    assert [section.count for section in search("street", kind=Kind.CONSULTATION).sections] == [2]


def test_the_rows_are_asked_again_even_if_the_index_were_wrong(
    inside: Flask, people: Cast, built: Built
) -> None:
    key = comment(inside, people.aigerim, built, CANARY)
    with transaction():
        db.session.execute(sa.update(Comment).where(Comment.id == key).values(state=CommentState.WITHHELD))
        db.session.execute(
            sa.insert(SearchEntry).values(
                consultation_id=built.id,
                kind=Kind.COMMENT,
                thing_id=key,
                stems=stored_stems(sa.literal("k2 canarybird")),
                folded=" canarybird ",
            )
        )
    assert search(CANARY).count == 0
    assert search("anarybir").count == 0


def test_a_misspelt_word_is_put_right_from_public_texts(inside: Flask, people: Cast, built: Built) -> None:
    comment(inside, people.aigerim, built, "Субұрқақ салынсын")
    assert search("пешходам").hint == "пешеходам"
    assert search("субуркк").hint == "субұрқақ"
    assert search("qqqqqq").hint is None


def test_more_results_than_are_ranked_are_said_to_be_more(
    inside: Flask, people: Cast, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MOST", 7)
    keys = [comment(inside, people.aigerim, built, f"Fountain number {number}") for number in range(9)]
    few = search("fountain").sections[0]
    assert (few.count, few.is_more, len(few.hits)) == (7, True, FEW)
    assert set(comments_found("fountain")) == set(keys[2:])


def test_pages_hold_every_result_once(
    inside: Flask, people: Cast, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 4)
    keys = {comment(inside, people.aigerim, built, f"Fountain {number}") for number in range(10)}
    seen: list[int] = []
    page: int | None = 1
    while page is not None:
        section = search("fountain", kind=Kind.COMMENT, page=page).sections[0]
        seen += [hit.comment_id for hit in section.hits if hit.comment_id]
        page = section.next_page
    assert sorted(seen) == sorted(keys)
    assert search("fountain", kind=Kind.COMMENT, page=10**9).sections[0].next_page is None


HOSTILE = [
    '"', "''", '"""', "a AND b", "NOT a", "a OR", "NEAR(a b)", "a*", "^a", "stems: a", "{a b}: c", "-a",
    "a -b",
    "a & b", "a | !b", "a <-> b", "a:*", "'); DROP TABLE comment; --", "\\", "%", "_", "a\0b", "k2",
    "c1", "l1",
    "x" * 10_000, '"' * 10_000, "а " * 5_000, "👩‍👩‍👧‍👦🇰🇿", "и в на не", "𞤀𞤁 漢字 ᠮᠣᠩ", "\u0301" * 500,
    "²³ ½ ﷽ ㎡", "\u202eabc", "1e999 0x10",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_no_query_breaks_the_search(inside: Flask, people: Cast, built: Built, words: str) -> None:
    comment(inside, people.aigerim, built, f"Harmless {words[:50]}")
    for kind in (None, *Kind):
        assert isinstance(search(words, kind=kind), Found)
    searching.consultations_about(words, EN)


def test_consultations_are_found_by_their_own_words_and_their_questions(
    inside: Flask, people: Cast, built: Built
) -> None:
    comment(inside, people.aigerim, built, "fountain")
    assert searching.consultations_about("green", EN) == (built.id,)
    assert searching.consultations_about("pedestrians", EN) == (built.id,)
    assert searching.consultations_about("fountain", EN) == ()
    assert searching.consultations_about("…", EN) is None
