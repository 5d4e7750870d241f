"""Pages of which only small pieces differ from one citizen to the next: rendered once, with gaps.

The shell is rendered for somebody who is signed in and is nobody: without a name, a vote, an own word.
So there is nothing personal in it that another reader could get. What is the reader's own goes into the gaps
for each request: the token against forgery, the form's repeat key, the buttons with the own votes. It is kept
until anything public changes, two seconds at most. See docs/adr/0012.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.domain.consultations import State
from consult.domain.people import Actor, Role
from consult.queries.comments import SOMEBODY
from consult.queries.freshness import read_once
from consult.queries.tallies import VotedComment
from consult.web.ballots import Place, ballot, ballot_octets
from consult.web.i18n import page_language
from consult.web.themes import chosen_theme

_MARK = secrets.token_hex(16)
"""Nobody can write it into a comment."""
_TOKEN, _KEY, _ANSWER = f"{_MARK}-token-", f"{_MARK}-key-", f"{_MARK}-answer-"
_GAP = re.compile(f"({_MARK}-(?:token|key|answer|[0-9]+)-)")
GAP_OF_ANSWER = Markup(_ANSWER)  # noqa: S704 - a mark without any HTML
"""Where the vote on the question itself will stand."""
LONGEST_ADDRESS = 300


@dataclass(frozen=True)
class Shell:
    """A page in pieces of UTF-8; joining them is all that is left to do with its hundreds of kilobytes."""

    language: str
    place: Place
    pieces: tuple[bytes, ...]
    tokens: tuple[int, ...]
    """Which pieces are the token against forgery."""
    keys: tuple[int, ...]
    """Which pieces are the form's repeat key."""
    answers: tuple[int, ...]
    """Which pieces are the vote on the question itself."""
    ballots: Mapping[int, slice]
    """Which pieces are the buttons of a comment; they stand there as nobody's who voted."""

    def filled(self, token: str, votes: Sequence[VotedComment], answer: str = "") -> bytes:
        """The page of a reader, in UTF-8; `answer` is the vote on the question where one is asked."""
        pieces = list(self.pieces)
        for places, own in (
            (self.tokens, token),
            (self.keys, secrets.token_urlsafe(16)),
            (self.answers, answer),
        ):
            for at in places:
                pieces[at] = own.encode()
        for vote in votes:
            here = self.ballots.get(vote.id)
            if here is not None:  # the shell may be older than the comments where another node published one
                pieces[here] = _spread(ballot_octets(self.language, self.place, token, vote), here)
        return b"".join(pieces)


@dataclass(frozen=True)
class PageAt:
    """Which page: a template, at an address, in a language and in colours."""

    template: str
    language: str
    theme: str
    full_path: str

    @classmethod
    def of_request(cls, template: str) -> "PageAt":
        return cls(template, page_language().value, chosen_theme().value, request.full_path)

    def key(self, state: State, done: int) -> tuple[Hashable, ...]:
        """What the shell is kept under; `done` are the questions that the reader has answered."""
        return ("shell", self, state, done)


@dataclass(frozen=True)
class _StandIn:
    """Flask-Login's user in a shell."""

    actor: Actor = SOMEBODY
    is_authenticated: bool = True


def is_plain(actor: Actor) -> bool:
    """Whether somebody's pages are those of all citizens: signed in, without any powers."""
    return actor.role is Role.CITIZEN and not actor.duties and not actor.is_guest


def has_shell(actor: Actor) -> bool:
    """Whether a reader's page is that of all citizens: no powers, and no message that waits to be shown."""
    return is_plain(actor) and "_flashes" not in session and len(request.full_path) <= LONGEST_ADDRESS


def gap_of(comment_id: int) -> Markup:
    """Where the buttons of a comment will stand."""
    return Markup(f"{_MARK}-{comment_id}-")  # noqa: S704 - digits


def shell_of(
    page: PageAt,
    state: State,
    done: int,
    context: Callable[[], dict[str, Any]],
    place: Place,
    wordings: Mapping[int, int],
) -> Shell:
    """The shell of a page; `context` makes what it shows to all citizens, where it must be rendered."""

    def render() -> Shell:
        shown, token = context(), generate_csrf()
        words = render_template(page.template, **shown, actor=SOMEBODY, current_user=_StandIn())
        words = words.replace(token, _TOKEN).replace(shown["form"].idempotency_key.data, _KEY)
        return _in_pieces(words, page.language, place, wordings)

    return read_once(page.key(state, done), render)


def _spread(words: bytes, here: slice) -> list[bytes]:
    """Words in place of some pieces, as many as there were."""
    return [words, *[b""] * (here.stop - here.start - 1)]


def _in_pieces(page: str, language: str, place: Place, wordings: Mapping[int, int]) -> Shell:
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
    return Shell(
        language,
        place,
        tuple(piece.encode() for piece in pieces),
        _places(pieces, _TOKEN),
        _places(pieces, _KEY),
        _places(pieces, _ANSWER),
        ballots,
    )


def _places(pieces: Sequence[str], what: str) -> tuple[int, ...]:
    return tuple(at for at, piece in enumerate(pieces) if piece == what)
