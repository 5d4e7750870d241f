"""Whether the time of an answer tells if an address has an account: sign-in, registering, forgotten password.

The chance that an answer about a known address takes longer than one about an unknown address: a half tells
nothing. `two_sigma` is how far from a half chance alone leads in 19 of 20 runs of this length.
"""

import contextlib
import math
import time
from urllib.parse import urlencode

from bench import _content as content
from bench._ground import Connection, Server, consult_server, keep, spread, workspace
from consult.domain.languages import Language
from consult.domain.people import Role
from consult.models.base import db, now_in_database, transaction
from consult.models.people import Person

TRIES = 60
"""Of each kind of address and form; each address is tried once with each form, below every limit."""
FORMS = {
    "sign_in": ("/kk/sign-in", {"password": "not the right pass phrase"}),
    "register": ("/kk/register", {"name": "Оқырман", "password": content.PASSWORD}),
    "forgotten": ("/kk/password/forgotten", {}),
}


def addresses() -> tuple[list[str], list[str]]:
    """Addresses with an account, and as many without one; as long as each other."""
    hash_of_all = kept_hash()
    known, unknown = ([f"{kind}-{n:03}@example.kz" for n in range(TRIES)] for kind in ("member", "nobody"))
    with transaction():
        now = now_in_database()
        db.session.add_all(
            Person(
                email=email,
                name="Оқырман",
                role=Role.CITIZEN,
                language=Language.KK,
                password_hash=hash_of_all,
                created_at=now,
            )
            for email in known
        )
    return known, unknown


def kept_hash() -> str:
    """What the table keeps of the readers' password; made once, since it takes its time on purpose."""
    content.add_readers(1)
    kept: str = db.session.scalars(db.select(Person.password_hash).order_by(Person.id.desc())).first() or ""
    return kept


def milliseconds(server: Server, path: str, email: str, fields: dict[str, str]) -> float:
    """Time of the answer to one form, sent by a visitor of its own."""
    with contextlib.closing(Connection(server.port)) as connection:
        page = connection.get(path)
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        form = urlencode({"csrf_token": content.csrf_token(page.body), "email": email, **fields}).encode()
        began = time.perf_counter()
        answer = connection.post(path, form, Cookie=cookie)
        took = time.perf_counter() - began
        assert answer.status in {303, 422}, answer
    return took * 1000


def chance_to_be_slower(known: list[float], unknown: list[float]) -> float:
    """Share of pairs in which the known address took longer, 0 to 1."""
    return sum(one > other for one in known for other in unknown) / (len(known) * len(unknown))


def figures(server: Server, known: list[str], unknown: list[str]) -> dict[str, object]:
    made: dict[str, object] = {}
    for name, (path, fields) in FORMS.items():
        for warming in ("warm-1@example.kz", "warm-2@example.kz"):
            milliseconds(server, path, warming, fields)
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn, pair in enumerate(zip(known, unknown, strict=True)):
            for email in pair if turn % 2 else reversed(pair):
                times[email in pair[:1]].append(milliseconds(server, path, email, fields))
        made[name] = {
            "known_ms": spread(times[True]),
            "unknown_ms": spread(times[False]),
            "known_is_slower": round(chance_to_be_slower(times[True], times[False]), 3),
            "two_sigma": round(2 * math.sqrt((2 * TRIES + 1) / (12 * TRIES**2)), 3),
        }
    return made


def main() -> None:
    with workspace() as folder, contextlib.ExitStack() as stack:
        stack.enter_context(content.installation(folder / "enumeration"))
        known, unknown = addresses()
        server = stack.enter_context(consult_server(folder / "enumeration"))
        keep("enumeration", figures(server, known, unknown))


if __name__ == "__main__":
    main()
