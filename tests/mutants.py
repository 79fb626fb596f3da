"""Every way in which one cell of a table of closed lists can be wrong, and the cases that it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import product
from operator import and_, or_
from typing import TypeAlias

from gapless.model import (
    AnyOf,
    Anything,
    Column,
    Condition,
    Constant,
    EnumerationType,
    Equals,
    HitPolicy,
    IsMissing,
    OptionalType,
    Outcome,
    OutcomeValue,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
    Value,
)
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Unanswered,
    Unworkable,
    evaluate,
    holds,
)

Case: TypeAlias = dict[str, Value]

Meant: TypeAlias = tuple[Value, ...] | str
"""The answers; or in a word why there are none."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`table` with one thing changed; only cases among `touched` can be answered otherwise."""

    what: str
    table: Table
    original: Table
    touched: Callable[[], Sequence[Case]]

    def changes(self) -> Iterator[tuple[Case, Meant]]:
        """The cases that are answered otherwise, each with what is answered now, one after the other."""
        for case in self.touched():
            said = meant(self.table, case)
            if said != _before(self.original, tuple(case.items())):
                yield case, said


def values(column: Column) -> tuple[Value, ...]:
    """Every value of a column whose type is a closed list, or optionally one of a closed list."""
    match column.type:
        case EnumerationType(members=members):
            return tuple(member.name for member in members)
        case OptionalType(of=EnumerationType(members=members)):
            return (*(member.name for member in members), None)
        case _:
            raise AssertionError(f"{column.name} is not a closed list")


def meant(table: Table, case: Mapping[str, Value]) -> Meant:
    """By the reference meaning."""
    match evaluate(table, case):
        case Answered(_, _, answers):
            return answers
        case Impossible():
            return "impossible"
        case Unanswered():
            return "gap"
        case Contradicted():
            return "conflict"
        case Draft():
            return "draft"
        case Unworkable():
            return "unworkable"
    raise AssertionError(case)


# ---------------------------------------------------------------- where rules apply


class Field:
    """All cases of a table, and which of them each cell takes in: a bit for each case."""

    def __init__(self, table: Table) -> None:
        self.table = table
        inputs = [column.name for column in table.inputs]
        choices = product(*map(values, table.inputs))
        self.cases: list[Case] = [dict(zip(inputs, each, strict=True)) for each in choices]
        self.every = (1 << len(self.cases)) - 1
        self.has: dict[tuple[str, Value], int] = {}
        for number, case in enumerate(self.cases):
            for name, value in {**case, **_looked_up(table, case)}.items():
                key = (name, value)
                self.has[key] = self.has.get(key, 0) | 1 << number

    def takes(self, column: Column, test: Test) -> int:
        """The cases whose value in `column` passes `test`; those that a called table excludes pass none."""
        known = (self.has.get((column.name, value), 0) for value in accepted(column, test))
        return reduce(or_, known, 0)

    def claimed(self, rule: Rule, besides: str = "") -> int:
        """The cases that all cells of `rule` take in, those of one column left aside."""
        cells = zip(self.table.columns, rule.conditions, strict=True)
        masks = (self.takes(each, cell.test) for each, cell in cells if each.name != besides)
        return reduce(and_, masks, self.every)

    def picked(self, mask: int) -> list[Case]:
        return [case for number, case in enumerate(self.cases) if mask >> number & 1]


def _looked_up(table: Table, case: Case) -> Case:
    """The `let` columns, up to the first that a called table excludes."""
    found: Case = {}
    for let in table.lets:
        given = {**case, **found}
        names = [getattr(each, "column", None) for each in let.call.arguments]
        asked = {
            column.name: given[name] if name else getattr(each, "value", None)
            for column, name, each in zip(
                let.call.table.inputs, names, let.call.arguments, strict=True
            )
        }
        meaning = evaluate(let.call.table, asked)
        if not isinstance(meaning, Answered):
            return found
        found[let.column.name] = meaning.values[let.call.output]
    return found


def accepted(column: Column, test: Test) -> frozenset[Value]:
    return frozenset(value for value in values(column) if holds(test, value))


# ---------------------------------------------------------------- one thing changed


def mutants(table: Table) -> Iterator[Mutant]:
    """Each rule gone, each cell changed, each argument of a call, and the hit policy."""
    field = Field(table)

    def mutant(what: str, made: Table, mask: int) -> Mutant:
        return Mutant(what, made, table, lambda: field.picked(mask))

    for number, rule in enumerate(table.rules):
        own = field.claimed(rule)
        without = (*table.rules[:number], *table.rules[number + 1 :])
        yield mutant(f"{rule.name}: removed", replace(table, rules=without), own)
        for column, test, words in _conditions(table, rule):
            changed = field.takes(column, test) ^ field.takes(column, _cell(table, rule, column))
            cells = tuple(
                Condition(test, words, cell.span) if each is column else cell
                for each, cell in zip(table.columns, rule.conditions, strict=True)
            )
            made = _with(table, number, replace(rule, conditions=cells))
            what = f"{rule.name}, {column.name}: {words}"
            yield mutant(what, made, field.claimed(rule, column.name) & changed)
        for words, other in _outcomes(table, rule):
            yield mutant(f"{rule.name}, {words}", _with(table, number, other), own)
    for what, made in _calls(table):
        yield mutant(what, made, field.every)
    for policy in (HitPolicy.ANY, HitPolicy.FIRST):
        if policy is not table.policy:
            made = replace(table, policy=policy)
            yield mutant(f"hit policy: {policy.value}", made, field.every)


def _with(table: Table, number: int, rule: Rule) -> Table:
    return replace(table, rules=(*table.rules[:number], rule, *table.rules[number + 1 :]))


def _cell(table: Table, rule: Rule, column: Column) -> Test:
    return next(
        cell.test
        for each, cell in zip(table.columns, rule.conditions, strict=True)
        if each is column
    )


def _conditions(table: Table, rule: Rule) -> Iterator[tuple[Column, Test, str]]:
    """One value more or fewer, one alone, all others, and `-`: each other set of values once."""
    for column in table.columns:
        if column.name not in table.written:
            continue
        every = frozenset(values(column))
        now = accepted(column, _cell(table, rule, column))
        sets = [every, every - now]
        for value in values(column):
            sets += [now ^ {value}, frozenset({value})]
        for chosen in dict.fromkeys(sets):
            if chosen and chosen != now:
                yield column, _test(column, chosen, every), _listed(column, chosen, every)


def _test(column: Column, chosen: frozenset[Value], every: frozenset[Value]) -> Test:
    if chosen == every:
        return Anything()
    parts = [IsMissing() if value is None else _equals(value) for value in _order(column, chosen)]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _equals(value: Value) -> Equals:
    assert isinstance(value, str)
    return Equals(value)


def _order(column: Column, chosen: Iterable[Value]) -> list[Value]:
    return sorted(chosen, key=values(column).index)


def _listed(column: Column, chosen: frozenset[Value], every: frozenset[Value]) -> str:
    if chosen == every:
        return "-"
    return ", ".join(str(each or "missing") for each in _order(column, chosen))


def _outcomes(table: Table, rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Each answer replaced by every other, set by set one member more or fewer; and the row's kind."""
    if rule.kind is not RuleKind.RULE:
        for answers in product(*(values(column) for column in table.outputs)):
            outcomes = tuple(Outcome(Constant(each), _said(each), rule.span) for each in answers)
            words = ", ".join(map(_said, answers))
            yield (
                f"{rule.kind.value}: {words}",
                replace(rule, kind=RuleKind.RULE, outcomes=outcomes),
            )
        return
    for kind in (RuleKind.IMPOSSIBLE, RuleKind.DRAFT):
        yield f"outcomes: {kind.value}", replace(rule, kind=kind, outcomes=())
    for place, column in enumerate(table.outputs):
        now = rule.outcomes[place]
        for value in _others(column, now.value):
            changed = now.__class__(Constant(value), _said(value), now.span)
            outcomes = (*rule.outcomes[:place], changed, *rule.outcomes[place + 1 :])
            yield f"{column.name}: {_said(value)}", replace(rule, outcomes=outcomes)


def _others(column: Column, now: OutcomeValue) -> Iterator[Value]:
    if not isinstance(column.type, SetType):
        yield from (each for each in values(column) if now != Constant(each))
        return
    assert isinstance(now, Constant) and isinstance(now.value, frozenset)
    assert isinstance(column.type.of, EnumerationType)
    for member in column.type.of.members:
        yield now.value ^ {member.name}


def _said(value: Value) -> str:
    if isinstance(value, frozenset):
        return f"[{', '.join(sorted(map(str, value)))}]"
    return "missing" if value is None else str(value)


def _calls(table: Table) -> Iterator[tuple[str, Table]]:
    """Each argument of each `let` replaced by each value that the called table takes."""
    for place, let in enumerate(table.lets):
        for number, wanted in enumerate(let.call.table.inputs):
            for value in values(wanted):
                given = (
                    *let.call.arguments[:number],
                    Constant(value),
                    *let.call.arguments[number + 1 :],
                )
                call = replace(let.call, arguments=given)
                lets = (*table.lets[:place], replace(let, call=call), *table.lets[place + 1 :])
                what = f"let {let.column.name}, {wanted.name}: {_said(value)}"
                yield what, replace(table, lets=lets)


@cache
def _before(table: Table, case: tuple[tuple[str, Value], ...]) -> Meant:
    return meant(table, dict(case))


# ---------------------------------------------------------------- tables that ask a mutant


def in_place_of(tables: Sequence[Table], old: Table, new: Table) -> list[Table]:
    """The tables, callees first, that ask `new` where they asked `old`."""
    made: dict[Table, Table] = {old: new}
    found = []
    for table in tables:
        if table is not old and any(let.call.table in made for let in table.lets):
            lets = tuple(
                replace(
                    let,
                    call=replace(let.call, table=made.get(let.call.table, let.call.table)),
                )
                for let in table.lets
            )
            made[table] = replace(table, lets=lets)
        found.append(made.get(table, table))
    return found
