"""Arithmetic as typed to arithmetic as meant: every name bound, kinds that go together, digits counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, assert_never

from gapless.model import (
    Constant,
    DateUnit,
    Elapsed,
    Expression,
    Operation,
    Operator,
    Rounded,
    RoundingMode,
    Shifted,
)
from gapless.model.intervals import reach_of
from gapless.resolve.commas import in_arithmetic
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.operands import Columns
from gapless.resolve.quantities import Kind, Quantity, quantity_of
from gapless.resolve.terms import Meant, term
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label, decision, error, replacing
from gapless_dsl.suggest import nearest

MODES: Mapping[str, RoundingMode] = {mode.value: mode for mode in RoundingMode}
MOST_DIGITS = 100
"""No number is rounded to more digits after the point, or before it."""


class Arithmetic(NamedTuple):
    """Reads expressions that may name `columns`; what is wrong goes to `found`."""

    columns: Columns
    site: Site
    found: Findings

    def read(self, node: nodes.Expression) -> Meant | None:
        """None where it is not to be understood, and was complained about."""
        match node:
            case nodes.Literal():
                return term(node, self.columns, self.site, self.found)
            case nodes.Call():
                return self.no(node, "a call", "cannot stand within arithmetic", _IN_A_LET)
            case nodes.Duration():
                return self.no(node, "a duration", "is added to a day or subtracted from one")
            case nodes.Operation(_, (operand,)):
                return self.signed(node, operand)
            case nodes.Operation("&", operands):
                return self.joined(operands)
            case nodes.Operation(_, (day, nodes.Duration() as duration)):
                return self.shifted(node, day, duration)
            case nodes.Operation(_, (left, right)):
                return self.calculated(node, left, right)
            case nodes.Operation():
                raise AssertionError("the grammar knows signs of one and of two operands")
            case nodes.Function():
                return self.function(node)
            case nodes.Rounding():
                return self.rounded(node)
            case nodes.Elapsed():
                return self.elapsed(node)
        assert_never(node)

    # ------------------------------------------------------------ operations

    def calculated(
        self, node: nodes.Operation, left: nodes.Expression, right: nodes.Expression
    ) -> Meant | None:
        read = self.each((left, right))
        if read is None:
            return None
        one, other = read
        if node.operator == "-" and {one.quantity.kind, other.quantity.kind} == {Kind.DAY}:
            return self.worked_out(Operation(Operator.SUBTRACT, _expressions(read)), read)
        if not self.all_numbers((left, right), read):
            return None
        digits = _digits(node.operator, one.quantity.digits, other.quantity.digits)
        operation = Operation(Operator(node.operator), _expressions(read))
        return self.worked_out(operation, read, digits)

    def signed(self, node: nodes.Operation, operand: nodes.Expression) -> Meant | None:
        read = self.each((operand,))
        if read is None or not self.all_numbers((operand,), read):
            return None
        if node.operator == "+":
            return read[0]
        zero = Constant(0)
        operation = Operation(Operator.SUBTRACT, (zero, read[0].expression))
        return self.worked_out(operation, read, read[0].quantity.digits)

    def joined(self, operands: Sequence[nodes.Expression]) -> Meant | None:
        read = self.each(operands)
        if read is None:
            return None
        for node, each in zip(operands, read, strict=True):
            if each.quantity.kind is not Kind.TEXT:
                kind = each.quantity.kind.value
                self.refuse("GAP045", "`&` joins texts", node, f"this is {kind}")
                return None
        return self.worked_out(Operation(Operator.JOIN, _expressions(read)), read, 0, Kind.TEXT)

    def function(self, node: nodes.Function) -> Meant | None:
        if divided := in_arithmetic(node.operands, self.site):
            self.found.extend(divided)
            return None
        read = self.each(node.operands)
        if read is None:
            return None
        operator = Operator(node.name)
        if operator is Operator.MAGNITUDE and len(read) != 1:
            self.refuse("GAP045", "`abs` takes one number", node, f"not {len(read)}")
            return None
        kinds = {each.quantity.kind for each in read}
        if kinds == {Kind.DAY} and operator is not Operator.MAGNITUDE:
            return self.worked_out(Operation(operator, _expressions(read)), read, 0, Kind.DAY)
        if not self.all_numbers(node.operands, read):
            return None
        digits = _most([each.quantity.digits for each in read])
        return self.worked_out(Operation(operator, _expressions(read)), read, digits)

    def rounded(self, node: nodes.Rounding) -> Meant | None:
        read = self.each((node.of,))
        digits = self.digits(node.digits)
        mode = MODES.get(node.mode.text)
        if mode is None:
            known = tuple(MODES)
            near = nearest(node.mode.text, known)
            self.refuse(
                "GAP045",
                f"`{node.mode.text}` is no way to round",
                node.mode,
                f"did you mean `{near}`?" if near else f"the ways are {listed(known)}",
                near=near,
            )
        if read is None or digits is None or mode is None:
            return None
        if not self.all_numbers((node.of,), read):
            return None
        return self.worked_out(Rounded(read[0].expression, digits, mode), read, max(digits, 0))

    def digits(self, node: nodes.Literal) -> int | None:
        if re.fullmatch(r"-?[0-9]{1,3}", node.text) and abs(int(node.text)) <= MOST_DIGITS:
            return int(node.text)
        self.refuse(
            "GAP045",
            f"`{node.text}` is no number of digits",
            node,
            "`2` keeps two digits after the point, `0` none, `-2` rounds to hundreds",
        )
        return None

    # ------------------------------------------------------------ days

    def shifted(
        self, node: nodes.Operation, day: nodes.Expression, duration: nodes.Duration
    ) -> Meant | None:
        read = self.each((day, duration.count))
        if read is None:
            return None
        start, count = read
        if start.quantity.kind is not Kind.DAY:
            kind = start.quantity.kind.value
            self.refuse("GAP045", "a duration is added to a day", day, f"this is {kind}")
            return None
        if not self.is_whole(duration.count, count) or node.operator not in ("+", "-"):
            return None
        expression = count.expression
        if node.operator == "-":
            expression = Operation(Operator.SUBTRACT, (Constant(0), expression))
        later = Shifted(start.expression, expression, DateUnit(duration.unit))
        return self.worked_out(later, read, 0, Kind.DAY)

    def elapsed(self, node: nodes.Elapsed) -> Meant | None:
        read = self.each((node.start, node.end))
        if read is None:
            return None
        for each, meant in zip((node.start, node.end), read, strict=True):
            if meant.quantity.kind is not Kind.DAY:
                kind = meant.quantity.kind.value
                self.refuse("GAP045", "time lies between two days", each, f"this is {kind}")
                return None
        start, end = _expressions(read)
        return self.worked_out(Elapsed(start, end, DateUnit(node.unit)), read)

    # ------------------------------------------------------------ what all share

    def each(self, operands: Sequence[nodes.Expression]) -> tuple[Meant, ...] | None:
        read = [self.read(each) for each in operands]
        understood = tuple(each for each in read if each is not None)
        return understood if len(understood) == len(read) else None

    def worked_out(
        self,
        expression: Expression,
        read: Sequence[Meant],
        digits: int | None = 0,
        kind: Kind = Kind.NUMBER,
    ) -> Meant:
        """The expression with how far it reaches, which its columns' types say."""

        def known(name: str) -> object:
            column = self.columns.known[name]
            assert column is not None, "only understood columns are in an expression"
            return quantity_of(column.type).reach

        return Meant(expression, Quantity(kind, reach_of(expression, known), digits))  # type: ignore[arg-type]

    def all_numbers(self, operands: Sequence[nodes.Expression], read: Sequence[Meant]) -> bool:
        for node, each in zip(operands, read, strict=True):
            if each.quantity.kind is not Kind.NUMBER:
                title = "only numbers are calculated with like this"
                self.refuse("GAP045", title, node, f"this is {each.quantity.kind.value}")
                return False
        return True

    def is_whole(self, node: nodes.Expression, count: Meant) -> bool:
        if count.quantity.kind is Kind.NUMBER and count.quantity.digits == 0:
            return True
        title = "a duration is a whole number of days, weeks, months or years"
        self.refuse("GAP045", title, node, "this may be a fraction of one")
        return False

    def no(self, node: nodes.Expression, what: str, why: str, way_out: str = "") -> None:
        self.refuse("GAP045", f"{what} {why}", node, "not here", way_out=way_out)

    def refuse(
        self,
        code: str,
        title: str,
        node: nodes.Expression,
        label: str,
        *labels: Label,
        near: str | None = None,
        way_out: str = "",
    ) -> None:
        span = self.site.at(node.at)
        helps = replacing(span, node.text, near) if isinstance(node, nodes.Literal) else ()
        if way_out:
            helps = (*helps, decision(way_out))
        self.found.append(
            error(code, title, Label(span, label), *labels, subject=self.site.subject, helps=helps)
        )


_IN_A_LET = "give it a `let` column of its own, and calculate with that"


def _expressions(read: Sequence[Meant]) -> tuple[Expression, ...]:
    return tuple(each.expression for each in read)


def _digits(operator: str, one: int | None, other: int | None) -> int | None:
    """How many digits after the point two numbers can make."""
    if operator == "/" or one is None or other is None:
        return None
    return one + other if operator == "*" else max(one, other)


def _most(digits: Sequence[int | None]) -> int | None:
    known = [each for each in digits if each is not None]
    return max(known) if len(known) == len(digits) else None
