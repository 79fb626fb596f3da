"""What every case gets, painted: the boxes of the rules over each other, the one that wins last.

No diagram is built for it, so that what was laid out from a diagram is held against something else.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import prod

from gapless.analysis.by_inputs import Tabulation
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Box, bits

NOTHING = 0xFFFFFFFF
"""What no box covers."""


def painted(found: Tabulation) -> array[int]:
    """The number of each case's ending, by the inputs' atoms, the last column's changing fastest."""
    sizes = [len(axis.atoms) for axis in found.axes]
    cells = array("I", [NOTHING]) * prod(sizes)
    for box, ending in reversed(found.claims):
        _paint(cells, sizes, box, ending % (NOTHING + 1))
    return cells


def _paint(cells: array[int], sizes: Sequence[int], box: Box, ending: int) -> None:
    """All cells of a box, a run of the last column's atoms at a time."""
    starts = [0]
    for size, mask in zip(sizes[:-1], box[:-1], strict=True):
        starts = [start * size + atom for start in starts for atom in bits(mask)]
    for low, high in ranks.runs(box[-1]):
        stretch = array("I", [ending]) * (high - low + 1)
        for start in starts:
            at = start * sizes[-1]
            cells[at + low : at + high + 1] = stretch
