"""How many guesses a password withstands, by zxcvbn's lists of common passwords, words and names.

zxcvbn as a whole is not called: what it tries for letters written as signs took three seconds on one password
made for it. Its parts are, on a bounded text, and signs are turned back into letters in one way only.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from zxcvbn import matching, scoring

LONGEST_JUDGED = 72
"""Characters; the time grows with their square, and what was strong so far stays strong."""
_SIGNS = str.maketrans("4@8310$57", "aabeiosst")
_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбю" + "әіңғүұқөһ", "qwertyuiop[]asdfghjkl;'zxcvbnm,." + "234589-=0"
)
"""The key of each Cyrillic letter: `пароль` on a Latin keyboard is `gfhjkm`, as common as `password`."""
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_MATCHERS: Sequence[Callable[..., list[dict[str, Any]]]] = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.regex_match,
    matching.date_match,
)
_Lists = Mapping[str, Mapping[str, int]]


def guesses_needed(password: str, about: Iterable[str] = ()) -> float:
    """Guesses until it is found, 1 or more, by whoever tries what is common first.

    `about` are words of the person, such as the address and the name: with them the guessing begins.
    """
    written = password.lower()[:LONGEST_JUDGED]
    own = (word.lower() for word in about if word)
    lists = {
        **matching.RANKED_DICTIONARIES,
        "own": matching.build_ranked_dict(list(chain.from_iterable((word, _keys(word)) for word in own))),
    }
    return min(_guesses(form, lists) for form in {written, written.translate(_SIGNS), _keys(written)})


def _keys(written: str) -> str:
    return written.translate(_KEYS)


def _guesses(written: str, lists: _Lists) -> float:
    """A text that is one piece again and again is as hard to find as the piece, times how often."""
    repeated = _REPEATED.fullmatch(written)
    piece = repeated[1] if repeated else written
    found = [match for matcher in _MATCHERS for match in matcher(piece, _ranked_dictionaries=lists)]
    found.sort(key=lambda match: (match["i"], match["j"]))
    guesses: float = scoring.most_guessable_match_sequence(piece, found)["guesses"]
    return guesses * (len(written) // len(piece))
