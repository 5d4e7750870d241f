"""Pages of which only small pieces differ from one citizen to the next: rendered once, with gaps.

The shell is rendered for somebody who is signed in and is nobody: without a name, a vote, an own word.
So there is nothing personal in it that another reader could get. What is the reader's own goes into the gaps
for each request: the token against forgery, the form's repeat key, the buttons with the own votes. It is kept
until anything public changes, two seconds at most. See docs/adr/0012.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.domain.people import Actor, Role
from consult.queries.comments import SOMEBODY, CommentView
from consult.queries.freshness import freshness
from consult.web.ballots import Place, ballot
from consult.web.i18n import page_language
from consult.web.themes import chosen_theme

_MARK = secrets.token_hex(16)
"""Nobody can write it into a comment."""
_TOKEN, _KEY = f"{_MARK}-token", f"{_MARK}-key"
_GAP = re.compile(f"{_MARK}-([0-9]+)-")
LONGEST_ADDRESS = 300


@dataclass(frozen=True)
class _Shell:
    """A page in pieces: text and, at every second place, the buttons of a comment nobody voted on."""

    pieces: tuple[str, ...]
    places: Mapping[int, int]
    """Which piece holds the buttons of a comment."""


@dataclass(frozen=True)
class _StandIn:
    """Flask-Login's user in a shell."""

    actor: Actor = SOMEBODY
    is_authenticated: bool = True


def has_shell(actor: Actor) -> bool:
    """Whether a reader's page is that of all citizens: no powers, and no message that waits to be shown."""
    is_plain = actor.role is Role.CITIZEN and not actor.duties and not actor.is_guest
    return is_plain and "_flashes" not in session and len(request.full_path) <= LONGEST_ADDRESS


def gap_of(comment: CommentView) -> Markup:
    """Where the buttons of a comment will stand."""
    return Markup(f"{_MARK}-{comment.id}-")  # noqa: S704 - digits


def filled(
    template: str,
    key: tuple[Hashable, ...],
    context: Callable[[], dict[str, Any]],
    place: Place,
    comments: Iterable[CommentView],
) -> str:
    """The page of a template; `context` makes what it shows to all citizens, `key` tells such pages apart."""
    token, language = generate_csrf(), page_language()

    def render() -> _Shell:
        shown = context()
        page = render_template(template, **shown, actor=SOMEBODY, current_user=_StandIn())
        page = page.replace(token, _TOKEN).replace(shown["form"].idempotency_key.data, _KEY)
        return _in_pieces(page, language.value, place, comments)

    where = ("shell", template, language, chosen_theme(), request.full_path, *key)
    shell = freshness().read(where, render)
    pieces = list(shell.pieces)
    for comment in comments:
        if comment.choice is not None:
            pieces[shell.places[comment.id]] = ballot(language.value, place, token, comment)
    return "".join(pieces).replace(_TOKEN, token).replace(_KEY, secrets.token_urlsafe(16))


def _in_pieces(page: str, language: str, place: Place, comments: Iterable[CommentView]) -> _Shell:
    without_votes = {str(each.id): replace(each, choice=None, tally=None) for each in comments}
    pieces = _GAP.split(page)
    places = {int(pieces[at]): at for at in range(1, len(pieces), 2)}
    for at in places.values():
        pieces[at] = ballot(language, place, _TOKEN, without_votes[pieces[at]])
    return _Shell(tuple(pieces), places)
