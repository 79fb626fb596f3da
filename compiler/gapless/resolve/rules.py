"""The rows of a grid to rules; each different text of a column is read once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from gapless.model import (
    Anything,
    Call,
    Condition,
    Items,
    Outcome,
    OutcomeValue,
    Rule,
    RuleKind,
    Section,
    Test,
)
from gapless.resolve.calls import of_all
from gapless.resolve.conditions import condition
from gapless.resolve.exceptions import exceptions
from gapless.resolve.findings import Findings, Site
from gapless.resolve.header import BECAUSE, Layout
from gapless.resolve.outcomes import Sight, outcome
from gapless.resolve.reasons import NOTHING, Because, because
from gapless.resolve.rows import head, otherwise_is_alone, rule_names
from gapless.resolve.shelf import Shelf
from gapless.resolve.slots import Slot
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.nodes import Grid, Row, RowKind, TextCell
from gapless_dsl.source import Source, Span

ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the table in its grid: `slot` is None where the column is not understood, `place` where
    the grid leaves it out."""

    name: str
    slot: Slot | None
    place: int | None
    read: dict[str, Test] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An output's column in the grid, and the outcomes read in it before, each with where it stood."""

    name: str
    slot: Slot | None
    place: int | None
    read: dict[str, tuple[OutcomeValue, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is needed to read the rows of one table."""

    subject: str
    source: Source
    layout: Layout
    conditions: tuple[Field, ...]
    outcomes: tuple[Answer, ...]
    rest: tuple[Answer, ...]
    """The same for `otherwise`, which says what the table answers, and not what a row adds to it."""
    sight: Sight
    shelf: Shelf
    reasons: dict[str, Because] = field(default_factory=dict)


class Unaccounted(NamedTuple):
    """A row on which nothing rests, by its name and its first word."""

    name: str
    span: Span


class RulesRead(NamedTuple):
    """The rules that could be read, in the author's order, an `otherwise` last."""

    rules: tuple[Rule, ...]
    complete: bool
    unaccounted: tuple[Unaccounted, ...]
    """Those that cite nothing, where there are sources, and do not say that there is nothing to cite.

    Not rows of which a part could not be read: the reason may be what was lost.
    """
    cited: tuple[Section, ...]


def rules(grid: Grid, reading: Reading, found: Findings) -> RulesRead:
    names = rule_names(grid.rows, reading.subject, found)
    alone = otherwise_is_alone(grid.rows, names, reading.subject, reading.source, found)
    read: list[Rule] = []
    unaccounted: list[Unaccounted] = []
    cited: dict[Section, None] = {}
    if BECAUSE not in reading.layout.annotations:
        _refuse_no_because(grid, names, reading, found)
    over = exceptions(grid.rows, names, reading.layout.policy, reading.subject, found)
    may_cite = not reading.shelf.is_empty
    for row, name in zip(grid.rows, names, strict=True):
        reason = _reason(row, name, reading, found)
        cited.update(dict.fromkeys(reason.reason.citations))
        rule = _rule(row, name, reason, reading, found)
        if rule is not None:
            beaten = over.get(name, ()) if over else ()
            read.append(replace(rule, over=beaten) if beaten else rule)
        silent = may_cite and not reason.accounts and not _lacks_reason(row, reason)
        silent = silent and row.kind is not RowKind.DRAFT
        if silent and None not in row.conditions and None not in row.outcomes:
            unaccounted.append(Unaccounted(name, head(row)))
    complete = alone and over is not None and len(read) == len(grid.rows)
    read.sort(key=lambda rule: rule.kind is RuleKind.OTHERWISE)
    return RulesRead(tuple(read), complete, tuple(unaccounted), tuple(cited))


def _rule(row: Row, name: str, reason: Because, reading: Reading, found: Findings) -> Rule | None:
    conditions: tuple[Condition, ...] | None
    outcomes: tuple[Outcome, ...] | None
    if row.kind is RowKind.OTHERWISE:
        conditions = tuple(Condition(ANYTHING, "-", row.span) for _ in reading.conditions)
    else:
        conditions = _conditions(row, name, reading, found)
    unanswered = row.kind in (RowKind.IMPOSSIBLE, RowKind.DRAFT)
    outcomes = () if unanswered else _outcomes(row, name, reading, found)
    if conditions is None or outcomes is None:
        return None
    kind = RuleKind(row.kind)
    notes = _annotations(row, reading)
    return Rule(name, kind, conditions, outcomes, reason.reason, notes, row.span)


def _conditions(
    row: Row, name: str, reading: Reading, found: Findings
) -> tuple[Condition, ...] | None:
    """Every condition of a row, or None where one cannot be understood; all are looked at."""
    source = reading.source.text
    result: list[Condition] = []
    for column in reading.conditions:
        if column.place is None:
            result.append(Condition(ANYTHING, "-", row.span))
            continue
        cell = row.conditions[column.place]
        if cell is None or column.slot is None:
            continue
        span = cell.span
        typed = source[span.start : span.end].strip()
        test = column.read.get(typed)
        if test is None:
            before = len(found)
            site = Site(span, f"{reading.subject}, rule {name}, column {column.name}")
            test = condition(cell.content, column.slot, reading.sight.columns, site, found)
            if test is None:
                continue
            if len(found) == before:
                column.read[typed] = test
        result.append(Condition(test, typed, span))
    return tuple(result) if len(result) == len(reading.conditions) else None


def _outcomes(row: Row, name: str, reading: Reading, found: Findings) -> tuple[Outcome, ...] | None:
    result: list[Outcome] = []
    for column in reading.rest if row.kind is RowKind.OTHERWISE else reading.outcomes:
        cell = None if column.place is None else row.outcomes[column.place]
        if cell is None or column.slot is None:
            continue
        span = cell.span
        typed = text = reading.source.text[span.start : span.end].strip()
        known = None if cell.spans else column.read.get(typed)
        if known is not None:
            result.append(Outcome(_moved(known[0], span.start - known[1]), text, span))
            continue
        before = len(found)
        site = Site(span, f"{reading.subject}, rule {name}, column {column.name}")
        content = cell.content
        if cell.spans:
            picked = of_all(content, column.name, reading.sight.callees, site, found)
            if picked is None:
                return None
            content, text = picked, f"{text}.{column.name}"
        value = outcome(content, column.slot, reading.sight, site, found)
        if value is None and cell.spans:
            return None  # what is wrong with the call is wrong with it in every column
        if value is None:
            continue
        if len(found) == before and not cell.spans:
            column.read[typed] = (value, span.start)
        result.append(Outcome(value, text, span))
    return tuple(result) if len(result) == len(reading.outcomes) else None


Moved = TypeVar("Moved", bound=OutcomeValue)


def _moved(value: Moved, by: int) -> Moved:
    """The same outcome in another cell: a call knows where it stands."""
    match value:
        case Call(span=span):
            return replace(value, span=Span(span.path, span.start + by, span.end + by))
        case Items(items):
            return replace(value, items=tuple(_moved(item, by) for item in items))
    return value


def _annotations(row: Row, reading: Reading) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, cell.text)
        for name, at in reading.layout.annotations.items()
        if name != BECAUSE and (cell := row.annotations[at]) is not None
    )


def _reason(row: Row, name: str, reading: Reading, found: Findings) -> Because:
    place = reading.layout.annotations.get(BECAUSE)
    if place is None:
        return NOTHING
    cell = row.annotations[place]
    reason = NOTHING if cell is None else _because(cell, name, reading, found)
    if _lacks_reason(row, reason):
        found.append(_no_reason(row, name, reading))
    return reason


def _lacks_reason(row: Row, reason: Because) -> bool:
    return _needs_reason(row) and reason.is_empty


def _needs_reason(row: Row) -> bool:
    """Whether a row does more than answer its own cases: then it says why."""
    return row.kind in (RowKind.IMPOSSIBLE, RowKind.OTHERWISE) or bool(row.over)


def _because(cell: TextCell, name: str, reading: Reading, found: Findings) -> Because:
    known = reading.reasons.get(cell.text)
    if known is not None:
        return known
    before = len(found)
    reason = because(cell, reading.shelf, f"{reading.subject}, rule {name}", found)
    if len(found) == before:
        reading.reasons[cell.text] = reason
    return reason


def _refuse_no_because(
    grid: Grid, names: tuple[str, ...], reading: Reading, found: Findings
) -> None:
    """One column is missing, however many rows need it."""
    for row, name in zip(grid.rows, names, strict=True):
        if _needs_reason(row):
            header = Label(grid.header.span, "the grid has no `because` column")
            found.append(_no_reason(row, name, reading, header))
            return


def _no_reason(row: Row, name: str, reading: Reading, *others: Label) -> Diagnostic:
    word = str(row.kind)
    asks = "why can this not happen?"
    if row.kind is RowKind.OTHERWISE:
        asks = "why is one answer right for all that is left?"
    at = row.span.start + max(reading.source.text[row.span.start : row.span.end].find(word), 0)
    span, title = Span(row.span.path, at, at + len(word)), f"`{word}` gives no reason"
    if row.over:
        span, asks = row.over[0].span, "why is this not as usual?"
        title = f"`{name}` is an exception and gives no reason"
    return error(
        "GAP025",
        title,
        Label(span, asks),
        *others,
        subject=f"{reading.subject}, rule {name}",
        helps=(decision("say why in the `because` column"),),
    )
