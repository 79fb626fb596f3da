"""Atoms and answers back in the words of the model: the way from a box to tests and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Same, Several
from gapless.analysis.domain.partition import Axis, Other, Point, Run, bits
from gapless.model import (
    AnyOf,
    Between,
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
    runs = [atom for atom in atoms if isinstance(atom, Run)]
    starts = [run for left, run in pairwise([None, *runs]) if run and not _touch(left, run)]
    ends = [run for run, right in pairwise([*runs, None]) if run and not _touch(run, right)]
    for first, last in zip(starts, ends, strict=True):
        yield _stretch(axis, first.low, last.high)
    if Other.TEXT in atoms:
        named = [atom.value for atom in axis.atoms if isinstance(atom, Point)]
        taken = [atom.value for atom in atoms if isinstance(atom, Point)]
        yield NoneOf(tuple(Equals(text) for text in named if text not in taken))
    else:
        yield from (Equals(atom.value) for atom in atoms if isinstance(atom, Point))
    if Other.MISSING in atoms:
        yield IsMissing()


def _touch(one: Run | None, other: Run | None) -> bool:
    """Whether there is no value between two runs, the first of them the lower one."""
    return (
        one is not None and other is not None and one.high is not None and one.high + 1 == other.low
    )


def _stretch(axis: Axis, low: int | None, high: int | None) -> Test:
    kind = ranks.ordered(axis.column.type)
    assert kind is not None
    first = None if low is None else ranks.value_at(kind, low)
    last = None if high is None else ranks.value_at(kind, high)
    return Equals(first) if first is not None and low == high else Between(first, last)
