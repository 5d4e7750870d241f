"""Reading for moderators: the queue, one comment with all that is around it, figures, and what to undo."""

from consult.queries.moderation.deeds import LastDeed, OtherDecision, decision_by_other, last_deed
from consult.queries.moderation.figures import (
    DeskFigures,
    Named,
    counts_by_state,
    desk_figures,
    has_desk_keys,
    moderated_consultations,
    oldest_waiting,
    questions_to_choose,
)
from consult.queries.moderation.item import ModeratedComment, moderated_comment
from consult.queries.moderation.listed import PAGE, Member, Queue, QueuedComment, queue, queued_comment
from consult.queries.moderation.reasons import language_of_author, usual_reasons

__all__ = [
    "PAGE",
    "DeskFigures",
    "LastDeed",
    "Member",
    "ModeratedComment",
    "Named",
    "OtherDecision",
    "Queue",
    "QueuedComment",
    "counts_by_state",
    "decision_by_other",
    "desk_figures",
    "has_desk_keys",
    "language_of_author",
    "last_deed",
    "moderated_comment",
    "moderated_consultations",
    "oldest_waiting",
    "questions_to_choose",
    "queue",
    "queued_comment",
    "usual_reasons",
]
