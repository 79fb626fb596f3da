"""Where lines break: on one line what fits there, else one item a line with a comma after each.

This is what the usual formatters do, so that they leave generated code as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from gapless.backends.code.text import WIDTH, pieces, string, width

STEP = "    "

_IS_CALL = re.compile(r"[\w\]]\($")


@dataclass(frozen=True, slots=True)
class Quote:
    """A string that may be cut into several; `head` goes before it, as in `reason=`."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Items in brackets: `head` ends with the opening one, `tail` begins with the closing one."""

    head: str
    items: tuple[Expression, ...]
    tail: str = ")"
    notes: tuple[str, ...] = ()
    """A comment beside each item; with any of them the items stand one a line."""


@dataclass(frozen=True, slots=True)
class Loop:
    """`item for each in found`, which may be broken before each of its parts."""

    parts: tuple[str, ...]


Expression: TypeAlias = str | Quote | Group | Loop


def items(*parts: Expression, head: str = "") -> Group:
    """A tuple."""
    return Group(f"{head}(", parts, ",)" if len(parts) == 1 else ")")


def flat(expression: Expression) -> str:
    """The expression on one line."""
    match expression:
        case str():
            return expression
        case Quote(head, text):
            return head + string(text)
        case Loop(parts):
            return " ".join(parts)
        case Group(head, parts, tail):
            return f"{head}{', '.join(flat(part) for part in parts)}{tail}"
    assert_never(expression)


def lay(expression: Expression, *, first: str = "", last: str = "", depth: int = 0) -> list[str]:
    """The lines of an expression between `first` and `last`, `depth` steps in."""
    indent = STEP * depth
    line = f"{indent}{first}{flat(expression)}{last}"
    if width(line) <= WIDTH and not (isinstance(expression, Group) and any(expression.notes)):
        return [line]
    match expression:
        case str():
            return [line]
        case Loop(parts):
            *others, end = parts
            return [*(f"{indent}{part}" for part in others), f"{indent}{end}{last}"]
        case Quote(head, text):
            return _cut(text, f"{indent}{first}{head}", last, depth)
        case Group(head, (), tail):
            return [line]
        case Group(head) if first.endswith("= ") and width(f"{indent}{first}{head}") > WIDTH:
            return _below(expression, first, last, depth)
        case Group(head, parts, tail, notes):
            return _one_a_line(Group(first + head, parts, tail, notes), depth, last)
    assert_never(expression)


def constant(name: str, kind: str, value: Expression) -> list[str]:
    """`name: Final[kind] = value`, broken where the usual formatters break it."""
    lines = lay(value, first=f"{name}: Final[{kind}] = ")
    if width(lines[0]) <= WIDTH:
        return lines
    return [f"{name}: Final[", f"{STEP}{kind}", *lay(value, first="] = ")]


def _below(group: Group, first: str, last: str, depth: int) -> list[str]:
    """A call whose name does not fit beside what it is given to: what it is a kind of goes below."""
    indent = STEP * depth
    name, _, kind = group.head.partition("[")
    if not kind:
        return [f"{indent}{first}(", *lay(group, depth=depth + 1), f"{indent}){last}"]
    rest = Group(kind[kind.rindex("]") :], group.items, group.tail, group.notes)
    broken = [f"{indent}{first}{name}[", f"{indent}{STEP}{kind[: kind.rindex(']')]}"]
    return [*broken, *_one_a_line(rest, depth, last)]


def _one_a_line(group: Group, depth: int, last: str) -> list[str]:
    """The items on lines of their own; those of a call or a head on one together, if they fit."""
    indent = STEP * depth
    inside = f"{indent}{STEP}{', '.join(map(flat, group.items))}"
    alone = group.head.startswith("def ") and len(group.items) == 1  # keeps its comma
    is_call = _IS_CALL.search(group.head) and not alone and not any(group.notes)
    if is_call and width(inside) <= WIDTH:
        return [f"{indent}{group.head}", inside, f"{indent}{group.tail}{last}"]
    last_of_item = "" if isinstance(group.items[0], Loop) else ","  # a loop stands alone
    inner = [line for part in _noted(group) for line in _item(*part, last_of_item, depth + 1)]
    return [f"{indent}{group.head}", *inner, f"{indent}{group.tail.removeprefix(',')}{last}"]


def _noted(group: Group) -> Iterator[tuple[Expression, str]]:
    notes = group.notes or ("",) * len(group.items)
    yield from zip(group.items, notes, strict=True)


def _item(expression: Expression, note: str, last: str, depth: int) -> list[str]:
    lines = lay(expression, last=last, depth=depth)
    return [*lines[:-1], beside(lines[-1], note)] if note else lines


def beside(line: str, note: str) -> str:
    """A line and a comment, cut off where the line must end."""
    room = WIDTH - width(f"{line}  # ")
    if width(note) > room:
        while note and width(note) >= room:
            note = note[:-1]
        note = f"{note.rstrip()}…" if note else ""
    return f"{line}  # {note}" if note else line


def _cut(text: str, before: str, last: str, depth: int) -> list[str]:
    room = WIDTH - len(STEP) * (depth + 1)
    parts = pieces(text, room)
    if len(parts) == 1 and width(parts[0]) > room:
        return [f"{before}{parts[0]}{last}"]
    inner = (f"{STEP * (depth + 1)}{part}" for part in parts)
    return [f"{before}(", *inner, f"{STEP * depth}){last}"]
