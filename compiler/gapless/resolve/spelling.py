"""The nearest right spelling of a word, where one is clearly meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from gapless_dsl.spelling import distance
from gapless_dsl.vocabulary import NAME


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was surely meant to be: None where none comes near, or several do."""
    return _nearest(word, tuple(dict.fromkeys(known)))


_PARTS = re.compile(r"[^\W_]+")
_NAMES = re.compile(rf"{NAME.pattern}(?:[. ]{NAME.pattern})*")


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """The same among names; what cannot name anything has been complained about where it is declared."""
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
    return word.casefold().replace("-", "_").replace(" ", "_")
