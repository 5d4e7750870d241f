"""Filling an empty installation with a demonstration, through the same deeds as people use."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import click

from consult.config import SettingError
from consult.demo.answered import make_answered
from consult.demo.content import ask, at_hour, by_language, gather, read, read_json, texts_in
from consult.domain.consultations import ModerationMode
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import OPERATOR, Actor, Role
from consult.domain.questions import QuestionKind
from consult.domain.votes import Choice
from consult.queries.editing import editing_of
from consult.queries.questions import questions_of
from consult.services import (
    accounts,
    agendas,
    comments,
    consultations,
    moderation,
    questions,
    votes,
)
from consult.services.comments import Words
from consult.services.drafting import Basics

AGENDA = "workshop-2016.txt"
STAFF = (
    ("official@example.kz", "Дана Ахметова", Role.OFFICIAL, Language.RU),
    ("administrator@example.kz", "Ерлан Мұратов", Role.ADMINISTRATOR, Language.KK),
)
MOODS = {"agreed": (8, 1, 2), "divided": (5, 4, 2), "disputed": (2, 7, 2)}
"""How often people agree, disagree and pass, in parts."""
INTERRUPTED = (
    "The demonstration was stopped while it was being made, or this database is in use for something else. "
    "Use an empty one: another CONSULT_INSTANCE folder or CONSULT_DATABASE_URL."
)
TURNOUT = 0.7
"""Share of the other citizens who vote on a comment."""


@dataclass(frozen=True)
class Demo:
    """What the demonstration holds: sign-in data of one person a role, and the addresses of consultations."""

    accounts: list[dict[str, str]]
    consultations: list[str]


def seed(instance: Path, *, progress: bool) -> Demo:
    """Make the demonstration where it is not there yet; its sign-in data is kept in the instance folder."""
    discussion = read_json("discussion.json")
    sign_in_file = instance / "demo.json"
    answered = read_json("answered.json")
    parts = (discussion["consultation"], answered, discussion["second"], discussion["draft"])
    slugs = [part["slug"] for part in parts]
    if sign_in_file.is_file():
        return Demo(json.loads(sign_in_file.read_text(encoding="utf-8")), slugs)
    chance = Random(2016)  # noqa: S311 - votes of a demonstration
    steps = _steps(discussion, answered, chance, sign_in_file)
    try:
        _walk(steps, progress=progress)
    except Refused as refused:
        if refused.reason is Reason.EMAIL_TAKEN:
            raise SettingError(INTERRUPTED) from None
        raise
    return Demo(json.loads(sign_in_file.read_text(encoding="utf-8")), slugs)


def _walk(steps: Iterable[None], *, progress: bool) -> None:
    """Do every step, with a bar on a terminal."""
    if not progress:
        for _ in steps:
            pass
        return
    with click.progressbar(steps, label="Making the demonstration", length=52, show_eta=False) as bar:
        for _ in bar:
            pass


def _steps(
    discussion: dict[str, Any], answered: dict[str, Any], chance: Random, sign_in_file: Path
) -> Iterator[None]:
    staff = [_person(email, name, role, language) for email, name, role, language in STAFF]
    official = staff[0][0]
    yield from make_answered(official, answered)
    people: dict[str, Actor] = {}
    shown = [account for _, account in staff]
    for citizen in discussion["citizens"]:
        email = f"{citizen['key']}@example.kz"
        actor, account = _person(email, citizen["name"], Role.CITIZEN, Language(citizen["language"]))
        if not people:
            shown.insert(0, account)
        people[citizen["key"]] = actor
        yield
    consultation_id = _main_consultation(official, discussion)
    _second_consultation(official, discussion["second"])
    _draft_consultation(official, discussion["draft"])
    yield
    cards = questions_of(official, consultation_id, Language.KK)
    numbers = {card.number: card.id for card in cards}
    sent = []
    for comment in discussion["comments"]:
        sent.append(
            _discuss(consultation_id, numbers[comment["question"]], comment, people, official, chance)
        )
        yield
    for theme in discussion["themes"]:
        gather(official, consultation_id, theme, [sent[place] for place in theme["comments"]])
    for card in cards:
        if card.kind is QuestionKind.PROPOSITION:
            _vote_on_proposition(people.values(), consultation_id, card.id, chance)
    sign_in_file.touch(mode=0o600)
    sign_in_file.write_text(json.dumps(shown, ensure_ascii=False, indent=2), encoding="utf-8")


def _person(email: str, name: str, role: Role, language: Language) -> tuple[Actor, dict[str, str]]:
    password = secrets.token_urlsafe(9)
    person_id = accounts.create_account(OPERATOR, email, name, password, role, language)
    return Actor(person_id, role, name, language), {"role": role.value, "email": email, "password": password}


def _main_consultation(official: Actor, discussion: dict[str, Any]) -> int:
    """The agenda itself, read as any other, with questions in three languages; then opened."""
    part = discussion["consultation"]
    now = datetime.now(UTC)
    imported = agendas.import_agenda(official, part["slug"], read(AGENDA), AGENDA, Language.EN)
    key = imported.consultation_id
    editing = editing_of(official, key, Language.EN)
    consultations.edit_consultation(
        official,
        key,
        editing.row.version,
        Basics(
            texts=texts_in(part["texts"]),
            contact=part["contact"],
            closes_at=at_hour(now + timedelta(days=30), 18),
            answer_due_on=(now + timedelta(days=60)).date(),
        ),
    )
    for topic, written in zip(editing.topics, read_json("questions.json"), strict=True):
        questions.edit_topic(official, key, topic.id, by_language(written["title"]))
        questions.add_question(official, key, topic.id, by_language(written["question"]))
    proposition = discussion["proposition"]
    last = editing.topics[proposition["topic"] - 1].id
    questions.add_question(official, key, last, by_language(proposition["texts"]), QuestionKind.PROPOSITION)
    consultations.open_consultation(official, key)
    return key


def _second_consultation(official: Actor, part: dict[str, Any]) -> None:
    """One that opens in a week, moderated afterwards."""
    now = datetime.now(UTC)
    key = consultations.create_consultation(
        official,
        part["slug"],
        Basics(
            texts=texts_in(part["texts"]),
            contact=part["contact"],
            opens_at=at_hour(now + timedelta(days=7), 18),
            closes_at=at_hour(now + timedelta(days=36), 18),
            answer_due_on=(now + timedelta(days=70)).date(),
            moderation_mode=ModerationMode.POST,
        ),
    )
    ask(official, key, part)
    consultations.open_consultation(official, key)


def _draft_consultation(official: Actor, part: dict[str, Any]) -> None:
    key = consultations.create_consultation(official, part["slug"], Basics(texts=texts_in(part["texts"])))
    ask(official, key, part)


def _discuss(
    consultation_id: int,
    question_id: int,
    comment: dict[str, Any],
    people: dict[str, Actor],
    official: Actor,
    chance: Random,
) -> int:
    """One comment with its replies and votes; moderators decide last, so that a withheld one has both.

    Answers its number.
    """
    author = people[comment["author"]]
    submitted = comments.submit_comment(author, consultation_id, question_id, _words(comment))
    if comment["outcome"] == "pending":
        return submitted.comment_id
    moderation.publish_comment(official, submitted.comment_id)
    for reply in comment.get("replies", ()):
        answer = comments.submit_reply(
            people[reply["author"]], consultation_id, submitted.comment_id, _words(reply)
        )
        if reply["outcome"] == "published":
            moderation.publish_comment(official, answer.comment_id)
    for voter in people.values():
        if voter is not author and chance.random() < TURNOUT:
            choice = _drawn(chance, comment.get("mood", "divided"))
            votes.cast_vote(voter, consultation_id, submitted.comment_id, choice)
    _decide(official, submitted.comment_id, comment)
    return submitted.comment_id


def _decide(official: Actor, comment_id: int, comment: dict[str, Any]) -> None:
    rule, reason = comment.get("rule", ""), comment.get("reason", "")
    match comment["outcome"]:
        case "withheld":
            moderation.withhold_comment(official, comment_id, rule, reason)
        case "redacted":
            moderation.redact_comment(official, comment_id, comment["redacted"], rule, reason)
        case _:
            pass


def _vote_on_proposition(
    people: Iterable[Actor], consultation_id: int, question_id: int, chance: Random
) -> None:
    for voter in list(people)[1:]:
        choice = _drawn(chance, "agreed")
        votes.vote_on_proposition(voter, consultation_id, question_id, choice, voter.language)


def _drawn(chance: Random, mood: str) -> Choice:
    agree, disagree, passing = MOODS[mood]
    parts: Sequence[Choice] = (Choice.AGREE, Choice.DISAGREE, Choice.PASS)
    return chance.choices(parts, (agree, disagree, passing))[0]


def _words(written: dict[str, Any]) -> Words:
    language = Language(written["language"])
    return Words(written["body"], language, language)
