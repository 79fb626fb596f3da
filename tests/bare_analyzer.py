"""What an analyzer prints that has proved all and explained nothing: leaves of the search, and pairs."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Point, Run
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.domain.subsets import Kind
from gapless.analysis.unit import Unit


def listing(unit: Unit) -> str:
    """Every leaf that the search left open, every pair of rows that share a case, by number."""
    leaves = [_leaf(unit, part) for part in unit.claims.gap.parts]
    pairs = [*_pairs(unit)]
    lines = [
        f"{unit.table.name}: INCOMPLETE, {len(leaves)} missing",
        *(f"  {leaf}" for leaf in leaves),
        f"{unit.table.name}: OVERLAPPING, {len(pairs)} pair(s)",
        *(f"  ({one}, {other})" for one, other in pairs),
    ]
    return "\n".join(lines) + "\n"


def _leaf(unit: Unit, part: Box) -> str:
    cells = (
        f"{axis.column.name} in {_cell(axis, mask)}"
        for axis, mask in zip(unit.axes, part, strict=True)
    )
    return ", ".join(cells)


def _cell(axis: Axis, mask: int) -> str:
    """The atoms one by one, ordered values as the numbers that the search knows them by."""
    return " ".join(_atom(axis, number) for number in bits(mask))


def _atom(axis: Axis, number: int) -> str:
    match axis.atoms[number]:
        case Run(low, high):
            return f"[{low}..{high}]"
        case Point(value):
            return str(value)
        case Begun(prefix):
            return f"{prefix}*"
        case Kind(value):
            return "+".join(sorted(map(str, value))) or "none"
        case other:
            return other.name


def _pairs(unit: Unit) -> Iterator[tuple[int, int]]:
    claims = unit.claims.claims
    for number, met in enumerate(unit.claims.partners):
        yield from ((claims[number].rule, claims[n].rule) for n in bits(met) if n > number)
