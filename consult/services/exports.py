"""Making exports: one snapshot of a consultation as files with a manifest, or as one archive."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from consult.adapters.delivery import Staging, staging
from consult.adapters.spill import in_order
from consult.adapters.tables import FORMATS, TableFormat, table_format
from consult.domain import export_manifest
from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.export_manifest import Occasion
from consult.domain.export_tables import CONSULTATIONS, TABLES
from consult.domain.exports import (
    FileMade,
    Package,
    Record,
    Row,
    Table,
    check_exportable,
    package_named,
    row_maker,
)
from consult.domain.languages import DEFAULT, Language
from consult.domain.people import Actor
from consult.domain.permissions import may_export_restricted
from consult.models.base import transaction
from consult.queries import export_contributions as contributions
from consult.queries import export_log
from consult.queries import exports as reads
from consult.queries.access import require_at
from consult.queries.exports import Scope
from consult.services import audit

Progress = Callable[[str, int], None]
"""Told a file's name and its rows so far, now and then."""
_REPORT_EVERY = 1_000
_OURS = frozenset(f"{table.name}.{format_code}" for table in TABLES for format_code in FORMATS)
_READS: Mapping[str, Callable[[Scope], Iterator[Record]]] = {
    "consultations": reads.consultations,
    "questions": reads.questions,
    "comments": contributions.comments,
    "votes": contributions.votes,
    "participants": contributions.participants,
    "moderation_log": export_log.moderation_log,
    "report": contributions.report,
}


@dataclass(frozen=True)
class ExportMade:
    """What was made: the files in `path`, a folder or an archive; `sha256` is the manifest's."""

    slug: str
    package: Package
    format: str
    path: Path
    files: tuple[FileMade, ...]
    sha256: str


@dataclass(frozen=True)
class _Wish:
    """An export as it was asked for, checked."""

    slug: str
    package: Package
    format: TableFormat
    smallest_group: int
    language: Language
    progress: Progress


def _no_progress(_name: str, _rows: int) -> None:
    return


def export_consultation(
    actor: Actor,
    slug: str,
    *,
    package: str,
    format: str = "csv",  # noqa: A002 - the word of the command line
    output: Path,
    smallest_group: int,
    bom: bool = False,
    delimiter: str = ",",
    language: Language = DEFAULT,
    progress: Progress = _no_progress,
) -> ExportMade:
    """Write a package of a consultation into a folder; an earlier export in the same folder is replaced.

    The making is in the audit log before any file can be seen. `language` is where single texts (title,
    section of the report) are taken from, if they have it.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND, PACKAGE_UNKNOWN, FORMAT_UNKNOWN, DELIMITER_INVALID,
            STATE_FORBIDS for the public package of a draft, FOLDER_NOT_WRITABLE.
    """
    require_at(actor, may_export_restricted, slug)
    form = table_format(format, bom=bom, delimiter=delimiter)
    wish = _Wish(slug, package_named(package), form, smallest_group, language, progress)
    with staging(output) as area:
        made = _make(actor, wish, area, output)
        names = [file.name for file in made.files]
        area.deliver(output, names, manifest=export_manifest.NAME, ours=_OURS)
    return made


def export_archive(
    actor: Actor,
    slug: str,
    *,
    package: str,
    format: str = "csv",  # noqa: A002 - the word of the command line
    output: Path,
    smallest_group: int,
    bom: bool = False,
    delimiter: str = ",",
    language: Language = DEFAULT,
    progress: Progress = _no_progress,
) -> ExportMade:
    """Write a package as one zip file named `output`; the same data gives the same bytes.

    Raises:
        Refused: as `export_consultation`.
    """
    require_at(actor, may_export_restricted, slug)
    form = table_format(format, bom=bom, delimiter=delimiter)
    wish = _Wish(slug, package_named(package), form, smallest_group, language, progress)
    with staging(output.parent) as area:
        made = _make(actor, wish, area, output)
        names = [*(file.name for file in made.files), export_manifest.NAME]
        area.pack(output, names, inside=f"{slug}-{wish.package}")
    return made


def _make(actor: Actor, wish: _Wish, area: Staging, path: Path) -> ExportMade:
    """Write every file into the staging folder, and the making into the audit log."""
    with reads.snapshot():
        scope = reads.scope_of(
            wish.slug, wish.package, smallest_group=wish.smallest_group, language=wish.language
        )
        if scope is None:
            raise Refused(Reason.NOT_FOUND)
        check_exportable(wish.package, scope.state, was_published=scope.was_published)
        tables = [table for table in TABLES if not (scope.is_public and table.is_restricted)]
        written = [(table, _write(table, scope, wish, area)) for table in tables]
    sha256 = _write_manifest(scope, wish, written, area)
    files = tuple(file for _, file in written)
    made = ExportMade(scope.slug, wish.package, wish.format.extension, path, files, sha256)
    _log(actor, scope, made)
    return made


def _write(table: Table, scope: Scope, wish: _Wish, area: Staging) -> FileMade:
    name = f"{table.name}.{wish.format.extension}"
    columns = [(column, column.kind_in(scope.package)) for column in table.columns_in(scope.package)]
    rows = _reported(_rows(table, scope), name, wish.progress)
    with area.new_file(name) as file:
        count = wish.format.write(columns, rows, file)
    wish.progress(name, count)
    return FileMade(name, table.name, count, file.bytes, file.sha256)


def _rows(table: Table, scope: Scope) -> Iterable[Row]:
    if scope.is_stub and table is not CONSULTATIONS:
        return ()
    rows = map(row_maker(table, scope.package), _READS[table.name](scope))
    return _by_pseudonym(table, scope.package, rows) if "participant_ref" in table.primary_key else rows


def _by_pseudonym(table: Table, package: Package, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of people in the order of their pseudonyms, within what they are about.

    In the order of the accounts, two exports could be laid side by side, and their pseudonyms matched.
    """
    names = [column.name for column in table.columns_in(package)]
    about = [names.index(name) for name in table.primary_key if name != "participant_ref"]
    target: Callable[[Row], object] = itemgetter(*about) if about else lambda _row: None
    for _, of_one in groupby(rows, key=target):
        yield from in_order(of_one, key=itemgetter(names.index("participant_ref")))


def _reported(rows: Iterable[Row], name: str, progress: Progress) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        yield row
        if not count % _REPORT_EVERY:
            progress(name, count)


def _write_manifest(scope: Scope, wish: _Wish, written: list[tuple[Table, FileMade]], area: Staging) -> str:
    content = export_manifest.manifest(
        Occasion(scope.slug, scope.title, scope.state, scope.package, scope.smallest_group),
        written,
        wish.format.resource,
        package_properties=wish.format.package,
    )
    with area.new_file(export_manifest.NAME) as file:
        file.write((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    return file.sha256


def _log(actor: Actor, scope: Scope, made: ExportMade) -> None:
    detail: dict[str, object] = {
        "package": made.package.value,
        "format": made.format,
        "sha256": made.sha256,
    }
    entry = Entry(Act.EXPORT_MADE, Thing.CONSULTATION, scope.consultation_id, scope.consultation_id, detail)
    with transaction():
        audit.record(actor, entry)
