"""Source text, its lines, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple, TypeAlias


class Span(NamedTuple):
    """A stretch of one file: character offsets, half-open, `start <= end`."""

    path: str
    start: int
    end: int

    def within(self, start: int, end: int) -> Span:
        """The part from `start` to `end`, both counted from this span's start."""
        return Span(self.path, self.start + start, self.start + end)


def stretch(start: int, end: int) -> Span:
    """A part of one line or cell, counted from its first character: of its file nothing is known."""
    return Span("", start, end)


class Line(NamedTuple):
    """A line that is neither blank nor a comment, without the `indent` blanks before it."""

    text: str
    span: Span
    indent: int

    def at(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands."""
        return self.span.within(start, end)


Piece: TypeAlias = tuple[str, Span]
"""What stands between two bars of a row, without the blanks around it."""


class Place(NamedTuple):
    """Where a character stands, as people count: both from 1, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path as the user wrote it (with `/`), and its whole text."""

    path: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lengths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        object.__setattr__(self, "_starts", tuple(accumulate(lengths, initial=0)))

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of line `number`, counted from 1, without its newline."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")
