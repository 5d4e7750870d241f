"""Reading every wording of a question: what was asked before its words were changed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import Actor
from consult.domain.permissions import may_edit_consultations, require_in
from consult.models.base import db
from consult.models.questions import Question, QuestionText


@dataclass(frozen=True)
class QuestionVersion:
    """The words of one version in every language that it has, and since when they stand."""

    number: int
    written_at: datetime
    is_current: bool
    texts: dict[Language, str]


def versions_of(reader: Actor, consultation_id: int, number: int) -> tuple[QuestionVersion, ...]:
    """Every version of a question for its editors, newest first.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    require_in(reader, may_edit_consultations, consultation_id)
    return published_versions(consultation_id, number)


def published_versions(consultation_id: int, number: int) -> tuple[QuestionVersion, ...]:
    """Every version of a question of a consultation that the reader may read, newest first.

    Words are kept as a version only once somebody outside could read them, so none of them is secret.

    Raises:
        Refused: NOT_FOUND.
    """
    found = db.session.execute(
        db.select(Question.id, Question.version).filter_by(consultation_id=consultation_id, number=number)
    ).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    texts: dict[int, dict[Language, str]] = defaultdict(dict)
    written: dict[int, datetime] = {}
    for row in db.session.scalars(
        db.select(QuestionText).filter_by(consultation_id=consultation_id, question_id=found.id)
    ):
        texts[row.version][row.language] = row.text
        written[row.version] = row.written_at
    return tuple(
        QuestionVersion(version, written[version], version == found.version, texts[version])
        for version in sorted(texts, reverse=True)
    )
