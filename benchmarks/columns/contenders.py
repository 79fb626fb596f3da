"""Who answers the columns: numpy's own lookup, the generated module, polars, DuckDB, a loop in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from benchmarks.columns.workloads import Workload, names
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Point, Run
from gapless.model import Column, EnumerationType, Instant

PART = 1_000_000
"""So many rows are enough for whoever takes many times as long for each."""

FEW = 200
"""More rules than this are no chain of `when` for polars, which takes minutes to plan it."""


class Contender(NamedTuple):
    """`rows` is how many it answers: the slow ones get fewer."""

    name: str
    rows: int
    run: Callable[[], object]


def contenders(work: Workload) -> Iterator[Contender]:
    """Everybody, the yardstick first."""
    rows, grid, index = work.rows, work.grid, work.index
    yield Contender("one np.take", rows, lambda: np.take(grid, index))
    yield Contender("generated, codes in", rows, lambda: work.answer(*work.given))
    categories = _categories(work)
    yield Contender("generated, pandas categories in", rows, lambda: work.answer(*categories))
    part = work.part(min(rows, PART))
    strings = [each.combine_chunks() for each in _arrow(part).columns]
    given = [
        text if isinstance(column.type, EnumerationType) else known
        for column, text, known in zip(work.inputs, strings, part.given, strict=True)
    ]
    yield Contender("generated, strings in", part.rows, lambda: work.answer(*given))
    yield from _polars(part)
    yield from _duckdb(work)
    few = work.part(min(rows, 50_000))
    listed = [_objects(*each) for each in zip(few.inputs, few.steps, strict=True)]
    function = getattr(work.scalar, work.name)
    yield Contender(
        "Python loop over the scalar function",
        few.rows,
        lambda: [function(*row) for row in zip(*listed, strict=True)],
    )


def _categories(work: Workload) -> list[object]:
    return [
        pd.Series(pd.Categorical.from_codes(steps, names(column)))
        if isinstance(column.type, EnumerationType)
        else known
        for column, steps, known in zip(work.inputs, work.steps, work.given, strict=True)
    ]


def _arrow(work: Workload) -> Any:
    """The columns as Arrow has them, enumerations as strings, exact numbers in units."""
    return pa.table(
        {
            column.name: pa.array(names(column)).take(pa.array(steps))
            if isinstance(column.type, EnumerationType)
            else pa.array(steps)
            for column, steps in zip(work.inputs, work.steps, strict=True)
        }
    )


def _objects(column: Column, steps: Any) -> list[object]:
    if isinstance(column.type, EnumerationType):
        members = names(column)
        return [members[step] for step in steps.tolist()]
    kind = ranks.ordered(column.type)
    if kind is None:
        return [bool(step) for step in steps.tolist()]
    found: list[int | Decimal | Instant] = [ranks.value_at(kind, step) for step in steps.tolist()]
    return [*found]


# ---------------------------------------------------------------- polars


def _polars(work: Workload) -> Iterator[Contender]:
    frame = pl.DataFrame(
        {
            column.name: pl.Series(names(column), dtype=pl.Enum(names(column))).gather(steps)
            if isinstance(column.type, EnumerationType)
            else pl.Series(steps)
            for column, steps in zip(work.inputs, work.steps, strict=True)
        }
    )
    index = _index(work)
    cells = pl.Series(work.grid)
    yield Contender("polars, gather", work.rows, lambda: frame.select(pl.lit(cells).gather(index)))
    right = pl.DataFrame({"i": np.arange(len(cells), dtype=np.uint32), "code": cells})
    yield Contender(
        "polars, join",
        work.rows,
        lambda: frame.select(i=index).join(right, "i", how="left", maintain_order="left"),
    )
    if len(work.unit.table.rules) <= FEW:
        chain = _when(work)
        yield Contender("polars, when-then", work.rows, lambda: frame.select(chain))


def _index(work: Workload) -> pl.Expr:
    """The cell of a row, in mixed radix."""
    found = pl.lit(0, pl.UInt32)
    for axis in work.offer.shape.stages[0].axes:
        column, starts = pl.col(work.inputs[axis].name), work.starts(axis)
        if starts is not None:
            parts = [(column >= start).cast(pl.UInt32) for start in starts]
            group = reduce(lambda one, other: one + other, parts)
        elif isinstance(work.inputs[axis].type, EnumerationType):
            group = column.to_physical().cast(pl.UInt32)
        else:
            group = column.cast(pl.UInt32)
        found = found * work.offer.groups[axis].count + group
    return found


def _when(work: Workload) -> pl.Expr:
    """One condition for each rule, in the order in which they win."""
    found = pl.lit(None, pl.UInt8)
    for code, tests in reversed([*_rules(work)]):
        holds = pl.lit(True)
        for column, members, runs in tests:
            name = pl.col(column.name)
            if members:
                holds &= name.is_in(members) if isinstance(members[0], str) else name == members[0]
            else:
                spans = [name.is_between(run.low, run.high) for run in runs]
                holds &= reduce(lambda one, other: one | other, spans)
        found = pl.when(holds).then(pl.lit(code, pl.UInt8)).otherwise(found)
    return found


class Tested(NamedTuple):
    """What a rule asks of a column: some of its members, or to lie in one of some runs."""

    column: Column
    members: list[str | bool]
    runs: list[Run]


def _rules(work: Workload) -> Iterator[tuple[int, list[Tested]]]:
    """The code of each rule's answer, and what it asks, in the order in which rules win."""
    unit = work.unit
    codes = {each.rules: code for code, each in enumerate(work.offer.coded.answers)}
    for number in unit.precedence.order:
        box = unit.boxes[number]
        assert box is not None
        tests = []
        for axis, mask in zip(unit.axes, box, strict=True):
            if mask != axis.whole:
                atoms = [axis.atoms[place] for place in bits(mask)]
                members = [atom.value for atom in atoms if isinstance(atom, Point)]
                tests.append(Tested(axis.column, members, _joined(atoms)))
        yield codes[unit.table.rules[number].name], tests


def _joined(atoms: list[Any]) -> list[Run]:
    """Runs, those that meet made one."""
    found: list[Run] = []
    for atom in atoms:
        if not isinstance(atom, Run):
            continue
        if found and found[-1].high is not None and found[-1].high + 1 == atom.low:
            found[-1] = Run(found[-1].low, atom.high)
        else:
            found.append(atom)
    return found


# ---------------------------------------------------------------- DuckDB


def _duckdb(work: Workload) -> Iterator[Contender]:
    """A `CASE` of one arm for each rule; the answers are looked at, but not carried out of it."""
    many = len(work.unit.table.rules) > FEW
    few = work.part(min(work.rows, 20_000 if many else PART // 2))
    connection = duckdb.connect(config={"threads": 1})
    connection.register("given", _arrow(few))
    enums = []
    for column in work.inputs:
        quoted = f'"{column.name}"'
        if isinstance(column.type, EnumerationType):
            members = ", ".join(f"'{name}'" for name in names(column))
            connection.execute(f'CREATE TYPE "t_{column.name}" AS ENUM ({members})')
            quoted = f'{quoted}::"t_{column.name}" AS {quoted}'
        enums.append(quoted)
    connection.execute(f"CREATE TABLE enums AS SELECT {', '.join(enums)} FROM given")
    connection.execute("CREATE TABLE texts AS SELECT * FROM given")
    case = _case(work)
    for told, table in (("enum in", "enums"), ("strings in", "texts")):
        query = f"SELECT max({case}) FROM {table}"
        yield Contender(
            f"DuckDB, CASE, {told}",
            few.rows,
            lambda query=query: connection.execute(query).fetchall(),  # type: ignore[misc]
        )


def _case(work: Workload) -> str:
    arms = []
    for code, tests in _rules(work):
        holds = [_sql(test) for test in tests]
        arms.append(f"WHEN {' AND '.join(holds) or 'true'} THEN {code}::UTINYINT")
    return f"CASE {' '.join(arms)} END"


def _sql(test: Tested) -> str:
    name = f'"{test.column.name}"'
    if test.members:
        if isinstance(test.members[0], str):
            return f"{name} IN ({', '.join(repr(each) for each in test.members)})"
        return name if test.members[0] else f"NOT {name}"
    return f"({' OR '.join(f'{name} BETWEEN {run.low} AND {run.high}' for run in test.runs)})"
