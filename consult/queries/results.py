"""Reading the results of a consultation, already cut to what the reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from consult.domain.comments import CommentState
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.questions import QuestionKind
from consult.domain.results import Breakdown, Counted, Held, Voted, counted, voted
from consult.domain.visibility import are_breakdowns_shown, are_results_shown, is_tally_shown
from consult.domain.votes import Choice, Tally
from consult.models.base import db, now_in_database
from consult.models.comments import Comment
from consult.models.own_data import PersonProfile
from consult.models.people import Person
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.consultations import ConsultationView, Figures, figures
from consult.queries.freshness import kept
from consult.queries.questions import QuestionCard, questions_of

OF_PEOPLE = (Breakdown.REGION, Breakdown.AGE_BAND, Breakdown.GENDER, Breakdown.VERIFICATION)
OF_COMMENTS = (Breakdown.LANGUAGE, Breakdown.CHANNEL)
OF_VOTES = (Breakdown.LANGUAGE, Breakdown.REGION, Breakdown.VERIFICATION)


@dataclass(frozen=True)
class Viewing:
    """Whose look at results this is. `is_early`: an official's, who sees them before citizens do."""

    reader: Actor
    smallest_group: int
    is_early: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """A question with its votes; `held` says why there are none to see. Both are None for open questions."""

    card: QuestionCard
    tally: Tally | None
    held: Held | None
    by: tuple[Voted, ...]


@dataclass(frozen=True)
class TakingPart:
    """People by what they told of themselves, comments by language and channel; small ones hidden."""

    people: tuple[Counted, ...]
    comments: tuple[Counted, ...]


@dataclass(frozen=True)
class Results:
    """The figures of a consultation as they stood at `read_at`.

    `held` says why the whole is not shown; then `people` and `comments` are empty. They are also empty while
    voting goes on, but for officials.
    """

    read_at: datetime
    figures: Figures
    held: Held | None
    questions: tuple[QuestionResult, ...]
    people: tuple[Counted, ...]
    comments: tuple[Counted, ...]

    @property
    def published(self) -> int:
        """Comments that everybody may read."""
        return self.figures.comments[CommentState.PUBLISHED.value]


def results_of(viewing: Viewing, consultation: ConsultationView, language: Language) -> Results:
    """The results as this reader may see them; some twenty queries, however many people took part."""
    found = _figures(consultation.id)
    held = held_back(viewing, consultation, found.participants)
    has_breakdowns = held is None and (viewing.is_early or are_breakdowns_shown(consultation.state))
    return Results(
        read_at=now_in_database(),
        figures=found,
        held=held,
        questions=_questions(viewing, consultation, language, has_breakdowns=has_breakdowns),
        people=_people(consultation.id, viewing.smallest_group) if has_breakdowns else (),
        comments=_comments(consultation.id, viewing.smallest_group) if has_breakdowns else (),
    )


@kept
def _figures(consultation_id: int) -> Figures:
    """To count 200 000 votes and their people takes a tenth of a second: not again for each reader."""
    return figures(consultation_id)


def breakdowns(consultation_id: int, smallest_group: int) -> TakingPart:
    """Who has taken part so far, for those who run the consultation; their pages ask who that is."""
    return TakingPart(_people(consultation_id, smallest_group), _comments(consultation_id, smallest_group))


def held_back(viewing: Viewing, consultation: ConsultationView, participants: int) -> Held | None:
    """Why this reader sees no results of the whole; None where they are shown."""
    policy, state = consultation.results_policy, consultation.state
    if not viewing.is_early and not are_results_shown(
        policy, state, has_voted=has_voted(viewing.reader, consultation.id)
    ):
        is_enough = are_results_shown(policy, state, has_voted=True)
        return Held.UNTIL_VOTING if is_enough else Held.UNTIL_CLOSING
    return Held.TOO_FEW if participants < viewing.smallest_group else None


def has_voted(reader: Actor, consultation_id: int) -> bool:
    """Whether the reader has a vote in the consultation; False for a guest."""
    if reader.person_id is None:
        return False
    votes = (
        sa.select(sa.literal(1)).where(
            table.consultation_id == consultation_id, table.person_id == reader.person_id
        )
        for table in (CommentVote, PropositionVote)
    )
    return db.session.execute(sa.union_all(*votes).limit(1)).first() is not None


def _questions(
    viewing: Viewing, consultation: ConsultationView, language: Language, *, has_breakdowns: bool
) -> tuple[QuestionResult, ...]:
    cards = questions_of(viewing.reader, consultation.id, language)
    votes = _proposition_votes(consultation.id, split=has_breakdowns)
    mine = _answered(viewing.reader, consultation.id)
    return tuple(
        _question(viewing, consultation, card, votes.get(card.id, {}), has_voted=card.id in mine)
        for card in cards
    )


def _question(
    viewing: Viewing,
    consultation: ConsultationView,
    card: QuestionCard,
    votes: Mapping[tuple[str, ...], Mapping[int, int]],
    *,
    has_voted: bool,
) -> QuestionResult:
    if card.kind is not QuestionKind.PROPOSITION:
        return QuestionResult(card, None, None, ())
    policy, state = consultation.results_policy, consultation.state
    if not viewing.is_early and not is_tally_shown(policy, state, has_voted=has_voted):
        is_enough = is_tally_shown(policy, state, has_voted=True)
        return QuestionResult(card, None, Held.UNTIL_VOTING if is_enough else Held.UNTIL_CLOSING, ())
    tally = _summed(votes.values())
    if tally.total < viewing.smallest_group:
        return QuestionResult(card, None, Held.TOO_FEW, ())
    is_split = any(votes)
    by = (_split(one, place, votes, viewing.smallest_group) for place, one in enumerate(OF_VOTES))
    return QuestionResult(card, tally, None, tuple(by) if is_split else ())


def _split(
    by: Breakdown, place: int, votes: Mapping[tuple[str, ...], Mapping[int, int]], smallest_group: int
) -> Voted:
    parts: dict[str, list[Mapping[int, int]]] = defaultdict(list)
    for key, counts in votes.items():
        parts[key[place]].append(counts)
    return voted(by, {category: _summed(some) for category, some in parts.items()}, smallest_group)


def _summed(counts: Iterable[Mapping[int, int]]) -> Tally:
    some = list(counts)
    agree, disagree, pass_ = (
        sum(one.get(choice, 0) for one in some) for choice in (Choice.AGREE, Choice.DISAGREE, Choice.PASS)
    )
    return Tally(agree, disagree, pass_)


@kept
def _proposition_votes(
    consultation_id: int, *, split: bool
) -> Mapping[int, Mapping[tuple[str, ...], Mapping[int, int]]]:
    """Votes by question, by the categories in `OF_VOTES` (an empty key where not split), and by choice."""
    categories: tuple[Any, ...] = (
        (PropositionVote.question_language, PersonProfile.region, Person.verification) if split else ()
    )
    statement = sa.select(
        PropositionVote.question_id, PropositionVote.choice, sa.func.count(), *categories
    ).where(PropositionVote.consultation_id == consultation_id)
    if split:
        statement = statement.join(Person, Person.id == PropositionVote.person_id).outerjoin(
            PersonProfile, PersonProfile.person_id == PropositionVote.person_id
        )
    found: dict[int, dict[tuple[str, ...], dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    grouped = statement.group_by(PropositionVote.question_id, PropositionVote.choice, *categories)
    for question_id, choice, number, *key in db.session.execute(grouped):
        found[question_id][tuple(map(_code, key))][choice] = number
    return found


def _answered(reader: Actor, consultation_id: int) -> set[int]:
    """Propositions that the reader has voted on; empty for a guest."""
    if reader.person_id is None:
        return set()
    return set(
        db.session.scalars(
            sa.select(PropositionVote.question_id).where(
                PropositionVote.consultation_id == consultation_id,
                PropositionVote.person_id == reader.person_id,
            )
        )
    )


def _people(consultation_id: int, smallest_group: int) -> tuple[Counted, ...]:
    """Those who took part, by what they told of themselves and by how sure we are of them."""
    counts = people_by_category(consultation_id)
    return tuple(counted(by, counts[by], smallest_group) for by in OF_PEOPLE)


@kept
def people_by_category(consultation_id: int) -> Mapping[Breakdown, Mapping[str, int]]:
    """Everybody who wrote or voted, by each of `OF_PEOPLE`, uncut: for rules that cut, never for a page."""
    columns = (PersonProfile.region, PersonProfile.age_band, PersonProfile.gender, Person.verification)
    who = taking_part(consultation_id).subquery()
    rows = db.session.execute(
        sa.select(sa.func.count(), *columns)
        .select_from(who)
        .join(Person, Person.id == who.c[0])
        .outerjoin(PersonProfile, PersonProfile.person_id == Person.id)
        .group_by(*columns)
    )
    found: dict[Breakdown, dict[str, int]] = {by: defaultdict(int) for by in OF_PEOPLE}
    for number, *key in rows:
        for by, category in zip(OF_PEOPLE, key, strict=True):
            found[by][_code(category)] += number
    return found


def taking_part(consultation_id: int) -> sa.CompoundSelect[Any]:
    """People who wrote a comment or cast a vote, each once; as `consultations.participants` counts them."""
    return sa.union(
        sa.select(Comment.author_id).where(
            Comment.consultation_id == consultation_id, Comment.author_id.is_not(None)
        ),
        sa.select(CommentVote.person_id).where(CommentVote.consultation_id == consultation_id),
        sa.select(PropositionVote.person_id).where(PropositionVote.consultation_id == consultation_id),
    )


def _comments(consultation_id: int, smallest_group: int) -> tuple[Counted, ...]:
    """Published comments and replies by language and by how they came."""
    rows = db.session.execute(
        sa.select(sa.func.count(), Comment.language, Comment.channel)
        .where(Comment.consultation_id == consultation_id, Comment.state == CommentState.PUBLISHED)
        .group_by(Comment.language, Comment.channel)
    )
    found: dict[Breakdown, dict[str, int]] = {by: defaultdict(int) for by in OF_COMMENTS}
    for number, *key in rows:
        for by, category in zip(OF_COMMENTS, key, strict=True):
            found[by][_code(category)] += number
    return tuple(counted(by, found[by], smallest_group) for by in OF_COMMENTS)


def _code(category: Enum | None) -> str:
    return "" if category is None else str(category.value)
