"""Every combination of inputs of every table in `tables/`: one answer, the same from generated Python.

Hypothesis chooses what stands for each stretch of numbers, days or texts; all combinations are tried
on each choice, and counted.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from itertools import islice, product
from math import prod
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Run
from gapless.analysis.unit import Unit
from gapless.model import Value
from gapless.semantics import Answered, Impossible, evaluate
from tests.generated_python import Function, functions
from tests.pages import ROOT
from tests.test_examples import compiled

CHOICES = int(os.environ.get("GAPLESS_CHOICES", "0"))
"""How many choices of values each table is tried on, all combinations of them.

By default it is one choice, and of a table that has more than `MANY` combinations only some of them.
"""

MANY = 3_500
SOME = 500

POLICIES = sorted(ROOT.glob("tables/**/*.dtable"))

COMBINATIONS = {
    "air_quality": 14,
    "auto_insurance": 6_716,
    "hospital_grouper": 2 + 15 + 45,
    "income_tax_us": 444,
    "letter_rates": 752,
    "loan_origination": 22_672,
    "notice_germany": 42,
    "repository_roles": 330,
    "sinusitis_therapy": 48,
    "stroke_risk": 590,
    "universal_credit_uk": 96,
    "vfr_minima": 924,
    "igrt": 414,
    "igrt_2026": 336 + 4 + 384 + 21 + 5 + 3_024,
    "igrt_by_day": 3 + 2 * 1_152 + 2 * 9_072,
    "igrt_claims": 3_042,
    "igrt_codes": 62,
    "library": 46,
    "parcel": 393,
}
"""How many combinations of inputs the tables of each policy have."""


@cache
def asked(path: Path) -> tuple[tuple[Unit, Function], ...]:
    """The tables of the policy in a file, and the functions that they become."""
    result = compiled(path)
    own = {
        table
        for policy in result.policies
        if policy.path.endswith(f"/{path.name}")
        for table in policy.tables
    }
    return tuple((result.units[f.table], f) for f in functions(result) if f.table in own)


def inputs(unit: Unit) -> tuple[Axis, ...]:
    return unit.axes[: len(unit.table.inputs)]


def combinations(unit: Unit) -> int:
    return prod(len(axis.atoms) for axis in inputs(unit))


def within(axis: Axis, number: int) -> st.SearchStrategy[Value]:
    """A value of the stretch: its first, its last, or one between them."""
    match axis.atoms[number]:
        case Run(low, high):
            kind = ranks.ordered(axis.column.type)
            assert kind is not None
            first = (high or 0) - 1_000 if low is None else low
            last = first + 1_000 if high is None else high
            between = st.sampled_from((first, last)) | st.integers(first, last)
            return between.map(lambda rank: ranks.value_at(kind, rank))
        case _:
            return st.just(axis.sample(number))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_combination_of_inputs_has_the_answer_that_is_meant(path: Path) -> None:
    tried: Counter[str] = Counter()
    due: Counter[str] = Counter()

    @settings(max_examples=max(CHOICES, 1), deadline=None)
    @given(st.data())
    def on_some_values(data: st.DataObject) -> None:
        for unit, function in asked(path):
            axes = inputs(unit)
            chosen = [
                [data.draw(within(axis, number)) for number in range(len(axis.atoms))]
                for axis in axes
            ]
            assert all(
                [axis.locate(value) for value in values] == [*range(len(values))]
                for axis, values in zip(axes, chosen, strict=True)
            )
            step = 1 if CHOICES or combinations(unit) <= MANY else combinations(unit) // SOME
            first = data.draw(st.integers(0, step - 1))
            for values in islice(product(*chosen), first, None, step):
                _try(function, values)
                tried[unit.table.name] += 1
            due[unit.table.name] += len(range(first, combinations(unit), step))

    on_some_values()

    assert tried == due
    assert sum(combinations(unit) for unit, _ in asked(path)) == COMBINATIONS[path.stem]


def _try(function: Function, values: tuple[Value, ...]) -> None:
    names = (column.name for column in function.table.inputs)
    case = dict(zip(names, values, strict=True))
    match evaluate(function.table, case):
        case Answered(_, _, due):
            given = function.answer(*values)
            assert (tuple(given) if len(due) > 1 else (given,)) == due, case
        case Impossible(table, rule):
            with pytest.raises(function.module.ImpossibleError) as raised:
                function.answer(*values)
            assert (raised.value.table, raised.value.rule) == (table.name, rule.name), case
        case meaning:
            raise AssertionError(f"{function.table.name} does not decide {case}: {meaning}")
