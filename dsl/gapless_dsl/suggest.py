"""What a word was meant to be: the nearest name or keyword, other languages' keywords, DMN's letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from gapless_dsl.lexis import NAME

SYNONYMS = {
    "input": "in",
    "inputs": "in",
    "output": "out",
    "outputs": "out",
    "define": "let",
    "expect": "gives",
    "expects": "gives",
    "then": "gives",
    "test": "example",
    "case": "example",
    "enum": "type",
    "import": "use",
    "include": "use",
}
"""Keywords as other languages call them."""

DMN_LETTERS = {"C+": "collect sum", "C<": "collect min", "C>": "collect max", "C#": "collect count"}
"""Hit policies as DMN writes them in the corner of a table."""

_PARTS = re.compile(r"[^\W_]+")
_NAMES = re.compile(rf"{NAME.pattern}(?:[. ]{NAME.pattern})*")


def keyword(word: str, known: Iterable[str]) -> str | None:
    """The word of the language that `word` is near; of equals the first.

    These words are few and differ: a slip is likelier than anything else, even in one of two letters.
    """
    allowed = max(1, len(word) // 4)
    ranked = ((distance(word.casefold(), each.casefold()), each) for each in known)
    best = min(ranked, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] <= allowed else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of the author's words that `word` surely is: None where none is near, or several are."""
    return _nearest(word, tuple(dict.fromkeys(known)))


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """The same among names; what cannot name anything has a finding where it is declared."""
    return nearest(word, filter(_NAMES.fullmatch, known))


@lru_cache(maxsize=512)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    folded = _folded(word)
    same = [each for each in known if _folded(each) == folded]
    if same:
        return same[0] if len(same) == 1 else None
    allowed = min(max(1, len(word) // 3), 3)
    close = [each for each in known if _may_be(word, each, allowed)]
    scored = sorted((distance(folded, _folded(each)), at) for at, each in enumerate(close))
    if not scored or scored[0][0] > allowed:
        return None
    slips, at = scored[0]
    # Two short words are always a few slips apart, which says nothing.
    if 2 * slips >= max(len(word), len(close[at])):
        return None
    tied = len(scored) > 1 and scored[1][0] == slips
    return None if tied else close[at]


def _may_be(word: str, other: str, allowed: int) -> bool:
    """Two codes that differ in a digit are two codes, and neither is a slip for the other.

    Nor is `Stage I` for `Stage II`, though most of their letters agree.
    """
    if abs(len(other) - len(word)) > allowed or _digits(word) != _digits(other):
        return False
    ours, theirs = (_PARTS.findall(each.casefold()) for each in (word, other))
    return (
        len(ours) != len(theirs)
        or len(ours) == 1
        or not any(
            min(len(one), len(another)) < 3 and one != another
            for one, another in zip(ours, theirs, strict=True)
        )
    )


def _digits(word: str) -> str:
    return "".join(letter for letter in word if letter.isdigit())


def _folded(word: str) -> str:
    return normalize("NFKC", word).casefold().replace("-", "_").replace(" ", "_")


def distance(left: str, right: str) -> int:
    """How many letters to insert, drop, change, or swap with the next one."""
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
