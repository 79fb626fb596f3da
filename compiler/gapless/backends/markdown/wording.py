"""Values, types and tests in a reviewer's words: labels for names, numbers as people write them.

Ranges are said without brackets: `at least 65`, `neither CT nor Tracking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.backends.markdown.inline import Break, Emphasis, Line, Text, flat, joined, plain, text
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    Column,
    Compared,
    EnumerationType,
    Equals,
    Holds,
    HowMany,
    IsMissing,
    IsPresent,
    Member,
    NoneOf,
    OptionalType,
    Scalar,
    ScalarType,
    Table,
    Temporal,
    Test,
    Type,
    Value,
)
from gapless.text.types import number
from gapless_dsl.lexis import RESERVED, quoted

ARROW = "→\u00a0"
"""Tells what is answered from what is asked; it stays with the word behind it."""

DOTS = "…\u00a0"
"""Tells what is looked up or worked out on the way from what is asked."""

MISSING: Line = (Emphasis("missing"),)
NOTHING: Line = (Emphasis("nothing"),)


def name_of(column: Column) -> str:
    """What the column is called: its label where it has one."""
    return column.label or column.name


def called_by_readers(table: Table, column: str) -> str:
    """The same of a column that a rule or a step of the table names."""
    return next(name_of(each) for each in table.columns if each.name == column)


def answer_name(column: Column) -> str:
    """The heading of an output, told apart from inputs."""
    return f"{ARROW}{name_of(column)}"


def value_of(type: Type, value: Value) -> Line:
    """A value of `type`; the items of a list come in their order, those of a set in their type's."""
    if value is None:
        return MISSING
    if isinstance(value, tuple):
        return items_of([value_of(type, each) for each in value])
    if isinstance(value, frozenset):
        of = type.scalar
        names = [each.name for each in of.members] if isinstance(of, EnumerationType) else []

        def rank(each: Scalar | None) -> Any:
            return each is None, names.index(str(each)) if names and each else each

        return items_of([value_of(type, each) for each in sorted(value, key=rank)])
    return scalar(type.scalar, value)


def scalar(type: ScalarType, value: Scalar) -> Line:
    """One present value."""
    if isinstance(value, bool):
        return text("yes" if value else "no")
    if not isinstance(value, str):
        return text(number(value, type))
    if isinstance(type, EnumerationType):
        return text(shown(type, next(each for each in type.members if each.name == value)))
    return text(quoted(value))


def shown(type: EnumerationType, member: Member) -> str:
    """The member's label or name, and both where the one alone could be taken for something else."""
    said = member.label or member.name
    same = [each for each in type.members if (each.label or each.name) == said]
    if member.label and (len(same) > 1 or said in _TAKEN):
        return f"{said} ({member.name})"
    return quoted(said) if said in _TAKEN else said


_TAKEN = {*RESERVED, "any", "nothing"}


def in_short(type: EnumerationType, name: str) -> str:
    """As `shown`, but by its name alone where its label begins so: `77014` for `77014 (CT)`."""
    member = next(each for each in type.members if each.name == name)
    others = {shown(type, each) for each in type.members if each is not member}
    is_begun = (member.label or "").startswith(f"{name} ") and name not in {*others, *_TAKEN}
    return name if is_begun else shown(type, member)


def items_of(lines: Sequence[Line]) -> Line:
    """Several values of a list or set; where one holds a comma, a comma cannot stand between them."""
    between = " · " if any("," in plain(line) for line in lines) else ", "
    return joined(lines, between) if lines else NOTHING


# ---------------------------------------------------------------- what a column must hold

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
        case Begins(prefix, but):
            left = (Text(", but "), *_neither(column, but)) if but else ()
            return (Text("begins with "), *scalar(column.type.scalar, prefix), *left)
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
            dated = isinstance(column.type.scalar, Temporal)
            labels = {each.name: name_of(each) for each in beside}
            words = _WORDS[operator][dated]
            said = words if dated else _BESIDE.get(operator, words)
            return (Text(f"{said} "), Emphasis(labels.get(other, other)))
        case AllOf(tests):
            return joined([condition(column, each, beside) for each in tests], " and ")
        case Holds(ways):
            return _listed([_held(column, way) for way in ways], "or")
    assert_never(test)


_WORDS = {
    "<": ("under", "before"),
    "<=": ("at most", "up to"),
    ">": ("over", "after"),
    ">=": ("at least", "from"),
    "=": ("the same as", "the same as"),
    "<>": ("other than", "other than"),
}
"""What stands before a number, and before a day or time."""

_BESIDE = {"<": "less than", ">": "more than"}
"""What stands before the name of a column of numbers."""


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


def _held(column: Column, way: Sequence[HowMany]) -> Line:
    """`any of Penicillin, Latex`; `just Penicillin` where no other member may be there."""
    of = column.type.scalar
    assert isinstance(of, EnumerationType)
    there = [name for names, low, _ in way if low == len(names) for name in names]
    absent = sum(len(names) for names, _, high in way if not high)
    if len(there) + absent == len(of.members):
        members = items_of([scalar(of, name) for name in there])
        return (Text("just "), *members) if there else members
    return joined([_numbered(of, each) for each in way], " and ")


def _numbered(of: EnumerationType, number: HowMany) -> Line:
    members, low, high = number
    if len(members) == 1:
        return (Text("with " if low else "without "), *scalar(of, members[0]))
    if not high:
        said = "none"
    elif high < len(members):
        said = f"{low}" if low == high else f"{low} to {high}" if low else f"at most {high}"
    else:
        said = "all" if low == high > 1 else "any" if low == 1 else f"at least {low}"
    named = joined([scalar(of, name) for name in members], ", ")
    return text(said) if len(members) == len(of.members) > 1 else (Text(f"{said} of "), *named)


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
    dated = isinstance(type, Temporal)
    said = []
    if low is not None:
        said.append(f"{_WORDS['>=' if test.low_included else '>'][dated]} {low}")
    if high is not None:
        said.append(f"{_WORDS['<=' if test.high_included else '<'][dated]} {high}")
    return ", ".join(said)
