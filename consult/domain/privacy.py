"""How people are named in exports, and how small a group may be shown."""

import hmac
from collections.abc import Mapping

SMALLEST_GROUP = 10
"""Default of the fewest people that a published cell may stand for."""


def participant_ref(secret: bytes, person_id: int) -> str:
    """Pseudonym of a person in one consultation: 16 hexadecimal digits of a keyed hash (HMAC-SHA-256).

    The secret belongs to the consultation, so the same person cannot be linked across consultations.
    """
    return hmac.digest(secret, f"participant:{person_id}".encode(), "sha256").hex()[:16]


def item_ref(secret: bytes, comment_id: int) -> str:
    """Pseudonym of whoever spoke by another channel: one for each item, as nobody knows who is the same."""
    return hmac.digest(secret, f"item:{comment_id}".encode(), "sha256").hex()[:16]


def official_ref(secret: bytes, person_id: int) -> str:
    """Pseudonym of an official in one consultation's log; not the one that the person takes part under."""
    return hmac.digest(secret, f"official:{person_id}".encode(), "sha256").hex()[:16]


def suppressed_categories(counts: Mapping[str, int], smallest_group: int) -> frozenset[str]:
    """Categories whose people may only be published together, so that no cell and no difference shows a few.

    Every category with 1 to `smallest_group` - 1 people is one. Where that is a single category, or where
    those together are still too few, the next smallest join them; in the end that may be all.
    """
    by_size = sorted((count, category) for category, count in counts.items() if count > 0)
    hidden: list[tuple[int, str]] = [cell for cell in by_size if cell[0] < smallest_group]
    if not hidden:
        return frozenset()
    for cell in by_size[len(hidden) :]:
        if len(hidden) > 1 and sum(count for count, _ in hidden) >= smallest_group:
            break
        hidden.append(cell)
    return frozenset(category for _, category in hidden)


def shown_together(
    counts: Mapping[tuple[str, ...], int], smallest_group: int
) -> dict[tuple[str, ...], tuple[str | None, ...]]:
    """What may be published of each combination of characteristics, None for a cell that must be hidden.

    Column by column: a value is hidden by `suppressed_categories` among the people who look alike in the
    columns before it, so that every combination that can be seen stands for `smallest_group` people, or for
    all there are. `""` is not known; where nobody's is known, there is nothing to hide.
    """
    shown: dict[tuple[str, ...], tuple[str | None, ...]] = dict.fromkeys(counts, ())
    for place in range(max(map(len, counts), default=0)):
        alike: dict[tuple[str | None, ...], dict[str, int]] = {}
        for combination, count in counts.items():
            values = alike.setdefault(shown[combination], {})
            values[combination[place]] = values.get(combination[place], 0) + count
        hidden = {
            before: frozenset() if set(values) == {""} else suppressed_categories(values, smallest_group)
            for before, values in alike.items()
        }
        shown = {
            combination: (*before, None if combination[place] in hidden[before] else combination[place])
            for combination, before in shown.items()
        }
    return shown
