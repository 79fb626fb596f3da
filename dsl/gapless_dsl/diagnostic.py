"""What a finding is: one cause, one place, one thing to do.

The words live with the check that finds the fault; only the shape lives here, and the layout in
`gapless.report`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeAlias

from gapless_dsl.source import Span


class Severity(StrEnum):
    """How much a finding matters: an error stops `build`, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Repair(StrEnum):
    """Who can carry out a help: anyone, mechanically, or only the author, who decides."""

    MECHANICAL = "mechanical"
    DECISION = "your decision"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what is to be said of it; the first label of a diagnostic is the guilty one."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of the text in `span`; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Help:
    """One thing to do. `lines` are whole lines of the language to add, shown with a `+`."""

    repair: Repair
    text: str
    edits: tuple[Edit, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How big a finding is: `cases` of the `total` cases of its table."""

    cases: int
    total: int


Witness: TypeAlias = tuple[tuple[str, str], ...] | None
"""One case: (column, value as written in the language), every input named; None where none is shown."""


@dataclass(frozen=True, slots=True)
class Region:
    """One box of inputs as the author would write it: (column, cell text), constrained columns only.

    `cases` is None where they are not counted: columns follow from others, and not all happen.
    `witness` is one case in it, None where none was found, nor a proof that there is none. `rules` are
    those that meet there, where a finding is about that.
    """

    cells: tuple[tuple[str, str], ...]
    cases: int | None
    witness: Witness = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is stable and has a page in `docs/errors/`; `title` is one line without a full stop;
    `subject` is where the reader finds it, such as `table fee, rule heavy, column weight`;
    `witness` is one concrete case; `regions` say exactly which inputs are concerned.
    """

    code: str
    severity: Severity
    title: str
    labels: tuple[Label, ...]
    subject: str = ""
    notes: tuple[str, ...] = ()
    helps: tuple[Help, ...] = ()
    size: Size | None = None
    witness: Witness = None
    regions: tuple[Region, ...] = ()

    @property
    def span(self) -> Span:
        return self.labels[0].span


def error(
    code: str,
    title: str,
    *labels: Label,
    subject: str = "",
    notes: tuple[str, ...] = (),
    helps: tuple[Help, ...] = (),
) -> Diagnostic:
    """An error; the first label is the guilty place."""
    return Diagnostic(code, Severity.ERROR, title, labels, subject, notes, helps)


def warning(
    code: str,
    title: str,
    *labels: Label,
    subject: str = "",
    notes: tuple[str, ...] = (),
    helps: tuple[Help, ...] = (),
) -> Diagnostic:
    """A warning; the first label is the guilty place."""
    return Diagnostic(code, Severity.WARNING, title, labels, subject, notes, helps)


def decision(text: str, *edits: Edit) -> Help:
    """A help that only the author can carry out, who decides."""
    return Help(Repair.DECISION, text, edits)


def mechanical(text: str, *edits: Edit) -> Help:
    """A help that anyone can carry out: it changes no meaning, or restores the only one intended."""
    return Help(Repair.MECHANICAL, text, edits)


def replacing(span: Span, typed: str, right: str | None) -> tuple[Help, ...]:
    """The help that puts `right` in the place of `typed`; none where nothing is clearly right."""
    if right is None:
        return ()
    return (mechanical(f"replace `{typed}` with `{right}`", Edit(span, right)),)


def to_decide(found: Diagnostic) -> Diagnostic:
    """The finding where its helps alone leave something wrong, or are no more than a guess."""
    helps = tuple(replace(each, repair=Repair.DECISION) for each in found.helps)
    return replace(found, helps=helps)


class Whole(Protocol):
    """A line's or cell's span, or an annotation: what can say where a part of it stands."""

    def within(self, start: int, end: int) -> Span: ...


def diagnostic_at(found: Diagnostic, whole: Whole, subject: str) -> Diagnostic:
    """A finding about one line or cell, placed from its first character, where that stands."""
    labels = tuple(Label(whole.within(*label.span[1:]), label.text) for label in found.labels)
    helps = tuple(
        replace(
            each,
            edits=tuple(Edit(whole.within(*edit.span[1:]), edit.text) for edit in each.edits),
        )
        for each in found.helps
    )
    return replace(found, subject=subject, labels=labels, helps=helps)
