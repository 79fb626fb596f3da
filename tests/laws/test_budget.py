"""However little work is allowed, a faulty table is never found sound."""

from __future__ import annotations

from random import Random

import pytest

from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.coverage import budget as work
from gapless.analysis.coverage import cover
from gapless.model import HitPolicy, Table
from gapless_dsl.diagnostic import Diagnostic, Severity
from tests.amounts import so_many
from tests.random_tables import random_table

SEEDS = range(so_many(150))


@pytest.mark.parametrize("budget", [0, 1, 3, 10, 40])
def test_no_budget_hides_an_error(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [random_table(Random(seed), "t", columns=4, rules=8) for seed in SEEDS]
    faulty = {table.name + str(n) for n, table in enumerate(tables) if _errors(table)}
    _allow(budget, monkeypatch)
    found = {table.name + str(n) for n, table in enumerate(tables) if _errors(table)}

    assert faulty <= found
    assert faulty


def test_what_is_too_hard_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    made = (
        random_table(Random(seed), "t", columns=4, rules=30, policy=HitPolicy.FIRST)
        for seed in SEEDS
    )
    table = next(
        table
        for table in made
        if len(build_units([table]).units[table].claims.won) > 3
        and "GAP108" not in {found.code for found in _errors(table)}
    )
    _allow(0, monkeypatch)

    assert {found.code for found in _errors(table)} >= {"GAP109"}


def test_open_parts_are_what_no_box_covers() -> None:
    for seed in SEEDS:
        random = Random(seed)
        whole = (15, 15, 7)
        boxes = [
            tuple(random.randint(1, side) for side in whole) for _ in range(random.randint(0, 6))
        ]
        parts = list(cover.open_parts(whole, boxes))
        cells = [(a, b, c) for a in range(4) for b in range(4) for c in range(3)]
        for cell in cells:
            times = sum(_holds(part, cell) for part in parts)

            assert times == (0 if any(_holds(box, cell) for box in boxes) else 1)


def _errors(table: Table) -> list[Diagnostic]:
    units = build_units([table]).units
    found = [each for unit in units.values() for each in checks.findings(unit)]
    return [each for each in found if each.severity is Severity.ERROR]


def _allow(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEPS", budget)
    monkeypatch.setattr(work, "STEPS_PER_BOX", 0)


def _holds(box: tuple[int, ...], cell: tuple[int, ...]) -> bool:
    return all(mask >> atom & 1 for mask, atom in zip(box, cell, strict=True))
