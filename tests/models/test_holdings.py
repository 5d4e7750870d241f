"""The description of what we hold about people against the tables themselves."""

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

from consult import models
from consult.domain.holdings import DERIVED, HOLDINGS, NOT_PERSONAL, OFFICIAL_ACTS, Ending, Holding, Link
from consult.domain.retention import LASTS, SWEEPS, Period
from consult.models.base import Base

assert models.__all__
configure_mappers()
TABLES = Base.metadata.tables
MAILBOXES = {"email", "address"}


def points_to_a_person(column: sa.Column[object]) -> bool:
    return any(key.column.table.name == "person" for key in column.foreign_keys)


def test_every_table_is_decided_about() -> None:
    held = {holding.table for holding in HOLDINGS}
    assert held | DERIVED | NOT_PERSONAL | set(OFFICIAL_ACTS) == set(TABLES), (
        "decide about this table in domain/holdings.py"
    )
    assert held & NOT_PERSONAL == set()


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.name)
def test_every_column_is_decided_about_once(holding: Holding) -> None:
    assert holding.columns == set(TABLES[holding.table].c.keys()), "decide about this column"
    decided = Counter((*holding.given, *holding.secret, *holding.others))
    assert set(decided.values()) == {1}
    assert set(holding.by) & {*holding.secret, *holding.others} == set()


def test_every_reference_to_a_person_and_every_address_says_whose_a_row_is() -> None:
    owned = {(holding.table, name) for holding in HOLDINGS for name in holding.by} | set(
        OFFICIAL_ACTS.items()
    )
    for table in TABLES.values():
        for column in table.c:
            if points_to_a_person(column) or column.name in MAILBOXES:
                assert (table.name, column.name) in owned | {("person", "email")}, "say whose this row is"


def test_tables_that_know_nobody_have_no_column_that_could_name_somebody() -> None:
    for name in NOT_PERSONAL:
        for column in TABLES[name].c:
            assert not points_to_a_person(column), (name, column.name)
            assert column.name not in {*MAILBOXES, "name_of_person", "person_id", "author_id", "actor_id"}


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.name)
def test_free_words_and_bytes_of_a_row_that_stays_are_emptied(holding: Holding) -> None:
    """Words that somebody wrote go with the account; codes of ours, in enums, may stay."""
    if holding.ending is Ending.GO or not {*holding.given, *holding.secret} or _goes_by_choice(holding):
        return
    words = {
        column.name
        for column in TABLES[holding.table].c
        if isinstance(column.type, sa.String | sa.LargeBinary | sa.JSON)
        and not isinstance(column.type, sa.Enum)
    }
    assert words - set(holding.emptied) - STAYING_WORDS.get(holding.table, set()) == set()


def _goes_by_choice(holding: Holding) -> bool:
    return holding.ending is Ending.CHOSEN and not holding.emptied


STAYING_WORDS = {
    "person": {"email"},  # becomes `erased:<id>`
    "moderation_act": {"rule"},  # a code
    "comment_report": {"rule"},
    "moderation_note": {"words"},  # a colleague's; emptied with the comment, see "notes_of_moderators"
    "audit_entry": {"actor_role", "detail"},  # codes and numbers; nothing can be taken out of this table
    "imported_participant": {"reference"},  # a number from a published file, of somebody without an account
}


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.name)
def test_what_is_emptied_is_a_column_and_takes_its_blank(holding: Holding) -> None:
    for name, blank in holding.emptied.items():
        column = TABLES[holding.table].c[name]
        assert blank is not None or column.nullable
        assert holding.ending in {Ending.EMPTIED, Ending.CHOSEN}


def test_the_key_of_a_comment_is_how_rows_about_comments_are_found() -> None:
    for holding in HOLDINGS:
        if holding.link is Link.COMMENT:
            assert holding.by == ("consultation_id", "comment_id")


def test_every_file_of_a_download_has_two_columns_or_more() -> None:
    """A lone empty cell is an empty line in CSV, which readers take for none."""
    assert all(len(holding.given) > 1 for holding in HOLDINGS)


def test_nothing_that_proves_who_somebody_is_is_given_away() -> None:
    for holding in HOLDINGS:
        for name in holding.given:
            assert not {"hash", "secret", "key", "credential", "challenge"} & set(name.split("_")), name


def test_every_sweep_names_columns_and_the_whole_key_of_its_table() -> None:
    for sweep in SWEEPS:
        table = TABLES[sweep.table]
        assert tuple(table.primary_key.columns.keys()) == sweep.key
        assert all(isinstance(table.c[name].type.python_type, type) for name in sweep.ended)
        assert sweep.period in LASTS


def test_every_period_with_days_has_something_that_deletes() -> None:
    assert {sweep.period for sweep in SWEEPS} | {Period.LETTER} == set(LASTS)
