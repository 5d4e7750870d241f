"""What authors are usually told, where officials have written it, and in which language."""

from consult.domain.languages import DEFAULT, Language
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_somewhere
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.desk import ReasonTemplate
from consult.models.people import Person
from consult.queries.moderation.selecting import is_moderated_by


def usual_reasons(reader: Actor) -> dict[tuple[str, Language], str]:
    """Reasons that officials wrote, by rule and language; what is missing stands in the catalogue.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    rows = db.session.execute(db.select(ReasonTemplate.rule, ReasonTemplate.language, ReasonTemplate.words))
    return {(rule, language): words for rule, language, words in rows}


def language_of_author(reader: Actor, comment_id: int) -> Language:
    """The language in which the author of a comment gets letters; that of the question where nobody does.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require_somewhere(reader, may_moderate)
    row = db.session.execute(
        db.select(Person.language, Comment.question_language)
        .select_from(Comment)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.id == comment_id, is_moderated_by(reader))
    ).first()
    return (row[0] or row[1]) if row else DEFAULT
