"""Official positions and outcomes: giving, changing and taking back positions, and publishing the outcome."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState
from consult.domain.consultations import Stage, State, check_stage_move, local_day, state_at
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Kind
from consult.domain.outcomes import (
    AUTHORITY_LONGEST,
    PART_LONGEST,
    Decision,
    OutcomePart,
    Target,
    Texts,
    check_answering,
    check_outcome,
    correction_notes,
    decision,
    kept_texts,
    lacking_languages,
    reason_texts,
)
from consult.domain.people import Actor
from consult.domain.permissions import may_answer, require_in
from consult.models.base import db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation, ConsultationText
from consult.models.outcomes import (
    OfficialPosition,
    Outcome,
    OutcomeText,
    PositionText,
    PositionVersion,
    Theme,
)
from consult.queries.channels import open_batches
from consult.queries.outcomes import OutcomeVersion, coverage_of, outcome_versions
from consult.queries.positions import is_about
from consult.queries.timetables import times_of
from consult.services import audit, outbox
from consult.services.drafting import locked

Parts = Mapping[OutcomePart, Texts]


@dataclass(frozen=True)
class PositionIn:
    """A position as written: the code of its decision, and its reasons by language.

    `authorities` name the responsible body; where they are empty it is that of the consultation. `notes` say
    what a correction changes, and are asked for once the outcome is published.
    """

    decision: str
    reasons: Texts
    authorities: Texts = field(default_factory=dict)
    notes: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class _Words:
    """The same as it is kept."""

    decision: Decision
    reasons: Texts
    authorities: Texts
    notes: Texts

    @property
    def text_key(self) -> str:
        """SHA-256 of the reasons in all languages."""
        joined = "\0".join(self.reasons.get(language, "") for language in Language)
        return sha256(joined.encode()).hexdigest()


def give_position(
    actor: Actor, consultation_id: int, target: Target, position: PositionIn, *, version: int = 0
) -> int:
    """Answer a comment, a theme or a group, or change the answer as it was at `version`; gives the new one.

    `version` 0 stands for no position yet. Every change is kept as a version.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, COMMENT_NOT_PUBLISHED, DECISION_MISSING,
            REASON_MISSING, TEXT_TOO_LONG, VERSION_CONFLICT where it is another version by now, NOTE_MISSING
            for a change of what is published.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        consultation = _answering(consultation_id)
        _check_target(consultation_id, target)
        row = _position(consultation_id, target)
        if (row.version if row else 0) != version:
            raise Refused(Reason.VERSION_CONFLICT)
        is_correction = row is not None and consultation.stage is Stage.ANSWERED
        words = _words(consultation_id, position, is_correction=is_correction)
        if row is None:
            _insert(actor, consultation_id, [target], words)
            return 1
        row.version += 1
        row.text_key = words.text_key
        _insert_versions(actor, [row], words)
        _record_position(actor, Act.POSITION_CHANGED, row, words)
        return row.version


def answer_comments(
    actor: Actor, consultation_id: int, comment_ids: Collection[int], position: PositionIn
) -> int:
    """Give one and the same position to several published comments; answers to how many.

    Comments that have a position of their own keep it.

    Raises:
        Refused: as `give_position`, and NOTHING_CHOSEN where no comment is left to be answered.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _answering(consultation_id)
        words = _words(consultation_id, position, is_correction=False)
        answered = db.session.scalars(
            db.select(OfficialPosition.comment_id)
            .filter_by(consultation_id=consultation_id)
            .where(OfficialPosition.comment_id.in_(comment_ids))
        )
        fresh = _published(consultation_id, comment_ids) - set(answered)
        if not fresh:
            raise Refused(Reason.NOTHING_CHOSEN)
        _insert(actor, consultation_id, [Target(comment_id=key) for key in sorted(fresh)], words)
        return len(fresh)


def remove_position(actor: Actor, consultation_id: int, target: Target, version: int) -> None:
    """Take back a position that nobody outside has seen; the log keeps that there was one.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, VERSION_CONFLICT, STATE_FORBIDS once the outcome is published.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        consultation = _answering(consultation_id)
        if consultation.stage is Stage.ANSWERED:
            raise Refused(Reason.STATE_FORBIDS, state=consultation.stage.value)
        row = _position(consultation_id, target)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        if row.version != version:
            raise Refused(Reason.VERSION_CONFLICT)
        db.session.execute(sa.delete(OfficialPosition).where(OfficialPosition.id == row.id))
        audit.record(actor, Entry(Act.POSITION_REMOVED, Thing.POSITION, row.id, consultation_id))


def save_outcome(
    actor: Actor, consultation_id: int, edits: int, parts: Parts, *, notes: Texts | None = None
) -> None:
    """Write the outcome as it was after so many `edits`, 0 where none was written.

    Before it is published it may be incomplete and is written over; after that each saving is a correction, a
    version of its own with `notes`, and seen at once.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, VERSION_CONFLICT, TEXT_TOO_LONG, and for a
            correction NOTE_MISSING and OUTCOME_INCOMPLETE.
    """
    require_in(actor, may_answer, consultation_id)
    kept = {part: kept_texts(texts, PART_LONGEST) for part, texts in parts.items()}
    with transaction():
        consultation = _answering(consultation_id)
        last = next(iter(outcome_versions(consultation_id)), None)
        if (last.edits if last else 0) != edits:
            raise Refused(Reason.VERSION_CONFLICT)
        if consultation.stage is Stage.ANSWERED and last is not None:
            _correct(actor, consultation_id, last, kept, correction_notes(notes or {}))
        else:
            _write_outcome(actor, consultation_id, kept, edits=edits + 1)
            _record_outcome(actor, Act.OUTCOME_SAVED, consultation_id, edits=edits + 1)


def publish_outcome(actor: Actor, consultation_id: int) -> None:
    """Publish outcome and positions, and tell everybody concerned: the consultation is answered.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, CLOSING_NOT_REACHED, STATE_FORBIDS, OUTCOME_INCOMPLETE with how
            many published comments are `unanswered`, and the languages `lacking` a part; INPUT_UNFINISHED
            with how many `batches` of paper, e-mail and meetings are still being entered.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        row = locked(consultation_id)
        now = now_in_database()
        batches = open_batches(consultation_id)
        if batches:
            raise Refused(Reason.INPUT_UNFINISHED, batches=batches)
        last = next(iter(outcome_versions(consultation_id)), None)
        unanswered = coverage_of(consultation_id).unanswered
        state = state_at(row.stage, times_of(row), now)
        lacking = lacking_languages(last.parts if last else {})
        check_outcome(state, row.closes_at, unanswered=unanswered, lacking=lacking)
        check_stage_move(row.stage, Stage.ANSWERED)
        db.session.execute(
            sa.update(Outcome).where(Outcome.consultation_id == row.id).values(published_at=now)
        )
        row.stage = Stage.ANSWERED
        row.answer_published_on = local_day(now)
        row.version += 1
        before = State.CLOSED.value
        _record_outcome(actor, Act.OUTCOME_PUBLISHED, row.id, before=before, after=row.stage.value)
        outbox.announce(Kind.OUTCOME_PUBLISHED, row.id, now)


def _answering(consultation_id: int) -> Consultation:
    row = locked(consultation_id)
    check_answering(row.stage)
    return row


def _words(consultation_id: int, position: PositionIn, *, is_correction: bool) -> _Words:
    authorities = kept_texts(position.authorities, AUTHORITY_LONGEST)
    responsible = db.session.scalars(db.select(ConsultationText).filter_by(consultation_id=consultation_id))
    return _Words(
        decision=decision(position.decision),
        reasons=reason_texts(position.reasons),
        authorities={text.language: text.authority for text in responsible} | authorities,
        notes=correction_notes(position.notes) if is_correction else {},
    )


def _check_target(consultation_id: int, target: Target) -> None:
    """Raises Refused: NOT_FOUND where there is no such thing here, COMMENT_NOT_PUBLISHED."""
    if target.theme_id is not None:
        found = db.session.scalar(
            db.select(Theme.id).filter_by(consultation_id=consultation_id, id=target.theme_id)
        )
        if found is None:
            raise Refused(Reason.NOT_FOUND)
        return
    key = target.comment_id or target.alike_id
    row = db.session.execute(
        db.select(Comment.state, Comment.alike_id).filter_by(consultation_id=consultation_id, id=key)
    ).first()
    if row is None or target.alike_id not in {None, row.alike_id}:
        raise Refused(Reason.NOT_FOUND)
    # The oldest comment of a group may be held back while its likes are published.
    if target.comment_id is not None and row.state is not CommentState.PUBLISHED:
        raise Refused(Reason.COMMENT_NOT_PUBLISHED)


def _published(consultation_id: int, comment_ids: Collection[int]) -> set[int]:
    return set(
        db.session.scalars(
            db.select(Comment.id)
            .filter_by(consultation_id=consultation_id, state=CommentState.PUBLISHED)
            .where(Comment.id.in_(comment_ids))
        )
    )


def _position(consultation_id: int, target: Target) -> OfficialPosition | None:
    here = OfficialPosition.consultation_id == consultation_id
    row: OfficialPosition | None = db.session.scalar(
        db.select(OfficialPosition).where(here, is_about(target))
    )
    return row


def _insert(actor: Actor, consultation_id: int, targets: Collection[Target], words: _Words) -> None:
    rows = [
        OfficialPosition(
            consultation_id=consultation_id,
            comment_id=target.comment_id,
            theme_id=target.theme_id,
            alike_id=target.alike_id,
            version=1,
            text_key=words.text_key,
        )
        for target in targets
    ]
    db.session.add_all(rows)
    db.session.flush()
    _insert_versions(actor, rows, words)
    for row in rows:
        _record_position(actor, Act.POSITION_GIVEN, row, words)


def _insert_versions(actor: Actor, rows: Collection[OfficialPosition], words: _Words) -> None:
    """The newest version of each position."""
    now = now_in_database()
    db.session.add_all(
        PositionVersion(
            consultation_id=row.consultation_id,
            position_id=row.id,
            number=row.version,
            decision=words.decision,
            decided_by=actor.person_id,
            decided_at=now,
        )
        for row in rows
    )
    db.session.flush()
    db.session.add_all(
        PositionText(
            consultation_id=row.consultation_id,
            position_id=row.id,
            number=row.version,
            language=language,
            reason=words.reasons.get(language, ""),
            note=words.notes.get(language, ""),
            authority=words.authorities.get(language, ""),
        )
        for row in rows
        for language in Language
    )
    db.session.flush()


def _correct(actor: Actor, consultation_id: int, last: OutcomeVersion, parts: Parts, notes: Texts) -> None:
    lacking = lacking_languages(parts)
    if lacking:
        codes = [language.value for language in lacking]
        raise Refused(Reason.OUTCOME_INCOMPLETE, unanswered=0, lacking=codes)
    number, edits = last.number + 1, last.edits + 1
    _write_outcome(actor, consultation_id, parts, number=number, edits=edits, notes=notes)
    _record_outcome(actor, Act.OUTCOME_CORRECTED, consultation_id, number=number)


def _write_outcome(
    actor: Actor,
    consultation_id: int,
    parts: Parts,
    *,
    edits: int,
    number: int = 1,
    notes: Texts | None = None,
) -> None:
    """A version of the outcome; a number above 1 is a correction, and published as it is written."""
    now = now_in_database()
    db.session.merge(
        Outcome(
            consultation_id=consultation_id,
            number=number,
            edits=edits,
            written_by=actor.person_id,
            written_at=now,
            published_at=now if number > 1 else None,
        )
    )
    db.session.flush()
    for language in Language:
        words = {part.value: parts.get(part, {}).get(language, "") for part in OutcomePart}
        note = (notes or {}).get(language, "")
        db.session.merge(
            OutcomeText(consultation_id=consultation_id, number=number, language=language, note=note, **words)
        )


def _record_position(actor: Actor, act: Act, row: OfficialPosition, words: _Words) -> None:
    about = {"comment": row.comment_id, "theme": row.theme_id, "group": row.alike_id}
    detail: dict[str, object] = {key: value for key, value in about.items() if value is not None}
    detail |= {"version": row.version, "decision": words.decision.value}
    audit.record(actor, Entry(act, Thing.POSITION, row.id, row.consultation_id, detail))


def _record_outcome(actor: Actor, act: Act, consultation_id: int, **detail: object) -> None:
    audit.record(actor, Entry(act, Thing.CONSULTATION, consultation_id, consultation_id, detail))
