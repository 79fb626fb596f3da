"""The rows of a grid to rules; each different text of a column is read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

from gapless.model import (
    Anything,
    Call,
    Column,
    Condition,
    Items,
    Outcome,
    OutcomeValue,
    Rule,
    RuleKind,
    Test,
)
from gapless.resolve.calls import of_all
from gapless.resolve.citations import Because, Unaccounted, because, notice_unaccounted
from gapless.resolve.conditions import condition
from gapless.resolve.context import Context, Signature
from gapless.resolve.files import whole_line
from gapless.resolve.grid import BECAUSE, Layout, head
from gapless.resolve.hit_policies import added, exceptions
from gapless.resolve.literals import Slot, slot
from gapless.resolve.marks import Markable
from gapless.resolve.outcomes import outcome
from gapless_dsl.diagnostic import Edit, Help, Label, decision, mechanical
from gapless_dsl.nodes import (
    ConditionCell,
    Crosstab,
    Grid,
    OutcomeCell,
    Row,
    RowKind,
    TextCell,
    Word,
)
from gapless_dsl.source import Span

ANYTHING = Anything()
UNANSWERED = (RowKind.IMPOSSIBLE, RowKind.DRAFT)


@dataclass(frozen=True, slots=True)
class _Field:
    """A column of the table in its grid: `slot` is None where the column is not understood, `place`
    where the grid leaves it out. `read` are the cells read in it before, by their text."""

    name: str
    slot: Slot | None
    place: int | None
    conditions: dict[str, Test] = field(default_factory=dict)
    outcomes: dict[str, tuple[OutcomeValue, int]] = field(default_factory=dict)
    """Each with where it stood."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the rows of one table."""

    context: Context
    layout: Layout
    conditions: tuple[_Field, ...]
    outcomes: tuple[_Field, ...]
    rest: tuple[_Field, ...]
    """The same for `otherwise`, which says what the table answers, and not what a row adds to it."""
    answering: Markable
    """What a row that answers can mark."""
    unanswering: Markable
    """What another row can; in a crosstab the same, since its reason is that of a whole line."""
    reasons: dict[tuple[str, Markable], Because] = field(default_factory=dict)

    def rule(self, row: Row, name: str, reason: Because, over: tuple[str, ...]) -> Rule | None:
        context = self.context.under(f"rule {name}")
        conditions: tuple[Condition, ...] | None
        if row.kind is RowKind.OTHERWISE:
            conditions = tuple(Condition(ANYTHING, "-", row.span) for _ in self.conditions)
        else:
            conditions = self._conditions(row, context)
        outcomes = () if row.kind in UNANSWERED else self._outcomes(row, context)
        if conditions is None or outcomes is None:
            return None
        notes = tuple(
            (name, cell.text)
            for name, at in self.layout.annotations.items()
            if name != BECAUSE and (cell := row.annotations[at]) is not None
        )
        kind = RuleKind(row.kind)
        return Rule(name, kind, conditions, outcomes, reason.reason, notes, row.span, over)

    def _conditions(self, row: Row, context: Context) -> tuple[Condition, ...] | None:
        """Every condition of a row, or None where one cannot be understood; all are looked at."""
        result: list[Condition] = []
        for column in self.conditions:
            if column.place is None:
                result.append(Condition(ANYTHING, "-", row.span))
                continue
            cell = row.conditions[column.place]
            if cell is None or column.slot is None:
                continue
            test = column.conditions.get(cell.text)
            if test is None:
                before = len(context.found)
                here = context.under(f"column {column.name}", cell.span)
                test = condition(cell.content, column.slot, here)
                if test is None:
                    continue
                if len(context.found) == before:
                    column.conditions[cell.text] = test
            result.append(Condition(test, cell.text, cell.span))
        return tuple(result) if len(result) == len(self.conditions) else None

    def _outcomes(self, row: Row, context: Context) -> tuple[Outcome, ...] | None:
        result: list[Outcome] = []
        for column in self.rest if row.kind is RowKind.OTHERWISE else self.outcomes:
            cell = None if column.place is None else row.outcomes[column.place]
            if cell is None or column.slot is None:
                continue
            span, content = cell.span, cell.content
            text = cell.text
            known = None if cell.spans else column.outcomes.get(text)
            if known is not None:
                result.append(Outcome(_moved(known[0], span.start - known[1]), text, span))
                continue
            before = len(context.found)
            here = context.under(f"column {column.name}", span)
            if cell.spans:
                picked = of_all(content, column.name, here)
                if picked is None:
                    return None
                content, text = picked, f"{text}.{column.name}"
            value = outcome(content, column.slot, here)
            if value is None and cell.spans:
                return None  # what is wrong with the call is wrong with it in every column
            if value is None:
                continue
            if len(context.found) == before and not cell.spans:
                column.outcomes[text] = (value, span.start)
            result.append(Outcome(value, text, span))
        return tuple(result) if len(result) == len(self.outcomes) else None

    def reason(self, row: Row, name: str) -> Because:
        place = self.layout.annotations.get(BECAUSE)
        cell = None if place is None else row.annotations[place]
        of = self.unanswering if row.kind in UNANSWERED else self.answering
        known = Because() if cell is None else self.reasons.get((cell.text, of))
        if known is None:
            assert cell is not None
            before = len(self.context.found)
            known = because(cell, of, self.context.under(f"rule {name}"))
            if len(self.context.found) == before:
                self.reasons[cell.text, of] = known
        if place is not None and _lacks_reason(row, known):
            self.no_reason(row, name)
        return known

    def no_reason(self, row: Row, name: str, *others: Label) -> None:
        word = str(row.kind)
        asks = "why can this not happen?"
        if row.kind is RowKind.OTHERWISE:
            asks = "why is one answer right for all that is left?"
        at = row.span.start + max(self.context.text(row.span).find(word), 0)
        span, title = Span(row.span.path, at, at + len(word)), f"`{word}` gives no reason"
        if row.over:
            span, asks = row.over[0].span, "why is this not as usual?"
            title = f"`{name}` is an exception and gives no reason"
        helps = (decision("say why in the `because` column"),)
        here = self.context.under(f"rule {name}")
        here.error("GAP025", title, Label(span, asks), *others, helps=helps)


def rules(
    grid: Grid, plan: Layout, signature: Signature, context: Context
) -> tuple[tuple[Rule, ...], bool]:
    """The rules that could be read, in the author's order, an `otherwise` last; and whether these are all.

    `context` is about the table, and sees its condition columns.
    """
    names = _names(grid.rows, context)
    alone = _otherwise_is_alone(grid.rows, names, context)
    reader = _reader(plan, signature, context)
    if BECAUSE not in plan.annotations:
        # One column is missing, however many rows need it.
        needy = ((row, name) for row, name in zip(grid.rows, names, strict=True))
        first = next((each for each in needy if _needs_reason(each[0])), None)
        if first is not None:
            reader.no_reason(*first, Label(grid.header.span, "the grid has no `because` column"))
    over = exceptions(grid.rows, names, plan.policy, context)
    read: list[Rule] = []
    unaccounted: list[Unaccounted] = []
    for row, name in zip(grid.rows, names, strict=True):
        reason = reader.reason(row, name)
        rule = reader.rule(row, name, reason, over.get(name, ()) if over else ())
        if rule is not None:
            read.append(rule)
        # Not rows of which a part could not be read: the reason may be what was lost.
        lost = None in row.conditions or None in row.outcomes
        silent = not reason.accounts and not _lacks_reason(row, reason) and not lost
        if silent and row.kind is not RowKind.DRAFT and context.names.sources:
            unaccounted.append(Unaccounted(name, head(row), reason.silences))
    if unaccounted:
        notice_unaccounted(unaccounted, context)
    complete = alone and over is not None and len(read) == len(grid.rows)
    read.sort(key=lambda rule: rule.kind is RuleKind.OTHERWISE)
    return tuple(read), complete


def _reader(plan: Layout, signature: Signature, context: Context) -> _Reader:
    def fields(columns: Mapping[str, Column | None], at: Mapping[str, int]) -> tuple[_Field, ...]:
        return tuple(
            _Field(name, None if column is None else slot(column, context), at.get(name))
            for name, column in columns.items()
        )

    rest = fields(signature.outputs, plan.outcomes)
    adding = tuple(
        _Field(each.name, None if each.slot is None else added(each.slot, plan.policy), each.place)
        for each in rest
    )
    conditions = fields(context.columns.known, plan.conditions)
    markable = Markable(tuple(signature.outputs), signature.unread.union(plan.outcomes))
    other = markable if isinstance(signature.node.grid, Crosstab) else Markable()
    return _Reader(context, plan, conditions, adding, rest, markable, other)


Moved = TypeVar("Moved", bound=OutcomeValue)


def _moved(value: Moved, by: int) -> Moved:
    """The same outcome in another cell: a call knows where it stands."""
    match value:
        case Call(span=span):
            return replace(value, span=Span(span.path, span.start + by, span.end + by))
        case Items(items):
            return replace(value, items=tuple(_moved(item, by) for item in items))
    return value


def _lacks_reason(row: Row, reason: Because) -> bool:
    return _needs_reason(row) and reason.is_empty


def _needs_reason(row: Row) -> bool:
    """Whether a row does more than answer its own cases: then it says why."""
    return row.kind in (RowKind.IMPOSSIBLE, RowKind.OTHERWISE) or bool(row.over)


# ---------------------------------------------------------------- what rows owe each other


def _names(rows: Sequence[Row], context: Context) -> tuple[str, ...]:
    """The name of every row's rule: its own, or its number among the rows; all different."""
    first: dict[str, Word] = {}
    again: set[Span] = set()
    numbered: dict[str, Row] = {}
    names: list[str] = []
    taken = {row.name.text if row.name else str(at) for at, row in enumerate(rows, start=1)}
    for number, row in enumerate(rows, start=1):
        names.append(str(number) if row.name is None else row.name.text)
        if row.name is None:
            numbered[str(number)] = row
        elif row.kind is RowKind.OTHERWISE and row.name.text == RowKind.OTHERWISE:
            continue  # A second one is more than a name that is taken.
        elif row.name.text in first:
            # The rules of one row of a crosstab all have their name from the same cell.
            if row.name.span not in again:
                helps = _renamed(row.name, rows, taken, context)
                context.twice("rule", row.name, first[row.name.text], helps)
            again.add(row.name.span)
        else:
            first[row.name.text] = row.name
    for name, row in numbered.items():
        if name in first:
            label = f"a rule without a name is called by its number, {name}"
            labels = Label(first[name].span, "named so"), Label(head(row), label)
            context.error("GAP013", f"two rules are called `{name}`", *labels)
    return tuple(names)


def _renamed(
    again: Word, rows: Sequence[Row], taken: set[str], context: Context
) -> tuple[Help, ...]:
    """The next free name; for the author to take where others speak of the name that is there twice."""
    if context.text(again.span) != again.text:
        return ()  # the name of a crossing is made of its row's and its head's
    numbered = re.fullmatch(r"(.*?)([0-9]+)", again.text)
    stem, digits = numbered.groups() if numbered else (f"{again.text}_", "1")
    free = (f"{stem}{number:0{len(digits)}}" for number in count(int(digits) + 1))
    name = next(each for each in free if each not in taken)
    taken.add(name)
    is_told = any(word.text == again.text for row in rows for word in row.over)
    write = decision if is_told else mechanical
    return (write(f"call it `{name}`", Edit(again.span, name)),)


def _otherwise_is_alone(rows: Sequence[Row], names: Sequence[str], context: Context) -> bool:
    """Whether at most one row is an `otherwise`. One that is not last is complained about all the same."""
    every = [(at, row) for at, row in enumerate(rows) if row.kind is RowKind.OTHERWISE]
    if len(every) > 1:
        first, *others = (head(row) for _, row in every)
        labels = [Label(other, "what is left for this one?") for other in others]
        title = "a table has more than one `otherwise`"
        context.error("GAP026", title, *labels, Label(first, "the first one"))
        return False
    for at, row in every:
        if at < len(rows) - 1:
            after = rows[at + 1]
            dittos = any(cell and cell.ditto for each in (row, after) for cell in _cells(each))
            help_ = decision(
                "move it to the end, and write out what a `^` in it or below it repeats"
            )
            if not dittos:
                help_ = mechanical("move it to the end", *_move(row, rows[-1], context))
            context.error(
                "GAP026",
                "`otherwise` is not the last row",
                Label(head(row), "answers what no other row does, so it is read last"),
                Label(head(after), f"rule `{names[at + 1]}` comes after it"),
                helps=(help_,),
            )
    return True


def _cells(row: Row) -> tuple[ConditionCell | OutcomeCell | TextCell | None, ...]:
    return (*row.conditions, *row.outcomes, *row.annotations)


def _move(row: Row, last: Row, context: Context) -> tuple[Edit, Edit]:
    """It answers what is left wherever it stands, so moving it changes nothing."""
    line, below = (whole_line(each.span, context.source) for each in (row, last))
    end = below.start + len(context.text(below).rstrip())
    text = context.text(line).rstrip()
    return Edit(line, ""), Edit(Span(last.span.path, end, end), f"\n{text}")
