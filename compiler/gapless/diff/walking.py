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
from gapless.analysis.coverage.intersections import Intersections, meetings
from gapless.analysis.decision.claims import Claims
from gapless.analysis.decision.diagram import NEVER, Leaf, Node, UniqueTable, merged, paths
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

    A leaf is SAME, NEVER, or numbers a pair of endings: the old one times `endings` and the new one, both
    counted from the gap on.
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


class Ends(NamedTuple):
    """Disjoint boxes, what each side ends in there; None for the gap."""

    box: Box
    old: int | None
    new: int | None


def parted(
    old: Sequence[Won],
    new: Sequence[Won],
    apart: tuple[set[int], set[int]],
    never: int,
    wholes: Box,
) -> tuple[list[Ends], list[Box], list[Box]]:
    """Where the sides end differently; where they end alike; where no case is. Raises OverBudget.

    Where little is apart, that is walked. Where much is, what each claim wins is mostly as large as
    the claim, and it is soon found out which of these meet.
    """
    differing = [old[place].box for place in sorted(apart[0])]
    differing += [new[place].box for place in sorted(apart[1])]
    if not differing:
        return [], [wholes], []
    ways = [
        lambda: _walked(old, new, apart, differing, never, wholes),
        lambda: _met(old, new, never, wholes),
    ]
    if len(differing) * 4 > len(old) + len(new):
        ways.reverse()
    try:
        return ways[0]()
    except OverBudget:
        return ways[1]()


def _walked(
    old: Sequence[Won],
    new: Sequence[Won],
    apart: tuple[set[int], set[int]],
    differing: Sequence[Box],
    never: int,
    wholes: Box,
) -> tuple[list[Ends], list[Box], list[Box]]:
    """By a diagram, its columns in the first of some orders in which it is not too large."""
    (old, one), (new, other) = (
        _meeting(claims, own, differing) for claims, own in zip((old, new), apart, strict=True)
    )
    claims = [Claim(each.box, 0) for each in (*old, *new)]
    bits = sum(1 << place for place in one) | sum(1 << len(old) + place for place in other)
    base = never + 2
    for order in orders(range(len(wholes)), [Claim(box, 0) for box in differing], wholes):
        work = Work.on(len(claims))
        try:
            levels = Levels.of(claims, wholes, order)
            root = Walk(levels, old, new, bits, base, work, never).root()
            found: tuple[list[Ends], list[Box], list[Box]] = ([], [], [])
            for box, leaf in paths(root, wholes, work):
                if leaf == SAME:
                    found[1].append(box)
                elif leaf == NEVER:
                    found[2].append(box)
                else:
                    ends = (end - 1 if end else None for end in divmod(leaf, base))
                    found[0].append(Ends(box, *ends))
            return found
        except OverBudget:
            continue
    raise OverBudget


def _met(
    old: Sequence[Won], new: Sequence[Won], never: int, wholes: Box
) -> tuple[list[Ends], list[Box], list[Box]]:
    """By what each side's claims win, and where that meets."""
    sides = []
    for claims in (old, new):
        won = Claims(wholes, tuple(Claim(each.box, each.ending) for each in claims)).won
        sides.append(
            [(end if end >= 0 else None, box) for end, boxes in won.items() for box in boxes]
        )
    found: tuple[list[Ends], list[Box], list[Box]] = ([], [], [])
    for one, other, box in meetings(*([box for _, box in side] for side in sides)):
        ends = sides[0][one][0], sides[1][other][0]
        if never in ends:
            found[2].append(box)
        elif ends[0] == ends[1]:
            found[1].append(box)
        else:
            found[0].append(Ends(box, *ends))
    return found


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
