"""How arithmetic is written: blanks around every sign, brackets only where they are needed."""

from __future__ import annotations

from typing import assert_never

from gapless_dsl.commas import listed
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes import (
    Call,
    Duration,
    Elapsed,
    Expression,
    Function,
    Literal,
    Operation,
    Presence,
    Rounding,
)

_STRENGTH = {"&": 0, "+": 1, "-": 1, "*": 2, "/": 2}
_NEGATED, _ATOM = 3, 4


def expression(node: Expression | Presence, within: int = 0) -> str:
    """As it is written where what stands around it binds as strongly as `within`."""
    match node:
        case Presence(state):
            return state.value
        case Literal():
            return spelled(node)
        case Call():
            return call(node)
        case Operation(operator, (operand,)):
            return _bracketed(f"{operator}{expression(operand, _ATOM)}", _NEGATED, within)
        case Operation(operator, operands):
            strength = _STRENGTH[operator]
            first, *others = (
                expression(each, strength + (place > 0)) for place, each in enumerate(operands)
            )
            return _bracketed(f" {operator} ".join([first, *others]), strength, within)
        case Function(name, operands):
            return f"{name}({listed([(expression(each), each.at) for each in operands])})"
        case Rounding(of, digits, mode):
            return f"round({expression(of)}, {digits.text}, {mode.text})"
        case Duration(count, unit):
            plural = "" if isinstance(count, Literal) and count.text == "1" else "s"
            return f"{expression(count, _ATOM)} {unit}{plural}"
        case Elapsed(unit, start, end):
            return _bracketed(
                f"{unit}s between {expression(start, _ATOM)} and {expression(end, _ATOM)}",
                _ATOM,
                within,
            )
    assert_never(node)


def call(node: Call) -> str:
    arguments = listed([(expression(each), each.at) for each in node.arguments])
    output = f".{node.output.text}" if node.output else ""
    return f"{node.table.text}({arguments}){output}"


def _bracketed(text: str, strength: int, within: int) -> str:
    return f"({text})" if strength < within else text
