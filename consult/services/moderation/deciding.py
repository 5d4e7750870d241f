"""Deciding about comments: publishing, withholding with a rule and a reason, redacting, restoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consult.domain.comments import Move, comment_body
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import MOST_TOGETHER, reason_text
from consult.domain.people import Actor
from consult.domain.permissions import may_moderate, require_somewhere
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.people import Person
from consult.queries.rules import known_rule
from consult.services import indexing
from consult.services.moderation.acting import Decision, Ground, act_on, check, draw_deed


@dataclass(frozen=True)
class Seen:
    """A comment as a moderator had it before the eyes."""

    comment_id: int
    version: int


@dataclass(frozen=True)
class Left:
    """A comment on which nothing was done, and why."""

    comment_id: int
    refused: Refused


@dataclass(frozen=True)
class Together:
    """What became of comments decided in one act; `deed_id` can be undone, None if nothing was done."""

    done: tuple[int, ...]
    left: tuple[Left, ...]
    deed_id: int | None


def publish_comment(
    actor: Actor, comment_id: int, *, version: int | None = None, despite_lock: bool = False
) -> None:
    """Show a comment that waited.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, MOVE_NOT_ALLOWED when it waits no more, VERSION_CONFLICT,
            TAKEN_BY_ANOTHER while somebody else reads it, unless `despite_lock`.
    """
    _decide(actor, comment_id, Decision(Move.PUBLISH, despite_lock=despite_lock), version)


def withhold_comment(
    actor: Actor,
    comment_id: int,
    rule: str,
    reason: str,
    *,
    version: int | None = None,
    despite_lock: bool = False,
) -> None:
    """Hold a comment back; a stub with the rule stays, its replies stay, its author gets the reason.

    Raises:
        Refused: RULE_UNKNOWN, REASON_MISSING, TEXT_TOO_LONG, and as `publish_comment`.
    """
    require_somewhere(actor, may_moderate)
    ground = Ground(known_rule(rule), reason_text(reason))
    _decide(actor, comment_id, Decision(Move.WITHHOLD, ground, despite_lock=despite_lock), version)


def redact_comment(
    actor: Actor,
    comment_id: int,
    body: str,
    rule: str,
    reason: str,
    *,
    version: int | None = None,
    despite_lock: bool = False,
) -> None:
    """Publish a comment with passages taken out; the author's own words stay kept beside.

    Raises:
        Refused: COMMENT_EMPTY, COMMENT_TOO_LONG, and as `withhold_comment`.
    """
    require_somewhere(actor, may_moderate)
    ground = Ground(known_rule(rule), reason_text(reason))
    decision = Decision(Move.REDACT, ground, comment_body(body), despite_lock)
    _decide(actor, comment_id, decision, version)


def restore_comment(
    actor: Actor, comment_id: int, *, version: int | None = None, despite_lock: bool = False
) -> None:
    """Undo a withholding, or the redaction of a published comment; what was there before is seen again.

    Raises:
        Refused: as `publish_comment`.
    """
    _decide(actor, comment_id, Decision(Move.RESTORE, despite_lock=despite_lock), version)


def keep_comment(
    actor: Actor, comment_id: int, *, version: int | None = None, despite_lock: bool = False
) -> None:
    """Leave a published comment as it is: its reports are answered, and it stands last in the queue.

    Raises:
        Refused: as `publish_comment`; MOVE_NOT_ALLOWED where nothing asks for an answer.
    """
    _decide(actor, comment_id, Decision(Move.KEEP, despite_lock=despite_lock), version)


def publish_together(actor: Actor, seen: Sequence[Seen], *, despite_lock: bool = False) -> Together:
    """Show several comments in one act, each with its own line, message and version.

    Those on which somebody else has acted are left as they are; they keep nobody else's from being done.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOTHING_CHOSEN.
    """
    return _decide_together(actor, seen, Decision(Move.PUBLISH, despite_lock=despite_lock), {})


def withhold_together(
    actor: Actor,
    seen: Sequence[Seen],
    rule: str,
    reasons: Mapping[Language, str],
    *,
    despite_lock: bool = False,
) -> Together:
    """As `publish_together`; `reasons` has one for each language, and each author gets the own language's.

    Raises:
        Refused: RULE_UNKNOWN, REASON_MISSING, TEXT_TOO_LONG, and as `publish_together`.
    """
    require_somewhere(actor, may_moderate)
    code = known_rule(rule)
    kept = {language: reason_text(reasons.get(language, "")) for language in Language}
    decision = Decision(Move.WITHHOLD, Ground(code), despite_lock=despite_lock)
    return _decide_together(actor, seen, decision, kept)


def _decide(actor: Actor, comment_id: int, decision: Decision, version: int | None) -> None:
    require_somewhere(actor, may_moderate)
    with transaction():
        row = db.session.scalar(db.select(Comment).filter_by(id=comment_id).with_for_update())
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        check(actor, row, decision, version)
        deed_id = draw_deed()
        act_on(actor, row, decision, deed_id, deed_id)
        indexing.index_comment(row.consultation_id, row.id)


def _decide_together(
    actor: Actor, seen: Sequence[Seen], decision: Decision, reasons: Mapping[Language, str]
) -> Together:
    require_somewhere(actor, may_moderate)
    versions = {one.comment_id: one.version for one in seen[:MOST_TOGETHER]}
    if not versions:
        raise Refused(Reason.NOTHING_CHOSEN)
    with transaction():
        found = db.session.scalars(
            # In the order of their ids, so that two moderators never wait for each other.
            db.select(Comment).where(Comment.id.in_(versions)).order_by(Comment.id).with_for_update()
        ).all()
        left = [
            Left(key, Refused(Reason.NOT_FOUND)) for key in sorted(versions.keys() - {r.id for r in found})
        ]
        fit: list[Comment] = []
        for row in found:
            try:
                check(actor, row, decision, versions[row.id])
            except Refused as refused:
                left.append(Left(row.id, refused))
            else:
                fit.append(row)
        deed_id = _act_on_all(actor, fit, decision, reasons)
    return Together(tuple(row.id for row in fit), tuple(left), deed_id)


def _act_on_all(
    actor: Actor, rows: Sequence[Comment], decision: Decision, reasons: Mapping[Language, str]
) -> int | None:
    if not rows:
        return None
    deed_id = draw_deed()
    languages = _languages_of_authors(rows)
    for number, row in enumerate(rows):
        reason = reasons.get(languages.get(row.author_id, row.question_language), "")
        own = replace(decision, ground=replace(decision.ground, reason=reason))
        act_on(actor, row, own, deed_id, None if number else deed_id)
    for consultation_id in {row.consultation_id for row in rows}:
        keys = [row.id for row in rows if row.consultation_id == consultation_id]
        indexing.index_comments(consultation_id, keys)
    return deed_id


def _languages_of_authors(rows: Sequence[Comment]) -> dict[int | None, Language]:
    authors = {row.author_id for row in rows if row.author_id is not None}
    found = db.session.execute(db.select(Person.id, Person.language).where(Person.id.in_(authors)))
    return dict(found.all())
