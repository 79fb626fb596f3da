"""How many random cases a law tries: half of them in `make test`, all of them in `make test-long`."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("GAPLESS_LONG"))


def so_many(whole: int) -> int:
    """`whole` seeds or examples in a long run, and half of them otherwise."""
    return whole if LONG else whole // 2
