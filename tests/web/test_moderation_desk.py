"""The desk's pages without scripts: marks in words, groups, many at once, locks, conflicts, undo, reasons."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from consult.domain.comments import CommentState
from consult.domain.consultations import ModerationMode
from consult.domain.languages import Language
from consult.domain.people import Duty, Role
from consult.models.base import db, transaction
from consult.models.comments import Comment, ModerationAct
from consult.models.desk import ModerationNote
from consult.models.duties import ConsultationDuty
from consult.models.people import Person
from consult.services import moderation
from consult.services.comments import Words, submit_comment
from tests.support.cast import Built, Cast, Member, comment_state, open_consultation, person, within
from tests.support.pages import Page, PageClient
from tests.support.scenes import token_of, visitor

PHONE = "Қоңырау шалыңыз: +7 701 123-45-67, кешке."
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def built(app: Flask, people: Cast) -> Built:
    return open_consultation(app, moderation_mode=ModerationMode.PRE)


@pytest.fixture
def client(app: Flask, people: Cast) -> PageClient:
    return visitor(app, people.moderator)


def send(app: Flask, by: Member, built: Built, body: str, language: Language = Language.KK) -> int:
    with within(app):
        words = Words(body, language, language)
        return submit_comment(by.actor, built.id, built.questions[0], words).comment_id


def row_of(app: Flask, key: int) -> Comment:
    with app.app_context():
        row: Comment = db.session.scalars(db.select(Comment).filter_by(id=key)).one()
        return row


def row(page: Page, key: int) -> str:
    return page.texts(f"#comment-{key}")[0]


def test_a_row_says_in_words_why_it_comes_first_and_has_the_redaction_ready(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    plain = send(app, people.dauren, built, "Nothing special here.", Language.EN)
    key = send(app, people.aigerim, built, PHONE)
    page = client.get("/en/o/moderation")
    assert [item.get("id") for item in page.select("article")] == [f"comment-{key}", f"comment-{plain}"]
    assert page.texts(f"#comment-{key} .marks li") == [
        "Possible personal data: telephone number", "First comment of this account",
    ]  # fmt: skip
    assert page.texts(f"#comment-{key} mark") == ["+7 701 123-45-67"]
    suggested = page.select(f"#body-{key}")[0].text_content()
    assert suggested.startswith("Қоңырау шалыңыз: [")
    assert "701" not in suggested
    client.submit(page, f"/{key}/redact")
    kept = row_of(app, key)
    assert (kept.redacted_body, kept.body, kept.publication_rule) == (suggested, PHONE, "personal-data")
    assert kept.publication_reason


def test_a_reason_that_is_left_empty_is_the_usual_one_in_the_authors_language(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    keys = [
        send(app, people.aigerim, built, PHONE),
        send(app, people.dauren, built, "Buy trees", Language.EN),
    ]
    page = client.get("/en/o/moderation/templates")
    form = next(form for form in page.document.forms if form.fields.get("rule") == "advertising")
    fields = {**dict(form.form_values()), "words_kk": "Бұл жарнама."}
    client.post(str(form.get("action")), fields)
    for key in keys:
        client.submit(client.get("/en/o/moderation"), f"/{key}/withhold", rule="advertising")
    assert row_of(app, keys[0]).publication_reason == "Бұл жарнама."
    assert row_of(app, keys[1]).publication_reason == (
        "Your comment advertises something and does not answer the question."
    )
    shown = client.get("/en/o/moderation/templates")
    assert shown.select("#advertising-kk")[0].text_content() == "Бұл жарнама."
    refused = client.post(
        "/en/o/moderation/templates",
        {"csrf_token": token_of(shown), "rule": "insult", "words_kk": "x" * 1001},
        status=422,
    )
    assert refused.error_summary
    assert refused.select("#insult-kk")[0].text_content() == "x" * 1001


def test_a_group_is_decided_as_one_act_without_what_is_not_ticked(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    keys = [
        send(app, people.dauren, built, f"Please keep the old poplars along the street. {n}", Language.EN)
        for n in range(4)
    ]
    page = client.get("/en/o/moderation")
    (group,) = page.select("article")
    assert "4 near-identical comments wait" in group.text_content()
    picks = [box.get("value") for box in group.cssselect("[name=pick]")]
    assert picks == [f"{key}.1" for key in keys]
    fields = {"csrf_token": token_of(page), "move": "publish", "pick": [picks[0], *picks[2:]]}
    answer = client.follow(client.post("/en/o/moderation/bulk", fields))
    assert "3 comments are published." in answer.text
    assert [comment_state(app, key) for key in keys] == [
        CommentState.PUBLISHED, CommentState.PENDING, CommentState.PUBLISHED, CommentState.PUBLISHED,
    ]  # fmt: skip
    assert "3 published, 0 withheld" in row(answer, keys[1])
    undone = client.submit(answer, "/undo/")
    assert "The decisions about 3 comments are undone." in undone.text
    with app.app_context():
        assert len({act.deed_id for act in db.session.scalars(db.select(ModerationAct)) if act.deed_id}) == 1


def test_many_at_once_say_how_many_are_done_and_name_what_was_left(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    keys = [send(app, people.aigerim, built, f"{word} " * 6) for word in ("Ағаш", "Орындық", "Субұрқақ")]
    page = client.get("/en/o/moderation")
    picks = [str(box.get("value")) for box in page.select("input[name=pick]")]
    assert sorted(picks) == [f"{key}.1" for key in keys]
    with app.app_context():
        moderation.withhold_comment(people.other_official.actor, keys[1], "insult", "Rude.")
    token = token_of(page)
    bulk = "/en/o/moderation/bulk"
    nothing = client.post(bulk, {"csrf_token": token, "move": "publish"}, status=422)
    assert nothing.error_summary
    no_rule = client.post(bulk, {"csrf_token": token, "move": "withhold", "pick": picks}, status=422)
    assert no_rule.error_summary == ["Choose the rule that the comment breaks."]
    fields = {"csrf_token": token, "move": "withhold", "rule": "off-topic", "pick": picks}
    answer = client.post(bulk, fields, status=200)
    assert "2 comments are withheld." in answer.text
    assert "1 comment was left as it is" in answer.text
    assert f"Comment {keys[1]}:" in answer.text
    assert people.other_official.actor.name in answer.text
    again = client.post(bulk, fields, status=409)
    assert "Nothing was decided." in again.text
    assert row_of(app, keys[1]).publication_rule == "insult"


@pytest.mark.parametrize("picks", [["x.y"], ["1"], [""], ["9" * 40 + ".1"], ["٣.1"], ["-1.1"]])
def test_a_pick_that_is_none_is_nothing_chosen(client: PageClient, built: Built, picks: list[str]) -> None:
    token = token_of(client.get("/en/o/moderation"))
    fields = {"csrf_token": token, "move": "publish", "pick": picks}
    client.post("/en/o/moderation/bulk", fields, status=422)


def test_a_comment_that_somebody_reads_names_who_and_can_be_decided_all_the_same(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    mine = client.submit(client.get("/en/o/moderation"), f"/{key}/lock")
    assert "You are reading this comment" in row(mine, key)
    other = visitor(app, people.other_official)
    seen = other.get("/en/o/moderation")
    assert f"{people.moderator.actor.name} is reading this comment" in row(seen, key)
    other.submit(seen, f"/{key}/lock", status=409)
    refused = other.submit(seen, f"/{key}/withhold", status=409, rule="insult", reason="My own words")
    assert f"{people.moderator.actor.name} is reading this comment now" in refused.text
    assert "My own words" in refused.text
    assert comment_state(app, key) is CommentState.PENDING
    other.submit(refused, f"/{key}/withhold")
    assert (row_of(app, key).state, row_of(app, key).publication_reason) == (
        CommentState.WITHHELD, "My own words",
    )  # fmt: skip
    client.get("/en/o/moderation?state=mine")


def test_a_comment_is_let_go_for_others(app: Flask, client: PageClient, people: Cast, built: Built) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    taken = client.submit(client.get("/en/o/moderation"), f"/{key}/lock")
    free = client.submit(taken, f"/{key}/unlock")
    assert "is reading" not in row(free, key)


def test_a_conflict_shows_what_the_other_decided_and_keeps_ones_own_words(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    page = client.get("/en/o/moderation")
    with app.app_context():
        moderation.withhold_comment(people.other_official.actor, key, "insult", "Rude.")
    refused = client.submit(page, f"/{key}/withhold", status=409, rule="off-topic", reason="Words of mine")
    assert "Somebody else has changed this meanwhile" in refused.text
    assert f"Withheld by {people.other_official.actor.name}" in refused.text
    assert "Insult or threat" in refused.text
    assert "Words of mine" in refused.text
    assert refused.select("[name=despite]") == []
    fields = dict(page.form(f"/{key}/publish").form_values())
    part = client.post(f"/en/o/moderation/{key}/publish", fields, status=409, headers=FRAGMENT)
    assert people.other_official.actor.name in part.response.text
    assert "<html" not in part.response.text


def test_scripts_get_parts_of_pages(app: Flask, client: PageClient, people: Cast, built: Built) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    fields = dict(client.get("/en/o/moderation").form(f"/{key}/publish").form_values())
    taken = client.flask.post(f"/en/o/moderation/{key}/lock", data=fields, headers=FRAGMENT)
    assert (taken.status_code, taken.text) == (204, "")
    empty = client.post(f"/en/o/moderation/{key}/withhold", fields, status=422, headers=FRAGMENT)
    assert "Choose the rule" in empty.response.text
    done = client.post(f"/en/o/moderation/{key}/publish", fields, status=200, headers=FRAGMENT)
    assert done.texts("[data-said]") == [f"Comment {key} is published."]
    undo = dict(done.form("/undo/").form_values())
    back = client.post(str(done.form("/undo/").get("action")), undo, status=200, headers=FRAGMENT)
    assert "undone" in back.response.text
    client.post(str(done.form("/undo/").get("action")), undo, status=409)
    assert comment_state(app, key) is CommentState.PENDING


def test_the_list_that_one_works_on_stays_after_a_decision(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    keys = [send(app, people.aigerim, built, f"{word} керек") for word in ("Ағаш", "Субұрқақ")]
    url = f"/en/o/moderation?order=oldest&consultation={built.id}&question=1&language=kk"
    page = client.get(url)
    assert [item.get("id") for item in page.select("article")] == [f"comment-{key}" for key in keys]
    answer = client.submit(page, f"/{keys[0]}/publish", follow=False)
    assert answer.location == f"/en/o/moderation?order=oldest&consultation={built.id}&question=1&language=kk"
    fields = dict(page.form(f"/{keys[1]}/publish").form_values()) | {"back": "state=none&after=x&//evil.kz"}
    assert client.post(f"/en/o/moderation/{keys[1]}/publish", fields).location == "/en/o/moderation"


def test_a_reported_comment_is_left_published_and_the_list_is_empty_again(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    client.submit(client.get("/en/o/moderation"), f"/{key}/publish")
    reader = visitor(app, people.dauren)
    report = reader.get(f"/en/c/{built.slug}/comments/{key}/report")
    reader.submit(report, "/report", rule="insult")
    page = client.get("/en/o/moderation?state=reported")
    assert "Reported 1 time" in row(page, key)
    left = client.submit(page, f"/{key}/keep")
    assert f"Comment {key} stays published." in left.text
    assert left.select("article") == []


def test_a_hard_case_is_passed_on_with_a_note(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    key = send(app, people.aigerim, built, "Ағаш керек")
    url = f"/en/o/moderation/{key}"
    page = client.get(url)
    assert client.submit(page, "/note", status=422).error_summary == ["Give the reason in words."]
    client.submit(page, "/note", words="I know this author.")
    refused = client.post(
        f"{url}/escalate",
        {"csrf_token": token_of(page), "words": "Kept words", "to": people.dauren.id},
        status=422,
    )
    assert refused.select("#escalate")[0].text_content() == "Kept words"
    client.submit(page, "/escalate", words="Is it rude?", to=str(people.other_official.id))
    other = visitor(app, people.other_official)
    listed = other.get("/en/o/moderation?state=escalated")
    assert "Passed on to you" in row(listed, key)
    assert "Is it rude?" in row(listed, key)
    detail = other.get(url)
    assert "I know this author." in detail.text
    published = other.submit(detail, f"/{key}/publish")
    assert published.url.endswith(f"/o/moderation/{key}")
    assert f"Published by {people.other_official.actor.name}" in published.text
    with app.app_context():
        notes = db.session.scalars(db.select(ModerationNote)).all()
        assert sorted(note.settled_at is not None for note in notes) == [False, True]


def test_keys_are_switched_off_on_the_server(app: Flask, client: PageClient, people: Cast) -> None:
    page = client.get("/en/o/moderation")
    assert page.select("[data-keys=on]")
    off = client.submit(page, "/keys")
    assert off.select("[data-keys=off]")
    with app.app_context():
        assert db.session.get_one(Person, people.moderator.id).desk_keys is False
    assert visitor(app, people.moderator).get("/kk/o/moderation").select("[data-keys=off]")
    assert client.submit(off, "/keys").select("[data-keys=on]")


def test_the_desk_says_calmly_how_much_waits(
    app: Flask, client: PageClient, people: Cast, built: Built
) -> None:
    assert "Nothing is waiting." in client.get("/en/o/moderation").text
    keys = [send(app, people.aigerim, built, f"{word} керек") for word in ("Ағаш", "Субұрқақ")]
    page = client.submit(client.get("/en/o/moderation"), f"/{keys[0]}/publish")
    assert "1 comment waiting" in page.text
    assert "The oldest was sent just now." in page.text
    assert "You have decided 1 comment today." in page.text


@pytest.mark.parametrize("role", [None, "citizen", "moderator of another consultation"])
def test_strangers_reach_nothing_of_the_desk(
    app: Flask, people: Cast, built: Built, role: str | None
) -> None:
    key = send(app, people.aigerim, built, PHONE)
    member = None
    if role is not None:
        member = person(app, "stranger@example.kz", "Stranger", Role.CITIZEN)
    if role == "moderator of another consultation":
        give_duty(app, member, open_consultation(app, slug="elsewhere"))
    client = visitor(app, member)
    token = token_of(client.get("/en/sign-in")) if member is None else token_of(client.get("/en/me/answers"))
    fields = {"csrf_token": token, "rule": "insult", "reason": "Rude.", "body": "x", "words": "Words"}
    for deed in ("publish", "withhold", "redact", "restore", "keep", "lock", "unlock", "escalate", "note"):
        answer = client.flask.post(f"/en/o/moderation/{key}/{deed}", data=fields)
        assert answer.status_code == (401 if member is None else 403), deed
    together = client.flask.post(
        "/en/o/moderation/bulk", data={**fields, "move": "publish", "pick": f"{key}.1"}
    )
    assert together.status_code in {401, 403, 409}
    item = client.flask.get(f"/en/o/moderation/{key}")
    assert item.status_code in {303, 403, 404}
    assert "701" not in item.text
    assert comment_state(app, key) is CommentState.PENDING


def give_duty(app: Flask, member: Member | None, built: Built) -> None:
    assert member is not None
    with within(app), transaction():
        db.session.add(
            ConsultationDuty(
                consultation_id=built.id,
                person_id=member.id,
                duty=Duty.MODERATOR,
                appointed_at=datetime.now(UTC),
            )
        )
