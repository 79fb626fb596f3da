"""Short ways to write down what is wrong with one line or cell, placed from its first character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity
from gapless_dsl.lines import Line
from gapless_dsl.nodes import At
from gapless_dsl.source import Span


def complaint(
    code: str,
    title: str,
    at: At,
    label: str = "",
    *,
    notes: tuple[str, ...] = (),
    helps: tuple[Help, ...] = (),
) -> Diagnostic:
    labels = (Label(Span("", *at), label),)
    return Diagnostic(code, Severity.ERROR, title, labels, notes=notes, helps=helps)


def mend(text: str, *edits: tuple[At, str]) -> Help:
    """A help that anyone can carry out: each edit replaces what stands at its place."""
    return Help(Repair.MECHANICAL, text, tuple(Edit(Span("", *at), new) for at, new in edits))


def propose(text: str, *edits: tuple[At, str]) -> Help:
    """The same where only the author can say that it is meant."""
    return replace(mend(text, *edits), repair=Repair.DECISION)


def left_to_the_author(found: Diagnostic) -> Diagnostic:
    """The finding where its helps alone leave something wrong, or are no more than a guess."""
    helps = tuple(replace(each, repair=Repair.DECISION) for each in found.helps)
    return replace(found, helps=helps)


def if_read(found: Diagnostic, line: Line, wrong: Callable[[Line], bool]) -> Diagnostic:
    """The finding about a line; its helps are mechanical only if nothing is wrong where they are done."""
    for help_ in found.helps:
        text = line.text
        for edit in sorted(help_.edits, key=lambda each: each.span, reverse=True):
            start, end = edit.span.start - line.span.start, edit.span.end - line.span.start
            text = text[: max(start, 0)] + edit.text + text[end:]
        if help_.edits and wrong(line._replace(text=text.strip())):
            return left_to_the_author(found)
    return found


def decide(text: str, *lines: str) -> Help:
    """A help that only the author can carry out."""
    return Help(Repair.DECISION, text, lines=lines)
