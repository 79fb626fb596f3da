"""Columns cut into atoms, tests as sets of atoms and back again, rules as boxes of atoms.

Each column is cut wherever a rule makes a difference. An atom is a set of values that no rule of
the table tells apart, a set of atoms is the bits of one integer, and a box is one such integer per
column: intersection is `&`, emptiness is `0`, the complement is `^ whole`. `Axis.mask` leads from a
test to its atoms, `test_of` from atoms to the plainest test.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from operator import and_
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain import subsets
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.prefixes import Begun, Texts, Tree, candidates, said
from gapless.analysis.domain.subsets import Kind
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    BoolType,
    Column,
    Compared,
    EnumerationType,
    Equals,
    Holds,
    IsMissing,
    IsPresent,
    ListType,
    NoneOf,
    OptionalType,
    Scalar,
    SetType,
    Test,
    TextType,
    Value,
)

Box: TypeAlias = tuple[int, ...]
"""One set of atoms per axis, none of them empty."""


class Run(NamedTuple):
    """The ordered values from rank `low` to rank `high`, both included; None is unbounded."""

    low: int | None
    high: int | None


class Point(NamedTuple):
    """One member, yes or no, or one text that some rule names."""

    value: str | bool


class Other(Enum):
    """What has no value of its own: every text that no rule names, and the missing value."""

    TEXT = "any other text"
    MISSING = "missing"


Atom: TypeAlias = Run | Point | Begun | Other | Kind


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where one column is cut: `edges` are ranks at which an atom begins, `texts` the texts told apart,
    `steps` where sets are."""

    edges: frozenset[int] = frozenset()
    texts: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    steps: frozenset[subsets.Step] = frozenset()

    def __or__(self, other: Cuts) -> Cuts:
        return Cuts(
            self.edges | other.edges,
            self.texts | other.texts,
            self.prefixes | other.prefixes,
            self.steps | other.steps,
        )


@dataclass(frozen=True, slots=True)
class Axis:
    """A column and its atoms, in the order of their values; `missing` comes last.

    `kind` is the type of its present values, if they are ordered; `tree` has the texts, if some are
    told apart by how they begin.
    """

    column: Column
    atoms: tuple[Atom, ...]
    whole: int
    kind: ranks.OrderedType | None
    _starts: tuple[int, ...]
    _index: dict[object, int]
    tree: Tree | None = None
    steps: tuple[subsets.Step, ...] = ()
    """What tells kinds of sets apart."""
    _images: dict[int, tuple[Axis, tuple[int | None, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def locate(self, value: Value) -> int | None:
        """The number of the atom that holds `value`, or None if the column's type does not."""
        if value is None:
            return self._index.get(Other.MISSING)
        if isinstance(value, tuple | frozenset):
            held = frozenset(value)
            kind = subsets.key_of(held, self.steps)
            return self._index.get(kind, self._index.get(Other.TEXT))
        if self.kind is None:
            found = self._index.get(_key(value))
            if found is None and self.tree is not None:
                found = self.tree.longest(str(value))
            return self._index.get(Other.TEXT) if found is None else found
        assert not isinstance(value, str | bool)
        rank = ranks.rank_of(self.kind, value)
        if rank is None:
            return None
        index = max(bisect_right(self._starts, rank) - 1, 0)
        run = self.atoms[index]
        assert isinstance(run, Run)
        inside = (run.low is None or run.low <= rank) and (run.high is None or rank <= run.high)
        return index if inside else None

    def atom_of(self, value: Value) -> int:
        """The atom that holds `value`, as a set; empty if the column's type does not."""
        index = self.locate(value)
        return 0 if index is None else 1 << index

    def sample(self, number: int) -> Value:
        """A value in atom `number`: its lowest, its highest, or 0 where it has neither."""
        atom = self.atoms[number]
        match atom:
            case Point(value):
                return value
            case Kind(smallest):
                return smallest
            case Run(low, high):
                assert self.kind is not None
                end = high if low is None else low
                return ranks.value_at(self.kind, 0 if end is None else end)
            case Begun(prefix):
                return self._unnamed(number, prefix)
            case Other.TEXT:
                return self._unnamed(number, "other", "")
            case Other.MISSING:
                return None
        assert_never(atom)

    def _unnamed(self, number: int, *starts: str) -> str:
        """A text of an atom that has no text of its own."""
        tries = (text for start in starts for text in candidates(start, len(self.atoms)))
        return next(text for text in tries if self.locate(text) == number)

    def example(self, mask: int) -> Value:
        """A value of the first stretch in `mask`: its lowest, if that is where a cell of some rule ends.

        At the type's own end no row makes a difference; from there on it is the stretch's highest that
        lies next to a rule's edge.
        """
        first = next(bits(mask))
        rest = ~mask >> first
        after = first + (rest & -rest).bit_length() - 1
        beyond = self.atoms[after] if after < len(self.atoms) else None
        if first == 0 and isinstance(beyond, Run) and beyond.low is not None:
            assert self.kind is not None
            return ranks.value_at(self.kind, beyond.low - 1)
        return self.sample(first)

    def image(self, other: Axis) -> Sequence[int | None]:
        """For each atom of an axis that is cut wherever this one is, the atom here that holds its values."""
        if id(other) not in self._images:
            samples = map(other.sample, range(len(other.atoms)))
            self._images[id(other)] = (other, tuple(map(self.locate, samples)))
        return self._images[id(other)][1]

    def mask(self, test: Test) -> int:
        """The atoms whose values pass `test`; the axis must have been cut for it."""
        match test:
            case Anything():
                return self.whole
            case IsMissing():
                return self.atom_of(None)
            case IsPresent():
                return self.whole & ~self.atom_of(None)
            case Equals(value):
                return self.atom_of(value)
            case Begins(prefix, but):
                assert self.tree is not None, "the axis must have been cut for it"
                return self.tree.within(prefix) & ~self._union(but)
            case Between():
                return self._mask_of_runs(test)
            case AnyOf(tests):
                return self._union(tests)
            case NoneOf(tests):
                return self.whole & ~self.atom_of(None) & ~self._union(tests)
            case Holds():
                return self._mask_of_kinds(test)
            case Compared() | AllOf():
                raise AssertionError("what compares columns was told apart before")
        assert_never(test)

    def _union(self, tests: Iterable[Test]) -> int:
        union = 0
        for test in tests:
            union |= self.mask(test)
        return union

    def _mask_of_kinds(self, test: Holds) -> int:
        """The axis is cut where the test makes a difference, so one set of each kind tells."""
        found = 0
        for number, atom in enumerate(self.atoms):
            assert isinstance(atom, Kind)
            numbers = (
                all(low <= len(atom.value.intersection(names)) <= high for names, low, high in way)
                for way in test.ways
            )
            found |= any(numbers) << number
        return found

    def _mask_of_runs(self, test: Between) -> int:
        low, after = _ends(self.column, test)
        first = 0 if low is None else bisect_right(self._starts, low - 1)
        last = len(self._starts) if after is None else bisect_right(self._starts, after - 1)
        return (1 << max(first, last)) - (1 << first)


def axis(column: Column, cuts: Cuts) -> Axis:
    """`column` with an atom for every member, or for every stretch between two cuts."""
    type = column.type
    optional = isinstance(type, OptionalType)
    inner = type.present
    kind = ranks.ordered(type)
    atoms: list[Atom]
    tree: Tree | None = None
    starts: tuple[int, ...] = ()
    if kind is not None:
        runs = _runs(ranks.bounds(kind), sorted(cuts.edges))
        atoms = list(runs)
        starts = _starts(runs)
    elif isinstance(inner, EnumerationType):
        atoms = [Point(member.name) for member in inner.members]
    elif isinstance(inner, BoolType):
        atoms = [Point(False), Point(True)]
    elif isinstance(inner, SetType) and isinstance(inner.of, EnumerationType):
        return _of_sets(column, [member.name for member in inner.of.members], cuts)
    elif isinstance(inner, ListType | SetType):
        atoms = [Other.TEXT]  # no condition asks about a list, so none is told from another
    else:
        assert isinstance(inner, TextType)
        atoms = [*(Point(text) for text in sorted(cuts.texts))]
        if cuts.prefixes:
            tree = Tree.of(cuts.texts, cuts.prefixes)
            atoms += map(Begun, tree.prefixes)
        atoms.append(Other.TEXT)
    if optional:
        atoms.append(Other.MISSING)
    index: dict[object, int] = {}
    for i, atom in enumerate(atoms):
        index[_key(atom.value) if isinstance(atom, Point) else atom] = i
    return Axis(column, tuple(atoms), (1 << len(atoms)) - 1, kind, starts, index, tree)


def _of_sets(column: Column, members: Sequence[str], cuts: Cuts) -> Axis:
    """An atom for every kind of set that is told from others. Raises ManyKinds."""
    steps = subsets.known(cuts.steps, members)
    found = subsets.kinds(members, steps)
    if found is None:
        raise subsets.ManyKinds(column)
    index: dict[object, int] = {key: number for number, key in enumerate(found)}
    whole = (1 << len(found)) - 1
    return Axis(column, tuple(found.values()), whole, None, (), index, steps=steps)


def kinds_told(axis: Axis, mask: int, possible: int | None = None) -> Holds:
    """The kinds in `mask`, some of those that are `possible` but not all, as a test."""
    of = axis.column.type.scalar
    assert isinstance(of, EnumerationType)
    keys = [key for key in axis._index if isinstance(key, tuple)]
    members = [member.name for member in of.members]
    may_be = axis.whole if possible is None else possible
    return subsets.told(members, axis.steps, keys, mask, may_be)


def cuts(column: Column, test: Test) -> Cuts:
    """Where `test` makes a difference in `column`."""
    match test:
        case Anything() | IsMissing() | IsPresent():
            return Cuts()
        case Equals(value):
            return value_cuts(column, value)
        case Between():
            return Cuts(frozenset(edge for edge in _ends(column, test) if edge is not None))
        case Begins(prefix, but):
            return Cuts(prefixes=frozenset({prefix})) | cuts(column, AnyOf(but))
        case AnyOf(tests) | NoneOf(tests):
            each = [cuts(column, inner) for inner in tests]
            return Cuts(
                frozenset().union(*(cut.edges for cut in each)),
                frozenset().union(*(cut.texts for cut in each)),
                frozenset().union(*(cut.prefixes for cut in each)),
                frozenset().union(*(cut.steps for cut in each)),
            )
        case Holds():
            return Cuts(steps=frozenset(subsets.steps(test)))
        case Compared() | AllOf():
            raise AssertionError("what compares columns was told apart before")
    assert_never(test)


def value_cuts(column: Column, value: Scalar | frozenset[Scalar | None]) -> Cuts:
    """Where `column` must be cut so that `value` is an atom of its own."""
    if isinstance(value, frozenset):
        of = column.type.scalar
        assert isinstance(of, EnumerationType)
        return Cuts(steps=frozenset(subsets.exactly(value, of.names)))
    kind = ranks.ordered(column.type)
    if kind is not None:
        assert not isinstance(value, str | bool)
        return Cuts(frozenset({ranks.first_at(kind, value), ranks.first_after(kind, value)}))
    return Cuts(texts=frozenset({value})) if isinstance(value, str) else Cuts()


def test_of(axis: Axis, mask: int) -> Test:
    """The plainest test that just the values in the atoms `mask` pass: the inverse of `Axis.mask`.

    An end that is the type's own is left open; what is left out is named where that is shorter.
    """
    if mask == axis.whole:
        return Anything()
    if axis.steps:
        return kinds_told(axis, mask)
    missing = axis.atom_of(None)
    absent = [IsMissing()] if mask & missing else []
    present, rest = mask & ~missing, axis.whole & ~mask & ~missing
    if present and not rest:
        return IsPresent()
    if axis.kind is not None:
        ends = ranks.bounds(axis.kind)
        runs = [test_of_run(axis.kind, run, ends) for run in joined(axis, present)]
        return _either([*runs, *absent])
    if (of := ranks.ordered_list(axis.column.type)) is not None:
        spans = [
            _either([Equals(member.name) for member in of.members[first : last + 1]])
            for first, last in ranks.runs(present)
        ]
        if len(spans) < min(present.bit_count(), rest.bit_count() + 1):
            return _either([*spans, *absent])
    others = any(axis.atoms[number] is Other.TEXT for number in bits(present))
    nameable = all(isinstance(axis.atoms[number], Point) for number in bits(rest))
    if others or (nameable and 2 < present.bit_count() > rest.bit_count()):
        return _either([*absent, NoneOf(tuple(members(axis, rest)))])
    return _either([*members(axis, present), *absent])


def joined(axis: Axis, mask: int) -> Iterator[Run]:
    """The stretches of an ordered column's atoms in `mask`, neighbors as one."""
    for first, last in ranks.runs(mask):
        low, high = axis.atoms[first], axis.atoms[last]
        assert isinstance(low, Run) and isinstance(high, Run)
        yield Run(low.low, high.high)


def test_of_run(kind: ranks.OrderedType, run: Run, ends: tuple[int | None, int | None]) -> Test:
    """The values of a run; an end that is one of `ends` is left open."""
    if run.low is not None and run.low == run.high:
        return Equals(ranks.value_at(kind, run.low))
    low = None if run.low in (None, ends[0]) else ranks.value_at(kind, run.low)
    high = None if run.high in (None, ends[1]) else ranks.value_at(kind, run.high)
    return Between(low, high)


def members(axis: Axis, mask: int) -> Iterator[Test]:
    """Members, truths or texts, each by its test; the last ones perhaps by how they begin."""
    if axis.tree is not None:
        yield from _tests(said(axis.tree, mask))
        return
    for number in bits(mask):
        atom = axis.atoms[number]
        assert isinstance(atom, Point)
        yield Equals(atom.value)


def _tests(texts: Texts) -> Iterator[Test]:
    yield from map(Equals, texts.named)
    yield from (Begins(prefix, tuple(_tests(but))) for prefix, but in texts.begun)


def _either(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else AnyOf(tuple(tests))


def cuts_of(axis: Axis) -> Cuts:
    """The cuts an axis was made with."""
    edges = {atom.low for atom in axis.atoms if isinstance(atom, Run) and atom.low is not None}
    texts = {atom.value for atom in axis.atoms if isinstance(atom, Point)}
    named = frozenset(t for t in texts if isinstance(t, str))
    prefixes = frozenset(axis.tree.prefixes if axis.tree else ())
    return Cuts(frozenset(edges), named, prefixes, frozenset(axis.steps))


def moved(cut: Cuts, source: Column, target: Column) -> Cuts:
    """The cuts of `source` at the same values of `target`, whose scale may be another."""
    a, b = ranks.ordered(source.type), ranks.ordered(target.type)
    if a is None or b is None or a == b:
        return cut
    low, high = ranks.bounds(a)
    inside = (
        edge
        for edge in cut.edges
        if (low is None or edge >= low) and (high is None or edge <= high + 1)
    )
    return replace(cut, edges=frozenset(_first_rank(edge, high, a, b) for edge in inside))


def _first_rank(edge: int, high: int | None, a: ranks.OrderedType, b: ranks.OrderedType) -> int:
    """The rank in `b` where the values of `a` from rank `edge` on begin."""
    if high is not None and edge == high + 1:
        return ranks.first_after(b, ranks.value_at(a, high))
    return ranks.first_at(b, ranks.value_at(a, edge))


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes share, or None."""
    shared = tuple(map(and_, one, other))
    return None if 0 in shared else shared


def covers(outer: Box, inner: Box) -> bool:
    return tuple(map(and_, outer, inner)) == tuple(inner)


def volume(box: Iterable[int]) -> int:
    """The number of cells in a box."""
    cells = 1
    for mask in box:
        cells *= mask.bit_count()
    return cells


def cases(boxes: Iterable[Iterable[int]]) -> int:
    """The number of cells in disjoint boxes."""
    return sum(volume(box) for box in boxes)


def _key(value: Scalar) -> tuple[type, Scalar]:
    return (type(value), value)


def _ends(column: Column, test: Between) -> tuple[int | None, int | None]:
    """The first rank inside and the first rank after, None where the test is open."""
    kind = ranks.ordered(column.type)
    assert kind is not None
    low = after = None
    if test.low is not None:
        low = (ranks.first_at if test.low_included else ranks.first_after)(kind, test.low)
    if test.high is not None:
        after = (ranks.first_after if test.high_included else ranks.first_at)(kind, test.high)
    return low, after


def _runs(ends: tuple[int | None, int | None], edges: list[int]) -> list[Run]:
    low, high = ends
    inside = [e for e in edges if (low is None or e > low) and (high is None or e <= high)]
    lows = [low, *inside]
    highs = [*(edge - 1 for edge in inside), high]
    return [Run(a, b) for a, b in zip(lows, highs, strict=True)]


def _starts(runs: list[Run]) -> tuple[int, ...]:
    """The first rank of each run; an open first run gets one below every edge."""
    low, high = runs[0]
    start = next((end for end in (low, high) if end is not None), -1)
    return (start, *(run.low for run in runs[1:] if run.low is not None))
