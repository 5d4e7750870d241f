"""CPU time of the question page, against a Flask application that says hello on the same kind of server."""

from functools import partial

from bench import _content as content
from bench._content import Filled
from bench._ground import (
    Rounds,
    Server,
    Side,
    consult_server,
    hello_server,
    keep,
    repeated,
    served,
    workspace,
)

STORED = (10, 40, 1_000, 20_000)
"""Comments in the question, replies included; half of them are replies."""
FULL = 1_000
ROUNDS = 9
PAGES = 20
HELLOS = 2_000
"""Requests of each side in each round: a few tenths of a second."""
LAST_PAGE = 5
"""Comments (each with its reply) on the page that is alike however many are stored."""


def request(path: str, port: int, cookie: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Language: kk"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, "", ""]).encode()


def asked(server: Server, path: str, cookie: str = "", *, times: int = PAGES) -> Side:
    """The side that asks for one page again and again."""
    ask = partial(repeated, server.port, request(path, server.port, cookie), times)
    return partial(served, server, ask)


def last_page(filled: Filled) -> str:
    """The oldest comments: ten on screen, whatever is stored before them."""
    return f"{filled.path}?before={filled.first_id + 2 * LAST_PAGE}"


def measure(consult: Server, hello: Server, filled: dict[int, Filled], email: str) -> dict[str, object]:
    cookie, _ = content.sign_in(consult.port, email, filled[FULL].path)
    sides = {
        "hello": asked(hello, "/hello", times=HELLOS),
        "anonymous": asked(consult, filled[FULL].path),
        "signed_in": asked(consult, filled[FULL].path, cookie),
        **{f"forty_of_{n}": asked(consult, filled[n].path) for n in STORED if n not in {10, FULL}},
        **{f"ten_of_{n}": asked(consult, last_page(filled[n])) for n in STORED if n != 40},
    }
    rounds = Rounds(sides, ROUNDS)
    return {
        "pages": rounds.figures(),
        "ratios": {
            "anonymous_to_hello": rounds.ratio("anonymous", "hello"),
            "signed_in_to_hello": rounds.ratio("signed_in", "hello"),
            "forty_of_1000_to_forty_of_40": rounds.ratio("anonymous", "forty_of_40"),
            "forty_of_20000_to_forty_of_40": rounds.ratio("forty_of_20000", "forty_of_40"),
            "ten_of_1000_to_ten_of_10": rounds.ratio("ten_of_1000", "ten_of_10"),
            "ten_of_20000_to_ten_of_10": rounds.ratio("ten_of_20000", "ten_of_10"),
        },
    }


def main() -> None:
    with workspace() as folder:
        instance = folder / "instance"
        with content.installation(instance):
            content.add_authors()
            filled = {number: content.add_consultation(f"stored-{number}", number) for number in STORED}
            ((email, person_id),) = content.add_readers(1)
            content.vote_on_newest(filled[FULL], person_id, 10)
        with consult_server(instance) as consult, hello_server(folder) as hello:
            keep("pages", measure(consult, hello, filled, email))


if __name__ == "__main__":
    main()
