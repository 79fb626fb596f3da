"""A table read for SQL: how its columns are asked, its decision, and what its endings are called and answer.

Inputs are asked by name, derived columns by what they follow from. Sums and products are said where types
prove that no database rounds them or runs over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, assert_never

from gapless.analysis.by_inputs import Ending, Given, Tabulation, tabulation
from gapless.analysis.decision.diagram import Node
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.derived import Definition, Ordering, named_in
from gapless.analysis.domain.partition import Axis
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import (
    BIGINT,
    INTEGER_FIGURES,
    LONG,
    Taken,
    Unheld,
    figures,
    is_bigint,
    item,
    largest_in,
    literal,
    places,
    quoted,
    roomy,
    sql_type,
    text,
)
from gapless.backends.sql.reading import door, reading
from gapless.backends.sql.tree import Operand, Written, tree
from gapless.backends.traces import basis_told, rows_told
from gapless.model import (
    BoolType,
    Column,
    ColumnValue,
    Constant,
    DecimalType,
    Elapsed,
    EnumerationType,
    Expression,
    IntType,
    ListType,
    Operation,
    Operator,
    Rounded,
    SetType,
    Shifted,
    Type,
)
from gapless.model.intervals import reach_of, reach_of_type

BIGINT_FIGURES = 19
SIGNS = {Operator.ADD: "+", Operator.SUBTRACT: "-", Operator.MULTIPLY: "*"}
ENDING, RULE, BASIS, REJECTED = "ending", "rule", "basis", "rejected"
NO_CASE = "cannot happen"
"""The reason where no case is: nothing leads there, but an expression says what it does not know."""


@dataclass(frozen=True)
class Decided:
    """A table read for SQL: its door, its decision, and what the endings come to."""

    unit: Unit
    tabulation: Tabulation
    flavor: Flavor
    operands: dict[int, Operand]

    @cached_property
    def names(self) -> tuple[str, str, str, str]:
        """The columns that are added beside the outputs, called as none of the table's: ending, rule,
        basis, reason."""
        table = self.unit.table
        free = Taken(each.name for each in (*table.inputs, *table.outputs))
        return free.take(ENDING), free.take(RULE), free.take(BASIS), free.take(REJECTED)

    @cached_property
    def door(self) -> tuple[tuple[str, str], ...]:
        """(condition, reason) of what is refused before the table is asked."""
        return tuple(
            each for column in self.unit.table.inputs for each in door(column, self.flavor)
        )

    @cached_property
    def answering(self) -> tuple[tuple[int, Ending], ...]:
        return tuple(e for e in enumerate(self.tabulation.endings) if e[1].answers is not None)

    @cached_property
    def refusing(self) -> tuple[tuple[int, str], ...]:
        """The endings that do not answer, with their reasons."""
        endings = enumerate(self.tabulation.endings)
        return tuple((n, refusing.refused(self.unit, e)) for n, e in endings if e.answers is None)

    @cached_property
    def reasons(self) -> dict[str, int]:
        """The number of each reason, below 0."""
        said = [reason for _, reason in (*self.door, *self.refusing)]
        # Some leaf may stand for what no case is, in a decision that asks for derived columns.
        said += [NO_CASE] * (min(self.tabulation.leaves) < 0)
        return {reason: -1 - place for place, reason in enumerate(dict.fromkeys(said))}

    @cached_property
    def numbers(self) -> dict[int, int]:
        """What each ending is called in SQL, by its place in the tabulation."""
        found = {place: number for number, (place, _) in enumerate(self.answering)}
        return found | {place: self.reasons[reason] for place, reason in self.refusing}

    def called(self, leaf: int) -> int:
        """The number of what a leaf of the decision stands for."""
        return self.reasons[NO_CASE] if leaf < 0 else self.numbers[leaf]

    @cached_property
    def rules(self) -> list[str]:
        """The rows that the answer rests on, for each ending that answers, by its number."""
        return [text(rows_told(self.unit.table, each)) for _, each in self.answering]

    @cached_property
    def bases(self) -> list[str]:
        """How these rows rest on the sources, in the same order."""
        told = (basis_told(self.unit.table, each) for _, each in self.answering)
        return ["NULL" if basis is None else text(basis) for basis in told]

    def tree(self, root: Node, leaf: Callable[[int], str]) -> Written:
        return tree(root, self.tabulation.axes, self.operands, leaf)

    @cached_property
    def outputs(self) -> tuple[Column, ...]:
        """The outputs, each of a type that holds whatever it answers."""
        columns = enumerate(self.unit.table.outputs)
        return tuple(replace(each, type=roomy(each.type, self._most(n))) for n, each in columns)

    def _most(self, output: int) -> Decimal:
        """The largest number that one output answers, below 0 as well."""
        found = Decimal(0)
        for _, ending in self.answering:
            match (ending.answers or ())[output]:
                case Fixed(int() | Decimal() as value):
                    found = max(found, abs(Decimal(value)))
                case Same(place):
                    found = max(found, Decimal(self.operands[place].most))
        return found

    def given(self, output: int) -> list[str]:
        """What each ending that answers says in one output, by its number."""
        type = self.outputs[output].type
        return [
            _answer(ending.answers[output], type, self.operands, self.flavor)
            for _, ending in self.answering
            if ending.answers is not None
        ]


def decided(unit: Unit, flavor: Flavor) -> Decided:
    """A table read for SQL. Raises Unheld."""
    if any(isinstance(column.type, SetType) for column in unit.table.inputs):
        raise Unheld("it takes in a list of members, and databases disagree on what a list is")
    names: dict[str, str] = {}
    for column in (*unit.table.inputs, *unit.table.outputs):
        if (other := names.setdefault(column.name.lower(), column.name)) != column.name:
            raise Unheld(f"databases take its columns {other} and {column.name} for one")
    found = tabulation(unit, is_traced=True)
    if found is None:
        raise Unheld("it is too large to be said by its inputs alone")
    return Decided(unit, found, flavor, _operands(unit, found, flavor))


# ---------------------------------------------------------------- answers


def _answer(given: Given, type: Type, columns: Mapping[int, Operand], flavor: Flavor) -> str:
    """One output, of that type; `columns` are those that may be passed on. Raises Unheld."""
    match given:
        case Fixed(value):
            return literal(value, type, flavor)
        case Same(place):
            # Other answers may stand beside it, and a database gives all of them one type, which may
            # be that of the column as it is: so the column gets the type of the output.
            exact, column = columns[place].exact, columns[place].axis.column
            is_number = isinstance(column.type.present, IntType | DecimalType)
            due = sql_type(type, flavor)
            is_due = exact.endswith(f"CAST({quoted(column.name)} AS {due})")
            return f"CAST({exact} AS {due})" if is_number and not is_due else exact
        case Several(items, as_set):
            assert isinstance(type, ListType | SetType)
            if as_set:
                raise Unheld("it answers with sets that hold an input")
            parts = (_item(each, type, columns) for each in items)
            return " || ".join(("'['", " || ', ' || ".join(parts), "']'"))
    assert_never(given)


def _item(each: Fixed | Same, type: ListType | SetType, columns: Mapping[int, Operand]) -> str:
    """An item of a list, which is put together as JSON."""
    if isinstance(each, Fixed):
        assert not isinstance(each.value, tuple | frozenset) and each.value is not None
        return text(item(each.value, type.of))
    column = columns[each.input]
    name, of = column.exact, column.axis.column.type.present
    match of:
        case EnumerationType(_, members):
            whens = (f"WHEN {text(m.name)} THEN {text(item(m.name, of))}" for m in members)
            return f"CASE {name} {' '.join(whens)} END"
        case BoolType():
            return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
        case IntType() if isinstance(type.of, IntType):
            return f"CAST({name} AS VARCHAR)"
    raise Unheld("it answers with lists that hold an input which is no member or whole number")


# ---------------------------------------------------------------- columns


def _operands(unit: Unit, tabulation: Tabulation, flavor: Flavor) -> dict[int, Operand]:
    derived = {each.column.name: each.definition for each in unit.lowered.derived}
    places = tabulation.asked | tabulation.passed
    return operands(tabulation.axes, len(unit.table.inputs), derived, places, flavor)


def operands(
    axes: Sequence[Axis],
    count: int,
    derived: Mapping[str, Definition],
    places: Iterable[int],
    flavor: Flavor,
) -> dict[int, Operand]:
    """How each of some axes is asked, by its place: the first are so many inputs. Raises Unheld."""
    inputs = {each.column.name: each.column for each in axes[:count]}
    columns = _Columns(inputs, derived, flavor)
    found = {}
    for place in sorted(places):
        axis = axes[place]
        name, type = axis.column.name, axis.column.type
        if place < count:
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


class _Number(NamedTuple):
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
                    raise Unheld(f"it calculates with {name}, which comes from another table")
                return self._over_inputs(definition)
            case Operation(operator, parts):
                return Operation(operator, tuple(map(self._over_inputs, parts)))
        return expression

    def _number(self, expression: Expression) -> _Number:
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
                raise Unheld(
                    "it calculates more than sums and products, which cannot be expressed in SQL"
                )
            case _:
                assert_never(expression)
        reach = reach_of(expression, lambda name: reach_of_type(self.inputs[name].type))
        if reach.low is None or reach.high is None:
            return made._replace(whole=None)
        if not -BIGINT <= reach.low <= reach.high < BIGINT:
            return made._replace(whole=None)
        return made

    def _column(self, column: Column) -> _Number:
        type = column.type.present
        if not isinstance(type, IntType | DecimalType):
            raise Unheld(
                "it calculates with days, texts or members, which cannot be expressed in SQL"
            )
        digits = type.digits if isinstance(type, DecimalType) else 0
        ends = [Decimal(end) for end in (type.low, type.high) if end is not None]
        is_open = len(ends) < 2
        least = (INTEGER_FIGURES if digits else BIGINT_FIGURES) if is_open else 1
        whole = reading(column, self.flavor).exact if is_bigint(type) else None
        return _as_decimal(quoted(column.name), max([least, *map(figures, ends)]), digits, whole)


def _operated(operator: Operator, one: _Number, other: _Number) -> _Number:
    """The figures are those that the strictest database counts with."""
    sign = SIGNS[operator]
    sql, whole = f"({one.sql} {sign} {other.sql})", None
    if one.whole is not None and other.whole is not None:
        whole = f"({one.whole} {sign} {other.whole})"
    if operator is Operator.MULTIPLY:
        made = _Number(sql, one.before + other.before + 1, one.after + other.after, whole)
    else:
        before, after = max(one.before, other.before) + 1, max(one.after, other.after)
        made = _Number(sql, before, after, whole)
    if made.before + made.after > LONG:
        raise Unheld(f"a calculation may have more than the {LONG} figures that a DECIMAL holds")
    return made


def _as_decimal(sql: str, before: int, after: int, whole: str | None) -> _Number:
    return _Number(f"CAST({sql} AS DECIMAL({before + after}, {after}))", before, after, whole)
