"""Which values of a column go alike: its atoms, put together where no answer tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gapless.analysis.decision.diagram import Branch
from gapless.analysis.domain.partition import Axis, Run
from gapless.model import OptionalType

PLAIN = 16
"""Up to so many members are groups of their own: then a code is its group, and nothing is looked up."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The group of each atom of an axis; a missing value is the last group, alone."""

    of_atoms: tuple[int, ...]

    @property
    def width(self) -> int:
        return 1 + max(self.of_atoms)

    def atom(self, group: int) -> int:
        """Some atom in a group, as the bit that stands for it."""
        return 1 << self.of_atoms.index(group)


def groups(axis: Axis, asking: Sequence[Branch]) -> Groups:
    """The groups of an axis, by the branches that ask for it."""
    optional = isinstance(axis.column.type, OptionalType)
    present = len(axis.atoms) - optional
    alike = [_ways(asking, atom) for atom in range(present)]
    if isinstance(axis.atoms[0], Run):
        found = _neighbors(alike)
    else:
        numbers = {ways: number for number, ways in enumerate(dict.fromkeys(alike))}
        found = [numbers[ways] for ways in alike]
        if asking and (present <= PLAIN or len(numbers) > present // 2):
            found = list(range(present))
    return Groups((*found, *[max(found) + 1] * optional))


def _ways(asking: Sequence[Branch], atom: int) -> tuple[int, ...]:
    """Where each branch leads an atom."""
    return tuple(
        next(number for number, (mask, _) in enumerate(each.ways) if mask >> atom & 1)
        for each in asking
    )


def _neighbors(alike: Sequence[tuple[int, ...]]) -> list[int]:
    """Stretches of neighbors that go alike: numbers are told apart by where groups begin."""
    found = [0]
    for before, ways in pairwise(alike):
        found.append(found[-1] + (before != ways))
    return found
