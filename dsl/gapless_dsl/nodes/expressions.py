"""Arithmetic as typed: in outcome cells, and behind the `=` of computed columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from gapless_dsl.nodes.values import At, Call, Literal


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b`, `a - b`, `a * b`, `a / b`, `a & b`; with one operand, `-a`."""

    operator: str
    operands: tuple[Expression, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Function:
    """`min(a, b)`, `max(a, b, c)`, `abs(a)`."""

    name: str
    operands: tuple[Expression, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Rounding:
    """`round(a, 2, half up)`; digits and mode as typed, the mode's words divided by one blank."""

    of: Expression
    digits: Literal
    mode: Literal
    at: At


@dataclass(frozen=True, slots=True)
class Duration:
    """`30 days`; `unit` is `day`, `week`, `month` or `year`."""

    count: Expression
    unit: str
    at: At


@dataclass(frozen=True, slots=True)
class Elapsed:
    """`years between a and b`; `unit` is `day`, `week`, `month` or `year`."""

    unit: str
    start: Expression
    end: Expression
    at: At


Expression: TypeAlias = Literal | Call | Operation | Function | Rounding | Duration | Elapsed


def parts(meant: object) -> tuple[Expression, ...]:
    """What an expression is made of, one level down; nothing of anything else, nor of a call."""
    match meant:
        case Operation(_, operands) | Function(_, operands):
            return operands
        case Rounding(of) | Duration(of):
            return (of,)
        case Elapsed(_, start, end):
            return (start, end)
    return ()


def within(expression: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of; the arguments of a call are not."""
    yield expression
    for part in parts(expression):
        yield from within(part)
