"""Reading opinion groups for their pages: only what this reader may see, and only published words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from consult.domain.hexagons import Cell, Point, shown_cells
from consult.domain.languages import Language, Shown, shown
from consult.domain.opinion import FEWEST_ON_MAP, Clarity, group_letter
from consult.domain.privacy import suppressed_categories
from consult.domain.visibility import READABLE_STATES, is_tally_shown
from consult.domain.votes import Choice, Tally
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.opinion import (
    OpinionBin,
    OpinionGroup,
    OpinionGroupStatement,
    OpinionMember,
    OpinionStatement,
)
from consult.models.outcomes import CommentTheme, ThemeText
from consult.models.questions import Question
from consult.models.votes import CommentVote
from consult.queries.consultations import ConsultationView
from consult.queries.opinion import RunView, newest_run
from consult.queries.results import Viewing

MOST_LISTED = 5
"""Statements in each list."""
DIVISIVE = 0.25
"""Least difference between the shares of two groups that agree, for a statement that divides them."""


@dataclass(frozen=True)
class GroupSize:
    """A group and how many people are in it; None where so few are that it is not told."""

    number: int
    people: int | None

    @property
    def letter(self) -> str:
        return group_letter(self.number)


@dataclass(frozen=True)
class StatementResult:
    """A published comment with everybody's votes and those of each group, None where too few voted.

    `side` is the one that brought it into its list.
    """

    comment_id: int
    question_number: int
    text: str
    language: Language | None
    side: Choice
    tally: Tally
    by_group: tuple[tuple[GroupSize, Tally | None], ...]

    @property
    def is_told_by_group(self) -> bool:
        """Whether the votes of any group may be told; else there are only everybody's together."""
        return any(votes is not None for _, votes in self.by_group)


@dataclass(frozen=True)
class OpinionResult:
    """The newest groups. `is_open_list`: only statements that the reader has voted on are in the lists.

    `agreed` and `opposed` are common ground, `divisive` what parts the groups, `standing` what stands for
    each group, by its number.
    """

    run: RunView
    groups: tuple[GroupSize, ...]
    is_open_list: bool
    agreed: tuple[StatementResult, ...]
    opposed: tuple[StatementResult, ...]
    divisive: tuple[StatementResult, ...]
    standing: Mapping[int, tuple[StatementResult, ...]]

    @property
    def has_groups(self) -> bool:
        """Whether groups are told apart: not where chance may have made them."""
        return _has_groups(self.run)

    @property
    def has_hidden_groups(self) -> bool:
        """Whether a group is too small to be told; then nothing can be said of every group."""
        return any(group.people is None for group in self.groups)

    @property
    def has_enough_people(self) -> bool:
        return self.run.participants >= FEWEST_ON_MAP

    @property
    def has_map(self) -> bool:
        """Whether there are people enough for a map, and a computation that made one."""
        return self.has_enough_people and self.run.hexagon is not None

    def people_in(self, number: int) -> int | None:
        """People in a group; None where it is not told."""
        return next((group.people for group in self.groups if group.number == number), None)


@dataclass(frozen=True)
class MapCells:
    """Cells that may be shown, their size, and where the reader stands.

    `centres` are the middles of the groups that may be told, by their numbers.
    """

    cells: tuple[Cell, ...]
    size: float
    centres: Mapping[int, Point]
    you: Point | None
    your_group: int | None
    hidden_people: int


def opinion_result(viewing: Viewing, consultation: ConsultationView) -> OpinionResult | None:
    """The newest groups with their statements; None before the first computation. Some ten queries."""
    run = newest_run(consultation.id)
    if run is None:
        return None
    groups = _groups(consultation.id, viewing.smallest_group)
    is_whole = viewing.is_early or is_tally_shown(
        consultation.results_policy, consultation.state, has_voted=False
    )
    reader_id = None if is_whole else viewing.reader.person_id
    told = {group.number for group in groups if group.people is not None}
    which = sa.true() if is_whole else _voted_on(consultation.id, reader_id)
    lists = _lists(consultation.id, told, viewing.smallest_group, which)
    if not _has_groups(run):
        lists = {name: lists[name] for name in ("agreed", "opposed")} | {"divisive": []}
    chosen = {comment_id for some in lists.values() for comment_id, _ in some}
    found = _statements(consultation.id, chosen, groups, viewing.smallest_group)
    listed = {
        name: tuple(found[comment_id, side] for comment_id, side in some if (comment_id, side) in found)
        for name, some in lists.items()
    }
    return OpinionResult(
        run=run,
        groups=groups,
        is_open_list=not is_whole,
        agreed=listed["agreed"],
        opposed=listed["opposed"],
        divisive=listed["divisive"],
        standing={group.number: listed.get(group.letter, ()) for group in groups if group.people is not None},
    )


def map_cells(viewing: Viewing, consultation_id: int, run: RunView) -> MapCells:
    """The cells of the newest map, without those of few people, and the reader's own place."""
    rows = db.session.scalars(sa.select(OpinionBin).filter_by(consultation_id=consultation_id)).all()
    cells = [Cell(row.q, row.r, row.number, row.people) for row in rows]
    drawn = shown_cells(cells, viewing.smallest_group)
    hidden = sum(cell.people for cell in cells) - sum(cell.people for cell in drawn)
    me = None
    if viewing.reader.person_id is not None:
        me = db.session.get(OpinionMember, (consultation_id, viewing.reader.person_id))
    is_placed = me is not None and me.number is not None
    return MapCells(
        cells=drawn,
        size=run.hexagon or 1.0,
        centres=_centres(consultation_id, viewing.smallest_group) if _has_groups(run) else {},
        you=(me.x, me.y) if me is not None and is_placed else None,
        your_group=me.number if me is not None else None,
        hidden_people=hidden,
    )


def groups_by_theme(
    viewing: Viewing, consultation_id: int, language: Language
) -> tuple[tuple[Shown, tuple[tuple[GroupSize, Tally | None], ...]], ...]:
    """Each theme with the votes of each group on all published comments that have it; None for small groups.

    For officials: citizens do not see themes before they are published. Votes are told, people count: as many
    at least as voted on the one comment of the theme that got most votes.
    """
    there = OpinionGroupStatement
    titles: dict[int, dict[Language, str]] = defaultdict(dict)
    for text in db.session.scalars(sa.select(ThemeText).filter_by(consultation_id=consultation_id)):
        titles[text.theme_id][text.language] = text.title
    rows = db.session.execute(
        sa.select(
            CommentTheme.theme_id,
            there.number,
            sa.func.sum(there.agree),
            sa.func.sum(there.disagree),
            sa.func.sum(there.passes),
            sa.func.max(_shares(there).seen),
        )
        .join(
            there,
            sa.and_(
                there.consultation_id == CommentTheme.consultation_id,
                there.comment_id == CommentTheme.comment_id,
            ),
        )
        .join(
            Comment,
            sa.and_(Comment.consultation_id == there.consultation_id, Comment.id == there.comment_id),
        )
        .where(CommentTheme.consultation_id == consultation_id, Comment.state.in_(READABLE_STATES))
        .group_by(CommentTheme.theme_id, there.number)
    )
    tallies: dict[int, dict[int, Tally]] = defaultdict(dict)
    people: dict[int, dict[int, int]] = defaultdict(dict)
    for theme_id, number, agree, disagree, passes, most in rows:
        tallies[theme_id][number] = Tally(int(agree), int(disagree), int(passes))
        people[theme_id][number] = most
    sizes = {group.number: group for group in _groups(consultation_id, viewing.smallest_group)}
    return tuple(
        (shown(titles[theme_id], language), _told(found, people[theme_id], sizes, viewing.smallest_group))
        for theme_id, found in sorted(tallies.items())
    )


def _has_groups(run: RunView) -> bool:
    return run.clarity is not Clarity.NONE and run.k > 1 and run.participants >= FEWEST_ON_MAP


def _centres(consultation_id: int, smallest_group: int) -> dict[int, Point]:
    """The middle of each group that may be told: a mean over all its people, so it shows nobody's place."""
    told = {group.number for group in _groups(consultation_id, smallest_group) if group.people is not None}
    rows = db.session.scalars(sa.select(OpinionGroup).filter_by(consultation_id=consultation_id))
    return {row.number: (row.x, row.y) for row in rows if row.number in told}


def _groups(consultation_id: int, smallest_group: int) -> tuple[GroupSize, ...]:
    """The groups; where one is too small, another is hidden too, so that no difference tells its votes."""
    rows = db.session.scalars(
        sa.select(OpinionGroup).filter_by(consultation_id=consultation_id).order_by(OpinionGroup.number)
    ).all()
    hidden = suppressed_categories({str(row.number): row.size for row in rows}, smallest_group)
    return tuple(GroupSize(row.number, None if str(row.number) in hidden else row.size) for row in rows)


def _voted_on(consultation_id: int, person_id: int | None) -> sa.ColumnElement[bool]:
    """Condition: the reader has voted on the statement, so that its own page shows its votes."""
    own = sa.select(CommentVote.comment_id).where(
        CommentVote.consultation_id == consultation_id, CommentVote.person_id == person_id
    )
    return OpinionStatement.comment_id.in_(own)


Listed = list[tuple[int, Choice]]


def _lists(
    consultation_id: int, told: Collection[int], smallest_group: int, which: sa.ColumnElement[bool]
) -> dict[str, Listed]:
    """Comments of each list in order: common ground, what divides, and what stands for each group.

    `told` are the groups that may be told, by number. Only what enough of each of them voted on is listed:
    that a comment stands in a list tells how a group voted, also where its figures are hidden.
    """
    everybody, spread = _shares(OpinionStatement), _spread(consultation_id, told)
    here = (
        sa.select(OpinionStatement.comment_id)
        .join(
            Comment,
            sa.and_(
                Comment.consultation_id == OpinionStatement.consultation_id,
                Comment.id == OpinionStatement.comment_id,
            ),
        )
        .where(
            OpinionStatement.consultation_id == consultation_id,
            Comment.state.in_(READABLE_STATES),
            everybody.seen >= smallest_group,
            which,
        )
    )
    agreed, opposed = [everybody.agreeing > 1 / 2], [everybody.opposing > 1 / 2]
    if told:
        here = here.join(spread, spread.c.comment_id == OpinionStatement.comment_id)
        here = here.where(spread.c.least_seen >= smallest_group)
        agreed.append(spread.c.least_agree > 1 / 2)
        opposed.append(spread.c.least_disagree > 1 / 2)
    lists: dict[str, Listed] = defaultdict(
        list,
        agreed=_common(here.where(*agreed), OpinionStatement.common_agree, Choice.AGREE),
        opposed=_common(here.where(*opposed), OpinionStatement.common_disagree, Choice.DISAGREE),
        divisive=_divisive(here, spread) if len(told) > 1 else [],
    )
    for comment_id, number, side in db.session.execute(_standing(here, told)):
        lists[group_letter(number)].append((comment_id, Choice(side)))
    return lists


@dataclass(frozen=True)
class _Shares:
    """Who voted, and the shares that agree and disagree, with a prior of one half."""

    seen: sa.ColumnElement[int]
    agreeing: sa.ColumnElement[Any]
    opposing: sa.ColumnElement[Any]


def _shares(there: type[OpinionStatement | OpinionGroupStatement]) -> _Shares:
    seen = there.agree + there.disagree + there.passes
    return _Shares(seen, (there.agree + 1.0) / (seen + 2.0), (there.disagree + 1.0) / (seen + 2.0))


def _spread(consultation_id: int, told: Collection[int]) -> sa.Subquery:
    """The least and greatest that one of some groups gives a statement: of votes, and of shares."""
    there, shares = OpinionGroupStatement, _shares(OpinionGroupStatement)
    return (
        sa.select(
            there.comment_id,
            sa.func.min(shares.seen).label("least_seen"),
            sa.func.min(shares.agreeing).label("least_agree"),
            sa.func.max(shares.agreeing).label("most_agree"),
            sa.func.min(shares.opposing).label("least_disagree"),
        )
        .where(there.consultation_id == consultation_id, there.number.in_(told))
        .group_by(there.comment_id)
        .subquery()
    )


def _common(here: sa.Select[Any], score: InstrumentedAttribute[float], side: Choice) -> Listed:
    """Statements on which a side is taken in common, those first on which most do."""
    rows = db.session.scalars(here.order_by(score.desc(), OpinionStatement.comment_id).limit(MOST_LISTED))
    return [(comment_id, side) for comment_id in rows]


def _divisive(here: sa.Select[Any], spread: sa.Subquery) -> Listed:
    """Statements with the greatest difference between two groups' shares of agreement."""
    apart = spread.c.most_agree - spread.c.least_agree
    rows = db.session.scalars(
        here.where(apart >= DIVISIVE).order_by(apart.desc(), OpinionStatement.comment_id).limit(MOST_LISTED)
    )
    return [(comment_id, Choice.PASS) for comment_id in rows]


def _standing(here: sa.Select[Any], told: Collection[int]) -> sa.Select[Any]:
    """What stands for each group: comment, the group's number, and the side it takes."""
    there = OpinionGroupStatement
    return (
        here.join(
            there,
            sa.and_(
                there.consultation_id == OpinionStatement.consultation_id,
                there.comment_id == OpinionStatement.comment_id,
            ),
        )
        .where(there.place.is_not(None), there.number.in_(told))
        .add_columns(there.number, there.side)
        .order_by(there.number, there.place)
    )


def _statements(
    consultation_id: int, comment_ids: Collection[int], groups: Iterable[GroupSize], smallest_group: int
) -> dict[tuple[int, Choice], StatementResult]:
    """Each statement as it stands in a list of either side; two queries."""
    sizes = {group.number: group for group in groups}
    tallies = _group_tallies(consultation_id, comment_ids)
    found = {}
    for row in db.session.execute(_published(consultation_id, comment_ids)):
        here = tallies[row.comment_id]
        people = {number: tally.total for number, tally in here.items()}
        by_group = _told(here, people, sizes, smallest_group)
        for side in Choice:
            found[row.comment_id, side] = StatementResult(
                comment_id=row.comment_id,
                question_number=row.number,
                text=row.words,
                language=row.language,
                side=side,
                tally=Tally(row.agree, row.disagree, row.passes),
                by_group=by_group,
            )
    return found


def _published(consultation_id: int, comment_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """The words that everybody reads of some comments, and everybody's votes on them."""
    return (
        sa.select(
            OpinionStatement.comment_id,
            OpinionStatement.agree,
            OpinionStatement.disagree,
            OpinionStatement.passes,
            Question.number,
            Comment.language,
            sa.func.coalesce(Comment.redacted_body, Comment.body).label("words"),
        )
        .join(
            Comment,
            sa.and_(
                Comment.consultation_id == OpinionStatement.consultation_id,
                Comment.id == OpinionStatement.comment_id,
            ),
        )
        .join(Question, Question.id == Comment.question_id)
        .where(
            OpinionStatement.consultation_id == consultation_id,
            OpinionStatement.comment_id.in_(comment_ids),
            Comment.state.in_(READABLE_STATES),
        )
    )


def _group_tallies(consultation_id: int, comment_ids: Collection[int]) -> dict[int, dict[int, Tally]]:
    found: dict[int, dict[int, Tally]] = defaultdict(dict)
    rows = db.session.scalars(
        sa.select(OpinionGroupStatement).where(
            OpinionGroupStatement.consultation_id == consultation_id,
            OpinionGroupStatement.comment_id.in_(comment_ids),
        )
    )
    for row in rows:
        found[row.comment_id][row.number] = Tally(row.agree, row.disagree, row.passes)
    return found


def _told(
    tallies: Mapping[int, Tally],
    people: Mapping[int, int],
    sizes: Mapping[int, GroupSize],
    smallest_group: int,
) -> tuple[tuple[GroupSize, Tally | None], ...]:
    """The votes of each group that may be told, by the groups' numbers; `people` of each cast them.

    Everybody's votes are told as well, so a group of whom few voted takes another one out of sight with it.
    """
    counts = {str(number): count for number, count in people.items()}
    hidden = set(suppressed_categories(counts, smallest_group))
    hidden |= {str(number) for number, group in sizes.items() if group.people is None}
    return tuple(
        (group, None if str(number) in hidden else tallies.get(number, Tally()))
        for number, group in sorted(sizes.items())
    )
