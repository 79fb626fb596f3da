"""What each rule of `grammar.lark` about arithmetic becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

from gapless_dsl.nodes import (
    At,
    Duration,
    Elapsed,
    Expression,
    Function,
    Literal,
    Operation,
    Rounding,
)
from gapless_dsl.tokens import literal

Found: TypeAlias = list[Any]


class Calculations:
    """One method per rule; `found` is what stands in it, in order."""

    def joined(self, found: Found) -> Operation:
        return Operation("&", tuple(found[::2]), _across(found[0], found[-1]))

    def operation(self, found: Found) -> Operation:
        left, sign, right = found
        return Operation(str(sign), (left, right), _across(left, right))

    def negated(self, found: Found) -> Expression:
        sign, operand = found
        at = (sign.start_pos, operand.at[1])
        if isinstance(operand, Literal) and sign == "-" and operand.text[0].isdigit():
            return Literal(f"-{operand.text}", at)
        return Operation(str(sign), (operand,), at)

    def bracketed(self, found: Found) -> Expression:
        opening, inner, closing = found
        return replace(inner, at=(opening.start_pos, closing.end_pos))  # type: ignore[no-any-return]

    def duration(self, found: Found) -> Duration:
        count, unit = found
        return Duration(count, str(unit).rstrip("s"), (count.at[0], unit.end_pos))

    def function(self, found: Found) -> Function:
        name, *operands, end = found
        return Function(str(name), tuple(operands), (name.start_pos, end.end_pos))

    def rounding(self, found: Found) -> Rounding:
        name, of, digits, one, other, end = found
        words, last = (f"{one} {other}", other) if other else (str(one), one)
        mode = Literal(words, (one.start_pos, last.end_pos))
        return Rounding(of, literal(digits), mode, (name.start_pos, end.end_pos))

    def elapsed(self, found: Found) -> Elapsed:
        unit, start, _, end = found
        return Elapsed(unit.split()[0].rstrip("s"), start, end, (unit.start_pos, end.at[1]))


def _across(first: Expression, last: Expression) -> At:
    return (first.at[0], last.at[1])
