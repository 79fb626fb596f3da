"""GAP114: cells that could say `-`, because the called tables leave nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.checks.redundancy.indifferent import unneeded
from gapless.checks.support import finding
from gapless.model import RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision
from gapless_dsl.source import Span


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Where it is a row of the table that says `impossible`, a narrow cell is as it should be.

    Nor is anything said where a whole column could go, which is a finding of its own.
    """
    if not unit.table.lets:
        return
    spans = [span for number in unit.rules(RuleKind.RULE) for span in _wider(unit, number)]
    if not spans or any(True for _ in unneeded(unit, range(len(unit.axes)))):
        return
    one = len(spans) == 1
    yield finding.note(
        unit,
        "GAP114",
        f"{words.count(len(spans), 'cell')} of `{unit.table.name}` "
        f"{'tests a condition' if one else 'test conditions'} that always "
        f"{'holds' if one else 'hold'} there",
        *(Label(span, "`-` would match the same cases") for span in spans[: finding.SHOWN]),
        notes=finding.and_more(spans, "cell"),
        helps=(
            decision(
                f"write `-` {'there' if one else 'in each'}; proved to change no answer, though a "
                "narrow cell would tell if a called table changed",
                *(Edit(span, "-") for span in spans),
            ),
        ),
    )


def _wider(unit: Unit, number: int) -> Iterator[Span]:
    """Cells of a rule that may all say `-` together, and let in no case that can happen."""
    box = unit.boxes[number]
    if box is None or number not in unit.claims.won:
        return

    def possible(box: Box) -> int:
        return cases(disjoint(unit.inputs_in(box), unit.excluded))

    now = possible(box)
    for axis in map(unit.place, unit.table.written):
        if box[axis] != unit.axes[axis].whole:
            wider: Box = (*box[:axis], unit.axes[axis].whole, *box[axis + 1 :])
            if possible(wider) == now:
                box = wider
                yield unit.lowered.cells[number][axis].span
