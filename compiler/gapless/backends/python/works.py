"""What a table works out, as small functions: one for each computed column, one for each outcome.

Whole numbers and exact decimals are as they are, quotients are fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.derived import arithmetic
from gapless.backends.code.layout import (
    STEP,
    Comparison,
    Group,
    docstring,
    flat,
    function_head,
    if_lines,
    lay,
    prose,
    sentence,
    string,
)
from gapless.backends.code.naming import Names, annotation
from gapless.backends.code.naming import expression as written
from gapless.backends.code.scope import Scope
from gapless.model import (
    Column,
    ColumnValue,
    Computed,
    Constant,
    DateType,
    DateUnit,
    DecimalType,
    Elapsed,
    Expression,
    ListType,
    MonthEnd,
    Operation,
    Operator,
    OptionalType,
    Rounded,
    ScalarType,
    SetType,
    Shifted,
    Table,
    Type,
    columns_of,
    parts_of,
)
from gapless.model.intervals import Reach, reach_of, reach_of_type
from gapless.text.formulas import spoken

EXACTLY = "@_exactly"


class Work(NamedTuple):
    """A function to write: `name`, what it works out, for which output of which rule, if for one."""

    table: Table
    name: str
    expression: Expression
    type: Type
    outcome: tuple[int, int] | None

    @property
    def columns(self) -> dict[str, Column]:
        return {column.name: column for column in self.table.columns}


def works(table: Table, scope: Scope) -> Iterator[list[str]]:
    """The functions, in the order in which they are needed."""
    worked = scope.tables[table].worked
    for each in table.computed:
        name = worked[each.column.name]
        yield _function(Work(table, name, each.expression, each.column.type, None), scope)
    for number, rule in enumerate(table.rules):
        for output, outcome in enumerate(rule.outcomes):
            if isinstance(outcome.value, Computed):
                name, computed = worked[number, output], outcome.value
                work = Work(table, name, computed.expression, computed.type, (number, output))
                yield _function(work, scope)


def call_of(table: Table, name: str, expression: Expression, scope: Scope) -> Group:
    """A call of such a function, with the columns that it takes."""
    arguments = scope.tables[table].arguments
    return Group(f"{name}(", tuple(arguments[column] for column in columns_of(expression)))


def _function(work: Work, scope: Scope) -> list[str]:
    columns = work.columns
    asked = [columns[name] for name in columns_of(work.expression)]
    typed = scope.typed(work.table, asked)
    said = prose(spoken(work.expression, lambda name: columns[name].label or name))
    return [
        *([EXACTLY] if is_exact(work.expression, columns) else []),
        *function_head(work.name, typed, annotation(work.type, scope.aliases)),
        *docstring([[sentence(said[:1].upper() + said[1:])]], 1),
        *_Body(work, scope).lines(),
    ]


@dataclass(slots=True)
class _Body:
    """The statements of one function, in order."""

    work: Work
    scope: Scope
    found: list[str] = field(default_factory=list)
    kept: dict[str, tuple[int, str]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        names = self.scope.tables[self.work.table].arguments
        taken = Names({*self.scope.spoken, *names.values()})

        def keep(text: str) -> str:
            name = taken.take("part")
            self.kept[name] = (len(self.found), text)
            self.found.extend(lay(text, first=f"{name} = ", depth=1))
            return name

        writer = Arithmetic(self.work.columns, names, keep)
        for absence in writer.absences(self.work.expression):
            self.found.extend(if_lines(Comparison((absence,)), 1))
            if isinstance(self.work.type, OptionalType):
                self.found.append(f"{STEP * 2}return None")
            else:
                self.found.extend(lay(self._error("None"), first="raise ", depth=2))
        told = writer.told(self.work.expression)
        if told.text in self.kept:  # all of it: no part that needs a name
            first, whole = self.kept[told.text]
            del self.found[first:]
            told = told._replace(text=whole)
        self.found.extend(self._given(told))
        return self.found

    def _given(self, told: Told) -> Iterator[str]:
        """The statements that hand on a value, if it is within the output's bounds."""
        inner = self.work.type.present
        assert not isinstance(inner, ListType | SetType), "no list is worked out"
        text = told.text
        if isinstance(inner, DecimalType) and not told.is_decimal:
            text = f"Decimal({text})"
        outside = self._outside(inner)
        if outside is None:
            yield from lay(text, first="return ", depth=1)
            return
        yield from lay(text, first="value = ", depth=1)
        yield from if_lines(outside, 1)
        yield from lay(self._error("value"), first="raise ", depth=2)
        yield f"{STEP}return value"

    def _outside(self, inner: ScalarType) -> Comparison | None:
        """The test that refuses the value; None where it never would."""
        kind = ranks.ordered(inner)
        if self.work.outcome is None or kind is None:
            return None
        number, output = self.work.outcome
        computed = self.work.table.rules[number].outcomes[output].value
        assert isinstance(computed, Computed)
        natural = ranks.ordered(computed.natural)
        assert natural is not None
        low = kind.low if _reaches_below(natural, kind) else None
        high = kind.high if _reaches_above(natural, kind) else None
        return self.scope.constants.outside("value", low, high)

    def _error(self, value: str) -> Group:
        assert self.work.outcome is not None, "a column's type takes in all that it can be"
        number, output = self.work.outcome
        said = (
            self.work.table.name,
            self.work.table.rules[number].name,
            self.work.table.outputs[output].name,
        )
        return Group("OutcomeError(", (*map(string, said), value))


def _reaches_below(natural: ranks.OrderedType, kind: ranks.OrderedType) -> bool:
    return kind.low is not None and (natural.low is None or natural.low < kind.low)  # type: ignore[operator]


def _reaches_above(natural: ranks.OrderedType, kind: ranks.OrderedType) -> bool:
    return kind.high is not None and (natural.high is None or natural.high > kind.high)  # type: ignore[operator]


def may_fail(table: Table) -> bool:
    """Whether a rule may work out what its output does not allow, as far as types say."""
    for computed in arithmetic(table.rules):
        natural, kind = ranks.ordered(computed.natural), ranks.ordered(computed.type)
        is_lacking = isinstance(computed.natural, OptionalType)
        if is_lacking and not isinstance(computed.type, OptionalType):
            return True
        if natural is None or kind is None:
            continue
        if _reaches_below(natural, kind) or _reaches_above(natural, kind):
            return True
    return False


LONG = 56
"""A part of an expression that takes more letters gets a name of its own."""

ROOM = 72
"""How many letters fit on a line beside such a name; what would take more is named in parts."""

WRAPPED = 40
"""The same, of what stands within a call that rounds it."""

_STRENGTH = {Operator.ADD: 1, Operator.SUBTRACT: 1, Operator.JOIN: 1, Operator.MULTIPLY: 2}
_ATOM = 4


class Told(NamedTuple):
    """An expression in Python, how strongly it binds, and whether it is a `Decimal`."""

    text: str
    strength: int = _ATOM
    is_decimal: bool = False


class Arithmetic(NamedTuple):
    """Writes expressions over `columns`, which the code calls by `names`; `keep` names a long part."""

    columns: Mapping[str, Column]
    names: Mapping[str, str]
    keep: Callable[[str], str]

    def told(self, expression: Expression) -> Told:
        match expression:
            case Constant(value):
                return Told(flat(written(value)), _ATOM, isinstance(value, Decimal))
            case ColumnValue(column):
                return self._column(column)
            case Operation(Operator.LEAST | Operator.GREATEST as operator, operands):
                return self._chosen(operator, [self.told(each) for each in operands])
            case Operation(Operator.MAGNITUDE, (operand,)):
                told = self.told(operand)
                return Told(f"abs({told.text})", _ATOM, told.is_decimal)
            case Operation(Operator.SUBTRACT, (Constant(0), operand)):
                told = self.told(operand)
                return Told(f"-{self._within(told, 3)}", 3, told.is_decimal)
            case Operation(Operator.SUBTRACT, (left, right)) if self._is_day(left):
                days = f"({self._within(self.told(left), 1)} - {self._within(self.told(right), 2)})"
                return Told(f"{days}.days")
            case Operation(operator, operands):
                return self._joined(operator, [self.told(each) for each in operands])
            case Rounded(of, digits, mode):
                inner = self._short(self._fraction(of) if _divides(of) else self.told(of), WRAPPED)
                text = f"_rounded({inner.text}, {digits}, {string(mode.value)})"
                return self._short(Told(text if digits > 0 else f"int({text})", _ATOM, digits > 0))
            case Shifted(day, count, unit, month_end):
                given = f"{self.told(day).text}, {self.told(count).text}, {string(unit.value)}"
                name = "_later" if month_end is MonthEnd.LAST else "_later_or_next"
                return self._short(Told(f"{name}({given})"))
            case Elapsed(start, end, unit, month_end):
                name = "_elapsed" if month_end is MonthEnd.NEXT else "_elapsed_or_last"
                return self._elapsed(name, self.told(start), self.told(end), unit)
        assert_never(expression)

    def absences(self, expression: Expression) -> Iterator[str]:
        """The conditions under which it has no value, those of its parts first, each once.

        To be written down one by one: a part that is kept for one of them relies on those before.
        """
        seen: set[str] = set()
        for part in reversed([*parts_of(expression)]):  # the inmost first
            for text in self._absent(part):
                if text not in seen:
                    yield text
                seen.add(text)

    def _absent(self, part: Expression) -> Iterator[str]:
        match part:
            case ColumnValue(column) if isinstance(self.columns[column].type, OptionalType):
                yield f"{self.names[column]} is None"
            case Operation(Operator.DIVIDE, (_, divisor)) if _holds_zero(self._reach(divisor)):
                told = self._fraction(divisor) if _divides(divisor) else self.told(divisor)
                yield f"{self._within(told, 1)} == 0"
            case Shifted(day, count, unit) if self._reach(part).absent:
                given = f"{self.told(day).text}, {self.told(count).text}, {string(unit.value)}"
                yield f"not _is_day({given})"

    # ------------------------------------------------------------ kinds of parts

    def _column(self, name: str) -> Told:
        kind = ranks.ordered(self.columns[name].type)
        if isinstance(kind, DecimalType) and kind.digits == 0:
            return Told(f"int({self.names[name]})")
        return Told(self.names[name], _ATOM, isinstance(kind, DecimalType))

    def _chosen(self, operator: Operator, operands: list[Told]) -> Told:
        """`min` and `max` of one kind of number."""
        is_decimal = any(each.is_decimal for each in operands)
        texts = [
            f"Decimal({each.text})" if is_decimal and not each.is_decimal else each.text
            for each in operands
        ]
        if len(texts) == 1:
            return operands[0]
        return self._short(Told(f"{operator.value}({', '.join(texts)})", _ATOM, is_decimal))

    def _joined(self, operator: Operator, operands: list[Told]) -> Told:
        strength = _STRENGTH[operator]
        sign = "+" if operator is Operator.JOIN else operator.value
        text = self._beside(sign, strength, operands)
        return self._short(Told(text, strength, any(each.is_decimal for each in operands)))

    def _elapsed(self, name: str, start: Told, end: Told, unit: DateUnit) -> Told:
        if unit is DateUnit.DAY:
            return Told(f"({self._within(end, 1)} - {self._within(start, 2)}).days")
        return self._short(Told(f"{name}({start.text}, {end.text}, {string(unit.value)})"))

    def _fraction(self, expression: Expression) -> Told:
        """The same as a `Fraction`, for quotients have digits without end."""
        match expression:
            case Operation(Operator.SUBTRACT, (left, _)) if self._is_day(left):
                return Told(f"Fraction({self.told(expression).text})")
            case Operation(Operator.LEAST | Operator.GREATEST as operator, operands):
                texts = [self._fraction(each).text for each in operands]
                return self._short(Told(f"{operator.value}({', '.join(texts)})"))
            case Operation(Operator.MAGNITUDE, (operand,)):
                return Told(f"abs({self._fraction(operand).text})")
            case Operation(operator, operands):
                strength = 2 if operator is Operator.DIVIDE else _STRENGTH[operator]
                text = self._beside(operator.value, strength, [*map(self._fraction, operands)])
                return self._short(Told(text, strength))
            case _:
                return Told(f"Fraction({self.told(expression).text})")

    # ------------------------------------------------------------ what they share

    def _beside(self, sign: str, strength: int, operands: list[Told]) -> str:
        """Operands joined from the left; what has grown too long for a line is named on the way."""
        told, *others = operands
        for other in others:
            left, right = self._within(told, strength), self._within(other, strength + 1)
            if len(f"{left} {sign} {right}") > ROOM:
                left = self.keep(told.text)
            told = Told(f"{left} {sign} {right}", strength)
        return told.text

    def _within(self, told: Told, strength: int) -> str:
        return told.text if told.strength >= strength else f"({told.text})"

    def _short(self, told: Told, most: int = LONG) -> Told:
        if len(told.text) <= most:
            return told
        return Told(self.keep(told.text), _ATOM, told.is_decimal)

    def _is_day(self, expression: Expression) -> bool:
        match expression:
            case Shifted():
                return True
            case ColumnValue(column):
                kind = ranks.ordered(self.columns[column].type)
                return isinstance(kind, DateType)
            case Constant(value):
                return isinstance(value, date)
            case Operation(Operator.LEAST | Operator.GREATEST, operands):
                return self._is_day(operands[0])
        return False

    def _reach(self, expression: Expression) -> Reach:
        return reach_of(expression, lambda name: reach_of_type(self.columns[name].type))


def is_exact(expression: Expression, columns: Mapping[str, Column]) -> bool:
    """Whether it calculates with decimals, which Python would round as its caller's settings say."""
    calculates = any(isinstance(part, Operation) for part in parts_of(expression))
    return calculates and any(_is_decimal(part, columns) for part in parts_of(expression))


def _is_decimal(part: Expression, columns: Mapping[str, Column]) -> bool:
    match part:
        case Constant(value):
            return isinstance(value, Decimal)
        case ColumnValue(column):
            return isinstance(ranks.ordered(columns[column].type), DecimalType)
        case Rounded(_, digits):
            return digits > 0
    return False


def _divides(expression: Expression) -> bool:
    """Whether there is a quotient that is not rounded before."""
    match expression:
        case Operation(Operator.DIVIDE):
            return True
        case Operation(_, operands):
            return any(map(_divides, operands))
    return False


def _holds_zero(reach: Reach) -> bool:
    below = reach.low is None or reach.low <= Fraction(0)
    return below and (reach.high is None or reach.high >= Fraction(0))
