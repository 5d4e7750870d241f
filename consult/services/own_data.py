"""One's own data in one's own hands: correcting it, telling for statistics, downloading it."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from consult.adapters.delivery import Staging, staging
from consult.adapters.tables import Csv
from consult.domain.audit import Act, Entry, Thing
from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason, Refused
from consult.domain.exports import Column, Kind
from consult.domain.holdings import HOLDINGS, Holding
from consult.domain.languages import Language
from consult.domain.people import Actor, display_name
from consult.domain.permissions import is_signed_in, may_take_own_data, require
from consult.domain.profile import Profile
from consult.models.base import database_now, db, now_in_database, transaction
from consult.models.own_data import Consent, PersonProfile
from consult.models.people import Person
from consult.queries import own_data as reads
from consult.queries.exports import snapshot
from consult.queries.own_data import Owner, Value
from consult.services import audit

ABOUT = "README.txt"
"""The file of a download that says what the others are."""


def correct_account(actor: Actor, name: str, language: Language) -> None:
    """Change the public name and the language of pages and mail; an unchanged form changes nothing.

    Raises:
        Refused: SIGN_IN_NEEDED, and what `display_name` refuses.
    """
    person_id = _person_id(actor)
    wanted = {"name": display_name(name), "language": language}
    with transaction():
        person = _locked(person_id)
        changed = [column for column, value in wanted.items() if getattr(person, column) != value]
        for column in changed:
            setattr(person, column, wanted[column])
        if changed:
            _record(actor, Act.ACCOUNT_CORRECTED, {"changed": changed})


def save_profile(actor: Actor, profile: Profile, language: Language, *, agrees: bool) -> None:
    """Keep what somebody tells for statistics; `language` is that in which the consent was read.

    Three empty answers take an earlier consent back.

    Raises:
        Refused: SIGN_IN_NEEDED; CONSENT_MISSING without a yes, now or before, to the newest text.
    """
    if profile.is_empty:
        decline_statistics(actor)
        return
    person_id = _person_id(actor)
    with transaction():
        _locked(person_id)
        if not _stands(person_id):
            if not agrees:
                raise Refused(Reason.CONSENT_MISSING)
            _give_consent(actor, person_id, language)
        _keep_profile(person_id, profile)


def decline_statistics(actor: Actor) -> None:
    """Take the consent back, if there is one, and delete the answers; nobody asks this person again.

    Raises:
        Refused: SIGN_IN_NEEDED.
    """
    person_id = _person_id(actor)
    with transaction():
        _locked(person_id)
        if _end_consent(person_id):
            _record(actor, Act.CONSENT_WITHDRAWN, {"purpose": Purpose.STATISTICS.value})
        _keep_profile(person_id, None)


def download(actor: Actor, *, output: Path, about: str) -> None:
    """Write everything that is held about the actor as one zip file named `output`.

    Each holding is a table as CSV, whose cells no spreadsheet takes for a formula, and as JSON with untouched
    text. `about` is the text that explains them, in the person's language.

    Raises:
        Refused: SIGN_IN_NEEDED, SECOND_FACTOR_NEEDED, FOLDER_NOT_WRITABLE.
    """
    require(actor, may_take_own_data)
    with staging(output.parent) as area:
        with snapshot():
            owner = reads.owner_of(actor)
            names = [name for holding in HOLDINGS for name in _write(area, holding, owner)]
        with area.new_file(ABOUT) as file:
            file.write(about.encode())
        with transaction():
            _record(actor, Act.OWN_DATA_DOWNLOADED, {})
        area.pack(output, [ABOUT, *names], inside=output.stem)


def _person_id(actor: Actor) -> int:
    require(actor, is_signed_in)
    if actor.person_id is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    return actor.person_id


def _locked(person_id: int) -> Person:
    """The person, who changes nothing else at the same time.

    Raises:
        Refused: SIGN_IN_NEEDED where the account was deleted a moment ago.
    """
    person: Person | None = db.session.scalar(
        sa.select(Person).where(Person.id == person_id, Person.erased_at.is_(None)).with_for_update()
    )
    if person is None:
        raise Refused(Reason.SIGN_IN_NEEDED)
    return person


def _record(actor: Actor, act: Act, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.PERSON, actor.person_id, detail=detail))


def _stands(person_id: int) -> bool:
    """Whether there is a consent to the newest text about statistics."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Consent.person_id == person_id,
                    Consent.purpose == Purpose.STATISTICS,
                    Consent.version == CURRENT[Purpose.STATISTICS].version,
                    Consent.withdrawn_at.is_(None),
                )
            )
        )
    )


def _give_consent(actor: Actor, person_id: int, language: Language) -> None:
    """A consent to the newest text; one to an older text ends with it."""
    _end_consent(person_id)
    text = CURRENT[Purpose.STATISTICS]
    db.session.add(
        Consent(
            person_id=person_id,
            purpose=text.purpose,
            version=text.version,
            language=language,
            given_at=now_in_database(),
        )
    )
    _record(actor, Act.CONSENT_GIVEN, {"purpose": text.purpose.value, "version": text.version})


def _end_consent(person_id: int) -> bool:
    """End what stands for statistics; whether there was any."""
    ended = db.session.execute(
        sa.update(Consent)
        .where(
            Consent.person_id == person_id,
            Consent.purpose == Purpose.STATISTICS,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=database_now())
        .returning(Consent.id)
    ).all()
    return bool(ended)


def _keep_profile(person_id: int, profile: Profile | None) -> None:
    """Write the answers over earlier ones; None leaves only the time of the no."""
    answers = profile or Profile()
    columns = {
        "region": answers.region,
        "age_band": answers.age_band,
        "gender": answers.gender,
        "declined_at": database_now() if profile is None else None,
        "updated_at": database_now(),
    }
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(
        insert(PersonProfile)
        .values(person_id=person_id, **columns)
        .on_conflict_do_update(index_elements=["person_id"], set_=columns)
    )


def _write(area: Staging, holding: Holding, owner: Owner) -> tuple[str, str]:
    """A holding as two files; answers their names."""
    columns = [
        (column, column.kind)
        for name in holding.given
        for column in [Column(name, Kind.STRING if reads.is_text(holding, name) else Kind.INTEGER, "")]
    ]
    as_csv, as_json = f"{holding.name}.csv", f"{holding.name}.json"
    rows = (tuple(map(reads.cell_of, row.values())) for row in reads.rows_given(holding, owner))
    with area.new_file(as_csv) as file:
        Csv(bom=True).write(columns, rows, file)
    with area.new_file(as_json) as file:
        for part in _json(reads.rows_given(holding, owner)):
            file.write(part.encode())
    return as_csv, as_json


def _json(rows: Iterable[Mapping[str, Value]]) -> Iterable[str]:
    """A list of objects, one a line; text as it is kept, instants in ISO 8601."""
    between = "["
    for row in rows:
        yield f"{between}\n{json.dumps(row, ensure_ascii=False, default=date.isoformat)}"
        between = ","
    yield "[]\n" if between == "[" else "\n]\n"
