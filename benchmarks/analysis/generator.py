"""Tables to measure with: made from a seed, and, where faults are planted, with the faults known exactly."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from benchmarks.analysis.cells import Cell, Cells, Kind, table_of
from gapless.model import HitPolicy, Table

NUMBERS = 100_000
ROUND = 500
"""Numbers are compared with multiples of this: two hundred places to cut a column."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A table and its faults: what no rule answers, and which two rules share what.

    The boxes of `gaps` are disjoint; so are the `overlaps`, each (earlier rule, later rule, shared).
    """

    table: Table
    kinds: tuple[Kind, ...]
    gaps: tuple[Cells, ...] = ()
    overlaps: tuple[tuple[int, int, Cells], ...] = ()


@dataclass(slots=True)
class Leaves:
    """Boxes that make up the whole; `twins` are pairs cut from one box last: (the other, the column)."""

    boxes: list[Cells]
    twins: dict[int, tuple[int, int]] = field(default_factory=dict)


def loans(
    seed: int,
    rules: int,
    columns: int,
    *,
    gaps: int = 0,
    overlaps: int = 0,
    skew: float = 0.0,
    step: int = ROUND,
    whole_numbers: bool = False,
) -> Planted:
    """A tree's leaves as rules, numbers and categories mixed, as in tables that grade loans.

    `rules` counts the leaves; `gaps` of them are dropped. `overlaps` counts the rules that are
    widened into a neighbor. `skew` is the share of cuts that cut the newest leaf again.
    """
    random = Random(f"loans {seed} {rules} {columns}")
    kinds = loan_columns(random, columns, step)
    if whole_numbers:
        kinds = tuple(replace(kind, digits=0) for kind in kinds)
    leaves = grown(random, kinds, rules, skew)
    dropped = set(random.sample(range(len(leaves.boxes)), gaps))
    pairs = sorted(
        (one, other, axis)
        for one, (other, axis) in leaves.twins.items()
        if one < other and not {one, other} & dropped
    )
    chosen = random.sample(pairs, overlaps)
    shared = [_widened(random, leaves.boxes, *pair) for pair in chosen]
    kept = [number for number in range(len(leaves.boxes)) if number not in dropped]
    random.shuffle(kept)
    place = {number: row for row, number in enumerate(kept)}
    found = sorted(
        (min(place[one], place[other]), max(place[one], place[other]), box)
        for (one, other, _), box in zip(chosen, shared, strict=True)
    )
    table = table_of(kinds, [leaves.boxes[number] for number in kept], random)
    missing = tuple(leaves.boxes[number] for number in sorted(dropped))
    return Planted(table, kinds, missing, tuple(found))


def loan_columns(random: Random, columns: int, step: int) -> tuple[Kind, ...]:
    """Whole numbers, a list, amounts with two digits, a list, and so on."""
    kinds = []
    for number in range(columns):
        if number % 2 == 0:
            kinds.append(Kind(f"n{number}", range(NUMBERS), step, digits=number % 4))
        else:
            kinds.append(Kind(f"c{number}_", frozenset(range(random.randint(3, 9)))))
    return tuple(kinds)


def grid(seed: int, pieces: int, columns: int, *, holes: float = 0.0) -> Planted:
    """Every column cut into pieces, a rule for every combination; a share of them is dropped."""
    random = Random(f"grid {seed} {pieces} {columns}")
    kinds = tuple(Kind(f"n{number}", range(100 * pieces)) for number in range(columns))
    cut = [[range(100 * p, 100 * p + 100) for p in range(pieces)] for _ in kinds]
    return _with_holes(random, kinds, list(itertools.product(*cut)), holes)


def look_up(seed: int, keys: int, columns: int, *, holes: float = 0.0) -> Planted:
    """One row for each combination of keys: a value in every column; a share of them is dropped."""
    random = Random(f"look-up {seed} {keys} {columns}")
    kinds = tuple(Kind(f"k{number}_", frozenset(range(keys))) for number in range(columns))
    cut = [[frozenset((key,)) for key in range(keys)] for _ in kinds]
    return _with_holes(random, kinds, list(itertools.product(*cut)), holes)


def pigeonhole(holes: int) -> Planted:
    """One pigeon more than holes; a rule for every two pigeons in one hole: complete, hard to prove."""
    kinds = tuple(Kind(f"p{number}_", frozenset(range(holes))) for number in range(holes + 1))
    rows = [
        tuple(
            frozenset((hole,)) if number in pair else kind.whole
            for number, kind in enumerate(kinds)
        )
        for pair in itertools.combinations(range(holes + 1), 2)
        for hole in range(holes)
    ]
    return Planted(table_of(kinds, rows, Random(holes), policy=HitPolicy.FIRST), kinds)


def wildcards(
    seed: int,
    rules: int,
    columns: int,
    *,
    tested: int = 3,
    catch_all: bool = False,
    step: int = ROUND,
) -> Planted:
    """Rows that test a few columns each and are `-` in the rest, the first match winning.

    `catch_all` adds `otherwise`.
    """
    random = Random(f"wildcards {seed} {rules} {columns} {tested}")
    kinds = loan_columns(random, columns, step)
    rows = [loose(random, kinds, tested) for _ in range(rules)]
    table = table_of(kinds, rows, random, policy=HitPolicy.FIRST, catch_all=catch_all)
    return Planted(table, kinds)


def _with_holes(
    random: Random, kinds: tuple[Kind, ...], rows: Sequence[Cells], share: float
) -> Planted:
    holes = set(random.sample(range(len(rows)), int(share * len(rows))))
    kept = [row for number, row in enumerate(rows) if number not in holes]
    random.shuffle(kept)
    gaps = tuple(rows[number] for number in sorted(holes))
    return Planted(table_of(kinds, kept, random), kinds, gaps)


def loose(random: Random, kinds: Sequence[Kind], tested: int) -> Cells:
    """A row that tests so many columns, each with about a quarter of what there is."""
    row: list[Cell] = [kind.whole for kind in kinds]
    for axis in random.sample(range(len(kinds)), min(tested, len(kinds))):
        for _ in range(2):
            halves = _halves(random, kinds[axis], row[axis])
            row[axis] = random.choice(halves) if halves else row[axis]
    return tuple(row)


def grown(random: Random, kinds: Sequence[Kind], wanted: int, skew: float) -> Leaves:
    """The whole, cut in two again and again, until there are as many leaves as wanted or possible."""
    leaves = Leaves([tuple(kind.whole for kind in kinds)])
    open_ = [0]
    while open_ and len(leaves.boxes) < wanted:
        place = len(open_) - 1 if random.random() < skew else random.randrange(len(open_))
        number = open_[place]
        if _split(random, kinds, leaves, number):
            open_.append(len(leaves.boxes) - 1)
        else:
            open_[place] = open_[-1]
            open_.pop()
    return leaves


def _split(random: Random, kinds: Sequence[Kind], leaves: Leaves, number: int) -> bool:
    """Cut one leaf in a random column that can be cut, if there is any."""
    box = leaves.boxes[number]
    for axis in random.sample(range(len(kinds)), len(kinds)):
        halves = _halves(random, kinds[axis], box[axis])
        if halves is None:
            continue
        one, other = ((*box[:axis], half, *box[axis + 1 :]) for half in halves)
        if number in leaves.twins:
            del leaves.twins[leaves.twins.pop(number)[0]]
        newest = len(leaves.boxes)
        leaves.boxes[number] = one
        leaves.boxes.append(other)
        leaves.twins |= {number: (newest, axis), newest: (number, axis)}
        return True
    return False


def _halves(random: Random, kind: Kind, cell: Cell) -> tuple[Cell, Cell] | None:
    if isinstance(cell, frozenset):
        if len(cell) < 2:
            return None
        some = random.sample(sorted(cell), random.randint(1, len(cell) - 1))
        return frozenset(some), cell - frozenset(some)
    places = range((cell[0] // kind.step + 1) * kind.step, cell[-1] + 1, kind.step)
    if not places:
        return None
    at = random.choice(places)
    return range(cell[0], at), range(at, cell[-1] + 1)


def _widened(random: Random, boxes: list[Cells], one: int, other: int, axis: int) -> Cells:
    """Widen box `one` into `other`, from which it differs in one column only; what they now share."""
    mine, theirs = boxes[one][axis], boxes[other][axis]
    shared: Cell
    if isinstance(mine, frozenset):
        assert isinstance(theirs, frozenset)
        shared = frozenset(random.sample(sorted(theirs), random.randint(1, len(theirs))))
        wider: Cell = mine | shared
    elif isinstance(theirs, range):
        by = random.randint(1, len(theirs))
        shared = theirs[:by] if mine[0] < theirs[0] else theirs[-by:]
        wider = range(min(mine[0], shared[0]), max(mine[-1], shared[-1]) + 1)
    boxes[one] = (*boxes[one][:axis], wider, *boxes[one][axis + 1 :])
    return (*boxes[one][:axis], shared, *boxes[one][axis + 1 :])
