"""Whether all that a result becomes answers as the reference meaning does: code, look-ups, columns, SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import duckdb

from gapless.backends.sql import Expressions, asked, expressions
from gapless.backends.sql.literals import quoted
from gapless.driver import Result
from gapless.model import Column, Value
from gapless.semantics import Answered, Impossible, evaluate
from gapless_dsl.diagnostic import Severity
from tests import generated_columns, generated_python
from tests.sql_cases import ROW, agrees, read, trial

Probes = Callable[[Column], Sequence[Value]]


def agreed(result: Result, probes: Probes) -> int:
    """So many cases were put to every table of a sound result, and each reader answers alike."""
    assert not any(each.severity is Severity.ERROR for each in result.diagnostics)
    tried = 0
    rows = {table: [*product(*map(probes, table.inputs))] for table in result.units}
    for function in (*generated_python.functions(result), *generated_python.looked_up(result)):
        names = [column.name for column in function.table.inputs]
        for row in rows[function.table]:
            case = dict(zip(names, row, strict=True))
            meaning = evaluate(function.table, case)
            assert isinstance(meaning, Answered | Impossible), (function.table.name, case)
            assert (
                function.asked(case).values == generated_python.meant(function.table, case).values
            ), case
            tried += 1
    for table in generated_columns.columnar(result):
        found = generated_columns.asked(table, generated_columns.given(rows[table.table]))
        generated_columns.agree(found, table.table, rows[table.table])
    with duckdb.connect(config={"threads": "1"}) as duck:
        for unit in result.units.values():
            said, query = expressions(unit), asked(unit, "tried_cases")
            if not isinstance(said, Expressions):
                continue
            assert not hasattr(query, "reason")
            cases = [
                dict(zip((c.name for c in unit.table.inputs), r, strict=True))
                for r in rows[unit.table]
            ]
            put = trial(unit, cases)
            duck.register("tried_cases", put.arrow())
            columns = ", ".join(
                quoted(each) for each in (*(o.name for o in said.outputs), *said.names[1:])
            )
            answers = duck.execute(f"SELECT {columns} FROM ({query.sql}) ORDER BY {ROW}").fetchall()
            for given, due, (*outputs, rule, basis, rejected) in zip(
                put.rows, put.expected, answers, strict=True
            ):
                values = tuple(
                    read(value, column.type)
                    for value, column in zip(outputs, unit.table.outputs, strict=True)
                )
                assert agrees(due, (values, rule, basis, rejected)), (
                    unit.table.name,
                    given,
                    due,
                    values,
                    rejected,
                )
    return tried
