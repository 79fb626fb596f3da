"""Conditions and function heads as lines, broken where the usual formatters break them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gapless.backends.python.conditions import Comparison, Condition, Junction
from gapless.backends.python.layout import STEP, Group, lay
from gapless.backends.python.text import WIDTH, wrapped


def function_head(name: str, parameters: Iterable[str], answer: str) -> list[str]:
    """`def name(parameters) -> answer:`."""
    return lay(Group(f"def {name}(", tuple(parameters), f") -> {answer}:"))


def docstring(paragraphs: Iterable[Sequence[str]], depth: int) -> list[str]:
    """A docstring; each paragraph is lines already made safe, the first one of them its summary."""
    indent = STEP * depth
    lines = [line for part in paragraphs if part for line in (*part, "")][:-1]
    if len(lines) == 1 and len(f'{indent}"""{lines[0]}"""') <= WIDTH:
        return [f'{indent}"""{lines[0]}"""']
    summary = list(wrapped(lines[0], f'{indent}"""', indent))
    rest = [line for text in lines[1:] for line in _wrapped(text, indent)]
    return [*summary, *rest, f'{indent}"""']


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
    if len(line) <= WIDTH:
        return [line]
    return _hugging(condition, indent) or [
        f"{indent}if (",
        *_broken(condition, depth + 1),
        f"{indent}):",
    ]


def spelt(condition: Condition, within: str = "") -> str:
    """The condition on one line, in brackets where it stands within another junction."""
    match condition:
        case Comparison(parts):
            return " ".join(parts)
        case Junction(word, operands):
            text = f" {word} ".join(spelt(each, word) for each in operands)
            return f"({text})" if within else text


def _broken(condition: Condition, depth: int) -> list[str]:
    """The condition over several lines, each of which begins with its operator."""
    indent = STEP * depth
    match condition:
        case Comparison(parts):
            return _within(" ".join(parts), parts, indent)
        case Junction(word, operands):
            first, *others = operands
            lines = _operand(first, "", word, depth)
            for each in others:
                lines += _operand(each, f"{word} ", word, depth)
            return lines


def _operand(condition: Condition, before: str, within: str, depth: int) -> list[str]:
    indent = STEP * depth
    line = f"{indent}{before}{spelt(condition, within)}"
    if len(line) <= WIDTH:
        return [line]
    if isinstance(condition, Comparison):
        first, *others = condition.parts
        return [f"{indent}{before}{first}", *(f"{indent}{part}" for part in others)]
    return [f"{indent}{before}(", *_broken(condition, depth + 1), f"{indent})"]


def _within(line: str, parts: tuple[str, ...], indent: str) -> list[str]:
    if len(indent + line) <= WIDTH:
        return [indent + line]
    return [indent + part for part in parts]


def _hugging(condition: Condition, indent: str) -> list[str]:
    """Of two operands, one in brackets: broken inside those, where the rest fits beside them."""
    if not isinstance(condition, Junction) or len(condition.operands) != 2:
        return []
    one, other = condition.operands
    for bracketed, before, after in (
        (other, f"{spelt(one, condition.word)} {condition.word} (", "):"),
        (one, "(", f") {condition.word} {spelt(other, condition.word)}:"),
    ):
        if isinstance(bracketed, Junction):
            lines = [f"{indent}if {before}", f"{indent}{STEP}{spelt(bracketed)}", indent + after]
            if all(len(line) <= WIDTH for line in lines):
                return lines
    return []
