"""A grid of answers that an author asked for, worked out cell by cell from the table by its inputs.

A cell stands for all cases that its row, its head and what is fixed leave open. What cannot happen is none of
them, so a row or a head of nothing else is left out; values that get the same cells everywhere share a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import NamedTuple, TypeAlias, TypeVar

from gapless.analysis.by_inputs import Given, Tabulation, tabulation
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.decision.diagram import Leaf, Node
from gapless.analysis.domain.answers import Fixed, Row, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Point, Run, axis, cuts, cuts_of
from gapless.analysis.unit import Unit
from gapless.model import Column, Scalar, Show, copied

Part: TypeAlias = tuple[int, ...]
"""Atoms of some axes, as sets."""

MOST = 5_000
"""A grid of more cells nobody reads."""


@dataclass(frozen=True, slots=True)
class Told:
    """One output: its one answer, or the inputs on which it depends, as few as tell it, and `how`.

    Two that depend on the same in different ways are not the same.
    """

    answer: Given | None
    depends: tuple[Column, ...] = ()
    how: frozenset[tuple[Part, Given]] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """`outputs` is None where the cases cannot happen; `rows` are those that the one answers rest on.

    `is_draft` says that some answer is still to be decided.
    """

    outputs: tuple[Told, ...] | None
    rows: tuple[Row, ...] = ()
    is_draft: bool = False


Said = TypeVar("Said")


class Block(NamedTuple):
    """`rows` are (atoms of the last column at the side, a cell for each head)."""

    heading: Part
    heads: tuple[Part, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`axes` are those of the columns at the side and then across the top, cut where something is fixed as well."""

    axes: tuple[Axis, ...]
    blocks: tuple[Block, ...]
    is_whole: bool
    """Whether all of its cases can happen."""


def shown(unit: Unit, show: Show) -> Shown | str:
    """The grid; or why it cannot be worked out."""
    found = tabulation(unit, is_traced=True)
    if found is None:
        return "the table by its inputs alone would become too large"
    if any(place >= found.inputs for place in found.asked | found.passed):
        return "the table works its answers out, so they are no values to be listed"
    layout = _Layout(unit, show, found)
    many = reduce(lambda n, axis: n * len(axis), layout.atoms, 1)
    if many > MOST:
        return f"it would have {many:,} cells, and nobody reads more than {MOST:,}"
    try:
        grid = layout.shown()
    except OverBudget:
        return "telling on what its answers depend would take too long"
    return grid if grid.blocks else "none of its cases can happen"


class _Layout:
    """One grid being worked out; `atoms` are those of each column that stand somewhere in it."""

    def __init__(self, unit: Unit, show: Show, found: Tabulation) -> None:
        self.found = found
        self.outputs = unit.table.outputs
        self.inputs = unit.table.inputs
        self.places = {column.name: place for place, column in enumerate(self.inputs)}
        self.show = show
        tests: dict[str, list[int]] = {}
        self.fine: dict[str, Axis] = {}
        for column, place in zip(self.inputs, range(found.inputs), strict=True):
            own = found.axes[place]
            fixed = [each.condition.test for each in show.fixed if each.column == column.name]
            cut = reduce(or_, (cuts(column, test) for test in fixed), cuts_of(own))
            fine = axis(column, cut) if fixed else own
            self.fine[column.name] = fine
            mask = reduce(and_, map(fine.mask, fixed), fine.whole)
            tests[column.name] = [1 << each for each in bits(mask)]
        self.allowed = {name: reduce(or_, masks, 0) for name, masks in tests.items()}
        self.named = (*show.rows, *show.across)
        self.atoms = [tests[name] for name in self.named]
        self.is_whole = True
        self.work = Work.aside(len(found.claims) + MOST)

    def shown(self) -> Shown:
        axes = tuple(self.fine[name] for name in self.named)
        sides = len(self.show.rows)
        atoms, across = self.atoms[:sides], self.atoms[sides:]
        cells = {part: self._cell(part) for part in product(*self.atoms)}
        blocks = []
        for heading in product(*atoms[:-1]):
            columns = {
                head: tuple(cells[*heading, row, *head] for row in atoms[-1])
                for head in product(*across)
            }
            heads = [*_alike(axes[sides:], across, columns)]
            heads = [each for each in heads if any(map(_happens, each[1]))]
            rows: dict[Part, tuple[Cell, ...]] = {
                (row,): tuple(column[place] for _, column in heads)
                for place, row in enumerate(atoms[-1])
            }
            lines = [
                (part[0], line)
                for part, line in _alike(axes[sides - 1 : sides], atoms[-1:], rows)
                if any(map(_happens, line))
            ]
            blocks.append((heading, (tuple(part for part, _ in heads), tuple(lines))))
        told = _alike(axes[: sides - 1], atoms[:-1], dict(blocks))
        kept = (Block(heading, *block) for heading, block in told if block[1])
        return Shown(axes, tuple(kept), self.is_whole)

    # ------------------------------------------------------------ one cell

    def _cell(self, part: Part) -> Cell:
        """What the table answers in the cases of the cell."""
        held = {**self.allowed, **dict(zip(self.named, part, strict=True))}
        box = tuple(self._coarse(column.name, held[column.name]) for column in self.inputs)
        reached = [each for each in self._endings(box) if each[1] >= 0]
        parts = [each for each in reached if self._may_answer(each[1])]
        self.is_whole &= len(parts) == len(reached)
        endings = [self.found.endings[number] for _, number in parts]
        if not parts:
            return Cell(None)
        if any(each.is_draft for each in endings):
            return Cell(None, is_draft=True)
        told: list[Told] = []
        rows: list[Row] = []
        for place in range(len(self.outputs)):
            given = [self._given(each.answers, place, held) for each in endings]
            if len(set(given)) == 1:
                told.append(Told(given[0]))
                rows += [row for each in endings if each.rows for row in each.rows[place]]
            else:
                of = [(each, answer) for (each, _), answer in zip(parts, given, strict=True)]
                places = self._depends(of, box)
                how = ((tuple(each[place] for place in places), answer) for each, answer in of)
                columns = tuple(self.inputs[place] for place in places)
                told.append(Told(None, columns, frozenset(how)))
        return Cell(tuple(told), tuple(dict.fromkeys(rows)))

    def _may_answer(self, number: int) -> bool:
        ending = self.found.endings[number]
        return ending.answers is not None or ending.is_draft

    def _coarse(self, name: str, mask: int) -> int:
        """The atoms of the table's own axis in which the values of `mask` lie."""
        own = self.found.axes[self.places[name]]
        if own is self.fine[name]:
            return mask
        image = own.image(self.fine[name])
        return reduce(or_, (1 << place for n in bits(mask) if (place := image[n]) is not None), 0)

    def _endings(self, box: Box) -> Iterator[tuple[Box, int]]:
        """Disjoint boxes, together this one, and what each leads to."""
        waiting: list[tuple[Node, Box]] = [(self.found.decision.root, box)]
        while waiting:
            self.work.spend(1)
            node, held = waiting.pop()
            if isinstance(node, Leaf):
                yield held, node.rule
                continue
            place = node.axis
            for mask, child in reversed(node.ways):
                if shared := held[place] & mask:
                    waiting.append((child, (*held[:place], shared, *held[place + 1 :])))

    def _given(
        self, answers: tuple[Given, ...] | None, place: int, held: Mapping[str, int]
    ) -> Given:
        """An answer; a value that is passed on as that value, where the cell has but one of it."""
        assert answers is not None
        given, type = answers[place], self.outputs[place].type

        def one(part: Fixed | Same) -> Fixed | Same:
            if isinstance(part, Fixed):
                return part
            name = self.inputs[part.input].name
            values = [*_values(self.fine[name], held[name])]
            return Fixed(copied(values[0], type)) if len(values) == 1 else part

        if not isinstance(given, Several):
            return one(given)
        items = tuple(map(one, given.items))
        if not all(isinstance(each, Fixed) for each in items):
            return Several(items, given.as_set)
        values = tuple(each.value for each in items if isinstance(each, Fixed))
        return Fixed(frozenset(values) if given.as_set else values)  # type: ignore[arg-type]

    def _depends(self, parts: Sequence[tuple[Box, Given]], box: Box) -> list[int]:
        """Inputs that tell the answer, of which none could be left out: those that the author named last go first."""
        self.work.spend(len(parts) ** 2)
        apart = [
            frozenset(place for place in range(len(box)) if not one[place] & other[place])
            for number, (one, given) in enumerate(parts)
            for other, instead in parts[:number]
            if given != instead
        ]
        kept = set().union(*apart)
        for place in sorted(kept, reverse=True):
            if all(each & (kept - {place}) for each in apart):
                kept.remove(place)
        passed = {
            item.input
            for _, given in parts
            for item in (given.items if isinstance(given, Several) else (given,))
            if isinstance(item, Same)
        }
        return sorted(kept | passed)


def _values(axis: Axis, mask: int) -> Iterator[Scalar | None]:
    """The values in `mask`, if it has but one; else two or more that are no values."""
    for number in bits(mask):
        atom = axis.atoms[number]
        ends = (atom.low, atom.high) if isinstance(atom, Run) else (None, None)
        single = isinstance(atom, Point) or None is not ends[0] == ends[1]
        if single or axis.sample(number) is None:
            yield axis.sample(number)  # type: ignore[misc]
        else:
            yield from (None, None)


def _happens(cell: Cell) -> bool:
    return cell.outputs is not None or cell.is_draft


# ---------------------------------------------------------------- lines that say the same


def _alike(
    axes: Sequence[Axis], atoms: Sequence[Sequence[int]], said: Mapping[Part, Said]
) -> Iterator[tuple[Part, Said]]:
    """Parts of which the same is said as one, in the order of their first values; of numbers and days, neighbors."""
    if not axes:
        yield from said.items()
        return
    groups: list[tuple[int, tuple[tuple[Part, Said], ...]]] = []
    for atom in atoms[0]:
        within = {part[1:]: each for part, each in said.items() if part[0] == atom}
        below = (*_alike(axes[1:], atoms[1:], within),)
        places: Iterable[int] = range(len(groups))
        if axes[0].kind is not None and atom != axes[0].atom_of(None):
            places = [len(groups) - 1] if groups else []
        place = next((each for each in places if groups[each][1] == below), None)
        if place is None:
            groups.append((atom, below))
        else:
            groups[place] = (groups[place][0] | atom, below)
    for mask, below in groups:
        yield from (((mask, *part), each) for part, each in below)
