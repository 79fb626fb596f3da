"""One side of a comparison: a table as it stood, with all that called tables have to say, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from gapless.analysis.by_inputs import Ending, endings_of
from gapless.analysis.coverage.intersections import Intersections
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.model import DateType, HitPolicy, RuleKind, Table, Value


class Layer(IntEnum):
    """In which order claims win: all of one layer before all of the next."""

    NEVER = 0
    UNDECIDED = 1
    EXCLUDED = 2
    IMPOSSIBLE = 3
    RULES = 4
    OTHERWISE = 5


class Claimed(NamedTuple):
    """A box of a side's own inputs and derived columns, and what it ends in; None where no case is."""

    layer: Layer
    box: Box
    ending: Ending | None


@dataclass(frozen=True, eq=False)
class Side:
    """A table of one side; asked on one `day` only, where there is one and the table knows of days."""

    unit: Unit
    day: date | None = None

    @cached_property
    def pinned(self) -> int | None:
        """The input that is the day, where the table is asked on one."""
        if self.day is None:
            return None
        table = self.unit.table
        dates = [n for n, each in enumerate(table.inputs) if isinstance(each.type.scalar, DateType)]
        if table.day is not None:
            return next(n for n, each in enumerate(table.inputs) if each.name == table.day)
        return dates[0] if len(dates) == 1 else None

    @property
    def pinned_name(self) -> str | None:
        """The name of that input."""
        return None if self.pinned is None else self.unit.table.inputs[self.pinned].name

    def reading(self, case: Mapping[str, Value]) -> Table:
        """The table with those of its rows only whose cells the inputs of a case pass, as the analysis has it."""
        table, axes = self.unit.table, self.unit.axes[: len(self.unit.table.inputs)]
        atoms = tuple(axis.atom_of(case[axis.column.name]) for axis in axes)
        numbers, known = self._rows
        kept = known.met(atoms)
        rules = tuple(table.rules[numbers[place]] for place in bits(kept))
        return replace(table, rules=rules)

    @cached_property
    def _rows(self) -> tuple[list[int], Intersections]:
        """The rows that can hold, and their cells on the inputs, ready to be asked."""
        inputs = len(self.unit.table.inputs)
        boxes = {n: box[:inputs] for n, box in enumerate(self.unit.boxes) if box is not None}
        return [*boxes], Intersections.of([*boxes.values()])

    @cached_property
    def claims(self) -> tuple[Claimed, ...]:
        """What wins which cases, those first that win. Raises OverBudget."""
        return tuple(
            Claimed(self._layer(ending), box, ending) for box, ending in endings_of(self.unit)
        )

    def _layer(self, ending: Ending | None) -> Layer:
        if ending is None:
            return Layer.NEVER
        if (
            ending.rule is None
            and ending.answers is None
            and not self.unit.table.policy.is_collecting
        ):
            return Layer.UNDECIDED if ending.is_draft else Layer.EXCLUDED
        if ending.rule is None:
            return Layer.RULES
        match self.unit.table.rules[ending.rule].kind:
            case RuleKind.IMPOSSIBLE:
                return Layer.IMPOSSIBLE
            case RuleKind.OTHERWISE:
                return Layer.OTHERWISE
        return Layer.RULES

    @cached_property
    def is_free(self) -> bool:
        """Whether rows that apply together agree, so that their order says nothing; of a table without errors."""
        table = self.unit.table
        alike = table.policy in (HitPolicy.UNIQUE, HitPolicy.ANY)
        return alike and not any(rule.over for rule in table.rules)
