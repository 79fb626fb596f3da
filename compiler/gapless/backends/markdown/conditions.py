"""What a column must hold for a rule to apply, in a reviewer's words; ranges without brackets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.backends.markdown.inline import (
    Break,
    Emphasis,
    Line,
    Text,
    flat,
    joined,
    plain,
    text,
)
from gapless.backends.markdown.values import MISSING, name_of, scalar
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    Column,
    Compared,
    DateType,
    Equals,
    IsMissing,
    IsPresent,
    NoneOf,
    OptionalType,
    ScalarType,
    Test,
)
from gapless.text.types import number

ANY: Line = (Emphasis("any"),)


def asked(column: Column, test: Test, beside: Sequence[Column] = (), sign: str = ": ") -> Line:
    """`Setting: Freestanding center`, in one line."""
    return (Text(f"{name_of(column)}{sign}"), *flat(condition(column, test, beside)))


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
            lines = [
                _neither(column, each.tests)  # `missing` is another of the tests
                if isinstance(each, NoneOf) and IsMissing() in tests
                else condition(column, each)
                for each in tests
            ]
            return _listed(lines, "or")
        case NoneOf(tests):  # a missing value passes no `not`: said wherever there can be one
            can_miss = isinstance(column.type, OptionalType)
            return (*text("present, but " if can_miss else ""), *_neither(column, tests))
        case Compared(operator, other):
            dated = isinstance(column.type.scalar, DateType)
            labels = {each.name: name_of(each) for each in beside}
            words = (_COMPARED_DAYS if dated else _COMPARED)[operator]
            return (*text(f"{words} "), Emphasis(labels.get(other, other)))
        case AllOf(tests):
            return joined([condition(column, each, beside) for each in tests], " and ")
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


def _listed(lines: Sequence[Line], last: str) -> Line:
    """Codes side by side; anything longer on lines of its own, for its words may hold a comma."""
    if all(" " not in plain(line) for line in lines):
        return joined(lines, ", ", f" {last} ")
    return joined(lines, (Break(), Text(f"{last} ")))


def _neither(column: Column, tests: Sequence[Test]) -> Line:
    lines = [condition(column, each) for each in tests]
    if len(lines) == 1:
        return (Text("not "), *lines[0])
    return (Text("neither "), *_listed(lines, "nor"))


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
