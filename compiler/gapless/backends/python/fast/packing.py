"""Many numbers as letters: their bytes in base64, which no version of anything writes in another way."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

LINE = 76
"""How many letters of packed numbers stand on a line."""


def in_letters(numbers: Sequence[int]) -> tuple[int, list[str]]:
    """How many bytes each number takes, and all of them as lines of letters."""
    widest = max(numbers)
    size = 1 if widest < 1 << 8 else 2 if widest < 1 << 16 else 4
    data = b"".join(number.to_bytes(size, "little") for number in numbers)
    text = b64encode(data).decode("ascii")
    return size, [text[at : at + LINE] for at in range(0, len(text), LINE)]
