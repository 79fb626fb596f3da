"""Atoms and answers back in the words of the model: the way from a box to tests and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Same, Several
from gapless.analysis.domain.partition import Axis, Other, Point, bits, joined, test_of_run
from gapless.model import (
    AnyOf,
    ColumnValue,
    Constant,
    Equals,
    IsMissing,
    Items,
    NoneOf,
    Test,
)
from gapless.proof.extents import domain


def cell(axis: Axis, mask: int) -> Test:
    """The test that just the values in the atoms `mask` pass."""
    tests = tuple(_tests(axis, mask))
    if len(tests) == 1 and isinstance(tests[0], Equals | IsMissing):
        return tests[0]
    if mask == axis.whole:
        return domain(axis.column.type)
    return tests[0] if len(tests) == 1 else AnyOf(tests)


def value(
    axes: Sequence[Axis], cells: Sequence[Test], answer: Answer
) -> Constant | ColumnValue | Items:
    """An answer where inputs are as `cells` say: a column of which only one value is left is that."""
    match answer:
        case Fixed(one):
            return Constant(one)
        case Same(number):
            match cells[number]:
                case Equals(only):
                    return Constant(only)
                case IsMissing():
                    return Constant(None)
            return ColumnValue(axes[number].column.name)
        case Several(items, as_set):
            return _together([value(axes, cells, item) for item in items], as_set)
        case Nothing():
            raise AssertionError("where a table has no answer there is none to be told")
    assert_never(answer)


def _together(items: Sequence[Constant | ColumnValue | Items], as_set: bool) -> Constant | Items:
    plain = tuple(item for item in items if not isinstance(item, Items))
    constants = tuple(item.value for item in plain if isinstance(item, Constant))
    if len(constants) == len(items):
        return Constant(frozenset(constants) if as_set else constants)  # type: ignore[arg-type]
    return Items(tuple(sorted({*plain}, key=repr)) if as_set else plain, as_set)


def _tests(axis: Axis, mask: int) -> Iterator[Test]:
    atoms = [axis.atoms[number] for number in bits(mask)]
    if axis.kind is not None:
        present = axis.whole & ~axis.mask(IsMissing())
        for run in joined(axis, mask & present):
            yield test_of_run(axis.kind, run, (None, None))
    if Other.TEXT in atoms:
        named = [atom.value for atom in axis.atoms if isinstance(atom, Point)]
        taken = [atom.value for atom in atoms if isinstance(atom, Point)]
        yield NoneOf(tuple(Equals(text) for text in named if text not in taken))
    else:
        yield from (Equals(atom.value) for atom in atoms if isinstance(atom, Point))
    if Other.MISSING in atoms:
        yield IsMissing()
