"""What an export is: its two packages, what a column is, and what each package may hold of a comment.

The tables themselves are described in `export_tables`; every format and query reads that one description.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter

from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ResultsPolicy, State
from consult.domain.errors import Reason, Refused
from consult.domain.people import GUEST, OPERATOR
from consult.domain.visibility import (
    LISTED_STATES,
    PUBLIC_COMMENT_SIGHT,
    Sight,
    consultation_sight,
    desk_sight,
    is_tally_shown,
)

Cell = str | int | date | None
"""A value in a table; a `datetime` is a `date` too. None and the empty text both mean unknown."""
Row = tuple[Cell, ...]
Record = Mapping[str, Cell]
"""A row by column name, before a package has picked its columns; columns it lacks are unknown."""


class Package(StrEnum):
    """PUBLIC may be handed to anybody. RESTRICTED is for officials, and every making of it is logged."""

    PUBLIC = "public"
    RESTRICTED = "restricted"


def package_named(code: str) -> Package:
    """Raises Refused(PACKAGE_UNKNOWN), with the known ones in its details."""
    try:
        return Package(code)
    except ValueError:
        raise Refused(Reason.PACKAGE_UNKNOWN, package=code[:20], known=", ".join(Package)) from None


LICENCES: Mapping[Package, str] = {
    Package.PUBLIC: "CC-BY-4.0",
    Package.RESTRICTED: "not for publication",
}
"""What may be done with the files, in the words of the column `licence`."""


class Kind(StrEnum):
    """Type of a column, by its name in Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Column:
    """A column and its constraints.

    `restricted_values` are further words of the restricted package. `is_day_in_public`: an instant that the
    public package gives as a day in UTC. `is_late`: required only of a consultation that was opened.
    """

    name: str
    kind: Kind
    description: str
    is_required: bool = False
    is_unique: bool = False
    minimum: int | None = None
    values: tuple[str | int, ...] = ()
    restricted_values: tuple[str, ...] = ()
    is_day_in_public: bool = False
    is_restricted: bool = False
    is_late: bool = False

    def kind_in(self, package: Package) -> Kind:
        return Kind.DATE if self.is_day_in_public and package is Package.PUBLIC else self.kind


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values are those of the column of the same name in another table."""

    column: str
    table: str


@dataclass(frozen=True)
class Table:
    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    is_restricted: bool = False

    def columns_in(self, package: Package) -> tuple[Column, ...]:
        """The columns that a package holds, in their order."""
        return tuple(c for c in self.columns if package is Package.RESTRICTED or not c.is_restricted)


def row_maker(table: Table, package: Package) -> Callable[[Record], Row]:
    """How a record becomes a row of a package: its columns in order, instants cut to days where asked."""
    columns = table.columns_in(package)
    unknown: dict[str, Cell] = dict.fromkeys(column.name for column in columns)
    pick: Callable[[Record], Row] = itemgetter(*unknown)
    days = [i for i, column in enumerate(columns) if column.kind_in(package) is not column.kind]

    def whole(record: Record) -> Row:
        return pick({**unknown, **record})

    def cut(record: Record) -> Row:
        row = list(pick({**unknown, **record}))
        for i in days:
            row[i] = day_of(row[i])
        return tuple(row)

    return cut if days else whole


def day_of(moment: Cell) -> Cell:
    """The day of an instant in UTC; anything else as it is."""
    return moment.date() if isinstance(moment, datetime) else moment


@dataclass(frozen=True)
class FileMade:
    """A written file: its table, its rows without the header, its bytes and their SHA-256 in hexadecimal."""

    name: str
    table: str
    rows: int
    bytes: int
    sha256: str


# What a package may hold of a consultation and its comments: each asks `domain.visibility`.


def check_exportable(package: Package, state: State, *, was_published: bool = True) -> None:
    """Raises Refused(STATE_FORBIDS) where the readers of a package may not know the consultation yet."""
    sight = consultation_sight(GUEST, state, was_published=was_published)
    if package is Package.PUBLIC and sight is Sight.NOTHING:
        raise Refused(Reason.STATE_FORBIDS, state=state.value)


def is_only_stub(package: Package, state: State) -> bool:
    """Whether the package holds nothing but the line of the consultation, as for one that was withdrawn."""
    return package is Package.PUBLIC and consultation_sight(GUEST, state) is not Sight.FULL


def holds_tallies(package: Package, policy: ResultsPolicy, state: State) -> bool:
    """Whether counted votes are in the package; in the public one they wait for the closing, as on pages."""
    return package is Package.RESTRICTED or is_tally_shown(policy, state, has_voted=False)


def exported_states(package: Package) -> tuple[CommentState, ...]:
    """States of the comments that have a row."""
    return LISTED_STATES if package is Package.PUBLIC else tuple(CommentState)


def has_body(package: Package, state: CommentState) -> bool:
    """Whether the words of a comment are in the package; what its author took back is in neither."""
    if state in _TAKEN_BACK:
        return False
    sight = PUBLIC_COMMENT_SIGHT[state] if package is Package.PUBLIC else desk_sight(OPERATOR, state)
    return sight is Sight.FULL


_TAKEN_BACK = frozenset({CommentState.WITHDRAWN, CommentState.ERASED})


def attributed_states(package: Package) -> tuple[CommentState, ...]:
    """States whose comments name their author's pseudonym, and count as taking part."""
    return tuple(state for state in exported_states(package) if state not in _TAKEN_BACK)


ATTRIBUTED_CHANNEL = Channel.WEB
"""Words that came another way were typed in by an official, and are not those of the account that typed."""


def is_attributed(state: CommentState, channel: Channel) -> bool:
    return state not in _TAKEN_BACK and channel is ATTRIBUTED_CHANNEL


PUBLICATIONS: Mapping[CommentState, str] = {
    CommentState.PENDING: "pending",
    CommentState.PUBLISHED: "published",
    CommentState.WITHHELD: "withheld",
    CommentState.WITHDRAWN: "withdrawn_by_author",
    CommentState.ERASED: "erased",
}


def publication(state: CommentState, *, is_redacted: bool) -> str:
    """The word of the column `publication`."""
    if state is CommentState.PUBLISHED and is_redacted:
        return "redacted"
    return PUBLICATIONS[state]


QUESTION_STATUS: Mapping[State, str] = {
    State.DRAFT: "draft",
    State.SCHEDULED: "draft",
    State.OPEN: "open",
    State.CLOSED: "closed",
    State.ANSWERED: "answered",
    State.ARCHIVED: "answered",
    State.WITHDRAWN: "withdrawn",
}
"""A question follows its consultation; it counts as a draft until the consultation opens."""


def question_id(slug: str, number: int) -> str:
    """Stable id of a question in exports."""
    return f"{slug}-q{number}"


def topic_id(slug: str, position: int) -> str:
    """Id of a topic in exports."""
    return f"{slug}-t{position}"
