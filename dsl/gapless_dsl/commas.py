"""A comma between digits, as in `9,50`, `1,000` and `1.140,00`: which one number may be meant, and how it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gapless_dsl.nodes import At

_SEAM = re.compile("[0-9],[0-9]")


def listed(those: Sequence[tuple[str, At]]) -> str:
    """`a, b`; but `1,000` stays as tight as it was typed, for it may have been meant as one number."""
    said = "".join(text for text, _ in those[:1])
    for (before, (_, end)), (text, (start, _)) in pairwise(those):
        tight = start == end + 1 and _SEAM.fullmatch(f"{before[-1:]},{text[:1]}")
        said += f"{',' if tight else ', '}{text}"
    return said
