from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.comments import Channel, CommentState
from consult.domain.consultations import ResultsPolicy, State
from consult.domain.errors import Reason, Refused
from consult.domain.export_manifest import Occasion, manifest
from consult.domain.export_tables import COMMENTS, MODERATION_LOG, PARTICIPANTS, REPORT, TABLES, VOTES
from consult.domain.exports import (
    FileMade,
    Kind,
    Package,
    Record,
    Table,
    check_exportable,
    exported_states,
    has_body,
    holds_tallies,
    is_attributed,
    is_only_stub,
    package_named,
    publication,
    row_maker,
)
from consult.domain.privacy import official_ref, participant_ref, suppressed_categories

populations = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40))
groups = st.integers(1, 15)


@given(populations, groups)
def test_no_published_category_stands_for_too_few(counts: dict[str, int], smallest: int) -> None:
    hidden = suppressed_categories(counts, smallest)
    assert not [n for category, n in counts.items() if category not in hidden and 0 < n < smallest]


@given(populations, groups)
def test_the_total_does_not_reveal_a_suppressed_category(counts: dict[str, int], smallest: int) -> None:
    present = {category for category, n in counts.items() if n}
    hidden = suppressed_categories(counts, smallest)
    together = sum(counts[category] for category in hidden)
    assert hidden <= present
    assert not hidden or hidden == present or (len(hidden) > 1 and together >= smallest)


@given(populations, groups)
def test_nothing_is_suppressed_without_need(counts: dict[str, int], smallest: int) -> None:
    if all(n == 0 or n >= smallest for n in counts.values()):
        assert suppressed_categories(counts, smallest) == frozenset()


def test_the_next_smallest_joins_a_category_that_stands_alone() -> None:
    assert suppressed_categories({"kk": 90, "ru": 40, "en": 3}, 10) == {"en", "ru"}


def test_an_official_has_another_pseudonym_in_the_log_than_among_participants() -> None:
    assert official_ref(b"secret", 7) != participant_ref(b"secret", 7)


def test_every_column_says_what_it_means() -> None:
    assert not [(t.name, c.name) for t in TABLES for c in t.columns if not c.description]


@pytest.mark.parametrize(("table", "column"), [(COMMENTS, "publication_rule"), (REPORT, "rule")])
def test_the_manifest_says_what_an_empty_rule_of_a_withheld_comment_means(table: Table, column: str) -> None:
    file = FileMade(f"{table.name}.csv", table.name, rows=1, bytes=1, sha256="ab")
    made = manifest(
        Occasion("town", "Town", State.CLOSED, Package.PUBLIC, 10), [(table, file)], {}, package_properties={}
    )
    resource = made["resources"][0]  # type: ignore[index]
    (described,) = [each for each in resource["schema"]["fields"] if each["name"] == column]
    assert (
        "empty for a withheld comment: it was imported, and its source gave no rule"
        in (described["description"])
    )


def test_columns_have_a_name_each_and_keys_name_columns() -> None:
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert {*table.primary_key, *(key.column for key in table.foreign_keys)} <= set(names)


FIRST_COLUMNS = {
    "consultations": """
        consultation_id title_en title_ru title_kk authority contact purpose status opens_at closes_at
        working_days_open calendar_days_open min_days_rule answer_due_on answer_published_on source_title
        source_url source_sha256 licence""",
    "questions": """
        question_id consultation_id topic_id position topic_en topic_ru topic_kk question_en question_ru
        question_kk text_version agenda_day agenda_lines agenda_quote status comments_published
        comments_withheld participants votes_agree votes_disagree votes_pass official_answer
        official_answer_at""",
    "comments": """
        comment_id question_id parent_comment_id participant_ref author_kind organisation_name
        question_version language submitted_at edited_at channel body publication publication_rule
        votes_agree votes_disagree votes_pass themes decision decision_reason decided_at duplicate_of""",
    "votes": "consultation_id question_id comment_id participant_ref value cast_on",
    "participants": """
        participant_ref consultation_id author_kind region age_band gender ui_language verification comments
        votes""",
    "moderation_log": """
        entry_id at actor_role actor_ref object_type object_id action rule reason before after appeal_of""",
    "report": "section comment answer decision reason likes dislikes comment_id",
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_published_columns_keep_their_names_and_order(table: Table) -> None:
    expected = FIRST_COLUMNS[table.name].split()
    assert [column.name for column in table.columns][: len(expected)] == expected


def test_the_public_package_has_no_votes_no_exact_times_and_no_names() -> None:
    assert VOTES.is_restricted
    for table in (COMMENTS, PARTICIPANTS, MODERATION_LOG):
        columns = table.columns_in(Package.PUBLIC)
        assert Kind.DATETIME not in {column.kind_in(Package.PUBLIC) for column in columns}
        assert "actor_name" not in {column.name for column in columns}


def test_a_row_takes_the_columns_of_its_package_and_cuts_instants_to_days() -> None:
    record: Record = {"entry_id": 1, "at": datetime(2024, 3, 1, 23, 59, tzinfo=UTC), "actor_name": "Anna"}
    public = row_maker(MODERATION_LOG, Package.PUBLIC)(record)
    restricted = row_maker(MODERATION_LOG, Package.RESTRICTED)(record)
    assert public == (1, date(2024, 3, 1), *(None,) * 10)
    assert restricted == (1, record["at"], *(None,) * 10, "Anna")


def test_pending_comments_are_in_the_restricted_package_only() -> None:
    assert CommentState.PENDING not in exported_states(Package.PUBLIC)
    assert CommentState.PENDING in exported_states(Package.RESTRICTED)


@pytest.mark.parametrize(
    ("state", "public", "restricted"),
    [
        (CommentState.PENDING, False, True),
        (CommentState.PUBLISHED, True, True),
        (CommentState.WITHHELD, False, True),
        (CommentState.WITHDRAWN, False, False),
        (CommentState.ERASED, False, False),
    ],
)
def test_whose_words_are_in_which_package(state: CommentState, public: bool, restricted: bool) -> None:  # noqa: FBT001
    assert has_body(Package.PUBLIC, state) is public
    assert has_body(Package.RESTRICTED, state) is restricted


def test_words_that_an_official_typed_in_are_not_attributed_to_the_official() -> None:
    assert is_attributed(CommentState.PUBLISHED, Channel.WEB)
    assert not is_attributed(CommentState.PUBLISHED, Channel.PAPER)
    assert not is_attributed(CommentState.ERASED, Channel.WEB)


def test_every_publication_is_a_word_that_the_column_knows() -> None:
    column = next(c for c in COMMENTS.columns if c.name == "publication")
    words = {
        publication(state, is_redacted=is_redacted) for state in CommentState for is_redacted in (True, False)
    }
    assert words == {*column.values, *column.restricted_values}


def test_hidden_results_stay_hidden_in_the_public_package_until_the_closing() -> None:
    for policy in ResultsPolicy:
        assert not holds_tallies(Package.PUBLIC, policy, State.OPEN)
        assert holds_tallies(Package.PUBLIC, policy, State.CLOSED)
        assert holds_tallies(Package.RESTRICTED, policy, State.OPEN)


def test_a_draft_has_no_public_package_and_a_withdrawn_consultation_only_its_own_line() -> None:
    with pytest.raises(Refused) as refusal:
        check_exportable(Package.PUBLIC, State.DRAFT)
    assert refusal.value.reason is Reason.STATE_FORBIDS
    check_exportable(Package.RESTRICTED, State.DRAFT)
    assert is_only_stub(Package.PUBLIC, State.WITHDRAWN)
    assert not is_only_stub(Package.RESTRICTED, State.WITHDRAWN)


def test_an_unknown_package_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused) as refusal:
        package_named("secret")
    assert refusal.value.reason is Reason.PACKAGE_UNKNOWN
    assert refusal.value.details["known"] == "public, restricted"


def test_the_manifest_describes_each_file_of_a_package() -> None:
    file = FileMade("comments.csv", "comments", rows=3, bytes=99, sha256="ab")
    made = manifest(
        Occasion("town", "Town", State.OPEN, Package.PUBLIC, 10),
        [(COMMENTS, file)],
        {"encoding": "utf-8"},
        package_properties={"formula_cells": {"mark": "'"}},
    )
    assert made["name"] == "town-public"
    assert made["formula_cells"] == {"mark": "'"}
    resource = made["resources"][0]  # type: ignore[index]
    assert (resource["path"], resource["bytes"], resource["hash"]) == ("comments.csv", 99, "sha256:ab")
    fields = {described["name"]: described for described in resource["schema"]["fields"]}
    assert fields["submitted_at"]["type"] == "date"
    assert "pending" not in fields["publication"]["constraints"]["enum"]
    assert resource["schema"]["foreignKeys"][0]["reference"] == {
        "resource": "questions",
        "fields": ["question_id"],
    }
