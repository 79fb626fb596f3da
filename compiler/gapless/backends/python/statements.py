"""Conditions and function heads as lines, broken where the usual formatters break them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gapless.backends.python.conditions import Comparison, Condition, Junction
from gapless.backends.python.layout import STEP, Group, lay
from gapless.backends.python.text import WIDTH, width, wrapped


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
    if width(line) <= WIDTH:
        return [line]
    if isinstance(condition, Comparison):
        first, *others = condition.parts
        return [f"{indent}{before}{first}", *(f"{indent}{part}" for part in others)]
    return [f"{indent}{before}(", *_broken(condition, depth + 1), f"{indent})"]


def _within(line: str, parts: tuple[str, ...], indent: str) -> list[str]:
    if width(indent + line) <= WIDTH:
        return [indent + line]
    return [indent + part for part in parts]


def _hugging(condition: Condition, depth: int) -> list[str]:
    """A call, or one of two operands with brackets: broken inside those, where the rest fits outside."""
    indent = STEP * depth
    if isinstance(condition, Comparison) and condition.parts[-1].endswith(")"):
        name, inside = _within_brackets(condition, "", depth + 1)
        return [f"{indent}if {name}(", *inside, f"{indent}):"]
    if not isinstance(condition, Junction) or len(condition.operands) != 2:
        return []
    word = condition.word
    one, other = condition.operands
    if spelt(other, word).endswith(")"):
        name, inside = _within_brackets(other, word, depth + 1)
        lines = [f"{indent}if {spelt(one, word)} {word} {name}(", *inside, f"{indent}):"]
    elif isinstance(one, Junction):
        _, inside = _within_brackets(one, word, depth + 1)
        lines = [f"{indent}if (", *inside, f"{indent}) {word} {spelt(other, word)}:"]
    else:
        return []
    return lines if all(width(line) <= WIDTH for line in lines) else []


def _within_brackets(condition: Condition, word: str, depth: int) -> tuple[str, list[str]]:
    """What stands before the brackets of an operand, and the lines within them."""
    if isinstance(condition, Junction):
        line = f"{STEP * depth}{spelt(condition)}"
        return "", [line] if width(line) <= WIDTH else _broken(condition, depth)
    name, _, inside = spelt(condition, word).partition("(")
    return name, [f"{STEP * depth}{inside[:-1]}"]
