"""Characters that no one can see, or that make a line look other than it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, error, mechanical
from gapless_dsl.source import Source, Span

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BROKEN = "\ud800-\udfff"
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but for tabs and line ends
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\u2028\u2029"  # ends of a line or paragraph to some programs, and to others not
)
UNWELCOME = re.compile(f"[{_TURNING}{_BROKEN}{_HIDDEN}]|\r(?!\n)")


def without(source: Source, instead: str) -> str:
    """The text with `instead` for every unwelcome character; a blank, and all else keeps its place."""
    body = 1 if source.text.startswith("\ufeff") else 0  # a byte order mark may stand first
    return source.text[:body] + UNWELCOME.sub(instead, source.text[body:])


def hidden(source: Source) -> Iterator[Diagnostic]:
    """A finding for each line: what is wrong with the second character was wrong with the first."""
    letters = UNWELCOME.finditer(source.text, 1 if source.text.startswith("\ufeff") else 0)
    for _, same in groupby(letters, lambda each: source.place(each.start()).line):
        found = [*same]
        letter = found[0][0]
        spans = [Span(source.path, *each.span()) for each in found]
        name = Label(spans[0], _name(letter))
        if re.match(f"[{_BROKEN}]", letter):
            notes: tuple[str, ...] = ("save the file as UTF-8",)
            yield error("GAP008", "the file is not UTF-8 here", name, notes=notes)
            continue
        if re.match(f"[{_TURNING}]", letter):
            title = "a character turns the text around it"
            notes = ("it makes a reader see another text than the compiler",)
        else:
            title = "a character that cannot be seen"
            notes = ("two texts that look alike would differ",)
        said = "delete them, all that stand in this line" if len(spans) > 1 else "delete it"
        helps = (mechanical(said, *(Edit(span, "") for span in spans)),)
        yield error("GAP008", title, name, notes=notes, helps=helps)


def _name(letter: str) -> str:
    from unicodedata import name

    number = f"U+{ord(letter):04X}"
    said = name(letter, "").lower()
    return f"{number}, {said}" if said else number
