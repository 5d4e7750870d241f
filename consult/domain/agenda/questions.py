"""Guiding questions that an agenda prints under its points."""

import re
from collections.abc import Iterable, Iterator

from consult.domain.agenda.pieces import Kind, Piece
from consult.domain.agenda.source import SourceText

MOST_QUESTIONS = 20
FEWEST_WORDS = 3
FEWEST_WORDS_UNDER_CUE = 2
CUE = re.compile(
    r"(?:(?:guiding|key|discussion|leading|main)\s(?:questions?|points)|(?:issues?"
    r"|questions?|points) (?:for|to be|to) (?:debate|discuss\w*|consider\w*|address\w*"
    r"|reflection)"
    r"|вопросы (?:для|к) (?:обсуждени[яю]|дискуссии)|ключевые вопросы|(?:обсуждаемые|дискуссионные) вопросы"
    r"|(?:талқылауға|пікірталасқа) арналған (?:сұрақтар|мәселелер)"
    r"|талқыланатын (?:сұрақтар|мәселелер)|негізгі сұрақтар)\s{0,2}:",
    re.IGNORECASE,
)
QUESTION = re.compile(r"(?:\A|(?<=[.!?:;•]\s))[^.!?•]{8,400}\?")
NAME_FOLLOWS = re.compile(r"\s(?=(?:[A-ZА-ЯŠŽ][\w’'-]{1,20}\s){1,4}[A-ZА-ЯŠŽ][\w’'-]{1,20},)")


def guiding_questions(source: SourceText, pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Questions asked in these pieces, and the points that follow a cue such as "Issues for debate:"."""
    found: list[str] = []
    is_cued = False
    for paragraph in _paragraphs(source, pieces):
        cue = CUE.search(paragraph)
        listed = paragraph[cue.end() :] if cue else paragraph
        if (cue or is_cued) and listed.strip() and "?" not in listed:
            found += _worded(_points(listed), FEWEST_WORDS_UNDER_CUE)
        else:
            found += _worded((match[0].strip() for match in QUESTION.finditer(paragraph)), FEWEST_WORDS)
        is_cued = bool(cue and not listed.strip()) or (is_cued and not cue)
    return tuple(dict.fromkeys(found))[:MOST_QUESTIONS]


def _worded(questions: Iterable[str], fewest: int) -> Iterator[str]:
    return (question for question in questions if len(question.split()) >= fewest)


def _points(listed: str) -> list[str]:
    parts = [part.strip(" .") for part in listed.split(";")]
    name = NAME_FOLLOWS.search(parts[-1])
    return [*parts[:-1], parts[-1][: name.start()] if name else parts[-1]]


def _paragraphs(source: SourceText, pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield paragraphs as one line each; an empty line or a list mark begins a new one."""
    lines: list[str] = []
    for piece in pieces:
        if (piece.kind is Kind.BLANK or piece.mark) and lines:
            yield " ".join(" ".join(lines).split())
            lines = []
        if piece.kind is Kind.TEXT:
            lines.append(source.words(piece.extent))
    if lines:
        yield " ".join(" ".join(lines).split())
