"""What a column must hold for a rule to apply, in a reviewer's words; ranges without brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Other, Point, Run, bits
from gapless.backends.markdown.inline import (
    Break,
    Emphasis,
    Line,
    Text,
    joined,
    plain,
    text,
)
from gapless.backends.markdown.values import MISSING, name_of, number, scalar
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    Column,
    Compared,
    DateType,
    EnumerationType,
    Equals,
    IsMissing,
    IsPresent,
    NoneOf,
    OptionalType,
    ScalarType,
    Test,
)

ANY: Line = (Emphasis("any"),)


def condition(column: Column, test: Test, beside: Sequence[Column] = ()) -> Line:
    """`Freestanding center`, `neither CT nor Tracking`, `at least 65`.

    `beside` are the columns of its table, with one of which it may be compared.
    """
    match test:
        case Anything():
            return ANY
        case IsMissing():
            return MISSING
        case IsPresent():
            return (Emphasis("present"),)
        case Equals(value):
            return scalar(column.type.scalar, value)
        case Between():
            return text(_between(test, column.type.scalar))
        case AnyOf(tests) if (between := _members(column, tests)) is not None:
            return between
        case AnyOf(tests):
            said = _alternative if IsMissing() in tests else condition
            return _either([said(column, each) for each in tests])
        case NoneOf(tests):
            return (*_present(column), *_neither(column, tests))
        case Compared(operator, other):
            dated = isinstance(column.type.scalar, DateType)
            labels = {each.name: name_of(each) for each in beside}
            words = (_COMPARED_DAYS if dated else _COMPARED)[operator]
            return (*text(f"{words} "), Emphasis(labels.get(other, other)))
        case AllOf(tests):
            parts = [condition(column, each, beside) for each in tests]
            return tuple(piece for part in _parted(parts) for piece in part)
    assert_never(test)


_COMPARED = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "=": "the same as",
}
_COMPARED_DAYS = {
    "<": "before",
    "<=": "up to",
    ">": "after",
    ">=": "from",
    "=": "the same as",
}


def _parted(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines with `and` between them."""
    for place, line in enumerate(lines):
        if place:
            yield text(" and ")
        yield line


def narrowed(axis: Axis, mask: int) -> Test:
    """The plainest test that just the atoms in `mask` pass."""
    if mask == axis.whole:
        return Anything()
    missing = axis.mask(IsMissing())
    tests = [IsMissing()] if mask & missing else []
    present, rest = mask & ~missing, axis.whole & ~mask & ~missing
    if present and not rest:
        return IsPresent()
    if ranks.ordered(axis.column.type) is not None:
        return _one([*_stretches(axis, present), *tests])
    if (of := ranks.ordered_list(axis.column.type)) is not None:
        spans = [*_spans(of, present)]
        if len(spans) < min(present.bit_count(), rest.bit_count() + 1):
            return _one([*spans, *tests])
    others = any(axis.atoms[i] is Other.TEXT for i in bits(present))
    nameable = all(isinstance(axis.atoms[i], Point) for i in bits(rest))
    if others or (nameable and 2 < present.bit_count() > rest.bit_count()):
        return _one([*tests, NoneOf(tuple(_points(axis, rest)))])
    return _one([*_points(axis, present), *tests])


def _one(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else AnyOf(tuple(tests))


def _points(axis: Axis, mask: int) -> Iterator[Test]:
    for i in bits(mask):
        atom = axis.atoms[i]
        assert isinstance(atom, Point)
        yield Equals(atom.value)


def _stretches(axis: Axis, mask: int) -> Iterator[Test]:
    """The runs in `mask`, neighbors joined."""
    for first, last in ranks.runs(mask):
        yield _stretch(axis, first, last)


def _stretch(axis: Axis, first: int, last: int) -> Test:
    """The values from the first atom to the last; an end that is the type's own is left open."""
    kind = ranks.ordered(axis.column.type)
    low, high = axis.atoms[first], axis.atoms[last]
    assert kind is not None and isinstance(low, Run) and isinstance(high, Run)
    bottom, top = ranks.bounds(kind)
    start = None if low.low in (None, bottom) else ranks.value_at(kind, low.low)
    end = None if high.high in (None, top) else ranks.value_at(kind, high.high)
    if low.low is not None and low.low == high.high:
        return Equals(ranks.value_at(kind, low.low))
    return Between(start, end)


def _spans(of: EnumerationType, mask: int) -> Iterator[Test]:
    """The members in `mask`, those that follow each other together."""
    for first, last in ranks.runs(mask):
        tests = tuple(Equals(member.name) for member in of.members[first : last + 1])
        yield _one(tests)


def _members(column: Column, tests: Sequence[Test]) -> Line | None:
    """Members of an ordered list that follow each other, as `at least Low`; None where they do not."""
    of = ranks.ordered_list(column.type)
    names = [each.value for each in tests if isinstance(each, Equals)]
    if of is None or len(names) < len(tests):
        return None
    order = [member.name for member in of.members]
    first, last = (order.index(str(each)) for each in (names[0], names[-1]))
    if len(names) < 2 or order[first : last + 1] != names:
        return None
    inside = first > 0 and last < len(order) - 1
    if inside and len(names) == 2:
        return None
    low, high = (plain(scalar(of, name)) for name in (order[first], order[last]))
    if (first, last) == (0, len(order) - 1):
        return ANY if column.type == of else (Emphasis("present"),)
    if inside:
        return text(f"{low} to {high}")
    return text(f"at least {low}" if first else f"at most {high}")


def _either(lines: Sequence[Line]) -> Line:
    """Codes side by side; anything longer on lines of its own, for its words may hold a comma."""
    if all(" " not in plain(line) for line in lines):
        return joined(lines, text(", "), text(" or "))
    return joined(lines, (Break(), Text("or ")))


def _alternative(column: Column, test: Test) -> Line:
    """One of several tests, of which another is `missing`."""
    return _neither(column, test.tests) if isinstance(test, NoneOf) else condition(column, test)


def _present(column: Column) -> Line:
    """A missing value passes no `not`: said wherever there can be one."""
    return text("present, but ") if isinstance(column.type, OptionalType) else ()


def _neither(column: Column, tests: Sequence[Test]) -> Line:
    lines = [condition(column, each) for each in tests]
    if len(lines) == 1:
        return (Text("not "), *lines[0])
    if all(" " not in plain(line) for line in lines):
        return (Text("neither "), *joined(lines, text(", "), text(" nor ")))
    return (Text("neither "), *joined(lines, (Break(), Text("nor "))))


def _between(test: Between, type: ScalarType) -> str:
    low = None if test.low is None else number(test.low, type)
    high = None if test.high is None else number(test.high, type)
    if low is not None and high is not None and test.low_included and test.high_included:
        return f"{low} to {high}"
    dated = isinstance(type, DateType)
    first = [f"{_LOW[dated, test.low_included]} {low}"] if low is not None else []
    last = [f"{_HIGH[dated, test.high_included]} {high}"] if high is not None else []
    return ", ".join([*first, *last])


_LOW = {
    (False, True): "at least",
    (False, False): "over",
    (True, True): "from",
    (True, False): "after",
}
_HIGH = {
    (False, True): "at most",
    (False, False): "under",
    (True, True): "up to",
    (True, False): "before",
}
