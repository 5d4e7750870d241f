"""Questions: what is asked, how it may be answered, and when its text is frozen."""

from enum import StrEnum

QUESTION_LONGEST = 1_000
"""Characters of a question's text in one language."""
TITLE_LONGEST = 300
"""Characters of a title in one language."""
TEXT_LONGEST = 10_000
"""Characters of a summary or purpose in one language."""


class QuestionKind(StrEnum):
    """OPEN: answers are comments. PROPOSITION: a sentence that is itself voted on, and commented."""

    OPEN = "open"
    PROPOSITION = "proposition"


def next_version(current: int, *, is_answered: bool, is_changed: bool) -> int:
    """The version that an edited text gets: a new one where somebody answered the old one, else the same."""
    return current + 1 if is_answered and is_changed else current
