"""Input that came on paper, by e-mail or at a meeting: batches with a control total, and their items.

An item is one person's words on one question, as an official typed them in. Comments are made of a batch only
when it holds exactly as many items as were counted before the typing began.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from consult.domain.comments import Channel, comment_body
from consult.domain.consultations import Stage, Timetable
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import display_name
from consult.domain.profile import AgeBand, Region
from consult.domain.texts import is_blank, kept_text

ENTRY_AFTER_CLOSING = timedelta(days=10)
"""So long after the closing officials may still type in what was received before it."""
ITEMS_MOST = 500
"""Items of one batch: a day's typing, and as many comments as one transaction makes in seconds."""
ORIGINALS_LONGEST = 300
REASON_LONGEST = 500
"""Characters of the reason of a correction."""
NAME_DIGITS_MOST = 4
"""A name with more digits is a telephone or document number."""
NUMBER_DIGITS = 6

OFFLINE = (Channel.PAPER, Channel.EMAIL, Channel.MEETING)

Code = TypeVar("Code", bound=StrEnum)


class BatchState(StrEnum):
    """OPEN takes items. COMPLETE has become comments; its items can only be corrected."""

    OPEN = "open"
    COMPLETE = "complete"


@dataclass(frozen=True)
class Written:
    """An item as a form or a line of a file has it, not yet checked; empty strings were left out."""

    question: str
    text: str
    language: str = ""
    region: str = ""
    age_band: str = ""
    name: str = ""


@dataclass(frozen=True)
class Item:
    """An item as it is kept. `question` is the question's number; `name` is empty for nobody named.

    `language` None is to be told from the words.
    """

    question: int
    body: str
    language: Language | None = None
    region: Region | None = None
    age_band: AgeBand | None = None
    name: str = ""


def item(written: Written, numbers: Collection[int]) -> Item:
    """Check an item; `numbers` are those of the consultation's questions.

    Raises:
        Refused: ITEM_QUESTION_UNKNOWN, COMMENT_EMPTY, COMMENT_TOO_LONG, ITEM_LANGUAGE_UNKNOWN,
            ITEM_REGION_UNKNOWN, ITEM_AGE_UNKNOWN, and as `public_name`.
    """
    return Item(
        question=_number(written.question.strip(), numbers),
        body=comment_body(written.text),
        language=_code(Language, written.language.strip().lower(), Reason.ITEM_LANGUAGE_UNKNOWN),
        region=_code(Region, written.region.strip().upper(), Reason.ITEM_REGION_UNKNOWN),
        age_band=_code(AgeBand, written.age_band.strip().lower(), Reason.ITEM_AGE_UNKNOWN),
        name=public_name(written.name),
    )


def _number(written: str, numbers: Collection[int]) -> int:
    is_number = written.isascii() and written.isdecimal() and len(written) <= NUMBER_DIGITS
    if not is_number or int(written) not in numbers:
        raise Refused(Reason.ITEM_QUESTION_UNKNOWN, question=written[:20])
    return int(written)


def _code(kind: type[Code], written: str, reason: Reason) -> Code | None:
    if not written:
        return None
    try:
        return kind(written)
    except ValueError:
        raise Refused(reason, code=written[:20]) from None


def public_name(written: str) -> str:
    """The name under which an item is published; empty for none. Addresses and numbers are not taken.

    Raises:
        Refused: NAME_TOO_LONG, NAME_MISLEADING as for accounts, ITEM_NAME_IS_CONTACT.
    """
    if is_blank(kept_text(written)):
        return ""
    if "@" in written or sum(map(str.isdigit, written)) > NAME_DIGITS_MOST:
        raise Refused(Reason.ITEM_NAME_IS_CONTACT)
    return display_name(written)


def channel(code: str) -> Channel:
    """Raises Refused(CHANNEL_UNKNOWN) for anything but paper, email and meeting."""
    if code not in OFFLINE:
        raise Refused(Reason.CHANNEL_UNKNOWN)
    return Channel(code)


def control_total(announced: int) -> int:
    """Raises Refused(TOTAL_IMPOSSIBLE) unless it is from 1 to 500."""
    if not 1 <= announced <= ITEMS_MOST:
        raise Refused(Reason.TOTAL_IMPOSSIBLE, limit=ITEMS_MOST)
    return announced


def originals(written: str) -> str:
    """Where the originals lie. Raises Refused: ORIGINALS_MISSING, TEXT_TOO_LONG over 300 characters."""
    words = kept_text(written)
    if is_blank(words):
        raise Refused(Reason.ORIGINALS_MISSING)
    if len(words) > ORIGINALS_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=ORIGINALS_LONGEST)
    return words


def correction_reason(written: str) -> str:
    """Why an item is corrected. Raises Refused: REASON_MISSING, TEXT_TOO_LONG over 500 characters."""
    words = kept_text(written)
    if is_blank(words):
        raise Refused(Reason.REASON_MISSING)
    if len(words) > REASON_LONGEST:
        raise Refused(Reason.TEXT_TOO_LONG, limit=REASON_LONGEST)
    return words


def check_entry(stage: Stage, times: Timetable | None, now: datetime) -> Timetable:
    """Whether officials may type in what came; answers the timetable.

    Raises:
        Refused: CONSULTATION_NOT_OPEN before the opening, STATE_FORBIDS once answered or withdrawn,
            ENTRY_OVER with `days` when the closing is longer ago than `ENTRY_AFTER_CLOSING`.
    """
    if stage is Stage.DRAFT or times is None or now < times.opens_at:
        raise Refused(Reason.CONSULTATION_NOT_OPEN)
    if stage is not Stage.PUBLISHED:
        raise Refused(Reason.STATE_FORBIDS, state=stage.value)
    if now >= times.closes_at + ENTRY_AFTER_CLOSING:
        raise Refused(Reason.ENTRY_OVER, days=ENTRY_AFTER_CLOSING.days)
    return times


def check_received(times: Timetable, received_at: datetime, now: datetime) -> None:
    """What arrived counts by the instant at which it arrived: from the opening to before the closing.

    Raises:
        Refused: RECEIVED_OUTSIDE_PERIOD with `opens_at` and `closes_at`, RECEIVED_IN_FUTURE.
    """
    if not times.holds(received_at):
        raise Refused(Reason.RECEIVED_OUTSIDE_PERIOD, opens_at=times.opens_at, closes_at=times.closes_at)
    if received_at > now:
        raise Refused(Reason.RECEIVED_IN_FUTURE)


def check_total(announced: int, entered: int) -> None:
    """Raises Refused(TOTAL_DIFFERS) with both numbers unless they are the same."""
    if announced != entered:
        raise Refused(Reason.TOTAL_DIFFERS, announced=announced, entered=entered)


def twins(bodies: Iterable[tuple[int, str]]) -> dict[int, int]:
    """By the number of an item the first one before it with the same words; only those that repeat one.

    Capitals and white space make no difference.
    """
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for number, body in bodies:
        key = " ".join(body.casefold().split())
        if key in first:
            found[number] = first[key]
        else:
            first[key] = number
    return found
