"""Themes: making, renaming, merging and removing them, and putting them on comments."""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from consult.domain.audit import Act, Entry, Thing
from consult.domain.comments import CommentState
from consult.domain.consultations import Stage
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.outcomes import Texts, check_answering, kept_texts
from consult.domain.people import Actor
from consult.domain.permissions import may_answer, require_in
from consult.domain.themes import COMMENTS_AT_ONCE, DESCRIPTION_LONGEST, THEMES_MOST, theme_titles
from consult.models.base import db, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.outcomes import CommentTheme, OfficialPosition, Theme, ThemeText
from consult.services import audit
from consult.services.drafting import locked


@dataclass(frozen=True)
class ThemeIn:
    """A theme as written; titles in Kazakh and Russian are needed, descriptions are not."""

    titles: Texts
    descriptions: Texts = field(default_factory=dict)


def add_theme(actor: Actor, consultation_id: int, theme: ThemeIn) -> int:
    """Make a theme, behind the others; answers its id.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, TITLE_MISSING, TEXT_TOO_LONG, THEME_LIMIT.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _answering(consultation_id)
        there = db.session.scalar(
            db.select(sa.func.count()).select_from(Theme).filter_by(consultation_id=consultation_id)
        )
        if (there or 0) >= THEMES_MOST:
            raise Refused(Reason.THEME_LIMIT, limit=THEMES_MOST)
        row = Theme(consultation_id=consultation_id, version=1)
        db.session.add(row)
        db.session.flush()
        _write_texts(row, theme)
        _record(actor, Act.THEME_ADDED, row)
        return row.id


def edit_theme(actor: Actor, consultation_id: int, theme_id: int, version: int, theme: ThemeIn) -> None:
    """Replace the words of a theme as it was at `version`.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, VERSION_CONFLICT, TITLE_MISSING, TEXT_TOO_LONG.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _answering(consultation_id)
        row = _theme(consultation_id, theme_id)
        if row.version != version:
            raise Refused(Reason.VERSION_CONFLICT)
        row.version += 1
        _write_texts(row, theme)
        _record(actor, Act.THEME_EDITED, row, version=row.version)


def merge_themes(actor: Actor, consultation_id: int, theme_id: int, into_id: int) -> None:
    """Move all comments of a theme to another one, and remove it.

    Its position moves too where the other has none; else the other's position stands for all of them.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND also for a theme into itself, STATE_FORBIDS once the outcome is
            published.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _unpublished(consultation_id)
        row, into = _theme(consultation_id, theme_id), _theme(consultation_id, into_id)
        if row.id == into.id:
            raise Refused(Reason.NOT_FOUND)
        moved = set(_comments_with(row))
        _insert_marks(consultation_id, moved - set(_comments_with(into)), into.id)
        positions = {
            position.theme_id: position
            for position in db.session.scalars(
                db.select(OfficialPosition)
                .filter_by(consultation_id=consultation_id)
                .where(OfficialPosition.theme_id.in_([row.id, into.id]))
            )
        }
        if row.id in positions and into.id not in positions:
            positions[row.id].theme_id = into.id
            db.session.flush()
        _delete(row)
        _record(actor, Act.THEME_MERGED, row, into=into.id, comments=len(moved))


def remove_theme(actor: Actor, consultation_id: int, theme_id: int) -> None:
    """Remove a theme that no comment has, with its position.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, THEME_IN_USE with `comments`, STATE_FORBIDS once the outcome is
            published.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _unpublished(consultation_id)
        row = _theme(consultation_id, theme_id)
        used = len(_comments_with(row))
        if used:
            raise Refused(Reason.THEME_IN_USE, comments=used)
        _delete(row)
        _record(actor, Act.THEME_REMOVED, row)


def put_theme(actor: Actor, consultation_id: int, theme_id: int, comment_ids: Collection[int]) -> int:
    """Put a theme on published comments; answers on how many it was not yet.

    Raises:
        Refused: NOT_PERMITTED, NOT_FOUND, STATE_FORBIDS, NOTHING_CHOSEN where none of them is a published
            comment of the consultation.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _answering(consultation_id)
        row = _theme(consultation_id, theme_id)
        fresh = chosen_comments(consultation_id, comment_ids) - set(_comments_with(row))
        _insert_marks(consultation_id, fresh, row.id)
        if fresh:
            _record(actor, Act.THEME_PUT, row, comments=sorted(fresh))
        return len(fresh)


def take_theme(actor: Actor, consultation_id: int, theme_id: int, comment_ids: Collection[int]) -> int:
    """Take a theme off comments; answers from how many.

    Raises:
        Refused: as `put_theme`, and STATE_FORBIDS once the outcome is published: it may be what answers them.
    """
    require_in(actor, may_answer, consultation_id)
    with transaction():
        _unpublished(consultation_id)
        row = _theme(consultation_id, theme_id)
        marked = chosen_comments(consultation_id, comment_ids) & set(_comments_with(row))
        db.session.execute(
            sa.delete(CommentTheme).where(
                CommentTheme.consultation_id == consultation_id,
                CommentTheme.theme_id == row.id,
                CommentTheme.comment_id.in_(marked),
            )
        )
        if marked:
            _record(actor, Act.THEME_TAKEN, row, comments=sorted(marked))
        return len(marked)


def chosen_comments(consultation_id: int, comment_ids: Collection[int]) -> set[int]:
    """Those of the numbers that are published comments of the consultation, at most 200.

    Raises:
        Refused: NOTHING_CHOSEN where none is.
    """
    asked = sorted(set(comment_ids))[:COMMENTS_AT_ONCE]
    found = db.session.scalars(
        db.select(Comment.id)
        .filter_by(consultation_id=consultation_id, state=CommentState.PUBLISHED)
        .where(Comment.id.in_(asked))
    )
    chosen = set(found)
    if not chosen:
        raise Refused(Reason.NOTHING_CHOSEN)
    return chosen


def _answering(consultation_id: int) -> Consultation:
    row = locked(consultation_id)
    check_answering(row.stage)
    return row


def _unpublished(consultation_id: int) -> None:
    """What everybody can read already is not taken apart any more."""
    row = _answering(consultation_id)
    if row.stage is Stage.ANSWERED:
        raise Refused(Reason.STATE_FORBIDS, state=row.stage.value)


def _theme(consultation_id: int, theme_id: int) -> Theme:
    row: Theme | None = db.session.scalar(
        db.select(Theme).filter_by(consultation_id=consultation_id, id=theme_id)
    )
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def _comments_with(row: Theme) -> list[int]:
    return list(
        db.session.scalars(
            db.select(CommentTheme.comment_id).filter_by(consultation_id=row.consultation_id, theme_id=row.id)
        )
    )


def _insert_marks(consultation_id: int, comment_ids: Collection[int], theme_id: int) -> None:
    db.session.add_all(
        CommentTheme(consultation_id=consultation_id, comment_id=key, theme_id=theme_id)
        for key in comment_ids
    )
    db.session.flush()


def _delete(row: Theme) -> None:
    """By statement: what hangs on the theme goes by the database's own rule."""
    db.session.execute(sa.delete(Theme).where(Theme.id == row.id))


def _write_texts(row: Theme, theme: ThemeIn) -> None:
    titles = theme_titles(theme.titles)
    descriptions = kept_texts(theme.descriptions, DESCRIPTION_LONGEST)
    for language in Language:
        db.session.merge(
            ThemeText(
                consultation_id=row.consultation_id,
                theme_id=row.id,
                language=language,
                title=titles.get(language, ""),
                description=descriptions.get(language, ""),
            )
        )


def _record(actor: Actor, act: Act, row: Theme, **detail: object) -> None:
    audit.record(actor, Entry(act, Thing.THEME, row.id, row.consultation_id, detail))
