"""What the reference meaning says of the rows that an answer rests on, in the words that all readers use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.unit import Unit
from gapless.model import Rule, Table, Value, weakest
from gapless.semantics import trace
from gapless.text.traces import EVERY, bases_named, rows_named


def told(unit: Unit, case: Mapping[str, Value], rule: Rule) -> tuple[str, str | None]:
    """The rows that the answer rests on and their basis, by the reference meaning.

    A collecting table in which too many sets of rows apply together is told as a whole, and its basis
    only where that is the same of all its rows.
    """
    table, whole = unit.table, _whole(unit)
    traced = trace(table, case)
    named = [
        [*dict.fromkeys((t.name, EVERY if t in whole else row.name) for t, row in rows)]
        for rows in traced.outcomes
    ]
    told = rows_named(table, named, EVERY if table in whole else rule.name)
    bases = []
    for parts in traced.parts:
        held = set()
        for (t, row), output in parts:
            name = t.outputs[output].name
            of = {r.reason.basis_of(name) for r in (t.rules if t in whole else (row,))}
            if len(of) > 1:
                return told, None
            held |= of
        bases.append(weakest(held))
    return told, bases_named(table, bases)


@cache
def _whole(unit: Unit) -> frozenset[Table]:
    found = tabulation(unit, is_traced=True)
    endings = found.endings if found else ()
    rows = (row for ending in endings for rows in ending.rows for row in rows)
    return frozenset(row.table for row in rows if row.rule is None)
