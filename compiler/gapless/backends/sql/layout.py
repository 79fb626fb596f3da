"""A choice among values, and how it is written: `CASE` expressions, short ones on one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from gapless.analysis.domain.recursion import Unrolled, unroll

WIDTH = 96
DEEPEST = 16
"""From this column on nothing is indented further, so that deep trees stay small."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The first condition that holds decides; else `otherwise`."""

    whens: tuple[tuple[str, Written], ...]
    otherwise: Written


Written: TypeAlias = Choice | str
"""An expression: a choice still to be laid out, or text."""


def choose(whens: tuple[tuple[str, Written], ...], otherwise: Written) -> Written:
    """A choice, with that in its last branch drawn into it; none where there is nothing to ask."""
    if not whens:
        return otherwise
    if isinstance(otherwise, str):
        return Choice(whens, otherwise)
    return Choice((*whens, *otherwise.whens), otherwise.otherwise)


def lay(written: Written, column: int = 0) -> str:
    """The text of an expression that begins in a column."""
    return unroll(_laid(written, column))


def _laid(written: Written, column: int) -> Unrolled[str]:
    if isinstance(written, str):
        return written
    short = _in_one_line(written, WIDTH - column)
    return (yield _in_lines(written, column)) if short is None else short


def arms(written: Written) -> int:
    """How many conditions an expression has, in all its branches."""
    known: dict[int, int] = {}

    def count(part: Written) -> Unrolled[int]:
        if isinstance(part, str):
            return 0
        if id(part) not in known:
            inside = len(part.whens)
            for then in (*(then for _, then in part.whens), part.otherwise):
                inside += yield count(then)
            known[id(part)] = inside
        return known[id(part)]

    return unroll(count(written))


def _in_one_line(choice: Choice, room: int) -> str | None:
    """`CASE WHEN … END`, if it holds no other choice and there is room."""
    parts = ["CASE"]
    for condition, then in choice.whens:
        if not isinstance(then, str) or "\n" in condition:
            return None
        parts.append(f"WHEN {condition} THEN {then}")
    if not isinstance(choice.otherwise, str):
        return None
    parts.append(f"ELSE {choice.otherwise} END")
    line = " ".join(parts)
    return line if len(line) <= room and len(choice.whens) <= 3 else None


def _in_lines(choice: Choice, column: int) -> Unrolled[str]:
    inside = min(column + 2, DEEPEST)
    margin = " " * inside
    lines = ["CASE"]
    for condition, then in choice.whens:
        asked = _indented(condition, f"{margin}  ")
        lines.append(f"{margin}WHEN {asked} THEN{(yield _after(then, inside))}")
    lines.append(f"{margin}ELSE{(yield _after(choice.otherwise, inside))}")
    lines.append(f"{' ' * column}END")
    return "\n".join(lines)


def _indented(condition: str, margin: str) -> str:
    """Further lines of a condition set in; a line break within quotes is part of what is quoted."""
    return re.sub(
        r"""'[^']*'|"[^"]*"|`[^`]*`|\n""",
        lambda found: f"\n{margin}" if found[0] == "\n" else found[0],
        condition,
    )


def _after(written: Written, column: int) -> Unrolled[str]:
    """What follows THEN or ELSE: on the same line, or a choice on lines of its own."""
    if isinstance(written, str):
        return f" {written}"
    inside = min(column + 2, DEEPEST)
    return f"\n{' ' * inside}{(yield _laid(written, inside))}"
