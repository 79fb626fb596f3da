"""Values that are read and cannot be meant, and fixes for lines and cells that cannot be read.

Fixes are for habits from elsewhere: nothing is offered unless the grammar can read it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from gapless_dsl import nodes
from gapless_dsl.diagnostic import (
    Diagnostic,
    Edit,
    Help,
    Label,
    Repair,
    decision,
    error,
    mechanical,
)
from gapless_dsl.grammar import SIGNS, Stop, read
from gapless_dsl.lexis import NAME, RESERVED
from gapless_dsl.recovery.habits import Kind, Offer, advice, offers
from gapless_dsl.source import stretch
from gapless_dsl.transformer import Head, Typed

Meant: TypeAlias = nodes.Part | nodes.Expression

_PROPER = {
    "missing": "it is no value to compare with",
    "present": "it stands in conditions only",
    "not": "it stands in conditions only, once, before the values",
    "impossible": "it stands alone in the outcomes",
    "draft": "it stands alone in the outcomes",
    "otherwise": "it stands alone in the conditions",
}


MOST_DEEP = 100
"""Nobody reads arithmetic that goes deeper, and what walks through it must come to an end."""


_BELOW_ZERO = re.compile(r"\(+\s*([0-9][0-9_]*(?:\.[0-9]+)?)\s*\)+")


def first_unusable(values: Iterable[Meant], text: str) -> Diagnostic | None:
    """A finding about the first of the values that a line or cell `text` says and that cannot be meant."""
    values = tuple(values)
    for value in values:
        if isinstance(value, nodes.Literal) and (found := in_brackets(text, value.at)) is not None:
            return found
    return first_reserved(values)


def in_brackets(text: str, at: nodes.At) -> Diagnostic | None:
    """GAP002, for `(4.90)`: a number below zero to accountants, and nothing of the kind to a compiler."""
    typed = text[slice(*at)]
    found = _BELOW_ZERO.fullmatch(typed)
    if found is None:
        return None
    title = f"`{typed}` may be a number below zero, or just a number"
    label = "a number stands without brackets"
    helps = (
        decision(f"write `-{found[1]}` for the one below zero", Edit(stretch(*at), f"-{found[1]}")),
        decision(f"or `{found[1]}`", Edit(stretch(*at), found[1])),
    )
    return error("GAP002", title, Label(stretch(*at), label), helps=helps)


def first_reserved(values: Iterable[Meant]) -> Diagnostic | None:
    """A finding about the first of them, or about arithmetic that is too deep to look for any."""
    for value in values:
        if _is_deep(value):
            label = "give its parts `let` columns of their own"
            title = f"arithmetic of more than {MOST_DEEP} steps within each other"
            return error("GAP002", title, Label(stretch(*value.at), label))
        if (found := _reserved_word(value)) is not None:
            return found
    return None


def _reserved_word(value: Meant) -> Diagnostic | None:
    match value:
        case nodes.Literal(text, at, False) if text in RESERVED:
            return _reserved(text, at, may_be_quoted=True)
        case nodes.Call(_, arguments):
            return first_reserved(arguments)
        case nodes.Operation(_, operands) | nodes.Function(_, operands):
            return _unquoted(first_reserved(operands))
        case nodes.Rounding(of) | nodes.Duration(of):
            return _unquoted(_reserved_word(of))
        case nodes.Elapsed(_, start, end):
            return _unquoted(first_reserved((start, end)))
        case nodes.Comparison(_, nodes.Literal(text, at, False)) if text in RESERVED:
            return _reserved(text, at, may_be_quoted=False)
        case nodes.Among(_, members):
            return first_reserved(members)
        case nodes.Together(parts):
            return first_reserved(parts)
        case nodes.Range(low, high):
            ends = (end for end in (low, high) if end and not end.quoted and end.text in RESERVED)
            return next((_reserved(end.text, end.at, may_be_quoted=False) for end in ends), None)
        case _:
            return None


def _unquoted(found: Diagnostic | None) -> Diagnostic | None:
    """Within arithmetic a word in quotes would be no better."""
    return replace(found, helps=()) if found is not None else None


def _is_deep(value: Meant) -> bool:
    """Looked at level by level: what is too deep cannot be walked through."""
    level: list[Meant] = [value]
    for _ in range(MOST_DEEP):
        level = [part for each in level for part in nodes.parts(each)]
        if not level:
            return False
    return True


def _reserved(text: str, at: nodes.At, *, may_be_quoted: bool) -> Diagnostic:
    title = f"`{text}` cannot stand here"
    if not may_be_quoted:
        return error("GAP002", title, Label(stretch(*at), "expected a number, a day or a time"))
    helps = (decision(f'write `"{text}"`, if the value is meant', Edit(stretch(*at), f'"{text}"')),)
    return error("GAP002", title, Label(stretch(*at), _PROPER[text]), helps=helps)


# ---------------------------------------------------------------- what a line or cell is, mended


_QUOTES = ((r"[“”„]", '"'), (r"'([^']*)'", r'"\1"'), (r"\s*;\s*", ", "), (r"\s*,\s*$|^\s*,\s*", ""))
_SPELLINGS = {
    "condition": (
        (r"^[-–—*]+$", "-"),
        (r"^(?:!=|<>|≠|!)\s*", "not "),
        (r"^==?\s*(?![<>])", ""),
        (r"=([<>])", r"\1="),
        (r"^not\s*\((.*)\)$", r"not \1"),
        (r"^not\s+(?=\S)", "not "),
        (r"^(not\s[^,]*),\s*not\s", r"\1, "),
        (r"^(-?[0-9]\S*)\s+-\s+(-?[0-9]\S*)$", r"\1..\2"),
        (r"^>=\s*(\S+)\s+(?:and|&+)\s+<=\s*(\S+)$", r"\1..\2"),
        (r"^>=\s*(\S+)\s+(?:and|&+)\s+<\s*(\S+)$", r"[\1..\2)"),
        (r"^>\s*(\S+)\s+(?:and|&+)\s+<=\s*(\S+)$", r"(\1..\2]"),
        (r"^>\s*(\S+)\s+(?:and|&+)\s+<\s*(\S+)$", r"(\1..\2)"),
        (r"^between\s+(.*?)\s+and\s+", r"\1.."),
        (r"\s*(?:\.\.\.|…|–|—|\bto\b|\bthrough\b)\s*", ".."),
        (r"\s+or\s+|\s+/\s+", ", "),
        *_QUOTES,
    ),
    "outcome": ((r"^==?\s*", ""), (r"^\[(.*)\]$", r"\1"), (r"\s+(?:and|&+)\s+", ", "), *_QUOTES),
}
_WRITTEN_IN = ("COLON", "EQUAL", "COMMA", "RPAR", "RSQB", "VBAR")
_WORDS = re.compile(r"\b(?i:to|through|and)\b|^(?!not\b)(?i:not)\b")
_OR = re.compile(r"(?i)\bor\b|/")
_NUMBERS = re.compile(r"[0-9]\.\.\S*[0-9]")
"""`door to door` may be a range of an ordered list, and `bread and butter` two values; or one text."""

_ASKED_NEXT = re.compile(r"(?i)\b(?:null|nil|nan|none|na)\b|\bn/a\b|[0-9],[0-9]")
"""What is asked about itself once the cell can be read."""

_OF_A_SET = re.compile(r"(?:any|all|none)\s+of\b|count\b")
"""Where `or` and a comma are not the same."""

_BRACKETED = re.compile(r"(?:not\s*|in\s*)?[\[({]", re.IGNORECASE)
"""A list as others write it, of which no part begins with a bracket."""

_SIGN = re.compile(r"[:=,;)\]|>]+")
_PLAIN_WORDS = re.compile(r"\s*['“]?\w[^\"|=<]*")
_NEXT_INPUT = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*\s*=")
_JOINED = re.compile(r"[\w.-]{2}")
_LAST_SIGN = re.compile(r"[:=,;|]+$")


def fixes_of_cell(start: str, text: str, kind: Kind | None = None) -> tuple[Help, ...]:
    """`kind` is what the cell's column holds, None where that is not known."""
    whole = stretch(0, len(text))
    has_texts = kind in (None, Kind.TEXT, Kind.LIST)
    in_quotes = _in_quotes(start, text) if has_texts else ()
    meant = [*_meant(start, text, kind)]
    also = tuple(map(decision, advice(start, text, kind)))
    if meant:
        habits = (decision(f"write `{new}`, {when}", Edit(whole, new)) for new, when in meant)
        return (*habits, *also, *(() if _BRACKETED.match(text) else in_quotes))
    if also:
        return (*also, *in_quotes)
    for changed in _respelled(start, text):
        if is_readable(start, changed):
            is_text = has_texts and _WORDS.search(text) and not _NUMBERS.search(changed)
            is_one = kind is Kind.TEXT and _OR.search(text)
            if is_text or is_one or _ASKED_NEXT.search(changed) or _OF_A_SET.match(changed):
                read_so = decision(f"write `{changed}`, if that is meant", Edit(whole, changed))
                return (read_so, *in_quotes)
            return (mechanical(f"write `{changed}`", Edit(whole, changed)),)
    return in_quotes


def _meant(start: str, text: str, kind: Kind | None) -> Iterator[Offer]:
    """What a habit stands for, spelled as the language has it."""
    told = set[str]()
    for new, when in offers(start, text, kind):
        spelled = (each for each in (new, *_respelled(start, new)) if is_readable(start, each))
        said = next(spelled, None)
        if said is not None and said != text and said not in told:
            told.add(said)
            yield Offer(said, when)


def _in_quotes(start: str, text: str) -> tuple[Help, ...]:
    quoted = ", ".join(_quoted(start, part.strip()) for part in text.split(","))
    return (decision(f"write `{quoted}` if that is meant"),) if is_readable(start, quoted) else ()


def _respelled(start: str, text: str) -> Iterator[str]:
    """Each spelling by itself, then one upon the other."""
    for pattern, instead in _SPELLINGS[start]:
        yield re.sub(pattern, instead, text, flags=re.IGNORECASE)
    for pattern, instead in _SPELLINGS[start]:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
        yield text


def _quoted(start: str, part: str) -> str:
    bare = part.removeprefix("not ")
    if '"' in part or "\\" in part or not bare or is_readable(start, part):
        return part
    return part[: len(part) - len(bare)] + f'"{bare}"'


def fixes_of_line(start: str, text: str, stop: Stop) -> tuple[Help, ...]:
    for at, new, said in _attempts(text, stop):
        if is_readable(start, text[: at[0]] + new + text[at[1] :]):
            help_ = mechanical(said, Edit(stretch(*at), new))
            if new.startswith('"') and stop.expected != {"STRING"}:  # words may mean something else
                meant = f"write {new}, if these words are a label"
                return (replace(help_, repair=Repair.DECISION, text=meant),)
            is_certain = new not in (",", "|") or at[0] < at[1] or _NEXT_INPUT.match(text, at[1])
            return (help_ if is_certain else replace(help_, repair=Repair.DECISION),)
    return ()


def _attempts(text: str, stop: Stop) -> Iterator[tuple[nodes.At, str, str]]:
    at = min(stop.at, len(text.rstrip()))
    signs = [SIGNS[each] for each in _WRITTEN_IN if each in stop.expected]
    found = _SIGN.match(text, at)
    if found:
        yield from ((found.span(), each, f"write `{each}` instead") for each in signs)
        if not _JOINED.match(text[found.start() - 1 : found.start()] + text[found.end() :]):
            yield found.span(), "", f"take `{found[0]}` away"
    yield from (((at, at), each, f"write `{each}` here") for each in signs)
    if last := _LAST_SIGN.search(text[:at]) if at == len(text.rstrip()) else None:
        yield last.span(), "", f"take `{last[0]}` away"
    if "STRING" in stop.expected and _PLAIN_WORDS.fullmatch(text, at):
        words = text[at:].strip().strip("'“”")
        yield (at, len(text)), f'"{words}"', "write it in quotes"


def fix_if_read(said: str, start: str, text: str, *edits: Edit) -> Help:
    """A fix; where something else in the line or cell is left to fix, for the author to carry out."""
    helps = mechanical if is_readable(start, edited(text, edits)) else decision
    return helps(said, *edits)


def edited(text: str, edits: Iterable[Edit], start: int = 0) -> str:
    """`text`, whose first character stands at `start`, with the edits carried out."""
    for (_, low, high), new in sorted(((each.span, each.text) for each in edits), reverse=True):
        text = text[: max(low - start, 0)] + new + text[high - start :]
    return text


def is_readable(start: str, text: str) -> bool:
    """Whether a line or cell can be read, with no word of the language where a value stands."""
    found = read(start, text)
    match found:
        case Stop():
            return False
        case nodes.ConditionContent(either, neither):
            return first_reserved((*either, *neither)) is None
        case nodes.OutcomeContent(items):
            return first_unusable(items, text) is None
        case Head(name) | Typed(name) | nodes.ColumnNode(name) | nodes.LetNode(name):
            return NAME.fullmatch(name.text) is not None
        case _:
            return True


# ---------------------------------------------------------------- columns that are meant


def where_columns_are_meant(found: Diagnostic, names: Collection[str]) -> Diagnostic:
    """A finding about `<> limit` or `== limit` where that is a column, and may be a value as well."""
    helps = [each for help_ in found.helps for each in _of_columns(help_, names)]
    return replace(found, helps=tuple(helps))


def _of_columns(help_: Help, names: Collection[str]) -> Iterator[Help]:
    new = help_.edits[0].text if len(help_.edits) == 1 else ""
    values = re.split(r"\s*,\s*", new.removeprefix("not "))
    column = next((value for value in values if value in names), None)
    if help_.repair is not Repair.MECHANICAL or column is None:
        yield help_
        return
    text = f"write `{new}`, if the value `{column}` is meant"
    yield replace(help_, repair=Repair.DECISION, text=text)
    if len(values) == 1:
        compared = f"{'!=' if new.startswith('not ') else '='} {column}"
        edit = replace(help_.edits[0], text=compared)
        yield Help(Repair.DECISION, f"or `{compared}` for the column", (edit,))
