"""Two versions of a text side by side: which words both have, and which only one of them."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*\S+|\s+\Z")


class Side(StrEnum):
    """Who has the words: BOTH versions, only the KEPT one, or only one's OWN."""

    BOTH = "both"
    KEPT = "kept"
    OWN = "own"


@dataclass(frozen=True)
class Stretch:
    """Words that stand together, with the spaces before them."""

    words: str
    side: Side


def differences(kept: str, own: str) -> tuple[Stretch, ...]:
    """The stretches of both versions in order; those of KEPT and BOTH make the kept text again."""
    before, after = _WORD.findall(kept), _WORD.findall(own)
    found = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            found.append(Stretch("".join(before[first:last]), Side.BOTH))
            continue
        if first < last:
            found.append(Stretch("".join(before[first:last]), Side.KEPT))
        if start < end:
            found.append(Stretch("".join(after[start:end]), Side.OWN))
    return tuple(found)
