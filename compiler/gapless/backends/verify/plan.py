"""How a generated function is tried: on every case if that can be, and by which reading of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import prod

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.composition.calls import with_called
from gapless.analysis.unit import Unit
from gapless.text.words import count

READINGS = 40_000
"""So many rules in all are read, one by one for each case: that takes longest and is plainest."""

PAINTED = 3_000_000
"""Up to so many cases each is tried, against what the rules' boxes hold."""

SOME = 1_000
"""Of more cases than can be tried, or can be told apart, so many are, fewer where there are many rules."""


class Ground(Enum):
    """What the answers of a function are held against."""

    READ = "against its rules, read one by one"
    BOXES = "against what its rules claim"
    SOME = "as many as are tried where not all can be, against its rules, read one by one"


@dataclass(frozen=True, slots=True)
class Plan:
    """On how many cases a function is tried, and against what."""

    ground: Ground
    cases: int

    def __str__(self) -> str:
        """`each of 384 cases, against its rules, read one by one`."""
        if self.ground is Ground.SOME:
            return f"{count(self.cases)}, {self.ground.value}"
        whole = f"each of {count(self.cases)}" if self.cases > 1 else "its only case"
        return f"{whole}, {self.ground.value}"


@lru_cache(maxsize=256)
def planned(unit: Unit) -> Plan:
    """How the functions of a table are tried.

    Where columns are worked out from inputs, the cuts of the inputs do not tell all cases apart.
    """
    cells = prod(len(axis.atoms) for axis in unit.axes[: len(unit.table.inputs)])
    if not unit.lowered.derived and cells <= readable(unit):
        return Plan(Ground.READ, cells)
    found = tabulation(unit) if cells <= PAINTED else None
    if found is not None and found.is_ready:
        return Plan(Ground.BOXES, cells)
    return Plan(Ground.SOME, min(SOME, readable(unit)))


def readable(unit: Unit) -> int:
    """For how many cases the rules of a table, and of those it calls, may be read."""
    rules = sum(len(table.rules) for table in with_called(unit.table))
    return READINGS // rules
