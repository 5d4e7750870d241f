"""CPU time of the question page, against a Flask application that says hello on such a server.

For guests as they get it (kept until something changes) and made anew; for somebody signed in, which is what
the pages of different numbers of stored comments are measured by. How many requests a side sends in a round
is tried first, see `bench._ground.enough`. Takes five to six minutes, three of them to store comments.
"""

from dataclasses import dataclass
from functools import partial

from bench import _content as content
from bench._content import Filled
from bench._ground import (
    Rounds,
    Sample,
    Server,
    consult_server,
    enough,
    hello_server,
    keep,
    repeated,
    served,
    workspace,
)
from consult.services.tallying import count_votes

STORED = (10, 1_000, 100_000)
"""Comments in the question, replies included; half of them are replies."""
FULL = 1_000
ROUNDS = 9
LAST_PAGE = 5
"""Comments (each with its reply) on the page that is alike however many are stored."""
BROWSER = "gzip, deflate, br, zstd"
"""Encodings that browsers ask for; pages that are made anew are measured without, as hello is not encoded."""
UNKEPT = "?by=nobody"
"""An argument that pages kept for guests do not have, so that this one is made anew each time."""


def request(path: str, port: int, cookie: str = "", encodings: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Language: kk"]
    if encodings:
        lines.append(f"Accept-Encoding: {encodings}")
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True)
class Asked:
    """The side that asks for one page again and again; `times` in a round."""

    server: Server
    request: bytes
    times: int

    def __call__(self) -> Sample:
        return served(self.server, partial(repeated, self.server.port, self.request, self.times))


def asked(server: Server, path: str, cookie: str = "", *, encodings: str = "") -> Asked:
    wanted = request(path, server.port, cookie, encodings)
    return Asked(server, wanted, enough(server, partial(repeated, server.port, wanted)))


def last_page(filled: Filled) -> str:
    """The oldest comments: ten on screen, whatever is stored before them."""
    return f"{filled.path}?before={filled.first_id + 2 * LAST_PAGE}"


def measure(consult: Server, hello: Server, filled: dict[int, Filled], cookie: str) -> dict[str, object]:
    sides = {
        "hello": asked(hello, "/hello"),
        "anonymous": asked(consult, filled[FULL].path, encodings=BROWSER),
        "anonymous_uncompressed": asked(consult, filled[FULL].path),
        "anonymous_made_anew": asked(consult, filled[FULL].path + UNKEPT),
        "signed_in": asked(consult, filled[FULL].path, cookie),
        "signed_in_compressed": asked(consult, filled[FULL].path, cookie, encodings=BROWSER),
        "forty_of_100000": asked(consult, filled[100_000].path, cookie),
        **{f"ten_of_{n}": asked(consult, last_page(filled[n]), cookie) for n in STORED},
        **{
            f"by_agreement_of_{n}": asked(consult, f"{filled[n].path}?sort=agreed", cookie)
            for n in STORED
            if n != 10
        },
    }
    rounds = Rounds(sides, ROUNDS)
    return {
        "requests_a_round": {name: side.times for name, side in sides.items()},
        "pages": rounds.figures(),
        "ratios": {
            "anonymous_to_hello": rounds.ratio("anonymous", "hello"),
            "anonymous_made_anew_to_hello": rounds.ratio("anonymous_made_anew", "hello"),
            "anonymous_uncompressed_to_hello": rounds.ratio("anonymous_uncompressed", "hello"),
            "signed_in_compressed_to_hello": rounds.ratio("signed_in_compressed", "hello"),
            "signed_in_to_hello": rounds.ratio("signed_in", "hello"),
            "forty_of_100000_to_forty_of_1000": rounds.ratio("forty_of_100000", "signed_in"),
            "ten_of_1000_to_ten_of_10": rounds.ratio("ten_of_1000", "ten_of_10"),
            "ten_of_100000_to_ten_of_10": rounds.ratio("ten_of_100000", "ten_of_10"),
            "by_agreement_of_100000_to_1000": rounds.ratio("by_agreement_of_100000", "by_agreement_of_1000"),
        },
    }


def main() -> None:
    with workspace() as folder:
        instance = folder / "instance"
        with content.installation(instance) as app:
            content.add_authors()
            filled = {number: content.add_consultation(f"stored-{number}", number) for number in STORED}
            count_votes()
            person_id = content.add_voters(1)[0]
            ((_, reader),) = content.sessions(app, [person_id])
            content.vote_on_newest(filled[FULL], person_id, 10)
        with consult_server(instance) as consult, hello_server(folder) as hello:
            keep("pages", measure(consult, hello, filled, reader.cookie))


if __name__ == "__main__":
    main()
