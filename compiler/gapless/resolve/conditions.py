"""A condition cell to a test: parts that hold either, or neither, checked against the column's type."""

from __future__ import annotations

import re
from typing import assert_never

from gapless.model import (
    AnyOf,
    Anything,
    DecimalType,
    Equals,
    IntType,
    IsMissing,
    IsPresent,
    NoneOf,
    Test,
)
from gapless.resolve import commas
from gapless.resolve.against import against, compares
from gapless.resolve.findings import Findings, Site
from gapless.resolve.operands import Columns
from gapless.resolve.possible import possible
from gapless.resolve.ranges import between
from gapless.resolve.slots import Slot, quoting, read_literal
from gapless_dsl.diagnostic import (
    Diagnostic,
    Edit,
    Label,
    Severity,
    decision,
    error,
    mechanical,
    warning,
)
from gapless_dsl.nodes.cells import (
    At,
    Comparison,
    ConditionContent,
    Literal,
    Part,
    Presence,
    Range,
    State,
)
from gapless_dsl.source import Span

_DASHED = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)-([0-9][0-9_]*(?:\.[0-9]+)?)")


def condition(
    content: ConditionContent, column: Slot, columns: Columns, site: Site, found: Findings
) -> Test | None:
    """What a cell tests; None where some of it is no test of this column, and was complained about."""
    if content.is_any:
        return Anything()
    divided = [
        *commas.in_cell(content.either, column, site),
        *commas.in_cell(content.neither, column, site),
    ]
    if divided:
        found.extend(divided)
        return None
    if compares(content, column, columns):
        return against(content, column, columns, site, found)
    before = len(found)
    either = _parts(content.either, column, site, found)
    neither = _parts(content.neither, column, site, found)
    _refuse_bare_not(content, column, site, found)
    if any(finding.severity is Severity.ERROR for finding in found[before:]):
        return None
    test = _together(either, neither)
    if neither and not possible(test, column.condition):
        found.append(_excludes_all(column, site))
        return None
    return test


def _together(either: list[Test], neither: list[Test]) -> Test:
    tests = [*either, *([_none_of(neither)] if neither else [])]
    match tests:
        case [AnyOf((only,))] | [only]:
            return only
    return AnyOf(tuple(tests))


def _none_of(tests: list[Test]) -> Test:
    """`not …`. What is missing is never among the rest, so beside others `missing` adds nothing."""
    rest = tuple(test for test in tests if not isinstance(test, IsMissing))
    if IsPresent() in rest:
        return IsMissing() if len(rest) == len(tests) else NoneOf((IsPresent(),))
    return NoneOf(rest) if rest else IsPresent()


def _excludes_all(column: Slot, site: Site) -> Diagnostic:
    return error(
        "GAP023",
        "this cell never holds: it excludes every value there is",
        Label(site.span, "nothing is left"),
        column.values,
        subject=site.subject,
    )


def _refuse_bare_not(content: ConditionContent, column: Slot, site: Site, found: Findings) -> None:
    """GAP024. Absence is a case of its own: whether `not` takes it in is the author's to say."""
    parts = (*content.either, *content.neither)
    if not content.neither or not column.is_optional:
        return
    if any(isinstance(part, Presence) for part in parts):
        return
    start, end = site.span.within(0, 0), Span(site.span.path, site.span.end, site.span.end)
    found.append(
        error(
            "GAP024",
            f"`not` does not say whether a missing `{column.name}` is meant",
            Label(site.span, "with or without `missing`?"),
            column.declared,
            subject=site.subject,
            helps=(
                decision("take a missing value in: `missing, not …`", Edit(start, "missing, ")),
                decision("leave a missing value out: `not …, missing`", Edit(end, ", missing")),
            ),
        )
    )


def _parts(parts: tuple[Part, ...], column: Slot, site: Site, found: Findings) -> list[Test]:
    """The tests of those parts that can be read, each once."""
    tests: list[Test] = []
    for at, part in enumerate(parts):
        test = _part(part, column, site, found)
        if test is not None and test in tests:
            found.append(said_twice(parts[at - 1].at, part.at, site))
        elif test is not None:
            tests.append(test)
    return tests


def said_twice(before: At, again: At, site: Site) -> Diagnostic:
    """GAP031. The edit takes the comma before the repeated value along."""
    return warning(
        "GAP031",
        "this cell says the same value twice",
        Label(site.at(again), "said before"),
        subject=site.subject,
        helps=(mechanical("delete the second one", Edit(site.at((before[1], again[1])), "")),),
    )


def _part(part: Part, column: Slot, site: Site, found: Findings) -> Test | None:
    match part:
        case Literal():
            if (dashed := _dashed(part, column, site)) is not None:
                found.append(dashed)
                return None
            value = read_literal(part, column, site, found)
            return None if value is None else Equals(value)
        case Presence(state):
            return _presence(part, state, column, site, found)
        case Comparison() | Range():
            return between(part, column, site, found)
    assert_never(part)


def _dashed(part: Literal, column: Slot, site: Site) -> Diagnostic | None:
    """GAP021, for `50-64` where a range of numbers was meant."""
    ends = None if part.quoted else _DASHED.fullmatch(part.text)
    if ends is None or not isinstance(column.scalar, IntType | DecimalType):
        return None
    span, right = site.at(part.at), f"{ends[1]}..{ends[2]}"
    return error(
        "GAP021",
        f"`{part.text}` is not a number",
        Label(span, f"a range is written `{right}`"),
        column.values,
        subject=site.subject,
        helps=(mechanical(f"replace `{part.text}` with `{right}`", Edit(span, right)),),
    )


def _presence(
    part: Presence, state: State, column: Slot, site: Site, found: Findings
) -> Test | None:
    if column.is_optional:
        return IsMissing() if state is State.MISSING else IsPresent()
    found.append(
        error(
            "GAP021",
            f"`{column.name}` is never missing",
            Label(site.at(part.at), f"`{state}` is for optional columns"),
            column.declared,
            subject=site.subject,
            helps=quoting(state, column),
        )
    )
    return None
