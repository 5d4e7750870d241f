"""The buttons under a comment, as a pattern: the template is rendered once a look, then only filled in.

A page has forty of them and every vote is answered by one, so that rendering them anew costs more than all
else. `parts/comment_vote.html` stays the one place where they are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from flask import Flask, current_app
from markupsafe import Markup, escape

from consult.domain.comment_orders import CommentKey, CommentOrder
from consult.domain.votes import Choice, Tally

_NUMBERS = {
    name: 7_130_000_000_000_000_100 + place
    for place, name in enumerate(("comment_id", "wording", "before", "agree", "disagree", "pass_"))
}
"""Numbers that stand in a pattern's places while it is rendered; no comment will ever have them."""
_NOBODYS = Tally()
_WORDS = {"slug": "zz-slug-zz", "token": "zz-token-zz"}


class Voted(Protocol):
    """A comment with buttons."""

    @property
    def id(self) -> int: ...
    @property
    def wording(self) -> int: ...
    @property
    def choice(self) -> Choice | None: ...
    @property
    def tally(self) -> Tally | None: ...


@dataclass(frozen=True)
class Place:
    """Where the buttons stand: what their form takes along, so that the answer leads back there."""

    slug: str
    before: CommentKey | None = None
    order: CommentOrder = CommentOrder.NEWEST
    came_from: str | None = None


class _Look(NamedTuple):
    """What changes the markup; everything else is filled in."""

    language: str
    choice: Choice | None
    has_tally: bool
    has_before: bool
    order: CommentOrder
    came_from: str | None


@dataclass(frozen=True)
class _Sample:
    id: int
    wording: int
    choice: Choice | None
    tally: Tally | None
    takes_votes: bool = True
    why_no_answer: None = None


def init_app(app: Flask) -> None:
    app.extensions["consult_ballots"] = {}


def ballot(language: str, place: Place, token: str, comment: Voted) -> Markup:
    """The form of three buttons under a comment on which the reader may vote."""
    octets = ballot_octets(language, place, token, comment)
    return Markup(octets.decode())  # noqa: S704 - a rendered template, and what is filled in is safe in it


def ballot_octets(language: str, place: Place, token: str, comment: Voted) -> bytes:
    """The same in UTF-8, as it is sent."""
    tally, before = comment.tally, place.before
    look = _Look(
        language, comment.choice, tally is not None, before is not None, place.order, place.came_from
    )
    patterns: dict[_Look, bytes] = current_app.extensions["consult_ballots"]
    pattern = patterns.get(look) or patterns.setdefault(look, _pattern(look))
    shown = tally or _NOBODYS
    return pattern % {
        b"comment_id": b"%d" % comment.id,
        b"wording": b"%d" % comment.wording,
        b"before": b"" if before is None else str(before).encode(),
        b"agree": b"%d" % shown.agree,
        b"disagree": b"%d" % shown.disagree,
        b"pass_": b"%d" % shown.pass_,
        b"slug": place.slug.encode(),
        b"token": escape(token).encode(),
    }


def _pattern(look: _Look) -> bytes:
    numbers = _NUMBERS
    tally = Tally(numbers["agree"], numbers["disagree"], numbers["pass_"]) if look.has_tally else None
    # A request of its own, whose address tells the language: the one that is answered may be none of Flask's.
    with current_app.app_context(), current_app.test_request_context(f"/{look.language}/"):
        rendered = current_app.jinja_env.get_template("parts/comment_vote.html").render(
            lang=look.language,
            consultation={"slug": _WORDS["slug"]},
            comment=_Sample(numbers["comment_id"], numbers["wording"], look.choice, tally),
            csrf_token=lambda: _WORDS["token"],
            **_place_of(look),
        )
    pattern = rendered.replace("%", "%%")
    for name, stand_in in (_NUMBERS | _WORDS).items():
        pattern = pattern.replace(str(stand_in), f"%({name})b")
    return pattern.encode()


def _place_of(look: _Look) -> Mapping[str, Any]:
    return {
        "vote_before": CommentKey(0, _NUMBERS["before"]) if look.has_before else None,
        "vote_sort": None if look.order is CommentOrder.NEWEST else look.order,
        "vote_from": look.came_from,
    }
