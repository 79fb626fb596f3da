"""Where a table says a member of a closed list that is not in force on every day, and in which cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapless.analysis.composition.calls import asked
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Answer, Fixed, Same, Several
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.unit import Unit, answered, applicable
from gapless.checks.support.living import lived
from gapless.model import (
    Call,
    ColumnValue,
    Constant,
    HitPolicy,
    Items,
    Member,
    OutcomeValue,
    Rule,
    RuleKind,
    Table,
)
from gapless_dsl.source import Span


class Use(NamedTuple):
    """Where a table says a member, and in which cases: in a rule, or in a column that it computes."""

    member: Member
    verb: str
    span: Span
    boxes: Sequence[Box]
    rule: Rule | None
    column: str
    is_certain: bool = True
    """Whether the rule decides all of these cases, as far as that could be worked out."""


def uses(unit: Unit, told: Mapping[Table, frozenset[str]]) -> Iterator[Use]:
    for let in unit.table.lets:
        where: Sequence[Box] = [unit.caller.whole]
        if let.guard:
            try:
                where, _ = asked(let.guard, unit.caller, unit.axes)
            except OverBudget:
                where = [unit.caller.whole]
        yield from _asking(let.call, where, None, let.column.name, let.column.span)
    if not _speaks_of_lives(unit.table):
        return
    won = _deciding(unit)
    for number, rule in enumerate(unit.table.rules):
        boxes = unit.parts[number] if won is None else won.get(number, ())
        for place, outcome in enumerate(rule.outcomes):
            column = unit.table.outputs[place]
            members = lived(column.type)
            for value in _items(outcome.value):
                passed = _passed_on(unit, value, told)
                said_here = _said(unit, value, boxes, members.keys() - passed)
                for name, where in said_here.items():
                    chosen = _chosen(unit, place, name, where)
                    known = won is not None and chosen is not None
                    cases = where if chosen is None else chosen
                    span = outcome.span
                    yield Use(members[name], "answers", span, cases, rule, column.name, known)
                if isinstance(value, Call):
                    for use in _asking(value, boxes, rule, column.name, outcome.span):
                        yield use._replace(is_certain=won is not None)


def _speaks_of_lives(table: Table) -> bool:
    """Whether any rule can: most tables know nothing of days, and are not searched."""
    calls = (
        item.table
        for rule in table.rules
        for outcome in rule.outcomes
        for item in _items(outcome.value)
        if isinstance(item, Call)
    )
    columns = (*table.outputs, *(column for callee in calls for column in callee.inputs))
    return any(lived(column.type) for column in columns)


def _deciding(unit: Unit) -> Mapping[int, Sequence[Box]] | None:
    """Where each rule decides, or takes part in what is collected; None where that cannot be worked out."""
    try:
        won = unit.claims.won
        if not unit.table.policy.is_collecting:
            return won
        return {**won, **{n: applicable(unit, n) for n in unit.rules(RuleKind.RULE)}}
    except OverBudget:
        return None


def _chosen(unit: Unit, output: int, name: str, boxes: Sequence[Box]) -> Sequence[Box] | None:
    """Of the cases to which a rule adds a member, those in which that is what the table answers.

    Where the least or the greatest counts, it may be what another rule adds; None where that cannot
    be worked out.
    """
    if unit.table.policy not in (HitPolicy.MIN, HitPolicy.MAX):
        return boxes
    try:
        pieces = [*unit.collected[output].pieces(unit.undecided)]
    except OverBudget:
        return None
    answered_so = [piece.box for piece in pieces if piece.answer == Fixed(name)]
    return [
        both for one in boxes for other in answered_so if (both := meet(one, other)) is not None
    ]


def _items(value: OutcomeValue) -> tuple[OutcomeValue, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _passed_on(
    unit: Unit, value: OutcomeValue, told: Mapping[Table, frozenset[str]]
) -> frozenset[str]:
    """The members of which it is told where the table says them that is asked here."""
    if isinstance(value, Call):
        return told[value.table]
    lets = {let.column.name: let.call.table for let in unit.table.lets}
    if isinstance(value, ColumnValue) and value.column in lets:
        return told[lets[value.column]]
    return frozenset()


def _said(
    unit: Unit, value: OutcomeValue, boxes: Sequence[Box], members: Iterable[str]
) -> Mapping[str, Sequence[Box]]:
    """Where an outcome is which of these members."""
    wanted = frozenset(members)
    found: dict[str, list[Box]] = {}
    for box in boxes if wanted else ():
        for piece in answered(unit, value, box):
            for name, where in _named(unit, piece.answer, piece.box, wanted):
                found.setdefault(name, []).append(where)
    return found


def _named(
    unit: Unit, answer: Answer, box: Box, wanted: frozenset[str]
) -> Iterator[tuple[str, Box]]:
    match answer:
        case Fixed(tuple() | frozenset() as several):
            yield from ((name, box) for name in sorted(wanted) if name in several)
        case Fixed(str(name)) if name in wanted:
            yield name, box
        case Same(number):
            for name in sorted(wanted):
                at = unit.axes[number].locate(name)
                if at is not None and box[number] >> at & 1:
                    yield name, (*box[:number], 1 << at, *box[number + 1 :])
        case Several(items):
            for item in items:
                yield from _named(unit, item, box, wanted)


def _asking(
    call: Call, boxes: Sequence[Box], rule: Rule | None, column: str, span: Span
) -> Iterator[Use]:
    """The members that another table is asked about by name."""
    for wanted, argument in zip(call.table.inputs, call.arguments, strict=True):
        members = lived(wanted.type)
        if isinstance(argument, Constant) and argument.value in members:
            member = members[str(argument.value)]
            yield Use(member, f"asks `{call.table.name}` about", span, boxes, rule, column)
