"""The smallest change that changes an answer is the one that a look at all other cases finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain, combinations, product
from random import Random

import pytest

from gapless.analysis.coverage.budget import Work
from gapless.analysis.held import Held, just
from gapless.analysis.many_cases import Reading, Said, Silence
from gapless.analysis.nearest_change import Changes, nearest_changes
from gapless.driver import compile_sources
from gapless.model import (
    Column,
    DecimalType,
    EnumerationType,
    HitPolicy,
    OptionalType,
    Table,
    TextType,
    Value,
)
from gapless.model.intervals import NOWHERE, reach_of_value, union
from gapless.semantics import Answered, evaluate
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.laws.test_arithmetic import Writer
from tests.laws.test_collecting import INPUTS, TYPES, Sheet, sheet
from tests.random_tables import random_table, values

MOST_CASES = 500
"""A table with more cases is left out."""

Case = Mapping[str, Value]


# ---------------------------------------------------------------- all cases, one by one


def said(table: Table, case: Case) -> Said:
    meaning = evaluate(table, case)
    if isinstance(meaning, Answered):
        return meaning.values
    return Silence(type(meaning).__name__.lower())


def domain(column: Column) -> list[Value]:
    """Every value of a column of few."""
    of = column.type.present
    absent: list[Value] = [None] if isinstance(column.type, OptionalType) else []
    if isinstance(of, TextType):
        return ["x", "y", "other", "other?", "xa", "xz", "xaz", *absent]
    if isinstance(of, DecimalType):
        assert of.low is not None and of.high is not None
        ends = (int(of.low * 10**of.digits), int(of.high * 10**of.digits))
        return [*(Decimal(n).scaleb(-of.digits) for n in range(ends[0], ends[1] + 1)), *absent]
    return [*values(column.type)] if not absent else [*values(of), None]


def nearness(column: Column, now: Value, then: Value) -> tuple[int, int]:
    """How far one value is from another, and which of two comes first that are as far."""
    every = [each for each in domain(column) if each is not None]
    of = column.type.present
    is_list = isinstance(of, EnumerationType) and not of.is_ordered
    if then is None:
        return 10**6, 0
    if isinstance(now, frozenset) and isinstance(then, frozenset):
        sets = [each for each in every if isinstance(each, frozenset)]
        members = sorted({str(name) for each in sets for name in each})
        toggled = [*chain(*(combinations(members, n) for n in range(len(members) + 1)))]
        changed = {str(name) for name in {*now, *then} if (name in now) != (name in then)}
        return [{*each} for each in toggled].index(changed), 0
    place = every.index(then)
    if now is None or is_list or isinstance(of, bool):
        rest = [each for each in every if each != now]
        return rest.index(then), 0
    distance = place - every.index(now)
    return abs(distance), distance > 0


def smallest(table: Table, case: Case, meant: Mapping[tuple[Value, ...], Said]) -> list[Case]:
    """The nearest change of each set of as few inputs as change the answer, by looking at all cases."""
    names = [column.name for column in table.inputs]
    before = meant[tuple(case[name] for name in names)]
    best: dict[tuple[int, ...], tuple[tuple[int, ...], Case]] = {}
    fewest = len(names)
    for other, says in meant.items():
        if says != before:
            places = [n for n, name in enumerate(names) if other[n] != case[name]]
            fewest = min(fewest, len(places))
            near = [nearness(table.inputs[n], case[names[n]], other[n]) for n in places]
            key = (*(distance for distance, _ in near), *(turn for _, turn in near))
            change = key, {names[n]: other[n] for n in places}
            known = best.get(tuple(places), change)
            best[tuple(places)] = min(change, known, key=lambda each: each[0])
    sizes = combinations(range(len(names)), fewest)
    return [best[places][1] for places in sizes if places in best]


def every_case(table: Table) -> dict[tuple[Value, ...], Said] | None:
    """What is said of every case; None where there are too many."""
    domains = [domain(column) for column in table.inputs]
    count = 1
    for each in domains:
        count *= len(each)
    if count > MOST_CASES:
        return None
    names = [column.name for column in table.inputs]
    return {case: said(table, dict(zip(names, case, strict=True))) for case in product(*domains)}


def held_against(table: Table, chance: Random, most: int = 6) -> int:
    """How many cases of a table were held against all others."""
    meant = every_case(table)
    if not meant:
        return 0
    names = [column.name for column in table.inputs]
    tried = chance.sample([*meant], min(most, len(meant)))
    for values_of in tried:
        case = dict(zip(names, values_of, strict=True))
        found, expected = (
            nearest_changes(table, case, meant[values_of]),
            smallest(table, case, meant),
        )
        if has_texts(table):  # of those that no rule names one stands for all
            assert found.given_up == () and found.is_whole
            assert [each.keys() for each in found.found] == [each.keys() for each in expected]
        else:
            assert found == Changes(tuple(expected)), (table.name, case)
    return len(tried)


def has_texts(table: Table) -> bool:
    return any(isinstance(column.type.present, TextType) for column in table.inputs)


# ---------------------------------------------------------------- many cases at once


def some_cases(table: Table, chance: Random) -> tuple[dict[str, list[Value]], dict[str, Held]]:
    """A few values for each input, listed or as a stretch, and as a look at many cases has them."""
    listed: dict[str, list[Value]] = {}
    given: dict[str, Held] = {}
    for column in table.inputs:
        every = domain(column)
        first = chance.randrange(len(every))
        some = every[first : first + chance.choice((1, 1, 2, 3, 9))]
        name, rests = column.name, frozenset({column.name})
        is_ranked = not any(isinstance(each, str | bool | frozenset) for each in every)
        listed[name] = some
        given[name] = Held(frozenset(some), NOWHERE, rests, name)
        if is_ranked and len(some) > 1 and None not in some:
            given[name] = Held(None, union(map(reach_of_value, some)), rests, name)
    return listed, given


def looked_at_together(table: Table, chance: Random) -> None:
    """What is found of many cases takes in what is said of each; of one case it is exactly that."""
    listed, given = some_cases(table, chance)
    reading = Reading(Work(10**9), {})
    found = reading.asked(table, given)
    for case in product(*listed.values()):
        one = dict(zip(listed, case, strict=True))
        says = said(table, one)
        if isinstance(says, Silence):
            assert says in found.silences, (table.name, given, one)
        else:
            assert found.answers is not None, (table.name, given, one)
            for held, value in zip(found.answers, says, strict=True):
                assert held.may_be(value), (table.name, given, one)
        assert not found.is_never(says)
        exactly = Reading(Work(10**9), reading.alive)
        assert exactly.asked(table, {name: just(value) for name, value in one.items()}).is_always(
            says
        ), (table.name, one)


# ---------------------------------------------------------------- random tables


def written(text: str) -> Iterator[Table]:
    """The tables of a file, as far as they could be read."""
    result = compile_sources([Source("t.dtable", text)])
    yield from (table for policy in result.policies for table in policy.tables if table.complete)


def models(seed: int) -> Iterator[Table]:
    """Tables of every hit policy that lets one rule answer, each calling the one before."""
    chance = Random(seed)
    callee: Table | None = None
    for name in ("inner", "middle", "outer"):
        callee = random_table(
            chance,
            name,
            callee=callee,
            guards=0.5,
            drafts=0.1,
            any_share=chance.choice((0.3, 0.6)),
            policy=chance.choice([each for each in HitPolicy if not each.is_collecting]),
        )
        yield callee


@pytest.mark.parametrize("batch", range(10))
def test_of_tables_that_call_each_other(batch: int) -> None:
    amount = so_many(30, 4)
    tried = 0
    for seed in range(amount * batch, amount * batch + amount):
        for table in models(seed):
            tried += held_against(table, Random(seed))
            looked_at_together(table, Random(seed))
    assert tried > 8 * amount


@pytest.mark.parametrize("batch", range(5))
def test_of_arithmetic_and_columns_compared(batch: int) -> None:
    amount = so_many(24, 4)
    tried = 0
    for seed in range(amount * batch, amount * batch + amount):
        for table in written(Writer(seed).text()):
            tried += held_against(table, Random(seed))
            looked_at_together(table, Random(seed))
    assert tried > amount


def caller_of(drawn: Sheet) -> str:
    """A table that asks for a number that is collected, and steps beyond its bounds where that does."""
    if not drawn.way.outputs[0].startswith("int"):
        return ""
    several = ".o0" if len(drawn.way.outputs) > 1 else ""
    lines = [
        "",
        "table u",
        INPUTS.rstrip(),
        f"  let v = t(a, n, k){several} when n = 1..",
        "  out o : int",
        "  | first | v | a || o || because |",
        "  |--|--|--||--||--|",
        "  | low | ..1 | yes || 1 || why |",
        "  | none | missing | - || 2 || why |",
        "  | rest | otherwise || 3 || why |",
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("batch", range(10))
def test_of_tables_that_collect(batch: int) -> None:
    amount = so_many(16, 4)
    tried = 0
    for seed in range(amount * batch, amount * batch + amount):
        drawn = sheet(Random(seed))
        for table in written(TYPES + drawn.text + caller_of(drawn)):
            tried += held_against(table, Random(seed), most=8)
            for number in range(4):
                looked_at_together(table, Random(number))
    assert tried > amount
