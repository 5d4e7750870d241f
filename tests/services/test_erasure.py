"""Deleting an account: nothing of the person is left anywhere, and totals stay true."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.comments import CommentState
from consult.domain.errors import Reason
from consult.domain.holdings import HOLDINGS, Ending, Farewell
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor, Role
from consult.models.audit import AuditEntry
from consult.models.base import Base, db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.outbox import OutboxMessage
from consult.models.people import Person
from consult.models.search import SearchEntry
from consult.models.taking_part import CommentReport, CommentRevision
from consult.models.votes import CommentVote, PropositionVote
from consult.queries.own_data import Owner, rows_of
from consult.services import accounts, moderation, outbox, sessions
from consult.services.erasure import erase_account
from consult.services.exports import export_consultation
from tests.support import canary, cast
from tests.support.canary import EMAIL, KEPT, MARK, Planted
from tests.support.cast import PASSWORD, Cast, comment_state, count, refusal
from tests.support.export_rows import read_csv


@pytest.fixture(autouse=True)
def within(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def planted(app: Flask) -> Planted:
    return canary.plant(app)


def leave(app: Flask, actor: Actor, farewell: Farewell = Farewell.REMOVE, **other: str) -> None:
    given = {"password": PASSWORD, "token": "", "confirmation": EMAIL, **other}
    erase_account(actor, farewell=farewell, instance=Path(app.instance_path), **given)


def folders(app: Flask) -> list[Path]:
    """Where files of this installation lie: the instance, and the database with its log."""
    file = canary.sqlite_file(app)
    return [Path(app.instance_path), *([file.parent] if file else [])]


def exported(output: Path) -> dict[str, Path]:
    """Both packages of the consultation, as they are now."""
    for package in ("public", "restricted"):
        export_consultation(
            OPERATOR, "green-street", package=package, output=output / package, smallest_group=1
        )
    return {package: output / package for package in ("public", "restricted")}


def test_the_traces_reach_every_holding_with_words(app: Flask, planted: Planted) -> None:
    """The search that finds nothing afterwards finds something before: it is not blind."""
    owner = Owner(planted.member.id, EMAIL)
    for holding in HOLDINGS:
        rows = db.session.execute(
            sa.select(sa.func.count())
            .select_from(Base.metadata.tables[holding.table])
            .where(rows_of(holding, owner))
        ).scalar_one()
        assert rows, f"nobody left a trace in {holding.name}: extend tests/support/canary.py"
    wordless = {"comment_vote", "proposition_vote", "opinion_member", "imported_participant", "follow"}
    wordless |= {"person_profile", "audit_entry", "consultation_duty", "moderation_lock"}
    assert {holding.table for holding in HOLDINGS} - wordless <= canary.tables_with(MARK)
    assert "search_entry" in canary.tables_with(KEPT)
    if canary.sqlite_file(app):
        assert KEPT in canary.indexed_terms(app)
        assert canary.files_with(MARK, *folders(app))


def test_nothing_is_left_in_any_table_index_file_or_later_export(
    app: Flask, planted: Planted, tmp_path: Path
) -> None:
    leave(app, planted.member.actor)
    for mark in (MARK, KEPT):
        assert canary.tables_with(mark) == set()
        assert [term for term in canary.indexed_terms(app) if term in mark] == []
        assert canary.files_with(mark, *folders(app)) == []
        assert canary.files_with(mark, *exported(tmp_path).values()) == []


def test_whoever_keeps_the_comments_leaves_what_readers_saw_and_nothing_else(
    app: Flask, planted: Planted, tmp_path: Path
) -> None:
    """The withheld comment stays too, in case of an appeal; its words are moderators' to read."""
    with transaction():
        db.session.execute(
            sa.update(Comment).where(Comment.id == planted.withheld).values(body="held back words")
        )
    leave(app, planted.member.actor, Farewell.KEEP)
    assert canary.tables_with(MARK) == set()
    assert canary.files_with(MARK, *folders(app), *exported(tmp_path).values()) == []
    rows = {row.id: row for row in db.session.scalars(db.select(Comment))}
    assert rows[planted.published].body == f"{KEPT} and more"
    assert rows[planted.redacted].body == f"{KEPT} at [removed: personal data]"
    assert rows[planted.withheld].state is CommentState.WITHHELD
    assert rows[planted.withheld].publication_rule == "insult"
    assert rows[planted.withdrawn].state is CommentState.ERASED
    found = db.session.scalars(db.select(SearchEntry.thing_id).where(SearchEntry.folded.contains(KEPT)))
    assert set(found) == {planted.published, planted.redacted}
    assert [row.number for row in db.session.scalars(db.select(CommentRevision))] == [2]


def test_removed_comments_are_notes_and_their_replies_stay(app: Flask, planted: Planted) -> None:
    leave(app, planted.member.actor)
    mine = (planted.published, planted.redacted, planted.withheld, planted.withdrawn)
    for key in mine:
        assert comment_state(app, key) is CommentState.ERASED
    assert comment_state(app, planted.reply) is CommentState.PUBLISHED
    assert count(CommentRevision) == 0


def test_votes_and_totals_stay_true(app: Flask, planted: Planted, tmp_path: Path) -> None:
    votes = count(CommentVote), count(PropositionVote)
    before = read_csv(exported(tmp_path / "before")["restricted"] / "questions.csv")
    leave(app, planted.member.actor)
    assert (count(CommentVote), count(PropositionVote)) == votes
    after_folder = exported(tmp_path / "after")["restricted"]
    after = read_csv(after_folder / "questions.csv")
    same = ("participants", "votes_agree", "votes_disagree", "votes_pass")
    assert [[row[name] for name in same] for row in after] == [[row[name] for name in same] for row in before]
    publications = Counter(row["publication"] for row in read_csv(after_folder / "comments.csv"))
    assert publications == {"erased": 4, "published": 1}


def test_a_shell_is_left_that_nobody_can_sign_in_with(app: Flask, planted: Planted) -> None:
    leave(app, planted.member.actor)
    shell = canary.shell_of(planted)
    assert shell.email == f"erased:{shell.id}"
    assert (shell.name, shell.password_hash, shell.is_active) == ("", "", False)
    assert shell.erased_at is not None
    assert refusal(lambda: accounts.sign_in(EMAIL, PASSWORD)) is Reason.SIGN_IN_FAILED
    assert refusal(lambda: accounts.sign_in(shell.email, PASSWORD)) is Reason.SIGN_IN_FAILED


def test_a_second_deletion_finds_nobody(app: Flask, planted: Planted) -> None:
    leave(app, planted.member.actor)
    again = refusal(lambda: leave(app, planted.member.actor, confirmation=f"erased:{planted.member.id}"))
    assert again is Reason.CONFIRMATION_WRONG
    again = refusal(lambda: leave(app, planted.member.actor, confirmation=""))
    assert again is Reason.SIGN_IN_AGAIN


def test_the_rows_of_others_stay(app: Flask, planted: Planted) -> None:
    bystander = cast.person(app, "bystander@example.kz", "Bystander")
    accounts.sign_in(bystander.email, PASSWORD)
    theirs = Owner(bystander.id, bystander.email), Owner(planted.member.id + 1, "other@example.kz")

    def rows() -> dict[tuple[str, int], int]:
        return {
            (holding.name, owner.person_id): db.session.execute(
                sa.select(sa.func.count())
                .select_from(Base.metadata.tables[holding.table])
                .where(rows_of(holding, owner))
            ).scalar_one()
            for holding in HOLDINGS
            for owner in theirs
        }

    before = rows()
    leave(app, planted.member.actor)
    assert rows() == before
    reports = {row.person_id: row.words for row in db.session.scalars(db.select(CommentReport))}
    assert set(reports.values()) == {""}  # one by the person, one about the person's comment
    assert (Path(app.instance_path) / "mail" / "other.eml").is_file()


def test_it_is_in_the_log_without_a_word_of_the_person(app: Flask, planted: Planted) -> None:
    leave(app, planted.member.actor, Farewell.KEEP)
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.ACCOUNT_ERASED)).one()
    assert (entry.actor_id, entry.thing_id, entry.detail) == (
        planted.member.id,
        planted.member.id,
        {"comments": "keep"},
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"password": "another password"}, Reason.PASSWORD_WRONG),
        ({"password": ""}, Reason.PASSWORD_WRONG),
        ({"confirmation": "other@example.kz"}, Reason.CONFIRMATION_WRONG),
        ({"confirmation": ""}, Reason.CONFIRMATION_WRONG),
    ],
)
def test_without_password_and_confirmation_nothing_happens(
    app: Flask, planted: Planted, given: dict[str, str], reason: Reason
) -> None:
    assert refusal(lambda: leave(app, planted.member.actor, Farewell.REMOVE, **given)) is reason
    assert canary.shell_of(planted).erased_at is None
    assert comment_state(app, planted.published) is CommentState.PUBLISHED


def test_the_confirmation_may_be_written_in_capital_letters(app: Flask, planted: Planted) -> None:
    leave(app, planted.member.actor, confirmation=f" {EMAIL.upper()} ")
    assert canary.shell_of(planted).erased_at is not None


def test_a_stranger_and_the_operator_have_no_account_to_delete(app: Flask, planted: Planted) -> None:
    assert refusal(lambda: leave(app, GUEST)) is Reason.SIGN_IN_NEEDED
    assert refusal(lambda: leave(app, OPERATOR)) is Reason.SIGN_IN_NEEDED


def test_somebody_elses_password_deletes_nobody(app: Flask, planted: Planted, people: Cast) -> None:
    assert refusal(lambda: leave(app, people.dauren.actor)) is Reason.CONFIRMATION_WRONG
    assert canary.shell_of(planted).erased_at is None


def test_staff_without_their_second_factor_cannot_be_deleted_by_a_stolen_password(app: Flask) -> None:
    planted = canary.plant(app, role=Role.OFFICIAL)
    waiting = Actor(planted.member.id, Role.OFFICIAL, awaits_second_factor=True)
    assert refusal(lambda: leave(app, waiting)) is Reason.SECOND_FACTOR_NEEDED


def test_an_account_without_password_and_address_is_proven_by_a_fresh_sign_in(app: Flask) -> None:
    planted = canary.plant(app)
    with transaction():
        token = sessions.begin(db.session.get_one(Person, planted.member.id), "").token
        db.session.execute(
            sa.update(Person)
            .where(Person.id == planted.member.id)
            .values(email="identity:1", password_hash="", name="Айгерім")
        )
    actor = planted.member.actor
    assert refusal(lambda: leave(app, actor, token=token)) is Reason.CONFIRMATION_WRONG
    assert refusal(lambda: leave(app, actor, token="stolen", confirmation="Айгерім")) is Reason.SIGN_IN_AGAIN
    leave(app, actor, token=token, confirmation="айгерім")
    assert canary.shell_of(planted).email == f"erased:{planted.member.id}"


@pytest.mark.parametrize("address", [EMAIL, f"{MARK}@пример.қаз", f"{MARK}_%@example.kz"])
def test_news_of_a_new_address_to_the_former_one_goes_too(app: Flask, address: str) -> None:
    planted = canary.plant(app)
    with transaction():
        db.session.execute(sa.update(Person).where(Person.email == EMAIL).values(email=address))
        for told in (address, "somebody@example.kz"):
            outbox.enqueue_to("former@example.kz", Language.RU, "email_changed", {"email": told})
    leave(app, planted.member.actor, confirmation=address)
    left = db.session.scalars(db.select(OutboxMessage.content).filter_by(address="former@example.kz"))
    assert list(left) == [{"email": "somebody@example.kz"}]


def test_the_last_administrator_stays(app: Flask) -> None:
    planted = canary.plant(app, role=Role.ADMINISTRATOR)
    assert refusal(lambda: leave(app, planted.member.actor)) is Reason.LAST_ADMINISTRATOR
    cast.person(app, "gone@example.kz", "Blocked", Role.ADMINISTRATOR, is_active=False)
    assert refusal(lambda: leave(app, planted.member.actor)) is Reason.LAST_ADMINISTRATOR
    cast.person(app, "second@example.kz", "Second", Role.ADMINISTRATOR)
    leave(app, planted.member.actor)
    assert canary.shell_of(planted).erased_at is not None


def test_what_an_official_did_stays_and_refers_to_the_shell(app: Flask, people: Cast, tmp_path: Path) -> None:
    moderator = people.moderator
    built = cast.open_consultation(app, by=moderator.actor)
    theirs = cast.comment(app, people.dauren, built, "A comment of somebody else")
    moderation.withhold_comment(moderator.actor, theirs, "insult", "It insults a neighbour.")
    typed_in = cast.comment(app, moderator, built, "From a letter of a citizen")
    with transaction():
        db.session.execute(sa.update(Comment).where(Comment.id == typed_in).values(channel="paper"))
    leave(app, moderator.actor, confirmation=moderator.email)
    act = db.session.scalars(db.select(ModerationAct)).one()
    assert (act.actor_id, act.reason) == (moderator.id, "It insults a neighbour.")
    assert (
        db.session.scalars(db.select(Comment.body).filter_by(id=typed_in)).one()
        == "From a letter of a citizen"
    )
    log = read_csv(exported(tmp_path)["restricted"] / "moderation_log.csv")
    assert [(row["actor_role"], row["actor_name"]) for row in log] == [("official", "")]
    assert db.session.get_one(Person, moderator.id).role is Role.OFFICIAL


def test_every_ending_has_a_holding() -> None:
    assert {holding.ending for holding in HOLDINGS} == set(Ending)
