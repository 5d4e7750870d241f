"""Exports on a real database: what each package holds, what none may hold, and that it can be relied on."""

import hashlib
import json
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from frictionless import Package as DataPackage
from frictionless import system

from consult.adapters.tables import restored
from consult.domain.audit import Act
from consult.domain.comments import BODY_LONGEST, Channel, CommentState
from consult.domain.consultations import ResultsPolicy, Stage
from consult.domain.errors import Reason, Refused
from consult.domain.exports import Package
from consult.domain.languages import Language
from consult.domain.people import GUEST, OPERATOR, Actor, Role, Verification
from consult.domain.privacy import official_ref, participant_ref
from consult.models.audit import AuditEntry
from consult.models.base import db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.consultations import Consultation, ConsultationText
from consult.models.people import Person
from consult.queries import exports as reads
from consult.services.exports import ExportMade, export_archive, export_consultation
from tests.support.export_rows import MORNING, PASSWORD_HASH, Town, build_town, read_csv, read_json_lines

CITIZEN = Actor(person_id=1)
OFFICIAL = Actor(person_id=1, role=Role.OFFICIAL)
PACKAGES = ("public", "restricted")
PUBLIC_FILES = {
    "consultations.csv", "questions.csv", "comments.csv", "participants.csv", "moderation_log.csv",
    "report.csv", "datapackage.json",
}  # fmt: skip


@pytest.fixture(autouse=True)
def within(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def town() -> Town:
    """Comments in every state, with votes, a reply and an act of moderation."""
    made = build_town()
    shown = made.comment("Mend the =road")
    made.comment("A reply", parent_id=shown, author_id=made.people[1])
    insult = made.comment("CANARY-WITHHELD", author_id=made.people[1])
    made.withhold(insult, rule="insult", reason="CANARY-REASON")
    made.comment("CANARY-PENDING", CommentState.PENDING)
    made.comment("CANARY-WITHDRAWN", CommentState.WITHDRAWN)
    made.comment("", CommentState.ERASED, author_id=None)
    made.comment("CANARY-PRIVATE", redacted_body="[removed: personal data]", author_id=made.people[2])
    made.comment("From a letter", author_id=made.official, channel=Channel.PAPER)
    for person, choice in zip(made.people, (1, 1, -1), strict=True):
        made.vote(shown, person, choice)
    made.vote_on_proposition(made.people[0], 0)
    return made


def export(output: Path, package: str, slug: str = "town", **options: Any) -> ExportMade:
    options.setdefault("smallest_group", 10)
    return export_consultation(OPERATOR, slug, package=package, output=output, **options)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def by_body(folder: Path) -> dict[str, dict[str, str]]:
    return {restored(row["body"]): row for row in read_csv(folder / "comments.csv")}


def faults(folder: Path) -> list[Any]:
    with system.use_context(trusted=True):
        return list(DataPackage(str(folder / "datapackage.json")).validate().flatten(["type", "note"]))


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("options", [{}, {"bom": True, "delimiter": ";"}, {"delimiter": "\t"}])
def test_a_package_is_valid_by_its_own_manifest(
    town: Town, tmp_path: Path, package: str, options: dict[str, Any]
) -> None:
    export(tmp_path, package, **options)
    assert faults(tmp_path) == []


def test_json_lines_have_the_columns_of_the_manifest(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "restricted", format="jsonl")
    for resource in json.loads((tmp_path / "datapackage.json").read_text())["resources"]:
        rows = read_json_lines(tmp_path / resource["path"])
        fields = [described["name"] for described in resource["schema"]["fields"]]
        assert rows
        assert all(list(row) == fields for row in rows)


def test_a_changed_byte_is_noticed_by_the_manifest(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    file = tmp_path / "comments.csv"
    file.write_bytes(file.read_bytes().replace(b"Mend", b"Bend"))
    assert [kind for kind, _ in faults(tmp_path)] == ["hash-count"]


def test_the_manifest_carries_the_hash_and_size_of_each_file(town: Town, tmp_path: Path) -> None:
    made = export(tmp_path, "restricted")
    listed = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    assert [resource["path"] for resource in listed] == [file.name for file in made.files]
    for resource, file in zip(listed, made.files, strict=True):
        content = (tmp_path / file.name).read_bytes()
        assert (file.sha256, file.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{file.sha256}", file.bytes)
        assert file.rows == resource["rows"] == len(read_csv(tmp_path / file.name))


def test_the_public_package_has_no_votes_file(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    assert set(bytes_of(tmp_path)) == PUBLIC_FILES


def test_the_public_package_keeps_a_row_of_what_is_withheld_and_not_its_words(
    town: Town, tmp_path: Path
) -> None:
    export(tmp_path, "public")
    rows = {row["publication"]: row for row in read_csv(tmp_path / "comments.csv")}
    assert set(rows) == {"published", "redacted", "withheld", "withdrawn_by_author", "erased"}
    withheld = rows["withheld"]
    assert (withheld["body"], withheld["publication_rule"]) == ("", "insult")
    assert withheld["participant_ref"]
    for taken_back in (rows["withdrawn_by_author"], rows["erased"]):
        assert (taken_back["body"], taken_back["participant_ref"]) == ("", "")
    assert rows["redacted"]["body"] == "[removed: personal data]"


def test_the_restricted_package_adds_withheld_and_pending_words(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "restricted")
    rows = by_body(tmp_path)
    assert rows["CANARY-WITHHELD"]["publication"] == "withheld"
    assert rows["CANARY-PENDING"]["publication"] == "pending"
    assert rows["CANARY-PENDING"]["submitted_at"] == "2016-03-01T09:30:15.123456+00:00"
    assert "CANARY-WITHDRAWN" not in rows


@pytest.mark.parametrize("format_code", ["csv", "jsonl"])
def test_no_byte_of_the_public_package_holds_a_secret(town: Town, tmp_path: Path, format_code: str) -> None:
    export(tmp_path, "public", format=format_code)
    everything = b"".join(bytes_of(tmp_path).values())
    assert b"Mend the" in everything
    for canary in ("CANARY-", "@canary.example", PASSWORD_HASH, "Name of", "09:30", "10:30"):
        assert canary.encode() not in everything


@pytest.mark.parametrize("format_code", ["csv", "jsonl"])
def test_no_byte_of_the_restricted_package_names_a_citizen(
    town: Town, tmp_path: Path, format_code: str
) -> None:
    export(tmp_path, "restricted", format=format_code)
    everything = b"".join(bytes_of(tmp_path).values())
    assert b"Name of town-official" in everything
    for canary in (
        PASSWORD_HASH,
        "canary.example",
        "Name of town-citizen",
        "CANARY-WITHDRAWN",
        "CANARY-PRIVATE",
    ):
        assert canary.encode() not in everything


def test_votes_are_rows_with_a_pseudonym_in_the_restricted_package(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "restricted")
    on_question, *on_comment = read_csv(tmp_path / "votes.csv")
    assert (on_question["question_id"], on_question["comment_id"], on_question["value"]) == (
        "town-q2",
        "",
        "0",
    )
    assert sorted(row["value"] for row in on_comment) == ["-1", "1", "1"]
    refs = {participant_ref(b"town".ljust(32, b"."), person) for person in town.people}
    assert {row["participant_ref"] for row in on_comment} == refs
    assert {(row["cast_on"], row["cast_at"]) for row in on_comment} == {
        ("2016-03-01", "2016-03-01T10:30:15.123456+00:00")
    }


def test_comments_and_report_carry_the_counted_votes(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    row = by_body(tmp_path)["Mend the =road"]
    assert [row[f"votes_{choice}"] for choice in ("agree", "disagree", "pass")] == ["2", "1", "0"]
    line = next(line for line in read_csv(tmp_path / "report.csv") if line["comment_id"] == row["comment_id"])
    assert (line["section"], line["comment"]) == ("Question 1 kk", "Mend the =road")
    assert (line["likes"], line["dislikes"], line["answer"]) == ("2", "1", "")


def test_the_report_holds_the_published_comments_and_the_rule_of_withheld_ones(
    town: Town, tmp_path: Path
) -> None:
    for package in PACKAGES:
        export(tmp_path / package, package, language=Language.RU)
        lines = read_csv(tmp_path / package / "report.csv")
        assert [line["comment"] for line in lines] == [
            "Mend the =road", "A reply", "", "[removed: personal data]", "From a letter",
        ]  # fmt: skip
        assert [line["rule"] for line in lines if not line["comment"]] == ["insult"]
        assert {line["section"] for line in lines} == {"Question 1 ru"}


def test_questions_count_what_the_package_shows(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    opened, proposition = read_csv(tmp_path / "questions.csv")
    assert (opened["comments_published"], opened["comments_withheld"]) == ("4", "1")
    assert (opened["participants"], opened["votes_agree"]) == ("3", "")
    assert (proposition["participants"], proposition["votes_pass"], proposition["votes_agree"]) == (
        "1",
        "1",
        "0",
    )
    assert (opened["topic_id"], opened["agenda_lines"], opened["status"]) == ("town-t1", "3-4", "closed")
    assert opened["agenda_quote"] == "'= Streets"


def test_the_consultation_says_what_it_is(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    (row,) = read_csv(tmp_path / "consultations.csv")
    assert (row["consultation_id"], row["status"]) == ("town", "closed")
    assert (row["title_kk"], row["title_ru"], row["title_en"]) == ("Title kk", "Title ru", "")
    assert (row["authority"], row["licence"]) == ("Akimat kk", "CC-BY-4.0")
    assert (row["calendar_days_open"], row["working_days_open"]) == ("30", "19")  # 8 March was a holiday
    assert row["source_sha256"] == "a" * 64


def test_what_an_official_typed_in_from_paper_is_nobodys(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "restricted")
    row = by_body(tmp_path)["From a letter"]
    assert (row["channel"], row["author_kind"], row["participant_ref"]) == ("paper", "citizen", "")
    assert len(read_csv(tmp_path / "participants.csv")) == len(town.people)


def test_participants_count_what_carries_their_pseudonym(town: Town, tmp_path: Path) -> None:
    first = participant_ref(b"town".ljust(32, b"."), town.people[0])
    for package, comments in (("public", "1"), ("restricted", "2")):
        export(tmp_path / package, package)
        rows = {row["participant_ref"]: row for row in read_csv(tmp_path / package / "participants.csv")}
        assert (rows[first]["comments"], rows[first]["votes"]) == (comments, "2")


def test_how_few_were_verified_is_told_to_officials_only(tmp_path: Path) -> None:
    made = build_town(languages=[Language.KK] * 11)
    shown = made.comment("Mend the road")
    for person in made.people:
        made.vote(shown, person, 1)
    with transaction():
        db.session.get_one(Person, made.people[0]).verification = Verification.IDENTITY
    for package, expected in (("public", {"suppressed": 11}), ("restricted", {"egov": 1, "email": 10})):
        export(tmp_path / package, package)
        rows = read_csv(tmp_path / package / "participants.csv")
        assert Counter(row["verification"] for row in rows) == expected


def test_a_language_that_few_share_is_suppressed_with_the_next_smallest(tmp_path: Path) -> None:
    made = build_town(languages=[Language.KK] * 5 + [Language.RU] * 4 + [Language.EN] * 1)
    shown = made.comment("Mend the road")
    for person in made.people:
        made.vote(shown, person, 1)
    for package, expected in (
        ("public", {"kk": 5, "suppressed": 5}),
        ("restricted", {"kk": 5, "ru": 4, "en": 1}),
    ):
        export(tmp_path / package, package, smallest_group=3)
        found: dict[str, int] = {}
        for row in read_csv(tmp_path / package / "participants.csv"):
            found[row["ui_language"]] = found.get(row["ui_language"], 0) + 1
        assert found == expected


def test_people_are_not_listed_in_the_order_of_their_accounts(tmp_path: Path) -> None:
    """Two exports of the same people, laid side by side, must not match their pseudonyms."""
    one = build_town(languages=[Language.KK] * 30)
    two = build_town(slug="city", people=one.people)
    for made in (one, two):
        shown = made.comment("Mend the road")
        for person in made.people:
            made.vote(shown, person, 1)
        export(tmp_path / made.slug, "restricted", made.slug)
    for file in ("participants.csv", "votes.csv"):
        refs = {
            slug: [row["participant_ref"] for row in read_csv(tmp_path / slug / file)]
            for slug in ("town", "city")
        }
        assert refs["town"] == sorted(refs["town"])
        assert not set(refs["town"]) & set(refs["city"])


def test_the_log_names_the_official_in_the_restricted_package_only(town: Town, tmp_path: Path) -> None:
    for package in PACKAGES:
        export(tmp_path / package, package)
    (public,) = read_csv(tmp_path / "public" / "moderation_log.csv")
    (restricted,) = read_csv(tmp_path / "restricted" / "moderation_log.csv")
    assert (public["at"], public["rule"], public["reason"]) == ("2016-03-02", "insult", "")
    assert public["actor_ref"] == official_ref(b"town".ljust(32, b"."), town.official)
    assert (restricted["actor_name"], restricted["reason"]) == ("Name of town-official", "CANARY-REASON")
    assert (public["action"], public["before"], public["after"]) == ("withhold", "published", "withheld")


def test_hidden_results_are_in_no_public_package_before_the_closing(tmp_path: Path) -> None:
    made = build_town(results=ResultsPolicy.AFTER_CLOSING, closes_at=datetime.now(UTC) + timedelta(days=9))
    shown = made.comment("Mend the road")
    made.vote(shown, made.people[0], 1)
    made.vote_on_proposition(made.people[0], 1)
    export(tmp_path / "public", "public")
    export(tmp_path / "restricted", "restricted")
    assert by_body(tmp_path / "public")["Mend the road"]["votes_agree"] == ""
    assert read_csv(tmp_path / "public" / "report.csv")[0]["likes"] == ""
    assert read_csv(tmp_path / "public" / "questions.csv")[1]["votes_agree"] == ""
    assert by_body(tmp_path / "restricted")["Mend the road"]["votes_agree"] == "1"


def test_a_withdrawn_consultation_is_one_line_in_public(town: Town, tmp_path: Path) -> None:
    with transaction():
        row = db.session.get_one(Consultation, town.consultation_id)
        row.stage, row.published_at = Stage.WITHDRAWN, row.created_at
    export(tmp_path, "public")
    assert len(read_csv(tmp_path / "consultations.csv")) == 1
    assert read_csv(tmp_path / "questions.csv") == read_csv(tmp_path / "comments.csv") == []
    assert faults(tmp_path) == []


def test_a_draft_is_exported_to_officials_only(tmp_path: Path) -> None:
    made = build_town(stage=Stage.DRAFT)
    with transaction():
        row = db.session.get_one(Consultation, made.consultation_id)
        row.opens_at = row.closes_at = None
    with pytest.raises(Refused) as refusal:
        export(tmp_path / "public", "public")
    assert refusal.value.reason is Reason.STATE_FORBIDS
    export(tmp_path / "restricted", "restricted")
    assert faults(tmp_path / "restricted") == []


def test_a_draft_that_was_withdrawn_is_never_public(tmp_path: Path) -> None:
    made = build_town(stage=Stage.WITHDRAWN)
    with transaction():
        row = db.session.get_one(Consultation, made.consultation_id)
        row.opens_at = row.closes_at = row.published_at = None
        db.session.execute(sa.delete(ConsultationText))
    with pytest.raises(Refused) as refusal:
        export(tmp_path / "public", "public")
    assert refusal.value.reason is Reason.STATE_FORBIDS
    export(tmp_path / "restricted", "restricted")
    assert [line["status"] for line in read_csv(tmp_path / "restricted/consultations.csv")] == ["withdrawn"]
    assert faults(tmp_path / "restricted") == []


HOSTILE = [
    "=cmd|' /C calc'!A0",
    " \u00a0=1+1",
    "+7 701",
    "-1",
    "@SUM(A1)",
    "\uff1d1",
    "'quoted'",
    'say "no", twice; or\tthrice',
    "two\r\nlines\rand a CR\nand an LF",
    "\u202eright to left \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "Қазақ тілі 👩‍👩‍👧 \u0301",
    "\ufeffmark inside\u2028and a separator",
    "\x1a\x0b\x0c\x85",
    "x" * BODY_LONGEST,
    "NULL",
    '"',
]


@pytest.mark.parametrize("options", [{}, {"delimiter": ";", "bom": True}, {"delimiter": "\t"}])
def test_hostile_bodies_come_back_as_they_were(tmp_path: Path, options: dict[str, Any]) -> None:
    made = build_town()
    for body in HOSTILE:
        made.comment(body)
    export(tmp_path, "public", **options)
    encoding = "utf-8-sig" if options.get("bom") else "utf-8"
    rows = read_csv(tmp_path / "comments.csv", delimiter=options.get("delimiter", ","), encoding=encoding)
    assert [restored(row["body"]) for row in rows] == HOSTILE
    assert not [
        row["body"] for row in rows if row["body"].lstrip()[:1] in {*"=+-@\uff1d\uff0b\uff0d\uff20"} - {""}
    ]
    assert faults(tmp_path) == []


def test_hostile_bodies_are_untouched_in_json_lines(tmp_path: Path) -> None:
    made = build_town()
    for body in HOSTILE:
        made.comment(body)
    export(tmp_path, "public", format="jsonl")
    assert [row["body"] for row in read_json_lines(tmp_path / "comments.jsonl")] == HOSTILE


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("format_code", ["csv", "jsonl"])
def test_the_same_data_gives_the_same_bytes(
    town: Town, tmp_path: Path, package: str, format_code: str
) -> None:
    one = export(tmp_path / "one", package, format=format_code)
    two = export(tmp_path / "two", package, format=format_code)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert (one.files, one.sha256) == (two.files, two.sha256)


def test_an_archive_holds_the_package_and_has_the_same_bytes_again(town: Town, tmp_path: Path) -> None:
    files = export(tmp_path / "folder", "public")
    archives = [
        export_archive(OPERATOR, "town", package="public", output=tmp_path / f"{n}.zip", smallest_group=10)
        for n in range(2)
    ]
    assert archives[0].path.read_bytes() == archives[1].path.read_bytes()
    assert archives[0].sha256 == files.sha256
    with zipfile.ZipFile(archives[0].path) as archive:
        packed = {name.removeprefix("town-public/"): archive.read(name) for name in archive.namelist()}
    assert packed == bytes_of(tmp_path / "folder")
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "0.zip", "1.zip"}


def test_the_number_of_queries_does_not_grow_with_the_comments(town: Town, tmp_path: Path) -> None:
    def queries(folder: str) -> int:
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        sa.event.listen(db.engine, "before_cursor_execute", note)
        export(tmp_path / folder, "restricted")
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return count

    few = queries("few")
    for number in range(30):
        town.vote(town.comment(f"Comment {number}"), town.people[1], 1)
    assert queries("many") == few


def test_memory_does_not_grow_with_the_rows(town: Town, tmp_path: Path) -> None:
    rows, letters = 4_000, 2_000
    first = db.session.scalars(sa.select(Comment).order_by(Comment.id).limit(1)).one()
    columns = {c.name: getattr(first, c.name) for c in Comment.__table__.columns}
    columns |= {"body": "ж" * letters, "idempotency_key": None}
    with transaction():
        db.session.execute(sa.insert(Comment), [{**columns, "id": 10_000 + n} for n in range(rows)])
    tracemalloc.start()
    export(tmp_path, "restricted")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "comments.csv").stat().st_size > 2 * rows * letters
    assert peak < rows * letters


def test_an_export_sees_one_state_of_the_database(town: Town, app: Flask) -> None:
    with reads.snapshot():
        scope = reads.scope_of("town", Package.PUBLIC, smallest_group=10, language=Language.KK)
        assert scope is not None
        before = [record["comments_published"] for record in reads.questions(scope)]
        _publish_elsewhere(app, town)
        assert [record["comments_published"] for record in reads.questions(scope)] == before
    with reads.snapshot():
        assert [record["comments_published"] for record in reads.questions(scope)] != before


def _publish_elsewhere(app: Flask, town: Town) -> None:
    """Another connection commits while the snapshot is open."""
    with app.app_context(), db.engine.connect() as other:
        other.execute(
            sa.update(Comment)
            .where(Comment.consultation_id == town.consultation_id, Comment.state == CommentState.PENDING)
            .values(state=CommentState.PUBLISHED)
        )
        other.commit()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_snapshot_cannot_write_on_postgresql(town: Town) -> None:
    with pytest.raises(sa.exc.InternalError, match="read-only"), reads.snapshot():
        db.session.execute(sa.delete(ModerationAct))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ModerationAct)) == 1


@pytest.mark.parametrize("package", PACKAGES)
def test_every_export_is_in_the_audit_log(town: Town, tmp_path: Path, package: str) -> None:
    made = export(tmp_path, package)
    (entry,) = db.session.scalars(sa.select(AuditEntry).filter_by(act=Act.EXPORT_MADE)).all()
    assert (entry.thing_id, entry.consultation_id) == (town.consultation_id, town.consultation_id)
    assert entry.detail == {"package": package, "format": "csv", "sha256": made.sha256}
    assert made.sha256 == hashlib.sha256((tmp_path / "datapackage.json").read_bytes()).hexdigest()


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_but_officials_makes_exports(town: Town, tmp_path: Path, package: str) -> None:
    for actor, reason in ((GUEST, Reason.SIGN_IN_NEEDED), (CITIZEN, Reason.NOT_PERMITTED)):
        for make, output in ((export_consultation, tmp_path / "out"), (export_archive, tmp_path / "out.zip")):
            with pytest.raises(Refused) as refusal:
                make(actor, "town", package=package, output=output, smallest_group=10)
            assert refusal.value.reason is reason
    assert list(tmp_path.iterdir()) == []
    export_consultation(OFFICIAL, "town", package=package, output=tmp_path / "out", smallest_group=10)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"slug": "nowhere"}, Reason.NOT_FOUND),
        ({"package": "secret"}, Reason.PACKAGE_UNKNOWN),
        ({"format": "xlsx"}, Reason.FORMAT_UNKNOWN),
        ({"delimiter": "|"}, Reason.DELIMITER_INVALID),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_leaves_nothing(
    town: Town, tmp_path: Path, wish: dict[str, Any], reason: Reason
) -> None:
    with pytest.raises(Refused) as refusal:
        export(tmp_path, **{"package": "public", **wish})
    assert refusal.value.reason is reason
    assert list(tmp_path.iterdir()) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_a_folder_that_cannot_be_written_is_refused(town: Town, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Refused) as refusal:
        export(tmp_path / "file" / "inside", "public")
    assert refusal.value.reason is Reason.FOLDER_NOT_WRITABLE


def test_an_export_that_breaks_off_leaves_the_earlier_one_whole(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path, "public")
    before = bytes_of(tmp_path)
    town.comment("Another")

    def stop(_name: str, _rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tmp_path, "public", progress=stop)
    assert bytes_of(tmp_path) == before


def test_a_public_export_leaves_no_restricted_file_beside_it(town: Town, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    export(tmp_path, "restricted")
    export(tmp_path, "restricted", format="jsonl")
    assert "votes.csv" not in bytes_of(tmp_path)
    export(tmp_path, "public")
    assert set(bytes_of(tmp_path)) == {*PUBLIC_FILES, "notes.txt"}


def test_progress_tells_each_file_and_its_rows(town: Town, tmp_path: Path) -> None:
    heard: dict[str, int] = {}
    made = export(tmp_path, "public", progress=heard.__setitem__)
    assert heard == {file.name: file.rows for file in made.files}


def test_ids_and_days_have_their_form(town: Town, tmp_path: Path) -> None:
    export(tmp_path, "public")
    for row in read_csv(tmp_path / "comments.csv"):
        assert row["comment_id"].isdigit()
        assert row["question_id"] == "town-q1"
        assert row["submitted_at"] == MORNING.date().isoformat()
        assert re.fullmatch(r"[0-9a-f]{16}|", row["participant_ref"])
