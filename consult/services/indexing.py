"""Entries of the search index; ground of this floor: a deed that makes or changes public text writes them.

Every function works in the running transaction of the deed that calls it; none decides who may. An entry is
written only for what everybody may read, and always anew from the rows as they are then.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from consult.adapters.stemming import stem
from consult.domain.languages import Language
from consult.domain.search import Kind, facets, folded_words
from consult.domain.visibility import READABLE_STAGES, READABLE_STATES
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation, ConsultationText
from consult.models.questions import Question, QuestionText, TopicText
from consult.models.search import SearchEntry, stored_stems

_Text = tuple[Kind, int, Language | None, str]
"""What is indexed: the kind and id of a thing, the language of the text, the text."""


def index_consultation(consultation_id: int) -> None:
    """Write the entries of a consultation and its questions; comments keep theirs while it is public."""
    forget_consultation(consultation_id, comments_too=not _is_readable(consultation_id))
    if _is_readable(consultation_id):
        _write(consultation_id, [*_own_texts(consultation_id), *_question_texts(consultation_id)])


def forget_consultation(consultation_id: int, *, comments_too: bool = True) -> None:
    """Drop the entries of a consultation, of its questions, and of its comments where asked."""
    dropped = sa.delete(SearchEntry).where(SearchEntry.consultation_id == consultation_id)
    if not comments_too:
        dropped = dropped.where(SearchEntry.kind != Kind.COMMENT)
    db.session.execute(dropped)


def index_comments(consultation_id: int, comment_ids: Sequence[int]) -> int:
    """Write the entries of some comments, or drop them where not everybody may read them; answers how many.

    The comments' rows are locked, so that a moderator's act and a rebuilding of the index take turns.
    """
    db.session.flush()
    db.session.execute(
        sa.delete(SearchEntry).where(
            SearchEntry.consultation_id == consultation_id,
            SearchEntry.kind == Kind.COMMENT,
            SearchEntry.thing_id.in_(comment_ids),
        )
    )
    rows = db.session.execute(
        db.select(
            Comment.id, Comment.language, sa.func.coalesce(Comment.redacted_body, Comment.body).label("words")
        )
        .where(
            Comment.consultation_id == consultation_id,
            Comment.id.in_(comment_ids),
            Comment.state.in_(READABLE_STATES),
        )
        .order_by(Comment.id)
        .with_for_update(read=True)
    ).all()
    if not rows or not _is_readable(consultation_id):
        return 0
    _write(consultation_id, [(Kind.COMMENT, row.id, row.language, row.words) for row in rows])
    return len(rows)


def index_comment(consultation_id: int, comment_id: int) -> None:
    """As `index_comments`, for the one that a deed has just written or decided on."""
    index_comments(consultation_id, [comment_id])


def _is_readable(consultation_id: int) -> bool:
    db.session.flush()
    row = db.session.execute(
        db.select(Consultation.stage, Consultation.published_at).where(Consultation.id == consultation_id)
    ).one()
    return row.published_at is not None and row.stage in READABLE_STAGES


def _own_texts(consultation_id: int) -> Iterator[_Text]:
    for row in db.session.scalars(db.select(ConsultationText).filter_by(consultation_id=consultation_id)):
        words = f"{row.title}\n{row.summary}\n{row.purpose}\n{row.authority}"
        yield Kind.CONSULTATION, consultation_id, row.language, words


def _question_texts(consultation_id: int) -> Iterator[_Text]:
    """The questions in their newest version, each with the title of its topic."""
    rows = db.session.execute(
        db.select(Question.id, QuestionText.language, QuestionText.text, TopicText.title)
        .join(
            QuestionText,
            sa.and_(QuestionText.question_id == Question.id, QuestionText.version == Question.version),
        )
        .outerjoin(
            TopicText,
            sa.and_(
                TopicText.topic_id == Question.topic_id,
                TopicText.consultation_id == Question.consultation_id,
                TopicText.language == QuestionText.language,
            ),
        )
        .where(Question.consultation_id == consultation_id, QuestionText.consultation_id == consultation_id)
        .order_by(Question.number, QuestionText.language)
    )
    for key, language, text, topic in rows:
        yield Kind.QUESTION, key, language, f"{text}\n{topic or ''}"


def _write(consultation_id: int, texts: Sequence[_Text]) -> None:
    entries = [entry for text in texts if (entry := _entry(consultation_id, *text))]
    if not entries:
        return
    values = {
        SearchEntry.consultation_id: sa.bindparam("consultation_id"),
        SearchEntry.kind: sa.bindparam("kind"),
        SearchEntry.thing_id: sa.bindparam("thing_id"),
        SearchEntry.language: sa.bindparam("language"),
        SearchEntry.stems: stored_stems(sa.bindparam("stems", type_=sa.Text)),
        SearchEntry.folded: sa.bindparam("folded"),
    }
    db.session.connection().execute(sa.insert(SearchEntry).values(values), entries)


def _entry(
    consultation_id: int, kind: Kind, thing_id: int, language: Language | None, text: str
) -> dict[str, object] | None:
    """The row of a text; None for one without a letter or digit."""
    words = folded_words(text)
    if not words:
        return None
    stems = (stem(word, language) for word in words)
    return {
        "consultation_id": consultation_id,
        "kind": kind,
        "thing_id": thing_id,
        "language": language,
        "stems": " ".join((*facets(kind, consultation_id, language), *stems)),
        "folded": f" {' '.join(words)} ",
    }


def drop_strays(consultation_id: int) -> None:
    """Drop entries of comments that are not there any more, or that not everybody may read."""
    stands = sa.exists().where(
        Comment.consultation_id == SearchEntry.consultation_id,
        Comment.id == SearchEntry.thing_id,
        Comment.state.in_(READABLE_STATES),
    )
    db.session.execute(
        sa.delete(SearchEntry)
        .where(
            SearchEntry.consultation_id == consultation_id, SearchEntry.kind == Kind.COMMENT, sa.not_(stands)
        )
        .execution_options(synchronize_session=False)
    )


def settle() -> None:
    """Merge SQLite's index, so that no trace of dropped words stays in it; PostgreSQL's vacuum does the same.

    Takes about a second for each hundred thousand entries: for erasures and rebuilding.
    """
    if db.engine.dialect.name == "sqlite":
        for name in ("search_words", "search_pieces"):
            db.session.execute(sa.text(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))  # noqa: S608
