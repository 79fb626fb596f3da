"""Why a case is not answered otherwise: the rules that lose, and the smallest change that changes the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    losing = _losing(table, inputs)
    return WhyNot(answered, losing, tuple(changes), found.given_up, found.is_whole)


def said(meaning: Meaning) -> Said:
    """What is compared: values, or how there are none."""
    return (
        meaning.values if isinstance(meaning, Answered) else Silence(type(meaning).__name__.lower())
    )


# ---------------------------------------------------------------- the tables on the way


def _losing(table: Table, inputs: Mapping[str, Value]) -> tuple[Asked, ...]:
    """Every table with rows of its own that was asked, once for each case, those first that decide."""
    flowing = [row.table for row in trace(table, inputs).rows]
    meaning = evaluate(table, inputs)
    deciding = flowing or [meaning.table]
    met: dict[tuple[Table, tuple[Value, ...]], Asked] = {}
    for asked, case in _on_the_way(table, inputs):
        key = (asked, tuple(case[column.name] for column in asked.inputs))
        if key not in met and not asked.is_decision and not asked.by_version:
            given = {column.name: case[column.name] for column in asked.inputs}
            met[key] = Asked(asked, given, asked in deciding, _losers(asked, case))
    last = len(deciding)
    places = {each: place for place, each in reversed([*enumerate(deciding)])}
    return tuple(sorted(met.values(), key=lambda each: places.get(each.table, last)))


def _on_the_way(
    table: Table, inputs: Mapping[str, Value]
) -> Iterator[tuple[Table, Mapping[str, Value]]]:
    """The tables whose rules were asked, from the first; each with its inputs, and what it worked out."""
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
        for step in put(asked, given).steps:
            match step:
                case WorkedOut(computation, value):
                    case[computation.column.name] = value
                case Step(column, _, None):
                    case[column.name] = None
                case Step(column, call, meaning):
                    calls.append(call)
                    if isinstance(meaning, Answered):
                        case[column.name] = meaning.values[call.output]
        if all(column.name in case for column in asked.columns):
            calls += [call for rule in _winners(asked, case) for call in _called(rule)]
            yield asked, case
        waiting += [(call.table, arguments(call, case)) for call in calls]


def _called(rule: Rule) -> Iterator[Call]:
    for outcome in rule.outcomes:
        value = outcome.value
        parts = value.items if isinstance(value, Items) else (value,)
        yield from (part for part in parts if isinstance(part, Call))


# ---------------------------------------------------------------- the rules of one table


def _winners(table: Table, case: Mapping[str, Value]) -> Sequence[Rule]:
    """The rules that make the answer, the first of which is named where they agree."""
    applying = [n for n, rule in enumerate(table.rules) if matches(table, rule, case)]
    rules = table.rules
    impossible = [n for n in applying if rules[n].kind is RuleKind.IMPOSSIBLE]
    if impossible:
        return [rules[impossible[0]]]
    rows = [n for n in applying if rules[n].kind is not RuleKind.OTHERWISE]
    if rows and not table.policy.is_collecting:
        wins = precedence(table)
        rows = [n for n in wins.order if n in rows and not any(wins.beats(m, n) for m in rows)]
    return [rules[number] for number in rows or applying]


def _losers(table: Table, case: Mapping[str, Value]) -> tuple[Losing, ...]:
    """The rules that do not answer, those first of which the fewest conditions fail."""
    winners = _winners(table, case)
    meaning = evaluate(table, {column.name: case[column.name] for column in table.inputs})
    contradicted = isinstance(meaning, Contradicted) and meaning.table is table
    named = winners if table.policy.is_collecting or contradicted else winners[:1]
    losers = [_loser(table, rule, case, winners) for rule in table.rules if rule not in named]
    return tuple(sorted(losers, key=lambda each: (each.beaten is Beaten.OTHERWISE, each.failed)))


def _loser(table: Table, rule: Rule, case: Mapping[str, Value], winners: Sequence[Rule]) -> Losing:
    conditions = tuple(
        Tested(column, each, case, holds(each.test, case[column.name], case))
        for column, each in zip(table.columns, rule.conditions, strict=True)
        if each.test != Anything()
    )
    if rule.kind is RuleKind.OTHERWISE:
        return Losing(rule, conditions, Beaten.OTHERWISE, winners[0])
    if not all(each.holds for each in conditions):
        return Losing(rule, conditions)
    if winners[0].kind is RuleKind.IMPOSSIBLE:
        return Losing(rule, conditions, Beaten.IMPOSSIBLE, winners[0])
    if rule in winners:
        return Losing(rule, conditions, Beaten.AGREEING, winners[0])
    numbers = {id(each): number for number, each in enumerate(table.rules)}
    wins, number = precedence(table), numbers[id(rule)]
    by = next(each for each in winners if wins.beats(numbers[id(each)], number))
    ways = {HitPolicy.FIRST: Beaten.FIRST, HitPolicy.PRIORITY: Beaten.PRIORITY}
    return Losing(rule, conditions, ways.get(table.policy, Beaten.EXCEPTION), by)
