"""Imports from Pol.is: everything or nothing, once, and people who can never sign in."""

from pathlib import Path

import pytest
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.consultations import State
from consult.domain.errors import Reason
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.imports import ImportedParticipant
from consult.models.people import Person
from consult.models.votes import CommentVote
from consult.queries.comments import comments_of
from consult.queries.consultations import consultation_at, figures
from consult.queries.questions import questions_of
from consult.queries.tallies import comment_tallies
from consult.services import accounts, exports
from consult.services.imports import import_polis
from tests.support.cast import Cast, count, open_consultation, refusal
from tests.support.polis import COMMENTS, MATRIX, NAMES, REAL, VOTES, WHY_SKIPPED, write_export

pytestmark = pytest.mark.usefixtures("inside")


def test_a_conversation_becomes_a_closed_consultation(tmp_path: Path) -> None:
    made = import_polis(OPERATOR, write_export(tmp_path), "trees")
    assert made.is_new
    assert made.comments == {"published": 3, "pending": 0, "withheld": 1}
    assert made.moderation == {"accepted": 2, "unmoderated": 1, "rejected": 1}
    assert (made.participants, made.votes, made.events, made.authors_unknown) == (3, 7, 8, 1)
    view = consultation_at(GUEST, "trees", Language.EN)
    assert (view.state, view.title.text, view.question_count) == (State.CLOSED, "Trees", 1)
    found = figures(view.id)
    assert (found.participants, found.votes, found.comments["published"]) == (3, 7, 3)
    question = questions_of(GUEST, view.id, Language.EN)[0]
    listed = comments_of(GUEST, view, question.id).comments
    assert [one.body for one in listed if not one.is_stub] == [
        "Not looked at.",
        "Two\nlines, with a comma.",
        "Plant trees.",
    ]
    tally = comment_tallies(view.id, [listed[-1].id])[listed[-1].id]
    assert (tally.agree, tally.disagree, tally.pass_) == (2, 1, 0)
    assert db.session.scalars(db.select(AuditEntry.act)).all() == [Act.CONVERSATION_IMPORTED]


def test_the_same_files_again_change_nothing_and_other_files_are_refused(tmp_path: Path) -> None:
    first = import_polis(OPERATOR, write_export(tmp_path), "trees")
    before = [count(table) for table in (Person, Comment, CommentVote, ImportedParticipant, AuditEntry)]
    again = import_polis(OPERATOR, write_export(tmp_path / "zipped", ["votes.csv"]), "trees")
    assert (again.is_new, again.consultation_id) == (False, first.consultation_id)
    assert [
        count(table) for table in (Person, Comment, CommentVote, ImportedParticipant, AuditEntry)
    ] == before
    other = write_export(tmp_path / "other", votes=VOTES[:-1])
    assert refusal(lambda: import_polis(OPERATOR, other, "trees")) is Reason.IMPORT_DIFFERS
    import_polis(OPERATOR, write_export(tmp_path), "trees-too")
    assert count(Person) == 6


def test_nothing_half_loaded_stays(tmp_path: Path) -> None:
    def interrupted(what: str, _done: int, _total: int) -> None:
        if what == "votes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_polis(OPERATOR, write_export(tmp_path), "trees", progress=interrupted)
    broken = write_export(tmp_path / "broken", votes=[*VOTES, ("", "", "", "", "")])
    assert refusal(lambda: import_polis(OPERATOR, broken, "trees")) is Reason.IMPORT_ROW_BROKEN
    assert [count(table) for table in (Person, Consultation, Comment, CommentVote)] == [0, 0, 0, 0]
    assert import_polis(OPERATOR, write_export(tmp_path), "trees").is_new


def test_imported_people_cannot_sign_in_and_have_no_address(tmp_path: Path) -> None:
    import_polis(OPERATOR, write_export(tmp_path), "trees")
    rows = db.session.scalars(db.select(Person).order_by(Person.id)).all()
    assert [row.email for row in rows] == ["import:trees:10", "import:trees:11", "import:trees:12"]
    assert {(row.name, row.password_hash, row.is_active) for row in rows} == {("", "", False)}
    for password in ("", "correct horse battery"):
        reason = refusal(lambda password=password: accounts.sign_in("import:trees:10", password))  # type: ignore[misc]
        assert reason in {Reason.SIGN_IN_FAILED, Reason.EMAIL_INVALID}


def test_where_moderation_came_first_unseen_comments_wait(tmp_path: Path) -> None:
    votes = [*VOTES[:-1], (1_700_000_190_000, "", 3, 99, 1)]
    made = import_polis(OPERATOR, write_export(tmp_path, votes=votes), "trees")
    assert made.comments == {"published": 2, "pending": 1, "withheld": 1}
    assert made.participants == 4


def test_without_any_moderation_everything_was_shown(tmp_path: Path) -> None:
    comments = [COMMENTS[0], *((*row[:6], 0, row[7]) for row in COMMENTS[1:])]
    made = import_polis(OPERATOR, write_export(tmp_path, comments=comments, votes=VOTES[:1]), "trees")
    assert made.comments == {"published": 4, "pending": 0, "withheld": 0}
    assert set(db.session.scalars(db.select(Comment.state))) == {CommentState.PUBLISHED}


def test_a_clock_that_was_ahead_leaves_the_consultation_closed(tmp_path: Path) -> None:
    ahead = [*VOTES, (4_070_908_800, "", 1, 10, 1)]
    import_polis(OPERATOR, write_export(tmp_path / "votes", votes=ahead), "trees")
    comments = [COMMENTS[0], *((4_070_908_800, *row[1:]) for row in COMMENTS[1:])]
    import_polis(OPERATOR, write_export(tmp_path / "all", votes=None, comments=comments), "late")
    for slug in ("trees", "late"):
        assert consultation_at(GUEST, slug, Language.EN).state is State.CLOSED


def test_single_votes_alone_become_the_same_conversation(tmp_path: Path) -> None:
    both = import_polis(OPERATOR, write_export(tmp_path / "both"), "both")
    alone = import_polis(OPERATOR, write_export(tmp_path / "alone", matrix=None), "alone")
    assert (alone.participants, alone.votes, alone.events) == (both.participants, both.votes, both.events)
    assert (alone.comments, alone.moderation) == (both.comments, both.moderation)


def test_numbers_as_long_as_they_may_be_are_kept_apart(tmp_path: Path) -> None:
    twins = [(1_700_000_180_000, "", "7" * 49 + end, 10, 0, 0, 1, f"Twin {end}") for end in "12"]
    members = [("9" * 49 + end, "", 0, 0, 0, 0, "", "", "", "") for end in "12"]
    folder = write_export(tmp_path, comments=[*COMMENTS, *twins], matrix=[*MATRIX, *members])
    made = import_polis(OPERATOR, folder, "trees")
    assert (made.participants, sum(made.comments.values())) == (5, 6)
    assert count(Comment) == 6


def test_only_an_administrator_imports_and_only_at_a_free_address(
    app: Flask, people: Cast, tmp_path: Path
) -> None:
    folder = write_export(tmp_path)
    built = open_consultation(app)
    for actor, slug, reason in (
        (GUEST, "trees", Reason.SIGN_IN_NEEDED),
        (people.aigerim.actor, "trees", Reason.NOT_PERMITTED),
        (people.moderator.actor, "trees", Reason.NOT_PERMITTED),
        (OPERATOR, "Trees!", Reason.SLUG_INVALID),
        (OPERATOR, built.slug, Reason.SLUG_TAKEN),
    ):
        deed = lambda actor=actor, slug=slug: import_polis(actor, folder, slug)  # noqa: E731
        assert refusal(deed) is reason


@pytest.mark.parametrize("package", ["public", "restricted"])
def test_an_imported_consultation_is_exported_like_any_other(tmp_path: Path, package: str) -> None:
    import_polis(OPERATOR, write_export(tmp_path / "in"), "trees")
    made = exports.export_consultation(
        OPERATOR, "trees", package=package, output=tmp_path / "out", smallest_group=10
    )
    rows = {file.name: file.rows for file in made.files}
    assert rows["comments.csv"] == 4
    assert rows["participants.csv"] == 3
    assert rows.get("votes.csv", 7) == 7
    assert "import:" not in (tmp_path / "out" / "participants.csv").read_text()


@pytest.mark.shared_data
@pytest.mark.skipif(not NAMES, reason=WHY_SKIPPED)
@pytest.mark.parametrize("name", [name for name in NAMES if "bowling" not in name])
def test_a_real_conversation_is_imported_completely(name: str) -> None:
    made = import_polis(OPERATOR, REAL / name, "real")
    assert count(Person) == count(ImportedParticipant) == made.participants
    assert count(Comment) == sum(made.comments.values()) == sum(made.moderation.values())
    assert count(CommentVote) == made.votes
