"""What other analyzers' tests say of their tables is what this compiler finds, case by case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, reduce
from itertools import combinations, product
from operator import or_
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from gapless.analysis.building import build_units
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Cuts, axis, cuts, meet
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit
from gapless.driver import compile_sources
from gapless.model import Column, HitPolicy, Test, Value
from gapless.semantics import holds
from gapless_dsl.source import Source

PAGE = (Path(__file__).parent / "facts" / "public_cases.md").read_text()

Case: TypeAlias = tuple[Value, ...]
Pair: TypeAlias = tuple[str, str]

# ---------------------------------------------------------------- the page


class Fact(NamedTuple):
    """One line of a `facts` fence: `kind` is that of a difference, empty where both agree."""

    what: str
    rules: tuple[str, ...]
    partly: bool
    kind: str
    cells: str

    @property
    def is_region(self) -> bool:
        return self.cells not in ("", "none", "not stated")


class Published(NamedTuple):
    """One case of the page."""

    title: str
    table: str
    facts: tuple[Fact, ...]

    def of(self, what: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.what == what]

    def is_stated(self, what: str) -> bool:
        return "not stated" not in {fact.cells for fact in self.of(what)}


_CASE = re.compile(
    r"^## ([^\n]+)$.*?^```gapless\n(.*?)^```\n\n```facts\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_FACT = re.compile(
    r"(?P<what>gap|overlap|never answers)(?: (?P<rules>\d+(?:, \d+)*))?(?P<partly>, among others)?"
    r"(?:, ours only \((?P<kind>[a-z ]+)\))?(?:: (?P<cells>.+))?"
)


def published() -> Iterator[Published]:
    cases = PAGE[PAGE.index("## Disagreements") :].split("\n## ")[1:]
    for case in cases:
        found = _CASE.fullmatch(f"## {case}".rstrip())
        assert found is not None, case
        title, table, lines = found.groups()
        yield Published(title, table, tuple(fact(line) for line in lines.splitlines()))


def fact(line: str) -> Fact:
    found = _FACT.fullmatch(line)
    assert found is not None, line
    what, rules, partly, kind, cells = (each or "" for each in found.groups())
    if what == "never answers":
        return Fact(what, (cells,), partly=False, kind="", cells="")
    return Fact(what, tuple(rules.split(", ")), bool(partly), kind, cells)


CASES = list(published())
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)

# ---------------------------------------------------------------- their cases and ours


class Compared(NamedTuple):
    """A table and the regions of its facts, over cases that tell all of these apart."""

    unit: Unit
    regions: Mapping[Fact, frozenset[Case]]
    cases: frozenset[Case]

    def inside(self, boxes: Iterable[Box]) -> frozenset[Case]:
        """The cases in boxes of the compiler's."""
        axes, boxes = self.unit.axes, list(boxes)
        found = set()
        for case in self.cases:
            at = tuple(1 << _number(axis, value) for axis, value in zip(axes, case, strict=True))
            if any(meet(at, box) for box in boxes):
                found.add(case)
        return frozenset(found)

    def union(self, facts: Iterable[Fact]) -> frozenset[Case]:
        return frozenset().union(*(self.regions[fact] for fact in facts))


@cache
def compared(case: Published) -> Compared:
    facts = [fact for fact in case.facts if fact.is_region]
    text = case.table + (_regions(case.table, facts) if facts else "")
    result = compile_sources([Source("page.dtable", text)])
    units = {table.name: unit for table, unit in result.units.items()}
    assert set(units) == {"t", *(["regions"] if facts else [])}, result.diagnostics
    rows = {name: _rows(unit) for name, unit in units.items()}
    told = [
        _samples(column, [row[at] for row in (*rows["t"], *rows.get("regions", ()))])
        for at, column in enumerate(units["t"].table.inputs)
    ]
    cases = frozenset(product(*told))
    regions = {
        fact: frozenset(each for each in cases if all(map(holds, row, each)))
        for fact, row in zip(facts, rows.get("regions", ()), strict=True)
    }
    return Compared(units["t"], regions, cases)


def _number(axis: Axis, value: Value) -> int:
    number = axis.locate(value)
    assert number is not None, value
    return number


def _regions(table: str, facts: Sequence[Fact]) -> str:
    """A table with a row for the cells of each fact, to be read as cells are."""
    inputs = [line for line in table.splitlines() if line.startswith("  in ")]
    names = " | ".join(line.split()[1] for line in inputs)
    rows = [f"  | | {fact.cells} || yes |" for fact in facts]
    grid = [f"  | first | {names} || found |", f"  |{'-|' * (len(inputs) + 1)}|-|", *rows]
    return "\n".join(["", "table regions", *inputs, "  out found : bool", "", *grid, ""])


def _rows(unit: Unit) -> list[list[Test]]:
    return [[condition.test for condition in rule.conditions] for rule in unit.table.rules]


def _samples(column: Column, tests: Iterable[Test]) -> list[Value]:
    """A value of each stretch of a column that none of the tests tells apart."""
    cut = axis(column, reduce(or_, (cuts(column, test) for test in tests), Cuts()))
    return [cut.sample(number) for number in bits(cut.whole)]


# ---------------------------------------------------------------- what they find is what we find


@EACH
def test_the_gap_is_the_published_one(case: Published) -> None:
    if not case.is_stated("gap"):
        return
    told = compared(case)
    gap = told.inside(told.unit.claims.gap.parts)
    theirs = told.union(fact for fact in case.of("gap") if fact.is_region and not fact.kind)
    ours = told.union(fact for fact in case.of("gap") if fact.kind)

    assert theirs <= gap
    assert not theirs & ours
    if not any(fact.partly for fact in case.of("gap")):
        assert theirs | ours == gap


@EACH
def test_the_rows_that_overlap_are_the_published_ones(case: Published) -> None:
    if not case.is_stated("overlap"):
        return
    told = compared(case)
    names = [rule.name for rule in told.unit.table.rules]
    found = {
        pair(names[each.earlier], names[each.later]): told.inside(each.boxes)
        for each in overlaps(_without_order(told.unit))
    }
    facts = [fact for fact in case.of("overlap") if fact.cells != "none"]
    said: dict[Pair, frozenset[Case]] = defaultdict(frozenset)
    for each in facts:
        for one, other in combinations(each.rules, 2):
            said[pair(one, other)] |= told.union([each] if each.is_region else [])

    assert set(said) == set(found)
    assert {both: said[both] or cases for both, cases in found.items()} == found


def _without_order(unit: Unit) -> Unit:
    """The same rows, none of them winning over another: other analyzers tell of these overlaps, too."""
    table = replace(unit.table, policy=HitPolicy.ANY)
    return build_units([table]).units[table]


@EACH
def test_the_rows_that_never_answer_are_the_published_ones(case: Published) -> None:
    unit = compared(case).unit
    idle = {rule.name for n, rule in enumerate(unit.table.rules) if not unit.tally.get(n)}
    never = {name for fact in case.of("never answers") for name in fact.rules}

    assert never == (idle if unit.table.policy is HitPolicy.FIRST else set())


def pair(one: str, other: str) -> Pair:
    low, high = sorted((one, other), key=int)
    return low, high


# ---------------------------------------------------------------- the page is read whole


def test_every_case_of_the_page_is_read_and_says_something() -> None:
    assert len(CASES) == PAGE.count("```gapless\n") == PAGE.count("```facts\n")
    assert all(case.of("gap") or case.of("overlap") for case in CASES)
    assert len({case.title for case in CASES}) == len(CASES)


def test_every_kind_of_difference_is_explained_and_every_explained_one_met() -> None:
    explained = set(re.findall(r"^- \*\*([a-z ]+)\*\*:", PAGE, re.MULTILINE))
    used = {fact.kind for case in CASES for fact in case.facts if fact.kind}

    assert used <= explained
    assert all(f"({kind})" in PAGE for kind in explained)
