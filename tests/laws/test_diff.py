"""What `gapless diff` tells is so: case by case, of random policies and what edits make of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from gapless.diff.change import Change, Difference, Verdict
from gapless.diff.expecting import drafted, held
from gapless.diff.policies import changes
from gapless.driver import compile_sources
from gapless.report.changes import machine, markdown, text, wording
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.diffed import Held, found_to_hold, held_against, state
from tests.mutated_policies import mutated, with_one_cell
from tests.random_files import random_file

PAIRS = so_many(10_000, 50)
ONE_CELL = so_many(2_000, 20)
IN_ONE_TEST = 20

GRID = """\
type Zone = home | near | far

table fee
  in  weight : int 0..30
  in  zone   : Zone
  out price  : decimal(2)
  out notes  : text

  | unique | weight | zone      || price | notes ||
  |--------|--------|-----------||-------|-------||
{rows}"""


def fee(*rows: str) -> list[Source]:
    lines = [f"  | {row} ||\n" for row in rows]
    return [Source("p.dtable", GRID.format(rows="".join(lines)))]


PLAIN = (
    "light | ..9  | home      || 1 | a",
    "heavy | 10.. | home      || 2 | a",
    "away  | -    | near, far || 3 | b",
)


def change(old: Sequence[Source], new: Sequence[Source]) -> Change:
    return held_against_all(old, new)


def held_against_all(old: Sequence[Source], new: Sequence[Source]) -> Change:
    """The change, held against the reference meaning, told in every form, and as a file that states it."""
    found = held_against(old, new, Held(), 0)
    told_well(found)
    return found


def told_well(found: Change) -> None:
    """Every form can be told, and the change is the one that it states itself to be."""
    assert text.render(found)
    assert len(markdown.render(found)) <= markdown.MOST
    assert json.loads(machine.render(found, 0))["digest"] == wording.digest(found)
    assert json.loads(machine.sarif(found, {}))["runs"]
    stated = held(found, drafted(found))
    undecided = any(each.undecided is not None for each in found.tables)
    assert stated.holds is (None if undecided else True), stated.says


# ---------------------------------------------------------------- random pairs


@pytest.mark.parametrize("first", range(0, PAIRS, IN_ONE_TEST))
def test_a_pair_differs_where_it_is_told_to_and_nowhere_else(first: int) -> None:
    for seed in range(first, first + IN_ONE_TEST):
        pair = mutated(seed)
        told_well(held_against(pair.old, pair.new, Held(), seed))


@pytest.mark.parametrize("first", range(0, ONE_CELL, IN_ONE_TEST))
def test_what_one_cell_does_is_told_everywhere(first: int) -> None:
    for seed in range(first, first + IN_ONE_TEST):
        pair = with_one_cell(seed)
        told_well(held_against(pair.old, pair.new, Held(), seed))


@pytest.mark.parametrize("seed", range(so_many(200, 10)))
def test_a_change_and_its_reverse_are_told_of_the_same_cases(seed: int) -> None:
    pair = mutated(seed)
    there = changes(state(pair.old), state(pair.new))
    back = {each.name: each for each in changes(state(pair.new), state(pair.old)).tables}
    for each in there.tables:
        assert each.changed == back[each.name].changed
        assert each.total == back[each.name].total


@pytest.mark.parametrize("seed", range(so_many(200, 10)))
def test_nothing_differs_from_itself(seed: int) -> None:
    pair = mutated(seed)
    for each in changes(state(pair.old), state(pair.old)).tables:
        assert each.verdict is Verdict.SAME or each.undecided is not None
        assert not each.regions


DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30), date(2025, 12, 31))


@pytest.mark.parametrize("seed", range(so_many(300, 6)))
def test_two_days_of_one_table_differ_where_they_are_told_to(seed: int) -> None:
    random = Random(f"days {seed}")
    text = random_file(random)
    named = [date.fromisoformat(day) for day in re.findall(r"\b\d{4}-\d\d-\d\d\b", text)]
    known = state([Source("p.dtable", text)])
    one, other = (replace(known, day=random.choice([*DAYS, *named])) for _ in range(2))
    told_well(found_to_hold(changes(one, other), Held(), seed))


# ---------------------------------------------------------------- what is no change


def only(found: Change) -> Difference:
    (each,) = found.tables
    return each


def test_rows_in_another_order_under_other_names_are_the_same() -> None:
    rows = [row.replace("away", "elsewhere") for row in reversed(PLAIN)]
    assert only(change(fee(*PLAIN), fee(*rows))).verdict is Verdict.SAME


def test_a_row_that_is_split_is_the_same_and_so_is_one_that_is_merged() -> None:
    split = (*PLAIN[:2], "near | - | near || 3 | b", "far | ..30 | far || 3 | b")
    assert only(change(fee(*PLAIN), fee(*split))).verdict is Verdict.SAME
    assert only(change(fee(*split), fee(*PLAIN))).verdict is Verdict.SAME


def test_every_row_of_a_large_table_in_another_order_is_the_same() -> None:
    rows = [f"r{n} | {n} | - || {n} | x" for n in range(31)]
    other = [*rows]
    Random(1).shuffle(other)
    assert only(change(fee(*rows), fee(*other))).verdict is Verdict.SAME


def test_an_otherwise_that_is_spelled_out_is_the_same() -> None:
    text = fee(*PLAIN[:2])[0].text + "  | otherwise || 3 | b || the rest |\n"
    text = text.replace("| notes ||\n", "| notes || because |\n").replace(
        "||-------|-------||\n", "||-------|-------||---|\n"
    )
    text = text.replace("|| 1 | a ||", "|| 1 | a || x |").replace("|| 2 | a ||", "|| 2 | a || x |")
    assert only(change(fee(*PLAIN), [Source("p.dtable", text)])).verdict is Verdict.SAME


# ---------------------------------------------------------------- what is one


def test_one_outcome_is_one_region_with_both_answers() -> None:
    each = only(change(fee(*PLAIN), fee(PLAIN[0], "heavy | 10.. | home || 2 | c", PLAIN[2])))
    (region,) = each.regions
    assert region.cells == (("weight", "10.."), ("zone", "home"))
    assert [*wording.answers(region)] == [("notes", "a", "c")]
    assert each.outputs == {"price": Verdict.SAME, "notes": Verdict.CHANGED}


def test_a_bound_that_moves_is_the_stretch_between() -> None:
    rows = ("light | ..12 | home || 1 | a", "heavy | 13.. | home || 2 | a", PLAIN[2])
    (region,) = only(change(fee(*PLAIN), fee(*rows))).regions
    assert region.cells == (("weight", "10..12"), ("zone", "home"))


def test_fewer_answers_are_narrowed_and_more_are_widened() -> None:
    narrowed = only(change(fee(*PLAIN), fee(*PLAIN[1:])))
    assert narrowed.verdict is Verdict.NARROWED
    assert only(change(fee(*PLAIN[1:]), fee(*PLAIN))).verdict is Verdict.WIDENED


def test_one_cell_of_the_innermost_table_is_told_of_every_table_that_rests_on_it() -> None:
    chain = """
table top
  in zone : Zone
  in weight : int 0..40
  let w = least(weight)
  let p = fee(w, zone).price
  out dear : bool

  | unique | p    || dear ||
  |--------|------||------||
  | no     | ..2  || no   ||
  | yes    | > 2  || yes  ||

table least
  in w : int 0..40
  out least : int 0..30

  | first | w      || least ||
  |-------|--------||-------||
  | small | ..9    || 5     ||
  | large | -      || 20    ||
"""
    old = [Source("p.dtable", fee(*PLAIN)[0].text + chain)]
    new = [Source("p.dtable", old[0].text.replace("|| 2 | a", "|| 4 | a"))]
    found = {each.name: each for each in change(old, new).tables}
    assert found["least"].verdict is Verdict.SAME
    assert found["top"].through == ("fee",)
    (region,) = found["top"].regions
    assert region.cells == (("zone", "home"), ("weight", "10.."))


# ---------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("home | near | far", "home | near | far | moon", "widening: input zone: has moon more"),
        ("int 0..30", "int 0..50", "widening: input weight: upper bound is 50 now, was 30"),
        ("int 0..30", "int 0..20", "breaking: input weight: upper bound is 20 now, was 30"),
        (": Zone", ": optional Zone", "widening: input zone: may be missing now"),
        ("decimal(2)", "decimal(3)", "widening: output price: has 3 digits now, had 2"),
        ("notes  : text", "notes  : optional text", "widening: output notes: may be missing now"),
        (
            "  in  weight : int 0..30\n  in  zone   : Zone\n",
            "  in  zone   : Zone\n  in  weight : int 0..30\n",
            "breaking: input zone: has another place among the inputs now",
        ),
        ("notes", "note ", "breaking: output notes: only the old table answers it"),
    ],
)
def test_what_callers_meet_is_told_and_what_both_know_is_compared(
    old: str, new: str, told: str
) -> None:
    before = fee(*PLAIN)
    after = [Source("p.dtable", before[0].text.replace(old, new))]
    each = only(change(before, after))
    assert told in [*wording.shapes(each)]
    assert not each.regions


def test_an_input_more_is_compared_whatever_it_is() -> None:
    old = fee(*PLAIN)
    wider = [
        Source("p.dtable", old[0].text.replace("  in  zone", "  in  member : bool\n  in  zone"))
    ]
    each = only(change(old, wider))
    assert each.outputs == {"price": Verdict.SAME, "notes": Verdict.SAME}
    assert [*wording.shapes(each)] == ["breaking: input member: only the new table asks it"]
    rows = ("free | yes | - | - || 0 | x", *(row.replace(" | ", " | - | ", 1) for row in PLAIN))
    cheaper = GRID.replace("  in  zone", "  in  member : bool\n  in  zone")
    cheaper = cheaper.replace("| unique | weight |", "| first | member | weight |")
    cheaper = cheaper.replace("|--------|--------|", "|--------|--------|--------|")
    text = cheaper.format(rows="".join(f"  | {row} ||\n" for row in rows))
    each = only(change(old, [Source("p.dtable", text)]))
    assert {dict(region.cells)["member"] for region in each.regions} == {"yes"}
    assert each.changed * 2 == each.total


# ---------------------------------------------------------------- expected changes


def expected(old: Sequence[Source], new: Sequence[Source], stated: str) -> bool | None:
    return held(changes(state(old), state(new)), stated).holds


def test_the_same_cases_may_be_stated_in_other_boxes() -> None:
    new = fee(PLAIN[0], "heavy | 10.. | home || 2 | c", PLAIN[2])
    stated = """
table fee
  notes: a -> c
    weight = 20..
    zone = not near, far
  notes: a -> c
    weight = [10..20)
    zone = home
"""
    assert expected(fee(*PLAIN), new, stated)
    assert not expected(fee(*PLAIN), new, stated.replace("20..", "21.."))
    assert not expected(fee(*PLAIN), new, stated.replace("[10..20)", "[9..20)"))
    assert not expected(fee(*PLAIN), new, stated.replace("a -> c", "a -> d"))
    assert not expected(fee(*PLAIN), new, "")
    assert not expected(fee(*PLAIN), fee(*PLAIN), stated)


# ---------------------------------------------------------------- reports


def test_a_long_report_is_cut_from_the_bottom_and_keeps_totals_and_digest() -> None:
    rows = [f"r{n} | {n} | - || {n} | x" for n in range(31)]
    other = [f"r{n} | {n} | - || {n + 40} | {'y' * (n + 1)}" for n in range(31)]
    found = change(fee(*rows), fee(*other))
    short = markdown.render(found, 3_000)
    assert len(short) <= 3_000
    assert short.startswith("## 1 of 1 table changed")
    assert wording.digest(found) in short.splitlines()[-1]
    assert "left out" in short


def test_a_column_of_constants_that_no_guard_lets_be_asked_is_no_fault() -> None:
    pair = mutated(4218)

    assert [len(compile_sources(side).units) for side in (pair.old, pair.new)] == [3, 3]
