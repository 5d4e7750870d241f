"""The short way of a question's page for a citizen, which people load again and again while they vote.

The view of `public.questions` makes the page the first time and leaves two things behind: what all citizens'
pages at that address have in common (`Standing`, with its shell), and whose session the cookie holds (a
ticket). Then a page costs two statements: is the session live and whose, and what is that person's own there.
Whoever has powers, own words or a draft on the page, and whatever is not as it was, goes on to the view. See
docs/adr/0014.
"""

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import monotonic
from typing import Any, cast

from flask import Flask, Response, g, request, session
from itsdangerous import URLSafeTimedSerializer

from consult.domain.consultations import State
from consult.queries.comments import CommentPage
from consult.queries.consultations import ConsultationView, state_now
from consult.queries.freshness import Glance, freshness
from consult.queries.own_part import OwnPart, own_part
from consult.queries.people import live_session
from consult.queries.tallies import voted_comments
from consult.services.sessions import token_hash
from consult.web.compression import SHORTEST, best_encoding, packed
from consult.web.errors import RAISED
from consult.web.shells import PageAt, Shell, is_plain
from consult.web.themes import chosen_theme
from consult.web.wsgi import Application, Environ, Headers, ThreadsContext

TICKET_SECONDS = 600.0
MOST_TICKETS = 10_000
LONGEST_COOKIE = 2_000
_SESSION_TOKEN = "_user_id"  # noqa: S105 - Flask-Login's name for what `SessionUser.get_id` gave
_OFFERED = "standing_offered"


@dataclass(frozen=True)
class Standing:
    """What the pages of all citizens at an address have in common, as long as it is fresh.

    `state` is that of the consultation when it was read; `headers` are those of the answers, without what
    tells of the length.
    """

    page: PageAt
    slug: str
    state: State
    consultation: ConsultationView
    question_id: int
    comments: CommentPage
    comment_ids: str
    headers: Headers


@dataclass(frozen=True)
class Ticket:
    """Whose session a cookie holds, which was checked when the ticket was given.

    `token` is the one against forgery, the same as long as the ticket lasts: a vote from the page loaded anew
    finds its own ticket. Whether the session is live is asked each time.
    """

    until: float
    session: bytes
    token: str
    theme: str


def offer(page: PageAt, consultation: ConsultationView, question_id: int, comments: CommentPage) -> None:
    """Let the next citizens who ask for this page get it the short way, once its answer is known."""
    ids = json.dumps(list(comments.wordings))
    standing = Standing(
        page, consultation.slug, consultation.state, consultation, question_id, comments, ids, []
    )
    setattr(g, _OFFERED, standing)


def init_app(app: Flask) -> None:
    """Must come before the rooms whose headers are kept: what is registered first runs last."""
    quick = QuickPages(app, app.wsgi_app)
    app.before_request(quick.look)
    app.after_request(quick.keep)
    app.wsgi_app = quick  # type: ignore[method-assign]


class QuickPages:
    """Stands before the application and answers what it can."""

    def __init__(self, app: Flask, onward: Application) -> None:
        self._context = ThreadsContext(app)
        self._onward = onward
        self._tickets: dict[str, Ticket] = {}
        # As Flask-WTF signs them, which makes a new signer for each.
        self._tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self._staff_needs_second_factor = app.extensions["consult_settings"].staff_needs_second_factor

    def look(self) -> None:
        """Before a view: a glance at mark and clock, so that what changes meanwhile is not kept."""
        if request.endpoint == "public.question":
            g.glance = freshness().glance()

    def keep(self, response: Response) -> Response:
        """After a view that offered its page."""
        standing = cast("Standing | None", g.pop(_OFFERED, None))
        cookie = request.headers.get("Cookie", "")
        if standing is None or not _is_plain_answer(response) or len(cookie) > LONGEST_COOKIE:
            return response
        response.vary.add("Cookie")  # Flask adds it later, when it looks after the session
        headers = [(name, value) for name, value in response.headers if name not in _LENGTHS]
        freshness().keep(
            _key(request.environ, chosen_theme().value), replace(standing, headers=headers), _glance()
        )
        if len(self._tickets) >= MOST_TICKETS:
            self._tickets.clear()
        token = str(self._tokens.dumps(session["csrf_token"]))
        until = monotonic() + TICKET_SECONDS
        self._tickets[cookie] = Ticket(
            until, token_hash(str(session[_SESSION_TOKEN])), token, chosen_theme().value
        )
        return response

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        ticket = self._tickets.get(environ.get("HTTP_COOKIE", ""))
        if ticket is not None and environ["REQUEST_METHOD"] == "GET" and "HTTP_HX_REQUEST" not in environ:
            try:
                answer = self._answer(environ, ticket)
            except Exception as error:  # noqa: BLE001 - Flask's handlers know what to say
                answer, environ[RAISED] = None, error
            if answer is not None:
                headers, octets = answer
                start_response("200 OK", headers)
                return [octets]
        return self._onward(environ, start_response)

    def _answer(self, environ: Environ, ticket: Ticket) -> tuple[Headers, bytes] | None:
        if monotonic() >= ticket.until:
            return None
        return self._context.run(self._filled, environ, ticket)

    def _filled(self, environ: Environ, ticket: Ticket) -> tuple[Headers, bytes] | None:
        standing = cast("Standing | None", freshness().found(_key(environ, ticket.theme)))
        if standing is None or state_now(standing.slug) is not standing.state:
            return None
        own = self._own_part(standing, ticket)
        if own is None or own.is_particular:
            return None
        shell = cast("Shell | None", freshness().found(standing.page.key(standing.state, len(own.questions))))
        if shell is None:
            return None
        here = standing.consultation
        votes = voted_comments(
            here.id, here.results_policy, here.state, standing.comments.wordings, own.choices
        )
        octets = shell.filled(ticket.token, votes)
        return _sent(environ, standing.headers, octets)

    def _own_part(self, standing: Standing, ticket: Ticket) -> OwnPart | None:
        """None for whom the view is to answer, or whose use of the session is to be noted there."""
        live = live_session(ticket.session, staff_needs_second_factor=self._staff_needs_second_factor)
        if live is None or live.is_to_be_noted or not is_plain(live.actor) or live.actor.person_id is None:
            return None
        return own_part(
            live.actor.person_id, standing.consultation.id, standing.question_id, standing.comment_ids
        )


_LENGTHS = frozenset({"Content-Length", "Content-Encoding"})


def _glance() -> Glance:
    return cast("Glance", g.glance)


def _key(environ: Environ, theme: str) -> tuple[Hashable, ...]:
    return ("standing", environ["PATH_INFO"], environ.get("QUERY_STRING", ""), theme)


def _is_plain_answer(response: Response) -> bool:
    return (
        request.method == "GET"
        and response.status_code == HTTPStatus.OK
        and not session.modified
        and "Set-Cookie" not in response.headers
        and "HX-Request" not in request.headers
    )


def _sent(environ: Environ, headers: Headers, octets: bytes) -> tuple[Headers, bytes]:
    """Compressed where the address has no query: see `compression`."""
    encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), is_for_one=True)
    if encoding is None or environ.get("QUERY_STRING") or len(octets) < SHORTEST:
        return [*headers, ("Content-Length", str(len(octets)))], octets
    octets = packed(octets, encoding)
    return [*headers, ("Content-Encoding", encoding), ("Content-Length", str(len(octets)))], octets
