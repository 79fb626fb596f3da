"""A table one row of which was edited, proved again: only what the row reaches is looked at.

What a row can change is which boxes it meets, what is left where it was, and what is no longer left
where it is now. A new value cuts its column once more, and one that nobody names any longer mends a
cut; either is the same for every row, so cells are rewritten and nothing is searched for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from gapless.analysis.building import build_unit
from gapless.analysis.composition.partition import tests_of
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import Open, disjoint, open_parts
from gapless.analysis.coverage.intersections import at_atoms
from gapless.analysis.decision.claims import Claims, Known
from gapless.analysis.decision.first_match import Claim
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import lowered
from gapless.analysis.domain.partition import Axis, Box, Cuts, axis, cases, cuts
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.domain.subsets import Step
from gapless.analysis.unit import Unit
from gapless.model import Column, Constant, HitPolicy, Rule, Table, Test

Place: TypeAlias = int | str | Begun | Step
Uses: TypeAlias = Mapping[Place, int]
"""For each place at which a column is cut, a rank or a text, how many cells ask for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit, and what makes it quick to revise: worked out once, then carried along.

    `alive` has for each axis and atom the claims that hold there, as bits; `places` has the number
    of each rule's claim. Both are empty where a table can only be proved anew: it calls others, or
    answers with its columns, or a row of it can never apply.
    """

    unit: Unit
    uses: tuple[Uses, ...] = ()
    alive: tuple[Sequence[int], ...] = ()
    places: Mapping[int, int] | None = None


def standing(unit: Unit) -> Standing:
    """What is worked out of a unit before its first revision."""
    if (
        not _is_plain(unit.table.rules)
        or unit.table.lets
        or unit.lowered.derived
        or None in unit.boxes
    ):
        return Standing(unit)
    columns = zip(*(claim.box for claim in unit.claims.claims), strict=True)
    alive = tuple(
        at_atoms(column, len(axis.atoms)) for column, axis in zip(columns, unit.axes, strict=True)
    )
    places = {claim.rule: place for place, claim in enumerate(unit.claims.claims)}
    return Standing(unit, tuple(_uses(unit.table)), alive, places)


def revised(old: Standing, table: Table, number: int, units: Mapping[Table, Unit]) -> Standing:
    """The same for `table`, which differs from the old one in the rule `number` alone.

    `units` has the units of the tables it calls.
    """
    was, rule = old.unit.table.rules[number], table.rules[number]
    if old.places is None or not _stays_plain(table, was, rule):
        return _anew(table, units)
    uses = tuple(
        _counted(use, column, was.conditions[place].test, rule.conditions[place].test)
        for place, (use, column) in enumerate(zip(old.uses, table.inputs, strict=True))
    )
    axes = tuple(
        kept if use.keys() == before.keys() else axis(kept.column, _cuts(use))
        for kept, before, use in zip(old.unit.axes, old.uses, uses, strict=True)
    )
    box = tuple(
        axis.mask(condition.test) for axis, condition in zip(axes, rule.conditions, strict=True)
    )
    if not all(box):
        return _anew(table, units)
    return _Revision(old, number, box, axes).standing(table, uses)


def _anew(table: Table, units: Mapping[Table, Unit]) -> Standing:
    unit = build_unit(table, units)
    assert isinstance(unit, Unit), (
        "a table that was proved, and calls what was, can be proved again"
    )
    return standing(unit)


def _stays_plain(table: Table, was: Rule, rule: Rule) -> bool:
    """Whether the edited rule wins over the same rules as before, and still answers with constants."""
    alike = was.kind is rule.kind and was.over == rule.over
    if table.policy is HitPolicy.PRIORITY:
        alike = alike and [o.value for o in was.outcomes] == [o.value for o in rule.outcomes]
    return alike and _is_plain([rule])


def _is_plain(rules: Iterable[Rule]) -> bool:
    """Whether all that the rules answer are constants."""
    outcomes = (outcome for rule in rules for outcome in rule.outcomes)
    return all(isinstance(outcome.value, Constant) for outcome in outcomes)


def _uses(table: Table) -> Iterator[Uses]:
    for number, column in enumerate(table.inputs):
        cells = Counter(id(rule.conditions[number].test) for rule in table.rules)
        found: Counter[Place] = Counter()
        for key, test in tests_of(lowered(table), number).items():
            for place in _places(column, test):
                found[place] += cells[key]
        yield found


def _counted(uses: Uses, column: Column, was: Test, test: Test) -> Uses:
    """The uses after one cell of a column was changed."""
    if was == test:
        return uses
    found = Counter(uses)
    found.update(_places(column, test))
    found.subtract(_places(column, was))
    return +found


def _places(column: Column, test: Test) -> frozenset[Place]:
    cut = cuts(column, test)
    return frozenset((*cut.edges, *cut.texts, *map(Begun, cut.prefixes), *cut.steps))


def _cuts(uses: Uses) -> Cuts:
    return Cuts(
        frozenset(place for place in uses if isinstance(place, int)),
        frozenset(place for place in uses if isinstance(place, str)),
        frozenset(place.prefix for place in uses if isinstance(place, Begun)),
        frozenset(place for place in uses if isinstance(place, tuple)),
    )


class _Revision:
    """One row taken out, the columns cut anew, and the row put in again as `box`."""

    def __init__(self, old: Standing, number: int, box: Box, axes: tuple[Axis, ...]) -> None:
        assert old.places is not None
        self.old, self.claims = old, old.unit.claims
        self.number, self.place = number, old.places[number]
        self.box, self.axes = box, axes
        self.left = self.claims.claims[self.place].box
        self.recuts = [Recut(*pair) for pair in zip(old.unit.axes, axes, strict=True)]
        self.alive = tuple(map(self._alive, range(len(axes))))
        self.met = self._met()

    def standing(self, table: Table, uses: tuple[Uses, ...]) -> Standing:
        boxes, claims = [*self.old.unit.boxes], [*self.claims.claims]
        if not all(recut.is_none for recut in self.recuts):
            told = recut_boxes(self.recuts, [box for box in boxes if box is not None])
            boxes = [*told]  # in a standing that is revised, none is missing
            claims = [Claim(told[rule], rule) for _, rule in claims]
        boxes[self.number] = self.box
        claims[self.place] = Claim(self.box, self.number)
        caller = replace(self.old.unit.caller, inputs=self.axes)
        proved = self._proved(caller.whole, tuple(claims))
        unit = Unit(table, self.axes, tuple(boxes), caller, {}, lowered(table), {}, known=proved)
        return replace(self.old, unit=unit, uses=uses, alive=self.alive)

    def _proved(self, whole: Box, claims: tuple[Claim, ...]) -> Claims:
        partners, gap = self._partners(), self._gap()
        found = Claims(whole, claims, Known(partners, gap, None))
        return replace(found, known=Known(partners, gap, self._deciding(found)))

    def _alive(self, axis: int) -> Sequence[int]:
        """The claims that hold at each atom of an axis, the row moved to where it is now."""
        recut, there, here = self.recuts[axis], self.left[axis], self.box[axis]
        known = self.old.alive[axis]
        if recut.is_none and here == there:
            return known
        bit = 1 << self.place
        alive = list(known)
        for atom in bits(there):
            alive[atom] ^= bit
        alive = [alive[atom] for atom in recut.source]
        for atom in bits(here):
            alive[atom] |= bit
        return alive

    def _met(self) -> int:
        """The other claims that share a cell with the row, as bits."""
        met = (1 << len(self.claims.claims)) - 1 ^ 1 << self.place
        for mask, alive in zip(self.box, self.alive, strict=True):
            holding = 0
            for atom in bits(mask):
                holding |= alive[atom]
            met &= holding
        return met

    def _partners(self) -> Sequence[int]:
        partners, bit = list(self.claims.partners), 1 << self.place
        for other in bits(partners[self.place] ^ self.met):
            partners[other] ^= bit
        partners[self.place] = self.met
        return partners

    def _gap(self) -> Open | None:
        """What was open, and what only the row answered, without what it answers now."""
        if not self.claims.gap.is_exact:
            return None
        others = [self.claims.claims[n].box for n in bits(self.claims.partners[self.place])]
        try:
            freed = list(open_parts(self.left, others))
        except OverBudget:
            return None
        told = recut_boxes(self.recuts, [*self.claims.gap.parts, *freed])
        parts = disjoint([part for part in told if all(part)], [self.box])
        return Open(tuple(parts), (), cases(parts), cases(parts))

    def _deciding(self, claims: Claims) -> frozenset[int] | None:
        """Only rules that meet the row, where it was or is, can begin or cease to decide anything."""
        touched = self.claims.partners[self.place] | self.met | 1 << self.place
        work = Work.on(touched.bit_count())
        try:
            winning = {n for n in bits(touched) if claims.wins(n, work)}
            kept = self.claims.deciding - {claims.claims[n].rule for n in bits(touched)}
        except OverBudget:
            return None
        return kept | {claims.claims[n].rule for n in winning}


# ---------------------------------------------------------------- a column cut at other places


class Recut:
    """From the atoms of one axis to those of another of the same column.

    What is told must not tell atoms apart that have become one; one of them speaks for all.
    """

    def __init__(self, old: Axis, new: Axis) -> None:
        self.old, self.new = old, new
        self.is_none = old is new

    @cached_property
    def source(self) -> Sequence[int]:
        """For each new atom, an old one that has values in it."""
        if self.is_none:
            return range(len(self.old.atoms))
        return [atom for atom in self.old.image(self.new) if atom is not None]

    @cached_property
    def _stretches(self) -> list[tuple[int, int, int]]:
        """(first old atom, how many, first new atom): where old neighbors are new neighbors."""
        found: list[tuple[int, int, int]] = []
        for new, old in enumerate(self.source):
            if found and old == found[-1][0] + found[-1][1]:
                found[-1] = (found[-1][0], found[-1][1] + 1, found[-1][2])
            else:
                found.append((old, 1, new))
        return found

    def told(self, mask: int) -> int:
        """A set of old atoms as one of new atoms."""
        told = 0
        for old, many, new in self._stretches:
            told |= (mask >> old & (1 << many) - 1) << new
        return told


def recut_boxes(recuts: Sequence[Recut], boxes: Iterable[Box]) -> list[Box]:
    """The boxes in the new atoms, one column after the other."""
    told = list(boxes)
    for place, recut in enumerate(recuts):
        if not recut.is_none:
            known = {mask: recut.told(mask) for mask in {box[place] for box in told}}
            told = [(*box[:place], known[box[place]], *box[place + 1 :]) for box in told]
    return told
