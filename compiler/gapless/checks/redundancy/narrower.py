"""GAP114: cells that could say `-`, because the called tables leave nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gapless.analysis.decision.claims import disjoint
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.checks.redundancy.indifferent import unneeded
from gapless.checks.support import wording as said
from gapless.model import RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity


class _Cell(NamedTuple):
    """A condition cell by its rule and its axis."""

    rule: int
    axis: int


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Where it is a row of the table that says `impossible`, a narrow cell is as it should be.

    Nor is anything said where a whole column could go, which is a finding of its own.
    """
    if unit.table.lets:
        found = [cell for number in unit.rules(RuleKind.RULE) for cell in _wider(unit, number)]
        if found and not any(True for _ in unneeded(unit, range(len(unit.axes)))):
            yield _finding(unit, found)


def _wider(unit: Unit, number: int) -> Iterator[_Cell]:
    """Cells of a rule that may all say `-` together, and let in no case that can happen."""
    box = unit.boxes[number]
    if box is None or number not in unit.claims.won:
        return
    now = _possible(unit, box)
    for name in unit.table.written:
        axis = next(n for n, axis in enumerate(unit.axes) if axis.column.name == name)
        if box[axis] != unit.axes[axis].whole:
            wider: Box = (*box[:axis], unit.axes[axis].whole, *box[axis + 1 :])
            if _possible(unit, wider) == now:
                box = wider
                yield _Cell(number, axis)


def _possible(unit: Unit, box: Box) -> int:
    return cases(disjoint(unit.inputs_in(box), unit.excluded))


def _finding(unit: Unit, found: list[_Cell]) -> Diagnostic:
    spans = [unit.lowered.cells[each.rule][each.axis].span for each in found]
    labels = [Label(span, "`-` would let in no other case") for span in spans[: said.SHOWN]]
    more = len(found) - said.SHOWN
    one = len(found) == 1
    return Diagnostic(
        "GAP114",
        Severity.NOTE,
        f"{words.count(len(found), 'cell')} of `{unit.table.name}` "
        f"{'asks' if one else 'ask'} what is already certain",
        tuple(labels),
        subject=said.subject(unit),
        notes=(f"and {words.count(more, 'more cell')}",) if more > 0 else (),
        helps=(
            Help(
                Repair.DECISION,
                f"write `-` {'there' if one else 'in each'}; proved to change no answer, though a "
                "narrow cell would tell if a called table changed",
                edits=tuple(Edit(span, "-") for span in spans),
            ),
        ),
    )
