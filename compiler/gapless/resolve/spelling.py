"""The nearest right spelling of a word, by the number of slips of the finger between two words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was surely meant to be: None where none comes near, or several do."""
    return _nearest(word, tuple(dict.fromkeys(known)))


@lru_cache(maxsize=512)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    same = [each for each in known if _folded(each) == _folded(word)]
    if same:
        return same[0] if len(same) == 1 else None
    allowed = len(word) // 3 if len(word) > 3 else 1
    close = [each for each in known if abs(len(each) - len(word)) <= allowed]
    scored = sorted((slips(word, each), at) for at, each in enumerate(close))
    if not scored or scored[0][0] > min(allowed, 3):
        return None
    # A one-letter word turns into any other with one slip, which says nothing.
    if scored[0][0] >= max(len(word), len(close[scored[0][1]])):
        return None
    tied = len(scored) > 1 and scored[1][0] == scored[0][0]
    return None if tied else close[scored[0][1]]


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def slips(one: str, other: str) -> int:
    """Letters dropped, added, changed or swapped with a neighbor to make one word the other.

    The optimal string alignment distance of Damerau (1964) and Levenshtein (1966).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, match in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
