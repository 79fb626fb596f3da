"""Statements and conditions of generated code as lines, broken where the usual formatters break them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.domain.partition import Axis, Other, bits
from gapless.backends.code.layout import STEP, Group, lay
from gapless.backends.code.text import WIDTH, width, wrapped

Number: TypeAlias = int | Decimal | date


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` are where it may be broken: `setting`, `== "hospital"`; `members` follow an `in`."""

    parts: tuple[str, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by `and` or `or`, at least two."""

    word: str
    operands: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Junction


class Side(NamedTuple):
    """A column that is compared with another: its name in the code, and whether it may be missing."""

    name: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """A column under test: its axis, its name in the code, and the values that its author wrote."""

    axis: Axis
    name: str
    written: frozenset[Number]
    sides: tuple[Side, ...] = ()
    """The two columns, where it is asked how one stands to the other; then `members`, if these are a list's."""
    members: tuple[str, ...] = ()

    @property
    def inner(self) -> object:
        """The type of its values that are there."""
        type = self.axis.column.type
        return type.present

    def holds(self, mask: int, other: Other) -> bool:
        """Whether the missing value, or any text that no rule names, is among the atoms `mask`."""
        return any(self.axis.atoms[number] is other for number in bits(mask))


def joined(word: str, conditions: Iterable[Condition]) -> Condition:
    """The conditions as one."""
    operands: list[Condition] = []
    for each in conditions:
        if isinstance(each, Junction) and each.word == word:
            operands.extend(each.operands)
        else:
            operands.append(each)
    return operands[0] if len(operands) == 1 else Junction(word, tuple(operands))


def among(name: str, members: list[str]) -> Comparison:
    """That a column is one of some values, which are written out."""
    if len(members) == 1:
        return Comparison((name, f"== {members[0]}"))
    return Comparison((name, "in"), tuple(members))


def not_among(name: str, members: list[str]) -> Comparison:
    """That a column is none of some values."""
    if len(members) == 1:
        return Comparison((name, f"!= {members[0]}"))
    return Comparison((name, "not in"), tuple(members))


def function_head(name: str, parameters: Iterable[str], answer: str) -> list[str]:
    """`def name(parameters) -> answer:`."""
    return lay(Group(f"def {name}(", tuple(parameters), f") -> {answer}:"))


def docstring(paragraphs: Iterable[Sequence[str]], depth: int) -> list[str]:
    """A docstring; each paragraph is lines already made safe, the first one of them its summary."""
    indent = STEP * depth
    summary, *rest = [line for part in paragraphs if part for line in (*part, "")][:-1]
    quoted = f'{indent}"""{summary}"""'
    if not rest and width(quoted) <= WIDTH:
        return [quoted]
    # Formatters pull the last quotes up to a line that stands alone, whether or not they fit there.
    room = WIDTH if rest else WIDTH - 3
    lines = list(wrapped(summary, f'{indent}"""', indent, room))
    return [*lines, *(line for text in rest for line in _wrapped(text, indent)), f'{indent}"""']


def _wrapped(line: str, indent: str) -> Iterable[str]:
    """A line that hangs by what it is indented with, and one step more."""
    if not line:
        return [""]
    text = line.lstrip()
    hang = indent + " " * (len(line) - len(text))
    return wrapped(text, hang, hang + STEP * (hang != indent))


def if_lines(condition: Condition, depth: int) -> list[str]:
    """`if condition:`, on one line or with one operand a line."""
    indent = STEP * depth
    line = f"{indent}if {spelt(condition)}:"
    if width(line) <= WIDTH:
        return [line]
    return _hugging(condition, depth) or [
        f"{indent}if (",
        *_broken(condition, depth + 1),
        f"{indent}):",
    ]


def spelt(condition: Condition, within: str = "") -> str:
    """The condition on one line, in brackets where it stands within another junction."""
    match condition:
        case Comparison(parts, ()):
            return " ".join(parts)
        case Comparison(parts, members):
            return f"{' '.join(parts)} ({', '.join(members)})"
        case Junction(word, operands):
            text = f" {word} ".join(spelt(each, word) for each in operands)
            return f"({text})" if within else text
    assert_never(condition)


def _broken(condition: Condition, depth: int) -> list[str]:
    """The condition over several lines, each of which begins with its operator."""
    match condition:
        case Comparison():
            return _operand(condition, "", "", depth)
        case Junction(word, operands):
            first, *others = operands
            lines = _operand(first, "", word, depth)
            return [
                *lines,
                *(each for o in others for each in _operand(o, f"{word} ", word, depth)),
            ]
    assert_never(condition)


def _operand(condition: Condition, before: str, within: str, depth: int) -> list[str]:
    indent = STEP * depth
    line = f"{indent}{before}{spelt(condition, within)}"
    if width(line) <= WIDTH:
        return [line]
    match condition:
        case Comparison(parts, ()):
            first, *others = parts
            return [f"{indent}{before}{first}", *(f"{indent}{part}" for part in others)]
        case Comparison((name, word), _):
            inner = _within_brackets(condition, depth + 1)
            return [f"{indent}{before}{name}", f"{indent}{word} (", *inner, f"{indent})"]
        case _:
            whole = f"{STEP * (depth + 1)}{spelt(condition)}"
            inside = [whole] if width(whole) <= WIDTH else _broken(condition, depth + 1)
            return [f"{indent}{before}(", *inside, f"{indent})"]


def _hugging(condition: Condition, depth: int) -> list[str]:
    """A condition, or one or both of two operands, with brackets: broken inside those, if the rest fits."""
    for lines in _broken_within(condition, depth):
        if all(width(line) <= WIDTH for line in lines):
            return lines
    return []


def _broken_within(condition: Condition, depth: int) -> Iterator[list[str]]:
    """The ways to do so, best first."""
    indent = STEP * depth
    match condition:
        case Comparison() if _is_bracketed(condition):
            head = f"{indent}if {_before_brackets(condition)}("
            yield [head, *_within_brackets(condition, depth + 1), f"{indent}):"]
        case Junction(word, (one, other)):
            if _is_bracketed(other):
                head = f"{indent}if {spelt(one, word)} {word} {_before_brackets(other)}("
                yield [head, *_within_brackets(other, depth + 1), f"{indent}):"]
            before, bracket, behind = spelt(other, word).partition("(")
            if isinstance(one, Junction) and bracket:
                given, _, end = behind.rpartition(")")
                head = f"{indent}if {spelt(one, word)} {word} {before}("
                yield [head, f"{indent}{STEP}{given}", f"{indent}){end}:"]
            if isinstance(one, Junction):
                rest = f"{indent}) {word} {spelt(other, word)}:"
                yield [f"{indent}if (", *_within_brackets(one, depth + 1), rest]
            if isinstance(one, Junction) and isinstance(other, Junction):
                inner = [_within_brackets(each, depth + 1) for each in (one, other)]
                yield [f"{indent}if (", *inner[0], f"{indent}) {word} (", *inner[1], f"{indent}):"]


def _is_bracketed(condition: Condition) -> bool:
    """Whether an operand ends with a bracket: a junction, a list of members, a call."""
    return spelt(condition, "and").endswith(")")


def _before_brackets(condition: Condition) -> str:
    if isinstance(condition, Junction):
        return ""
    return spelt(condition).partition("(")[0]


def _within_brackets(condition: Condition, depth: int) -> list[str]:
    indent = STEP * depth
    match condition:
        case Junction():
            line = f"{indent}{spelt(condition)}"
            return [line] if width(line) <= WIDTH else _broken(condition, depth)
        case Comparison(_, ()):
            return [f"{indent}{spelt(condition).partition('(')[2][:-1]}"]
        case Comparison(_, members):
            return [f"{indent}{member}," for member in members]
    assert_never(condition)
