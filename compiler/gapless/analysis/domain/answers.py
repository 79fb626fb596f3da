"""What a table answers in a part of its cases: a value, an input that is passed on, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gapless.analysis.domain.partition import Box, meet
from gapless.model import Basis, Table, Type, Value, copied


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always this value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Same:
    """The value of input number `input`."""

    input: int


@dataclass(frozen=True, slots=True)
class Several:
    """A list or set, of which something is not fixed."""

    items: tuple[Fixed | Same, ...]
    as_set: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer: the case is impossible there, or, if not `impossible`, a gap, or a draft."""

    impossible: bool
    is_draft: bool = False


DRAFT = Nothing(impossible=False, is_draft=True)

# No named tuples here: as tuples, `Same(0)` would equal `Fixed(0)`.

Answer: TypeAlias = Fixed | Same | Several | Nothing


class Row(NamedTuple):
    """What a row of a table says in one output, both by number; None for all rows of a collecting table that apply."""

    table: Table
    rule: int | None
    output: int

    @property
    def bases(self) -> set[Basis]:
        """How that rests on the source; of several rows, all the ways."""
        rules = self.table.rules if self.rule is None else (self.table.rules[self.rule],)
        name = self.table.outputs[self.output].name
        return {rule.reason.basis_of(name) for rule in rules}


Flow: TypeAlias = tuple[Row | int, ...]
"""What rows say on which an answer rests, and inputs, by number: what flows into these flows on."""


class Piece(NamedTuple):
    """What holds in one box of inputs; `flow` only where answers are traced."""

    box: Box
    answer: Answer
    flow: Flow = ()


def split(pieces: Sequence[Piece], box: Box) -> Iterator[Piece]:
    """The pieces within `box`."""
    for piece in pieces:
        shared = meet(piece.box, box)
        if shared is not None:
            yield piece._replace(box=shared)


def as_held(piece: Piece, into: Type) -> Piece:
    """The piece with its value as a column of type `into` holds it."""
    match piece.answer:
        case Fixed(value):
            return piece._replace(answer=Fixed(copied(value, into)))
    return piece


def once(parts: Iterable[Row | int]) -> Flow:
    """A flow in which nothing stands twice."""
    return tuple(dict.fromkeys(parts))
