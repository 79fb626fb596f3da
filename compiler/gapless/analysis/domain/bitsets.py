"""Sets of small numbers as the bits of an integer."""

from __future__ import annotations

from collections.abc import Iterator

LONG = 512
"""Sets of more bits than this are read as text."""


def bits(mask: int) -> Iterator[int]:
    """The numbers of the atoms in `mask`, ascending."""
    if mask.bit_length() > LONG:
        yield from _bits_of_long(mask)
        return
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _bits_of_long(mask: int) -> Iterator[int]:
    """The same, without touching all of the mask for each of its bits."""
    digits = bin(mask)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
