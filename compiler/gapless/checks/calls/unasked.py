"""GAP127: rules that no decision reaches. GAP128: a table that no decision asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from gapless.analysis.composition.calls import calls
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.reachability import entries, reached
from gapless.analysis.unit import Unit, answered_by
from gapless.checks.support import finding
from gapless.model import Call, RuleKind, Table
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label


def check(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Only where some file has decisions, which say what a program asks."""
    units = compiled.units
    if not any(table.is_decision for table in units):
        return
    first = entries(compiled.policies)
    found = reached(first, units)
    callers: dict[Table, list[tuple[Table, Call]]] = {}
    for table in units:
        for call in calls(table):
            callers.setdefault(call.table, []).append((table, call))
    for policy in compiled.policies:
        for table in policy.tables:
            if table in first or table not in units:
                continue
            if table not in callers:
                yield finding.note(
                    units[table],
                    "GAP128",
                    f"no decision asks table `{table.name}`",
                    Label(table.span, "nor does any other table"),
                    helps=(
                        "ask it in a step, if it is to count",
                        "or delete it, if nothing needs it",
                    ),
                )
            boxes = found.get(table)
            if boxes and not table.by_version:  # whose rows nobody wrote
                asking = [(by, call) for by, call in callers[table] if found.get(by)]
                with suppress(OverBudget):
                    yield from _idle(units[table], boxes, asking)


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
    if not idle:
        return
    rules, one = [unit.table.rules[number] for number in idle], len(idle) == 1
    names = finding.names(unit, idle)
    which = f"rule {names}" if one else words.count(len(idle), "rule")
    places = dict.fromkeys(
        Label(call.span, f"`{caller.name}` calls it here, but never for these cases")
        for caller, call in callers
    )
    yield finding.note(
        unit,
        "GAP127",
        f"no decision reaches {which} of `{unit.table.name}`{'' if one else f': {names}'}",
        Label(rules[0].span, "no call asks for these cases"),
        *(Label(rule.span, "nor this") for rule in rules[1 : finding.SHOWN]),
        *[*places][: finding.SHOWN],
        rule=rules[0] if one else None,
        helps=(
            "ask it there, if a step's guard or arguments say too little",
            f"or write `impossible` in {'it' if one else 'them'}, if it should never be asked so",
        ),
    )
