"""What all engines get: a case by the names of its columns, with numbers of the kind that they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.lookups.grids import Answer, Grid

Case = dict[str, Any]
Ask = Callable[[Case], Answer]


def case(grid: Grid, row: Sequence[Any], *, floats: bool) -> Case:
    return {
        column.name: float(value) if floats and isinstance(value, Decimal) else value
        for column, value in zip(grid.columns, row, strict=True)
    }


def outputs(grid: Grid) -> tuple[str, ...]:
    return tuple(f"answer_{place}" for place in range(len(grid.answers[0] or grid.answers[1])))
