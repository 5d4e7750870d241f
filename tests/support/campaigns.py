"""Many people who vote at the same time, over HTTP, through several servers."""

import http.client
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import TOO_MANY_REQUESTS
from threading import Barrier
from time import sleep
from urllib.parse import urlencode, urlsplit

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from consult.domain.votes import Choice
from consult.models.base import db, transaction
from consult.models.people import Person
from consult.services.sessions import begin
from consult.web import session as web_session
from tests.support.cast import Built, person, within


@dataclass(frozen=True)
class Voter:
    """Somebody signed in, as the browser knows it: the cookie, and the token of the page's forms."""

    id: int
    cookie: str
    token: str


def crowd(app: Flask, number: int) -> list[Voter]:
    return [_signed_in(app, person(app, f"crowd{n}@example.kz", f"Voter {n}").id) for n in range(number)]


def _signed_in(app: Flask, person_id: int) -> Voter:
    with within(app):
        row = db.session.get_one(Person, person_id)
        with transaction():
            signed_in = begin(row, "crowd")
    with app.test_request_context("/"):
        web_session.begin(signed_in)
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        name = app.config["SESSION_COOKIE_NAME"]
        return Voter(person_id, f"{name}={serializer.dumps(dict(session))}", token)


def vote_on_all(
    servers: Sequence[str], built: Built, voters: Sequence[Voter], comment_ids: Sequence[int]
) -> Counter[int]:
    """Each person votes on every comment, in an own order, at the servers in turn; answers the statuses.

    Who is told to wait, because nobody votes so fast by hand, waits as long and sends the vote again.
    """
    start = Barrier(len(voters))

    def campaign(voter: Voter) -> Counter[int]:
        chance = random.Random(voter.id)  # noqa: S311 - votes of a test
        connections = [http.client.HTTPConnection(urlsplit(url).netloc, timeout=60) for url in servers]
        start.wait(timeout=60)
        statuses: Counter[int] = Counter()
        for turn, comment_id in enumerate(chance.sample(comment_ids, len(comment_ids))):
            path = f"/en/c/{built.slug}/comments/{comment_id}/vote"
            choice = chance.choice(list(Choice)).word
            statuses[_kept(connections[(voter.id + turn) % len(connections)], path, voter, choice)] += 1
        for connection in connections:
            connection.close()
        return statuses

    with ThreadPoolExecutor(len(voters)) as pool:
        return sum(pool.map(campaign, voters), Counter())


def _kept(connection: http.client.HTTPConnection, path: str, voter: Voter, choice: str) -> int:
    """The status with which a vote ends."""
    form = urlencode({"csrf_token": voter.token, "choice": choice})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": voter.cookie}
    while True:
        connection.request("POST", path, form, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != TOO_MANY_REQUESTS:
            return answer.status
        connection.close()  # it would be closed while nothing is sent
        sleep(float(answer.headers["Retry-After"]))
