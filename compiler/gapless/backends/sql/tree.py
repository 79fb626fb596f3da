"""A decision as a balanced tree of `CASE`, the order in which it asks least, and how it is laid out.

Ordered columns are asked by halving, members by lists; short expressions stand on one line.

A diagram asks its columns in one order for all; written out as a tree, it repeats what paths share.
So a large one is asked in an order that differs from branch to branch: every step halves a column where
the endings that are left divide best, and a table of many narrow rules becomes a tree of little more
than one leaf for each. Choosing greedily what divides best is Quinlan's way (1986); what is divided is
what is left of a diagram, so nothing is asked in vain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import log2
from typing import NamedTuple, TypeAlias

from gapless.analysis.decision.diagram import (
    Branch,
    Leaf,
    Node,
    UniqueTable,
    branches,
    fold,
    restricted,
)
from gapless.analysis.domain import ordinals
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE
from gapless.analysis.domain.partition import Axis, Other, Point, Run
from gapless.analysis.domain.prefixes import NONE, Texts
from gapless.analysis.domain.prefixes import said as texts_of
from gapless.analysis.domain.recursion import Unrolled, unroll
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import literal

FLAT = 4
"""Up to so many ways are asked one after the other: that is how people read them."""
SMALL = 64
"""A tree of so many questions stays in the order of the columns."""
STEPS = 4_000_000
"""So many times a node and an atom are looked at; then the order stays as it is."""
WIDTH = 96
DEEPEST = 16
"""From this column on nothing is indented further, so that deep trees stay small."""

_SIGNS = {BELOW: "<", LIKE: "=", ABOVE: ">"}
_OPERATORS = {"<=": "<=", "=>": ">=", "<>": "<>"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The first condition that holds decides; else `otherwise`. `arms` are all its conditions."""

    whens: tuple[tuple[str, Written], ...]
    otherwise: Written
    arms: int


Written: TypeAlias = Choice | str
"""An expression: a choice still to be laid out, or text."""

Reached: TypeAlias = int | tuple[int, ...]
"""The endings below a node, as bits: of each atom of a column, or, if it does not matter, of all."""


@dataclass(frozen=True, slots=True)
class Operand:
    """How a column is asked: its axis, what comparisons name, and when it is missing.

    `exact` is the value where it is an answer, in the type of its column.
    Of a column that says how two others stand, `against` is the other one, and `value` the first.
    What is calculated may be asked only of values that passed the door: others could run over.
    """

    axis: Axis
    value: str
    missing: str
    flavor: Flavor
    exact: str = ""
    against: str | None = None
    is_calculated: bool = False
    most: Decimal | int = 0
    """The largest number it may come to, below 0 as well."""


def tree(
    root: Node, axes: Sequence[Axis], operands: Mapping[int, Operand], leaf: Callable[[int], str]
) -> Written:
    """A diagram as an expression, `leaf` saying what stands at a leaf: of the shape that asks the least."""

    def written(node: Node) -> Written:
        return fold(node, leaf, lambda node, ways: choice(operands[node.axis], ways))

    as_it_is = written(root)
    if arms(as_it_is) <= SMALL:
        return as_it_is
    try:
        return min(as_it_is, written(_Search(axes).halved(root)), key=arms)
    except _TooLong:
        return as_it_is


def arms(written: Written) -> int:
    """How many conditions an expression has, in all its branches."""
    return 0 if isinstance(written, str) else written.arms


def choose(whens: Sequence[tuple[str, Written]], otherwise: Written) -> Written:
    """A choice, with that in its last branch drawn into it; none where there is nothing to ask."""
    if not whens:
        return otherwise
    count = len(whens) + sum(arms(then) for _, then in whens) + arms(otherwise)
    if isinstance(otherwise, str):
        return Choice(tuple(whens), otherwise, count)
    return Choice((*whens, *otherwise.whens), otherwise.otherwise, count)


def choice(operand: Operand, ways: Sequence[tuple[int, Written]]) -> Written:
    """What `ways`, (atoms, expression), come to: together they are every atom of the column.

    Whether it is missing is asked first, save where that leads where the last branch does: there
    every comparison with it ends.
    """
    atoms = operand.axis.atoms
    absent = 1 << len(atoms) - 1 if atoms[-1] is Other.MISSING else 0
    missing = next((then for mask, then in ways if mask & absent), None)
    there = [(mask & ~absent, then) for mask, then in ways if mask & ~absent]
    if not there:
        assert missing is not None
        return missing
    if isinstance(atoms[0], Run):
        # Stretches from the lowest up, each told by where the next one begins.
        runs = ((low, then) for mask, then in there for low, _ in ordinals.runs(mask))
        stretches = [
            (_edge(operand, low), then) for low, then in sorted(runs, key=lambda run: run[0])
        ]
        last, present = stretches[-1][1], halved(stretches, operand.value)
    else:
        # Members, yes and no, texts; what is in no list comes last: any other text, or the most.
        other = sum(1 << place for place, atom in enumerate(atoms) if atom is Other.TEXT)
        final = max(there, key=lambda way: (way[0] & other, way[1] is missing, way[0].bit_count()))
        last, asked = final[1], [way for way in there if way is not final]
        present = _listed(operand, asked, last) if asked else last
    if missing is None or missing is last:
        return present
    return choose([(operand.missing, missing)], present)


def halved(stretches: Sequence[tuple[str, Written]], value: str) -> Written:
    """(where it begins, expression) from the lowest up, asked by halves."""
    if len(stretches) <= FLAT:
        whens = [(f"{value} < {after}", then) for (_, then), (after, _) in pairwise(stretches)]
        return choose(whens, stretches[-1][1])
    middle = len(stretches) // 2
    below, above = halved(stretches[:middle], value), halved(stretches[middle:], value)
    return choose([(f"{value} < {stretches[middle][0]}", below)], above)


def _edge(operand: Operand, atom: int) -> str:
    run, type = operand.axis.atoms[atom], operand.axis.column.type
    kind = ordinals.ordered(type)
    assert isinstance(run, Run) and kind is not None
    low = run.low
    return "" if low is None else literal(ordinals.value_at(kind, low), type, operand.flavor)


def _listed(operand: Operand, ways: Sequence[tuple[int, Written]], otherwise: Written) -> Written:
    if len(ways) <= 2 * FLAT:
        asked, free = [], 0  # those before are not asked again
        for mask, then in ways:
            asked.append((_is_one(operand, mask, free), then))
            free |= mask
        return choose(asked, otherwise)
    middle = len(ways) // 2
    first = 0
    for mask, _ in ways[:middle]:
        first |= mask
    *front, last = ways[:middle]
    within = _listed(operand, front, last[1])
    return choose([(_is_one(operand, first), within)], _listed(operand, ways[middle:], otherwise))


def _is_one(operand: Operand, mask: int, free: int = 0) -> str:
    """`zone = 'home'`, `zone IN ('home', 'near')`, `is_new`, `NOT is_new`, `weight <= most`."""
    value, type = operand.value, operand.axis.column.type
    if operand.axis.tree is not None:
        return _begun(operand, texts_of(operand.axis.tree, mask, free))
    atoms = [operand.axis.atoms[number] for number in bits(mask)]
    values = [atom.value for atom in atoms if isinstance(atom, Point)]
    assert len(values) == len(atoms)
    if operand.against is not None:
        signs = "".join(_SIGNS[str(each)] for each in values)
        return f"{value} {_OPERATORS.get(signs, signs)} {operand.against}"
    if values in ([True], [False]) and operand.flavor is not Flavor.SQLITE:
        return value if values[0] else f"NOT {value}"
    said = [literal(each, type, operand.flavor) for each in values]
    return f"{value} = {said[0]}" if len(said) == 1 else f"{value} IN ({', '.join(said)})"


def _begun(operand: Operand, texts: Texts) -> str:
    """Texts by name, and by how they begin: its first letters are compared, by no pattern that folds case."""
    value, type, flavor = operand.value, operand.axis.column.type, operand.flavor
    names = [literal(each, type, flavor) for each in texts.named]
    asked = [f"{value} IN ({', '.join(names)})"] if len(names) > 1 else []
    asked += [f"{value} = {each}" for each in names[:1] if len(names) == 1]
    for prefix, but in texts.begun:
        begins = f"SUBSTR({operand.exact}, 1, {len(prefix)}) = {literal(prefix, type, flavor)}"
        if but != NONE:
            left = _begun(operand, but)
            begins = f"({begins} AND NOT {left if left.startswith('(') else f'({left})'})"
        asked.append(begins)
    return asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})"


# ---------------------------------------------------------------- the order that asks least


class _TooLong(Exception):
    """The search took its steps."""


class _Cut(NamedTuple):
    """A cut of one column: the atoms on its one side, and what both sides cost."""

    axis: int
    near: int
    cost: float


@dataclass(slots=True)
class _Search:
    """What is known of the nodes met so far; equal nodes are one."""

    axes: Sequence[Axis]
    steps: int = 0
    unique: UniqueTable = field(default_factory=UniqueTable)
    halves: dict[Node, Node] = field(default_factory=dict)

    def halved(self, root: Node) -> Node:
        """The diagram as a tree of halves, however many columns it has."""
        cut: dict[Branch, tuple[int, list[tuple[int, Node]]]] = {}
        waiting = [root]
        while waiting:
            node = waiting[-1]
            if isinstance(node, Leaf):
                self.halves[node] = node
            elif node not in self.halves:
                if node not in cut:
                    axis, near, _ = min(self.cuts(node), key=lambda cut: cut.cost)
                    sides = (near, self.axes[axis].whole & ~near)
                    parts = [(each, restricted(node, axis, each, self.unique)) for each in sides]
                    cut[node] = axis, parts
                axis, parts = cut[node]
                if unknown := [part for _, part in parts if part not in self.halves]:
                    waiting.append(unknown[0])
                    continue
                ways = tuple((side, self.halves[part]) for side, part in parts)
                self.halves[node] = Branch(axis, ways)
            waiting.pop()
        return self.halves[root]

    def cuts(self, root: Branch) -> Iterator[_Cut]:
        """Every cut that the branches below make, with what it leaves to be told apart."""
        below = branches(root)
        nears: dict[int, set[int]] = {}
        held: dict[int, int] = {}
        for branch in below:
            for mask, _ in branch.ways:
                held[branch.axis] = held.get(branch.axis, 0) | mask
                nears.setdefault(branch.axis, set()).update(self.nears(branch.axis, mask))
        for axis in sorted(nears):
            self.steps += len(below) * len(self.axes[axis].atoms)
            if self.steps > STEPS:
                raise _TooLong
            reached = _reached(root, axis, len(self.axes[axis].atoms))
            for near in sorted(nears[axis]):
                sides = held[axis] & near, held[axis] & ~near
                if all(sides):
                    yield _Cut(axis, near, sum(_cost(reached, side) for side in sides))

    def nears(self, axis: int, mask: int) -> Iterator[int]:
        """The cells that a way ends at: of an ordered column all that is below, else the way itself."""
        if not isinstance(self.axes[axis].atoms[0], Run):
            yield mask
            return
        yield from ((1 << place) - 1 for place in bits(mask ^ mask << 1) if place)


def _reached(root: Branch, axis: int, atoms: int) -> Sequence[int]:
    """For each atom of a column that is asked, the endings that are left, as bits."""

    def joined(node: Branch, ways: Sequence[tuple[int, Reached]]) -> Reached:
        common, several = 0, []
        for mask, part in ways:
            if not isinstance(part, int):
                several.append(part)
            elif node.axis != axis:
                common |= part
            else:
                found = [0] * atoms
                for atom in bits(mask):
                    found[atom] = part
                several.append(tuple(found))
        if not several:
            return common
        found = [common] * atoms
        for each in several:
            found = [one | other for one, other in zip(found, each, strict=True)]
        return tuple(found)

    # NEVER is -2.
    found = fold(root, lambda rule: 1 << rule + 2, joined)
    assert isinstance(found, tuple), "the column is asked"
    return found


def _cost(reached: Sequence[int], mask: int) -> float:
    """The questions that some atoms leave, if the endings left could be halved each time."""
    ended = 0
    for place in bits(mask):
        ended |= reached[place]
    count = ended.bit_count()
    return count * log2(count + 1)


# ---------------------------------------------------------------- layout


def lay(written: Written, column: int = 0) -> str:
    """The text of an expression that begins in a column."""
    return unroll(_laid(written, column))


def _laid(written: Written, column: int) -> Unrolled[str]:
    if isinstance(written, str):
        return written
    short = _in_one_line(written)
    if short is not None and len(short) <= WIDTH - column:
        return short
    inside = min(column + 2, DEEPEST)
    margin = " " * inside
    lines = ["CASE"]
    for condition, then in written.whens:
        asked = _indented(condition, f"{margin}  ")
        lines.append(f"{margin}WHEN {asked} THEN{(yield _after(then, inside))}")
    lines.append(f"{margin}ELSE{(yield _after(written.otherwise, inside))}")
    lines.append(f"{' ' * column}END")
    return "\n".join(lines)


def _in_one_line(choice: Choice) -> str | None:
    """`CASE WHEN … END`, if it has few conditions and holds no other choice."""
    if len(choice.whens) > 3 or choice.arms > len(choice.whens):
        return None
    if any("\n" in condition for condition, _ in choice.whens):
        return None
    whens = " ".join(f"WHEN {condition} THEN {then}" for condition, then in choice.whens)
    return f"CASE {whens} ELSE {choice.otherwise} END"


def _indented(condition: str, margin: str) -> str:
    """Further lines of a condition set in; a line break within quotes is part of what is quoted."""
    return re.sub(
        r"""'[^']*'|"[^"]*"|`[^`]*`|\n""",
        lambda found: f"\n{margin}" if found[0] == "\n" else found[0],
        condition,
    )


def _after(written: Written, column: int) -> Unrolled[str]:
    """What follows THEN or ELSE: on the same line, or a choice on lines of its own."""
    if isinstance(written, str):
        return f" {written}"
    inside = min(column + 2, DEEPEST)
    return f"\n{' ' * inside}{(yield _laid(written, inside))}"
