"""How each small thing is written: words, values, arithmetic, cells, types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import assert_never

from gapless_dsl.lexis import quoted, spelled
from gapless_dsl.nodes.cells import (
    At,
    Call,
    Comparison,
    ConditionContent,
    Duration,
    Elapsed,
    Expression,
    Function,
    Literal,
    Operation,
    OutcomeContent,
    Part,
    Presence,
    Range,
    Rounding,
    Word,
)
from gapless_dsl.nodes.declarations import (
    Binding,
    EnumerationNode,
    GuardNode,
    LifeNode,
    MemberNode,
    ScalarNode,
    TypeNode,
    WrappedNode,
)

_SEAM = re.compile("[0-9],[0-9]")


def listed(those: Sequence[tuple[str, At]]) -> str:
    """`a, b`; but `1,000` stays as tight as it was typed, for it may have been meant as one number."""
    said = "".join(text for text, _ in those[:1])
    for (before, (_, end)), (text, (start, _)) in pairwise(those):
        tight = start == end + 1 and _SEAM.fullmatch(f"{before[-1:]},{text[:1]}")
        said += f"{',' if tight else ', '}{text}"
    return said


def titled(name: str, title: Word | None) -> str:
    return name if title is None else f"{name} {quoted(title.text)}"


def life(node: LifeNode | None) -> str:
    """What follows a table's name, with the blank before it."""
    if node is None:
        return ""
    by = f" by {node.by.text}" if node.by else ""
    return f" effective {node.low or ''}..{node.high or ''}{by}"


def guard(tests: Sequence[GuardNode]) -> str:
    """What a step ends with, with the blank before it."""
    said = []
    for each in tests:
        is_comparison = len(each.cell.content.either) == 1 and isinstance(
            each.cell.content.either[0], Comparison
        )
        sign = "" if is_comparison and not each.cell.content.neither else "= "
        said.append(f"{each.column.text} {sign}{condition(each.cell.content)}")
    return f" when {' and '.join(said)}" if said else ""


# ---------------------------------------------------------------- cells


def condition(content: ConditionContent) -> str:
    return listed(parts(content)) or "-"


def parts(content: ConditionContent) -> list[tuple[str, At]]:
    """The values of a condition as they are written, and where."""
    either = [(_part(part), _at(part)) for part in content.either]
    neither = [(_part(part), _at(part)) for part in content.neither]
    return [*either, *((f"not {text}", at) for text, at in neither[:1]), *neither[1:]]


def _at(part: Part) -> At:
    """Where it stands, without brackets: those of `[1..5]` are not printed."""
    low, high = (part.low, part.high) if isinstance(part, Range) else (None, None)
    return (low.at if low else part.at)[0], (high.at if high else part.at)[1]


def outcome(content: OutcomeContent) -> str:
    return listed(items(content)) or "[]"


def items(content: OutcomeContent) -> list[tuple[str, At]]:
    return [(expression(item), item.at) for item in content.items]


def _part(part: Part) -> str:
    match part:
        case Literal() | Presence():
            return _value(part)
        case Comparison(operator, operand):
            return f"{operator} {spelled(operand)}"
        case Range():
            return _range(part)
        case _:
            assert_never(part)


def _range(part: Range) -> str:
    low, high = (spelled(end) if end else "" for end in (part.low, part.high))
    if part.low_included and part.high_included:
        return f"{low}..{high}"
    if not low or not high:
        return f"> {low}" if low else f"< {high}"
    opening, closing = "[" if part.low_included else "(", "]" if part.high_included else ")"
    return f"{opening}{low}..{high}{closing}"


def _value(value: Literal | Presence) -> str:
    return value.state.value if isinstance(value, Presence) else spelled(value)


def binding(node: Binding) -> str:
    values = listed([(_value(value), value.at) for value in node.values])
    return f"{node.name.text} = [{values}]" if node.bracketed else f"{node.name.text} = {values}"


# ---------------------------------------------------------------- types


def type_(node: TypeNode) -> str:
    match node:
        case EnumerationNode(members, _, False):
            return " | ".join(member(each) for each in members)
        case EnumerationNode(members):
            return f"ordered {' < '.join(member(each) for each in members)}"
        case WrappedNode(wrapper, of):
            return f"{wrapper.value} {type_(of)}"
        case ScalarNode(name, digits, low, high):
            scale = f"({digits.text})" if digits else ""
            bounds = f" {low.text if low else ''}..{high.text if high else ''}"
            return f"{name.text}{scale}{bounds if low or high else ''}"
        case _:
            assert_never(node)


def member(node: MemberNode) -> str:
    return titled(spelled(node.name), node.label) + lived(node)


def lived(node: MemberNode) -> str:
    """What follows a member that is in force on some days only, with the blank before it."""
    ends = (("from", node.since), ("until", node.until))
    return "".join(f" {word} {day.text}" for word, day in ends if day)


# ---------------------------------------------------------------- arithmetic

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
