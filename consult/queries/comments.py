"""Reading comments and replies, already cut to what the reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa

from consult.domain.comment_orders import CommentKey, CommentOrder
from consult.domain.comments import Channel, CommentState, why_not_editable, why_not_withdrawable
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT, Language
from consult.domain.people import GUEST, Actor, Role
from consult.domain.taking_part import why_no_answer
from consult.domain.visibility import LISTED_STATES, Sight, comment_sight, is_tally_shown, orders_offered
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.people import Person
from consult.models.prepared import Prepared
from consult.queries.authors import author_name
from consult.queries.comment_ranks import ranked
from consult.queries.consultations import ConsultationView
from consult.queries.freshness import read_once
from consult.queries.tallies import VotedComment, comment_tallies, own_choices, voted_comments

PAGE = 20
"""Comments on one page of a question."""
REPLIES_SHOWN = 3
"""Replies under each comment of a list; the rest stand on the comment's own page."""
REPLY_PAGE = 50

_COLUMNS = (
    Comment.id,
    Comment.question_id,
    Comment.parent_id,
    Comment.author_id,
    Comment.body,
    Comment.redacted_body,
    Comment.language,
    Comment.state,
    Comment.publication_rule,
    Comment.publication_reason,
    Comment.submitted_at,
    Comment.version,
    Comment.wording,
    Comment.corrected_at,
    Comment.channel,
    author_name(),
    Person.role.label("author_role"),
)


@dataclass(frozen=True)
class CommentView:
    """A comment as this reader sees it.

    `body` is empty for a stub; `rule` is the code of the published rule by which it was withheld or redacted;
    `reason` is there for its author only. `tally` is None until the reader may see it. `more_replies` counts
    those that stand on the comment's own page. `why_no_answer` says why the reader may not vote on it and
    reply to it now, None where both are possible. `corrected_at` is when the author last replaced words that
    others had acted on.
    """

    id: int
    question_id: int
    parent_id: int | None
    sight: Sight
    state: CommentState
    is_mine: bool
    author: str | None
    is_official: bool
    body: str
    is_redacted: bool
    language: Language | None
    submitted_at: datetime
    rule: str | None
    reason: str
    version: int
    wording: int
    corrected_at: datetime | None
    why_no_answer: Reason | None
    may_edit: bool
    may_withdraw: bool
    channel: Channel = Channel.WEB
    choice: Choice | None = None
    tally: Tally | None = None
    replies: tuple["CommentView", ...] = ()
    more_replies: int = 0

    @property
    def is_stub(self) -> bool:
        return self.sight is Sight.STUB

    @property
    def is_gone(self) -> bool:
        """Whether its words are away for this reader; a correction that waits to be read comes back."""
        return self.is_stub and self.state is not CommentState.PENDING

    @property
    def takes_votes(self) -> bool:
        return self.state is CommentState.PUBLISHED


@dataclass(frozen=True)
class CommentPage:
    """Some comments in an order; `next_key` asks for the page behind them, None on the last.

    `is_of_everybody`: all who are signed in see what was `read`, and only their `votes` differ. Otherwise
    the votes of the reader are in what was read, and `votes` is empty.
    """

    read: tuple[CommentView, ...]
    order: CommentOrder
    next_key: CommentKey | None
    is_of_everybody: bool = False
    votes: tuple[VotedComment, ...] = ()

    @cached_property
    def comments(self) -> tuple[CommentView, ...]:
        """The comments with the reader's own votes, each with its first replies."""
        return _with_votes(self.read, {vote.id: vote for vote in self.votes}) if self.votes else self.read

    @cached_property
    def shown_ids(self) -> list[int]:
        """The numbers of the comments and of the replies that stand under them."""
        return [each.id for comment in self.read for each in (comment, *comment.replies)]

    @cached_property
    def wordings(self) -> dict[int, int]:
        """The wording of each comment and reply that takes votes."""
        shown = (each for comment in self.read for each in (comment, *comment.replies))
        return {each.id: each.wording for each in shown if each.takes_votes}


def _with_votes(views: tuple[CommentView, ...], votes: Mapping[int, VotedComment]) -> tuple[CommentView, ...]:
    def voted(view: CommentView) -> CommentView:
        replies = _with_votes(view.replies, votes)
        vote = votes.get(view.id)
        if vote is not None:
            return replace(view, choice=vote.choice, tally=vote.tally, replies=replies)
        return view if replies == view.replies else replace(view, replies=replies)

    return tuple(map(voted, views))


def comments_of(
    reader: Actor,
    consultation: ConsultationView,
    question_id: int,
    *,
    before: CommentKey | None = None,
    order: CommentOrder = CommentOrder.NEWEST,
) -> CommentPage:
    """Comments on a question with their first replies; six queries, however many there are.

    An order that would tell what is still hidden is not taken: the newest come first then.
    """
    if order not in orders_offered(consultation.results_policy, consultation.state):
        order, before = CommentOrder.NEWEST, None
    everybody = _page_of_everybody(reader, consultation, question_id, before, order)
    if reader.person_id is None:
        return everybody.page
    if reader.person_id in everybody.authors or _has_unlisted(reader.person_id, consultation.id, question_id):
        return _page(reader, consultation, question_id, before, order).page
    return _with_votes_of(reader, consultation, everybody.page)


@dataclass(frozen=True)
class _Read:
    """A page and who wrote what stands on it."""

    page: CommentPage
    authors: frozenset[int | None]


SOMEBODY = Actor(0, Role.CITIZEN, "", DEFAULT)
"""Stands for those signed in who wrote nothing here and voted on nothing; no account has this number."""


def _page_of_everybody(
    reader: Actor,
    consultation: ConsultationView,
    question_id: int,
    before: CommentKey | None,
    order: CommentOrder,
) -> _Read:
    """What everybody sees who is signed in, or who is not; it is read once for all of them."""
    stands_for = GUEST if reader.is_guest else SOMEBODY
    key = ("comments", consultation.id, consultation.state, question_id, before, order, reader.is_guest)
    return read_once(key, lambda: _page(stands_for, consultation, question_id, before, order))


def _page(
    reader: Actor,
    consultation: ConsultationView,
    question_id: int,
    before: CommentKey | None,
    order: CommentOrder,
) -> _Read:
    asked = _listed_here(reader, consultation.id) | {"question": question_id}
    if before is not None:
        asked |= {"before_rank": before.rank, "before_id": before.id}
    rows = db.session.execute(
        _on_question(reader.is_guest, order, is_behind_a_key=before is not None), asked
    ).all()
    page = rows[:PAGE]
    replies, counts = _first_replies(reader, consultation.id, [row.id for row in page])
    everything = [*page, *(reply for some in replies.values() for reply in some)]
    views = _seen(reader, consultation, everything)
    return _Read(
        CommentPage(
            tuple(_with_replies(views, row.id, replies[row.id], counts) for row in page),
            order,
            CommentKey(page[-1].rank, page[-1].id) if len(rows) > PAGE else None,
        ),
        frozenset(row.author_id for row in everything),
    )


def _has_unlisted(person_id: int, consultation_id: int, question_id: int) -> bool:
    """Whether somebody has comments on a question that others do not see as they are."""
    return bool(_UNLISTED.run(me=person_id, here=consultation_id, question=question_id))


_UNLISTED = Prepared(
    lambda _dialect: (
        sa.select(Comment.id)
        .where(
            Comment.author_id == sa.bindparam("me"),
            Comment.consultation_id == sa.bindparam("here"),
            Comment.question_id == sa.bindparam("question"),
            Comment.state != CommentState.PUBLISHED,
        )
        .limit(1)
    )
)


def _with_votes_of(reader: Actor, consultation: ConsultationView, page: CommentPage) -> CommentPage:
    """The page of everybody with the reader's own votes and the tallies that the reader may see for them."""
    choices = own_choices(reader.person_id, consultation.id, page.wordings)
    votes = voted_comments(
        consultation.id, consultation.results_policy, consultation.state, page.wordings, choices
    )
    return CommentPage(page.read, page.order, page.next_key, is_of_everybody=True, votes=votes)


def comment_at(
    reader: Actor, consultation: ConsultationView, comment_id: int, *, after: int | None = None
) -> tuple[CommentView, int | None]:
    """One comment with a page of its replies, oldest first, and the key of the next page of them.

    A reply's number gives the comment that it stands under.

    Raises:
        Refused: NOT_FOUND where there is none, or none that this reader may know of.
    """
    row = _row(reader, consultation.id, comment_id)
    if row is not None and row.parent_id is not None:
        return comment_at(reader, consultation, row.parent_id, after=after)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    found = db.session.execute(
        _replies_behind(reader.is_guest),
        _listed_here(reader, consultation.id) | {"parent": row.id, "after": after or 0},
    ).all()
    replies = found[:REPLY_PAGE]
    views = _seen(reader, consultation, [row, *replies])
    thread = _with_replies(views, row.id, replies, {})
    return thread, replies[-1].id if len(found) > REPLY_PAGE else None


def one_comment(reader: Actor, consultation: ConsultationView, comment_id: int) -> CommentView:
    """One comment or reply without what stands under it.

    Raises:
        Refused: NOT_FOUND where there is none, or none that this reader may know of.
    """
    row = _row(reader, consultation.id, comment_id)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return _seen(reader, consultation, [row])[comment_id]


# The statements are built once: building one costs several times what running it costs.


@cache
def _listed(is_guest: bool) -> sa.Select[*tuple[Any, ...]]:  # noqa: FBT001 - a key of what is kept
    """Rows that a reader may at least know of: those in public states, and the reader's own."""
    is_reread = sa.and_(Comment.state == CommentState.PENDING, Comment.corrected_at.is_not(None))
    is_listed = sa.or_(Comment.state.in_(LISTED_STATES), is_reread)
    if not is_guest:
        is_listed = sa.or_(is_listed, Comment.author_id == sa.bindparam("me"))
    return (
        sa.select(*_COLUMNS)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.consultation_id == sa.bindparam("here"), is_listed)
    )


def _listed_here(reader: Actor, consultation_id: int) -> dict[str, Any]:
    """What `_listed` binds."""
    here = {"here": consultation_id}
    return here if reader.is_guest else {**here, "me": reader.person_id}


@cache
def _on_question(
    is_guest: bool,  # noqa: FBT001
    order: CommentOrder,
    *,
    is_behind_a_key: bool,
) -> sa.Select[*tuple[Any, ...]]:
    is_there = (Comment.question_id == sa.bindparam("question"), Comment.parent_id.is_(None))
    return ranked(_listed(is_guest).where(*is_there), order, is_behind_a_key=is_behind_a_key).limit(PAGE + 1)


@cache
def _one(is_guest: bool) -> sa.Select[*tuple[Any, ...]]:  # noqa: FBT001
    return _listed(is_guest).where(Comment.id == sa.bindparam("wanted"))


def _row(reader: Actor, consultation_id: int, comment_id: int) -> sa.Row[*tuple[Any, ...]] | None:
    asked = _listed_here(reader, consultation_id) | {"wanted": comment_id}
    return db.session.execute(_one(reader.is_guest), asked).first()


@cache
def _replies_behind(is_guest: bool) -> sa.Select[*tuple[Any, ...]]:  # noqa: FBT001
    is_there = (Comment.parent_id == sa.bindparam("parent"), Comment.id > sa.bindparam("after"))
    return _listed(is_guest).where(*is_there).order_by(Comment.id).limit(REPLY_PAGE + 1)


@cache
def _oldest_replies(is_guest: bool) -> sa.Select[*tuple[Any, ...]]:  # noqa: FBT001
    """The oldest replies of some parents, each with its place and how many its parent has."""
    siblings = (
        _listed(is_guest)
        .where(Comment.parent_id.in_(sa.bindparam("parents", expanding=True)))
        .add_columns(
            sa.func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id).label("place"),
            sa.func.count().over(partition_by=Comment.parent_id).label("siblings"),
        )
        .subquery()
    )
    return sa.select(siblings).where(siblings.c.place <= REPLIES_SHOWN).order_by(siblings.c.id)


def _first_replies(
    reader: Actor, consultation_id: int, parents: Sequence[int]
) -> tuple[dict[int, list[sa.Row[*tuple[Any, ...]]]], dict[int, int]]:
    """The oldest replies of each parent, and how many each has."""
    replies: dict[int, list[sa.Row[*tuple[Any, ...]]]] = defaultdict(list)
    counts: dict[int, int] = {}
    if parents:
        asked = _listed_here(reader, consultation_id) | {"parents": list(parents)}
        for row in db.session.execute(_oldest_replies(reader.is_guest), asked):
            replies[row.parent_id].append(row)
            counts[row.parent_id] = row.siblings
    return replies, counts


def _seen(
    reader: Actor, consultation: ConsultationView, rows: Iterable[sa.Row[*tuple[Any, ...]]]
) -> dict[int, CommentView]:
    """Each row as the reader sees it, with own vote and, where it may be shown, the tally."""
    bare = [_view(reader, consultation, row) for row in rows]
    voted_on = [view.id for view in bare if view.takes_votes]
    choices = own_choices(reader.person_id, consultation.id, voted_on)
    shown_ids = [
        key
        for key in voted_on
        if is_tally_shown(consultation.results_policy, consultation.state, has_voted=key in choices)
    ]
    tallies = comment_tallies(consultation.id, shown_ids)
    return {
        view.id: replace(view, choice=choices.get(view.id), tally=tallies.get(view.id))
        if view.id in choices or view.id in tallies
        else view
        for view in bare
    }


def _sight(reader: Actor, row: sa.Row[*tuple[Any, ...]]) -> Sight:
    return comment_sight(reader, row.state, row.author_id, is_corrected=row.corrected_at is not None)


def _view(reader: Actor, consultation: ConsultationView, row: sa.Row[*tuple[Any, ...]]) -> CommentView:
    sight = _sight(reader, row)
    is_full = sight is Sight.FULL
    is_mine = reader.person_id is not None and row.author_id == reader.person_id
    is_redacted = row.redacted_body is not None
    is_in_hand = is_mine and consultation.is_open
    return CommentView(
        id=row.id,
        question_id=row.question_id,
        parent_id=row.parent_id,
        sight=sight,
        state=row.state,
        is_mine=is_mine,
        author=row.author if is_full else None,
        is_official=is_full and row.author_role in {Role.OFFICIAL, Role.ADMINISTRATOR},
        body=(row.redacted_body or row.body) if is_full else "",
        is_redacted=is_redacted,
        language=row.language,
        submitted_at=row.submitted_at,
        rule=row.publication_rule,
        reason=row.publication_reason if is_mine else "",
        version=row.version,
        wording=row.wording,
        corrected_at=row.corrected_at,
        why_no_answer=why_no_answer(reader, consultation.state, row.state),
        may_edit=is_in_hand and why_not_editable(row.state, is_redacted=is_redacted) is None,
        may_withdraw=is_in_hand and why_not_withdrawable(row.state) is None,
        channel=row.channel,
    )


def _with_replies(
    views: dict[int, CommentView],
    comment_id: int,
    replies: Sequence[sa.Row[*tuple[Any, ...]]],
    counts: dict[int, int],
) -> CommentView:
    if not replies:
        return views[comment_id]
    return replace(
        views[comment_id],
        replies=tuple(views[reply.id] for reply in replies),
        more_replies=max(0, counts.get(comment_id, 0) - len(replies)),
    )
