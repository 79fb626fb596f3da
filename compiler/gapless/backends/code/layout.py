"""How generated Python is written down: the author's words made safe, and where lines break.

On one line what fits there; else brackets are opened, with words and numbers side by side in them and
whatever has brackets of its own one a line. Generated modules ask formatters to leave that as it is.

Of the author's words only letters that every reader sees are let through, by ranges written out here
rather than by the tables of the Python at hand, so that every version of Python writes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from gapless.model import Note

FORMATTED = "# fmt: off"
"""Said once, below the imports of a module."""

STEP = "    "

WORD = 8
"""A comment that must be cut to less than this is left out."""

_IS_CALL = re.compile(r"[\w\]]\($")

WIDTH = 88
"""How wide a line of generated code may be: what the usual linters take."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Control, bidirectional, zero-width and private letters, lone surrogates, odd spaces."""

_WIDE = re.compile(
    "[\u1100-\u115f\u231a\u231b\u23e9-\u23ec\u2614\u2615\u267f\u26a1\u2e80-\ua4cf\ua960-\ua97c"
    "\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff"
    "\U00016fe0-\U00018cff\U0001aff0-\U0001b2ff\U00020000-\U0003fffd]"
)

_LOOSE_QUOTE = re.compile(r'^"|"$|"(?=")|(?<=")"')
"""A quote that, with what stands beside it, could end a docstring."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(text: str) -> str:
    """`text` as a Python expression, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return quote + _UNSEEN.sub(_escape, escaped) + quote


def prose(text: str) -> str:
    """`text` for the inside of a docstring: one line, and nothing that ends or escapes it."""
    line = " ".join(text.split()).replace("\\", "\\\\")
    return _UNSEEN.sub(_escape, _LOOSE_QUOTE.sub('\\\\"', line))


def remark(text: str) -> str:
    """`text` for a comment: one line."""
    return _UNSEEN.sub(_escape, " ".join(text.split()))


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends its own way."""
    return text if not text or text[-1] in ".!?" else f"{text}."


def told(*notes: Note) -> Iterator[list[str]]:
    """Each note as a paragraph of a docstring, with the address where more of it stands."""
    for note in notes:
        text, address = prose(note.text), prose(note.address or "")
        if text or address:
            yield [": ".join(filter(None, (text, address))) if address else sentence(text)]


def wrapped(text: str, first: str, rest: str, room: int = WIDTH) -> Iterator[str]:
    """Lines of `text` no wider than `room`, where its words allow; `first` and `rest` lead them."""
    line, begun = first, False
    for word in text.split(" "):
        if begun and width(f"{line} {word}") > room:
            yield line
            line, begun = rest, False
        line = f"{line} {word}" if begun else f"{line}{word}"
        begun = True
    yield line


def width(text: str) -> int:
    """How many columns a text takes, where a letter takes one and an ideograph or a picture two."""
    return len(text) + len(_WIDE.findall(text))


def pieces(text: str, room: int) -> list[str]:
    """`text` cut between words into string literals of at most `room`, where its words allow."""
    found: list[str] = []
    line = ""
    for word in re.split(r"(?<= )(?=[^ ])", text):
        if line and width(string(line + word)) > room:
            found.append(line)
            line = ""
        line += word
    return [string(piece) for piece in (*found, line)]


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# ---------------------------------------------------------------- expressions


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
    """`item for each in found`, `this and that`: may be broken before each of its parts."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = str | Quote | Group | Loop


def items(*parts: Expression, head: str = "") -> Group:
    """A tuple."""
    return Group(f"{head}(", parts, ",)" if len(parts) == 1 else ")")


def led(before: str, expression: Expression) -> Expression:
    """The expression behind some words: `name=`, `key: `, `and `."""
    match expression:
        case str():
            return before + expression
        case Quote(head, text):
            return Quote(before + head, text)
        case Group(head, parts, tail, notes):
            return Group(before + head, parts, tail, notes)
        case Loop((first, *others)):
            return Loop((led(before, first), *others))
    raise AssertionError("a loop has parts")


def flat(expression: Expression) -> str:
    """The expression on one line."""
    match expression:
        case str():
            return expression
        case Quote(head, text):
            return head + string(text)
        case Loop(parts):
            return " ".join(map(flat, parts))
        case Group(head, parts, tail):
            return f"{head}{', '.join(map(flat, parts))}{tail}"
    assert_never(expression)


def lay(expression: Expression, *, first: str = "", last: str = "", depth: int = 0) -> list[str]:
    """The lines of an expression between `first` and `last`, `depth` steps in."""
    indent = STEP * depth
    line = f"{indent}{first}{flat(expression)}{last}"
    has_notes = isinstance(expression, Group) and any(expression.notes)
    if isinstance(expression, str) or (width(line) <= WIDTH and not has_notes):
        return [line]
    match expression:
        case Loop((start, *others)):
            every = (led(first, start), *others)
            ends = ("",) * len(others) + (last,)
            return [
                line
                for part, end in zip(every, ends, strict=True)
                for line in lay(part, last=end, depth=depth)
            ]
        case Quote(head, text):
            room = WIDTH - len(STEP) * (depth + 1)
            parts = pieces(text, room)
            if len(parts) == 1 and width(parts[0]) > room:
                return [line]
            inner = (f"{STEP * (depth + 1)}{part}" for part in parts)
            return [f"{indent}{first}{head}(", *inner, f"{indent}){last}"]
        case Group(head) if first.endswith("= ") and width(f"{indent}{first}{head}") > WIDTH:
            return [f"{indent}{first}(", *lay(expression, depth=depth + 1), f"{indent}){last}"]
        case Group(head, (_, *_), tail):
            inner_lines = _inside(expression, depth + 1)
            return [f"{indent}{first}{head}", *inner_lines, f"{indent}{tail.lstrip(',')}{last}"]
    return [line]


def _inside(group: Group, depth: int) -> list[str]:
    """The items of a group on lines of their own, a comma after each; words and numbers side by side."""
    indent = STEP * depth
    whole = f"{indent}{', '.join(map(flat, group.items))}"
    is_loop = len(group.items) == 1 and isinstance(group.items[0], Loop)
    is_together = _IS_CALL.search(group.head) or all(isinstance(each, str) for each in group.items)
    if is_together and not is_loop and not any(group.notes) and width(f"{whole},") <= WIDTH:
        return [f"{whole},"] if group.tail.startswith(",") else [whole]
    lines: list[str] = []
    is_open = False
    notes = group.notes or ("",) * len(group.items)
    for part, note in zip(group.items, notes, strict=True):
        beside_last = f"{lines[-1]} {flat(part)}," if is_open else ""
        is_short = isinstance(part, str | Quote) and not note
        if is_open and is_short and width(beside_last) <= WIDTH:
            lines[-1] = beside_last
            continue
        laid = lay(part, last="" if is_loop else ",", depth=depth)
        lines += [*laid[:-1], beside(laid[-1], note)] if note else laid
        is_open = is_short and len(laid) == 1
    return lines


def constant(name: str, kind: str, value: Expression) -> list[str]:
    """`name: Final[kind] = value`."""
    lines = lay(value, first=f"{name}: Final[{kind}] = ")
    if width(lines[0]) <= WIDTH:
        return lines
    return [f"{name}: Final[", f"{STEP}{kind}", *lay(value, first="] = ")]


def beside(line: str, note: str) -> str:
    """A line and a comment, cut off where the line must end; none where hardly a word would be left."""
    room = WIDTH - width(f"{line}  # ")
    if width(note) > room:
        note = note[: max(0, room)] if room >= WORD else ""
        while width(note) >= room > 0:
            note = note[:-1]
        note = f"{note.rstrip()}…" if note else ""
    return f"{line}  # {note}" if note else line


# ---------------------------------------------------------------- conditions


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


def joined(word: str, conditions: Iterable[Condition]) -> Condition:
    """The conditions as one."""
    operands: list[Condition] = []
    for each in conditions:
        if isinstance(each, Junction) and each.word == word:
            operands.extend(each.operands)
        else:
            operands.append(each)
    return operands[0] if len(operands) == 1 else Junction(word, tuple(operands))


def among(name: str, members: list[str], *, word: str = "in", sign: str = "==") -> Comparison:
    """That a column is one of some values, which are written out."""
    if len(members) == 1:
        return Comparison((name, f"{sign} {members[0]}"))
    return Comparison((name, word), tuple(members))


def not_among(name: str, members: list[str]) -> Comparison:
    """That a column is none of some values."""
    return among(name, members, word="not in", sign="!=")


def if_lines(condition: Condition, depth: int) -> list[str]:
    """`if condition:`, on one line or with one operand a line."""
    asked = _asked(condition)
    if isinstance(asked, Loop) and width(f"{STEP * depth}if {flat(asked)}:") > WIDTH:
        return lay(Group("if (", (asked,), "):"), depth=depth)
    return lay(asked, first="if ", last=":", depth=depth)


def _asked(condition: Condition, *, is_operand: bool = False) -> Expression:
    """The condition as an expression, in brackets where it stands within another junction."""
    match condition:
        case Comparison((part,), ()):
            name, bracket, given = part.removesuffix(")").partition("(")
            return Group(f"{name}(", (given,)) if bracket else part
        case Comparison(parts, ()):
            return Loop(parts)
        case Comparison(parts, members):
            return Group(f"{' '.join(parts)} (", members)
        case Junction(word, operands):
            first, *others = (_asked(each, is_operand=True) for each in operands)
            whole = Loop((first, *(led(f"{word} ", each) for each in others)))
            return Group("(", (whole,)) if is_operand else whole
    assert_never(condition)


# ---------------------------------------------------------------- statements


def import_lines(module: str, names: Sequence[str]) -> list[str]:
    """`from module import names`, on one line or with one name a line."""
    line = f"from {module} import {', '.join(names)}"
    if width(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"{STEP}{name}," for name in names), ")"]


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
    lines = wrapped(summary, f'{indent}"""', indent)
    return [*lines, *(line for text in rest for line in _wrapped(text, indent)), f'{indent}"""']


def _wrapped(line: str, indent: str) -> Iterable[str]:
    """A line that hangs by what it is indented with, and one step more."""
    if not line:
        return [""]
    text = line.lstrip()
    hang = indent + " " * (len(line) - len(text))
    return wrapped(text, hang, hang + STEP * (hang != indent))
