"""GAP111: everything that a rule answers is answered alike by others."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.coverage.budget import Work
from gapless.analysis.domain.partition import cases
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.checks.support.hiding import hiding
from gapless.checks.support.needless import Redundant, idle, redundant
from gapless.checks.support.takers import taking
from gapless.model import HitPolicy, Reason, Rule
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    if not unit.table.policy.is_ordered:
        work = Work.on(len(unit.claims.claims))
        gone = idle(unit, overlaps(unit))
        for found in redundant(unit, gone, overlaps(unit)):
            yield _finding(unit, found, work)


def _finding(unit: Unit, found: Redundant, work: Work) -> Diagnostic:
    rule, total = unit.table.rules[found.rule], cases(found.cases)
    by = hiding(found.cases, found.others, work)
    counted = "" if unit.following is not None else f"{total:,} "
    what = "its only case is" if counted == "1 " else f"its {counted}cases are"
    names = said.names(unit, by.rules)
    region = said.region(unit, said.widest(found.cases))
    return Diagnostic(
        "GAP111",
        Severity.WARNING,
        f"rule `{rule.name}` adds nothing to {names}",
        (
            Label(rule.span, f"{what} answered alike without it"),
            *taking(unit, found.cases, by.rules, found.others, "answers"),
        ),
        subject=said.subject(unit, rule),
        notes=tuple(_notes(unit, by.rules, fewest=by.fewest)),
        helps=tuple(_ways_out(unit, rule)),
        size=said.size(unit, total),
        witness=region.witness,
        regions=tuple(said.region(unit, box) for box in found.cases),
    )


def _notes(unit: Unit, by: tuple[int, ...], *, fewest: bool) -> Iterator[str]:
    if not fewest:
        yield "fewer rules may do; the search for them was given up"
    elif len(by) == 2:
        yield "neither of them does so alone"
    elif len(by) > 2:
        yield f"no fewer than {len(by)} rules do so together"
    if unit.table.policy is HitPolicy.UNIQUE:
        yield said.PROMISED


def _ways_out(unit: Unit, rule: Rule) -> Iterator[Help]:
    yield said.deleting(unit, rule, f"`{rule.name}`", is_free=rule.reason == Reason())
    yield Help(
        Repair.DECISION, "or, if it is the better row, narrow the others to leave it its cases"
    )
