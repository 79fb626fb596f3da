"""The columns of a decision as SQL asks them: inputs by name, derived ones by what they follow from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gapless.backends.sql.door import column
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import Unheld, literal, text
from gapless.backends.sql.names import quoted
from gapless.backends.sql.tree import Operand
from gapless.derived import Definition, Ordering
from gapless.model import ColumnValue, Constant, DecimalType, IntType, Table
from gapless.tabulating import Tabulation
from gapless.unit import Unit


def operands(
    unit: Unit, tabulation: Tabulation, needed: Iterable[int], flavor: Flavor
) -> dict[int, Operand]:
    """How each of the axes `needed` is asked, by its place. Raises Unheld."""
    found = {}
    for place in sorted(needed):
        axis = tabulation.axes[place]
        if place < tabulation.inputs:
            name = quoted(axis.column.name)
            found[place] = Operand(axis, column(axis.column, flavor), f"{name} IS NULL", flavor)
        else:
            derived = unit.lowered.derived[place - tabulation.inputs]
            left, right = _ends(derived.definition, unit.table, flavor)
            missing = f"{left} IS NULL OR {right} IS NULL"
            found[place] = Operand(axis, left, missing, flavor, right)
    return found


def _ends(definition: Definition, table: Table, flavor: Flavor) -> tuple[str, str]:
    """The two sides of a comparison. Raises Unheld."""
    if not isinstance(definition, Ordering):
        raise Unheld("it calculates")
    left, right = (
        _end(end, table, definition.members, flavor) for end in (definition.left, definition.right)
    )
    return left, right


def _end(end: Constant | ColumnValue, table: Table, members: Sequence[str], flavor: Flavor) -> str:
    """A column or a constant; of an ordered list, its place in the list."""
    if isinstance(end, Constant):
        if members:
            return str(members.index(str(end.value)))
        type = DecimalType(0) if isinstance(end.value, Decimal) else IntType()
        return literal(end.value, type, flavor)
    found = next((each for each in table.inputs if each.name == end.column), None)
    if found is None:
        raise Unheld(f"it compares {end.column}, which is looked up or calculated")
    if not members:
        return column(found, flavor)
    whens = (f"WHEN {text(member)} THEN {place}" for place, member in enumerate(members))
    return f"CASE {column(found, flavor)} {' '.join(whens)} END"
