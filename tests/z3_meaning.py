"""An independent reading of tables, as formulas for z3: shares the model with gapless and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, assert_never

import z3

from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    BoolType,
    Call,
    Column,
    ColumnValue,
    Compared,
    Computed,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Holds,
    IntType,
    IsMissing,
    IsPresent,
    Items,
    NoneOf,
    OptionalType,
    OutcomeValue,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
    TextType,
    TimeType,
    Value,
)
from tests.random_tables import TEXTS

Formula = Any  # z3 has no usable types

_TEXTS: dict[str, int] = {}


class Variable:
    """One column: a number, whether it is there at all, and the numbers it may be."""

    def __init__(self, column: Column, prefix: str = "") -> None:
        self.type = column.type.of if isinstance(column.type, OptionalType) else column.type
        name = f"{prefix}{column.name}"
        self.number = z3.Int(name)
        if isinstance(self.type, SetType):
            self.number = z3.BitVec(name, len(self.members))
        optional = isinstance(column.type, OptionalType)
        self.missing = z3.Bool(f"{prefix}{column.name}?") if optional else z3.BoolVal(False)

    @property
    def members(self) -> list[str]:
        """Those of a closed list, one bit each where the column holds a set."""
        of = self.type.scalar
        assert isinstance(of, EnumerationType)
        return [member.name for member in of.members]

    def held(self, members: Iterable[str]) -> Formula:
        """How many of these members a set holds."""
        places = [self.members.index(each) for each in members]
        bits = (z3.Extract(place, place, self.number) == 1 for place in places)
        return z3.Sum([z3.If(bit, 1, 0) for bit in bits])

    def domain(self) -> Formula:
        match self.type:
            case SetType():
                return z3.BoolVal(True)
            case EnumerationType(_, members):
                return z3.And(self.number >= 0, self.number < len(members))
            case BoolType():
                return z3.And(self.number >= 0, self.number <= 1)
            case (
                IntType(low, high)
                | DecimalType(_, low, high)
                | DateType(low, high)
                | TimeType(low, high)
                | DatetimeType(low, high)
            ):
                ends = []
                if low is not None:
                    ends.append(self.value() >= self.constant(low))
                if high is not None:
                    ends.append(self.value() <= self.constant(high))
                return z3.And(*ends)
            case TextType():
                return z3.BoolVal(True)
        raise AssertionError(self.type)

    def value(self) -> Formula:
        """What is compared: a real for decimals, so that no scaling is shared with gapless."""
        if isinstance(self.type, DecimalType):
            return z3.ToReal(self.number) / z3.RealVal(10) ** self.type.digits
        return self.number

    def constant(self, value: object) -> Formula:
        match self.type:
            case SetType():
                assert isinstance(value, frozenset)
                held = sum(1 << self.members.index(str(each)) for each in value)
                return z3.BitVecVal(held, len(self.members))
            case EnumerationType(_, members):
                return z3.IntVal([member.name for member in members].index(str(value)))
            case TextType():
                return z3.IntVal(_TEXTS.setdefault(str(value), len(_TEXTS)))
            case DateType():
                assert isinstance(value, date)
                return z3.IntVal((value - date(2000, 1, 1)).days)
            case TimeType():
                assert isinstance(value, time)
                return z3.IntVal((value.hour * 60 + value.minute) * 60 + value.second)
            case DatetimeType():
                assert isinstance(value, datetime)
                return z3.IntVal(int((value - datetime(2000, 1, 1)).total_seconds()))
            case DecimalType():
                return z3.RealVal(str(value))
            case IntType() | BoolType():
                assert isinstance(value, int | Decimal)
                return z3.IntVal(int(value))
        raise AssertionError(self.type)

    def equals(self, value: Value) -> Formula:
        if value is None:
            return self.missing
        return z3.And(z3.Not(self.missing), self.value() == self.constant(value))


def holds(test: Test, variable: Variable) -> Formula:
    """The formula that a value passes a test."""
    there = z3.Not(variable.missing)
    match test:
        case Anything():
            return z3.BoolVal(True)
        case IsMissing():
            return variable.missing
        case IsPresent():
            return there
        case Equals(value):
            return variable.equals(value)
        case AnyOf(tests):
            return z3.Or(*(holds(each, variable) for each in tests))
        case NoneOf(tests):
            return z3.And(there, *(z3.Not(holds(each, variable)) for each in tests))
        case Between():
            return z3.And(there, *_ends(test, variable))
        case Begins(prefix):  # one text stands for all that the tables do not tell from it
            begun = (each for each in TEXTS if each.startswith(prefix))
            return z3.Or(*(variable.equals(each) for each in begun))
        case Holds(ways):
            return z3.Or(
                *(
                    z3.And(
                        *(
                            z3.And(low <= variable.held(of), variable.held(of) <= high)
                            for of, low, high in way
                        )
                    )
                    for way in ways
                )
            )
        case Compared() | AllOf():
            raise AssertionError("only tests of one column are read here")
    assert_never(test)


def _ends(test: Between, variable: Variable) -> Iterator[Formula]:
    if test.low is not None:
        low = variable.constant(test.low)
        yield variable.value() >= low if test.low_included else variable.value() > low
    if test.high is not None:
        high = variable.constant(test.high)
        yield variable.value() <= high if test.high_included else variable.value() < high


class Reading:
    """A table as formulas over one case; `facts` are what is true of every case."""

    def __init__(self, table: Table, prefix: str = "") -> None:
        self.table = table
        self.prefix = prefix
        self.variables = {c.name: Variable(c, prefix) for c in table.columns}
        self.facts: list[Formula] = [v.domain() for v in self.variables.values()]
        for let in table.lets:
            self.facts.append(self._is_called(let.column.name, let.call))

    def matches(self, rule: Rule) -> Formula:
        return z3.And(
            *(
                holds(condition.test, self.variables[column.name])
                for column, condition in zip(self.table.columns, rule.conditions, strict=True)
            )
        )

    def any_of(self, *kinds: RuleKind) -> Formula:
        return z3.Or(*(self.matches(rule) for rule in self.table.rules if rule.kind in kinds))

    def gap(self) -> Formula:
        return z3.And(*self.facts, z3.Not(self.any_of(*RuleKind)))

    def both(self, one: Rule, other: Rule) -> Formula:
        """Both rules apply to a case that is not impossible."""
        impossible = self.any_of(RuleKind.IMPOSSIBLE)
        return z3.And(*self.facts, self.matches(one), self.matches(other), z3.Not(impossible))

    def apart(self, one: Rule, other: Rule) -> Formula:
        """Some outcome differs, where neither is another table's answer."""
        pairs = zip(one.outcomes, other.outcomes, strict=True)
        return z3.Or(*(z3.Not(self._equal(a.value, b.value)) for a, b in pairs))

    def _equal(self, one: OutcomeValue, other: OutcomeValue) -> Formula:
        match one, other:
            case Constant(a), Constant(b):
                return z3.BoolVal(a == b)
            case ColumnValue(a), Constant(b):
                return self.variables[a].equals(b)
            case Constant(), ColumnValue():
                return self._equal(other, one)
            case ColumnValue(a), ColumnValue(b):
                x, y = self.variables[a], self.variables[b]
                same = z3.And(z3.Not(x.missing), z3.Not(y.missing), x.value() == y.value())
                return z3.Or(z3.And(x.missing, y.missing), same)
        raise AssertionError("only plain outcomes are compared here")

    def _is_called(self, name: str, call: Call) -> Formula:
        """That column `name` has the value which the called table answers, first match winning."""
        inner = Reading(call.table, f"{self.prefix}{name}.")
        bound = [
            self._bound(inner.variables[column.name], argument)
            for column, argument in zip(call.table.inputs, call.arguments, strict=True)
        ]
        order = (RuleKind.IMPOSSIBLE, RuleKind.RULE, RuleKind.OTHERWISE)
        rules = sorted(call.table.rules, key=lambda rule: order.index(rule.kind))
        answer: Formula = z3.BoolVal(False)
        for rule in reversed(rules):
            answer = z3.If(inner.matches(rule), self._answers(name, inner, rule, call), answer)
        return z3.And(*inner.facts, *bound, answer)

    def _answers(self, name: str, inner: Reading, rule: Rule, call: Call) -> Formula:
        if rule.kind is RuleKind.IMPOSSIBLE:
            return z3.BoolVal(False)
        variable, outcome = self.variables[name], rule.outcomes[call.output].value
        match outcome:
            case Constant(value):
                return variable.equals(value)
            case ColumnValue(column):
                return _same(variable, inner.variables[column])
            case Call() | Items() | Computed():
                raise AssertionError("only plain outcomes are read here")
        assert_never(outcome)

    def _bound(self, variable: Variable, argument: Constant | ColumnValue) -> Formula:
        if isinstance(argument, Constant):
            return variable.equals(argument.value)
        return _same(variable, self.variables[argument.column])


def _same(one: Variable, other: Variable) -> Formula:
    equal = z3.And(z3.Not(one.missing), z3.Not(other.missing), one.value() == other.value())
    return z3.Or(z3.And(one.missing, other.missing), equal)


def is_possible(formula: Formula) -> bool:
    """Whether some case satisfies the formula; z3 must know."""
    solver = z3.Solver()
    solver.add(formula)
    verdict = solver.check()
    assert verdict in (z3.sat, z3.unsat), "z3 gave up"
    return bool(verdict == z3.sat)


def case_of(witness: Mapping[str, Value], reading: Reading) -> Formula:
    """That the inputs have these values."""
    return z3.And(*(reading.variables[name].equals(value) for name, value in witness.items()))
