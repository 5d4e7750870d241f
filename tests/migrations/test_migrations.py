"""Every migration goes up and down with rows in the tables, and leads to what the models say."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyotp
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from consult.domain.branding import Branding
from consult.domain.comment_drafts import Spot
from consult.domain.holidays import Holiday
from consult.domain.identities import Claims
from consult.domain.languages import Language
from consult.domain.margins import Variable
from consult.domain.outcomes import Target as About
from consult.domain.people import OPERATOR, Duty
from consult.domain.profile import Profile, Region
from consult.domain.rule_sets import RuleWords
from consult.domain.votes import Choice, Target
from consult.models.base import Base, db, now_in_database, transaction
from consult.models.comments import Comment
from consult.models.consultations import Consultation
from consult.models.people import Passkey
from consult.models.schema import MIGRATIONS, downgrade, is_current, upgrade
from consult.models.weighting import PopulationMargin, WeightedTally, Weighting
from consult.queries.agenda_reviews import review_at
from consult.queries.readiness import why_not_ready
from consult.services import (
    accounts,
    appeals,
    attachments,
    comment_drafts,
    credentials,
    duties,
    following,
    holidays,
    identities,
    job_runs,
    moderation,
    notices,
    outcomes,
    own_comments,
    own_data,
    registration,
    reports,
    rules,
    settings,
    themes,
    votes,
)
from consult.services.agendas import Edits, import_agenda, make_topics, start_review
from consult.services.comments import Words, submit_comment
from consult.services.imports import import_polis
from consult.services.opinion import ask_for_opinion, compute_opinion
from consult.services.second_factors import apps
from tests.support import application
from tests.support.cast import (
    PASSWORD,
    Built,
    Cast,
    cheap_hash,
    comment,
    make_cast,
    open_consultation,
    vote,
)
from tests.support.channels import LETTER, complete_batch, waiting_batch
from tests.support.databases import Database
from tests.support.outcomes import PARTS, POSITION, TREES
from tests.support.polis import write_crowd
from tests.support.scenes import PICTURE

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
BEFORE_MAIL_TO_ADDRESSES = "0005"
AGENDA = b"Workshop\n\n09:30 - 10:30 Trees along the main street\n11:00 - 12:00 Winter maintenance of lanes\n"


@pytest.fixture
def bare_app(empty_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    app = application.make_application(empty_database.url, tmp_path)
    yield app
    application.let_go(app)


def fill(app: Flask) -> None:
    """Rows in every table, by the deeds themselves."""
    people = make_cast(app)
    with app.app_context():
        accounts.sign_in(people.aigerim.email, PASSWORD)
        import_agenda(OPERATOR, "streets", AGENDA, "agenda.txt", Language.EN)
        import_conversation("conversation")
        replace_agenda("streets")
        built = open_consultation(app)
        key = comment(app, people.aigerim, built)
        comment(app, people.dauren, built, reply_to=key)
        vote(app, people.dauren, built, key)
        votes.vote_on_proposition(people.dauren.actor, built.id, built.questions[1], Choice.PASS, Language.KK)
        take_part(people, built)
        write_beside(people, built)
        answer(built)
        told = Profile(region=Region.ASTANA)
        own_data.save_profile(people.dauren.actor, told, Language.KK, agrees=True)
        moderation.withhold_comment(people.moderator.actor, key, "insult", "Rude.")
        appeals.lodge_appeal(people.aigerim.actor, key, "It is not.")
        work_at_the_desk(people, key)
        notices.announce_by_the_clock()
        prove_oneself(people)
        administer()
        waiting_batch(app, built)
        complete_batch(app, built, LETTER)
    application.let_go(app)


def work_at_the_desk(people: Cast, comment_id: int) -> None:
    """A comment that is passed on, one that is taken, and a reason of an official's own."""
    moderation.escalate_comment(people.moderator.actor, comment_id, "Is this rude?")
    moderation.take_comment(people.other_official.actor, comment_id)
    moderation.write_usual_reason(people.moderator.actor, "insult", Language.KK, "Дөрекі сөз.")


def administer() -> None:
    """A rude word, a rule in other words, a name and a colour, and the last run of a job."""
    settings.add_word(OPERATOR, Language.EN, "blockhead")
    said = RuleWords("Қорлау", "Адамды қорлайды.")
    rules.reword_rule(OPERATOR, "insult", {Language.KK: said, Language.RU: said})
    settings.set_branding(OPERATOR, Branding({Language.KK: "Қала әкімдігі"}, accent="#0b5a73"))
    with job_runs.noted("look_at_the_clock"):
        pass


def prove_oneself(people: Cast) -> None:
    """A registration that waits, a link by mail, app and recovery codes, a passkey, an identity, a step."""
    registration.register("new@example.kz", "New", PASSWORD, Language.EN)
    credentials.ask_reset(people.dauren.email, Language.EN)
    token = accounts.sign_in(people.dauren.email, PASSWORD).token
    secret = apps.start_app(token, "a key of the installation").secret
    apps.confirm_app(token, pyotp.TOTP(secret).at(now_in_database()), "a key of the installation")
    accounts.sign_in(people.dauren.email, PASSWORD)
    identities.link_identity(people.dauren.actor, Claims("https://id.example.kz", "1", "", ""))
    with transaction():
        db.session.add(
            Passkey(
                person_id=people.dauren.id,
                credential_id=b"credential",
                public_key=b"key",
                sign_count=0,
                name="Telephone",
                created_at=now_in_database(),
            )
        )


SEARCH = ("search_words", "search_pieces", "ix_search_entry_stems", "ix_search_entry_folded")


def is_index(name: str | None) -> bool:
    """Whether a table or index is the search's own: each database has others, and no model names them."""
    return str(name).startswith(SEARCH)


def take_part(people: Cast, built: Built) -> None:
    """A correction, a report, drafts of a person and of a guest, and a follower."""
    dauren = people.dauren.actor
    own = submit_comment(dauren, built.id, built.questions[0], Words("Old words.", Language.EN)).comment_id
    own_comments.edit_comment(dauren, built.id, own, "New words.")
    reports.report_comment(people.aigerim.actor, built.id, own, "off-topic")
    spot = Spot(built.id, built.questions[0])
    comment_drafts.save_draft(dauren, spot, "Not sent yet.")
    comment_drafts.save_guest_draft(spot, "Not signed in yet.")
    following.follow_consultation(dauren, built.id)


def answer(built: Built) -> None:
    """A theme on a comment, its position, and an outcome that waits."""
    theme = themes.add_theme(OPERATOR, built.id, TREES)
    published = db.session.scalars(
        db.select(Comment.id).filter_by(consultation_id=built.id, state="published")
    )
    themes.put_theme(OPERATOR, built.id, theme, published.all())
    outcomes.give_position(OPERATOR, built.id, About(theme_id=theme), POSITION)
    outcomes.save_outcome(OPERATOR, built.id, 0, PARTS)


def write_beside(people: Cast, built: Built) -> None:
    """A duty, a file and a holiday."""
    duties.appoint(OPERATOR, built.id, people.aigerim.email, Duty.MODERATOR)
    attachments.add_attachment(OPERATOR, built.id, PICTURE, "plan.png", {Language.KK: "Жоспар"})
    holidays.set_holiday(OPERATOR, Holiday(date(2027, 5, 16)))


def import_conversation(slug: str) -> None:
    """A conversation from elsewhere, with its opinion groups."""
    with TemporaryDirectory() as folder:
        import_polis(OPERATOR, write_crowd(Path(folder)), slug)
    compute_opinion(OPERATOR, slug)
    ask_for_opinion(OPERATOR, slug)
    describe_population(slug)


def describe_population(slug: str) -> None:
    """Margins of a population, and a vote that was weighted to them."""
    here = {"consultation_id": db.session.scalars(sa.select(Consultation.id).filter_by(slug=slug)).one()}
    counted = {"counted_on": date(2026, 1, 1), "uploaded_at": now_in_database()}
    tally = {"people": 1, "agree": 1.0, "disagree": 0.0, "passes": 0.0}
    with transaction():
        db.session.add(Weighting(source="Census", **here, **counted))
        db.session.add(PopulationMargin(variable=Variable.GENDER, category="f", share=1.0, **here))
        db.session.add(WeightedTally(target=Target.COMMENT, target_id=1, **here, **tally))


def replace_agenda(slug: str) -> None:
    """A newer version of the agenda that was imported, and another that still waits for its review."""
    for newer in (
        AGENDA + b"12:00 - 13:00 Bins in the parks\n",
        AGENDA + b"12:00 - 13:00 Lamps in the parks\n",
    ):
        key = start_review(OPERATOR, slug, newer, "agenda.txt", Language.EN)
        titles = tuple(card.proposal.title for card in review_at(OPERATOR, key).proposals)
        replaces = review_at(OPERATOR, key).row.replaces_id
        if b"Bins" in newer:
            make_topics(OPERATOR, key, 1, Edits(titles, frozenset({0, 1, 2}), replaces=replaces))


def rows(app: Flask) -> dict[str, int]:
    """Rows of every table that is there now."""
    with app.app_context(), db.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        query = "SELECT count(*) FROM {}"
        return {
            name: connection.execute(sa.text(query.format(name))).scalar_one()
            for name in names
            if name not in {"alembic_version", "sqlite_sequence"} and not is_index(name)
        }


def test_revisions_are_one_line_of_numbers() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for revision in REVISIONS:
        assert len(list((MIGRATIONS / "versions").glob(f"{revision}_*.py"))) == 1


def test_the_filling_reaches_every_table(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    counts = rows(bare_app)
    on_sqlite = bare_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    empty = {name for name, number in counts.items() if not number}
    assert empty == (set() if on_sqlite else {"id_sequence"})
    assert set(counts) == set(Base.metadata.tables)


def test_models_and_migrated_tables_are_the_same(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: not is_index(name)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_and_up_again_with_rows_in_the_tables(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    full = rows(bare_app)
    expected = dict(full)
    for revision in [*reversed(REVISIONS[:-1]), "base"]:
        downgrade(bare_app, revision)
        application.let_go(bare_app)
        left = rows(bare_app)
        if revision == BEFORE_MAIL_TO_ADDRESSES:
            expected["outbox_message"] -= 1  # the letter to confirm an address, which no person had yet
        assert left == {name: expected[name] for name in left}, (
            f"rows were lost on the way down to {revision}"
        )
    assert rows(bare_app) == {}
    for revision in REVISIONS:
        upgrade(bare_app, revision)
        application.let_go(bare_app)
    assert set(rows(bare_app)) == set(full)
    fill(bare_app)
    assert rows(bare_app) == full


OLD_PERSON = """INSERT INTO person (email, name, role, language, password_hash, is_active, created_at)
    VALUES (:email, 'Aigerim', 'citizen', 'kk', :hash, true, '2026-01-02 00:00:00.000000')"""


def test_older_rows_live_through_each_migration_upwards(bare_app: Flask) -> None:
    """A row of the first revision, as that release wrote it, is still there and of use at the last."""
    upgrade(bare_app, REVISIONS[0])
    with bare_app.app_context(), db.engine.begin() as connection:
        row = {"email": "aigerim@example.kz", "hash": cheap_hash()}
        connection.execute(sa.text(OLD_PERSON), row)
    for revision in REVISIONS[1:]:
        upgrade(bare_app, revision)
        application.let_go(bare_app)
    assert rows(bare_app)["person"] == 1
    with bare_app.app_context():
        assert accounts.sign_in("aigerim@example.kz", PASSWORD).actor.name == "Aigerim"


def test_a_second_upgrade_changes_nothing(bare_app: Flask) -> None:
    upgrade(bare_app)
    fill(bare_app)
    before = rows(bare_app)
    upgrade(bare_app)
    assert rows(bare_app) == before


def test_a_database_that_is_behind_is_noticed(bare_app: Flask) -> None:
    with bare_app.app_context():
        assert why_not_ready() == "database_behind"
    upgrade(bare_app, REVISIONS[-2])
    with bare_app.app_context():
        assert why_not_ready() == "database_behind"
    application.let_go(bare_app)
    upgrade(bare_app)
    with bare_app.app_context():
        assert is_current()
        assert why_not_ready() is None
