"""When officials are reminded of the answer that they promised."""

from datetime import date, timedelta

BEFORE = timedelta(days=7)
"""The first reminder comes so long before the promised day, the second on it."""
AGAIN = timedelta(days=7)
"""After the promised day one comes so often, while there is no answer."""


def reminder_day(answer_due_on: date | None, today: date) -> date | None:
    """The day of the newest reminder that is due by now; None before the first, and without a promise."""
    if answer_due_on is None or today < answer_due_on - BEFORE:
        return None
    if today < answer_due_on:
        return answer_due_on - BEFORE
    return answer_due_on + (today - answer_due_on) // AGAIN * AGAIN
