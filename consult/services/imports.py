"""Importing conversations that were held elsewhere: all of it in one transaction, or nothing."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.adapters.languages import detect_language
from consult.adapters.polis import PolisComment, PolisConversation, read_conversation
from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ModerationMode, ResultsPolicy, Stage, check_slug
from consult.domain.durations import DEFAULT_RULE
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.domain.people import Actor, Role, Verification
from consult.domain.permissions import may_manage_accounts, require
from consult.domain.questions import QUESTION_LONGEST, TEXT_LONGEST, TITLE_LONGEST, QuestionKind
from consult.domain.texts import kept_text
from consult.models.base import db, now_in_database, transaction
from consult.models.bulk import insert_rows
from consult.models.comments import COMMENT_IDS, Comment
from consult.models.consultations import Consultation
from consult.models.imports import ImportedConversation, ImportedParticipant
from consult.models.people import Person
from consult.models.votes import CommentVote
from consult.services import audit, indexing
from consult.services.drafting import TextIn, TopicIn, insert_question, insert_topic, write_texts

Progress = Callable[[str, int, int], None]
"""Told what is being written, how many rows of it are, and of how many."""
INDEXED_AT_ONCE = 500


@dataclass(frozen=True)
class Imported:
    """What the files held, and whether they were imported now or had been before.

    `comments` counts by state here, `moderation` by what the files say; `events` counts votes that were
    changed later too; `authors_unknown` comments are by somebody who is not among the participants.
    """

    consultation_id: int
    is_new: bool
    comments: dict[str, int]
    moderation: dict[str, int]
    participants: int
    votes: int
    events: int
    authors_unknown: int
    is_turned: bool


@dataclass(frozen=True)
class _Place:
    """Where the rows of an import go."""

    slug: str
    language: Language
    consultation_id: int
    question_id: int
    closed_at: datetime


def _no_progress(_what: str, _done: int, _total: int) -> None:
    return


def import_polis(
    actor: Actor,
    folder: Path,
    slug: str,
    *,
    language: Language | None = None,
    progress: Progress = _no_progress,
) -> Imported:
    """Make a closed consultation of a Pol.is export; the same files a second time change nothing.

    Participants become people who have no address and cannot sign in. `language` is that of topic and
    description, told from the text if not given; that of the statements stays unknown.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, SLUG_INVALID, SLUG_TAKEN by a consultation that was not
            imported, IMPORT_DIFFERS where other files were imported at the address, and as
            `adapters.polis.read_conversation`.
    """
    require(actor, may_manage_accounts)
    check_slug(slug)
    conversation = read_conversation(folder)
    try:
        with transaction():
            known = _imported_before(slug, conversation)
            spoken = language or _spoken(conversation)
            consultation_id = known or _write(actor, slug, spoken, conversation, progress)
    except IntegrityError:
        raise Refused(Reason.SLUG_TAKEN) from None
    return _report(consultation_id, conversation, is_new=known is None)


def _spoken(conversation: PolisConversation) -> Language:
    return detect_language(f"{conversation.topic}\n{conversation.description}") or Language.EN


def _imported_before(slug: str, conversation: PolisConversation) -> int | None:
    """The consultation that these very files became; Raises Refused where the address is in other use."""
    row = db.session.execute(
        sa.select(Consultation.id, ImportedConversation.sha256)
        .outerjoin(ImportedConversation, ImportedConversation.consultation_id == Consultation.id)
        .where(Consultation.slug == slug)
    ).first()
    if row is None:
        return None
    if row.sha256 is None:
        raise Refused(Reason.SLUG_TAKEN)
    if row.sha256 != conversation.sha256:
        raise Refused(Reason.IMPORT_DIFFERS)
    return int(row.id)


def _write(
    actor: Actor, slug: str, language: Language, conversation: PolisConversation, progress: Progress
) -> int:
    place = _make_consultation(actor, slug, language, conversation)
    people = _write_people(place, conversation, progress)
    comments = _write_comments(place, conversation, people, progress)
    _write_votes(place, conversation, people, comments, progress)
    indexing.index_consultation(place.consultation_id)
    keys = list(comments.values())
    for first in range(0, len(keys), INDEXED_AT_ONCE):
        indexing.index_comments(place.consultation_id, keys[first : first + INDEXED_AT_ONCE])
    detail: dict[str, object] = {
        "source": "polis",
        "sha256": conversation.sha256,
        "comments": len(comments),
        "participants": len(people),
        "votes": len(conversation.votes),
    }
    audit.record(
        actor,
        Entry(
            Act.CONVERSATION_IMPORTED,
            Thing.CONSULTATION,
            place.consultation_id,
            place.consultation_id,
            detail,
        ),
    )
    return place.consultation_id


def _make_consultation(
    actor: Actor, slug: str, language: Language, conversation: PolisConversation
) -> _Place:
    """A consultation that opened with the first act of the conversation and closed after its last.

    It is closed also where the clock of the files was ahead.
    """
    now = now_in_database()
    moments = [comment.submitted_at for comment in conversation.comments]
    moments += [vote.cast_at for vote in conversation.votes if vote.cast_at]
    closed = min(max(moments, default=now) + timedelta(seconds=1), now)
    opened = min([*moments, closed - timedelta(seconds=1)])
    row = Consultation(
        slug=slug,
        stage=Stage.PUBLISHED,
        moderation_mode=ModerationMode.POST,
        results_policy=ResultsPolicy.AFTER_VOTING,
        min_days_rule=DEFAULT_RULE,
        opens_at=opened,
        closes_at=closed,
        published_at=now,
        secret=secrets.token_bytes(32),
        created_by=actor.person_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    title = kept_text(conversation.topic) or slug
    summary = kept_text(conversation.description)[:TEXT_LONGEST]
    write_texts(row.id, {language: TextIn(title=title[:TITLE_LONGEST], summary=summary)})
    topic = insert_topic(row.id, TopicIn({language: title[:TITLE_LONGEST]}))
    question = insert_question(row.id, topic.id, {language: title[:QUESTION_LONGEST]}, QuestionKind.OPEN)
    db.session.add(
        ImportedConversation(
            consultation_id=row.id,
            sha256=conversation.sha256,
            source_url=kept_text(conversation.url),
            imported_at=now,
        )
    )
    db.session.flush()
    return _Place(slug, language, row.id, question.id, closed)


def _write_people(place: _Place, conversation: PolisConversation, progress: Progress) -> dict[str, int]:
    """Participants as people without address, name and password; their ids by the references of the files."""
    now = now_in_database()
    prefix = f"import:{place.slug}:"
    rows = (
        {
            "email": prefix + reference,
            "name": "",
            "role": Role.CITIZEN,
            "language": place.language,
            "password_hash": "",
            "is_active": False,
            "created_at": now,
            "verification": Verification.NONE,
            "email_frequency": Frequency.NONE,
        }
        for reference in conversation.participants
    )
    insert_rows(Person, rows, _telling(progress, "people", len(conversation.participants)))
    found = db.session.execute(
        sa.select(Person.email, Person.id).where(Person.email.startswith(prefix, autoescape=True))
    )
    people = {email.removeprefix(prefix): key for email, key in found}
    members = (
        {"consultation_id": place.consultation_id, "person_id": people[reference], "reference": reference}
        for reference in conversation.participants
    )
    insert_rows(ImportedParticipant, members)
    return people


def _write_comments(
    place: _Place, conversation: PolisConversation, people: dict[str, int], progress: Progress
) -> dict[str, int]:
    """The statements in the order of time; their ids by the references of the files."""
    comments = conversation.comments
    keys = COMMENT_IDS.draw_many(db.session.connection(), len(comments))
    ids = {comment.reference: key for comment, key in zip(comments, keys, strict=True)}
    states = _states(conversation)
    rows = (
        {
            "consultation_id": place.consultation_id,
            "id": ids[comment.reference],
            "question_id": place.question_id,
            "author_id": people.get(comment.author),
            "body": kept_text(comment.body),
            "question_version": 1,
            "question_language": place.language,
            "channel": Channel.WEB,
            "state": states[comment.reference],
            "submitted_at": comment.submitted_at,
            "idempotency_key": f"import:{comment.reference}",
        }
        for comment in comments
    )
    insert_rows(Comment, rows, _telling(progress, "comments", len(comments)))
    return ids


def _states(conversation: PolisConversation) -> dict[str, CommentState]:
    """Rejected ones are withheld; those that nobody looked at were shown, unless moderation came first.

    Moderation came first where nobody but the author ever voted on any of them.
    """
    waiting = {one.reference: one.author for one in conversation.comments if not one.moderated}
    was_shown = any(
        waiting.get(vote.comment, vote.participant) != vote.participant for vote in conversation.votes
    )
    is_first = not was_shown and any(comment.moderated > 0 for comment in conversation.comments)
    unseen = CommentState.PENDING if is_first else CommentState.PUBLISHED

    def state(comment: PolisComment) -> CommentState:
        if comment.moderated < 0:
            return CommentState.WITHHELD
        return CommentState.PUBLISHED if comment.moderated else unseen

    return {comment.reference: state(comment) for comment in conversation.comments}


def _write_votes(
    place: _Place,
    conversation: PolisConversation,
    people: dict[str, int],
    comments: dict[str, int],
    progress: Progress,
) -> None:
    """Current votes; one whose time is not told counts as cast when the conversation closed."""
    last = place.closed_at - timedelta(seconds=1)
    rows = (
        {
            "consultation_id": place.consultation_id,
            "comment_id": comments[vote.comment],
            "person_id": people[vote.participant],
            "choice": vote.choice,
            "cast_at": vote.cast_at or last,
        }
        for vote in conversation.votes
    )
    insert_rows(CommentVote, rows, _telling(progress, "votes", len(conversation.votes)))


def _telling(progress: Progress, what: str, total: int) -> Callable[[int], None]:
    return lambda done: progress(what, done, total)


def _report(consultation_id: int, conversation: PolisConversation, *, is_new: bool) -> Imported:
    states, comments = _states(conversation), conversation.comments
    said = {"accepted": 1, "unmoderated": 0, "rejected": -1}
    members = set(conversation.participants)
    return Imported(
        consultation_id=consultation_id,
        is_new=is_new,
        comments={
            state.value: sum(found is state for found in states.values())
            for state in (CommentState.PUBLISHED, CommentState.PENDING, CommentState.WITHHELD)
        },
        moderation={
            word: sum(comment.moderated == number for comment in comments) for word, number in said.items()
        },
        participants=len(conversation.participants),
        votes=len(conversation.votes),
        events=conversation.events,
        authors_unknown=sum(comment.author not in members for comment in comments),
        is_turned=conversation.is_turned,
    )
