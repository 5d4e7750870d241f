"""Correcting, telling for statistics, taking one's data along."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.domain.audit import Act
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason
from consult.domain.holdings import HOLDINGS
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor, Role
from consult.domain.profile import AgeBand, Gender, Profile, Region
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.own_data import Consent, PersonProfile
from consult.models.people import Person
from consult.queries.own_data import is_asked_for_profile, own_account
from consult.services import own_data
from consult.services.exports import export_consultation
from tests.support import canary, cast
from tests.support.canary import EMAIL, MARK, WORDS
from tests.support.cast import Cast, Member, count, refusal
from tests.support.export_rows import read_csv

TOLD = Profile(Region.ALMATY, AgeBand.FROM_30, Gender.UNDISCLOSED)


@pytest.fixture(autouse=True)
def within(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def acts(actor: Member) -> list[Act]:
    db.session.rollback()
    rows = db.select(AuditEntry.act).filter_by(actor_id=actor.id).order_by(AuditEntry.id)
    return list(db.session.scalars(rows))


def consents(actor: Member) -> list[Consent]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Consent).filter_by(person_id=actor.id).order_by(Consent.id)))


def tell(actor: Member, profile: Profile = TOLD, *, agrees: bool = True) -> None:
    own_data.save_profile(actor.actor, profile, Language.RU, agrees=agrees)


def test_name_and_language_are_corrected_and_logged_without_the_words(aigerim: Member) -> None:
    own_data.correct_account(aigerim.actor, "  Айгерім  Ә. ", Language.EN)
    db.session.rollback()
    person = db.session.get_one(Person, aigerim.id)
    assert (person.name, person.language) == ("Айгерім Ә.", Language.EN)
    entry = db.session.scalars(db.select(AuditEntry).filter_by(act=Act.ACCOUNT_CORRECTED)).one()
    assert entry.detail == {"changed": ["name", "language"]}


def test_an_unchanged_form_changes_and_logs_nothing(aigerim: Member) -> None:
    own_data.correct_account(aigerim.actor, aigerim.actor.name, aigerim.actor.language)
    assert acts(aigerim) == []


def test_a_misleading_name_is_refused_as_at_registration(aigerim: Member) -> None:
    why = refusal(lambda: own_data.correct_account(aigerim.actor, "аdmin", Language.KK))
    assert why is Reason.NAME_MISLEADING


def test_answers_are_kept_with_the_consent_and_its_version(aigerim: Member) -> None:
    tell(aigerim)
    mine = own_account(aigerim.actor)
    assert mine.profile == TOLD
    assert mine.agrees_to_statistics
    [consent] = consents(aigerim)
    assert (consent.version, consent.language) == (CURRENT[Purpose.STATISTICS].version, Language.RU)
    assert consent.withdrawn_at is None


def test_answers_without_consent_are_not_kept(aigerim: Member) -> None:
    assert refusal(lambda: tell(aigerim, agrees=False)) is Reason.CONSENT_MISSING
    assert count(PersonProfile) == count(Consent) == 0


def test_other_answers_replace_the_first_under_the_same_consent(aigerim: Member) -> None:
    tell(aigerim)
    tell(aigerim, Profile(region=Region.ABAI), agrees=False)
    assert own_account(aigerim.actor).profile == Profile(region=Region.ABAI)
    assert len(consents(aigerim)) == 1


def test_a_withdrawn_consent_deletes_the_answers_and_keeps_the_story(aigerim: Member) -> None:
    tell(aigerim)
    own_data.decline_statistics(aigerim.actor)
    mine = own_account(aigerim.actor)
    assert mine.profile.is_empty
    assert not mine.agrees_to_statistics
    assert [consent.withdrawn_at is not None for consent in consents(aigerim)] == [True]
    tell(aigerim)
    assert [consent.withdrawn_at is not None for consent in consents(aigerim)] == [True, False]
    assert acts(aigerim) == [Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN, Act.CONSENT_GIVEN]


def test_three_empty_answers_take_the_consent_back(aigerim: Member) -> None:
    tell(aigerim)
    tell(aigerim, Profile())
    assert not own_account(aigerim.actor).agrees_to_statistics


def test_a_consent_to_an_older_text_is_asked_for_again(aigerim: Member) -> None:
    with transaction():
        db.session.add(
            Consent(
                person_id=aigerim.id,
                purpose=Purpose.STATISTICS,
                version="2020-01",
                language=Language.KK,
                given_at=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )
    assert not own_account(aigerim.actor).agrees_to_statistics
    assert refusal(lambda: tell(aigerim, agrees=False)) is Reason.CONSENT_MISSING
    tell(aigerim)
    assert [consent.withdrawn_at is not None for consent in consents(aigerim)] == [True, False]


def test_the_questions_are_offered_after_a_first_contribution_until_an_answer(
    app: Flask, people: Cast
) -> None:
    aigerim, dauren = people.aigerim, people.dauren
    assert not is_asked_for_profile(GUEST)
    assert not is_asked_for_profile(aigerim.actor)
    built = cast.open_consultation(app)
    key = cast.comment(app, aigerim, built)
    cast.vote(app, dauren, built, key)
    assert is_asked_for_profile(aigerim.actor)
    assert is_asked_for_profile(dauren.actor)
    own_data.decline_statistics(aigerim.actor)
    tell(dauren)
    assert not is_asked_for_profile(aigerim.actor)
    assert not is_asked_for_profile(dauren.actor)
    assert acts(aigerim)[-1] is not Act.CONSENT_WITHDRAWN  # there was no consent to withdraw


def test_strangers_and_the_operator_have_nothing_of_their_own(tmp_path: Path) -> None:
    for actor in (GUEST, OPERATOR):
        for deed in (
            lambda actor=actor: own_data.correct_account(actor, "Name", Language.EN),
            lambda actor=actor: own_data.save_profile(actor, TOLD, Language.EN, agrees=True),
            lambda actor=actor: own_data.decline_statistics(actor),
            lambda actor=actor: own_data.download(actor, output=tmp_path / "mine.zip", about=""),
            lambda actor=actor: own_account(actor),
        ):
            assert refusal(deed) is Reason.SIGN_IN_NEEDED


def test_staff_without_their_second_factor_download_nothing(moderator: Member, tmp_path: Path) -> None:
    waiting = Actor(moderator.id, Role.OFFICIAL, awaits_second_factor=True)
    why = refusal(lambda: own_data.download(waiting, output=tmp_path / "mine.zip", about=""))
    assert why is Reason.SECOND_FACTOR_NEEDED


def downloaded(actor: Member, folder: Path) -> dict[str, bytes]:
    """The files of a download by name."""
    archive = folder / "mine.zip"
    own_data.download(actor.actor, output=archive, about="Everything about you")
    with zipfile.ZipFile(archive) as files:
        assert files.testzip() is None
        return {name.removeprefix("mine/"): files.read(name) for name in files.namelist()}


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_a_download_holds_every_holding_as_csv_and_json_with_the_same_rows(
    app: Flask, tmp_path: Path
) -> None:
    planted = canary.plant(app)
    files = downloaded(planted.member, tmp_path)
    assert files["README.txt"] == b"Everything about you"
    assert set(files) == {"README.txt", *(f"{h.name}.{e}" for h in HOLDINGS for e in ("csv", "json"))}
    for holding in HOLDINGS:
        as_json = json.loads(files[f"{holding.name}.json"])
        as_csv = rows_of_csv(files[f"{holding.name}.csv"])
        assert as_json, holding.name
        assert len(as_csv) == len(as_json), holding.name
        assert all(tuple(row) == holding.given for row in (*as_json, *as_csv)), holding.name


def test_a_download_keeps_secrets_and_what_is_somebody_elses(app: Flask, tmp_path: Path) -> None:
    planted = canary.plant(app)
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id != planted.member.id).values(name="NEIGHBOUR"))
    files = downloaded(planted.member, tmp_path)
    everything = b"".join(files.values())
    for secret in (b"argon2", b"NEIGHBOUR", b"other@example.kz", b"is rude"):
        assert secret not in everything
    assert EMAIL.encode() in everything
    assert "token_hash" not in files["sessions.csv"].decode()


def test_cells_that_a_spreadsheet_could_run_are_marked_in_csv_and_not_in_json(
    app: Flask, tmp_path: Path
) -> None:
    planted = canary.plant(app)
    files = downloaded(planted.member, tmp_path)
    [row] = rows_of_csv(files["drafts.csv"])
    assert row["body"] == f"'{WORDS}"
    [same] = json.loads(files["drafts.json"])
    assert same["body"] == WORDS
    [member] = json.loads(files["opinion_groups.json"])
    assert (member["number"], member["x"], member["y"]) == (None, -0.5, 0.25)
    [account] = rows_of_csv(files["account.csv"])
    assert (account["name"], account["is_active"]) == (f"Name {MARK}", "true")


def test_a_download_holds_nobody_elses_rows(app: Flask, people: Cast, tmp_path: Path) -> None:
    canary.plant(app)
    everything = b"".join(downloaded(people.dauren, tmp_path).values())
    assert MARK.encode() not in everything
    assert canary.KEPT.encode() not in everything


def test_a_download_is_in_the_log(aigerim: Member, tmp_path: Path) -> None:
    downloaded(aigerim, tmp_path)
    assert acts(aigerim) == [Act.OWN_DATA_DOWNLOADED]


def test_a_download_leaves_no_file_beside_the_archive(aigerim: Member, tmp_path: Path) -> None:
    downloaded(aigerim, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.zip"]


@pytest.mark.parametrize("package", ["public", "restricted"])
def test_exports_show_what_enough_people_told_and_hide_the_rest(
    app: Flask, tmp_path: Path, package: str
) -> None:
    built = cast.open_consultation(app)
    first = cast.person(app, "first@example.kz", "First")
    key = cast.comment(app, first, built)
    for number in range(5):
        voter = cast.person(app, f"voter{number}@example.kz", f"Voter {number}")
        tell(voter, Profile(Region.ASTANA if number < 3 else Region.ABAI, AgeBand.FROM_18))
        cast.vote(app, voter, built, key)
    export_consultation(OPERATOR, built.slug, package=package, output=tmp_path, smallest_group=3)
    rows = read_csv(tmp_path / "participants.csv")
    # Two in Abai and one who told nothing are too few alone, and enough together.
    assert sorted((row["region"], row["age_band"], row["gender"]) for row in rows) == [
        *[("KZ-71", "18-29", "")] * 3,
        *[("suppressed", "suppressed", "")] * 3,
    ]
