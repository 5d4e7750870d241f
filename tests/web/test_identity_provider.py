"""Signing in by a real provider process: PKCE, state, nonce, linking, and what a forged return brings."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import lxml.html
import pytest
import requests
from flask import Flask

from consult.domain.audit import Act
from consult.domain.errors import Reason
from consult.domain.people import Verification
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.people import Identity, Person
from tests.support import cast
from tests.support.application import let_go
from tests.support.cast import PASSWORD, Cast, refusal, within
from tests.support.identity import RunningProvider, planned_provider
from tests.support.installations import Installation, Installations
from tests.support.pages import PageClient
from tests.support.provider import EMAIL, USER
from tests.support.scenes import visitor

CALLBACK = "http://localhost/identity/callback"
pytestmark = pytest.mark.xdist_group("identity provider")


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with RunningProvider(planned_provider(), CALLBACK) as running:
        yield running


@pytest.fixture
def site(
    installations: Installations, installation: Installation, provider: RunningProvider
) -> Iterator[Flask]:
    """The application with the provider set up."""
    made = installations.another_app(installation, identity_provider=provider.planned)
    yield made
    let_go(made)


def asked(client: PageClient, path: str = "/en/identity/begin") -> str:
    """Where our site sends the browser."""
    answer = client.flask.get(path)
    assert answer.status_code == 303
    return str(answer.location)


def at_the_provider(address: str) -> str:
    """Sign in there as a person would; answers the path and query that leads back to us."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=10)
        form = lxml.html.document_fromstring(page.text).forms[0]
        assert form is not None
        fields = dict(form.form_values()) | {"username": USER, "password": PASSWORD}
        sent = browser.post(page.url, fields, timeout=10, allow_redirects=False)
        target = urljoin(page.url, sent.headers["Location"])
        location = browser.get(target, timeout=10, allow_redirects=False).headers["Location"]
    assert location.startswith(CALLBACK)
    return location.removeprefix("http://localhost")


def newcomer(site: Flask) -> Person:
    with within(site):
        person: Person = db.session.scalars(db.select(Person).filter_by(email=EMAIL)).one()
        return person


def test_the_way_there_carries_state_nonce_and_a_hashed_challenge(site: Flask) -> None:
    query = parse_qs(urlsplit(asked(PageClient(site))).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["redirect_uri"] == [CALLBACK]
    assert all(len(query[name][0]) >= 30 for name in ("state", "nonce", "code_challenge"))
    second = parse_qs(urlsplit(asked(PageClient(site))).query)
    assert all(query[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_a_newcomer_gets_a_verified_account_and_comes_back_where_he_was(site: Flask) -> None:
    client = PageClient(site)
    assert "Sign in with eGov" in client.get("/en/sign-in").links
    back = at_the_provider(asked(client, "/ru/identity/begin?next=/ru/me/answers"))
    answer = client.flask.get(back)
    assert answer.location == "/ru/me/answers"
    person = newcomer(site)
    assert person.name == "Дана"
    assert person.verification is Verification.IDENTITY
    assert client.flask.get("/ru/me/answers").status_code == 200
    with within(site):
        linked = db.session.scalars(db.select(Identity)).one()
        assert (linked.person_id, linked.subject) == (person.id, "1")
    again = PageClient(site)
    assert again.flask.get(at_the_provider(asked(again))).status_code == 303
    with within(site):
        assert len(db.session.scalars(db.select(Person)).all()) == 1


def test_a_newcomer_has_no_password_and_cannot_unlink_his_only_way_in(site: Flask) -> None:
    client = PageClient(site)
    client.flask.get(at_the_provider(asked(client)))
    page = client.submit(client.get("/en/me/security"), "/identities/remove", status=409)
    assert "Set a password first" in page.text


def test_a_known_address_is_linked_only_by_who_holds_the_account(site: Flask) -> None:
    with within(site):
        member = cast.person(site, EMAIL, "Дана")
    stranger = PageClient(site)
    answer = stranger.flask.get(at_the_provider(asked(stranger)))
    assert answer.location == "/en/sign-in"
    assert "There is an account with your address." in stranger.get("/en/sign-in").text
    with within(site):
        assert db.session.scalars(db.select(Identity)).all() == []
    holder = visitor(site, member)
    answer = holder.flask.get(at_the_provider(asked(holder)))
    assert answer.location == "/en/me/security"
    page = holder.get("/en/me/security")
    assert "Your identity is linked to this account." in page.text
    assert newcomer(site).verification is Verification.IDENTITY
    page = holder.submit(page, "/identities/remove")
    assert newcomer(site).verification is Verification.EMAIL
    with within(site):
        acts = db.session.scalars(db.select(AuditEntry.act)).all()
    assert {Act.IDENTITY_LINKED, Act.IDENTITY_UNLINKED} <= set(acts)


def test_an_identity_belongs_to_one_account(site: Flask, people: Cast) -> None:
    first, second = visitor(site, people.aigerim), visitor(site, people.dauren)
    first.flask.get(at_the_provider(asked(first)))
    second.flask.get(at_the_provider(asked(second)))
    assert "This identity belongs to another account already." in second.get("/en/me/security").text


def test_a_second_factor_is_asked_for_all_the_same(site: Flask, people: Cast) -> None:
    client = visitor(site, people.aigerim)
    client.flask.get(at_the_provider(asked(client)))
    with within(site):
        _confirmed_app(people.aigerim.id)
    later = PageClient(site)
    answer = later.flask.get(at_the_provider(asked(later)))
    assert answer.location == "/en/sign-in/verify"
    later.get("/en/me/answers", status=303)


def _confirmed_app(person_id: int) -> None:
    from consult.models.base import now_in_database, transaction  # noqa: PLC0415
    from consult.models.people import TotpDevice  # noqa: PLC0415

    with transaction():
        now = now_in_database()
        db.session.add(
            TotpDevice(person_id=person_id, secret=b"sealed", last_step=0, created_at=now, confirmed_at=now)
        )


def said_after(client: PageClient, back: str) -> str:
    assert client.flask.get(back).location == "/en/sign-in"
    return client.get("/en/sign-in").text


REFUSED = "The identity service did not confirm who you are."


def test_another_state_is_refused(site: Flask) -> None:
    client = PageClient(site)
    back = at_the_provider(asked(client))
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert REFUSED in said_after(client, back.replace(state, "x" * len(state)))
    assert_nobody(site)


def test_the_return_of_one_browser_is_worth_nothing_in_another(site: Flask) -> None:
    mine, theirs = PageClient(site), PageClient(site)
    back = at_the_provider(asked(mine))
    asked(theirs)
    assert REFUSED in said_after(theirs, back)
    theirs.get(back, status=422)
    assert_nobody(site)


def test_a_code_with_another_verifier_is_refused_by_the_provider(site: Flask) -> None:
    client = PageClient(site)
    back = at_the_provider(asked(client))
    change_journey(client, verifier="v" * 64)
    assert REFUSED in said_after(client, back)
    assert_nobody(site)


def test_a_token_with_another_nonce_is_refused(site: Flask) -> None:
    client = PageClient(site)
    back = at_the_provider(asked(client))
    change_journey(client, nonce="n" * 43)
    assert REFUSED in said_after(client, back)
    assert_nobody(site)


def test_a_code_is_good_once(site: Flask) -> None:
    client = PageClient(site)
    back = at_the_provider(asked(client))
    client.flask.get(back)
    client.get(back, status=422)


def test_whoever_says_no_at_the_provider_is_told_how_else_to_sign_in(site: Flask) -> None:
    client = PageClient(site)
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    assert REFUSED in said_after(client, f"/identity/callback?error=access_denied&state={state}")


def test_a_provider_that_is_away_is_said_so(installations: Installations, installation: Installation) -> None:
    site = installations.another_app(installation, identity_provider=planned_provider())
    page = PageClient(site).get("/en/identity/begin", status=502)
    assert "The identity service does not answer." in page.text
    let_go(site)


def test_a_description_of_another_issuer_is_refused(provider: RunningProvider) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from consult.adapters import identity  # noqa: PLC0415

    other = replace(provider.planned, issuer=provider.planned.issuer.replace("127.0.0.1", "localhost"))
    assert refusal(lambda: identity.begin(other, CALLBACK)) in {
        Reason.PROVIDER_REFUSED,
        Reason.PROVIDER_UNAVAILABLE,
    }


def change_journey(client: PageClient, **changed: str) -> None:
    """Tamper with what our own cookie keeps, as if the provider had answered another journey."""
    with client.flask.session_transaction() as kept:
        kept["journey"] = kept["journey"] | changed


def assert_nobody(site: Flask) -> None:
    with within(site):
        assert db.session.scalars(db.select(Person)).all() == []
