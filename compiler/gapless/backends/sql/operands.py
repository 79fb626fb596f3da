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
    is_bigint,
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
)
from gapless.model.intervals import reach_of, reach_of_type

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
    """A calculation over DECIMAL, and how many figures it has before its point and after, at most.

    `whole` is the same over BIGINT, where all of it is whole numbers of 64 bits whatever the inputs are.
    """

    sql: str
    before: int
    after: int
    whole: str | None


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
        number = self._number(self._over_inputs(expression))
        most = Decimal(10) ** number.before
        if number.whole is not None:
            return number.whole, min(most, Decimal(BIGINT - 1))
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

    def _number(self, expression: Expression) -> Number:
        """Every column and constant in a type of its own figures."""
        match expression:
            case Constant(int() | Decimal() as value) if not isinstance(value, bool):
                exact, whole = Decimal(value), str(value) if isinstance(value, int) else None
                made = _as_decimal(f"{exact:f}", figures(exact), places(exact), whole)
            case ColumnValue(name):
                made = self._column(self.inputs[name])
            case Operation(operator, (one, other)) if operator in SIGNS:
                made = _operated(operator, self._number(one), self._number(other))
            case Constant() | Operation() | Rounded() | Shifted() | Elapsed():
                raise Unheld("it calculates more than sums and products, which is not said in SQL")
            case _:
                assert_never(expression)
        reach = reach_of(expression, lambda name: reach_of_type(self.inputs[name].type))
        if reach.low is None or reach.high is None:
            return made._replace(whole=None)
        if not -BIGINT <= reach.low <= reach.high < BIGINT:
            return made._replace(whole=None)
        return made

    def _column(self, column: Column) -> Number:
        type = column.type.present
        if not isinstance(type, IntType | DecimalType):
            raise Unheld("it calculates with days, texts or members, which is not said in SQL")
        digits = type.digits if isinstance(type, DecimalType) else 0
        ends = [Decimal(end) for end in (type.low, type.high) if end is not None]
        is_open = len(ends) < 2
        least = (INTEGER_FIGURES if digits else BIGINT_FIGURES) if is_open else 1
        whole = reading(column, self.flavor).exact if is_bigint(type) else None
        return _as_decimal(quoted(column.name), max([least, *map(figures, ends)]), digits, whole)


def _operated(operator: Operator, one: Number, other: Number) -> Number:
    """The figures are those that the strictest database counts with."""
    sign = SIGNS[operator]
    sql, whole = f"({one.sql} {sign} {other.sql})", None
    if one.whole is not None and other.whole is not None:
        whole = f"({one.whole} {sign} {other.whole})"
    if operator is Operator.MULTIPLY:
        made = Number(sql, one.before + other.before + 1, one.after + other.after, whole)
    else:
        before, after = max(one.before, other.before) + 1, max(one.after, other.after)
        made = Number(sql, before, after, whole)
    if made.before + made.after > LONG:
        raise Unheld(f"a calculation may have more than the {LONG} figures that a DECIMAL holds")
    return made


def _as_decimal(sql: str, before: int, after: int, whole: str | None) -> Number:
    return Number(f"CAST({sql} AS DECIMAL({before + after}, {after}))", before, after, whole)
