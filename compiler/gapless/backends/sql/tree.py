"""A decision as a balanced tree of `CASE`: ordered columns by halving, members by lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from gapless.analysis.decision.diagram import Leaf, Node
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE
from gapless.analysis.domain.partition import Axis, Other, Point, Run, bits
from gapless.analysis.domain.recursion import Unrolled, unroll
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.layout import Written, choose
from gapless.backends.sql.literals import literal

FLAT = 4
"""Up to so many ways are asked one after the other: that is how people read them."""


_SIGNS = {BELOW: "<", LIKE: "=", ABOVE: ">"}
_OPERATORS = {"<=": "<=", "=>": ">=", "<>": "<>"}


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


@dataclass(frozen=True)
class Tree:
    """Writes the nodes of one diagram; `leaf` says what stands at a leaf."""

    operands: Mapping[int, Operand]
    leaf: Callable[[int], str]
    known: dict[int, Written] = field(default_factory=dict)

    def written(self, node: Node) -> Written:
        """The expression of a node."""
        return unroll(self._written(node))

    def _written(self, node: Node) -> Unrolled[Written]:
        if isinstance(node, Leaf):
            return self.leaf(node.rule)
        if id(node) not in self.known:
            ways = []
            for mask, child in node.ways:
                ways.append((mask, (yield self._written(child))))
            self.known[id(node)] = choice(self.operands[node.axis], ways)
        return self.known[id(node)]


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
        last, present = _ordered(operand, there)
    else:
        last, present = _members(operand, there, missing)
    if missing is None or missing is last:
        return present
    return choose(((operand.missing, missing),), present)


def _ordered(operand: Operand, ways: Sequence[tuple[int, Written]]) -> tuple[Written, Written]:
    """Stretches, from the lowest, each told by where the next one begins; the last, and all."""
    runs = ((low, then) for mask, then in ways for low, _ in ranks.runs(mask))
    stretches = sorted(runs, key=lambda run: run[0])
    edges = [(_edge(operand, low), then) for low, then in stretches]
    return stretches[-1][1], halved(edges, operand.value)


def halved(stretches: Sequence[tuple[str, Written]], value: str) -> Written:
    """(where it begins, expression) from the lowest up, asked by halves."""
    if len(stretches) <= FLAT:
        whens = tuple((f"{value} < {after}", then) for (_, then), (after, _) in pairwise(stretches))
        return choose(whens, stretches[-1][1])
    middle = len(stretches) // 2
    below, above = halved(stretches[:middle], value), halved(stretches[middle:], value)
    return choose(((f"{value} < {stretches[middle][0]}", below),), above)


def _edge(operand: Operand, atom: int) -> str:
    run = operand.axis.atoms[atom]
    kind = ranks.ordered(operand.axis.column.type)
    assert isinstance(run, Run) and kind is not None
    if run.low is None:
        return ""
    return literal(ranks.value_at(kind, run.low), operand.axis.column.type, operand.flavor)


def _members(
    operand: Operand, ways: Sequence[tuple[int, Written]], missing: Written | None
) -> tuple[Written, Written]:
    """Members, yes and no, texts; what is in no list comes last: any other text, or the most."""
    atoms = operand.axis.atoms
    other = sum(1 << place for place, atom in enumerate(atoms) if atom is Other.TEXT)
    last = max(ways, key=lambda way: (bool(way[0] & other), way[1] is missing, way[0].bit_count()))
    asked = [way for way in ways if way is not last]
    return last[1], _listed(operand, asked, last[1]) if asked else last[1]


def _listed(operand: Operand, ways: Sequence[tuple[int, Written]], otherwise: Written) -> Written:
    if len(ways) <= 2 * FLAT:
        whens = tuple((_is_one(operand, mask), then) for mask, then in ways)
        return choose(whens, otherwise)
    middle = len(ways) // 2
    first = 0
    for mask, _ in ways[:middle]:
        first |= mask
    *front, last = ways[:middle]
    within = _listed(operand, front, last[1])
    return choose(((_is_one(operand, first), within),), _listed(operand, ways[middle:], otherwise))


def _is_one(operand: Operand, mask: int) -> str:
    """`zone = 'home'`, `zone IN ('home', 'near')`, `is_new`, `NOT is_new`, `weight <= most`."""
    type = operand.axis.column.type
    values = []
    for number in bits(mask):
        atom = operand.axis.atoms[number]
        assert isinstance(atom, Point)
        values.append(atom.value)
    if operand.against is not None:
        signs = "".join(_SIGNS[str(value)] for value in values)
        return f"{operand.value} {_OPERATORS.get(signs, signs)} {operand.against}"
    if values in ([True], [False]):
        if operand.flavor is Flavor.SQLITE:
            return f"{operand.value} = {int(bool(values[0]))}"
        return operand.value if values[0] else f"NOT {operand.value}"
    said = [literal(value, type, operand.flavor) for value in values]
    if len(said) == 1:
        return f"{operand.value} = {said[0]}"
    return f"{operand.value} IN ({', '.join(said)})"
