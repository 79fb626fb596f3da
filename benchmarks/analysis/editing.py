"""One row of a large table edited, and the table proved again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.analysis.contenders import prover
from benchmarks.analysis.large import COLUMNS, large
from benchmarks.analysis.measuring import Scale, measured, met, percent, span
from gapless.analysis.building import build_units
from gapless.analysis.revising import Standing, revised, standing
from gapless.model import Between, Condition, IntType, Rule, Table
from gapless_dsl.undisturbed import undisturbed

TARGET = 0.01


class _Edits(NamedTuple):
    """A kind of edit, and the seconds that each took."""

    name: str
    seconds: list[float]


Edit = Callable[[Random, Table, Rule], Rule]


def one_edited_row(scale: Scale, from_text: float) -> Iterator[str]:
    """`from_text` is what the whole check takes, in seconds."""
    table = large(scale.rows)
    cut = measured(lambda: build_units([table]).units[table], runs=3)
    unit = cut.found
    _ = unit.claims
    proof = measured(lambda: prover(unit), runs=3)
    _ = unit.claims.gap, unit.claims.deciding
    ready = measured(lambda: standing(unit), runs=1)
    kinds = [
        _edited("a cell takes what another row has there", _borrowed, ready.found, scale.edits),
        _edited("a cell gets a new bound of its own", _rebounded, ready.found, scale.edits),
    ]
    yield f"{scale.rows:,} x {COLUMNS}, {scale.edits} random edits of each kind, one after another."
    yield (
        f"Before the first, {span(ready.seconds)} make it ready. Proof only: {span(proof.seconds)},"
        f" after {span(cut.seconds)} for the boxes; the whole check from text: {span(from_text)}."
    )
    yield ""
    yield "| edit | median | worst | median of the check from text | worst of it | median of boxes and proof |"
    yield "|---|---|---|---|---|---|"
    for name, seconds in kinds:
        middle, most = median(seconds), max(seconds)
        shares = (middle / from_text, most / from_text, middle / (cut.seconds + proof.seconds))
        yield f"| {name} | {span(middle)} | {span(most)} | {' | '.join(map(percent, shares))} |"
    yield ""
    for name, seconds in kinds:
        share, most = median(seconds) / from_text, max(seconds) / from_text
        yield (
            f"- {name}: median {percent(share)} of the full check (target under 1 %:"
            f" {met(share < TARGET)}), worst {percent(most)} ({met(most < TARGET)})"
        )


@undisturbed()
def _edited(name: str, edit: Edit, now: Standing, edits: int) -> _Edits:
    random, seconds = Random(name), []
    for _ in range(edits):
        table = now.unit.table
        number = random.randrange(len(table.rules))
        rules = list(table.rules)
        rules[number] = edit(random, table, rules[number])
        after = replace(table, rules=tuple(rules))
        start = perf_counter()
        now = revised(now, after, number, {})
        _ = now.unit.claims.gap, now.unit.claims.deciding
        seconds.append(perf_counter() - start)
    return _Edits(name, seconds)


def _borrowed(random: Random, table: Table, rule: Rule) -> Rule:
    place = random.randrange(len(table.inputs))
    return _with(rule, place, random.choice(table.rules).conditions[place])


def _rebounded(random: Random, table: Table, rule: Rule) -> Rule:
    """A number that no other row names: the column is cut once more."""
    numeric = [n for n, column in enumerate(table.inputs) if isinstance(column.type, IntType)]
    place = random.choice(numeric)
    low = random.randrange(50_000)
    high = low + random.randrange(1, 40_000)
    return _with(rule, place, rule.conditions[place]._replace(test=Between(low, high)))


def _with(rule: Rule, place: int, condition: Condition) -> Rule:
    conditions = list(rule.conditions)
    conditions[place] = condition
    return replace(rule, conditions=tuple(conditions))
