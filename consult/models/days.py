"""The day in Kazakhstan on which an instant falls, worked out by the database."""

from datetime import date
from typing import Any

from sqlalchemy import Date, FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

HOURS = 5
"""Ahead of UTC, in all of Kazakhstan since 1 March 2024; earlier instants are told by it too."""


class local_day(FunctionElement[date]):  # noqa: N801 - reads as the SQL function it is
    """Takes one column that holds an instant; empty for an empty one."""

    type = Date()
    inherit_cache = True


@compiles(local_day, "postgresql")
def _on_postgresql(element: local_day, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return f"CAST(({instant} AT TIME ZONE 'UTC') + INTERVAL '{HOURS} hours' AS DATE)"


@compiles(local_day, "sqlite")
def _on_sqlite(element: local_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+{HOURS} hours')"
