"""The consultation of a demonstration that is over and answered: imagined people of three opinions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from consult.demo.content import ask, at_hour, by_language, gather, position_in, texts_in
from consult.domain.consultations import ModerationMode, Timetable
from consult.domain.languages import Language
from consult.domain.outcomes import OutcomePart, Target
from consult.domain.people import OPERATOR, Actor
from consult.domain.profile import AgeBand, Gender, Profile, Region
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.queries.questions import QuestionCard, questions_of
from consult.services import consultations, moderation, opinion, outcomes, own_data, rehearsals
from consult.services.drafting import Basics
from consult.services.rehearsals import Ballot, Player, Remark, Script

STANDS = {"for": (17, 1, 2), "against": (1, 17, 2), "mixed": (8, 7, 5)}
"""How often people of a group agree, disagree and pass, in parts."""
TURNOUT = 0.85
"""Share of the people who vote on a comment."""
OPENED, CLOSED = timedelta(days=50), timedelta(days=20)
"""So long ago."""
ANSWER_DUE = timedelta(days=10)
TELLING = 0.5
"""Share of the people who tell something of themselves for statistics."""
AGES = {AgeBand.FROM_18: 5, AgeBand.FROM_30: 7, AgeBand.FROM_45: 5, AgeBand.FROM_60: 4}


@dataclass(frozen=True)
class _Citizen:
    """Somebody imagined: as whom the rehearsal knows them, and of which opinion group."""

    player: Player
    group: str


def make_answered(official: Actor, part: dict[str, Any]) -> Iterator[None]:
    """The consultation from its draft to its published outcome, step by step."""
    chance = Random(part["slug"])  # noqa: S311 - votes of a demonstration
    now = datetime.now(UTC)
    times = Timetable(at_hour(now - OPENED, 9), at_hour(now - CLOSED, 18))
    basics = _basics(part, times, (now + ANSWER_DUE).date())
    key = consultations.create_consultation(official, part["slug"], basics)
    ask(official, key, part)
    citizens = list(_citizens(part, chance))
    cards = questions_of(official, key, Language.KK)
    script = _script(part, times, citizens, cards, chance)
    rehearsed = rehearsals.rehearse_consultation(OPERATOR, key, script)
    yield
    for person_id, citizen in zip(rehearsed.person_ids, citizens, strict=True):
        _tell_of_oneself(
            Actor(person_id, language=citizen.player.language), part["groups"][citizen.group], chance
        )
    yield
    _answer(official, key, part, rehearsed.comment_ids)
    yield
    opinion.compute_opinion(OPERATOR, part["slug"])
    yield


def _basics(part: dict[str, Any], times: Timetable, answer_due_on: date) -> Basics:
    return Basics(
        texts=texts_in(part["texts"]),
        contact=part["contact"],
        opens_at=times.opens_at,
        closes_at=times.closes_at,
        answer_due_on=answer_due_on,
        moderation_mode=ModerationMode.POST,
    )


def _citizens(part: dict[str, Any], chance: Random) -> Iterator[_Citizen]:
    """The authors of the comments in their order, then as many more as each group has."""
    for comment in part["comments"]:
        yield _Citizen(Player(Language(comment["language"]), comment["author"]), comment["group"])
    written = [comment["group"] for comment in part["comments"]]
    numbers = count(len(written) + 1)
    for name, group in part["groups"].items():
        for _ in range(group["size"] - written.count(name)):
            language = Language(_drawn(chance, group["languages"]))
            yield _Citizen(Player(language, part["crowd"][language].format(number=next(numbers))), name)


def _script(
    part: dict[str, Any],
    times: Timetable,
    citizens: Sequence[_Citizen],
    cards: Sequence[QuestionCard],
    chance: Random,
) -> Script:
    """The votes on each comment come at any time after it, those on a proposition in the whole period."""
    remarks = _remarks(part, times, {card.number: card.id for card in cards}, chance)
    on_remarks = [
        ballot
        for place, (one, remark) in enumerate(zip(part["comments"], remarks, strict=True))
        for ballot in _ballots(place, one["stands"], (remark.at, times.closes_at), citizens, chance)
        if ballot.player != remark.player
    ]
    on_propositions = [
        ballot
        for card, question in zip(cards, part["questions"], strict=True)
        if card.kind is QuestionKind.PROPOSITION
        for ballot in _ballots(
            card.id, question["stands"], (times.opens_at, times.closes_at), citizens, chance
        )
    ]
    return Script([each.player for each in citizens], remarks, on_remarks, on_propositions)


def _remarks(
    part: dict[str, Any], times: Timetable, questions: Mapping[int, int], chance: Random
) -> list[Remark]:
    """The comments, which arrive in the first two thirds of the period."""
    writing = (times.closes_at - times.opens_at) * 2 / 3
    moments = sorted(times.opens_at + writing * chance.random() for _ in part["comments"])
    return [
        Remark(place, questions[one["question"]], one["body"], Language(one["language"]), moment)
        for place, (one, moment) in enumerate(zip(part["comments"], moments, strict=True))
    ]


def _ballots(
    on: int,
    stands: Mapping[str, str],
    between: tuple[datetime, datetime],
    citizens: Sequence[_Citizen],
    chance: Random,
) -> Iterator[Ballot]:
    first, last = between
    for player, citizen in enumerate(citizens):
        if chance.random() < TURNOUT:
            choice = chance.choices(
                (Choice.AGREE, Choice.DISAGREE, Choice.PASS), STANDS[stands[citizen.group]]
            )
            yield Ballot(player, on, choice[0], first + (last - first) * chance.random())


def _tell_of_oneself(citizen: Actor, group: dict[str, Any], chance: Random) -> None:
    if chance.random() < TELLING:
        region = Region(_drawn(chance, group["regions"]))
        gender = chance.choice((Gender.FEMALE, Gender.MALE))
        profile = Profile(region, AgeBand(_drawn(chance, AGES)), gender)
        own_data.save_profile(citizen, profile, citizen.language, agrees=True)


def _answer(official: Actor, key: int, part: dict[str, Any], comment_ids: Sequence[int]) -> None:
    """Moderation, themes, positions and the outcome, by the deeds of officials."""
    for place, comment in enumerate(part["comments"]):
        if "rule" in comment:
            moderation.withhold_comment(official, comment_ids[place], comment["rule"], comment["reason"])
    for theme in part["themes"]:
        gather(official, key, theme, [comment_ids[number - 1] for number in theme["comments"]])
    for written in part["positions"]:
        target = Target(comment_id=comment_ids[written["comment"] - 1])
        outcomes.give_position(official, key, target, position_in(written))
    parts = {OutcomePart(name): by_language(texts) for name, texts in part["outcome"].items()}
    outcomes.save_outcome(official, key, 0, parts)
    outcomes.publish_outcome(official, key)


def _drawn(chance: Random, parts: Mapping[Any, int]) -> Any:
    return chance.choices(list(parts), list(parts.values()))[0]
