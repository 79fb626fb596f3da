"""GAP111: everything that a rule answers others answer alike. GAP122: a row adds what another adds too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.coverage.budget import Work
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit, applicable
from gapless.checks.support import finding, masking
from gapless.model import HitPolicy, Reason, RuleKind, SetType
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision


def check(unit: Unit) -> Iterator[Diagnostic]:
    if not unit.table.policy.is_ordered:
        work = Work.on(len(unit.claims.claims))
        gone = masking.idle(unit, overlaps(unit))
        for found in masking.redundant(unit, gone, overlaps(unit)):
            yield _redundant(unit, found, work)


def repeated(unit: Unit) -> Iterator[Diagnostic]:
    """Of tables in which rules answer together: what is added again is then there twice."""
    first: dict[object, int] = {}
    for number in unit.rules(RuleKind.RULE) if unit.table.policy.is_collecting else ():
        box = unit.boxes[number]
        answers = tuple(outcome.value for outcome in unit.table.rules[number].outcomes)
        earlier = first.setdefault((box, answers), number)
        if box is not None and earlier != number:
            seen, doubtful = finding.that_happen(unit, applicable(unit, number))
            if seen or doubtful:
                yield _repeated(unit, earlier, number, seen or doubtful)


def _redundant(unit: Unit, found: masking.Redundant, work: Work) -> Diagnostic:
    rule, total = unit.table.rules[found.rule], cases(found.cases)
    by = masking.masking(found.cases, found.others, work)
    counted = "" if unit.following is not None else f"{total:,} "
    what = "its only case is" if counted == "1 " else f"its {counted}cases are"
    notes = []
    if not by.fewest:
        notes.append("fewer rules may do; the search for them was given up")
    elif len(by.rules) == 2:
        notes.append("neither of them does so alone")
    elif len(by.rules) > 2:
        notes.append(f"no fewer than {len(by.rules)} rules do so together")
    if unit.table.policy is HitPolicy.UNIQUE:
        notes.append(finding.PROMISED)
    return finding.warning(
        unit,
        "GAP111",
        f"rule `{rule.name}` adds nothing to {finding.names(unit, by.rules)}",
        Label(rule.span, f"{what} answered alike without it"),
        *masking.labels(unit, found.cases, by.rules, found.others, "answers"),
        rule=rule,
        notes=notes,
        helps=(
            finding.deleting(unit, rule, f"`{rule.name}`", is_free=rule.reason == Reason()),
            "or, if it is the better row, narrow the others to leave it its cases",
        ),
        cases=total,
        boxes=found.cases,
    )


def _repeated(unit: Unit, earlier: int, number: int, found: Sequence[Box]) -> Diagnostic:
    one, other = unit.table.rules[earlier], unit.table.rules[number]
    # Of sets, and of the least and the greatest, it does not matter how often the same is added.
    harmless = unit.table.policy in (HitPolicy.MIN, HitPolicy.MAX) or all(
        isinstance(column.type, SetType) for column in unit.table.outputs
    )
    changes = "repeating it changes no answer" if harmless else "repeating it changes the answer"
    region, where = (
        finding.region(unit, finding.widest(found)),
        finding.where(unit, finding.widest(found)),
    )
    return finding.warning(
        unit,
        "GAP122",
        f"rules `{one.name}` and `{other.name}` have the same conditions and add the same",
        Label(other.span, changes),
        Label(one.span, "first stated here"),
        rule=other,
        notes=(
            f"both apply to {finding.count(unit, cases(found))}: {where}",
            *finding.doubt(region.witness),
        ),
        helps=(
            decision(f"delete `{other.name}`", Edit(other.span, "")),
            "or say in one row what both are meant to add",
        ),
        cases=cases(found),
        witness=region.witness,
    )
