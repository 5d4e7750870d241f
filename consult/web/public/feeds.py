"""Atom feeds (RFC 4287): new consultations, and what is new in one; calendars of closing dates."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Response, url_for

from consult.domain.changes import Changes, Closing
from consult.domain.people import GUEST
from consult.domain.visibility import Sight
from consult.queries import changes, consultations, public_texts
from consult.queries.consultations import ConsultationView
from consult.queries.public_texts import FoundComment
from consult.services import syndication
from consult.web import outside, words
from consult.web.formats import instant
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.public.blueprint import bp
from consult.web.public.consultations import public_consultation
from consult.web.session import settings

ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "xml:lang"
COMMENTS = 50
"""Newest comments in the feed of a consultation."""
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed; RFC 4287 wants an instant."""


@bp.get("/feed.atom")
def feed() -> Response:
    """The newest consultations."""
    found = _listed()
    language = page_language().value
    root = _feed(
        outside.lasting_id(f"feed/{language}"),
        _("New consultations"),
        url_for(".feed"),
        url_for(".consultations"),
        max((when.changed_at for _, when in found), default=BEGINNING),
    )
    for view, when in found:
        _add_consultation(root, view, when)
    return _answer(root)


@bp.get("/c/<slug>/feed.atom")
def consultation_feed(slug: str) -> Response:
    """The consultation itself and its newest comments."""
    view = public_consultation(slug)
    when = changes.changes_of([view.id])[view.id]
    comments = public_texts.newest_comments(COMMENTS, consultation_id=view.id)
    root = _feed(
        outside.lasting_id(f"consultation/{view.id}/feed/{page_language().value}"),
        view.title.text,
        url_for(".consultation_feed", slug=slug),
        url_for(".consultation", slug=slug),
        max([when.changed_at, *(comment.changed_at for comment in comments)]),
    )
    for comment in comments:
        _add_comment(root, comment)
    _add_consultation(root, view, when)
    return _answer(root)


@bp.get("/calendar.ics")
def calendar() -> Response:
    """Closing dates of the newest consultations."""
    return _calendar(_("Closing dates of consultations"), _listed())


@bp.get("/c/<slug>/calendar.ics")
def consultation_calendar(slug: str) -> Response:
    """The closing date of one consultation."""
    view = public_consultation(slug)
    return _calendar(view.title.text, [(view, changes.changes_of([view.id])[view.id])])


def _listed() -> list[tuple[ConsultationView, Changes]]:
    """The newest consultations that everybody may read, each with its last change."""
    listed = consultations.list_consultations(GUEST, page_language()).consultations
    views = [view for view in listed if view.sight is Sight.FULL]
    when = changes.changes_of([view.id for view in views])
    return [(view, when[view.id]) for view in views if view.id in when]


def _calendar(name: str, found: Iterable[tuple[ConsultationView, Changes]]) -> Response:
    closings = [
        Closing(
            key=f"consultation-{view.id}-closing@{outside.host()}",
            title=_("Closes: %(title)s", title=view.title.text),
            text=_("Until then you can vote and comment."),
            address=outside.address(".consultation", slug=view.slug),
            closes_at=view.closes_at,
            changed_at=when.changed_at,
            revision=when.extensions,
        )
        for view, when in found
        if view.closes_at is not None
    ]
    content = syndication.closing_calendar(name, page_language(), closings)
    changed_at = max((closing.changed_at for closing in closings), default=None)
    answer = outside.answer(content, "text/calendar", keep_seconds=outside.HOUR, changed_at=changed_at)
    answer.headers["Content-Disposition"] = 'inline; filename="consult.ics"'
    return answer


def _feed(key: str, title: str, own_path: str, page_path: str, changed_at: datetime) -> ET.Element:
    root = ET.Element("feed", {"xmlns": ATOM, LANGUAGE: page_language().value})
    _add(root, "id", key)
    _add(root, "title", f"{title} – {_('Consult')}")
    _add(root, "updated", _written(changed_at))
    base = settings().base_url
    _add(root, "link", rel="self", type="application/atom+xml", href=base + own_path)
    _add(root, "link", rel="alternate", type="text/html", href=base + page_path)
    _add(_add(root, "author"), "name", _("Consult"))
    return root


def _add_consultation(root: ET.Element, view: ConsultationView, when: Changes) -> None:
    language = view.title.language.value
    entry = _add(root, "entry")
    entry.set(LANGUAGE, language)
    _add(entry, "id", outside.lasting_id(f"consultation/{view.id}/{page_language().value}"))
    _add(entry, "title", view.title.text)
    _add(entry, "updated", _written(when.changed_at))
    _link(entry, outside.address(".consultation", slug=view.slug))
    closes = _("Closes on %(instant)s", instant=instant(view.closes_at))
    about = [view.summary.text, view.authority.text, closes]
    _add(entry, "summary", "\n".join(filter(None, about)), type="text")


def _add_comment(root: ET.Element, comment: FoundComment) -> None:
    anchor = f"comment-{comment.id}" if comment.parent_id else None
    entry = _add(root, "entry")
    if comment.language is not None:
        entry.set(LANGUAGE, comment.language.value)
    _add(entry, "id", outside.lasting_id(f"comment/{comment.id}"))
    _add(entry, "title", _("Comment %(number)s", number=comment.id))
    _add(entry, "published", _written(comment.submitted_at))
    _add(entry, "updated", _written(comment.changed_at))
    _add(_add(entry, "author"), "name", words.author(comment.author, comment.channel))
    place = {"slug": comment.slug, "comment_id": comment.parent_id or comment.id}
    _link(entry, outside.address(".comment", **place, _anchor=anchor))
    _add(entry, "content", comment.text, type="text")


def _link(entry: ET.Element, address: str) -> None:
    _add(entry, "link", rel="alternate", type="text/html", href=address)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child


def _written(moment: datetime) -> str:
    """As RFC 3339 writes it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answer(root: ET.Element) -> Response:
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    changed_at = datetime.fromisoformat(root.findtext("updated", ""))
    return outside.answer(
        content, "application/atom+xml", keep_seconds=outside.MINUTES, changed_at=changed_at
    )
