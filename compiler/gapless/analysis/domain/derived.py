"""Columns that follow from others: what is worked out, and how two columns that are compared stand.

To the analysis such a column is one more axis. That its values go together with those of other axes
in some ways only is not said here: `arithmetic` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Box
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    Column,
    ColumnValue,
    Compared,
    Computed,
    Condition,
    Constant,
    Elapsed,
    EnumerationType,
    Equals,
    Expression,
    IsPresent,
    Member,
    Operation,
    OptionalType,
    Outcome,
    Rounded,
    Rule,
    Shifted,
    Table,
    Test,
    columns_of,
)

BELOW, LIKE, ABOVE = "less", "equal", "more"
_SIGNS = {"<": BELOW, "=": LIKE, ">": ABOVE}
_TURNED = {BELOW: ABOVE, ABOVE: BELOW, LIKE: LIKE}


@dataclass(frozen=True, slots=True)
class Ordering:
    """How `left` stands to `right`: below, like or above it; missing where either is.

    `members` are those of an ordered list, the lowest first.
    """

    left: Constant | ColumnValue
    right: Constant | ColumnValue
    members: tuple[str, ...] = ()


Definition: TypeAlias = Expression | Ordering


class Derived(NamedTuple):
    """A column that follows from others."""

    column: Column
    definition: Definition


class Lowered(NamedTuple):
    """A table's derived columns, and its rules' cells for every column: inputs, derived ones, lets.

    `outcomes` names the derived column of each arithmetic outcome, by `id` of that.
    """

    derived: tuple[Derived, ...]
    cells: tuple[tuple[Condition, ...], ...]
    outcomes: Mapping[int, str]

    def with_hidden(self, hidden: Sequence[Derived], table: Table) -> Lowered:
        """The same, and columns that called tables derive: no cell of this one tests them."""
        if not hidden:
            return self
        first = len(table.inputs) + len(self.derived)
        cells = tuple(
            (*each[:first], *[Condition(ANYTHING, "-", rule.span)] * len(hidden), *each[first:])
            for each, rule in zip(self.cells, table.rules, strict=True)
        )
        return Lowered((*self.derived, *hidden), cells, self.outcomes)


@lru_cache(maxsize=64)
def lowered(table: Table) -> Lowered:
    """A table with nothing derived keeps the cells of its rules."""
    own = tuple(Derived(each.column, each.expression) for each in table.computed)
    orderings = _orderings(table)
    outcomes, named = _outcomes(table)
    derived = (*own, *orderings.values(), *outcomes)
    if not derived:
        return Lowered((), tuple(rule.conditions for rule in table.rules), {})
    cells = tuple(_cells(rule, table, orderings, len(outcomes)) for rule in table.rules)
    return Lowered(derived, cells, named)


def put(definition: Definition, into: Mapping[str, Constant | ColumnValue]) -> Definition:
    """The definition with other columns or constants in the place of those that it names."""
    match definition:
        case Ordering(left, right):
            ends = (_put(left, into), _put(right, into))
            assert isinstance(ends[0], Constant | ColumnValue)
            assert isinstance(ends[1], Constant | ColumnValue)
            return Ordering(ends[0], ends[1], definition.members)
        case _:
            return _put(definition, into)


def named_in(definition: Definition) -> tuple[str, ...]:
    """The columns that a definition names."""
    match definition:
        case Ordering(left, right):
            return tuple(end.column for end in (left, right) if isinstance(end, ColumnValue))
        case _:
            return columns_of(definition)


def _put(expression: Expression, into: Mapping[str, Constant | ColumnValue]) -> Expression:
    match expression:
        case Constant():
            return expression
        case ColumnValue(column):
            return into[column]
        case Operation(_, operands):
            return replace(expression, operands=tuple(_put(each, into) for each in operands))
        case Rounded(of):
            return replace(expression, of=_put(of, into))
        case Shifted(day, count):
            return replace(expression, day=_put(day, into), count=_put(count, into))
        case Elapsed(start, end):
            return replace(expression, start=_put(start, into), end=_put(end, into))
    assert_never(expression)


# ---------------------------------------------------------------- comparisons of columns


Pair: TypeAlias = tuple[str, str]


def _orderings(table: Table) -> dict[Pair, Derived]:
    """One column for each two that some cell compares, named in the order of the table's columns."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    columns = {column.name: column for column in table.columns}
    found: dict[Pair, Derived] = {}
    for rule in table.rules:
        for column, condition in zip(table.columns, rule.conditions, strict=True):
            for each in _compared(condition.test):
                pair = _pair(column.name, each.column, places)
                if pair not in found:
                    found[pair] = _ordering(columns[pair[0]], columns[pair[1]], each.members)
    return found


def _pair(one: str, other: str, places: Mapping[str, int]) -> Pair:
    return (one, other) if places[one] < places[other] else (other, one)


def _ordering(left: Column, right: Column, members: tuple[str, ...]) -> Derived:
    of = EnumerationType("order", tuple(Member(name) for name in (BELOW, LIKE, ABOVE)))
    optional = any(isinstance(column.type, OptionalType) for column in (left, right))
    name = f"{left.name} against {right.name}"
    column = Column(name, OptionalType(of) if optional else of, None, None, left.span)
    return Derived(column, Ordering(ColumnValue(left.name), ColumnValue(right.name), members))


def _compared(test: Test) -> Iterator[Compared]:
    match test:
        case Compared():
            yield test
        case AllOf(tests):
            yield from (each for each in tests if isinstance(each, Compared))


def _cells(
    rule: Rule, table: Table, orderings: Mapping[Pair, Derived], outcomes: int
) -> tuple[Condition, ...]:
    """The cells of a rule, those that compare columns told apart."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    asked: dict[Pair, tuple[frozenset[str], Condition]] = {}
    own: list[Condition] = []
    for column, cell in zip(table.columns, rule.conditions, strict=True):
        own.append(cell._replace(test=_alone(cell.test, column)))
        for each in _compared(cell.test):
            pair = _pair(column.name, each.column, places)
            signs = frozenset(_SIGNS[sign] for sign in each.operator)
            if pair[0] != column.name:
                signs = frozenset(_TURNED[sign] for sign in signs)
            known = asked.get(pair)
            asked[pair] = (signs if known is None else signs & known[0], cell)
    first = len(table.inputs) + len(table.computed)
    nothing = Condition(ANYTHING, "-", rule.span)
    related = [_related(asked[pair]) if pair in asked else nothing for pair in orderings]
    return (*own[:first], *related, *[nothing] * outcomes, *own[first:])


ANYTHING = Anything()


def _alone(test: Test, column: Column) -> Test:
    """What a cell asks of its own column, whatever others hold."""
    match test:
        case Compared():
            return IsPresent() if isinstance(column.type, OptionalType) else ANYTHING
        case AllOf(tests):
            rest = [each for each in tests if not isinstance(each, Compared)]
            return rest[0] if rest else _alone(tests[0], column)
    return test


def _related(asked: tuple[frozenset[str], Condition]) -> Condition:
    signs, cell = asked
    return cell._replace(test=AnyOf(tuple(Equals(sign) for sign in sorted(signs))))


# ---------------------------------------------------------------- outcomes


def _outcomes(table: Table) -> tuple[tuple[Derived, ...], dict[int, str]]:
    """A column for each different arithmetic outcome, and its name by `id` of the outcome."""
    found: dict[Computed, Derived] = {}
    named: dict[int, str] = {}
    for rule, number, outcome in _arithmetic(table):
        computed = outcome.value
        assert isinstance(computed, Computed)
        if computed not in found:
            name = f"{table.outputs[number].name} by {rule.name}"
            if name in named.values():  # two rules of one name, which is found elsewhere
                name = f"{name} ({len(found) + 1})"
            column = Column(name, computed.natural, None, None, outcome.span)
            found[computed] = Derived(column, computed.expression)
        named[id(computed)] = found[computed].column.name
    return tuple(found.values()), named


def _arithmetic(table: Table) -> Iterator[tuple[Rule, int, Outcome]]:
    for rule in table.rules:
        for number, outcome in enumerate(rule.outcomes):
            if isinstance(outcome.value, Computed):
                yield rule, number, outcome


def arithmetic(rules: Sequence[Rule]) -> Iterator[Computed]:
    """Every arithmetic outcome of some rules."""
    for rule in rules:
        yield from (each.value for each in rule.outcomes if isinstance(each.value, Computed))


def fits(axis: Axis, computed: Computed) -> int:
    """The atoms of what is worked out that are values of the output."""
    kind = ranks.ordered(computed.type)
    inside = axis.mask(IsPresent() if kind is None else Between(kind.low, kind.high))
    return inside | (axis.atom_of(None) if isinstance(computed.type, OptionalType) else 0)


def at(box: Box, place: int, mask: int) -> Box:
    """The box with other atoms on one axis."""
    return (*box[:place], mask, *box[place + 1 :])
