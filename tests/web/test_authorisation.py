"""Who may do what: every route, for everybody, in one table. A route without a row fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from tests.support.scenes import Scene, token_of, visitor

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ROLES = ("anonymous", "citizen", "official", "administrator")


@dataclass(frozen=True)
class Row:
    """The statuses in the order of ROLES; `values` go into the address (names of a Scene's fields too)."""

    statuses: tuple[int, int, int, int]
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_for_everybody(self) -> bool:
        """One answer to all, whoever asks."""
        return len(set(self.statuses)) == 1


def everybody(status: int = 200, **values: Any) -> Row:
    return Row((status,) * 4, values)


def signed_in(
    status: int, *, guest: int = 401, fields: Mapping[str, str] | None = None, **values: Any
) -> Row:
    return Row((guest, status, status, status), values, fields or {})


def officials(status: int = 200, *, guest: int = 401, **more: Any) -> Row:
    fields = more.pop("fields", {})
    return Row((guest, 403, status, status), more, fields)


# What an official may do is told by the answer behind the guard: most rows send an empty form and are
# answered 422 or 409, so that the rows need no order. 303 for a guest who reads leads to the sign-in page.
TABLE: dict[tuple[str, str], Row] = {
    ("GET", "root"): everybody(302),
    ("GET", "healthz"): everybody(),
    ("GET", "readyz"): everybody(),
    ("GET", "robots"): everybody(),
    ("GET", "sitemap"): everybody(),
    ("GET", "sitemap_part"): everybody(page=1),
    ("GET", "security_txt"): everybody(),
    ("GET", "public.home"): everybody(),
    ("GET", "public.choose_language"): everybody(303),
    ("GET", "public.rules"): everybody(),
    ("GET", "public.accessibility"): everybody(),
    ("GET", "public.privacy"): everybody(),
    ("GET", "public.help_page"): everybody(),
    ("GET", "public.appearance"): everybody(),
    ("POST", "public.appearance"): everybody(422),
    ("GET", "earlier_release"): everybody(302, release_asked="0", name="css/base.css"),
    ("GET", "public.consultations"): everybody(),
    ("GET", "public.search"): everybody(),
    ("GET", "public.feed"): everybody(),
    ("GET", "public.consultation_feed"): everybody(),
    ("GET", "public.calendar"): everybody(),
    ("GET", "public.consultation_calendar"): everybody(),
    ("GET", "public.consultation_preview"): everybody(),
    ("GET", "public.question_preview"): everybody(),
    ("GET", "public.embed"): everybody(),
    ("GET", "public.consultation"): everybody(),
    ("GET", "public.document"): Row((404, 404, 200, 200), {"slug": "on-paper"}),
    ("GET", "public.question"): everybody(),
    ("GET", "public.comment"): everybody(),
    ("POST", "public.vote_on_question"): signed_in(400),
    ("POST", "public.vote_on_comment"): signed_in(303, fields={"choice": "agree"}),
    ("GET", "public.writing"): everybody(),
    ("GET", "public.reply_writing"): everybody(),
    # Guests may send words too: they are kept for the sign-in that follows; an empty form is refused.
    ("POST", "public.write_comment"): everybody(422),
    ("POST", "public.write_reply"): everybody(422),
    ("POST", "public.save_comment_draft"): signed_in(303),
    ("POST", "public.save_reply_draft"): signed_in(303),
    ("GET", "public.statements"): signed_in(200, guest=303),
    ("GET", "public.edit_comment"): signed_in(403, guest=303),
    ("POST", "public.save_comment"): signed_in(403, fields={"body": "Other words"}),
    ("POST", "public.withdraw_comment"): signed_in(403),
    ("POST", "public.change_comment_language"): signed_in(403, fields={"language": "kk"}),
    ("GET", "public.report_comment"): signed_in(200, guest=303),
    ("POST", "public.report_comment"): signed_in(422),
    ("POST", "public.follow"): signed_in(303),
    ("POST", "public.unfollow"): signed_in(303),
    ("GET", "citizens.register"): everybody(),
    ("POST", "citizens.register"): everybody(422),
    ("GET", "citizens.registered"): everybody(303),
    ("POST", "citizens.send_again"): everybody(303),
    ("GET", "citizens.confirm_registration"): everybody(410, token="never-was"),
    ("POST", "citizens.confirm_registration"): everybody(410, token="never-was"),
    ("GET", "citizens.forgotten_password"): everybody(),
    ("POST", "citizens.forgotten_password"): everybody(422),
    ("GET", "citizens.reset_letter_sent"): everybody(303),
    ("GET", "citizens.reset_password"): everybody(410, token="never-was"),
    ("POST", "citizens.reset_password"): everybody(410, token="never-was"),
    ("GET", "citizens.confirm_email"): everybody(410, token="never-was"),
    ("POST", "citizens.confirm_email"): everybody(410, token="never-was"),
    ("GET", "citizens.account"): signed_in(200, guest=303),
    ("GET", "citizens.change_password"): signed_in(200, guest=303),
    ("POST", "citizens.change_password"): signed_in(422),
    ("GET", "citizens.change_email"): signed_in(200, guest=303),
    ("POST", "citizens.change_email"): signed_in(422),
    ("POST", "citizens.end_session"): signed_in(303),
    ("POST", "citizens.end_other_sessions"): signed_in(303),
    ("GET", "citizens.sign_in"): everybody(),
    ("POST", "citizens.sign_in"): everybody(422),
    ("POST", "citizens.sign_out"): signed_in(303),
    ("GET", "citizens.second_factor"): everybody(303),
    ("POST", "citizens.second_factor"): everybody(303),
    ("POST", "citizens.ask_for_passkey"): everybody(),
    ("POST", "citizens.sign_in_with_passkey"): everybody(303),
    ("GET", "citizens.security"): signed_in(200, guest=303),
    ("POST", "citizens.set_up_app"): signed_in(200),
    ("POST", "citizens.confirm_app"): signed_in(422),
    ("POST", "citizens.remove_app"): signed_in(404),
    ("POST", "citizens.ask_for_new_passkey"): signed_in(200),
    ("POST", "citizens.add_passkey"): signed_in(422),
    ("POST", "citizens.remove_passkey"): signed_in(404, passkey_id=99),
    ("POST", "citizens.new_recovery_codes"): signed_in(404),
    ("GET", "citizens.begin_identity"): everybody(404),  # no provider is set up in these tests
    ("GET", "identity_callback"): everybody(422),
    ("POST", "citizens.unlink_identities"): signed_in(303),
    ("GET", "citizens.contributions"): signed_in(200, guest=303),
    ("GET", "citizens.me"): signed_in(200, guest=303),
    ("GET", "citizens.notifications"): signed_in(200, guest=303),
    ("POST", "citizens.notifications"): signed_in(422, fields={"frequency": "hourly"}),
    ("GET", "citizens.ask_before_stopping"): everybody(404, token="never-was"),
    ("POST", "citizens.stop_mail"): everybody(404, token="never-was"),
    ("GET", "citizens.privacy"): signed_in(200, guest=303),
    ("POST", "citizens.correct_account"): signed_in(422),
    ("POST", "citizens.save_profile"): signed_in(303),
    ("POST", "citizens.decline_statistics"): signed_in(303),
    ("POST", "citizens.download_own_data"): signed_in(200),
    ("GET", "citizens.delete_account"): signed_in(200, guest=303),
    ("POST", "citizens.delete_account"): signed_in(422),
    ("GET", "officials.desk"): officials(guest=303),
    ("GET", "officials.moderation"): officials(guest=303),
    ("POST", "officials.publish"): officials(409, comment_id="published"),
    ("POST", "officials.withhold"): officials(422),
    ("POST", "officials.redact"): officials(422),
    ("POST", "officials.restore"): officials(409, comment_id="published"),
    ("GET", "officials.consultations"): officials(guest=303),
    ("GET", "officials.new_consultation"): officials(guest=303),
    ("POST", "officials.new_consultation"): officials(422),
    ("GET", "officials.import_agenda"): officials(guest=303),
    ("POST", "officials.import_agenda"): officials(422),
    ("GET", "officials.review_agenda"): officials(404, guest=303, review_id=99),
    ("POST", "officials.review_agenda"): officials(404, review_id=99),
    ("POST", "officials.discard_agenda_review"): officials(404, review_id=99),
    ("GET", "officials.edit_consultation"): officials(guest=303),
    ("POST", "officials.edit_consultation"): officials(422),
    ("POST", "officials.open_consultation"): officials(409, consultation_id="open"),
    ("POST", "officials.extend_consultation"): officials(422),
    ("POST", "officials.close_consultation"): officials(409),
    ("POST", "officials.withdraw_consultation"): officials(422),
    ("GET", "officials.new_topic"): officials(guest=303),
    ("POST", "officials.new_topic"): officials(422),
    ("GET", "officials.edit_topic"): officials(guest=303),
    ("POST", "officials.edit_topic"): officials(422, fields={"text_kk": "", "text_ru": "", "text_en": ""}),
    ("POST", "officials.remove_topic"): officials(422),
    ("GET", "officials.new_question"): officials(guest=303),
    ("POST", "officials.new_question"): officials(422),
    ("GET", "officials.edit_question"): officials(guest=303),
    ("POST", "officials.edit_question"): officials(422, fields={"text_kk": "", "text_ru": "", "text_en": ""}),
    ("POST", "officials.remove_question"): officials(409, consultation_id="open"),
    ("GET", "officials.exports"): officials(guest=303),
    ("POST", "officials.exports"): officials(422),
    ("GET", "officials.audit"): Row((303, 403, 403, 200)),
}
PUBLIC_DEEDS = {
    "citizens.register",
    "citizens.send_again",
    "citizens.confirm_registration",
    "citizens.forgotten_password",
    "citizens.reset_password",
    "citizens.confirm_email",
    "citizens.sign_in",
    "citizens.second_factor",
    "citizens.ask_for_passkey",
    "citizens.sign_in_with_passkey",
}

TOKEN_IN_ADDRESS = {"citizens.stop_mail": 404}
"""What mail programs post to by themselves (RFC 8058): they have no page to take a token from. The signed one
in the address stands for it; here that is a wrong one."""


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def address(app: Flask, scene: Scene, rule: Rule, given: Mapping[str, Any]) -> str:
    values: dict[str, Any] = {
        "lang": "en",
        "slug": scene.open.slug,
        "number": 2,
        "comment_id": scene.published,
        "document_id": scene.document,
        "consultation_id": scene.waiting.id,
        "topic_id": scene.topic,
    }
    if rule.endpoint == "officials.edit_question":
        values["number"] = 1
    for name, value in given.items():
        named = getattr(scene, value) if value in Scene.__dataclass_fields__ else value
        values[name] = getattr(named, "id", named)
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def test_every_route_stands_in_the_table(installations: Any) -> None:
    app = installations.on("sqlite").app
    assert {(method, rule.endpoint) for method, rule in routes(app)} == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_the_table_says(app: Flask, scene: Scene, role: str) -> None:
    members = dict(
        zip(
            ROLES,
            (None, scene.people.dauren, scene.people.moderator, scene.people.administrator),
            strict=True,
        )
    )
    client = visitor(app, members[role])
    surprises = []
    # Signing out stands last: it would make a stranger of everybody.
    for method, rule in sorted(routes(app), key=lambda route: route[1].endpoint == "citizens.sign_out"):
        row = TABLE[method, rule.endpoint]
        url = address(app, scene, rule, row.values)
        if method == "GET":
            answer = client.flask.get(url)
        else:
            token = token_of(client.get("/en/sign-in"))
            answer = client.flask.open(url, method=method, data={"csrf_token": token, **row.fields})
        expected = row.statuses[ROLES.index(role)]
        if answer.status_code != expected:
            surprises.append(f"{method} {url}: {answer.status_code}, not {expected}")
        if expected == 303 and role == "anonymous" and not row.is_for_everybody:
            assert answer.location.startswith("/en/sign-in?next="), url
    assert surprises == [], "\n".join(surprises)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_unsafe_method_without_a_token_is_refused(app: Flask, scene: Scene, role: str) -> None:
    members = dict(
        zip(
            ROLES,
            (None, scene.people.dauren, scene.people.moderator, scene.people.administrator),
            strict=True,
        )
    )
    client = visitor(app, members[role])
    tried = 0
    for rule in app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            url = address(app, scene, rule, TABLE[method, rule.endpoint].values)
            expected = TOKEN_IN_ADDRESS.get(rule.endpoint, 400)
            for fields in ({}, {"csrf_token": "IjEyMyI.Zx.forged"}):
                answer = client.flask.open(url, method=method, data=fields)
                assert answer.status_code == expected, (method, url)
            tried += 1
    assert tried > 20


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_token_of_another_browser_is_refused(app: Flask, scene: Scene) -> None:
    theirs = token_of(visitor(app, scene.people.aigerim).get("/en/me/answers"))
    mine = visitor(app, scene.people.dauren)
    url = f"/en/c/{scene.open.slug}/comments/{scene.published}/vote"
    mine.post(url, {"csrf_token": theirs, "choice": "agree"}, status=400)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_every_view_that_is_not_public_carries_a_guard(app: Flask) -> None:
    """The predicate is declared on the view itself, so that forgetting it shows before anybody calls it."""
    for (method, endpoint), row in TABLE.items():
        is_open_to_guests = row.statuses[0] not in {303, 401} or row.is_for_everybody
        has_guard = hasattr(app.view_functions[endpoint], "may")
        assert has_guard is not is_open_to_guests, (method, endpoint)


def test_a_draft_is_nothing_to_those_who_may_not_read_it(app: Flask, scene: Scene) -> None:
    for member, status in (
        (None, 404),
        (scene.people.dauren, 404),
        (scene.people.moderator, 200),
    ):
        client = visitor(app, member)
        for path in ("", "/q/1", f"/documents/{scene.document}"):
            client.get(f"/en/c/{scene.waiting.slug}{path}", status=status)
        listed = [link.get("href") for link in client.get("/en/consultations").select("main a")]
        assert (f"/en/c/{scene.waiting.slug}" in listed) is (status == 200)


def test_a_comment_is_reached_only_through_its_own_consultation(app: Flask, scene: Scene) -> None:
    client = visitor(app, scene.people.dauren)
    client.get(f"/en/c/{scene.closed.slug}/comments/{scene.published}", status=404)
    token = token_of(client.get("/en/me/answers"))
    for deed in ("vote", "replies"):
        client.post(
            f"/en/c/{scene.closed.slug}/comments/{scene.published}/{deed}",
            {"csrf_token": token, "choice": "agree", "body": "Through the wrong door"},
            status=404,
        )


def test_a_blocked_account_is_not_let_in_and_not_told_why(app: Flask, scene: Scene) -> None:
    sentences = []
    for email in (scene.people.blocked.email, "nobody@example.kz"):
        client = visitor(app)
        page = client.get("/en/sign-in")
        seen = client.submit(page, "/sign-in", status=422, email=email, password="correct horse battery")
        sentences.append(seen.error_summary)
    assert sentences[0] == sentences[1] == ["The e-mail address or the password is wrong."]
