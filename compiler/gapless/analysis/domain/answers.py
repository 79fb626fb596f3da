"""What a table answers in a part of its cases: a value, an input that is passed on, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gapless.analysis.domain.partition import Box, meet
from gapless.model import Value


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


class Piece(NamedTuple):
    """What holds in one box of inputs."""

    box: Box
    answer: Answer


def split(pieces: Sequence[Piece], box: Box) -> Iterator[Piece]:
    """The pieces within `box`."""
    for piece in pieces:
        shared = meet(piece.box, box)
        if shared is not None:
            yield Piece(shared, piece.answer)
