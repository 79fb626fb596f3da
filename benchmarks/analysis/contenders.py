"""Ways to ask whether a table is complete and its rules disjoint, each from the same boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import dd.cudd
import z3

from benchmarks.analysis.measuring import fresh
from gapless.analysis.decision.diagram import GAP
from gapless.analysis.domain.partition import Axis
from gapless.analysis.overlaps import overlaps
from gapless.analysis.regions import regions
from gapless.analysis.unit import Unit

LIMIT = 60.0
"""How many seconds the diagrams are given."""

Formula = Any  # neither z3 nor the diagrams have usable types


class Verdict(NamedTuple):
    """What was found; None where it was not asked, or not decided."""

    complete: bool | None
    disjoint: bool | None
    gap: int | None = None
    """How many of the cases that the cells tell apart no rule answers."""
    asking: float = 0.0
    """Of the time, the seconds it took to put the question: to make formulas of the boxes."""


Contender = Callable[[Unit], Verdict]


def prover(unit: Unit) -> Verdict:
    """Ours: complete or not, with the gap counted, and disjoint or not."""
    claims = fresh(unit).claims
    gap = claims.gap
    complete = None if gap.at_most and not gap.at_least else not gap.at_least
    return Verdict(complete, not any(claims.partners), gap.at_least)


def lister(unit: Unit) -> Verdict:
    """Ours, with every gap region and every overlapping pair listed."""
    unit = fresh(unit)
    found = regions(unit, GAP)
    pairs = sum(1 for _ in overlaps(unit))
    return Verdict(not found.total, not pairs, found.total)


def z3_complete(unit: Unit, patience: float) -> Verdict:
    """Whether some case satisfies no rule."""
    start = perf_counter()
    domain, rules = _formulas(unit)
    solver = _solver(patience, *domain, z3.Not(z3.Or(*rules)))
    asking = perf_counter() - start
    return Verdict(_is_impossible(solver), None, asking=asking)


def z3_both(unit: Unit, patience: float) -> Verdict:
    """Whether some case satisfies no rule, and whether some case satisfies two."""
    start = perf_counter()
    domain, rules = _formulas(unit)
    none = _solver(patience, *domain, z3.Not(z3.Or(*rules)))
    two = _solver(patience, *domain, *_twice(rules))
    asking = perf_counter() - start
    return Verdict(_is_impossible(none), _is_impossible(two), asking=asking)


def _twice(rules: Sequence[Formula]) -> list[Formula]:
    """That a rule holds, and one before it: as many clauses as there are rules."""
    facts, both, before = [], [], z3.BoolVal(False)
    for number, rule in enumerate(rules):
        holds, since = z3.Bool(f"rule {number}"), z3.Bool(f"up to {number}")
        facts += [holds == rule, since == z3.Or(before, holds)]
        both.append(z3.And(before, holds))
        before = since
    return [*facts, z3.Or(*both)]


def _formulas(unit: Unit) -> tuple[list[Formula], list[Formula]]:
    """What is true of every case, and what each rule says: over the atoms, as the prover sees them."""
    numbers = [z3.Int(axis.column.name) for axis in unit.axes]
    domain = [
        z3.And(number >= 0, number < len(axis.atoms))
        for number, axis in zip(numbers, unit.axes, strict=True)
    ]
    cells: dict[tuple[int, int], Formula] = {}
    rules = []
    for box in unit.boxes:
        assert box is not None
        parts = []
        for axis, mask in enumerate(box):
            if mask == unit.axes[axis].whole:
                continue
            if (axis, mask) not in cells:
                cells[axis, mask] = z3.Or(*(_within(numbers[axis], *run) for run in runs(mask)))
            parts.append(cells[axis, mask])
        rules.append(z3.And(*parts))
    return domain, rules


def _within(number: Formula, low: int, high: int) -> Formula:
    return number == low if low == high else z3.And(number >= low, number <= high)


def _solver(patience: float, *formulas: Formula) -> Formula:
    solver = z3.Solver()
    solver.set("timeout", int(patience * 1000))
    solver.add(*formulas)
    return solver


def _is_impossible(solver: Formula) -> bool | None:
    verdict = solver.check()
    return None if verdict == z3.unknown else bool(verdict == z3.unsat)


def diagrams(unit: Unit) -> Verdict:
    """Binary decision diagrams: the union of all rules, and whether each is apart from those before."""
    manager = dd.cudd.BDD(memory_estimate=2**30)
    manager.configure(reordering=False)
    variables = [_variables(manager, axis, number) for number, axis in enumerate(unit.axes)]
    cells: dict[tuple[int, int], Formula] = {}
    union, disjoint, until = manager.false, True, perf_counter() + LIMIT
    for box in unit.boxes:
        assert box is not None
        rule = manager.true
        for axis, mask in reversed(list(enumerate(box))):
            if (axis, mask) not in cells:
                cells[axis, mask] = _member(manager, variables[axis], mask)
            rule &= cells[axis, mask]
        disjoint = disjoint and (rule & union) == manager.false
        union |= rule
        if perf_counter() > until:
            return Verdict(None, None)
    domain = manager.true
    for names, whole in zip(variables, unit.wholes, strict=True):
        domain &= _member(manager, names, whole)
    gap = int(manager.count(domain & ~union, nvars=sum(map(len, variables))))
    return Verdict(not gap, disjoint, gap)


def _variables(manager: Formula, axis: Axis, number: int) -> list[str]:
    """One variable per bit of the atom's number, the highest first."""
    bits = max(1, (len(axis.atoms) - 1).bit_length())
    names = [f"x{number}_{bit}" for bit in range(bits)]
    manager.declare(*names)
    return names


def _member(manager: Formula, names: Sequence[str], mask: int) -> Formula:
    """That the bits spell the number of an atom in `mask`."""
    if not mask:
        return manager.false
    if mask == (1 << (1 << len(names))) - 1:
        return manager.true
    half = 1 << len(names) - 1
    low = _member(manager, names[1:], mask & (1 << half) - 1)
    high = _member(manager, names[1:], mask >> half)
    return manager.ite(manager.var(names[0]), high, low)


def runs(mask: int) -> list[tuple[int, int]]:
    """The stretches of ones in a mask: (first, last)."""
    found = []
    while mask:
        low = (mask & -mask).bit_length() - 1
        length = (~(mask >> low) & (mask >> low) + 1).bit_length() - 1
        found.append((low, low + length - 1))
        mask &= ~((1 << length) - 1 << low)
    return found
