"""How each small thing is written: words, values, cells, types."""

from __future__ import annotations

from typing import assert_never

from gapless_dsl.nodes import (
    Binding,
    Call,
    Comparison,
    ConditionContent,
    EnumerationNode,
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
from gapless_dsl.vocabulary import BARE, RESERVED


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def spelled(value: Word | Literal) -> str:
    """As the author spelled it, but in quotes where it must be."""
    bare = not value.quoted and value.text not in RESERVED and BARE.fullmatch(value.text)
    return value.text if bare else quoted(value.text)


def titled(name: str, title: Word | None) -> str:
    return name if title is None else f"{name} {quoted(title.text)}"


# ---------------------------------------------------------------- cells


def condition(content: ConditionContent) -> str:
    if content.is_any:
        return "-"
    either = [_part(part) for part in content.either]
    neither = ", ".join(_part(part) for part in content.neither)
    return ", ".join([*either, f"not {neither}"] if neither else either)


def outcome(content: OutcomeContent) -> str:
    return ", ".join(_item(item) for item in content.items) or "[]"


def _item(item: Literal | Presence | Call) -> str:
    return call(item) if isinstance(item, Call) else _value(item)


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


def call(node: Call) -> str:
    arguments = ", ".join(_value(each) for each in node.arguments)
    output = f".{node.output.text}" if node.output else ""
    return f"{node.table.text}({arguments}){output}"


def binding(node: Binding) -> str:
    values = ", ".join(_value(value) for value in node.values)
    return f"{node.name.text} = [{values}]" if node.bracketed else f"{node.name.text} = {values}"


# ---------------------------------------------------------------- types


def type_(node: TypeNode) -> str:
    match node:
        case EnumerationNode(members):
            return " | ".join(member(each) for each in members)
        case WrappedNode(wrapper, of):
            return f"{wrapper.value} {type_(of)}"
        case ScalarNode(name, digits, low, high):
            scale = f"({digits.text})" if digits else ""
            bounds = f" {low.text if low else ''}..{high.text if high else ''}"
            return f"{name.text}{scale}{bounds if low or high else ''}"
        case _:
            assert_never(node)


def member(node: MemberNode) -> str:
    return titled(spelled(node.name), node.label)
