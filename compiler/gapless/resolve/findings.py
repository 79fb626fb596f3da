"""How a finding of this pass is put together: its place, its labels and its mechanical repairs."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity
from gapless_dsl.nodes import At
from gapless_dsl.source import Span

Findings: TypeAlias = list[Diagnostic]
"""Where a function that reads something leaves its complaints, in the order it meets them."""


class Site(NamedTuple):
    """A stretch of text being read, and what readers call it: `table fee, rule heavy, column zone`."""

    span: Span
    subject: str = ""

    def at(self, at: At) -> Span:
        return self.span.within(*at)


def error(
    code: str,
    title: str,
    *labels: Label,
    subject: str = "",
    notes: tuple[str, ...] = (),
    helps: tuple[Help, ...] = (),
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, title, labels, subject, notes, helps)


def warning(
    code: str,
    title: str,
    *labels: Label,
    subject: str = "",
    notes: tuple[str, ...] = (),
    helps: tuple[Help, ...] = (),
) -> Diagnostic:
    return Diagnostic(code, Severity.WARNING, title, labels, subject, notes, helps)


def decision(text: str, *edits: Edit) -> Help:
    """What only the author can decide."""
    return Help(Repair.DECISION, text, edits)


def mechanical(text: str, *edits: Edit) -> Help:
    """What anyone may do, for it changes no meaning or restores the only one intended."""
    return Help(Repair.MECHANICAL, text, edits)


def replacing(span: Span, typed: str, right: str | None) -> tuple[Help, ...]:
    """The help that puts `right` in the place of `typed`; none where nothing is clearly right."""
    if right is None:
        return ()
    return (mechanical(f"replace `{typed}` with `{right}`", Edit(span, right)),)


def listed(words: tuple[str, ...], most: int = 8) -> str:
    """The words in backticks, as a sentence lists them, the first `most` of them."""
    shown = [f"`{word}`" for word in words[:most]]
    if len(words) > most:
        return f"{', '.join(shown)} and {len(words) - most} more"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)
