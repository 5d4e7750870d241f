"""What a reading of an agenda yields."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from consult.domain.languages import Language


class Why(StrEnum):
    """Why an entry of the agenda is not proposed as a topic."""

    LOGISTICS = "logistics"
    PROCEDURE = "procedure"
    SPEAKER = "speaker"
    UNTITLED = "untitled"
    NO_SUBJECT = "no_subject"


class Caution(StrEnum):
    """What a person should look at before trusting the reading."""

    YEAR_MISSING = "year_missing"
    DAY_UNKNOWN = "day_unknown"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_RANGE_UPSIDE_DOWN = "date_range_upside_down"
    WEEKDAY_DIFFERS = "weekday_differs"
    TIME_RANGE_UPSIDE_DOWN = "time_range_upside_down"
    SEVERAL_SESSIONS = "several_sessions"
    MAY_HOLD_SEVERAL = "may_hold_several"
    TEXT_MAY_BE_CUT = "text_may_be_cut"
    ONLY_BEGINNING_READ = "only_beginning_read"


@dataclass(frozen=True, slots=True)
class Place:
    """First and last line (or paragraph, as the document counts) of a passage; from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The source's own words, character for character, and where they stand."""

    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProposedTopic:
    """A point of substance that could become a topic of a consultation.

    `day` is a date only where the source prints its year; otherwise it is the source's own words, or
    None when the source does not say.
    """

    title: str
    passage: Passage
    day: date | str | None = None
    start: time | None = None
    end: time | None = None
    questions: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that was read and not proposed."""

    passage: Passage
    why: Why


@dataclass(frozen=True, slots=True)
class Agenda:
    """A reading; everything in it is a proposal until an official confirms it."""

    title: str | None
    language: Language
    dates: tuple[date, ...] = ()
    topics: tuple[ProposedTopic, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    cautions: tuple[Caution, ...] = ()
    source_url: str | None = None
