"""The short way of a vote on a comment: a form sent thousands of times in a consultation's last hour.

The first vote from a page is checked as every form is, by the session, the token against forgery and whatever
else runs before each request, is noted as a use of the session, and leaves a ticket. While it lasts, the same
cookie with the same token needs not to be checked again, and a vote costs the count of its limit and one
upsert. Who may vote, on what and until when is judged by that upsert each time: see `services.votes`.
Whatever is not a plain vote that is kept goes on to the view of `public.comments`, which alone says what is
refused. See docs/adr/0013.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import Flask, Response, g, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from consult.domain.comment_orders import CommentOrder
from consult.domain.votes import Choice
from consult.queries.comment_standing import question_number_of
from consult.queries.tallies import large_tally, shown_to_voter
from consult.services.sessions import token_hash
from consult.services.votes import cast_vote_in_session
from consult.web import limits
from consult.web.ballots import Place, ballot_octets
from consult.web.errors import RAISED
from consult.web.keys import read_comment_key
from consult.web.session import current_actor
from consult.web.wsgi import Application, Environ, Headers, ThreadsContext

LONGEST_FORM = 2_000
"""Octets of a vote's form; its fields need 300."""
LONGEST_COOKIE = 2_000
TICKET_SECONDS = 600.0
MOST_TICKETS = 10_000
_ADDRESS = re.compile(r"/(kk|ru|en)/c/([a-z0-9-]{1,60})/comments/([0-9]{1,18})/vote")
_CHOICES = {choice.word: choice for choice in Choice}
_NEWEST = CommentOrder.NEWEST.value
_ORDERS = {order.value: order for order in CommentOrder}
_SESSION_TOKEN = "_user_id"  # noqa: S105 - Flask-Login's name for what `SessionUser.get_id` gave
_FIELDS = frozenset({"csrf_token", "choice", "wording", "before", "sort", "from"})


class Vote(NamedTuple):
    """A vote as it was sent; `cookie` and `token` prove who sent it and from which page."""

    language: str
    place: Place
    comment_id: int
    choice: Choice
    wording: int | None
    cookie: str
    token: str
    is_htmx: bool


@dataclass(frozen=True)
class Ticket:
    """What was checked: whose session the cookie holds, and the headers that answers to it have.

    `counter` is the one that its owner's votes use up.
    """

    until: float
    counter: str
    session: bytes
    headers: Headers


def init_app(app: Flask) -> None:
    app.wsgi_app = QuickVotes(app, app.wsgi_app)  # type: ignore[method-assign]


class QuickVotes:
    """Stands before the application and answers what it can."""

    def __init__(self, app: Flask, onward: Application) -> None:
        self._app = app
        self._onward = onward
        self._tickets: dict[tuple[str, str, bool], Ticket] = {}
        self._addresses: MapAdapter = app.url_map.bind("")
        self._context = ThreadsContext(app)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/vote"):
            form = _form(environ)
            vote = _vote(environ, form) if form else None
            try:
                answer = self._answer(environ, vote) if vote else None
            except Exception as error:  # noqa: BLE001 - Flask's handlers know what to say
                answer, environ[RAISED] = None, error
            if answer is not None:
                status, headers, body = answer
                start_response(status, headers)
                return [body]
            if form:
                environ["wsgi.input"] = BytesIO(form)
        return self._onward(environ, start_response)

    def _answer(self, environ: Environ, vote: Vote) -> tuple[str, Headers, bytes] | None:
        ticket = self._ticket(environ, vote)
        if ticket is None:
            return None
        return self._context.run(self._keep, environ, vote, ticket)

    def _keep(self, environ: Environ, vote: Vote, ticket: Ticket) -> tuple[str, Headers, bytes] | None:
        if not limits.count_vote(environ, ticket.counter):
            return None
        kept = cast_vote_in_session(
            ticket.session,
            vote.place.slug,
            vote.comment_id,
            vote.choice,
            wording=vote.wording,
            counts=vote.is_htmx and large_tally(vote.comment_id) is None,
        )
        if kept is None:
            return None
        consultation_id = kept.consultation_id
        if vote.is_htmx:
            voted = shown_to_voter(
                consultation_id, kept.policy, vote.comment_id, vote.choice, vote.wording, kept.tally
            )
            body = ballot_octets(vote.language, vote.place, vote.token, voted)
            return "200 OK", [*ticket.headers, ("Content-Length", str(len(body)))], body
        headers = [
            *ticket.headers,
            ("Location", self._place(consultation_id, vote)),
            ("Content-Length", "0"),
        ]
        return "303 SEE OTHER", headers, b""

    def _ticket(self, environ: Environ, vote: Vote) -> Ticket | None:
        key = (vote.cookie, vote.token, vote.is_htmx)
        ticket = self._tickets.get(key)
        if ticket is None or monotonic() >= ticket.until:
            ticket = self._checked(environ, vote)
            if len(self._tickets) >= MOST_TICKETS:
                self._tickets.clear()
            if ticket is not None:
                self._tickets[key] = ticket
        return ticket

    def _checked(self, environ: Environ, vote: Vote) -> Ticket | None:
        """Check the form as Flask does before each view; None where anything speaks against it."""
        until = monotonic() + TICKET_SECONDS
        with self._app.request_context(environ):
            try:
                is_stopped = self._app.preprocess_request() is not None
            except HTTPException:
                return None
            token, person_id = str(session.get(_SESSION_TOKEN, "")), current_actor().person_id
            if is_stopped or person_id is None or request.form.get("csrf_token") != vote.token:
                return None
            g.is_for_one = True
            response = self._app.process_response(Response(mimetype="text/html"))
            response.close()  # which notes that the session is in use, as after every answer
            headers = response.headers
            if "Set-Cookie" in headers:
                return None
            headers.remove("Content-Length")
            return Ticket(until, limits.vote_counter(person_id), token_hash(token), headers.to_wsgi_list())

    def _place(self, consultation_id: int, vote: Vote) -> str:
        """The comment on the page from which the vote came; the twin of `comments.place_of_comment`."""
        values: dict[str, Any] = {"lang": vote.language, "slug": vote.place.slug}
        if vote.place.came_from == "comment":
            values["comment_id"] = vote.comment_id
            return f"{self._addresses.build('public.comment', values)}#comment-{vote.comment_id}"
        values["number"] = question_number_of(consultation_id, vote.comment_id)
        if vote.place.before is not None:
            values["before"] = str(vote.place.before)
        if vote.place.order is not CommentOrder.NEWEST:
            values["sort"] = vote.place.order.value
        return f"{self._addresses.build('public.question', values)}#comment-{vote.comment_id}"


def _form(environ: Environ) -> bytes | None:
    """The form's octets, which can then be read twice; None for what is no small form."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or not 0 < int(length) <= LONGEST_FORM:
        return None
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    form: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(form)
    return form


def _fields(form: bytes) -> dict[str, str] | None:
    """The form's fields; None where there is another one than ours, or one of them twice."""
    if not form.isascii() or form.count(b"&") >= len(_FIELDS):
        return None
    written = form.decode("ascii")
    if "%" in written or "+" in written:
        pairs = parse_qsl(written, keep_blank_values=True)
    else:  # as our pages send it
        pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in written.split("&"))]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) and _FIELDS.issuperset(fields) else None


def _vote(environ: Environ, form: bytes) -> Vote | None:
    """The vote that a form holds; None where anything about it is not as our own pages send it."""
    address, fields = _ADDRESS.fullmatch(environ["PATH_INFO"]), _fields(form)
    if address is None or fields is None or environ.get("QUERY_STRING"):
        return None
    choice, order = _CHOICES.get(fields.get("choice", "")), _ORDERS.get(fields.get("sort", _NEWEST))
    wording, came_from = fields.get("wording", ""), fields.get("from")
    cookie, token = environ.get("HTTP_COOKIE", ""), fields.get("csrf_token", "")
    if choice is None or order is None or not token or len(cookie) > LONGEST_COOKIE:
        return None
    if came_from is not None and came_from != "comment":
        return None
    if wording and not (wording.isdecimal() and len(wording) <= 9):  # noqa: PLR2004 - as many as a table holds
        return None
    before = None
    if fields.get("before"):
        before = read_comment_key(fields["before"])
        if before is None:
            return None
    return Vote(
        language=address[1],
        place=Place(address[2], before, order, came_from),
        comment_id=int(address[3]),
        choice=choice,
        wording=int(wording) if wording else None,
        cookie=cookie,
        token=token,
        is_htmx=environ.get("HTTP_HX_REQUEST") == "true",
    )
