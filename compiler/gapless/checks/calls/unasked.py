"""GAP127: rules that no caller's case leads to. GAP128: a table that no decision asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from gapless.analysis.composition.calls import calls
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.reachability import Reached, entries, reached
from gapless.analysis.unit import Unit, answered_by
from gapless.checks.support import wording as said
from gapless.model import Call, Policy, RuleKind, Table
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(policies: Sequence[Policy], units: Mapping[Table, Unit]) -> Iterator[Diagnostic]:
    """Only where some file has decisions, which say what a program asks."""
    if not any(table.is_decision for table in units):
        return
    first = entries(policies)
    found = reached(first, units)
    callers = _callers(units)
    for policy in policies:
        for table in policy.tables:
            if table in first or table not in units:
                continue
            if table not in callers:
                yield _unasked(table)
            boxes = found.get(table)
            if boxes and not table.by_version:  # whose rows nobody wrote
                with suppress(OverBudget):
                    yield from _idle(units[table], boxes, _asking(callers[table], found))


def _callers(units: Mapping[Table, Unit]) -> Mapping[Table, list[tuple[Table, Call]]]:
    callers: dict[Table, list[tuple[Table, Call]]] = {}
    for table in units:
        for call in calls(table):
            callers.setdefault(call.table, []).append((table, call))
    return callers


def _asking(callers: Sequence[tuple[Table, Call]], found: Reached) -> Sequence[tuple[Table, Call]]:
    """Those of the callers that are reached themselves."""
    return [(table, call) for table, call in callers if found.get(table)]


def _unasked(table: Table) -> Diagnostic:
    return Diagnostic(
        "GAP128",
        Severity.NOTE,
        f"no decision asks table `{table.name}`",
        (Label(table.span, "nor does any other table"),),
        subject=f"table {table.name}",
        helps=(
            Help(Repair.DECISION, "ask it in a step, if it is to count"),
            Help(Repair.DECISION, "or delete it, if nothing needs it"),
        ),
    )


def _idle(
    unit: Unit, boxes: Sequence[Box], callers: Sequence[tuple[Table, Call]]
) -> Iterator[Diagnostic]:
    """The rules that decide something, but nothing that anybody asks: told once for a table."""
    work = Work.aside(len(boxes))
    idle: list[int] = []
    for number, won in sorted(answered_by(unit).items()):
        if number < 0 or unit.table.rules[number].kind not in (RuleKind.RULE, RuleKind.OTHERWISE):
            continue
        work.spend(len(won) * len(boxes))
        if not any(meet(each, box) is not None for each in won for box in boxes):
            idle.append(number)
    if idle:
        yield _finding(unit, idle, callers)


def _finding(unit: Unit, idle: Sequence[int], callers: Sequence[tuple[Table, Call]]) -> Diagnostic:
    table = unit.table
    rules = [table.rules[number] for number in idle]
    one = len(rules) == 1
    names = f"rule {said.names(unit, idle)}" if one else f"{words.count(len(idle), 'rule')}"
    places = dict.fromkeys(
        Label(call.span, f"`{caller.name}` asks here, but never so") for caller, call in callers
    )
    others = "" if one else f": {said.names(unit, idle)}"
    return Diagnostic(
        "GAP127",
        Severity.NOTE,
        f"no case of a decision leads to {names} of `{table.name}`{others}",
        (
            Label(rules[0].span, "this answers nothing that is asked"),
            *(Label(rule.span, "nor this") for rule in rules[1 : said.SHOWN]),
            *[*places][: said.SHOWN],
        ),
        subject=said.subject(unit, rules[0] if one else None),
        helps=(
            Help(Repair.DECISION, "ask it there, if a step's guard or arguments say too little"),
            Help(
                Repair.DECISION,
                f"or write `impossible` in {'it' if one else 'them'}, if it is never to be asked so",
            ),
        ),
    )
