"""Mends for lines and cells that cannot be read: habits from elsewhere, respelled.

Nothing is offered unless the grammar can read it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gapless_dsl.complaint import decide, mend, propose
from gapless_dsl.diagnostic import Edit, Help, Repair
from gapless_dsl.expected import sign
from gapless_dsl.forms import ColumnPhrase, Headed, LetPhrase, Named, Typed
from gapless_dsl.grammar import Stop, read
from gapless_dsl.habits import respelled
from gapless_dsl.lexis import NAME
from gapless_dsl.nodes import At, ConditionContent, OutcomeContent
from gapless_dsl.reserved import not_to_be_meant, reserved_words
from gapless_dsl.source import Span

_QUOTES = ((r"[“”„]", '"'), (r"'([^']*)'", r'"\1"'), (r"\s*;\s*", ", "), (r"\s*,\s*$|^\s*,\s*", ""))
_SPELLINGS = {
    "condition": (
        (r"^[-–—*]+$", "-"),
        (r"^(?:!=|<>|≠|!)\s*", "not "),
        (r"^==?\s*(?![<>])", ""),
        (r"=([<>])", r"\1="),
        (r"^not\s*\((.*)\)$", r"not \1"),
        (r"^(not\s[^,]*),\s*not\s", r"\1, "),
        (r"^>=\s*(\S+)\s+(?:and|&+)\s+<=\s*(\S+)$", r"\1..\2"),
        (r"^>=\s*(\S+)\s+(?:and|&+)\s+<\s*(\S+)$", r"[\1..\2)"),
        (r"^>\s*(\S+)\s+(?:and|&+)\s+<=\s*(\S+)$", r"(\1..\2]"),
        (r"^>\s*(\S+)\s+(?:and|&+)\s+<\s*(\S+)$", r"(\1..\2)"),
        (r"^between\s+(.*?)\s+and\s+", r"\1.."),
        (r"\s*(?:\.\.\.|…|–|—|\bto\b|\bthrough\b)\s*", ".."),
        (r"\s+or\s+|\s+/\s+", ", "),
        *_QUOTES,
    ),
    "outcome": (
        (r"^==?\s*", ""),
        (r"^\[(.*)\]$", r"\1"),
        (r"\s+(?:and|&+)\s+", ", "),
        *_QUOTES,
    ),
}
_WRITTEN_IN = ("COLON", "EQUAL", "COMMA", "RPAR", "RSQB", "VBAR")
_WORDS = re.compile(r"\b(?:to|through|and)\b")
_NUMBERS = re.compile(r"[0-9]\.\.\S*[0-9]")
"""`door to door` may be a range of an ordered list, and `bread and butter` two values; or one text."""

_ASKED_NEXT = re.compile(r"(?i)\b(?:null|nil|nan|none|na)\b|\bn/a\b|[0-9],[0-9]")
"""What is asked about itself once the cell can be read."""

_SIGN = re.compile(r"[:=,;)\]|>]+")
_PLAIN_WORDS = re.compile(r"\s*['“]?\w[^\"|=<]*")
_NEXT_INPUT = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*\s*=")
_JOINED = re.compile(r"[\w.-]{2}")
_LAST_SIGN = re.compile(r"[:=,;|]+$")


def mended_cell(start: str, text: str) -> tuple[Help, ...]:
    new = respelled(start, text)
    if new is not None and readable(start, new):
        edit = Edit(Span("", 0, len(text)), new)
        habit = Help(Repair.DECISION, f"write `{new}`, if that is meant", (edit,))
        return (habit, *_in_quotes(start, text))
    for changed in _respelled(start, text):
        if readable(start, changed):
            whole = ((0, len(text)), changed)
            is_text = _WORDS.search(text) and not _NUMBERS.search(changed)
            if is_text or _ASKED_NEXT.search(changed):
                meant = propose(f"write `{changed}`, if that is meant", whole)
                return (meant, *_in_quotes(start, text))
            return (mend(f"write `{changed}`", whole),)
    return _in_quotes(start, text)


def _in_quotes(start: str, text: str) -> tuple[Help, ...]:
    quoted = ", ".join(_quoted(start, part.strip()) for part in text.split(","))
    return (decide(f"write `{quoted}` if that is meant"),) if readable(start, quoted) else ()


def _respelled(start: str, text: str) -> Iterator[str]:
    """Each spelling by itself, then one upon the other."""
    for pattern, instead in _SPELLINGS[start]:
        yield re.sub(pattern, instead, text)
    for pattern, instead in _SPELLINGS[start]:
        text = re.sub(pattern, instead, text)
        yield text


def _quoted(start: str, part: str) -> str:
    bare = part.removeprefix("not ")
    if '"' in part or "\\" in part or not bare or readable(start, part):
        return part
    return part[: len(part) - len(bare)] + f'"{bare}"'


def mended_line(start: str, text: str, stop: Stop) -> tuple[Help, ...]:
    for at, new, said in _attempts(text, stop):
        if readable(start, text[: at[0]] + new + text[at[1] :]):
            help_ = mend(said, (at, new))
            if new.startswith('"') and stop.expected != {"STRING"}:  # words may mean something else
                meant = f"write {new}, if these words are a label"
                return (replace(help_, repair=Repair.DECISION, text=meant),)
            is_certain = new not in (",", "|") or at[0] < at[1] or _NEXT_INPUT.match(text, at[1])
            return (help_ if is_certain else replace(help_, repair=Repair.DECISION),)
    return ()


def _attempts(text: str, stop: Stop) -> Iterator[tuple[At, str, str]]:
    at = min(stop.at, len(text.rstrip()))
    signs = [sign(each) or "" for each in _WRITTEN_IN if each in stop.expected]
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


def mend_if_read(said: str, start: str, text: str, *edits: tuple[At, str]) -> Help:
    """A mend; where something else in the line or cell is left to mend, for the author to carry out."""
    changed = text
    for (low, high), new in sorted(edits, reverse=True):
        changed = changed[:low] + new + changed[high:]
    return mend(said, *edits) if readable(start, changed) else propose(said, *edits)


def readable(start: str, text: str) -> bool:
    """Whether a line or cell can be read, with no word of the language where a value stands."""
    found = read(start, text)
    match found:
        case Stop():
            return False
        case ConditionContent(either, neither):
            return reserved_words((*either, *neither)) is None
        case OutcomeContent(items):
            return not_to_be_meant(items, text) is None
        case Named(name) | Headed(name) | Typed(name) | ColumnPhrase(name) | LetPhrase(name):
            return NAME.fullmatch(name.text) is not None
        case _:
            return True
