"""Every cell of a grid that pages show says what the reference meaning says of each of its cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from random import Random

import pytest
from hypothesis import given, settings

from gapless.analysis.by_inputs import Given
from gapless.analysis.domain.answers import Fixed, Row, Same
from gapless.analysis.domain.partition import test_of as as_test
from gapless.analysis.shown import Cell, Shown, shown
from gapless.analysis.unit import Unit
from gapless.backends.markdown import inline
from gapless.driver import compile_sources
from gapless.model import Condition, Guard, Policy, Show, Type, Value, copied
from gapless.semantics import Answered, Impossible, evaluate, holds, trace
from gapless_dsl.source import Span
from tests.amounts import so_many
from tests.laws.test_markdown_pages import Words, page_of, policy_of, words
from tests.laws.test_markdown_pages import shown as said
from tests.random_policies import random_policy
from tests.rendered import READERS, read
from tests.strategies import probes

NOWHERE = Span("p.dtable", 0, 0)
MOST = 400
"""So many cases of a table are put to a grid of it."""


def random_show(unit: Unit, chance: Random) -> Show:
    """Some inputs at the side, some across the top, some fixed to what a cell might say of them."""
    columns = list(unit.table.inputs)
    chance.shuffle(columns)
    side = chance.randint(1, min(2, len(columns)))
    top = chance.randint(0, min(2, len(columns) - side))
    fixed = []
    for place, axis in enumerate(unit.axes[: len(columns)]):
        column = unit.table.inputs[place]
        if chance.random() < 0.4:
            mask = chance.randint(1, axis.whole)
            test = as_test(axis, mask)
            fixed.append(Guard(column.name, Condition(test, "", NOWHERE)))
    names = [column.name for column in columns]
    return Show(
        *(tuple(names[:side]), tuple(names[side : side + top]), None, tuple(fixed), NOWHERE)
    )


def cells_of(grid: Shown, case: Mapping[str, Value]) -> list[Cell]:
    """The cells in which the case lies."""
    places = [axis.atom_of(case[axis.column.name]) for axis in grid.axes]
    found = []
    for block in grid.blocks:
        for mask, line in block.rows:
            for head, cell in zip(block.heads, line, strict=True):
                part = (*block.heading, mask, *head)
                if all(atom & held for atom, held in zip(places, part, strict=True)):
                    found.append(cell)
    return found


def value_of(given: Given, case: Mapping[str, Value], unit: Unit, into: Type) -> Value:
    def one(part: Fixed | Same) -> Value:
        if isinstance(part, Fixed):
            return part.value
        return copied(case[unit.table.inputs[part.input].name], into)

    if isinstance(given, Fixed | Same):
        return one(given)
    values = tuple(map(one, given.items))
    return frozenset(values) if given.as_set else values  # type: ignore[arg-type,return-value]


def held_against_the_reference(unit: Unit, show: Show, grid: Shown, chance: Random) -> int:
    """How many cases were; that no cell is told to depend on too much is held only where these are all."""
    table = unit.table
    values = [probes(table, column) for column in table.inputs]
    names = [column.name for column in table.inputs]
    is_all = prod(map(len, values)) <= MOST
    given = (
        [*product(*values)] if is_all else [tuple(map(chance.choice, values)) for _ in range(MOST)]
    )
    inputs = zip(unit.axes, values, strict=False)
    is_each = is_all and all({*map(a.locate, of)} >= {*range(len(a.atoms))} for a, of in inputs)
    depending: dict[tuple[int, int], list[tuple[tuple[Value, ...], Value]]] = {}
    rows: dict[int, set[Row]] = {}
    cells: dict[int, Cell] = {}
    tried = 0
    for each in given:
        case = dict(zip(names, each, strict=True))
        if not all(holds(c.test, case[name], case) for name, c in show.fixed):
            continue
        tried += 1
        meaning = evaluate(table, case)
        found = cells_of(grid, case)
        if not found:
            assert isinstance(meaning, Impossible) and not grid.is_whole, case
            continue
        [cell] = found
        if isinstance(meaning, Impossible):
            assert not grid.is_whole, case
            continue
        if cell.is_draft:
            continue
        assert isinstance(meaning, Answered) and cell.outputs is not None, (case, meaning)
        cells[id(cell)] = cell
        parts = trace(table, case).parts
        for place, told in enumerate(cell.outputs):
            value, type = meaning.values[place], table.outputs[place].type
            if told.answer is not None:
                assert value_of(told.answer, case, unit, type) == value, case
                flowing = {
                    Row(part.row.table, part.row.table.rules.index(part.row.rule), part.output)
                    for part in parts[place]
                }
                rows.setdefault(id(cell), set()).update(flowing)
            else:
                depending.setdefault((id(cell), place), []).append((each, value))
    for (number, place), pairs in depending.items():
        told = cells[number].outputs[place]  # type: ignore[index]
        by = [names.index(column.name) for column in told.depends]
        assert is_function(pairs, by), (table.name, place)
        assert by
        is_fixed = all(isinstance(answer, Fixed) for _, answer in told.how)
        for place in by if is_each and is_fixed else ():
            assert not is_function(pairs, [each for each in by if each != place]), table.name
    for number, flowing in rows.items():
        whole = {row.table for row in cells[number].rows if row.rule is None}
        plain = {row for row in cells[number].rows if row.rule is not None}
        expected = {row for row in flowing if row.table not in whole}
        assert expected <= plain if not is_all else expected == plain or show.fixed
    return tried


def is_function(pairs: list[tuple[tuple[Value, ...], Value]], by: list[int]) -> bool:
    """Whether the values of these inputs tell the answer."""
    known: dict[tuple[Value, ...], Value] = {}
    return all(
        known.setdefault(tuple(case[place] for place in by), value) == value
        for case, value in pairs
    )


def held(seed: int) -> tuple[int, int]:
    """How many grids of a random policy were held against the reference, and with how many cases."""
    result = compile_sources(random_policy(seed))
    grids = tried = 0
    for unit in result.units.values() if result.is_sound else ():
        chance = Random(f"{seed} {unit.table.name}")
        for show in (*unit.table.shows, *(random_show(unit, chance) for _ in range(3))):
            grid = shown(unit, show)
            if isinstance(grid, Shown):
                grids += 1
                tried += held_against_the_reference(unit, show, grid, chance)
    return grids, tried


@pytest.mark.parametrize("block", range(8))
def test_every_cell_says_what_the_reference_does(block: int) -> None:
    each = so_many(60, 3)

    told = [held(seed) for seed in range(block * each, (block + 1) * each)]

    assert sum(grids for grids, _ in told) and sum(tried for _, tried in told)


def test_a_column_without_ends_has_more_than_one_value() -> None:
    assert held(1234) != (0, 0)


def with_grids(w: Words) -> Policy:
    policy = policy_of(w)
    [table] = policy.tables
    special = Guard(w["t"], table.rules[1].conditions[1])
    shows = (
        Show((w["x"],), (w["t"],), w["remark"], (), NOWHERE),
        Show((w["t"], w["x"]), (), None, (special,), NOWHERE),
    )
    return replace(policy, tables=(replace(table, shows=shows),))


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(40))
@given(words)
def test_hostile_words_change_no_structure(reader: str, w: Words) -> None:
    sober = {place: f"{place}." for place in w}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline, "PHONE", 0)  # whatever the width of the words
        page, plain = (read(READERS[reader](page_of(with_grids(each)))) for each in (w, sober))

    tags = [tag for tag in page.tags if tag != "br"]
    assert tags == [tag for tag in plain.tags if tag != "br"]
    assert said(w["remark"]) in page.headings
    shapes = [[[len(row) for row in table] for table in each.tables] for each in (page, plain)]
    assert shapes[0] == shapes[1]
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
