"""No cell of the IGRT tables can be changed unnoticed.

Each mutant has one thing changed: a rule gone, a condition cell with one value more or fewer, one
alone, all others or `-`, an answer, a row made `impossible` or a draft, an argument of a call, the hit
policy. It is caught where one of these comes out otherwise: a gap or a conflict, which `check`
refuses; an example, which `check` tries; a fact in `facts/igrt.md`. What none of them catches has to
answer every case as before: then nothing that anybody could ask has changed.

All this is asked of the reference meaning. That `check` itself finds the gaps and conflicts is tried on
a share of them, and with `GAPLESS_MUTANTS=all` on every one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

import pytest

from gapless.analysis.building import build_unit, build_units
from gapless.analysis.unit import Unit
from gapless.checks import findings
from gapless.model import Table, Value
from gapless_dsl.diagnostic import Severity
from tests.mutants import Case, Meant, Mutant, in_place_of, meant, mutants
from tests.test_policies import cases, facts, igrt

ALL = os.environ.get("GAPLESS_MUTANTS") == "all"
SOME = 20
"""So many mutants of a table are put to `check` by default."""


class Score(NamedTuple):
    """How many mutants a table has, and how many of them answer every case as before."""

    made: int
    alike: int


SCORES = {
    "guidance_code": Score(156, 7),
    "code_components": Score(46, 6),
    "delivery_codes": Score(440, 9),
    "delivery_family": Score(306, 2),
    "reported_component": Score(84, 8),
    "code_set": Score(259, 42),
    "guidance_line": Score(1022, 93),
    "claim_line": Score(295, 10),
    "claim_pair": Score(2155, 157),
}

each_table = pytest.mark.parametrize("name", SCORES)


# ---------------------------------------------------------------- what catches them


@cache
def wanted() -> Mapping[tuple[str, tuple[tuple[str, Value], ...]], list[tuple[str, object]]]:
    """By table and case: who says so, and the answers, or None for what is impossible."""
    found: dict[tuple[str, tuple[tuple[str, Value], ...]], list[tuple[str, object]]] = {}
    for fact in facts():
        for case in cases(igrt()[fact.table], fact.inputs):
            found.setdefault((fact.table, tuple(case.items())), []).append(("fact", fact.gives))
    for name, table in igrt().items():
        for each in table.examples:
            given = dict(each.inputs)
            asked = tuple((column.name, given[column.name]) for column in table.inputs)
            gives = None if each.gives is None else dict(each.gives)
            found.setdefault((name, asked), []).append(("example", gives))
    return found


def noticed(table: Table, case: Case, said: Meant) -> Iterator[str]:
    """Who notices that `table` says this of `case`."""
    if said in ("gap", "conflict", "draft", "unworkable"):
        yield "check"
        return
    for who, gives in wanted().get((table.name, tuple(case.items())), ()):
        if not isinstance(gives, Mapping):
            if said != "impossible":
                yield who
        elif isinstance(said, str):
            yield who
        else:
            told = dict(zip((column.name for column in table.outputs), said, strict=True))
            if any(told[name] != value for name, value in gives.items()):
                yield who


def catches(mutant: Mutant) -> str:
    """Who catches the mutant first; `alike` where nothing has changed, and nobody's name otherwise."""
    verdict = "alike"
    for case, said in mutant.changes():
        verdict = ""
        for who in noticed(mutant.original, case, said):
            return who
    return (verdict and "alike") or _by_callers(mutant)


def _by_callers(mutant: Mutant) -> str:
    """Who notices it in the tables that call the mutant, directly or not."""
    tables = [*build_units(igrt().values()).units]
    for old, new in zip(tables, in_place_of(tables, mutant.original, mutant.table), strict=True):
        if new is not old and old is not mutant.original:
            for case in cases(old):
                for who in noticed(old, case, meant(new, case)):
                    return who
    return ""


@each_table
def test_every_mutant_is_caught_or_answers_every_case_as_before(name: str) -> None:
    caught = {mutant.what: catches(mutant) for mutant in mutants(igrt()[name])}

    assert [what for what, by in caught.items() if not by] == []
    assert Score(len(caught), [*caught.values()].count("alike")) == SCORES[name]


# ---------------------------------------------------------------- check itself


@each_table
def test_check_refuses_what_it_is_said_to_catch(name: str) -> None:
    """The compiler's own findings, on each mutant that a gap, a conflict, a draft or an example shows."""
    units = build_units([igrt()[name]]).units
    seen = 0
    share = 1 if ALL else 1 + SCORES[name].made // SOME
    for mutant in islice(mutants(igrt()[name]), 0, None, share):
        faults = {
            who for case, said in mutant.changes() for who in noticed(mutant.original, case, said)
        }
        unit = build_unit(mutant.table, units)
        assert isinstance(unit, Unit)
        errors = [each for each in findings(unit) if each.severity is Severity.ERROR]

        if faults & {"check", "example"}:
            assert errors, mutant.what
            seen += 1
        elif not faults:
            assert errors == [], mutant.what
    assert seen
