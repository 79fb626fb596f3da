"""How many random cases a law tries: a share of them in `make test`, all of them in `make test-long`."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("GAPLESS_LONG"))


def so_many(whole: int, share: int = 2) -> int:
    """`whole` seeds or examples in a long run, and that share of them otherwise: half, where none is named."""
    return whole if LONG else whole // share
