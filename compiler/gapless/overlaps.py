"""Which rules meet, and where they disagree: pairwise and exact, without comparing all pairs.

Rules are sets of bits. For every column and every distinct cell in it, the rules that meet the cell
are one such set; a rule's partners are the intersection of its cells' sets over all columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from gapless.calls import Answer, Fixed, Nothing, Piece, Same, Several
from gapless.cover import open_parts
from gapless.model import Rule, RuleKind, Scalar, Value
from gapless.reach import boxes_of, cases, reached
from gapless.space import Axis, Box, Other, Point, Run, bits, meet
from gapless.unit import Unit, answered


class Overlap(NamedTuple):
    """Rules `earlier` and `later` both apply to the cases in `boxes`, disjoint boxes of inputs.

    `outputs` are the numbers of the outputs in which they differ in the cases `differing`; both are
    empty where they agree on everything.
    """

    earlier: int
    later: int
    boxes: tuple[Box, ...]
    outputs: tuple[int, ...]
    differing: tuple[Box, ...]


def overlaps(unit: Unit) -> Iterator[Overlap]:
    """Every pair of rules that share a case, in the author's order. Raises OverBudget."""
    rules = boxes_of(unit, RuleKind.RULE)
    impossible = list(boxes_of(unit, RuleKind.IMPOSSIBLE).values())
    for one, other in meeting(rules):
        box = meet(rules[one], rules[other])
        assert box is not None
        shared = reached(unit, box, outside=[b for b in impossible if meet(b, box)])
        if shared:
            yield _compared(unit, one, other, shared)


def meeting(boxes: Mapping[int, Box]) -> Iterator[tuple[int, int]]:
    """The pairs of boxes that share a cell, each pair once, by number ascending."""
    numbers = sorted(boxes)
    columns = list(zip(*(boxes[number] for number in numbers), strict=True))
    partners = [_partners(column) for column in columns]
    everyone = (1 << len(numbers)) - 1
    for index, number in enumerate(numbers):
        met = everyone & ~((2 << index) - 1)
        for cell, those in zip(boxes[number], partners, strict=True):
            met &= those[cell]
        for other in bits(met):
            yield number, numbers[other]


def _partners(column: Sequence[int]) -> dict[int, int]:
    """For each distinct cell of a column, the rows whose cells meet it."""
    rows: dict[int, int] = {}
    for row, cell in enumerate(column):
        rows[cell] = rows.get(cell, 0) | 1 << row
    at_atom: dict[int, int] = {}
    for cell, those in rows.items():
        for atom in bits(cell):
            at_atom[atom] = at_atom.get(atom, 0) | those
    return {cell: _union(at_atom[atom] for atom in bits(cell)) for cell in rows}


def _union(sets: Iterator[int]) -> int:
    union = 0
    for each in sets:
        union |= each
    return union


def _compared(unit: Unit, one: int, other: int, shared: Sequence[Box]) -> Overlap:
    a, b = unit.table.rules[one], unit.table.rules[other]
    differing: list[Box] = []
    outputs = []
    for output in range(len(unit.table.outputs)):
        apart = [box for part in shared for box in _apart(unit, a, b, output, part)]
        if apart:
            outputs.append(output)
            differing.extend(_beyond(apart, differing))
    return Overlap(one, other, tuple(shared), tuple(outputs), tuple(differing))


def _beyond(boxes: Sequence[Box], known: Sequence[Box]) -> list[Box]:
    """The parts of disjoint `boxes` that are not in `known`."""
    return [part for box in boxes for part in open_parts(box, known)]


def _apart(unit: Unit, one: Rule, other: Rule, output: int, box: Box) -> Iterator[Box]:
    """Disjoint parts of `box`, cases for which the two rules differ in one output."""
    a, b = one.outcomes[output].value, other.outcomes[output].value
    if a == b:
        return
    theirs = list(answered(unit, b, box))
    for piece in answered(unit, a, box):
        for counterpart in theirs:
            shared = meet(piece.box, counterpart.box)
            if shared is not None:
                yield from _unequal(unit, Piece(shared, piece.answer), counterpart.answer)


def _unequal(unit: Unit, piece: Piece, other: Answer) -> Iterator[Box]:
    """Where in its box the piece's answer is not `other`; an absent answer is like no other."""
    box, answer = piece
    if isinstance(answer, Nothing) or isinstance(other, Nothing):
        yield box
        return
    columns = sorted(_inputs(answer) | _inputs(other))
    for atoms in product(*(list(bits(box[column])) for column in columns)):
        cell = dict(zip(columns, atoms, strict=True))
        if not _always_equal(unit.axes, cell, answer, other):
            yield tuple(1 << cell[i] if i in cell else mask for i, mask in enumerate(box))


def _inputs(answer: Answer) -> set[int]:
    match answer:
        case Same(number):
            return {number}
        case Several(items, _):
            return {number for item in items for number in _inputs(item)}
        case Fixed() | Nothing():
            return set()


def _always_equal(
    axes: Sequence[Axis], cell: Mapping[int, int], one: Answer, other: Answer
) -> bool:
    """Whether two answers are equal for every case whose inputs lie in these atoms."""
    if one == other:
        return True
    if not all(_is_one_value(axes[axis], atom) for axis, atom in cell.items()):
        return False
    values = {axis: axes[axis].sample(atom) for axis, atom in cell.items()}
    return _value(one, values) == _value(other, values)


def _is_one_value(axis: Axis, number: int) -> bool:
    atom = axis.atoms[number]
    if isinstance(atom, Run):
        return atom.low is not None and atom.low == atom.high
    return isinstance(atom, Point) or atom is Other.MISSING


def _value(answer: Answer, values: Mapping[int, Scalar | None]) -> Value:
    match answer:
        case Fixed(value):
            return value
        case Same(number):
            return values[number]
        case Several(items, as_set):
            each = tuple(_value(item, values) for item in items)
            return frozenset(each) if as_set else each  # type: ignore[arg-type,return-value]
        case Nothing():
            raise AssertionError("an absent answer has no value")


def size(overlap: Overlap) -> int:
    """How many cases the two rules share."""
    return cases(overlap.boxes)
