"""Where a step under a guard is asked, and that it has no value anywhere else: exact, as calls are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.analysis.composition.calls import Caller, Fixed, Piece, allowed, split
from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.intersections import Meetings
from gapless.analysis.domain.axes import Axis, Box, meet
from gapless.analysis.domain.bitsets import bits
from gapless.model import Guard, Let


def guarded(
    let: Let, pieces: Sequence[Piece], caller: Caller, axes: Sequence[Axis]
) -> tuple[Piece, ...]:
    """What a let column holds, given what its table answers: the missing value outside the guard."""
    if not let.guard:
        return tuple(pieces)
    inside, outside = asked(let.guard, caller, axes)
    work = Work.on(len(pieces) + len(inside))
    near = _Near.of([piece.box for piece in pieces], work)
    held = [
        piece
        for box in inside
        for piece in split([pieces[number] for number in near.numbers(box)], box)
    ]
    return (*held, *(Piece(box, Fixed(None)) for box in outside))


def asked(
    guard: Iterable[Guard], caller: Caller, axes: Sequence[Axis]
) -> tuple[list[Box], list[Box]]:
    """Disjoint boxes of the caller's inputs: where every test holds, and where one does not.

    Together they are all inputs. Raises OverBudget.
    """
    by_name = {axis.column.name: axis for axis in axes}
    inside: list[Box] = [caller.whole]
    outside: list[Box] = []
    for name, condition in guard:
        mask = by_name[name].mask(condition.test)
        held = _held(name, caller, by_name)
        near = _Near.of([part for part, _, _ in held], Work.on(len(held) + len(inside)))
        left: list[Box] = []
        for box in inside:
            for part, atoms, number in (held[each] for each in near.numbers(box)):
                both = meet(box, part)
                assert both is not None, "they share a cell"
                if number is None:
                    (left if atoms & mask else outside).append(both)
                    continue
                left.extend(_with(both, number, mask))
                outside.extend(_with(both, number, ~mask))
        inside = left
    return inside, outside


@dataclass(frozen=True, slots=True)
class _Near:
    """Boxes of which it is soon told which of them a box meets, at a price."""

    meetings: Meetings
    work: Work

    @staticmethod
    def of(boxes: Sequence[Box], work: Work) -> _Near:
        return _Near(Meetings.of(boxes), work)

    def numbers(self, box: Box) -> Iterator[int]:
        """Raises OverBudget."""
        met = self.meetings.met(box)
        self.work.spend(1 + met.bit_count())
        return bits(met)


def _held(name: str, caller: Caller, axes: Mapping[str, Axis]) -> list[tuple[Box, int, int | None]]:
    """Disjoint boxes of inputs, and the atom that a let column has there; an input has its number instead."""
    if name in caller.lets:
        return [
            (box, atoms, None)
            for piece in caller.lets[name]
            for box, atoms in allowed(piece, axes[name], caller.inputs)
        ]
    names = [axis.column.name for axis in caller.inputs]
    return [(caller.whole, 0, names.index(name))]


def _with(box: Box, number: int, mask: int) -> Iterable[Box]:
    """The part of the box whose input `number` is among `mask`, if there is one."""
    if box[number] & mask:
        yield (*box[:number], box[number] & mask, *box[number + 1 :])
