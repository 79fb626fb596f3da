"""A search that was given up tells the truth all the same: what is open, what is answered, what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from benchmarks.analysis.generator import grid, pigeonhole, wildcards
from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.coverage import budget as work
from gapless.analysis.coverage.cover import Open
from gapless.analysis.decision import claims
from gapless.analysis.domain.partition import Box, cases
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.driver import compile_sources
from gapless.model import DecimalType, IntType, Table, Value
from gapless.proof.audit import audited
from gapless.semantics import Unanswered, evaluate
from gapless.text import words
from gapless.text.verdicts import shortfall
from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.pages import ROOT, fences

PAGE = ROOT / "docs" / "errors" / "GAP109.md"
BUDGETS = (0, 20, 100, 400, 1500)
Cell = tuple[int, ...]


def allow(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEPS", steps)
    monkeypatch.setattr(work, "STEPS_PER_BOX", 0)


def unit_of(table: Table) -> Unit:
    return build_units([table]).units[table]


def loose(seed: int) -> Table:
    """A wildcard-heavy table, small enough to look at every cell of it."""
    random = Random(seed)
    return wildcards(
        seed, random.randint(8, 60), random.randint(3, 5), tested=random.randint(1, 3), step=20_000
    ).table


def open_cells(unit: Unit) -> set[Cell]:
    """By looking at every cell: those that no row holds."""
    sizes = [range(len(axis.atoms)) for axis in unit.axes]
    boxes = [box for box in unit.boxes if box is not None]
    return {cell for cell in product(*sizes) if not any(holds(box, cell) for box in boxes)}


def holds(box: Box, cell: Cell) -> bool:
    return all(mask >> atom & 1 for mask, atom in zip(box, cell, strict=True))


def cells_of(box: Box) -> Iterator[Cell]:
    atoms = ([n for n in range(mask.bit_length()) if mask >> n & 1] for mask in box)
    return product(*atoms)


@pytest.mark.parametrize("batch", range(4))
def test_what_is_said_of_a_gap_is_true_however_little_work_is_allowed(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    undecided = 0
    for seed in range(12 * batch, 12 * batch + 12):
        table = loose(seed)
        open_ = open_cells(unit_of(table))
        for budget in BUDGETS:
            allow(budget, monkeypatch)
            unit = unit_of(table)
            gap = unit.claims.gap
            undecided += not gap.is_counted

            assert unit.cases <= 200_000
            assert gap.at_least <= len(open_) <= gap.at_most
            assert_parts_are_open(gap, open_)
    assert undecided


def assert_parts_are_open(gap: Open, open_: set[Cell]) -> None:
    """Parts are open and disjoint, and what is open is in a part or undecided."""
    told = [cell for part in gap.parts for cell in cells_of(part)]
    unknown = [cell for box in gap.undecided for cell in cells_of(box)]

    assert len(told) == len({*told}) == cases(gap.parts)
    assert {*told} <= open_
    assert len(unknown) == len({*unknown})
    assert open_ <= {*told, *unknown}
    assert not gap.is_exact or len(told) == len(open_)


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_table_with_a_gap_is_never_found_complete(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(so_many(40)):
        table = loose(seed)
        open_ = open_cells(unit_of(table))
        allow(budget, monkeypatch)
        unit = unit_of(table)
        found = {each.code: each for each in checks.findings(unit)}
        monkeypatch.undo()
        errors = {code for code, each in found.items() if each.severity is Severity.ERROR}

        assert not open_ or errors & {"GAP101", "GAP109"}
        assert "GAP101" not in found or open_
        if "GAP101" in found:
            for region in found["GAP101"].regions:
                assert region.witness is not None
                assert isinstance(evaluate(table, read(table, region.witness)), Unanswered)


def read(table: Table, witness: tuple[tuple[str, str], ...]) -> dict[str, Value]:
    """The case that a witness writes down: numbers in every other column, names in the rest."""
    types = {column.name: column.type for column in table.inputs}
    return {name: typed(types[name], text) for name, text in witness}


def typed(type: object, text: str) -> Value:
    match type:
        case IntType():
            return int(text)
        case DecimalType():
            return Decimal(text)
        case _:
            return text


# ---------------------------------------------------------------- what the finding says


def given_up(unit: Unit) -> Diagnostic:
    (found,) = (each for each in checks.findings(unit) if each.code == "GAP109")
    return found


def test_a_hard_table_is_told_how_far_the_proof_went(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(2_000, monkeypatch)
    unit = unit_of(wildcards(1, 500, 10, tested=4).table)
    gap, found = unit.claims.gap, given_up(unit)

    assert 0 < gap.at_least < gap.at_most < unit.cases
    assert found.severity is Severity.ERROR
    assert found.size is not None
    assert (found.size.cases, found.size.total) == (gap.at_most - gap.at_least, unit.cases)
    assert found.notes[0] == (
        f"proved: {words.share(unit.cases - gap.at_most, unit.cases)} of the cases are answered, "
        f"{words.share(gap.at_least, unit.cases)} are not; "
        f"not decided: {words.share(found.size.cases, unit.cases)}"
    )
    assert [masked(note) for note in found.notes] == [masked(note) for note in quoted_notes()]
    assert len(found.regions) == len(gap.undecided)
    assert sum(each.cases or 0 for each in found.regions) == cases(gap.undecided)
    assert shortfall(verdict(unit)).startswith("not complete: at least ")


def quoted_notes() -> list[str]:
    """What the page of this finding says that a hard table is told."""
    (fence,) = (each for each in fences(PAGE.read_text(encoding="utf-8")) if each.info == "text")
    return [
        line.removeprefix("  = ") for line in fence.text.splitlines() if line.startswith("  = ")
    ]


def masked(note: str) -> str:
    """A note without what is different for every table."""
    return re.sub(r"(less than )?[\d.]+%", "…%", re.sub(r"where .*", "where …", note))


def test_a_gap_that_is_only_counted_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Volumes that do not add up prove a gap, though no case of it was come upon."""
    monkeypatch.setattr(claims, "with_samples", lambda known, whole, boxes: known)
    allow(0, monkeypatch)
    unit = unit_of(grid(1, 5, 3, holes=0.1).table)
    (found,) = (each for each in checks.findings(unit) if each.code == "GAP101")

    assert unit.claims.gap.parts == ()
    assert found.severity is Severity.ERROR
    assert found.title.startswith("no rule answers at least ")
    assert (found.witness, found.regions) == (None, ())


def test_questions_without_an_answer_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(0, monkeypatch)
    found = given_up(unit_of(loose(3)))

    assert any(note.startswith("not decided: whether ") for note in found.notes)


def test_a_proof_too_large_to_be_written_out_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = """
table t
  in  a : int 0..9
  in  b : int 0..9
  out o : int

  | first | a   | b   || o || because  |
  | one   | < 5 | -   || 1 ||          |
  | two   | -   | < 5 || 2 ||          |
  | otherwise         || 3 || the rest |
"""
    source = Source("t.dtable", text)
    known = audited(compile_sources([source]))
    assert (len(known.certificates), known.beyond) == (1, {})

    allow(0, monkeypatch)
    found = audited(compile_sources([source]))

    assert (len(found.certificates), found.findings) == (0, ())
    assert [*found.beyond.values()] == ["its proof has too many parts to be written out"]


def test_a_table_of_which_nothing_is_known_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(100, monkeypatch)
    unit = unit_of(pigeonhole(6).table)

    assert (unit.claims.gap.at_least, unit.claims.gap.is_counted) == (0, False)
    assert given_up(unit).severity is Severity.ERROR
    assert any("which proves nothing" in note for note in given_up(unit).notes)
    assert shortfall(verdict(unit)).startswith("not decided: up to ")
