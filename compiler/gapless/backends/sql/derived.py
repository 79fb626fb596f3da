"""The columns of a decision as SQL asks them: inputs by name, derived ones by what they follow from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from gapless.analysis.by_inputs import Tabulation
from gapless.analysis.domain.derived import Definition, Ordering, named_in
from gapless.analysis.unit import Unit
from gapless.backends.sql.arithmetic import largest, worked_out
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.literals import Unheld, largest_in, literal, text
from gapless.backends.sql.reading import reading
from gapless.backends.sql.tree import Operand
from gapless.model import (
    Column,
    ColumnValue,
    Constant,
    DecimalType,
    Expression,
    IntType,
    Operation,
)

Columns: TypeAlias = Mapping[str, Column]


def operands(
    unit: Unit, tabulation: Tabulation, needed: Iterable[int], flavor: Flavor
) -> dict[int, Operand]:
    """How each of the axes `needed` is asked, by its place. Raises Unheld."""
    inputs = {each.name: each for each in unit.table.inputs}
    computed = {each.column.name: each.definition for each in unit.lowered.derived}
    found = {}
    for place in sorted(needed):
        axis = tabulation.axes[place]
        if place < tabulation.inputs:
            read = reading(axis.column, flavor)
            most = largest_in(axis.column.type)
            found[place] = Operand(axis, read.value, read.missing, flavor, read.exact, most=most)
            continue
        definition = computed[axis.column.name]
        if isinstance(definition, Ordering):
            left, right = _ends(definition, inputs, computed, flavor)
            missing = f"{left} IS NULL OR {right} IS NULL"
            calculated = not inputs.keys() >= {*named_in(definition)}
            found[place] = Operand(
                axis, left, missing, flavor, against=right, is_calculated=calculated
            )
        else:
            expression = _over_inputs(definition, inputs, computed)
            value = worked_out(expression, inputs, flavor)
            found[place] = Operand(
                *(axis, value, f"{value} IS NULL", flavor, value),
                is_calculated=True,
                most=largest(expression, inputs),
            )
    return found


def _over_inputs(
    expression: Expression, inputs: Columns, computed: Mapping[str, Definition]
) -> Expression:
    """A calculation with all that it names worked out from inputs. Raises Unheld."""
    match expression:
        case ColumnValue(name) if name not in inputs:
            definition = computed.get(name)
            if definition is None or isinstance(definition, Ordering):
                raise Unheld(f"it calculates with {name}, which comes from another table")
            return _over_inputs(definition, inputs, computed)
        case Operation(operator, parts):
            return Operation(
                operator, tuple(_over_inputs(each, inputs, computed) for each in parts)
            )
    return expression


def _ends(
    ordering: Ordering, inputs: Columns, computed: Mapping[str, Definition], flavor: Flavor
) -> tuple[str, str]:
    """The two sides of a comparison. Raises Unheld."""
    left, right = (
        _end(end, ordering.members, inputs, computed, flavor)
        for end in (ordering.left, ordering.right)
    )
    return left, right


def _end(
    end: Constant | ColumnValue,
    members: Sequence[str],
    inputs: Columns,
    computed: Mapping[str, Definition],
    flavor: Flavor,
) -> str:
    """A column or a constant; of an ordered list, its place in the list."""
    if isinstance(end, Constant):
        if members:
            return str(members.index(str(end.value)))
        type = DecimalType(0) if isinstance(end.value, Decimal) else IntType()
        return literal(end.value, type, flavor)
    if end.column not in inputs:
        return worked_out(_over_inputs(end, inputs, computed), inputs, flavor)
    named = reading(inputs[end.column], flavor).value
    if not members:
        return named
    whens = (f"WHEN {text(member)} THEN {place}" for place, member in enumerate(members))
    return f"CASE {named} {' '.join(whens)} END"
