"""Edits of a cell that goes on in the line below: between its two parts stand other cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Repair
from gapless_dsl.source import Source


def within_lines(
    found: Iterable[Diagnostic], sources: Mapping[str, Source]
) -> Iterator[Diagnostic]:
    """The findings; a help that would replace such a cell is left to the author, in words."""
    for each in found:
        if any(_is_divided(edit, sources) for help_ in each.helps for edit in help_.edits):
            each = replace(each, helps=tuple(_told(help_, sources) for help_ in each.helps))
        yield each


def _told(help_: Help, sources: Mapping[str, Source]) -> Help:
    if not any(_is_divided(edit, sources) for edit in help_.edits):
        return help_
    text = f"{help_.text}; the cell stands on several lines"
    return replace(help_, repair=Repair.DECISION, text=text, edits=())


def _is_divided(edit: Edit, sources: Mapping[str, Source]) -> bool:
    """Whether part of a row is replaced, and part of the next; whole rows may be."""
    text = sources[edit.span.path].text
    replaced = text[edit.span.start : edit.span.end].strip()
    if "\n" not in replaced or replaced.startswith("|"):
        return False
    line = text[text.rfind("\n", 0, edit.span.start) + 1 : edit.span.start]
    return line.lstrip().startswith("|")
