"""On which days the members of closed lists are in force, and which cases of a table lie on other days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.arithmetic.solver import Answer, solve
from gapless.analysis.domain.partition import (
    Atom,
    Axis,
    Box,
    Cuts,
    Run,
    axis,
    bits,
    cuts_of,
    volume,
)
from gapless.analysis.unit import Unit
from gapless.model import DateType, EnumerationType, Member, Type
from gapless.text import words
from gapless_dsl.diagnostic import Region


def lived(type: Type) -> Mapping[str, Member]:
    """The members of a closed list, or of lists of them, that are not in force on every day."""
    of = type.scalar
    members = of.lived if isinstance(of, EnumerationType) else ()
    return {member.name: member for member in members}


def is_in_force(member: Member, day: date) -> bool:
    return (member.since or date.min) <= day <= (member.until or date.max)


@dataclass(frozen=True, slots=True)
class Outside:
    """Cases on days of which none is in a member's life: a box of `axes`, the table's inputs."""

    axes: tuple[Axis, ...]
    box: Box
    dates: tuple[int, ...]
    inputs: int
    case: Case | None = None
    """One of them, where columns are worked out from others, so that not all of the box need happen."""
    is_known: bool = True
    """Whether one of them is known to happen."""

    @property
    def days(self) -> str:
        """`sent is 2026-01-01 or later`, and nothing of the other inputs."""
        said = (f"{self.axes[n].column.name} {self._read(n)}" for n in self.dates)
        return ", ".join(said)

    def _read(self, number: int) -> str:
        one, mask = self.axes[number], self.box[number]
        if mask != one.whole:
            return words.phrase(one, mask)
        first, last = (
            date.fromordinal(each) for each in (_low(one.atoms[0]), _high(one.atoms[-1]))
        )
        if (first, last) == (date.min, date.max):
            return "is any day"
        if last == date.max:
            return f"is {first} or later"
        return f"is {last} or earlier" if first == date.min else f"is from {first} to {last}"

    @property
    def region(self) -> Region:
        cells = words.constrained(self.axes, self.box)
        return Region(cells, volume(self.box), self._witness if self.is_known else None)

    @property
    def _witness(self) -> tuple[tuple[str, str], ...]:
        inputs = self.axes[: self.inputs]
        if self.case is None:
            return words.witness(inputs, self.box)
        names = (each.column.name for each in inputs)
        return tuple(zip(names, map(words.literal, self.case), strict=True))


@dataclass(frozen=True, slots=True)
class Split:
    """A date's axis cut besides where a life begins and ends; `atoms` says what each old atom became."""

    axis: Axis
    atoms: tuple[int, ...]
    beyond: int

    def of(self, mask: int) -> int:
        """The atoms of the new axis that lie in those of the old one."""
        found = 0
        for number in bits(mask):
            found |= self.atoms[number]
        return found

    def kept(self, mask: int) -> int:
        """Those of the old atoms of which some day lies outside the life."""
        return sum(1 << number for number in bits(mask) if self.atoms[number] & self.beyond)


@dataclass(frozen=True)
class Calendar:
    """The days of one table: what its dates say, or where it has none, the day its policy speaks of.

    Of several dates the one counts by which versions or rows are `effective`. Where nothing says
    which, a case lies outside a life only if all its dates do.
    """

    unit: Unit
    as_of: date | None
    _splits: dict[tuple[int, Member], Split] = field(default_factory=dict)
    _known: dict[tuple[int, Member, int], int] = field(default_factory=dict)

    @cached_property
    def dates(self) -> tuple[int, ...]:
        """The numbers of the inputs that say the day of a case."""
        inputs = self.unit.table.inputs
        found = tuple(n for n, each in enumerate(inputs) if isinstance(each.type, DateType))
        chosen = tuple(n for n in found if inputs[n].name == self.unit.table.day)
        return chosen or found

    def outside(self, member: Member, box: Box) -> Outside | None:
        """The cases of `box` that lie outside the member's life, if there are any."""
        axes = [*self.unit.axes[: self.unit.inputs]]
        if not self.dates:
            lapsed = self.as_of is not None and not is_in_force(member, self.as_of)
            found = Outside(tuple(axes), box, (), self._inputs)
            return self._happening(found, member, box) if lapsed else None
        masks = [*box]
        for number in self.dates:
            split = self._split(number, member)
            axes[number] = split.axis
            masks[number] = self._within(number, member, box[number]) & split.beyond
        found = Outside(tuple(axes), tuple(masks), self.dates, self._inputs)
        return self._happening(found, member, box) if all(masks) else None

    @property
    def _inputs(self) -> int:
        return len(self.unit.table.inputs)

    def _happening(self, found: Outside, member: Member, box: Box) -> Outside | None:
        """The same, unless columns that are worked out from others rule all of it out."""
        if self.unit.following is None:
            return found
        masks = [*box]
        for number in self.dates:
            masks[number] = self._split(number, member).kept(box[number])
        match solve(self.unit.following, tuple(masks)):
            case Answer.NEVER:
                return None
            case Answer.UNKNOWN:
                return replace(found, is_known=False)
            case case:
                return replace(found, case=case)

    def is_wholly_outside(self, member: Member, box: Box) -> bool:
        """Whether no case of `box` lies in the member's life."""
        if not self.dates:
            return self.outside(member, box) is not None
        return not any(
            self._within(number, member, box[number]) & ~self._split(number, member).beyond
            for number in self.dates
        )

    def _within(self, number: int, member: Member, mask: int) -> int:
        key = (number, member, mask)
        if key not in self._known:
            self._known[key] = self._split(number, member).of(mask)
        return self._known[key]

    def _split(self, number: int, member: Member) -> Split:
        key = (number, member)
        if key not in self._splits:
            self._splits[key] = _split(self.unit.axes[number], member)
        return self._splits[key]


def _split(days: Axis, member: Member) -> Split:
    edges = set(cuts_of(days).edges)
    if member.since is not None:
        edges.add(member.since.toordinal())
    if member.until is not None:
        edges.add(member.until.toordinal() + 1)
    cut = axis(days.column, Cuts(frozenset(edges)))
    atoms = [0] * len(days.atoms)
    beyond = old = 0
    for number, atom in enumerate(cut.atoms):
        while _low(atom) > _high(days.atoms[old]):
            old += 1
        atoms[old] |= 1 << number
        beyond |= (not is_in_force(member, date.fromordinal(_low(atom)))) << number
    return Split(cut, tuple(atoms), beyond)


def _low(atom: Atom) -> int:
    assert isinstance(atom, Run) and atom.low is not None
    return atom.low


def _high(atom: Atom) -> int:
    assert isinstance(atom, Run) and atom.high is not None
    return atom.high


def days(found: Sequence[Outside]) -> tuple[str, ...]:
    """`sent is 2026-01-01 or later`: all the days of these cases, which are of one member."""
    if not found or not found[0].dates:
        return ()
    if len(found[0].dates) > 1:
        return tuple(dict.fromkeys(each.days for each in found))
    (number,) = found[0].dates
    union = 0
    for each in found:
        union |= each.box[number]
    box = (*found[0].box[:number], union, *found[0].box[number + 1 :])
    return (replace(found[0], box=box).days,)
