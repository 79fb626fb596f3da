"""The known word that a misspelt one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The nearest of `known`, the first of equals; None where nothing is near enough to be meant."""
    allowed = max(1, len(word) // 4)
    ranked = ((distance(word.casefold(), each.casefold()), each) for each in known)
    best = min(ranked, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] <= allowed else None


def distance(left: str, right: str) -> int:
    """How many letters to insert, drop, change, or swap with the next ."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
