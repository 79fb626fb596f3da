"""Short ways to write down what is wrong with one line or cell, placed from its first character."""

from __future__ import annotations

from dataclasses import replace

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity
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


def decide(text: str, *lines: str) -> Help:
    """A help that only the author can carry out."""
    return Help(Repair.DECISION, text, lines=lines)
