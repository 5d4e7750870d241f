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


def administrators(status: int = 200, *, guest: int = 401, **more: Any) -> Row:
    fields = more.pop("fields", {})
    return Row((guest, 403, 403, status), more, fields)


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
    ("GET", "public.documents"): everybody(),
    ("GET", "public.attachment"): everybody(),
    ("GET", "public.question_versions"): everybody(),
    ("GET", "public.question"): everybody(),
    ("GET", "public.report"): everybody(),
    ("GET", "public.report_file"): Row((404, 404, 200, 200), {"code": "csv"}),
    ("GET", "public.consultation_rules"): everybody(),
    ("GET", "public.moderation_log"): everybody(),
    ("GET", "public.moderation_log_file"): everybody(),
    ("GET", "public.moderation_figures"): everybody(),
    ("GET", "public.moderation_figures_file"): everybody(),
    ("GET", "public.consultation_figures"): everybody(),
    ("GET", "public.consultation_figures_file"): everybody(),
    ("GET", "public.results"): everybody(),
    ("GET", "public.opinion_map"): everybody(),
    ("GET", "public.results_file"): everybody(name="questions"),
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
    ("GET", "citizens.appeal"): signed_in(404, guest=303),
    ("POST", "citizens.appeal"): signed_in(404),
    ("GET", "citizens.reports"): signed_in(200, guest=303),
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
    ("POST", "officials.keep_published"): officials(409, comment_id="pending"),
    ("GET", "officials.moderated_comment"): officials(guest=303),
    ("POST", "officials.take_comment"): officials(303, comment_id="reply"),
    ("POST", "officials.let_comment_go"): officials(303),
    ("POST", "officials.escalate"): officials(422),
    ("POST", "officials.write_note"): officials(422),
    ("POST", "officials.decide_together"): officials(422),
    ("POST", "officials.undo_decision"): officials(404, deed_id=0),
    ("POST", "officials.switch_desk_keys"): officials(303),
    ("GET", "officials.usual_reasons"): officials(guest=303),
    ("POST", "officials.save_usual_reason"): officials(422),
    ("GET", "officials.reports"): officials(guest=303),
    ("POST", "officials.dismiss_reports"): officials(422),
    ("GET", "officials.appeals"): officials(guest=303),
    ("GET", "officials.appeal"): officials(guest=303, appeal_id="appeal"),
    ("POST", "officials.appeal"): officials(422, appeal_id="appeal"),
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
    ("GET", "officials.task_list"): officials(guest=303),
    ("GET", "officials.publish_check"): officials(guest=303),
    ("GET", "officials.counted_days"): officials(guest=303),
    ("GET", "officials.translations"): officials(guest=303),
    ("GET", "officials.people"): officials(guest=303),
    ("POST", "officials.people"): officials(422),
    ("POST", "officials.dismiss"): officials(303, person_id=99, code="editor"),
    ("GET", "officials.attachments"): officials(guest=303),
    ("POST", "officials.attachments"): officials(422),
    ("GET", "officials.edit_attachment"): officials(guest=303),
    ("POST", "officials.edit_attachment"): officials(422, fields={"title_kk": "", "title_ru": ""}),
    ("POST", "officials.move_attachment_up"): officials(303),
    ("POST", "officials.remove_attachment"): officials(404, attachment_id=99),
    ("GET", "officials.duplicate_consultation"): officials(guest=303),
    ("POST", "officials.duplicate_consultation"): officials(422),
    ("GET", "officials.holidays"): Row((303, 403, 403, 200)),
    ("POST", "officials.holidays"): Row((401, 403, 403, 422)),
    ("POST", "officials.import_holidays"): Row((401, 403, 403, 422)),
    ("POST", "officials.remove_holiday"): Row((401, 403, 403, 303), {"day": "2027-03-08"}),
    ("GET", "officials.figures"): officials(guest=303),
    ("GET", "officials.figures_file"): officials(guest=303, name="activity"),
    ("GET", "officials.answering"): officials(guest=303),
    ("GET", "officials.analysis"): officials(guest=303),
    ("POST", "officials.mark_comments"): officials(422),
    ("GET", "officials.themes"): officials(guest=303),
    ("POST", "officials.themes"): officials(422),
    ("GET", "officials.theme"): officials(404, guest=303, theme_id=99),
    ("POST", "officials.theme"): officials(404, theme_id=99),
    ("POST", "officials.merge_theme"): officials(404, theme_id=99),
    ("GET", "officials.ask_before_removing_theme"): officials(404, guest=303, theme_id=99),
    ("POST", "officials.remove_theme"): officials(404, theme_id=99),
    ("GET", "officials.position"): officials(404, guest=303),
    ("POST", "officials.give_position"): officials(404),
    ("POST", "officials.remove_position"): officials(404),
    ("GET", "officials.outcome"): officials(guest=303),
    ("POST", "officials.outcome"): officials(409, fields={"edits": "7"}),
    ("POST", "officials.publish_outcome"): officials(409),
    ("GET", "public.outcome"): everybody(),
    ("GET", "officials.results"): officials(guest=303),
    ("POST", "officials.compute_opinion"): officials(303),
    ("POST", "officials.upload_margins"): officials(422),
    ("POST", "officials.publish_weighted"): officials(404, wish="show"),
    ("GET", "officials.map_file"): officials(404, guest=303, kind="svg"),
    ("GET", "officials.input"): officials(guest=303),
    ("POST", "officials.input"): officials(409),
    ("GET", "officials.input_template"): officials(guest=303),
    ("GET", "officials.input_batch"): officials(404, guest=303, batch_id=99),
    ("POST", "officials.input_batch"): officials(404, batch_id=99),
    ("GET", "officials.edit_batch"): officials(404, guest=303, batch_id=99),
    ("POST", "officials.edit_batch"): officials(404, batch_id=99),
    ("POST", "officials.discard_batch"): officials(404, consultation_id="open", batch_id=99),
    ("POST", "officials.complete_batch"): officials(404, consultation_id="open", batch_id=99),
    ("GET", "officials.input_item"): officials(404, guest=303, batch_id=99),
    ("POST", "officials.input_item"): officials(404, batch_id=99),
    ("POST", "officials.remove_input_item"): officials(404, consultation_id="open", batch_id=99),
    ("GET", "officials.input_file"): officials(404, guest=303, batch_id=99),
    ("POST", "officials.input_file"): officials(404, batch_id=99),
    ("POST", "officials.load_input_file"): officials(404, consultation_id="open", batch_id=99),
    ("POST", "officials.let_input_file_go"): officials(404, consultation_id="open", batch_id=99),
    ("GET", "officials.exports"): officials(guest=303),
    ("POST", "officials.exports"): officials(422),
    ("GET", "officials.jobs"): officials(guest=303),
    ("POST", "officials.try_letter_again"): officials(404, message_id=0),
    ("GET", "branding_logo"): everybody(404, sha256="0"),
    ("GET", "branding_colour"): everybody(404, colour="0b5a73"),
    ("GET", "administration.people"): administrators(guest=303),
    ("GET", "administration.invite"): administrators(guest=303),
    ("POST", "administration.invite"): administrators(422),
    ("GET", "administration.person"): administrators(404, guest=303, person_id=0),
    ("POST", "administration.change_role"): administrators(404, person_id=0),
    ("POST", "administration.block"): administrators(404, person_id=0),
    ("POST", "administration.unblock"): administrators(422, person_id=0),
    ("POST", "administration.end_sessions"): administrators(422, person_id=0),
    ("POST", "administration.reset_second_factors"): administrators(422, person_id=0),
    ("POST", "administration.send_password_link"): administrators(422, person_id=0),
    ("GET", "administration.audit"): administrators(guest=303),
    ("POST", "administration.log_file"): administrators(),
    ("GET", "administration.profanity"): administrators(guest=303),
    ("POST", "administration.profanity"): administrators(422),
    ("POST", "administration.import_profanity"): administrators(422),
    ("POST", "administration.remove_word"): administrators(422),
    ("GET", "administration.rules"): administrators(guest=303),
    ("GET", "administration.new_rule"): administrators(guest=303),
    ("POST", "administration.new_rule"): administrators(422),
    ("GET", "administration.reword_rule"): administrators(guest=303, code="insult"),
    ("POST", "administration.reword_rule"): administrators(
        422, code="insult", fields={"title_kk": "", "text_kk": "Text"}
    ),
    ("POST", "administration.move_rule"): administrators(422, code="never-was", way="up"),
    ("POST", "administration.retire_rule"): administrators(422, code="never-was"),
    ("POST", "administration.bring_back_rule"): administrators(422, code="never-was"),
    ("GET", "administration.settings"): administrators(guest=303),
    ("POST", "administration.settings"): administrators(422, fields={"accent": "red"}),
    ("POST", "administration.set_logo"): administrators(422),
    ("POST", "administration.remove_logo"): administrators(303),
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
        "attachment_id": scene.attachment,
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
