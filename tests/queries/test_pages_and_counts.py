"""Reads cost the same for many rows as for few, and their pages leave nothing out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.comment_orders import CommentKey, CommentOrder
from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.moderation import DeskOrder, Selection, View
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.votes import Choice
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.votes import CommentVote
from consult.queries import contributions, moderation
from consult.queries.comments import PAGE, REPLIES_SHOWN, REPLY_PAGE, comment_at, comments_of
from consult.queries.consultations import (
    Phase,
    closing_next,
    consultation_at,
    figures,
    list_consultations,
)
from consult.queries.questions import question_at, questions_of
from consult.queries.routing import next_statement
from tests.support.cast import (
    Built,
    Cast,
    Member,
    close_by_clock,
    comment,
    draft,
    open_consultation,
    vote,
    withheld_comment,
)

pytestmark = pytest.mark.usefixtures("inside")
KK = Language.KK
Statements = Callable[[Callable[[], object]], int]


def fill(built: Built, author: Member, number: int, *, parent: int | None = None) -> list[int]:
    """Comments put in as rows, with a vote each: a test of reading needs many of them quickly."""
    now: datetime = now_in_database()
    with transaction():
        ids = [COMMENT_IDS.draw(db.session.connection()) for _ in range(number)]
        shared = {
            "consultation_id": built.id, "question_id": built.questions[0], "author_id": author.id,
            "parent_id": parent, "question_version": 1, "question_language": KK, "version": 1,
            "state": CommentState.PUBLISHED, "submitted_at": now, "publication_reason": "",
        }  # fmt: skip
        db.session.execute(sa.insert(Comment), [{**shared, "id": key, "body": f"Words {key}"} for key in ids])
        db.session.execute(
            sa.insert(CommentVote),
            [
                {
                    "consultation_id": built.id, "comment_id": key, "person_id": author.id,
                    "choice": Choice.AGREE.value, "cast_at": now + timedelta(milliseconds=key),
                }
                for key in ids
            ],
        )  # fmt: skip
    return ids


READS: dict[str, Callable[[Actor, Built, int], object]] = {
    "comments of a question": lambda reader, built, _key: comments_of(
        reader, consultation_at(reader, built.slug, KK), built.questions[0]
    ),
    "comments by agreement": lambda reader, built, _key: comments_of(
        reader,
        consultation_at(reader, built.slug, KK),
        built.questions[0],
        order=CommentOrder.AGREED,
    ),
    "next statement": lambda reader, built, _key: next_statement(
        reader, consultation_at(reader, built.slug, KK), built.questions[0], SystemRandom()
    ),
    "one comment": lambda reader, built, key: comment_at(
        reader, consultation_at(reader, built.slug, KK), key
    ),
    "questions": lambda reader, built, _key: questions_of(reader, built.id, KK),
    "a question": lambda reader, built, _key: question_at(
        reader, consultation_at(reader, built.slug, KK), 2, questions_of(reader, built.id, KK)
    ),
    "list": lambda reader, _built, _key: list_consultations(reader, KK),
    "closing next": lambda reader, _built, _key: closing_next(reader, KK),
    "figures": lambda _reader, built, _key: figures(built.id),
    "own comments": lambda reader, _built, _key: contributions.own_comments(reader, KK),
    "own votes": lambda reader, _built, _key: contributions.own_votes(reader, KK),
    "queue": lambda _reader, _built, _key: moderation.queue(OPERATOR, KK, Selection(View.PUBLISHED)),
    "counts by state": lambda _reader, _built, _key: moderation.counts_by_state(OPERATOR),
}


@pytest.mark.parametrize("read", READS)
def test_no_read_sends_more_statements_for_sixty_comments_than_for_three(
    app: Flask, aigerim: Member, statements: Statements, read: str
) -> None:
    built = open_consultation(app)
    first = fill(built, aigerim, 3)[0]
    fill(built, aigerim, 1, parent=first)
    few = statements(lambda: READS[read](aigerim.actor, built, first))
    fill(built, aigerim, 57)
    fill(built, aigerim, 60, parent=first)
    for slug in ("second", "third"):
        open_consultation(app, slug=slug)
    assert statements(lambda: READS[read](aigerim.actor, built, first)) == few <= 14


def test_pages_of_comments_go_through_all_of_them_once_newest_first(
    app: Flask, aigerim: Member, dauren: Member
) -> None:
    built = open_consultation(app)
    ids = fill(built, aigerim, 2 * PAGE + 5)
    hidden = [withheld_comment(app, dauren, built)]
    view = consultation_at(GUEST, built.slug, KK)
    seen: list[int] = []
    before: CommentKey | None = None
    for _ in range(4):
        page = comments_of(GUEST, view, built.questions[0], before=before)
        seen += [found.id for found in page.comments]
        before = page.next_key
        if before is None:
            break
        fill(built, aigerim, 1)  # what is added meanwhile shifts nothing
    assert seen == sorted([*ids, *hidden], reverse=True)


@pytest.mark.parametrize("number", [0, PAGE, PAGE + 1])
def test_the_last_page_says_that_it_is_the_last(app: Flask, aigerim: Member, number: int) -> None:
    built = open_consultation(app)
    if number:
        fill(built, aigerim, number)
    page = comments_of(GUEST, consultation_at(GUEST, built.slug, KK), built.questions[0])
    assert len(page.comments) == min(number, PAGE)
    assert (page.next_key is None) is (number <= PAGE)


def test_a_list_shows_the_first_replies_and_the_comments_own_page_all_of_them(
    app: Flask, aigerim: Member
) -> None:
    built = open_consultation(app)
    top = fill(built, aigerim, 1)[0]
    replies = fill(built, aigerim, REPLY_PAGE + 4, parent=top)
    view = consultation_at(GUEST, built.slug, KK)
    listed = comments_of(GUEST, view, built.questions[0]).comments[0]
    assert [reply.id for reply in listed.replies] == replies[:REPLIES_SHOWN]
    assert listed.more_replies == len(replies) - REPLIES_SHOWN
    thread, after = comment_at(GUEST, view, top)
    rest, end = comment_at(GUEST, view, top, after=after)
    assert [reply.id for reply in (*thread.replies, *rest.replies)] == replies
    assert end is None
    assert comment_at(GUEST, view, replies[7])[0].id == top


def test_pages_of_the_queue_go_through_all_that_waits_oldest_first(app: Flask, people: Cast) -> None:
    built = open_consultation(app, moderation_mode=ModerationMode.PRE)
    ids = fill(built, people.aigerim, moderation.PAGE + 3)
    chosen = Selection(View.PUBLISHED, DeskOrder.OLDEST)
    first = moderation.queue(people.moderator.actor, KK, chosen)
    rest = moderation.queue(people.moderator.actor, KK, chosen, after=first.next_after)
    assert [row.id for row in (*first.comments, *rest.comments)] == ids
    assert rest.next_after is None


def test_the_queue_counts_the_authors_other_comments_in_this_consultation(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    elsewhere = open_consultation(app, slug="elsewhere")
    comment(app, people.aigerim, elsewhere)
    withheld_comment(app, people.aigerim, elsewhere)
    shown = [comment(app, people.aigerim, built, f"Comment {n}") for n in range(3)]
    withheld = withheld_comment(app, people.aigerim, built)
    comment(app, people.dauren, built)
    chosen = Selection(View.PUBLISHED, consultation_id=built.id)
    rows = moderation.queue(people.moderator.actor, KK, chosen)
    counts = {row.id: (row.author_published, row.author_withheld) for row in rows.comments}
    assert {counts[key] for key in shown} == {(2, 1)}
    held = moderation.queue(people.moderator.actor, KK, replace(chosen, view=View.WITHHELD))
    assert [(row.id, row.author_published, row.author_withheld) for row in held.comments] == [
        (withheld, 3, 0)
    ]


def test_own_contributions_page_through_everything_and_nothing_of_others(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    ids = fill(built, people.aigerim, contributions.PAGE + 2)
    comment(app, people.dauren, built)
    first = contributions.own_comments(people.aigerim.actor, KK)
    rest = contributions.own_comments(people.aigerim.actor, KK, before=first.next_before)
    assert [row.id for row in (*first.comments, *rest.comments)] == ids[::-1]
    assert rest.next_before is None


def test_own_votes_page_through_all_of_them_once_newest_first(app: Flask, aigerim: Member) -> None:
    built = open_consultation(app)
    ids = fill(built, aigerim, contributions.VOTE_PAGE + 3)
    first = contributions.own_votes(aigerim.actor, KK)
    assert len(first.votes) == contributions.VOTE_PAGE
    rest = contributions.own_votes(aigerim.actor, KK, before=first.next_before)
    assert [own.comment_id for own in (*first.votes, *rest.votes)] == ids[::-1]
    assert rest.next_before is None


def test_lists_are_cut_to_the_phase_and_to_the_reader(app: Flask, people: Cast) -> None:
    opened = open_consultation(app, slug="open")
    soon = open_consultation(app, slug="soon", opens_in=timedelta(days=2), closes_in=timedelta(days=40))
    closed = open_consultation(app, slug="closed")
    close_by_clock(app, closed)
    hidden = draft(app, slug="draft")

    def slugs(reader: Actor, phase: Phase | None) -> set[str]:
        return {view.slug for view in list_consultations(reader, KK, phase=phase).consultations}

    public = {opened.slug, soon.slug, closed.slug}
    assert slugs(GUEST, None) == slugs(people.aigerim.actor, None) == public
    assert slugs(people.moderator.actor, None) == public | {hidden.slug}
    assert [slugs(GUEST, phase) for phase in (Phase.OPEN, Phase.SOON, Phase.CLOSED)] == [
        {"open"}, {"soon"}, {"closed"},
    ]  # fmt: skip


def test_figures_count_everything_once(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    top = comment(app, people.aigerim, built)
    comment(app, people.dauren, built, reply_to=top)
    withheld_comment(app, people.aigerim, built)
    vote(app, people.dauren, built, top)
    vote(app, people.moderator, built, top)
    counts = figures(built.id)
    assert (counts.topics, counts.questions, counts.votes, counts.participants) == (1, 2, 2, 3)
    assert counts.comments == {"pending": 0, "published": 2, "withheld": 1, "withdrawn": 0, "erased": 0}
