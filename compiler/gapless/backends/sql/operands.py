"""The columns of a decision as SQL asks them: inputs by name, derived ones by what they follow from.

Sums and products are said where types prove that no database rounds them or runs over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, assert_never

from gapless.analysis.by_inputs import Tabulation
from gapless.analysis.domain.derived import Definition, Ordering, named_in
from gapless.analysis.unit import Unit
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import (
    BIGINT,
    INTEGER_FIGURES,
    LONG,
    Unheld,
    figures,
    inner,
    largest_in,
    literal,
    places,
    quoted,
    text,
)
from gapless.backends.sql.reading import reading
from gapless.backends.sql.tree import Operand
from gapless.model import (
    Column,
    ColumnValue,
    Constant,
    DecimalType,
    Elapsed,
    Expression,
    IntType,
    Operation,
    Operator,
    Rounded,
    Shifted,
    parts_of,
)
from gapless.model.intervals import Reach, reach_of, reach_of_type

BIGINT_FIGURES = 19
SIGNS = {Operator.ADD: "+", Operator.SUBTRACT: "-", Operator.MULTIPLY: "*"}


def operands(
    unit: Unit, tabulation: Tabulation, needed: Iterable[int], flavor: Flavor
) -> dict[int, Operand]:
    """How each of the axes `needed` is asked, by its place. Raises Unheld."""
    inputs = {each.name: each for each in unit.table.inputs}
    derived = {each.column.name: each.definition for each in unit.lowered.derived}
    columns = _Columns(inputs, derived, flavor)
    found = {}
    for place in sorted(needed):
        axis = tabulation.axes[place]
        name, type = axis.column.name, axis.column.type
        if place < tabulation.inputs:
            read = reading(axis.column, flavor)
            found[place] = Operand(
                *(axis, read.value, read.missing, flavor, read.exact), most=largest_in(type)
            )
        elif isinstance(definition := derived[name], Ordering):
            left, right = (
                columns.end(each, definition) for each in (definition.left, definition.right)
            )
            calculates = not inputs.keys() >= {*named_in(definition)}
            missing = f"{left} IS NULL OR {right} IS NULL"
            found[place] = Operand(
                *(axis, left, missing, flavor), against=right, is_calculated=calculates
            )
        else:
            value, most = columns.worked_out(definition)
            found[place] = Operand(
                *(axis, value, f"{value} IS NULL", flavor, value), is_calculated=True, most=most
            )
    return found


class Number(NamedTuple):
    """An expression, and how many figures it has before its point and after, at most."""

    sql: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """The inputs by name, and what the derived columns follow from."""

    inputs: Mapping[str, Column]
    derived: Mapping[str, Definition]
    flavor: Flavor

    def end(self, end: Constant | ColumnValue, ordering: Ordering) -> str:
        """One side of a comparison; of an ordered list, its place in the list. Raises Unheld."""
        members = ordering.members
        if isinstance(end, Constant):
            if members:
                return str(members.index(str(end.value)))
            type = DecimalType(0) if isinstance(end.value, Decimal) else IntType()
            return literal(end.value, type, self.flavor)
        if end.column not in self.inputs:
            return self.worked_out(end)[0]
        named = reading(self.inputs[end.column], self.flavor).value
        if not members:
            return named
        whens = (f"WHEN {text(member)} THEN {place}" for place, member in enumerate(members))
        return f"CASE {named} {' '.join(whens)} END"

    def worked_out(self, expression: Expression) -> tuple[str, Decimal]:
        """A calculation, missing where an input is; and what it comes to at most, below 0 as well.

        Raises Unheld for whatever else than a sum, a difference or a product of numbers.
        """
        over = self._over_inputs(expression)
        number = self._number(over)
        most = Decimal(10) ** number.before
        if self._is_whole(over):
            return self._whole(over), min(most, Decimal(BIGINT - 1))
        if self.flavor is Flavor.SQLITE:
            raise Unheld("SQLite has no exact decimal numbers")
        return number.sql, most

    def _over_inputs(self, expression: Expression) -> Expression:
        """A calculation with all that it names worked out from inputs. Raises Unheld."""
        match expression:
            case ColumnValue(name) if name not in self.inputs:
                definition = self.derived.get(name)
                if definition is None or isinstance(definition, Ordering):
                    raise Unheld(f"it calculates with {name}, which is looked up")
                return self._over_inputs(definition)
            case Operation(operator, parts):
                return Operation(operator, tuple(map(self._over_inputs, parts)))
        return expression

    def _is_whole(self, expression: Expression) -> bool:
        """Whether all of it is whole numbers of 64 bits, whatever the inputs are."""

        def known(name: str) -> Reach:
            return reach_of_type(self.inputs[name].type)

        for part in parts_of(expression):
            if isinstance(part, Constant) and not isinstance(part.value, int):
                return False
            if isinstance(part, ColumnValue) and not isinstance(
                inner(self.inputs[part.column].type), IntType
            ):
                return False
            reach = reach_of(part, known)
            if reach.low is None or reach.high is None:
                return False
            if not -BIGINT <= reach.low <= reach.high < BIGINT:
                return False
        return True

    def _whole(self, expression: Expression) -> str:
        """The same over BIGINT, as it is; only for what `_number` takes."""
        match expression:
            case Constant(value):
                return str(value)
            case ColumnValue(name):
                return reading(self.inputs[name], self.flavor).exact
            case Operation(operator, (one, other)):
                return f"({self._whole(one)} {SIGNS[operator]} {self._whole(other)})"
        raise AssertionError("taken for a number before")

    def _number(self, expression: Expression) -> Number:
        """The same over DECIMAL, every column and constant in a type of its own figures."""
        match expression:
            case Constant(int() | Decimal() as value) if not isinstance(value, bool):
                exact = Decimal(value)
                return _as_decimal(f"{exact:f}", figures(exact), places(exact))
            case ColumnValue(name):
                return self._column(name)
            case Operation(operator, (one, other)) if operator in SIGNS:
                return _operated(operator, self._number(one), self._number(other))
            case Constant() | Operation() | Rounded() | Shifted() | Elapsed():
                raise Unheld("it calculates more than sums and products, which is not said in SQL")
        assert_never(expression)

    def _column(self, name: str) -> Number:
        type = inner(self.inputs[name].type)
        if not isinstance(type, IntType | DecimalType):
            raise Unheld("it calculates with days, texts or members, which is not said in SQL")
        digits = type.digits if isinstance(type, DecimalType) else 0
        ends = [Decimal(end) for end in (type.low, type.high) if end is not None]
        is_open = len(ends) < 2
        least = (INTEGER_FIGURES if digits else BIGINT_FIGURES) if is_open else 1
        return _as_decimal(quoted(name), max([least, *map(figures, ends)]), digits)


def _operated(operator: Operator, one: Number, other: Number) -> Number:
    """The figures are those that the strictest database counts with."""
    sql = f"({one.sql} {SIGNS[operator]} {other.sql})"
    if operator is Operator.MULTIPLY:
        made = Number(sql, one.before + other.before + 1, one.after + other.after)
    else:
        made = Number(sql, max(one.before, other.before) + 1, max(one.after, other.after))
    if made.before + made.after > LONG:
        raise Unheld(f"a calculation may have more than the {LONG} figures that a DECIMAL holds")
    return made


def _as_decimal(sql: str, before: int, after: int) -> Number:
    return Number(f"CAST({sql} AS DECIMAL({before + after}, {after}))", before, after)
