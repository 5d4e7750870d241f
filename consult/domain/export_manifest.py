"""The manifest of an export, `datapackage.json`: what each file and each column is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.domain.consultations import State
from consult.domain.exports import LICENCES, Column, FileMade, Package, Table

NAME = "datapackage.json"

_LICENCE_PATHS = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class Occasion:
    """What a manifest says about the package as a whole."""

    slug: str
    title: str
    state: State
    package: Package
    smallest_group: int

    @property
    def is_launched(self) -> bool:
        """Whether the consultation certainly passed the checks of its opening, so that nothing is missing."""
        return self.state not in {State.DRAFT, State.WITHDRAWN}


def manifest(
    occasion: Occasion,
    tables: Sequence[tuple[Table, FileMade]],
    format_properties: Mapping[str, object],
    *,
    package_properties: Mapping[str, object],
) -> dict[str, object]:
    """The content of `datapackage.json`: a Frictionless Tabular Data Package. It holds no time of making.

    `format_properties` go into every resource (encoding, dialect), `package_properties` beside `package`.
    """
    licence = LICENCES[occasion.package]
    path = _LICENCE_PATHS.get(licence)
    return {
        "name": f"{occasion.slug}-{occasion.package}",
        "profile": "tabular-data-package",
        "title": occasion.title,
        **({"licenses": [{"name": licence, "path": path}]} if path else {}),
        "package": occasion.package.value,
        "smallest_group": occasion.smallest_group,
        **package_properties,
        "resources": [_resource(table, file, occasion, format_properties) for table, file in tables],
    }


def _resource(
    table: Table, file: FileMade, occasion: Occasion, format_properties: Mapping[str, object]
) -> dict[str, object]:
    return {
        "name": table.name,
        "path": file.name,
        "profile": "tabular-data-resource",
        "description": table.description,
        **format_properties,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": _schema(table, occasion),
    }


def _schema(table: Table, occasion: Occasion) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column, occasion) for column in table.columns_in(occasion.package)],
        "missingValues": [""],
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": [key.column], "reference": {"resource": key.table, "fields": [key.column]}}
            for key in table.foreign_keys
        ]
    return schema


def _field(column: Column, occasion: Occasion) -> dict[str, object]:
    constraints = _constraints(column, occasion)
    return {
        "name": column.name,
        "type": column.kind_in(occasion.package).value,
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(column: Column, occasion: Occasion) -> dict[str, object]:
    is_restricted = occasion.package is Package.RESTRICTED
    values = (*column.values, *column.restricted_values) if is_restricted else column.values
    found: dict[str, object] = {}
    if values:
        found["enum"] = list(values)
    if column.is_required and (occasion.is_launched or not column.is_late):
        found["required"] = True
    if column.is_unique:
        found["unique"] = True
    if column.minimum is not None:
        found["minimum"] = column.minimum
    return found
