"""Letters that no one can see, or that make a line look other than it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from gapless_dsl.complaint import complaint, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes import At
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.source import Source, Span

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BROKEN = "\ud800-\udfff"
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but for tabs and line ends
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\u2028\u2029"  # ends of a line or paragraph to some programs, and to others not
)
UNWELCOME = re.compile(f"[{_TURNING}{_BROKEN}{_HIDDEN}]|\r(?!\n)")
_IS_TURNING = re.compile(f"[{_TURNING}]")
_IS_BROKEN = re.compile(f"[{_BROKEN}]")


def cleaned(source: Source, problems: list[Diagnostic]) -> str:
    """The text with a blank for every unwelcome letter, so that all else keeps its place."""
    body = 1 if source.text.startswith("\ufeff") else 0  # a byte order mark may stand first
    if not UNWELCOME.search(source.text, body):
        return source.text
    problems.extend(_complaints(source, body))
    return source.text[:body] + UNWELCOME.sub(" ", source.text[body:])


def _complaints(source: Source, body: int) -> Iterator[Diagnostic]:
    """One for each line: what is wrong with the second letter is what was wrong with the first."""
    letters = UNWELCOME.finditer(source.text, body)
    for _, same in groupby(letters, lambda each: source.place(each.start()).line):
        first, *others = same
        start, end = first.span()
        more = [(each.start() - start, each.end() - start) for each in others]
        yield diagnostic_at(_complaint(first[0], more), Span(source.path, start, end), "")


def _complaint(letter: str, more: Sequence[At]) -> Diagnostic:
    name = _name(letter)
    if _IS_BROKEN.match(letter):
        note = "save the file as UTF-8"
        return complaint("GAP008", "the file is not UTF-8 here", (0, 1), name, notes=(note,))
    if _IS_TURNING.match(letter):
        title = "a character turns the text around it"
        notes = ("it makes a reader see another text than the compiler",)
    else:
        title = "a character that cannot be seen"
        notes = ("two texts that look alike would differ",)
    said = "delete them, all that stand in this line" if more else "delete it"
    helps = (mend(said, *((at, "") for at in ((0, 1), *more))),)
    return complaint("GAP008", title, (0, 1), name, notes=notes, helps=helps)


def _name(letter: str) -> str:
    from unicodedata import name

    number = f"U+{ord(letter):04X}"
    said = name(letter, "").lower()
    return f"{number}, {said}" if said else number
