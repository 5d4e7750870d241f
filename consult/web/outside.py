"""Ground of what others fetch: feeds, calendars, pictures, site maps, cards for other sites.

Such an answer is made as for a guest, whoever asks, so that every cache may keep it for a while.
"""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, request, url_for

from consult.domain.languages import Language
from consult.web.session import settings

MINUTES = 300
"""Seconds for which caches keep what changes with each comment."""
HOUR = 3600
DAY = 24 * HOUR
BEGAN = "2026"
"""The year in which ids of the form `tag:` began; it never changes again (RFC 4151)."""


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a view, on the host that the settings name and not the one that was asked."""
    return settings().base_url + url_for(endpoint, **values)


def addresses_of_page() -> dict[str, str]:
    """The whole address of this public page in each language, without its query; empty for other answers."""
    rule = request.url_rule
    if rule is None or request.blueprint != "public" or "GET" not in (rule.methods or ()):
        return {}
    values = request.view_args or {}
    return {each.value: address(rule.endpoint, **{**values, "lang": each.value}) for each in Language}


def host() -> str:
    """The name in the service's own address."""
    return urlsplit(settings().base_url).hostname or "localhost"


def lasting_id(thing: str) -> str:
    """An id that stays the same for ever, such as `tag:consult.example.kz,2026:comment/7`."""
    return f"tag:{host()},{BEGAN}:{thing}"


def answer(
    content: str | bytes, media_type: str, *, keep_seconds: int, changed_at: datetime | None = None
) -> Response:
    """The answer for everybody, or 304 where the asker has the same already.

    The entity tag is weak: compression gives the same content other octets.
    """
    octets = content.encode() if isinstance(content, str) else content
    is_text = media_type.startswith("text/") or media_type.endswith("xml")
    response = Response(octets, content_type=f"{media_type}; charset=utf-8" if is_text else media_type)
    response.set_etag(hashlib.sha256(octets).hexdigest()[:32], weak=True)
    response.last_modified = changed_at
    response.cache_control.public = True
    response.cache_control.max_age = keep_seconds
    g.is_for_everybody = True
    response.make_conditional(request)
    return response
