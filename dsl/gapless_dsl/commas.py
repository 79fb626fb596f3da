"""A comma between digits, as in `9,50`, `1,000` and `1.140,00`: which one number may be meant, and how it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gapless_dsl.nodes import At

_TIGHT = re.compile(
    r"(?<!\w)(?<!\w\.)-?[0-9][0-9_]*(?:\.[0-9]+)*(?:,[0-9]+(?:\.[0-9]+)*)+(?![\w-])"
)
_SEAM = re.compile("[0-9],[0-9]")
_DECIMAL = re.compile(r"-?[0-9]+(?:[._][0-9]{3})*,[0-9]+")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def one_number(text: str, at: int) -> At | None:
    """Where such digits stand, if reading stopped within them or right behind."""
    found = (each.span() for each in _TIGHT.finditer(text))
    return next(((start, end) for start, end in found if start < at <= end), None)


def numbers(typed: str) -> Iterator[str]:
    """What it is as one number: with a comma for the point, or with commas between thousands."""
    if _DECIMAL.fullmatch(typed):
        whole, _, part = typed.partition(",")
        yield f"{re.sub('[._]', '', whole)}.{part}"
    if _THOUSANDS.fullmatch(typed):
        yield typed.replace(",", "_")


def listed(those: Sequence[tuple[str, At]]) -> str:
    """`a, b`; but `1,000` stays as tight as it was typed, for it may have been meant as one number."""
    said = "".join(text for text, _ in those[:1])
    for (before, (_, end)), (text, (start, _)) in pairwise(those):
        tight = start == end + 1 and _SEAM.fullmatch(f"{before[-1:]},{text[:1]}")
        said += f"{',' if tight else ', '}{text}"
    return said
