"""Where two lists of claims, each won by its first, end differently: walked together, column by column.

What both lists have in common makes no difference, so only parts in which something else is alive are
looked at. A case in which just common claims hold gets the same from both: they stand in the same
order, or in one that says nothing. That is why a small edit of a large table is a small question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.intersections import Intersections
from gapless.analysis.decision.diagram import NEVER, Leaf, Node, UniqueTable, merged
from gapless.analysis.decision.first_match import Claim, Levels, orders
from gapless.analysis.domain.partition import Box

SAME = -3
"""A leaf where both sides end alike."""

LONGEST = 4_000
"""Of longer lists in which order matters only the beginning and the end are held against each other."""


class Won(NamedTuple):
    """A claim of one side, shared: `ending` numbers what it ends in, alike on both sides."""

    layer: int
    box: Box
    ending: int


def in_common(
    old: Sequence[Won], new: Sequence[Won], *, is_free: bool
) -> tuple[set[int], set[int]]:
    """The places of claims in either list that the other does not have in its place.

    Where the order within a layer says nothing, only what a layer lacks is apart.
    """
    if is_free:
        more = Counter(old)
        more.subtract(new)
        return _those(old, {e: n for e, n in more.items() if n > 0}), _those(
            new, {e: -n for e, n in more.items() if n < 0}
        )
    start = 0
    while start < min(len(old), len(new)) and old[start][1:] == new[start][1:]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end][1:] == new[-1 - end][1:]:
        end += 1
    one, other = ([each[1:] for each in some[start : len(some) - end]] for some in (old, new))
    left, right = set(range(len(one))), set(range(len(other)))
    if max(len(one), len(other)) <= LONGEST:
        for a, b, size in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
            left.difference_update(range(a, a + size))
            right.difference_update(range(b, b + size))
    return {start + each for each in left}, {start + each for each in right}


def _those(claims: Sequence[Won], wanted: dict[Won, int]) -> set[int]:
    """So many of each, the last ones."""
    found = set()
    for place in range(len(claims) - 1, -1, -1):
        if wanted.get(claims[place], 0) > 0:
            wanted[claims[place]] -= 1
            found.add(place)
    return found


@dataclass(frozen=True, slots=True)
class Walk:
    """Both lists as one, the old claims first; `apart` are those that are not common, as bits.

    A leaf numbers a pair of endings: the old one times `endings` and the new one, both counted from
    the gap on.
    """

    levels: Levels
    old: Sequence[Won]
    new: Sequence[Won]
    apart: int
    endings: int
    work: Work
    never: int
    """The number of the ending that is no case at all."""
    unique: UniqueTable = field(default_factory=UniqueTable)

    def root(self) -> Node:
        """The diagram of pairs, and of SAME. Raises OverBudget."""
        start = self.met(0, (1 << len(self.old) + len(self.new)) - 1)
        layers: list[dict[int, list[tuple[int, Leaf | int]]]] = []
        waiting = [] if isinstance(start, Leaf) else [start]
        for level in range(len(self.levels.order)):
            layers.append({alive: self._ways(level, alive) for alive in waiting})
            led = (after for ways in layers[-1].values() for _, after in ways)
            waiting = [*dict.fromkeys(after for after in led if not isinstance(after, Leaf))]
        known: dict[int, Node] = {}
        for level, layer in reversed([*enumerate(layers)]):
            known = {
                alive: self.unique.distinct(
                    self.levels.order[level],
                    merged(
                        (mask, after if isinstance(after, Leaf) else known[after])
                        for mask, after in ways
                    ),
                )
                for alive, ways in layer.items()
            }
        return start if isinstance(start, Leaf) else known[start]

    def _ways(self, level: int, alive: int) -> list[tuple[int, Leaf | int]]:
        self.work.spend(1)
        led = self.levels.ways(level, alive, self.work)
        return [(mask, self.met(level + 1, left)) for left, mask in led]

    def met(self, level: int, alive: int) -> Leaf | int:
        """The claims that may still decide, or where both sides end."""
        whole, size = self.levels.whole_from[level], len(self.old)
        lower = (1 << size) - 1
        one, first = _left(alive & lower, whole)
        other, second = _left(alive >> size, whole >> size)
        alive = one | other << size
        if not alive & self.apart:
            return self.unique.leaf(SAME)
        if first is None or second is None:
            return alive
        ends = [
            0 if place < 0 else claims[place].ending + 1
            for place, claims in ((first, self.old), (second, self.new))
        ]
        if self.never + 1 in ends:
            return self.unique.leaf(NEVER)
        if ends[0] == ends[1]:
            return self.unique.leaf(SAME)
        return self.unique.leaf(ends[0] * self.endings + ends[1])


def _left(alive: int, whole: int) -> tuple[int, int | None]:
    """The claims of one side that are not hidden for good, and the one that decides, if that is known.

    -1: none is left.
    """
    hiders = alive & whole
    if hiders:
        hider = hiders & -hiders
        alive &= (hider << 1) - 1
        if hider == alive & -alive:
            return alive, hider.bit_length() - 1
    return (alive, None) if alive else (0, -1)


def walked(
    old: Sequence[Won],
    new: Sequence[Won],
    apart: tuple[set[int], set[int]],
    endings: int,
    never: int,
    wholes: Box,
) -> Node:
    """The diagram, its columns in the first of some orders in which it is not too large. Raises OverBudget.

    A leaf is SAME, NEVER, or the number of the old ending and one, times as many as there can be, and that
    of the new ending and one: 0 stands for the gap.
    """
    differing = [old[place].box for place in sorted(apart[0])]
    differing += [new[place].box for place in sorted(apart[1])]
    if not differing:
        return Leaf(SAME)
    (old, one), (new, other) = (
        _meeting(claims, own, differing) for claims, own in zip((old, new), apart, strict=True)
    )
    claims = [Claim(each.box, 0) for each in (*old, *new)]
    bits = sum(1 << place for place in one) | sum(1 << len(old) + place for place in other)
    work = Work.on(len(claims))
    for order in orders(range(len(wholes)), [Claim(box, 0) for box in differing], wholes):
        try:
            levels = Levels.of(claims, wholes, order)
            return Walk(levels, old, new, bits, endings + 1, work, never).root()
        except OverBudget:
            work = Work.on(len(claims))
    raise OverBudget


def _meeting(
    claims: Sequence[Won], apart: set[int], differing: Sequence[Box]
) -> tuple[list[Won], list[int]]:
    """The claims that meet one that is not common, and which of these are not common themselves."""
    if len(differing) * 4 < len(claims):
        known = Intersections.of([each.box for each in claims])
        met = 0
        for box in differing:
            met |= known.met(box)
        kept = [place for place in range(len(claims)) if met >> place & 1]
    else:
        kept = [*range(len(claims))]
    return [claims[place] for place in kept], [n for n, place in enumerate(kept) if place in apart]
