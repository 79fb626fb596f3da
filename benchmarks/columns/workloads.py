"""Three tables, compiled, and columns of chance values for them, in the forms that engines want."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Run
from gapless.analysis.unit import Unit
from gapless.backends import columns, python
from gapless.backends.columns.shaping import Offer, offered
from gapless.driver import Result, compile_sources
from gapless.model import BoolType, Column, DecimalType, EnumerationType
from gapless_dsl.source import Source

TABLES = Path(__file__).parent / "tables"
Steps = npt.NDArray[Any]


@dataclass(frozen=True)
class Workload:
    """A table, and for each input its values: codes of members, flags, or whole steps."""

    name: str
    unit: Unit
    offer: Offer
    columnar: Any
    scalar: Any
    steps: tuple[Steps, ...]

    @property
    def inputs(self) -> tuple[Column, ...]:
        return self.unit.table.inputs

    @property
    def rows(self) -> int:
        return len(self.steps[0])

    @property
    def answer(self) -> Callable[..., Any]:
        """The generated columnar function."""
        function: Callable[..., Any] = getattr(self.columnar, f"{self.name}_columns")
        return function

    @cached_property
    def grid(self) -> Steps:
        """All cells in one grid: these tables are small enough for one."""
        (stage,) = self.offer.shape.stages
        return np.array(stage.cells, np.uint8)

    @cached_property
    def index(self) -> npt.NDArray[np.intp]:
        """For each row its cell, worked out beforehand."""
        found = np.zeros(self.rows, np.intp)
        for axis in self.offer.shape.stages[0].axes:
            found *= self.offer.groups[axis].count
            starts = self.starts(axis)
            steps = self.steps[axis]
            found += steps if starts is None else np.searchsorted(starts, steps, side="right")
        return found

    def starts(self, axis: int) -> list[int] | None:
        """The steps at which the groups of numbers but the first begin."""
        if ranks.ordered(self.inputs[axis].type) is None:
            return None
        groups, atoms = self.offer.groups[axis].of, self.unit.axes[axis].atoms
        return [
            atom.low
            for before, after, atom in zip(groups, groups[1:], atoms[1:], strict=False)
            if before != after and isinstance(atom, Run) and atom.low is not None
        ]

    def part(self, rows: int) -> Workload:
        """The first rows alone."""
        steps = tuple(each[:rows] for each in self.steps)
        return Workload(self.name, self.unit, self.offer, self.columnar, self.scalar, steps)

    @cached_property
    def given(self) -> list[object]:
        """Codes with their members, flags, whole numbers, and units of exact ones."""
        return [self._given(*each) for each in zip(self.inputs, self.steps, strict=True)]

    def _given(self, column: Column, steps: Steps) -> object:
        match column.type:
            case EnumerationType():
                return steps, names(column)
            case DecimalType(digits):
                return self.columnar.units(steps, digits)
            case _:
                return steps


def names(column: Column) -> list[str]:
    """The members of an enumeration."""
    assert isinstance(column.type, EnumerationType)
    return [member.name for member in column.type.members]


def workload(name: str, rows: int) -> Workload:
    """A table with so many rows."""
    text = (TABLES / f"{name}.dtable").read_text(encoding="utf-8")
    result = compile_sources([Source(f"{name}.dtable", text)])
    (unit,) = result.units.values()
    offer = offered(unit)
    assert isinstance(offer, Offer)
    chance = np.random.default_rng(1)
    steps = tuple(_steps(column, rows, chance) for column in unit.table.inputs)
    columnar, scalar = _imported(result)
    return Workload(name, unit, offer, columnar, scalar, steps)


def _steps(column: Column, rows: int, chance: np.random.Generator) -> Steps:
    """Chance values in as few bytes as hold them, as a careful owner keeps them."""
    match column.type:
        case EnumerationType(_, members):
            return chance.integers(0, len(members), rows).astype(np.int8)
        case BoolType():
            return chance.integers(0, 2, rows).astype(np.bool_)
    kind = ranks.ordered(column.type)
    assert kind is not None
    low, high = ranks.bounds(kind)
    assert low is not None and high is not None
    return chance.integers(low, high + 1, rows).astype(np.result_type(*map(_least, (low, high))))


def _least(value: int) -> np.dtype[Any]:
    return np.min_scalar_type(-abs(value) - 1)


def _imported(result: Result) -> tuple[Any, Any]:
    """The two generated modules of a policy, of which each time other packages are made."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in ("columns", "python"):
            del sys.modules[name]
    with tempfile.TemporaryDirectory() as folder:
        for artefact in (*columns.emit(result), *python.emit(result)):
            path = Path(folder, artefact.path)
            path.parent.mkdir(exist_ok=True)
            path.write_text(artefact.text, encoding="utf-8")
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            paths = (columns.modules(result)[0].path, python.modules(result)[0].path)
            columnar, scalar = (
                importlib.import_module(path.removesuffix(".py").replace("/", "."))
                for path in paths
            )
        finally:
            sys.path.remove(folder)
    return columnar, scalar
