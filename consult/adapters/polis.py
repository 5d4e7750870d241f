"""Reading a Pol.is export: a folder of CSV files, plain or gzipped.

`comments.csv` is always there, and `participants-votes.csv` or `votes.csv` or both; `summary.csv` may be.
Times are seconds or milliseconds. A vote is 1 for agree in every export that is known; files whose own counts
say the opposite are turned round.
"""

import csv
import gzip
import hashlib
import io
import os.path
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consult.domain.errors import Reason, Refused

COMMENTS, VOTES, MATRIX, SUMMARY = "comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"
MILLISECONDS_FROM = 10**11
"""Times from here on are milliseconds: as seconds they would lie beyond the year 5000."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
REFERENCE_LONGEST = 50
"""Characters of a number of a comment or participant; those of Pol.is have at most seven."""
CELL_LONGEST = 1_000_000
"""Characters of a cell; the CSV reader refuses longer ones."""
CHOICES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-0.0": 0, "-1.0": -1}
MODERATION = {"-1": -1, "0": 0, "1": 1, "": 0}


@dataclass(frozen=True)
class PolisComment:
    """A statement. `moderated` is 1 accepted, 0 not looked at, -1 rejected."""

    reference: str
    author: str
    submitted_at: datetime
    moderated: int
    body: str


@dataclass(frozen=True)
class PolisVote:
    """The current vote of a participant: 1 agree, 0 pass, -1 disagree; `cast_at` is None where not told."""

    participant: str
    comment: str
    choice: int
    cast_at: datetime | None


@dataclass(frozen=True)
class PolisConversation:
    """All that a folder tells. `sha256` is that of the content of its files, gzipped or not."""

    topic: str
    description: str
    url: str
    comments: tuple[PolisComment, ...]
    participants: tuple[str, ...]
    votes: tuple[PolisVote, ...]
    events: int
    has_events: bool
    is_turned: bool
    sha256: str


@dataclass(frozen=True)
class _Sums:
    """How many votes the files themselves count on each side."""

    agreed: int = 0
    opposed: int = 0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(self.agreed + other.agreed, self.opposed + other.opposed)


@dataclass(frozen=True)
class _Row:
    """A record with the line on which it begins, counted from 1."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        try:
            return self.cells[column]
        except KeyError:
            raise self.broken(column) from None

    def broken(self, column: str) -> Refused:
        return Refused(Reason.IMPORT_ROW_BROKEN, file=self.file, line=self.line, column=column)

    def reference(self, column: str) -> str:
        """Raises Refused(IMPORT_ROW_BROKEN) where it is empty or too long."""
        written = self[column].strip()
        if not written or len(written) > REFERENCE_LONGEST or not written.isprintable():
            raise self.broken(column)
        return written

    def one_of(self, column: str, known: Mapping[str, int]) -> int:
        try:
            return known[self[column].strip()]
        except KeyError:
            raise self.broken(column) from None

    def number(self, column: str) -> int:
        try:
            return int(self[column] or 0)
        except ValueError:
            raise self.broken(column) from None

    def moment(self, column: str) -> datetime:
        """An instant from seconds or milliseconds since 1970."""
        try:
            number = float(self[column])
            moment = datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
        except (ValueError, OverflowError, OSError):
            raise self.broken(column) from None
        if not EARLIEST <= moment < LATEST:
            raise self.broken(column)
        return moment


def read_conversation(folder: Path) -> PolisConversation:
    """Read a folder completely.

    Raises:
        Refused: IMPORT_FILE_MISSING, also where there is no such folder, or IMPORT_FILE_UNREADABLE with
            `file`, IMPORT_ROW_BROKEN with `file`, `line` and `column`; nothing is answered then.
    """
    files = {name: _text(folder, name) for name in (COMMENTS, MATRIX, VOTES, SUMMARY)}
    written, matrix, log = files[COMMENTS], files[MATRIX], files[VOTES]
    if written is None or (matrix is None and log is None):
        raise Refused(Reason.IMPORT_FILE_MISSING, file=COMMENTS if written is None else MATRIX)
    told = _summary(files[SUMMARY] or "")
    comments, told_of_events = _comments(written)
    known = {comment.reference for comment in comments}
    participants, told_of_current, cells = _matrix(matrix, known)
    events = None if log is None else _events(log, known)
    current = cells if events is None else _current(events)
    is_turned = (
        _is_turned(events or [], told_of_events) if matrix is None else _is_turned(current, told_of_current)
    )
    return PolisConversation(
        topic=told.get("topic", ""),
        description=told.get("conversation-description", ""),
        url=told.get("url", ""),
        comments=comments,
        participants=tuple(dict.fromkeys([*participants, *(vote.participant for vote in current)])),
        votes=_turned(current) if is_turned else tuple(current),
        events=len(current if events is None else events),
        has_events=events is not None,
        is_turned=is_turned,
        sha256=_digest(files),
    )


def _text(folder: Path, name: str) -> str | None:
    """The content of a file or of its gzipped twin; None where neither is there."""
    try:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                content = path.read_bytes()
                return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
            if os.path.lexists(path):  # a folder, a link to nothing, a device: not to be passed over
                raise Refused(Reason.IMPORT_FILE_UNREADABLE, file=name)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise Refused(Reason.IMPORT_FILE_UNREADABLE, file=name) from None
    return None


def _digest(files: Mapping[str, str | None]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        if text is not None:
            digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records with the lines on which they begin; blank lines are passed over."""
    before = csv.field_size_limit(CELL_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Refused(Reason.IMPORT_ROW_BROKEN, file=name, line=begins, column="?") from None
    finally:
        csv.field_size_limit(before)


def _rows(name: str, text: str, columns: tuple[str, ...]) -> Iterator[_Row]:
    """The rows below the heading.

    Raises Refused(IMPORT_ROW_BROKEN) where a column or a cell is missing, or a column is there twice.
    """
    heading: list[str] | None = None
    for line, cells in _records(name, text):
        if heading is None:
            heading = [cell.strip() for cell in cells]
            missing = [column for column in columns if column not in heading]
            twice = [column for column, times in Counter(filter(None, heading)).items() if times > 1]
            if missing or twice:
                raise Refused(Reason.IMPORT_ROW_BROKEN, file=name, line=line, column=(missing + twice)[0])
            continue
        if len(cells) != len(heading):
            column = heading[min(len(cells), len(heading) - 1)]
            raise Refused(Reason.IMPORT_ROW_BROKEN, file=name, line=line, column=column)
        yield _Row(name, line, dict(zip(heading, cells, strict=True)))
    if heading is None:
        raise Refused(Reason.IMPORT_ROW_BROKEN, file=name, line=1, column=columns[0])


def _summary(text: str) -> dict[str, str]:
    return {cells[0].strip(): cells[1] for _, cells in _records(SUMMARY, text) if len(cells) > 1}


def _comments(text: str) -> tuple[tuple[PolisComment, ...], _Sums]:
    """The comments by time, and how many votes are said to have been cast on them, changed ones too."""
    columns = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
    found: dict[str, PolisComment] = {}
    sums = _Sums()
    for row in _rows(COMMENTS, text, columns):
        reference = row.reference("comment-id")
        if reference in found:
            raise row.broken("comment-id")
        found[reference] = PolisComment(
            reference=reference,
            author=row.reference("author-id"),
            submitted_at=row.moment("timestamp"),
            moderated=row.one_of("moderated", MODERATION),
            body=row["comment-body"],
        )
        if {"agrees", "disagrees"} <= row.cells.keys():
            sums += _Sums(row.number("agrees"), row.number("disagrees"))
    ordered = sorted(found.values(), key=lambda comment: (comment.submitted_at, comment.reference))
    return tuple(ordered), sums


def _matrix(text: str | None, known: set[str]) -> tuple[list[str], _Sums, list[PolisVote]]:
    """Participants, the sums of what they are said to agree and disagree with, and the cells as votes."""
    columns = ("participant", "n-agree", "n-disagree")
    participants: dict[str, None] = {}
    sums = _Sums()
    cells: list[PolisVote] = []
    statements: list[str] | None = None
    if text is None:
        return [], sums, cells
    for row in _rows(MATRIX, text, columns):
        if statements is None:
            statements = _statements(row, known)
        participant = row.reference("participant")
        if participant in participants:
            raise row.broken("participant")
        participants[participant] = None
        sums += _Sums(row.number("n-agree"), row.number("n-disagree"))
        cells.extend(
            PolisVote(participant, column, row.one_of(column, CHOICES), None)
            for column in statements
            if row.cells[column]
        )
    return list(participants), sums, cells


def _statements(row: _Row, known: set[str]) -> list[str]:
    """The columns that are statements: those behind the last heading in words."""
    heading = list(row.cells)
    first = 1 + max(place for place, name in enumerate(heading) if not name.lstrip("-").isdigit())
    for name in heading[first:]:
        if name not in known:
            raise Refused(Reason.IMPORT_ROW_BROKEN, file=MATRIX, line=1, column=name)
    return heading[first:]


def _events(text: str, known: set[str]) -> list[PolisVote]:
    """Every vote that was ever cast, also those that were changed later."""
    found = []
    for row in _rows(VOTES, text, ("timestamp", "comment-id", "voter-id", "vote")):
        comment = row.reference("comment-id")
        if comment not in known:
            raise row.broken("comment-id")
        choice, cast_at = row.one_of("vote", CHOICES), row.moment("timestamp")
        found.append(PolisVote(row.reference("voter-id"), comment, choice, cast_at))
    return found


def _current(events: list[PolisVote]) -> list[PolisVote]:
    """The last vote of each participant on each statement; of two at one time the one further down."""
    last: dict[tuple[str, str], PolisVote] = {}
    for vote in events:
        earlier = last.get((vote.participant, vote.comment))
        if earlier is None or (earlier.cast_at or EARLIEST) <= (vote.cast_at or EARLIEST):
            last[vote.participant, vote.comment] = vote
    return list(last.values())


def _is_turned(votes: Collection[PolisVote], told: _Sums) -> bool:
    """Whether 1 means disagree: whether what the files count themselves fits that better."""
    plus = sum(vote.choice == 1 for vote in votes)
    minus = sum(vote.choice == -1 for vote in votes)
    as_is = abs(plus - told.agreed) + abs(minus - told.opposed)
    turned = abs(minus - told.agreed) + abs(plus - told.opposed)
    return turned < as_is


def _turned(votes: list[PolisVote]) -> tuple[PolisVote, ...]:
    return tuple(PolisVote(vote.participant, vote.comment, -vote.choice, vote.cast_at) for vote in votes)
