"""GAP107: a rule answers with a table that does not answer there."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain.answers import Nothing, split
from gapless.analysis.domain.partition import cases
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import Call
from gapless.semantics import Unanswered
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Where the rule decides, and the called table says that this cannot happen.

    A case that is a gap of a table further down is a finding of that table.
    """
    for number, rule in enumerate(unit.table.rules):
        for outcome in rule.outcomes:
            for call in outcome.parts:
                if not isinstance(call, Call):
                    continue
                silent = [
                    piece.box
                    for part in unit.claims.won.get(number, ())
                    for piece in split(unit.called[id(call)], part)
                    if piece.answer == Nothing(impossible=True)
                ]
                seen, doubtful = finding.that_happen(unit, silent)
                seen = [
                    box for box in seen if not isinstance(finding.meaning(unit, box), Unanswered)
                ]
                boxes = seen or doubtful
                if not boxes:
                    continue
                widest, called = finding.widest(boxes), call.table.name
                yield finding.error(
                    unit,
                    "GAP107",
                    f"rule `{rule.name}` calls `{called}` for cases that `{called}` declares impossible",
                    Label(outcome.span, "no answer comes back"),
                    rule=rule,
                    notes=(
                        f"that is so for: {finding.where(unit, widest)}",
                        *finding.doubt(finding.region(unit, widest).witness),
                    ),
                    helps=(
                        f"narrow `{rule.name}` to what `{called}` answers",
                        "or mark these cases `impossible` here too",
                    ),
                    cases=cases(boxes),
                    boxes=boxes,
                )
