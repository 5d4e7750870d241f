"""From messages of the outbox to a letter: whom it goes to, what it may tell, and how it is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined

from consult.domain.mail import DUTY_LETTERS, Kind, Letter, is_news
from consult.queries.consultations import ConsultationView
from consult.queries.mail import AppealNews, CommentNews, News, Recipient, news, recipient
from consult.queries.settings import branding
from consult.services.delivery import Message
from consult.web.i18n import gettext as _
from consult.web.letters import account
from consult.web.letters import news as phrases
from consult.web.letters.phrasing import Link, Phrased, links_in, stop_token

ITEMS_IN_DIGEST = 40
"""The rest is counted; nobody reads on, and mail programs cut long letters."""


@dataclass(frozen=True)
class Section:
    """Part of the daily letter: a consultation and its news."""

    consultation: ConsultationView
    url: str
    items: tuple[Phrased, ...]


def write(messages: Sequence[Message]) -> Letter | None:
    """The letter of one message, or of all that one daily letter tells; None where there is nothing to tell.

    That is so when the account is gone or blocked, when its owner wants no news any more, and when what was
    news has become untrue or may no longer be seen.
    """
    first = messages[0]
    to = recipient(first.person_id, first.address, first.language)
    if to is None or (is_news(first.kind) and not to.wants_news):
        return None
    with force_locale(to.language.value):
        link = links_in(to.language)
        if first.kind in DUTY_LETTERS:
            return _duty_letter(messages, to, link)
        if not is_news(first.kind):
            phrased = account.phrase(Kind(first.kind), first.content, link)
            return _letter(first, to, "letter", {"letter": phrased, "consultation": None, "stop": None})
        told = _told(messages, to)
        if not told:
            return None
        stop = link("citizens.stop_mail", token=stop_token(first.person_id or 0))
        if first.in_digest:
            return _daily(first, to, told, link, stop)
        phrased = phrases.phrase(told[0], link)
        fields = {"letter": phrased, "consultation": told[0].consultation, "stop": stop, **_choices(link)}
        return _letter(first, to, "letter", fields)


def _duty_letter(messages: Sequence[Message], to: Recipient, link: Link) -> Letter | None:
    """What an official owes; None once it is done."""
    told = _told(messages, to)
    if not told:
        return None
    fields = {
        "letter": phrases.phrase(told[0], link),
        "consultation": told[0].consultation,
        "stop": None,
        **_choices(link),
    }
    return _letter(messages[0], to, "letter", fields)


def _told(messages: Sequence[Message], to: Recipient) -> list[News]:
    """What is still true, each thing once, with the last word on each comment."""
    found: dict[tuple[object, ...], News] = {}
    for message in messages:
        told = news(to.reader, Kind(message.kind), message.content, to.language)
        if told is not None:
            key = _subject_of(told)
            found.pop(key, None)
            found[key] = told
    return list(found.values())


def _subject_of(told: News) -> tuple[object, ...]:
    """What two news would contradict or repeat each other about."""
    if isinstance(told, CommentNews | AppealNews):
        return "comment", told.comment_id
    return told.kind, told.consultation.id


def _daily(first: Message, to: Recipient, told: Sequence[News], link: Link, stop: str) -> Letter:
    shown = told[:ITEMS_IN_DIGEST]
    fields = {
        "letter": Phrased(subject=_("Your news of the day"), before=()),
        "sections": _sections(shown, link),
        "more": len(told) - len(shown),
        "more_url": link("citizens.contributions"),
        "stop": stop,
        **_choices(link),
    }
    return _letter(first, to, "digest", fields)


def _sections(told: Sequence[News], link: Link) -> list[Section]:
    """News by consultation, in the order in which each was first heard of."""
    grouped: dict[int, list[News]] = {}
    for each in told:
        grouped.setdefault(each.consultation.id, []).append(each)
    return [
        Section(
            some[0].consultation,
            link("public.consultation", slug=some[0].consultation.slug),
            tuple(phrases.phrase(each, link) for each in some),
        )
        for some in grouped.values()
    ]


def _choices(link: Link) -> dict[str, str]:
    return {"choices": link("citizens.notifications")}


def _letter(first: Message, to: Recipient, template: str, fields: Mapping[str, Any]) -> Letter:
    kind = "digest" if first.in_digest else first.kind
    letters = _environment()
    authority = branding().name(to.language).text
    home = links_in(to.language)("public.home")
    given = {"lang": to.language.value, "home": home, "authority": authority, **fields}
    phrased: Phrased = fields["letter"]
    return Letter(
        name=f"{first.created_at:%Y%m%dT%H%M%S%f}-{first.id:08d}-{kind}",
        to=to.address,
        language=to.language,
        subject=phrased.subject,
        text=letters.get_template(f"mail/{template}.txt").render(given),
        html=letters.get_template(f"mail/{template}.html").render(given),
        stop_url=fields["stop"] or "",
    )


def _environment() -> Environment:
    """The environment of the pages, but a missing variable is a fault instead of a gap in a letter."""
    kept = current_app.extensions
    if "consult_letter_templates" not in kept:
        kept["consult_letter_templates"] = current_app.jinja_env.overlay(undefined=StrictUndefined)
    return cast("Environment", kept["consult_letter_templates"])
