"""Official positions and outcomes: decisions with reasons, how they reach a comment, what is still missing.

A comment is answered by the first of these that is there: a position on the comment itself; the positions on
its themes, all of them; the position on its group of near-identical texts; for a reply, whatever answers the
comment that it stands under, where that is published. Where only one can be told, as in a table's cell, it is
that of the theme which was made first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consult.domain.consultations import Stage, State
from consult.domain.errors import Reason, Refused
from consult.domain.languages import REQUIRED, Language
from consult.domain.texts import is_blank, kept_text

REASON_LONGEST = 5_000
"""Characters of a position's reason in one language."""
AUTHORITY_LONGEST = 300
NOTE_LONGEST = 1_000
"""Characters of the note that says what a correction changed."""
PART_LONGEST = 10_000
"""Characters of one part of an outcome in one language."""

Texts = Mapping[Language, str]


class Decision(StrEnum):
    """What the authority decides about a comment; the codes stand in exports."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"
    OUTSIDE_POWERS = "outside_powers"


class Through(StrEnum):
    """How a position reaches a comment. THREAD: through the comment that a reply stands under."""

    COMMENT = "comment"
    THEME = "theme"
    GROUP = "group"
    THREAD = "thread"


class OutcomePart(StrEnum):
    """The three parts of an outcome: what we asked, what people said, what we did."""

    ASKED = "asked"
    SAID = "said"
    DID = "did"


@dataclass(frozen=True)
class Target:
    """What a position is about: exactly one of a comment, a theme, and a group of near-identical comments.

    `alike_id` is the number of the group's oldest comment.
    """

    comment_id: int | None = None
    theme_id: int | None = None
    alike_id: int | None = None


def decision(code: str) -> Decision:
    """Raises Refused(DECISION_MISSING) for a code that is none."""
    try:
        return Decision(code)
    except ValueError:
        raise Refused(Reason.DECISION_MISSING) from None


def reason_texts(written: Texts) -> dict[Language, str]:
    """The reasons as they are kept, without the languages that have none.

    Raises:
        Refused: REASON_MISSING without Kazakh or Russian, TEXT_TOO_LONG over 5 000 characters.
    """
    texts = kept_texts(written, REASON_LONGEST)
    if any(language not in texts for language in REQUIRED):
        raise Refused(Reason.REASON_MISSING)
    return texts


def kept_texts(written: Texts, limit: int) -> dict[Language, str]:
    """Texts as they are kept, blank ones left out. Raises Refused(TEXT_TOO_LONG) over so many characters."""
    texts = {language: kept_text(words) for language, words in written.items()}
    if any(len(words) > limit for words in texts.values()):
        raise Refused(Reason.TEXT_TOO_LONG, limit=limit)
    return {language: words for language, words in texts.items() if not is_blank(words)}


def correction_notes(written: Texts) -> dict[Language, str]:
    """What a correction changed, as it is kept.

    Raises:
        Refused: NOTE_MISSING without Kazakh or Russian, TEXT_TOO_LONG over 1 000 characters.
    """
    notes = kept_texts(written, NOTE_LONGEST)
    if any(language not in notes for language in REQUIRED):
        raise Refused(Reason.NOTE_MISSING)
    return notes


def check_answering(stage: Stage) -> None:
    """Themes and positions are given from the opening on. Raises Refused(STATE_FORBIDS) before and after."""
    if stage not in {Stage.PUBLISHED, Stage.ANSWERED}:
        raise Refused(Reason.STATE_FORBIDS, state=stage.value)


def check_outcome(
    state: State, closes_at: datetime | None, *, unanswered: int, lacking: Sequence[Language]
) -> None:
    """Whether an outcome may be published: `unanswered` published comments, and languages that lack a part.

    Raises:
        Refused: CLOSING_NOT_REACHED with `closes_at` while it takes input, STATE_FORBIDS elsewhere,
            OUTCOME_INCOMPLETE with `unanswered` and `lacking`.
    """
    if state in {State.SCHEDULED, State.OPEN}:
        raise Refused(Reason.CLOSING_NOT_REACHED, closes_at=closes_at)
    if state is not State.CLOSED:
        raise Refused(Reason.STATE_FORBIDS, state=state.value)
    if unanswered or lacking:
        codes = [language.value for language in lacking]
        raise Refused(Reason.OUTCOME_INCOMPLETE, unanswered=unanswered, lacking=codes)


def lacking_languages(parts: Mapping[OutcomePart, Texts]) -> tuple[Language, ...]:
    """Required languages in which a part of the outcome is not written; empty when it may be published."""
    return tuple(
        language
        for language in REQUIRED
        if not all(parts.get(part, {}).get(language) for part in OutcomePart)
    )
