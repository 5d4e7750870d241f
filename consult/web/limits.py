"""How often anybody may knock: against guessing, floods of letters and floods of words.

Counted in Redis where several nodes share it, else in each process; when Redis is away, in each process too.
"""

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

import flask
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits import parse_many
from limits.storage import MemoryStorage
from redis.backoff import NoBackoff
from redis.retry import Retry

from consult.domain.errors import Reason, Refused
from consult.web import errors
from consult.web.session import current_actor, settings

REDIS_PATIENCE_SECONDS = 0.5
"""A counter is not worth more waiting; then this process counts by itself and asks again later."""
SWEEP_EVERY_SECONDS = 10.0
IPV4_NETWORK, IPV6_NETWORK = 24, 48
"""Bits of the address that a household, a school or a provider's customer shares."""


class Counted(Enum):
    """What uses a limit up."""

    EVERYTHING = "everything"
    FAILURES = "failures"
    SUCCESSES = "successes"

    def counts(self, response: Response) -> bool:
        """A failure is an answer 4xx, but for that of the limit itself."""
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return False
        is_failure = 400 <= response.status_code < 500  # noqa: PLR2004
        return self is Counted.EVERYTHING or is_failure is (self is Counted.FAILURES)


@dataclass(frozen=True)
class Limit:
    """So many posts to the endpoints together from each `key`; an empty key is not counted."""

    name: str
    rates: str
    key: Callable[[], str]
    counted: Counted
    endpoints: tuple[str, ...]


class SweptMemory(MemoryStorage):
    """Counters in this process, where what is over is swept out now and then.

    The library's own sweeps through all counters up to a hundred times a second, in a thread of its own: with
    thousands of voters that is all that the process does. Nothing is judged by what was swept.
    """

    STORAGE_SCHEME = ["swept-memory"]  # noqa: RUF012 - as the library declares it
    _due = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - takes the place of the library's own
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + SWEEP_EVERY_SECONDS
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]


def init_app(app: Flask) -> None:
    """Put the limits around the views; to be called when all views are there."""
    kept: str | None = app.extensions["consult_settings"].redis_url
    limiter = Limiter(
        key_func=_network,
        app=app,
        storage_uri=kept or f"{SweptMemory.STORAGE_SCHEME[0]}://",
        storage_options=_redis_options() if kept else {},
        strategy="moving-window",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="consult",
    )
    views: dict[str, Any] = app.view_functions
    for limit in LIMITS:
        for endpoint in limit.endpoints:
            views[endpoint] = _around(limiter, limit)(views[endpoint])
    # Looking for limits of the whole application before each request costs more than a read; there are none.
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001
    app.extensions["consult_limiter"] = limiter
    app.register_error_handler(RateLimitExceeded, _too_many)


def _around(limiter: Limiter, limit: Limit) -> Any:
    return limiter.shared_limit(
        limit.rates,
        scope=limit.name,
        key_func=limit.key,
        methods=["POST"],
        exempt_when=lambda: not limit.key() or _is_counted(limit),
        deduct_when=None if limit.counted is Counted.EVERYTHING else limit.counted.counts,
    )


def vote_counter(person_id: int) -> str:
    """The name of the counter of a person's votes."""
    prefix = flask.current_app.extensions["consult_limiter"]._key_prefix  # noqa: SLF001
    return _VOTE_RATE.key_for(prefix, _of_person(person_id), VOTES_LIMIT.name)


def count_vote(environ: dict[str, Any], counter: str) -> bool:
    """Use up one of a person's votes, for those who do not come to the view; False where there is none left.

    The view then counts no second time what it is handed on.
    """
    limiter = flask.current_app.extensions["consult_limiter"].limiter
    try:
        is_left = limiter.storage.acquire_entry(counter, _VOTE_RATE.amount, _VOTE_RATE.get_expiry())
    except Exception:  # noqa: BLE001 - the view knows what to do without a counter
        return False
    environ[_COUNTED] = is_left
    return bool(is_left)


def reset(app: Flask) -> None:
    """Forget what was counted, in this process and in Redis."""
    app.extensions["consult_limiter"].reset()


def _redis_options() -> dict[str, Any]:
    return {
        "socket_connect_timeout": REDIS_PATIENCE_SECONDS,
        "socket_timeout": REDIS_PATIENCE_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def _too_many(_error: RateLimitExceeded) -> ResponseReturnValue:
    """The page that gives the text back, and when to come again."""
    page = errors.refusal_page(Refused(Reason.TOO_MANY_ATTEMPTS))
    response = flask.make_response(page)
    limit = flask.current_app.extensions["consult_limiter"].current_limit
    response.headers["Retry-After"] = str(max(1, limit.reset_at - int(time.time())) if limit else 60)
    return response


def _network() -> str:
    """The visitor's network. The machine itself is none: it is a proxy nobody told us of, or a developer."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    bits = IPV4_NETWORK if address.version == 4 else IPV6_NETWORK  # noqa: PLR2004
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _is_counted(limit: Limit) -> bool:
    return limit is VOTES_LIMIT and bool(request.environ.get(_COUNTED))


def _person() -> str:
    """Who is signed in; for a guest, whom the view will turn away, the network."""
    actor = current_actor()
    return _of_person(actor.person_id) if actor.person_id is not None else _network()


def _of_person(person_id: int) -> str:
    return f"person {person_id}"


def _writer() -> str:
    """Who is signed in; nobody for a guest, whose words are counted by network."""
    actor = current_actor()
    return f"person {actor.person_id}" if actor.person_id is not None else ""


def _guests_network() -> str:
    return _network() if current_actor().is_guest else ""


def _address() -> str:
    """The e-mail address that was written, or last written to; a keyed hash, so that counters name nobody."""
    written = request.form.get("email") or flask.session.get("letter_to", "")
    return _hidden(" ".join(written.lower().split())) if written else ""


def _link() -> str:
    """The link of a letter, by its address."""
    return _hidden(request.path.rpartition("/")[2])


def _hidden(words: str) -> str:
    return hmac.digest(settings().secret_key.encode(), words.encode(), hashlib.sha256).hex()


LETTERS = (
    "citizens.register",
    "citizens.send_again",
    "citizens.forgotten_password",
    "citizens.change_email",
)
PASSWORDS = ("citizens.change_password", "citizens.change_email", "citizens.delete_account")
CONFIRMATION = ("citizens.confirm_registration",)
WORDS = ("public.write_comment", "public.write_reply", "public.save_comment")
VOTES = ("public.vote_on_comment", "public.vote_on_question")

# By person, not by network: a school votes behind one address. The fastest hand needs half a second.
VOTES_LIMIT = Limit("votes", "300 per minute", _person, Counted.EVERYTHING, VOTES)
(_VOTE_RATE,) = parse_many(VOTES_LIMIT.rates)
_COUNTED = "consult.vote_counted"
LIMITS = (
    # Who has mistyped ten times has forgotten it. See `people.GUESSES_FEWEST`.
    Limit("sign-in of an account", "10 per 15 minutes", _address, Counted.FAILURES, ("citizens.sign_in",)),
    # One password tried on many accounts. A class of 60 that mistypes once each stays far below.
    Limit("sign-in from a network", "150 per 15 minutes", _network, Counted.FAILURES, ("citizens.sign_in",)),
    # The password asked once more of somebody signed in: a thief of the session does not get to guess it.
    Limit("own password", "10 per 15 minutes", _person, Counted.FAILURES, PASSWORDS),
    # The password asked by the link of a registration.
    Limit("password of a link", "10 per 15 minutes", _link, Counted.FAILURES, CONFIRMATION),
    # A mailbox is not filled by strangers; five are enough for the one letter that is looked for.
    Limit("letters to an address", "5 per hour; 20 per day", _address, Counted.SUCCESSES, LETTERS),
    # A school of 60 registers in one lesson, some of them twice; a robot wants thousands.
    Limit("letters from a network", "200 per hour", _network, Counted.SUCCESSES, LETTERS),
    # Each try costs us an argon2 hash of 31 ms.
    Limit("tries to register from a network", "600 per hour", _network, Counted.EVERYTHING, LETTERS),
    VOTES_LIMIT,
    # Somebody with much to say writes a comment every half minute; a flood for moderators ends here.
    Limit("words", "20 per 10 minutes; 200 per day", _writer, Counted.SUCCESSES, WORDS),
    # What a guest writes is only kept until the sign-in; a class of 60 behind one address writes at once.
    Limit("words of guests", "200 per 10 minutes", _guests_network, Counted.SUCCESSES, WORDS),
    # A report costs a moderator more than the reader who sends it.
    Limit("reports", "20 per hour", _person, Counted.SUCCESSES, ("public.report_comment",)),
)
"""Every number with its reason."""
