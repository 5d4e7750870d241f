"""Reading appeals for those who decide them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.domain.appeals import APPEALED_MOVES, Verdict, is_involved
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT, Language, Shown, shown
from consult.domain.people import Actor, Duty, Role
from consult.domain.permissions import consultations_where, may_moderate, require_in, require_somewhere
from consult.models.appeals import Appeal
from consult.models.base import db
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.models.questions import Question
from consult.queries.questions import newest_texts
from consult.queries.rulings import involved_in

PAGE = 20
_LIVE = (CommentState.PUBLISHED, CommentState.WITHHELD)
"""States of a comment in which there is something left to decide."""


@dataclass(frozen=True)
class ListedAppeal:
    """An appeal in the list; `is_mine_to_decide` is False for who wrote the comment or ruled on it."""

    id: int
    comment_id: int
    consultation: Shown
    rule: str | None
    lodged_at: datetime
    verdict: Verdict | None
    decided_at: datetime | None
    is_mine_to_decide: bool


@dataclass(frozen=True)
class ListedAppeals:
    """A page; `next_key` asks for the next one, None on the last."""

    appeals: tuple[ListedAppeal, ...]
    next_key: int | None


@dataclass(frozen=True)
class Case:
    """An appeal as it is decided: the comment, the decision, the author's words, and whether the reader may.

    `others` counts the people who could decide it; `author_language` is what the reason is to be written in.
    """

    id: int
    consultation_id: int
    slug: str
    consultation: Shown
    comment_id: int
    question_number: int
    question: Shown
    body: str
    redacted_body: str | None
    language: Language | None
    state: CommentState
    version: int
    rule: str | None
    ruled_at: datetime
    ruled_by: str | None
    ruling_reason: str
    was_redacted: bool
    words: str
    lodged_at: datetime
    author_language: Language
    verdict: Verdict | None
    reason: str
    reason_language: Language | None
    decided_by: str | None
    decided_at: datetime | None
    is_mine_to_decide: bool
    others: int

    @property
    def is_moot(self) -> bool:
        """Whether the comment is gone, so that there is nothing left to decide."""
        return self.state not in _LIVE


def waiting_count(reader: Actor) -> int:
    """Appeals that wait, in the consultations in which the reader moderates; their own rulings included."""
    only = consultations_where(reader, may_moderate)
    query = _of_live_comments(db.select(sa.func.count()).select_from(Appeal), only)
    return db.session.scalar(query.where(Appeal.verdict.is_(None))) or 0


def _of_live_comments(
    query: sa.Select[*tuple[Any, ...]], only: frozenset[int] | None
) -> sa.Select[*tuple[Any, ...]]:
    query = query.join(
        Comment,
        sa.and_(Comment.consultation_id == Appeal.consultation_id, Comment.id == Appeal.comment_id),
    ).where(sa.or_(Appeal.verdict.is_not(None), Comment.state.in_(_LIVE)))
    return query if only is None else query.where(Appeal.consultation_id.in_(only))


def list_appeals(
    reader: Actor, language: Language, *, is_decided: bool = False, key: int | None = None
) -> ListedAppeals:
    """Appeals that wait, the oldest first; or those decided, the newest first. Four queries.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    query = sa.select(Appeal, Comment.author_id, ModerationAct.rule).join(
        ModerationAct,
        sa.and_(ModerationAct.consultation_id == Appeal.consultation_id, ModerationAct.id == Appeal.act_id),
    )
    query = _of_live_comments(query, consultations_where(reader, may_moderate))
    if is_decided:
        query = query.where(Appeal.verdict.is_not(None)).order_by(Appeal.id.desc())
    else:
        query = query.where(Appeal.verdict.is_(None)).order_by(Appeal.id)
    if key is not None:
        query = query.where(Appeal.id < key if is_decided else Appeal.id > key)
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    page = rows[:PAGE]
    titles, involved = _titles({row[0].consultation_id for row in page}), _involved([row[0] for row in page])
    return ListedAppeals(
        tuple(
            ListedAppeal(
                id=appeal.id,
                comment_id=appeal.comment_id,
                consultation=shown(titles[appeal.consultation_id], language),
                rule=rule,
                lodged_at=appeal.lodged_at,
                verdict=appeal.verdict,
                decided_at=appeal.decided_at,
                is_mine_to_decide=not is_involved(
                    reader, involved[appeal.comment_id] | ({author_id} if author_id else frozenset())
                ),
            )
            for appeal, author_id, rule in page
        ),
        page[-1][0].id if len(rows) > PAGE else None,
    )


def _involved(appeals: Collection[Appeal]) -> dict[int, frozenset[int]]:
    """Who withheld or redacted each of the comments."""
    found: dict[int, frozenset[int]] = defaultdict(frozenset)
    rows = db.session.execute(
        db.select(ModerationAct.comment_id, ModerationAct.actor_id).where(
            sa.tuple_(ModerationAct.consultation_id, ModerationAct.comment_id).in_(
                [(row.consultation_id, row.comment_id) for row in appeals]
            ),
            ModerationAct.move.in_(APPEALED_MOVES),
            ModerationAct.actor_id.is_not(None),
        )
    )
    for comment_id, actor_id in rows:
        found[comment_id] |= {actor_id}
    return found


def _titles(keys: Collection[int]) -> dict[int, dict[Language, str]]:
    found: dict[int, dict[Language, str]] = defaultdict(dict)
    for text in db.session.scalars(
        db.select(ConsultationText).where(ConsultationText.consultation_id.in_(keys))
    ):
        found[text.consultation_id][text.language] = text.title
    return found


def case_at(reader: Actor, appeal_id: int, language: Language) -> Case:
    """One appeal with everything that is needed to decide it.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    require_somewhere(reader, may_moderate)
    decider, moderator = sa.orm.aliased(Person), sa.orm.aliased(Person)
    row = db.session.execute(
        sa.select(
            Appeal, Comment, ModerationAct, Consultation.slug, Question.number,
            Person.language.label("author_language"), decider.name.label("decided_by"),
            moderator.name.label("ruled_by"),
        )
        .join(
            Comment,
            sa.and_(Comment.consultation_id == Appeal.consultation_id, Comment.id == Appeal.comment_id),
        )
        .join(
            ModerationAct,
            sa.and_(
                ModerationAct.consultation_id == Appeal.consultation_id, ModerationAct.id == Appeal.act_id
            ),
        )
        .join(Consultation, Consultation.id == Appeal.consultation_id)
        .join(Question, Question.id == Comment.question_id)
        .outerjoin(Person, Person.id == Appeal.person_id)
        .outerjoin(decider, decider.id == Appeal.decided_by)
        .outerjoin(moderator, moderator.id == ModerationAct.actor_id)
        .where(Appeal.id == appeal_id)
        .execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    require_in(reader, may_moderate, row[0].consultation_id)
    return _case(reader, row, language)


def _case(reader: Actor, row: sa.Row[*tuple[Any, ...]], language: Language) -> Case:
    appeal, comment, act = row[0], row[1], row[2]
    involved = involved_in(comment)
    return Case(
        id=appeal.id,
        consultation_id=appeal.consultation_id,
        slug=row.slug,
        consultation=shown(_titles([appeal.consultation_id])[appeal.consultation_id], language),
        comment_id=comment.id,
        question_number=row.number,
        question=shown(newest_texts({comment.question_id}).get(comment.question_id, {}), language),
        body=comment.body,
        redacted_body=comment.redacted_body,
        language=comment.language,
        state=comment.state,
        version=comment.version,
        rule=act.rule,
        ruled_at=act.acted_at,
        ruled_by=row.ruled_by,
        ruling_reason=act.reason,
        was_redacted=act.after is CommentState.PUBLISHED,
        words=appeal.words,
        lodged_at=appeal.lodged_at,
        author_language=row.author_language or DEFAULT,
        verdict=appeal.verdict,
        reason=appeal.reason,
        reason_language=appeal.reason_language,
        decided_by=row.decided_by,
        decided_at=appeal.decided_at,
        is_mine_to_decide=not is_involved(reader, involved),
        others=_deciders(appeal.consultation_id, involved),
    )


def _deciders(consultation_id: int, involved: Collection[int]) -> int:
    """People who moderate in a consultation and had no part in the decision."""
    has_duty = sa.exists().where(
        ConsultationDuty.person_id == Person.id,
        ConsultationDuty.consultation_id == consultation_id,
        ConsultationDuty.duty == Duty.MODERATOR,
    )
    query = (
        db.select(sa.func.count())
        .select_from(Person)
        .where(
            Person.is_active,
            sa.or_(Person.role.in_([Role.OFFICIAL, Role.ADMINISTRATOR]), has_duty),
            Person.id.not_in(involved),
        )
    )
    return db.session.scalar(query) or 0


def without_decider() -> int:
    """Appeals that wait although nobody may decide them; for whoever looks after the installation."""
    waiting = db.session.execute(
        _of_live_comments(sa.select(Appeal, Comment), None)
        .where(Appeal.verdict.is_(None))
        .order_by(Appeal.id)
    ).all()
    return sum(_deciders(appeal.consultation_id, involved_in(comment)) == 0 for appeal, comment in waiting)
