"""CPU time of the search over many comments, against the question page made anew on the same server."""

from functools import partial
from urllib.parse import quote

import sqlalchemy as sa

from bench import _content as content
from bench._content import Filled
from bench._ground import Rounds, Server, Side, consult_server, in_process, keep, workspace
from bench.pages import UNKEPT, asked
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.models.base import db
from consult.queries.search import Wanted
from consult.services import search_index, searching

STORED = 100_000
ROUNDS = 5
SEARCHES = 10
"""Of each side without a server in each round: its CPU time is not counted in ticks."""
SELDOM = 54_321
"""The number that one comment alone carries, see `_content`."""
QUERIES = {
    "a_seldom_word": f"{SELDOM}",
    "a_word_of_a_third": "тротуар",
    "three_words_of_a_third": "crossing market buses",
    "a_phrase_of_a_third": '"raised crossing would help"',
    "a_piece_of_words": "ротуар",
    "nothing_and_a_hint": "скамийки",
}


def searched(words: str) -> Side:
    """The search alone, without the page around it."""

    def search() -> int:
        for _ in range(SEARCHES):
            searching.search(words, Language.KK, Wanted())
            db.session.rollback()
        return SEARCHES

    return partial(in_process, search)


def measure(server: Server, filled: Filled) -> dict[str, object]:
    sides: dict[str, Side] = {"question_page": asked(server, filled.path + UNKEPT)}
    for name, words in QUERIES.items():
        sides[name] = asked(server, f"/kk/search?q={quote(words)}")
        sides[f"{name}_alone"] = searched(words)
    rounds = Rounds(sides, ROUNDS)
    return {
        "search": rounds.figures(),
        "ratios": {f"{name}_to_question_page": rounds.ratio(name, "question_page") for name in QUERIES},
    }


def main() -> None:
    with workspace() as folder:
        instance = folder / "instance"
        with content.installation(instance):
            content.add_authors()
            filled = content.add_consultation("searched", STORED)
            rebuilding = in_process(lambda: search_index.rebuild(OPERATOR).comments)
            pages = (
                db.session.execute(
                    sa.text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'")
                ).scalar()
                if _has_dbstat()
                else None
            )
            db.session.rollback()
            with consult_server(instance) as server:
                figures = measure(server, filled)
        keep(
            "search",
            {
                "stored": STORED,
                "rebuilding_cpu_us_a_comment": round(rebuilding.cpu, 1),
                "index_bytes_a_comment": round(pages / STORED) if pages else None,
                **figures,
            },
        )


def _has_dbstat() -> bool:
    """Whether this SQLite tells the size of a table."""
    return bool(db.session.scalar(sa.text("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')")))


if __name__ == "__main__":
    main()
