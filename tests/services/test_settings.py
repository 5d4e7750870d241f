"""Rude words, rules of moderation and the authority's appearance, as administrators set them."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from consult.domain.audit import Act
from consult.domain.branding import Branding
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import RULES
from consult.domain.people import GUEST, OPERATOR, Actor
from consult.domain.profanity import MOST_WORDS
from consult.domain.rule_sets import MOST_RULES, RuleWords
from consult.models.audit import AuditEntry
from consult.models.base import db
from consult.models.comments import Comment
from consult.queries.rules import codes_in, codes_somewhere, rules_now, rules_of
from consult.queries.settings import branding, logo, profanity_words, words_by_language
from consult.services import moderation, reports, rules, settings
from tests.support.cast import Cast, comment, open_consultation, published_comment, refusal

pytestmark = pytest.mark.usefixtures("inside")
SPAM = {
    Language.KK: RuleWords("Спам", "Бір мәтін көп рет жіберілген."),
    Language.RU: RuleWords("Спам", "Один текст прислан много раз."),
}


def details(act: Act) -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEntry.detail).filter_by(act=act).order_by(AuditEntry.id)))


def test_a_rude_word_marks_what_is_written_from_then_on(app: Flask, people: Cast) -> None:
    built = open_consultation(app)
    before = comment(app, people.aigerim, built, "You are a Bléckhead, neighbour.")
    settings.add_word(people.administrator.actor, Language.EN, " BLECKHEAD ")
    after = comment(app, people.dauren, built, "What a bléckhead wrote this plan?")
    assert profanity_words() == {"bleckhead"}
    db.session.rollback()
    marks = {row.id: row.marks for row in db.session.execute(db.select(Comment.id, Comment.marks))}
    assert ("profanity" in marks[before], "profanity" in marks[after]) == (False, True)
    settings.remove_word(people.administrator.actor, Language.EN, "bleckhead")
    assert profanity_words() == frozenset()
    assert "bleckhead" not in str(details(Act.PROFANITY_ADDED) + details(Act.PROFANITY_REMOVED))


def test_a_file_of_words_is_taken_over_whole_or_not_at_all(people: Cast) -> None:
    mine = people.administrator.actor
    assert settings.import_words(mine, Language.RU, "\ufeffword\r\nДурак\r\n\r\nдурак;x\r\nЁлка\r\n") == 2
    assert words_by_language(mine)[Language.RU] == ("дурак", "елка")
    assert settings.import_words(mine, Language.RU, "дурак\n") == 0
    with pytest.raises(Refused) as refused:
        settings.import_words(mine, Language.RU, "балда\nдва слова\n")
    assert (refused.value.reason, refused.value.details) == (Reason.WORDS_UNREADABLE, {"line": 2})
    assert words_by_language(mine)[Language.RU] == ("дурак", "елка")


def test_what_is_no_word_and_what_is_too_much_is_refused(people: Cast) -> None:
    mine = people.administrator.actor
    for written in ("", "two words", "123", "!!!", "x" * 61):
        reason = refusal(lambda w=written: settings.add_word(mine, Language.KK, w))  # type: ignore[misc]
        assert reason in {Reason.WORD_UNUSABLE, Reason.TEXT_TOO_LONG}
    letters = "abcdefghij"
    many = "\n".join("z" + "".join(letters[int(digit)] for digit in str(n)) for n in range(MOST_WORDS + 1))
    assert refusal(lambda: settings.import_words(mine, Language.KK, many)) is Reason.WORDS_TOO_MANY
    assert words_by_language(mine)[Language.KK] == ()


def test_the_programs_rules_hold_until_somebody_changes_them(app: Flask) -> None:
    assert [rule.code for rule in rules_now()] == list(RULES)
    built = open_consultation(app)
    assert codes_in(built.id) == tuple(RULES)
    assert all(rule.title is None for rule in rules_of(built.id, Language.KK))


def test_what_has_opened_keeps_its_rules_and_their_words(app: Flask, people: Cast) -> None:
    mine = people.administrator.actor
    rules.reword_rule(mine, "insult", {**SPAM, Language.EN: RuleWords("First words", "First text.")})
    earlier = open_consultation(app, slug="earlier")
    rules.reword_rule(mine, "insult", {**SPAM, Language.EN: RuleWords("Second words", "Second text.")})
    rules.add_rule(mine, "spam", SPAM)
    rules.retire_rule(mine, "hate")
    rules.move_rule(mine, "spam", up=True)
    later = open_consultation(app, slug="later")

    def titles(consultation_id: int) -> dict[str, str]:
        return {rule.code: str(rule.title) for rule in rules_of(consultation_id, Language.EN)}

    assert titles(earlier.id)["insult"] == "First words"
    assert titles(later.id)["insult"] == "Second words"
    assert ("spam" in titles(earlier.id), "hate" in titles(earlier.id)) == (False, True)
    assert ("spam" in titles(later.id), "hate" in titles(later.id)) == (True, False)
    assert codes_in(later.id)[-2:] == ("spam", "duplicate")
    assert titles(later.id)["spam"] == "Спам"
    assert set(codes_somewhere()) == {*RULES, "spam"}


def test_only_rules_of_the_consultation_are_grounds_there(app: Flask, people: Cast) -> None:
    earlier = open_consultation(app, slug="earlier")
    key = published_comment(app, people.aigerim, earlier)
    rules.add_rule(people.administrator.actor, "spam", SPAM)
    rules.retire_rule(people.administrator.actor, "hate")
    later = open_consultation(app, slug="later")
    other = published_comment(app, people.aigerim, later, "Other words for the later one.")
    official = people.moderator.actor
    assert refusal(lambda: moderation.withhold_comment(official, key, "spam", "No.")) is Reason.RULE_UNKNOWN
    assert refusal(lambda: moderation.withhold_comment(official, other, "hate", "No.")) is Reason.RULE_UNKNOWN
    dauren = people.dauren.actor
    assert refusal(lambda: reports.report_comment(dauren, earlier.id, key, "spam")) is Reason.RULE_UNKNOWN
    reports.report_comment(dauren, later.id, other, "spam")
    moderation.withhold_comment(official, key, "hate", "It calls for hatred.")
    moderation.withhold_comment(official, other, "spam", "It is spam.")


def test_a_retired_rule_comes_back_behind_the_others(people: Cast) -> None:
    mine = people.administrator.actor
    rules.retire_rule(mine, "off-topic")
    assert "off-topic" not in {rule.code for rule in rules_now()}
    rules.bring_back_rule(mine, "off-topic")
    assert rules_now()[-1].code == "off-topic"
    rules.move_rule(mine, "off-topic", up=False)
    assert rules_now()[-1].code == "off-topic"


def test_rules_that_cannot_be(people: Cast) -> None:
    mine = people.administrator.actor
    for code in ("", "Ы", "-a", "a--b", "a b", "x" * 41):
        assert refusal(lambda c=code: rules.add_rule(mine, c, SPAM)) is Reason.RULE_CODE_INVALID  # type: ignore[misc]
    rules.add_rule(mine, "spam", SPAM)
    for code in ("spam", "insult"):
        assert refusal(lambda c=code: rules.add_rule(mine, c, SPAM)) is Reason.RULE_CODE_TAKEN  # type: ignore[misc]
    lacking = {Language.KK: SPAM[Language.KK]}
    half = {**SPAM, Language.EN: RuleWords("Spam", "")}
    for words in (lacking, half):
        assert refusal(lambda w=words: rules.add_rule(mine, "more", w)) is Reason.RULE_WORDS_MISSING  # type: ignore[misc]
    for deed in (rules.retire_rule, rules.bring_back_rule):
        assert refusal(lambda d=deed: d(mine, "never-was")) is Reason.RULE_UNKNOWN  # type: ignore[misc]
    for number in range(MOST_RULES - len(RULES) - 1):
        rules.add_rule(mine, f"more{number}", SPAM)
    assert refusal(lambda: rules.add_rule(mine, "one-more", SPAM)) is Reason.RULE_LIMIT
    for rule in rules_now()[1:]:
        rules.retire_rule(mine, rule.code)
    assert refusal(lambda: rules.retire_rule(mine, rules_now()[0].code)) is Reason.LAST_RULE


def picture(kind: str, size: tuple[int, int] = (600, 300)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#0b5a73").save(
        out, kind, **({"comment": b"SECRET PLACE"} if kind == "JPEG" else {})
    )
    return out.getvalue()


@pytest.mark.parametrize("kind_of_picture", ["PNG", "JPEG"])
def test_a_sign_is_made_anew_and_made_smaller(people: Cast, kind_of_picture: str) -> None:
    settings.set_logo(people.administrator.actor, picture(kind_of_picture))
    kept = logo()
    assert kept is not None
    assert kept.content.startswith(b"\x89PNG")
    assert b"SECRET PLACE" not in kept.content
    assert (branding().logo_width, branding().logo_height) == (192, 96)
    settings.remove_logo(people.administrator.actor)
    assert (logo(), branding().logo) == (None, "")


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40, picture("PNG")[:60]],
)
def test_what_is_no_picture_is_refused(people: Cast, content: bytes) -> None:
    deed = lambda: settings.set_logo(people.administrator.actor, content)  # noqa: E731
    assert refusal(deed) is Reason.LOGO_UNREADABLE


def test_a_picture_that_declares_too_much_is_not_unpacked(people: Cast) -> None:
    header = bytearray(picture("PNG", (10, 10)))
    header[16:24] = (50_000).to_bytes(4) + (50_000).to_bytes(4)
    deed = lambda: settings.set_logo(people.administrator.actor, bytes(header))  # noqa: E731
    assert refusal(deed) in {Reason.LOGO_TOO_LARGE, Reason.LOGO_UNREADABLE}


def test_the_authority_shows_what_it_has_said(people: Cast) -> None:
    said = Branding({Language.KK: " Қала  әкімдігі "}, " #0B5A73", "Абай 1\n050000", " City@Example.kz ")
    settings.set_branding(people.administrator.actor, said)
    shown = branding()
    assert shown.name(Language.RU).text == "Қала әкімдігі"
    assert (shown.accent, shown.contact_email) == ("#0b5a73", "city@example.kz")
    settings.set_branding(OPERATOR, Branding())
    assert branding() == Branding()


def test_a_colour_on_which_white_cannot_be_read_is_refused(people: Cast) -> None:
    mine = people.administrator.actor
    for colour, reason in (
        ("#ffd23f", Reason.COLOUR_TOO_LIGHT),
        ("red", Reason.COLOUR_INVALID),
        ("#0b5a73}body{", Reason.COLOUR_INVALID),
    ):
        assert refusal(partial(settings.set_branding, mine, Branding(accent=colour))) is reason


def deeds_of(actor: Actor) -> tuple[Callable[[], object], ...]:
    return (
        lambda: settings.add_word(actor, Language.KK, "x"),
        lambda: settings.import_words(actor, Language.KK, "x"),
        lambda: settings.remove_word(actor, Language.KK, "x"),
        lambda: settings.set_branding(actor, Branding()),
        lambda: settings.set_logo(actor, picture("PNG")),
        lambda: settings.remove_logo(actor),
        lambda: words_by_language(actor),
        lambda: rules.add_rule(actor, "spam", SPAM),
        lambda: rules.reword_rule(actor, "insult", SPAM),
        lambda: rules.move_rule(actor, "insult", up=True),
        lambda: rules.retire_rule(actor, "insult"),
        lambda: rules.bring_back_rule(actor, "insult"),
    )


def test_strangers_set_nothing(people: Cast) -> None:
    for actor, reason in (
        (GUEST, Reason.SIGN_IN_NEEDED),
        (people.dauren.actor, Reason.NOT_PERMITTED),
        (people.moderator.actor, Reason.NOT_PERMITTED),
    ):
        for deed in deeds_of(actor):
            assert refusal(deed) is reason
