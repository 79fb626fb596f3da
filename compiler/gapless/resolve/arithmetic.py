"""Arithmetic as typed to arithmetic as meant: every name bound, kinds that go together, digits counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, assert_never

from gapless.model import (
    BoolType,
    Column,
    ColumnValue,
    Constant,
    DatetimeType,
    DateType,
    DateUnit,
    DecimalType,
    Elapsed,
    EnumerationType,
    Expression,
    IntType,
    ListType,
    MonthEnd,
    Operation,
    Operator,
    OptionalType,
    Rounded,
    RoundingMode,
    ScalarType,
    SetType,
    Shifted,
    TextType,
    TimeType,
)
from gapless.model.arithmetic import decimal_of
from gapless.model.intervals import FIRST, LAST, Reach, reach_of, reach_of_type, reach_of_value
from gapless.resolve.context import Context, listed
from gapless.resolve.faults import Fault
from gapless.resolve.literals import divided_operands, read
from gapless.text.types import type_words
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Label, decision, replacing
from gapless_dsl.nodes import Literal
from gapless_dsl.suggest import nearest

MODES: Mapping[str, RoundingMode] = {mode.value: mode for mode in RoundingMode}
MOST_DIGITS = 100
"""No number is rounded to more digits after the point, or before it."""


class Kind(Enum):
    NUMBER = "a number"
    DAY = "a day"
    TEXT = "a text"
    TIME = "a time"
    OTHER = "neither a number, a day nor a text"


class Meant(NamedTuple):
    """An expression, what it comes to, and how far that reaches.

    `digits` after the point at most; None for a quotient, which may have any number of them.
    """

    expression: Expression
    kind: Kind
    reach: Reach
    digits: int | None = 0

    @property
    def type(self) -> ScalarType | OptionalType | None:
        """The type that has all its values, and few others; None where it has no end of digits."""
        present: ScalarType
        low, high = self.reach.low, self.reach.high
        if self.kind is Kind.TEXT:
            present = TextType()
        elif self.kind is Kind.DAY:
            first = FIRST if low is None else ceil(low)
            last = LAST if high is None else floor(high)
            present = DateType(date.fromordinal(first), date.fromordinal(max(first, last)))
        elif self.digits is None:
            return None
        elif self.digits:
            present = DecimalType(self.digits, *(_decimal(e, self.digits) for e in (low, high)))
        else:
            ends = None if low is None else ceil(low), None if high is None else floor(high)
            present = IntType(*ends)
        return OptionalType(present) if self.reach.absent else present


def _decimal(end: Fraction | None, digits: int) -> Decimal | None:
    return None if end is None else decimal_of(floor(end * 10**digits), digits)


# ---------------------------------------------------------------- one word

_NUMBER = re.compile(r"-?[0-9][0-9_]*(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HYPHENED = re.compile(r"([A-Za-z0-9_]+)-([A-Za-z0-9_.]+)")


def _term(node: Literal, context: Context) -> Meant | None:
    """A column, a number, a day or a quoted text; None where it is none, which was complained about."""
    text, digits = node.text, 0
    if node.quoted:
        return Meant(Constant(text), Kind.TEXT, reach_of_value(text))
    if text in context.columns.known:
        return _column(node, context.columns.known[text], context)
    if _NUMBER.fullmatch(text):
        digits = len(text.partition(".")[2])
        value = read(text, DecimalType(digits) if digits else IntType())
        kind = Kind.NUMBER
    elif _DAY.fullmatch(text):
        value, kind = read(text, DateType()), Kind.DAY
    else:
        _unknown(node, context)
        return None
    if isinstance(value, Fault):
        return context.error(value.code, value.title, Label(context.at(node.at), value.label))
    return Meant(Constant(value), kind, reach_of_value(value), digits)


def _column(node: Literal, column: Column | None, context: Context) -> Meant | None:
    if column is None:
        return None
    kind, digits, of = Kind.NUMBER, 0, column.type.present
    match of:
        case DecimalType():
            digits = of.digits
        case DateType():
            kind = Kind.DAY
        case TextType() | EnumerationType():
            kind = Kind.TEXT
        case TimeType() | DatetimeType():
            kind = Kind.TIME
        case BoolType() | ListType() | SetType():
            kind = Kind.OTHER
    if kind not in (Kind.OTHER, Kind.TIME):
        return Meant(ColumnValue(column.name), kind, reach_of_type(column.type), digits)
    return context.error(
        "GAP045",
        f"`{column.name}` cannot be calculated with",
        Label(context.at(node.at), f"it is {kind.value}"),
        Label(column.span, f"`{column.name}` is `{type_words(column.type)}`"),
        helps=(_TIMELESS,) if kind is Kind.TIME else (),
    )


_TIMELESS = decision(
    "times are compared, never calculated with: work it out in the data, as an input of its own"
)


def _unknown(node: Literal, context: Context) -> None:
    text, span, columns = node.text, context.at(node.at), context.columns
    if text in columns.barred:
        return context.barred(text, span)
    hyphened = _HYPHENED.fullmatch(text)
    if hyphened and all(
        part in columns.known or _NUMBER.fullmatch(part) for part in hyphened.groups()
    ):
        apart = " - ".join(hyphened.groups())
        return context.error(
            "GAP012",
            f"`{text}` is one word, and no column is called so",
            Label(span, "a minus has blanks around it"),
            helps=(decision(f"to subtract, write `{apart}`", Edit(span, apart)),),
        )
    title = f"`{text}` is neither a column nor a number"
    word = nodes.Word(text, span)
    return context.unknown("GAP012", "column", word, columns.known, title=title)


# ---------------------------------------------------------------- expressions


def read_arithmetic(node: nodes.Expression, context: Context) -> Meant | None:
    """An expression that may name `context.columns`; None where it is not understood."""
    match node:
        case Literal():
            return _term(node, context)
        case nodes.Call():
            way_out = "give it a `let` column of its own, and calculate with that"
            title = "a call cannot stand within arithmetic"
            _refuse(context, title, node, "not here", way_out=way_out)
            return None
        case nodes.Duration():
            title = "a duration is added to a day or subtracted from one"
            _refuse(context, title, node, "not here")
            return None
        case nodes.Operation(_, (operand,)):
            return _signed(node, operand, context)
        case nodes.Operation("&", operands):
            return _joined(operands, context)
        case nodes.Operation(_, (day, nodes.Duration() as duration)):
            return _shifted(node, day, duration, context)
        case nodes.Operation(_, (_, _)):
            return _operated(node, context)
        case nodes.Operation():
            raise AssertionError("the grammar knows signs of one and of two operands")
        case nodes.Function():
            return _function(node, context)
        case nodes.Rounding():
            return _rounded(node, context)
        case nodes.Elapsed():
            return _elapsed(node, context)
    assert_never(node)


def _operated(node: nodes.Operation, context: Context) -> Meant | None:
    read = _each(node.operands, context)
    if read is None:
        return None
    one, other = read
    if node.operator == "-" and {one.kind, other.kind} == {Kind.DAY}:
        return _worked_out(Operation(Operator.SUBTRACT, _expressions(read)), context)
    if not _are_numbers(node.operands, read, context):
        return None
    left, right = one.digits, other.digits
    digits = None
    if node.operator != "/" and left is not None and right is not None:
        digits = left + right if node.operator == "*" else max(left, right)
    return _worked_out(Operation(Operator(node.operator), _expressions(read)), context, digits)


def _signed(node: nodes.Operation, operand: nodes.Expression, context: Context) -> Meant | None:
    read = _each((operand,), context)
    if read is None or not _are_numbers((operand,), read, context):
        return None
    if node.operator == "+":
        return read[0]
    operation = Operation(Operator.SUBTRACT, (Constant(0), read[0].expression))
    return _worked_out(operation, context, read[0].digits)


def _joined(operands: Sequence[nodes.Expression], context: Context) -> Meant | None:
    read = _each(operands, context)
    if read is None or not _are(Kind.TEXT, operands, read, "`&` joins texts", context):
        return None
    return _worked_out(Operation(Operator.JOIN, _expressions(read)), context, 0, Kind.TEXT)


def _function(node: nodes.Function, context: Context) -> Meant | None:
    if divided_operands(node.operands, context):
        return None
    read = _each(node.operands, context)
    if read is None:
        return None
    operation = Operation(Operator(node.name), _expressions(read))
    takes_one = operation.operator is Operator.MAGNITUDE
    if takes_one and len(read) != 1:
        _refuse(context, "`abs` takes one number", node, f"not {len(read)}")
        return None
    if {each.kind for each in read} == {Kind.DAY} and not takes_one:
        return _worked_out(operation, context, 0, Kind.DAY)
    if not _are_numbers(node.operands, read, context):
        return None
    digits = [each.digits for each in read]
    known = [each for each in digits if each is not None]
    return _worked_out(operation, context, max(known) if len(known) == len(digits) else None)


def _rounded(node: nodes.Rounding, context: Context) -> Meant | None:
    read = _each((node.of,), context)
    digits = _digits(node.digits, context)
    mode = MODES.get(node.mode.text)
    if mode is None:
        known = tuple(MODES)
        near = nearest(node.mode.text, known)
        label = f"did you mean `{near}`?" if near else f"the ways are {listed(known)}"
        title = f"`{node.mode.text}` is no way to round"
        _refuse(context, title, node.mode, label, near=near)
    if read is None or digits is None or mode is None:
        return None
    if not _are_numbers((node.of,), read, context):
        return None
    return _worked_out(Rounded(read[0].expression, digits, mode), context, max(digits, 0))


def _digits(node: Literal, context: Context) -> int | None:
    if re.fullmatch(r"-?[0-9]{1,3}", node.text) and abs(int(node.text)) <= MOST_DIGITS:
        return int(node.text)
    label = "`2` keeps two digits after the point, `0` none, `-2` rounds to hundreds"
    _refuse(context, f"`{node.text}` is no number of digits", node, label)
    return None


def _shifted(
    node: nodes.Operation, day: nodes.Expression, duration: nodes.Duration, context: Context
) -> Meant | None:
    read = _each((day, duration.count), context)
    if read is None or not _are(Kind.DAY, (day,), read, "a duration is added to a day", context):
        return None
    if _of_the_clock(duration.unit, duration, context) or _needless(duration, context):
        return None
    start, count = read
    if count.kind is not Kind.NUMBER or count.digits != 0:
        title = "a duration is a whole number of days, weeks, months or years"
        _refuse(context, title, duration.count, "this may be a fraction of one")
        return None
    if node.operator not in ("+", "-"):
        return None
    expression = count.expression
    if node.operator == "-":
        expression = Operation(Operator.SUBTRACT, (Constant(0), expression))
    month_end = MonthEnd(duration.month_end or MonthEnd.LAST)
    later = Shifted(start.expression, expression, DateUnit(duration.unit), month_end)
    return _worked_out(later, context, 0, Kind.DAY)


def _of_the_clock(unit: str, node: nodes.Expression, context: Context) -> bool:
    """GAP045, for hours, minutes and seconds: days have none."""
    if unit not in ("hour", "minute", "second"):
        return False
    title = f"{unit}s are not calculated with: days have none"
    _refuse(context, title, node, "in days, weeks, months or years", way_out=_TIMELESS.text)
    return True


def _needless(node: nodes.Duration | nodes.Elapsed, context: Context) -> bool:
    """GAP045, for `30 days or last day`: only months lack days."""
    if node.month_end is None or node.unit not in ("day", "week"):
        return False
    title = f"`or {node.month_end} day` is for months and years, which may lack a day"
    _refuse(context, title, node, f"each {node.unit} ends on a day: leave it out")
    return True


def _elapsed(node: nodes.Elapsed, context: Context) -> Meant | None:
    days = (node.start, node.end)
    read = _each(days, context)
    if read is None or not _are(Kind.DAY, days, read, "time lies between two days", context):
        return None
    if _of_the_clock(node.unit, node, context) or _needless(node, context):
        return None
    start, end = _expressions(read)
    month_end = MonthEnd(node.month_end or MonthEnd.NEXT)
    return _worked_out(Elapsed(start, end, DateUnit(node.unit), month_end), context)


# ---------------------------------------------------------------- what all of them share


def _each(operands: Sequence[nodes.Expression], context: Context) -> tuple[Meant, ...] | None:
    read = [read_arithmetic(each, context) for each in operands]
    understood = tuple(each for each in read if each is not None)
    return understood if len(understood) == len(read) else None


def _expressions(read: Sequence[Meant]) -> tuple[Expression, ...]:
    return tuple(each.expression for each in read)


def _worked_out(
    expression: Expression, context: Context, digits: int | None = 0, kind: Kind = Kind.NUMBER
) -> Meant:
    """The expression with how far it reaches, which its columns' types say."""

    def known(name: str) -> Reach:
        column = context.columns.known[name]
        assert column is not None, "only understood columns are in an expression"
        return reach_of_type(column.type)

    return Meant(expression, kind, reach_of(expression, known), digits)


def _are_numbers(
    operands: Sequence[nodes.Expression], read: Sequence[Meant], context: Context
) -> bool:
    return _are(Kind.NUMBER, operands, read, "only numbers are calculated with like this", context)


def _are(
    kind: Kind,
    operands: Sequence[nodes.Expression],
    read: Sequence[Meant],
    title: str,
    context: Context,
) -> bool:
    """Whether the operands are of one kind; the first that is not is complained about."""
    for node, each in zip(operands, read, strict=False):
        if each.kind is not kind:
            _refuse(context, title, node, f"this is {each.kind.value}")
            return False
    return True


def _refuse(
    context: Context,
    title: str,
    node: nodes.Expression,
    label: str,
    *,
    near: str | None = None,
    way_out: str = "",
) -> None:
    span = context.at(node.at)
    helps = replacing(span, node.text, near) if isinstance(node, Literal) else ()
    if way_out:
        helps = (*helps, decision(way_out))
    context.error("GAP045", title, Label(span, label), helps=helps)
