"""Rows for the tests of exports: a consultation with every kind of comment, put in as rows, not by deeds."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from consult.domain.comments import Channel, CommentState, Move
from consult.domain.consultations import ModerationMode, ResultsPolicy, Stage
from consult.domain.languages import Language
from consult.domain.people import Role
from consult.domain.questions import QuestionKind
from consult.models.base import db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.documents import Passage, SourceDocument
from consult.models.people import Person
from consult.models.questions import Question, QuestionText, Topic, TopicText
from consult.models.votes import CommentVote, PropositionVote

MORNING = datetime(2016, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
PASSWORD_HASH = "$argon2id$canary-of-a-password"


@dataclass
class Town:
    """A consultation and its people; ids are the database's own."""

    consultation_id: int = 0
    open_question: int = 0
    proposition: int = 0
    people: list[int] = field(default_factory=list)
    official: int = 0
    slug: str = "town"

    def comment(self, body: str, state: CommentState = CommentState.PUBLISHED, **more: Any) -> int:
        """Add a comment by the first citizen, unless `author_id` says otherwise."""
        columns = {
            "consultation_id": self.consultation_id,
            "question_id": self.open_question,
            "author_id": self.people[0],
            "body": body,
            "language": Language.RU,
            "question_version": 1,
            "question_language": Language.RU,
            "channel": Channel.WEB,
            "state": state,
            "submitted_at": MORNING,
            **more,
        }
        row = Comment(**columns)
        with transaction():
            db.session.add(row)
        return row.id

    def vote(self, comment_id: int, person_id: int, choice: int) -> None:
        row = CommentVote(
            consultation_id=self.consultation_id,
            comment_id=comment_id,
            person_id=person_id,
            choice=choice,
            cast_at=MORNING + timedelta(hours=1),
        )
        with transaction():
            db.session.add(row)

    def vote_on_proposition(self, person_id: int, choice: int) -> None:
        row = PropositionVote(
            consultation_id=self.consultation_id,
            question_id=self.proposition,
            person_id=person_id,
            choice=choice,
            question_version=1,
            question_language=Language.KK,
            cast_at=MORNING,
        )
        with transaction():
            db.session.add(row)

    def withhold(self, comment_id: int, *, rule: str, reason: str) -> None:
        """The row and the act of a withholding by the official."""
        with transaction():
            row = db.session.get_one(Comment, (self.consultation_id, comment_id))
            row.state, row.publication_rule = CommentState.WITHHELD, rule
            act = ModerationAct(
                consultation_id=self.consultation_id,
                comment_id=comment_id,
                actor_id=self.official,
                move=Move.WITHHOLD,
                rule=rule,
                reason=reason,
                before=CommentState.PUBLISHED,
                after=CommentState.WITHHELD,
                acted_at=MORNING + timedelta(days=1),
            )
            db.session.add(act)


def build_town(
    *,
    slug: str = "town",
    languages: Sequence[Language] = (Language.KK, Language.RU, Language.RU),
    stage: Stage = Stage.PUBLISHED,
    results: ResultsPolicy = ResultsPolicy.AFTER_VOTING,
    closes_at: datetime = datetime(2016, 3, 21, 4, tzinfo=UTC),
    people: Sequence[int] = (),
) -> Town:
    """A consultation with one open question and one proposition, an official, and a citizen a language."""
    town = Town(slug=slug)
    with transaction():
        if people:
            town.people = list(people)
        else:
            citizens = [
                _person(f"{slug}-citizen{i}", Role.CITIZEN, spoken) for i, spoken in enumerate(languages)
            ]
            db.session.add_all(citizens)
            db.session.flush()
            town.people = [person.id for person in citizens]
        official = _person(f"{slug}-official", Role.OFFICIAL, Language.KK)
        row = Consultation(
            slug=slug,
            stage=stage,
            moderation_mode=ModerationMode.POST,
            results_policy=results,
            contact="Office 12",
            min_days_rule="default-28d",
            opens_at=datetime(2016, 2, 20, 4, tzinfo=UTC),
            closes_at=closes_at,
            answer_due_on=date(2016, 4, 1),
            secret=slug.encode().ljust(32, b"."),
            created_at=MORNING,
        )
        db.session.add_all([official, row])
        db.session.flush()
        town.official, town.consultation_id = official.id, row.id
        _add_texts(town)
    return town


def _person(name: str, role: Role, language: Language) -> Person:
    return Person(
        email=f"{name}@canary.example",
        name=f"Name of {name}",
        role=role,
        language=language,
        password_hash=PASSWORD_HASH,
        created_at=MORNING,
    )


def _add_texts(town: Town) -> None:
    here = town.consultation_id
    document = SourceDocument(
        consultation_id=here,
        title="Agenda",
        filename="agenda.txt",
        media_type="text/plain",
        source_url="https://gov.example/agenda.txt",
        sha256="a" * 64,
        content=b"agenda",
        imported_at=MORNING,
    )
    db.session.add(document)
    db.session.flush()
    passage = Passage(
        consultation_id=here, document_id=document.id, quote="= Streets", first_line=3, last_line=4
    )
    db.session.add(passage)
    db.session.flush()
    topic = Topic(consultation_id=here, position=1, passage_id=passage.id, agenda_day=date(2016, 3, 1))
    db.session.add(topic)
    db.session.flush()
    kinds = (QuestionKind.OPEN, QuestionKind.PROPOSITION)
    questions = [
        Question(consultation_id=here, topic_id=topic.id, number=number, kind=kind)
        for number, kind in enumerate(kinds, start=1)
    ]
    db.session.add_all(questions)
    db.session.flush()
    town.open_question, town.proposition = (question.id for question in questions)
    for language in (Language.KK, Language.RU):
        words = {"consultation_id": here, "language": language}
        db.session.add(ConsultationText(**words, title=f"Title {language}", authority=f"Akimat {language}"))
        db.session.add(TopicText(**words, topic_id=topic.id, title=f"Topic {language}"))
        for question in questions:
            text = f"Question {question.number} {language}"
            db.session.add(
                QuestionText(**words, question_id=question.id, version=1, text=text, written_at=MORNING)
            )


def read_csv(file: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    """The rows of a written CSV file as the standard reader finds them."""
    with file.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter, strict=True))


def read_json_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().decode().split("\n")[:-1]]
