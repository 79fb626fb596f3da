"""Regions against a count cell by cell: exact together, each as wide as can be, none to spare."""

from __future__ import annotations

from itertools import product
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.analysis.building import build_units
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Box
from gapless.analysis.regions import Regions, disjoint_regions, regions
from gapless.analysis.unit import Unit
from gapless.model import (
    AnyOf,
    Anything,
    Between,
    BoolType,
    Call,
    Column,
    ColumnValue,
    Condition,
    Constant,
    EnumerationType,
    Equals,
    HitPolicy,
    IntType,
    IsMissing,
    Let,
    Member,
    OptionalType,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    Table,
    Test,
    Type,
    Value,
)
from gapless_dsl.source import Span
from tests.amounts import so_many

NOWHERE = Span("page.dtable", 0, 0)
KIND = EnumerationType("Kind", tuple(Member(name) for name in ("a", "b", "c", "d")))
TYPES: tuple[Type, ...] = (KIND, BoolType(), IntType(0, 9), OptionalType(IntType()))


def rule(number: int, kind: RuleKind, tests: list[Test], value: Value = None) -> Rule:
    conditions = tuple(Condition(test, "", NOWHERE) for test in tests)
    answers = kind is not RuleKind.IMPOSSIBLE
    outcomes = (Outcome(Constant(value), "", NOWHERE),) if answers else ()
    return Rule(f"r{number}", kind, conditions, outcomes, Reason(), (), NOWHERE)


def passing(type: Type) -> st.SearchStrategy[Test]:
    numbers = st.integers(0, 9)
    ranges = st.tuples(numbers, numbers).map(lambda ends: Between(min(ends), max(ends)))
    match type:
        case EnumerationType(_, members):
            one: st.SearchStrategy[Test] = st.sampled_from([Equals(m.name) for m in members])
        case BoolType():
            one = st.booleans().map(Equals)
        case OptionalType():
            one = st.one_of(ranges, st.just(IsMissing()))
        case _:
            one = st.one_of(ranges, numbers.map(Equals))
    several = st.lists(one, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
    return st.one_of(st.just(Anything()), one, several)


@st.composite
def tables(draw: st.DrawFn, called: Table | None = None) -> Table:
    """A table of one to four inputs; with `called`, one more column that it computes."""
    types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3))
    inputs = [Column(f"x{i}", type, None, None, NOWHERE) for i, type in enumerate(types)]
    lets: tuple[Let, ...] = ()
    if called is not None:
        inputs += [Column(f"y_{c.name}", c.type, None, None, NOWHERE) for c in called.inputs]
        arguments = tuple(ColumnValue(f"y_{column.name}") for column in called.inputs)
        computed = Column("let", KIND, None, "Kind", NOWHERE)
        lets = (Let(computed, Call(called, 0, arguments, NOWHERE)),)
    columns = (*inputs, *(let.column for let in lets))
    kinds = draw(st.lists(st.sampled_from([*[RuleKind.RULE] * 3, RuleKind.IMPOSSIBLE]), max_size=5))
    cells = [[draw(passing(column.type)) for column in columns] for _ in kinds]
    values = [draw(st.sampled_from("abcd")) for _ in kinds]
    rules = [rule(i, kind, cells[i], values[i]) for i, kind in enumerate(kinds)]
    if draw(st.booleans()):
        rules.append(rule(9, RuleKind.OTHERWISE, [Anything()] * len(columns), "a"))
    output = Column("out", KIND, None, "Kind", NOWHERE)
    written = tuple(column.name for column in columns)
    return Table("t", None, (), tuple(inputs), lets, (output,), written, HitPolicy.FIRST,
                 tuple(rules), (), NOWHERE)  # fmt: skip


callers = tables().flatmap(lambda called: tables(called))


Cells: TypeAlias = dict[tuple[int, ...], int]


def question(unit: Unit, last: bool) -> int:
    """What the last row says, or the gaps."""
    return len(unit.table.rules) - 1 if last else GAP


def cells(unit: Unit) -> Cells:
    """Every cell of the inputs, and what it leads to."""
    return {
        cell: rule
        for rule, boxes in unit.claims.won.items()
        for box in boxes
        for cell in inside(box)
    }


def inside(box: Box) -> set[tuple[int, ...]]:
    return set(product(*(bits(mask) for mask in box)))


def shown(found: Regions) -> set[tuple[int, ...]]:
    return set().union(*(inside(region.box) for region in found.boxes))


def regions_are_exact(unit: Unit, asked: int, known: Cells, limit: int) -> None:
    """Together they hold every cell asked for, and beside them only cells that never happen."""
    found = regions(unit, asked)

    wanted = {cell for cell, rule in known.items() if rule == asked}
    never = {cell for cell, rule in known.items() if rule == NEVER}
    assert shown(found) - never == wanted
    assert (found.total, found.unshown) == (len(wanted), 0)
    assert [r.cases for r in found.boxes] == [len(inside(r.box) & wanted) for r in found.boxes]


def every_region_is_as_wide_as_can_be(unit: Unit, asked: int, known: Cells, limit: int) -> None:
    """One atom more, in any column, and it would hold a cell that something else answers."""
    for region in regions(unit, asked).boxes:
        for number, mask in enumerate(region.box):
            for atom in bits(unit.axes[number].whole & ~mask):
                wider = (*region.box[:number], 1 << atom, *region.box[number + 1 :])
                assert any(known[c] not in (asked, NEVER) for c in inside(wider))


def no_region_is_to_spare(unit: Unit, asked: int, known: Cells, limit: int) -> None:
    """Each shows a cell that no other shows."""
    boxes = [region.box for region in regions(unit, asked).boxes]

    for box in boxes:
        others = set().union(*(inside(other) for other in boxes if other != box))
        assert any(known[cell] == asked for cell in inside(box) - others)


def regions_that_share_nothing_add_up(unit: Unit, asked: int, known: Cells, limit: int) -> None:
    """They hold the same cells, each once; the first is as wide as any."""
    found = disjoint_regions(unit, asked)

    wanted = {cell for cell, rule in known.items() if rule == asked}
    never = {cell for cell, rule in known.items() if rule == NEVER}
    boxes = [inside(region.box) for region in found.boxes]
    assert set().union(*boxes) - never == wanted
    assert sum(len(box) for box in boxes) == len(set().union(*boxes))
    assert [region.cases for region in found.boxes] == [len(box & wanted) for box in boxes]
    assert all(region.cases for region in found.boxes)
    assert (found.total, found.unshown) == (len(wanted), 0)
    assert [r.cases for r in found.boxes[:1]] == [r.cases for r in regions(unit, asked).boxes[:1]]


def a_limit_is_kept_where_they_share_nothing(
    unit: Unit, asked: int, known: Cells, limit: int
) -> None:
    found = disjoint_regions(unit, asked, limit=limit)

    assert len(found.boxes) <= limit
    assert sum(region.cases for region in found.boxes) + found.unshown == found.total
    assert found.total == sum(rule == asked for rule in known.values())


def a_limit_is_kept_and_what_it_hides_is_counted(
    unit: Unit, asked: int, known: Cells, limit: int
) -> None:
    found = regions(unit, asked, limit=limit)

    wanted = {cell for cell, rule in known.items() if rule == asked}
    assert len(found.boxes) <= limit
    assert found.unshown == len(wanted - shown(found))
    assert all(known[c] == asked or known[c] == NEVER for c in shown(found))


LAWS = (
    regions_are_exact,
    every_region_is_as_wide_as_can_be,
    no_region_is_to_spare,
    regions_that_share_nothing_add_up,
    a_limit_is_kept_where_they_share_nothing,
    a_limit_is_kept_and_what_it_hides_is_counted,
)
"""Each of the regions of one table, of what is asked for, of what each cell leads to, and of a limit."""


@settings(max_examples=so_many(150))
@given(st.one_of(tables(), callers), st.booleans(), st.integers(1, 3))
def test_what_holds_of_regions_holds_of_those_of_a_table(
    table: Table, last: bool, limit: int
) -> None:
    unit = build_units([table]).units[table]
    known = cells(unit)
    for law in LAWS:
        law(unit, question(unit, last), known, limit)


def test_what_never_happens_can_be_asked_for() -> None:
    """The cases that a called table rules out are a region like any other."""
    called = Table("c", None, (), (Column("k", KIND, None, "Kind", NOWHERE),), (),
                   (Column("out", KIND, None, "Kind", NOWHERE),), ("k",), HitPolicy.UNIQUE,
                   (rule(0, RuleKind.IMPOSSIBLE, [Equals("b")]),
                    rule(1, RuleKind.OTHERWISE, [Anything()], "a")), (), NOWHERE)  # fmt: skip
    computed = Column("let", KIND, None, "Kind", NOWHERE)
    let = Let(computed, Call(called, 0, (ColumnValue("k"),), NOWHERE))
    table = Table("t", None, (), called.inputs, (let,), called.outputs, ("let",), HitPolicy.UNIQUE,
                  (rule(0, RuleKind.RULE, [Anything()] * 2, "a"),), (), NOWHERE)  # fmt: skip
    unit = build_units([table]).units[table]

    found = regions(unit, NEVER)

    assert [(region.box, region.cases) for region in found.boxes] == [((0b0010,), 1)]
