"""The rows that would answer a gap: written in the grid's own columns, and exact or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.analysis.composition.calls import allowed
from gapless.analysis.decision.claims import disjoint
from gapless.analysis.decision.first_match import NEVER
from gapless.analysis.domain.partition import Box, meet
from gapless.analysis.unit import Unit, answered
from gapless.model import ColumnValue
from gapless.text import words


def proposals(unit: Unit, regions: Sequence[Box]) -> list[tuple[str, ...]]:
    """The cells of rows for regions of the gap, boxes of inputs: no two rows overlap.

    A region has no row where none in the columns of the grid answers just gaps, and where the rows
    before answer it already.
    """
    rows: list[tuple[str, ...]] = []
    taken: list[Box] = []
    for region in regions:
        for part in (region, *disjoint([region], [*unit.excluded, *taken])):
            box = _in_columns(unit, part) if disjoint([part], taken) else None
            if box is not None and _only_gaps(unit, box, taken):
                box = _without_lets(unit, box, taken)
                taken.extend(unit.inputs_in(box))
                rows.append(_cells(unit, box))
    return rows


def _cells(unit: Unit, box: Box) -> tuple[str, ...]:
    numbers = {axis.column.name: number for number, axis in enumerate(unit.axes)}
    written = [numbers[name] for name in unit.table.written]
    return tuple(words.cell(unit.axes[number], box[number]) for number in written)


def aligned(unit: Unit, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Proposed rows as lines of the grid, with `?` for each outcome that the author is to fill."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    outcomes = " | ".join("?" for _ in unit.table.outputs)
    lines = []
    for number, row in enumerate(rows, 1):
        name = "new" if len(rows) == 1 else f"new{number}"
        cells = [name, *(cell.ljust(width) for cell, width in zip(row, widths, strict=True))]
        lines.append(f"| {' | '.join(cells)} || {outcomes} ||")
    return tuple(lines)


def _in_columns(unit: Unit, region: Box) -> Box | None:
    """The region as the grid can say it: inputs that it shows, and what lets hold there."""
    written = unit.table.written
    inputs = tuple(
        mask if axis.column.name in written else axis.whole
        for axis, mask in zip(unit.axes, region, strict=False)
    )
    lets = []
    for axis in unit.axes[unit.inputs :]:
        mask = axis.whole
        if axis.column.name in written:
            mask = 0
            for piece in answered(unit, ColumnValue(axis.column.name), region):
                for _, atoms in allowed(piece, axis, unit.axes[: unit.inputs]):
                    mask |= atoms
        lets.append(mask)
    return (*inputs, *lets) if all(lets) else None


def _only_gaps(unit: Unit, box: Box, taken: Sequence[Box]) -> bool:
    """Whether every case in a box of columns is a gap, and none of them `taken`."""
    inputs = disjoint(unit.inputs_in(box), unit.excluded)
    if any(meet(part, other) is not None for part in inputs for other in taken):
        return False
    claimed = [claim.box for claim in unit.claims.claims if claim.rule != NEVER]
    return not any(meet(part, box) is not None for part in inputs for box in claimed)


def _without_lets(unit: Unit, box: Box, taken: Sequence[Box]) -> Box:
    """The same row with `-` for each computed column that need not be looked at."""
    for number in range(unit.inputs, len(unit.axes)):
        wider = (*box[:number], unit.axes[number].whole, *box[number + 1 :])
        if _only_gaps(unit, wider, taken):
            box = wider
    return box
