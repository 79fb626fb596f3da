"""How each small thing is written: words, values, cells, types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from gapless_dsl.arithmetic import expression
from gapless_dsl.commas import listed
from gapless_dsl.lexis import quoted, spelled
from gapless_dsl.nodes import (
    At,
    Binding,
    Comparison,
    ConditionContent,
    EnumerationNode,
    GuardNode,
    LifeNode,
    Literal,
    MemberNode,
    OutcomeContent,
    Part,
    Presence,
    Range,
    ScalarNode,
    TypeNode,
    Word,
    WrappedNode,
)


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
