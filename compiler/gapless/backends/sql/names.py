"""SQL identifiers from the author's names: quoted where a database would read them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from gapless.backends.sql.reserved import RESERVED

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

LONGEST = 63
"""PostgreSQL cuts longer names off without a word."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The names of one scope; databases that fold letters take `Fee` and `fee` for one."""

    names: set[str] = field(default_factory=set)

    def take(self, wish: str) -> str:
        """The name wished for, numbered from 2 where another has it."""
        name, number = wish, 1
        while name.lower() in self.names:
            number += 1
            name = f"{wish}_{number}"
        self.names.add(name.lower())
        return name


def taken(names: Iterable[str]) -> Taken:
    """A scope in which there are these names."""
    return Taken({name.lower() for name in names})


def quoted(name: str) -> str:
    """A name as an identifier; plain lower-case words that no dialect reserves need no quotes."""
    if _PLAIN.fullmatch(name) and name not in RESERVED:
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def plain(text: str) -> str:
    """A name that needs no quotes to be told from others: `non-medicare` is `non_medicare`."""
    return re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_") or "x"
