"""Pages of which only small pieces differ from one citizen to the next: rendered once, with gaps.

The shell is rendered for somebody who is signed in and is nobody: without a name, a vote, an own word.
So there is nothing personal in it that another reader could get. What is the reader's own goes into the gaps
for each request: the token against forgery, the form's repeat key, the buttons with the own votes. It is kept
until anything public changes, two seconds at most. See docs/adr/0012.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.domain.people import Actor, Role
from consult.queries.comments import SOMEBODY, CommentPage
from consult.queries.freshness import freshness
from consult.queries.tallies import VotedComment
from consult.web.ballots import Place, ballot
from consult.web.i18n import page_language
from consult.web.themes import chosen_theme

_MARK = secrets.token_hex(16)
"""Nobody can write it into a comment."""
_TOKEN, _KEY = f"{_MARK}-token-", f"{_MARK}-key-"
_GAP = re.compile(f"({_MARK}-(?:token|key|[0-9]+)-)")
LONGEST_ADDRESS = 300


@dataclass(frozen=True)
class _Shell:
    """A page in pieces of UTF-8; joining them is all that is left to do with its hundreds of kilobytes."""

    pieces: tuple[bytes, ...]
    tokens: tuple[int, ...]
    """Which pieces are the token against forgery."""
    keys: tuple[int, ...]
    """Which pieces are the form's repeat key."""
    ballots: Mapping[int, slice]
    """Which pieces are the buttons of a comment; they stand there as nobody's who voted."""


@dataclass(frozen=True)
class _StandIn:
    """Flask-Login's user in a shell."""

    actor: Actor = SOMEBODY
    is_authenticated: bool = True


def has_shell(actor: Actor) -> bool:
    """Whether a reader's page is that of all citizens: no powers, and no message that waits to be shown."""
    is_plain = actor.role is Role.CITIZEN and not actor.duties and not actor.is_guest
    return is_plain and "_flashes" not in session and len(request.full_path) <= LONGEST_ADDRESS


def gap_of(comment_id: int) -> Markup:
    """Where the buttons of a comment will stand."""
    return Markup(f"{_MARK}-{comment_id}-")  # noqa: S704 - digits


def filled(
    template: str,
    key: tuple[Hashable, ...],
    context: Callable[[], dict[str, Any]],
    place: Place,
    page: CommentPage,
) -> bytes:
    """The page of a template, in UTF-8.

    `context` makes what it shows to all citizens, `key` tells such pages apart.
    """
    token, language = generate_csrf(), page_language()

    def render() -> _Shell:
        shown = context()
        words = render_template(template, **shown, actor=SOMEBODY, current_user=_StandIn())
        words = words.replace(token, _TOKEN).replace(shown["form"].idempotency_key.data, _KEY)
        return _in_pieces(words, language.value, place, page.wordings)

    where = ("shell", template, language, chosen_theme(), request.full_path, *key)
    shell = freshness().read(where, render)
    pieces = list(shell.pieces)
    own_token, own_key = token.encode(), secrets.token_urlsafe(16).encode()
    for at in shell.tokens:
        pieces[at] = own_token
    for at in shell.keys:
        pieces[at] = own_key
    for vote in page.votes:
        here = shell.ballots.get(vote.id)
        if here is not None:  # the shell may be older than the comments where another node published one
            pieces[here] = _spread(ballot(language.value, place, token, vote), here)
    return b"".join(pieces)


def _spread(words: str, here: slice) -> list[bytes]:
    """Words in place of some pieces, as many as there were."""
    return [words.encode(), *[b""] * (here.stop - here.start - 1)]


def _in_pieces(page: str, language: str, place: Place, wordings: Mapping[int, int]) -> _Shell:
    gaps = {str(gap_of(each)): each for each in wordings}
    pieces: list[str] = []
    ballots: dict[int, slice] = {}
    for piece in _GAP.split(page):
        comment_id = gaps.get(piece)
        if comment_id is None:
            pieces.append(piece)
            continue
        nobodys = VotedComment(comment_id, wordings[comment_id], choice=None, tally=None)
        buttons = _GAP.split(ballot(language, place, _TOKEN, nobodys))
        ballots[comment_id] = slice(len(pieces), len(pieces) + len(buttons))
        pieces += buttons
    return _Shell(
        tuple(piece.encode() for piece in pieces),
        tuple(at for at, piece in enumerate(pieces) if piece == _TOKEN),
        tuple(at for at, piece in enumerate(pieces) if piece == _KEY),
        ballots,
    )
