"""Files that machines look for at fixed addresses: robots.txt, site maps, security.txt."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from flask import Flask, Response, url_for

from consult.domain.errors import Reason, Refused
from consult.domain.languages import DEFAULT, Language
from consult.queries import site_map
from consult.queries.site_map import Place
from consult.web import outside
from consult.web.session import settings

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ALONE = ("home", "consultations", "rules", "help_page", "accessibility", "privacy")
"""Pages that the first site map lists before everything else."""
NOT_FOR_ROBOTS = ("me/", "o/", "a/", "search", "sign-in", "register", "language")
"""First parts of paths, behind the language, where there is nothing for a search engine."""


def init_app(app: Flask) -> None:
    app.add_url_rule("/robots.txt", "robots", _robots)
    app.add_url_rule("/sitemap.xml", "sitemap", _sitemap)
    app.add_url_rule("/sitemap-<int:page>.xml", "sitemap_part", _sitemap_part)
    app.add_url_rule("/.well-known/security.txt", "security_txt", _security_txt)


def _robots() -> Response:
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{language.value}/{part}" for language in Language for part in NOT_FOR_ROBOTS]
    lines += ["", f"Sitemap: {settings().base_url}/sitemap.xml", ""]
    return outside.answer("\n".join(lines), "text/plain", keep_seconds=outside.DAY)


def _sitemap() -> Response:
    """Everything in one map, or the list of the maps where one would be too large."""
    pages = site_map.pages()
    if pages == 1:
        return _map(1)
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for page in range(1, pages + 1):
        part = ET.SubElement(root, "sitemap")
        ET.SubElement(part, "loc").text = f"{settings().base_url}/sitemap-{page}.xml"
    return _answer(root)


def _sitemap_part(page: int) -> Response:
    if not 1 <= page <= site_map.pages():
        raise Refused(Reason.NOT_FOUND)
    return _map(page)


def _map(page: int) -> Response:
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    if page == 1:
        for endpoint in ALONE:
            _add(root, {each: url_for(f"public.{endpoint}", lang=each.value) for each in Language})
    for place in site_map.places(page):
        _add(root, {language: _path(place, language) for language in Language})
    return _answer(root)


def _path(place: Place, language: Language) -> str:
    if place.number is None:
        return url_for("public.consultation", lang=language.value, slug=place.slug)
    return url_for("public.question", lang=language.value, slug=place.slug, number=place.number)


def _add(root: ET.Element, paths: dict[Language, str]) -> None:
    """The page in each language; every one names all of them."""
    base = settings().base_url
    links = {**{language.value: path for language, path in paths.items()}, "x-default": paths[DEFAULT]}
    for path in paths.values():
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = base + path
        for code, other in links.items():
            ET.SubElement(entry, "xhtml:link", rel="alternate", hreflang=code, href=base + other)


def _answer(root: ET.Element) -> Response:
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return outside.answer(content, "application/xml", keep_seconds=outside.HOUR)


def _security_txt() -> Response:
    """Whom to tell of a weakness (RFC 9116); the day of expiry moves on with each day."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = today + timedelta(days=settings().security_txt_days)
    lines = [
        f"Contact: {_contact()}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: kk, ru, en",
        f"Canonical: {settings().base_url}/.well-known/security.txt",
        "",
    ]
    return outside.answer("\n".join(lines), "text/plain", keep_seconds=outside.HOUR)


def _contact() -> str:
    """What the settings name; else a mailbox of the service's host, or where that has no name, the help."""
    if settings().security_contact:
        return settings().security_contact
    host = outside.host()
    has_name = "." in host and not host.replace(".", "").isdigit()
    return f"mailto:security@{host}" if has_name else f"{settings().base_url}/en/help"
