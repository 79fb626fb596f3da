"""Python names from the author's names: legal, unclashing, and the same on every run."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from gapless.backends.code.standard import STANDARD

_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]+")

LONGEST = 60
"""How long a private name may be: with it a line can always be broken."""

SPOKEN = frozenset(
    {
        *("bool", "datetime", "frozenset", "int", "object", "str", "tuple", "type", "uses"),
        *("ArithmeticError", "AssertionError", "LookupError"),
        *("Decimal", "False", "None", "True", "ValueError", "__debug__"),
    }
)
"""Names that the bodies of generated functions say, so that no argument may take them."""

_TUPLE = frozenset({"count", "index"})
"""What every tuple has, and so no field of a result."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one scope, given out one by one: first come, first served."""

    taken: set[str] = field(default_factory=set)
    numbered: dict[str, int] = field(default_factory=dict)
    """Up to which number each wish was given out, so that nobody counts from 2 again."""

    def take(self, *wishes: str) -> str:
        """The first wish that is free, or else the last one, numbered from 2."""
        last = wishes[-1]
        name = next((wish for wish in wishes if wish not in self.taken), last)
        while name in self.taken:
            self.numbered[last] = self.numbered.get(last, 1) + 1
            name = f"{last}_{self.numbered[last]}"
        self.taken.add(name)
        return name


def identifier(text: str) -> str:
    """`text` as an identifier that is no keyword: `non-medicare` is `non_medicare`, `class` is `class_`."""
    word = _NO_IDENTIFIER.sub("_", text).strip("_") or "x"
    if word[0].isdigit():
        word = f"x{word}"
    return f"{word}_" if keyword.iskeyword(word) else word


def camel(text: str) -> str:
    """`guidance_line` is `GuidanceLine`; what already has capitals keeps them."""
    parts = identifier(text).rstrip("_").split("_")
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"{name}_" if keyword.iskeyword(name) else name


def upper(*texts: str) -> str:
    """`GuidanceLine`, `77387-TC` is `_GUIDANCE_LINE_77387_TC`: a private constant."""
    apart = (_HUMP.sub(r"\1_\2", text) for text in texts)
    words = (_NO_IDENTIFIER.sub("_", text).strip("_") for text in apart)
    return f"_{'_'.join(word for word in words if word).upper()}"[:LONGEST]


def module(policy: str) -> str:
    """The name of a policy's module, which never stands in the way of one of Python's own.

    Run from its own folder, `numbers.py` would be what all of Python gets for `import numbers`.
    """
    name = identifier(policy)
    return f"{name}_" if name in STANDARD else name


def kind_of_name(name: str) -> tuple[bool, bool, list[tuple[int, str]]]:
    """Capitals first, then what begins with one; numbers within names count as numbers."""
    parts = re.split(r"([0-9]+)", name)
    natural = [(int(part), "") if part.isdigit() else (0, part) for part in parts]
    return not (name.isupper() and len(name) > 1), not name[0].isupper(), natural


def arguments(columns: Iterable[str], avoid: Iterable[str]) -> dict[str, str]:
    """A name for each column as an argument, by column."""
    names = Names({*SPOKEN, *avoid})
    return {column: names.take(identifier(column), f"{identifier(column)}_") for column in columns}


def fields(columns: Iterable[str], avoid: Iterable[str]) -> dict[str, str]:
    """A name for each output as a field of a result, by column."""
    names = Names({*SPOKEN, *_TUPLE, *avoid})
    return {column: names.take(identifier(column), f"{identifier(column)}_") for column in columns}
