"""Which inputs lie in a box of columns: what called tables can never answer is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gapless.cover import first_open, open_parts
from gapless.model import RuleKind
from gapless.space import Box, volume
from gapless.unit import Unit


def reached(unit: Unit, box: Box, *, outside: Sequence[Box] = ()) -> list[Box]:
    """Disjoint boxes of inputs: the cases in `box`, which is over all columns, but not in `outside`.

    Raises OverBudget.
    """
    return [part[: unit.inputs] for part in open_parts(box, [*unit.never, *outside])]


def is_reached(unit: Unit, box: Box) -> bool:
    """Whether any case at all lies in `box`. Raises OverBudget."""
    return first_open(box, unit.never) is not None


def cases(boxes: Iterable[Box]) -> int:
    """The number of cases in disjoint boxes of inputs."""
    return sum(volume(box) for box in boxes)


def boxes_of(unit: Unit, *kinds: RuleKind) -> dict[int, Box]:
    """The boxes of the rules of these kinds, by number; without rules that can never hold."""
    return {
        number: box
        for number, box in enumerate(unit.boxes)
        if box is not None and unit.table.rules[number].kind in kinds
    }
