"""Texts by their beginnings: `77*` is cut out of all texts, `772*` out of that, and each named text out of both.

What is left of a prefix when the longer ones and the named texts are taken away is an atom; which
atoms begin alike is seen in the order of letters, where they stand side by side.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

_LAST = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Begun:
    """The texts that begin so, but for those of a longer prefix and those named."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The texts `named` and the `prefixes`, both in the order of letters: as atoms they stand one after the other."""

    named: tuple[str, ...]
    prefixes: tuple[str, ...]
    lengths: tuple[int, ...]

    @staticmethod
    def of(named: Iterable[str], prefixes: Iterable[str]) -> Tree:
        begins = tuple(sorted(prefixes))
        return Tree(tuple(sorted(named)), begins, tuple(sorted({*map(len, begins)}, reverse=True)))

    def longest(self, text: str) -> int | None:
        """The atom of the longest prefix that a text has, where it is not named itself."""
        for length in self.lengths:
            prefix = text[:length]
            place = bisect_left(self.prefixes, prefix)
            if len(prefix) == length and self.prefixes[place : place + 1] == (prefix,):
                return len(self.named) + place
        return None

    def within(self, prefix: str) -> int:
        """The atoms of all texts that begin so."""
        found, first = 0, 0
        for texts in (self.named, self.prefixes):
            low, high = _span(texts, prefix)
            found |= (1 << first + high) - (1 << first + low)
            first += len(texts)
        return found


def _span(texts: Sequence[str], prefix: str) -> tuple[int, int]:
    """From where to where in the order of letters those stand that begin so."""
    after = following(prefix)
    return bisect_left(texts, prefix), len(texts) if after is None else bisect_left(texts, after)


def following(prefix: str) -> str | None:
    """The first text, in the order of letters, after all that begin so; None where there is none."""
    short = prefix.rstrip(chr(_LAST))
    return None if not short else short[:-1] + chr(ord(short[-1]) + 1)


def candidates(start: str, tries: int) -> Iterator[str]:
    """Texts that begin so, of which one is in no longer prefix and not named: there are not so many of these."""
    signs = (chr(code) for code in range(0x21, _LAST) if not 0xD800 <= code < 0xE000)
    yield from chain(
        (start + "?" * count for count in range(tries)), (start + sign for sign in signs)
    )


# ---------------------------------------------------------------- sets of such texts, as they are said


class Texts(NamedTuple):
    """The texts `named`, and those that begin with a prefix, but for the texts beside it."""

    named: tuple[str, ...]
    begun: tuple[tuple[str, Texts], ...]


NONE = Texts((), ())


def said(tree: Tree, mask: int, free: int = 0) -> Texts:
    """A set of atoms, none of them that of all other texts, in the fewest prefixes.

    Whether the `free` ones are in it does not matter.
    """
    named, begun = [], []
    first = len(tree.named)
    for number, prefix in enumerate(tree.prefixes, first):
        if mask >> number & 1:
            inside = tree.within(prefix)
            begun.append((prefix, said(tree, inside & ~mask & ~free, free)))
            mask &= ~inside
    named = [text for number, text in enumerate(tree.named) if mask >> number & 1]
    return Texts(tuple(named), tuple(begun))
