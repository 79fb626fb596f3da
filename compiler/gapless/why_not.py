"""Why a case is not answered otherwise: the rules that lose, and the smallest change that changes the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gapless.analysis.many_cases import Said, Silence
from gapless.analysis.nearest_change import nearest_changes
from gapless.model import (
    Anything,
    Call,
    Column,
    Condition,
    HitPolicy,
    Items,
    Rule,
    RuleKind,
    Table,
    Value,
    precedence,
)
from gapless.run import Step, WorkedOut, arguments, put
from gapless.semantics import (
    Answered,
    Contradicted,
    Meaning,
    Trace,
    evaluate,
    holds,
    matches,
    trace,
)


class Tested(NamedTuple):
    """A condition and whether it holds in a case, which has all columns: it may compare its own with others."""

    column: Column
    condition: Condition
    case: Mapping[str, Value]
    holds: bool

    @property
    def value(self) -> Value:
        """The value that it met."""
        return self.case[self.column.name]


class Beaten(StrEnum):
    """By what a rule loses that applies."""

    FIRST = "first"
    PRIORITY = "priority"
    EXCEPTION = "over"
    IMPOSSIBLE = "impossible"
    AGREEING = "agrees"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Losing:
    """A rule that does not answer, all its conditions that ask something; if it applies, what beats it, and how."""

    rule: Rule
    conditions: tuple[Tested, ...]
    beaten: Beaten | None = None
    by: Rule | None = None

    @property
    def failed(self) -> int:
        """How many conditions do not hold."""
        return sum(not each.holds for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Asked:
    """A table that was asked on the way, with what, and the rules that lose there, the nearest first.

    `decides`: whether what is answered in the end rests on one of its rows.
    """

    table: Table
    inputs: Mapping[str, Value]
    decides: bool
    losing: tuple[Losing, ...]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A table that `caller` would have asked for a column, had the guard's conditions held."""

    table: Table
    caller: Table
    column: Column
    conditions: tuple[Tested, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Other values for some inputs, and what the table says then."""

    values: Mapping[str, Value]
    meaning: Meaning
    trace: Trace


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Of a case that means `meaning`. `changes` has the nearest one of each set of as few inputs as are needed.

    `given_up` has sets of no more inputs of which it was not found out whether they change the answer, with
    the first values for which that is so; where not `is_whole` there may be others.
    """

    meaning: Meaning
    asked: tuple[Asked, ...]
    unasked: tuple[Unasked, ...]
    changes: tuple[Change, ...]
    given_up: tuple[Mapping[str, Value], ...]
    is_whole: bool


def why_not(table: Table, inputs: Mapping[str, Value]) -> WhyNot:
    """All of it. What is told of a change is the reference meaning's; that nothing is nearer is proved."""
    answered = evaluate(table, inputs)
    before = said(answered)
    found = nearest_changes(table, inputs, before)
    changes = []
    for values in found.found:
        changed = {**inputs, **values}
        meaning = evaluate(table, changed)
        assert said(meaning) != before, "what changes an answer was known exactly"
        changes.append(Change(values, meaning, trace(table, changed)))
    met = [*_asked(table, inputs)]
    flowing = [row.table for row in trace(table, inputs).rows]
    asked = sorted(
        (each for each in met if isinstance(each, Asked)),
        key=lambda each: (
            not each.decides,
            flowing.index(each.table) if each.table in flowing else 0,
        ),
    )
    unasked = (each for each in met if isinstance(each, Unasked))
    return WhyNot(
        answered, tuple(asked), tuple(unasked), tuple(changes), found.given_up, found.is_whole
    )


def said(meaning: Meaning) -> Said:
    """What is compared: values, or how there are none."""
    return (
        meaning.values if isinstance(meaning, Answered) else Silence(type(meaning).__name__.lower())
    )


# ---------------------------------------------------------------- the tables on the way


def _asked(table: Table, inputs: Mapping[str, Value]) -> Iterator[Asked | Unasked]:
    """Every table with rows of its own that was asked, once for each case, and those that were not."""
    deciding = {row.table for row in trace(table, inputs).rows} or {evaluate(table, inputs).table}
    waiting = [(table, inputs)]
    seen: set[tuple[Table, tuple[Value, ...]]] = set()
    while waiting:
        asked, given = waiting.pop(0)
        key = (asked, tuple(given[column.name] for column in asked.inputs))
        if key in seen:
            continue
        seen.add(key)
        case = dict(given)
        calls: list[Call] = []
        guards = {let.column.name: let.guard for let in asked.lets}
        for step in put(asked, given).steps:
            match step:
                case WorkedOut(computation, value):
                    case[computation.column.name] = value
                case Step(column, call, None):
                    columns = {each.name: each for each in asked.columns}
                    tests = [(columns[name], cell) for name, cell in guards[column.name]]
                    yield Unasked(call.table, asked, column, tuple(_tested(tests, dict(case))))
                    case[column.name] = None
                case Step(column, call, meaning):
                    calls.append(call)
                    if isinstance(meaning, Answered):
                        case[column.name] = meaning.values[call.output]
        if all(column.name in case for column in asked.columns):
            winners = _winners(asked, case)
            calls += [call for number in winners for call in _called(asked.rules[number])]
            if not asked.is_decision and not asked.by_version:
                yield Asked(asked, given, asked in deciding, _losing(asked, case, winners))
        waiting += [(call.table, arguments(call, case)) for call in calls]


def _called(rule: Rule) -> Iterator[Call]:
    for outcome in rule.outcomes:
        value = outcome.value
        parts = value.items if isinstance(value, Items) else (value,)
        yield from (part for part in parts if isinstance(part, Call))


def _tested(
    cells: Iterable[tuple[Column, Condition]], case: Mapping[str, Value]
) -> Iterator[Tested]:
    """The cells that ask something."""
    for column, cell in cells:
        if cell.test != Anything():
            yield Tested(column, cell, case, holds(cell.test, case[column.name], case))


# ---------------------------------------------------------------- the rules of one table


def _winners(table: Table, case: Mapping[str, Value]) -> Sequence[int]:
    """The rules that make the answer, by number; of those that agree the first is the one that is named."""
    rules = table.rules
    applying = [number for number, rule in enumerate(rules) if matches(table, rule, case)]
    impossible = [number for number in applying if rules[number].kind is RuleKind.IMPOSSIBLE]
    if impossible:
        return impossible[:1]
    rows = [number for number in applying if rules[number].kind is not RuleKind.OTHERWISE]
    if rows and not table.policy.is_collecting:
        wins = precedence(table)
        beaten = {n for n in rows if any(wins.beats(other, n) for other in rows)}
        rows = sorted({*rows} - beaten, key=wins.places.__getitem__)
    return rows or applying


def _losing(table: Table, case: Mapping[str, Value], winners: Sequence[int]) -> tuple[Losing, ...]:
    """The rules that do not answer, those first of which the fewest conditions fail."""
    meaning = evaluate(table, {column.name: case[column.name] for column in table.inputs})
    contradicted = isinstance(meaning, Contradicted) and meaning.table is table
    are_all = table.policy.is_collecting or contradicted
    named = {*(winners if are_all else winners[:1])}
    found: list[Losing] = []
    for number, rule in enumerate(table.rules):
        if number not in named:
            tested = tuple(_tested(zip(table.columns, rule.conditions, strict=True), case))
            applies = all(each.holds for each in tested)
            beaten = _beaten(table, number, winners) if applies else (None, None)
            found.append(Losing(rule, tested, *beaten))
    return tuple(sorted(found, key=lambda each: (each.beaten is Beaten.OTHERWISE, each.failed)))


def _beaten(table: Table, number: int, winners: Sequence[int]) -> tuple[Beaten, Rule]:
    """How a rule loses that applies, and to which."""
    rules, first = table.rules, table.rules[winners[0]]
    if rules[number].kind is RuleKind.OTHERWISE:
        return Beaten.OTHERWISE, first
    if first.kind is RuleKind.IMPOSSIBLE:
        return Beaten.IMPOSSIBLE, first
    if number in winners:
        return Beaten.AGREEING, first
    wins = precedence(table)
    by = next(rules[winner] for winner in winners if wins.beats(winner, number))
    ways = {HitPolicy.FIRST: Beaten.FIRST, HitPolicy.PRIORITY: Beaten.PRIORITY}
    return ways.get(table.policy, Beaten.EXCEPTION), by
