"""A table asked of all rows of a relation at once: its answers are joined, by a tree or by lookups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from gapless.analysis.unit import Unit
from gapless.backends.sql.decided import Decided, decided
from gapless.backends.sql.expressions import Expressions, Output, Unsupported, expressions, guarded
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.layout import lay
from gapless.backends.sql.lookups import Lookup, Step, lookup
from gapless.backends.sql.names import quoted, taken

QUESTIONS = 128
"""A tree of so many questions is asked of each row; of more, joins find the answer sooner."""
MOST_ROWS = 60_000
"""Lookups of more rows are no text that databases like to read."""

ANSWERS, STEP, GIVEN = "gapless_answers", "gapless_step", "given"
"""What tables are called within a query."""


@dataclass(frozen=True, slots=True)
class Query:
    """`sql` selects every column of a relation, the outputs, the rule and the reason; `shape` says how."""

    sql: str
    shape: str


def asked(unit: Unit, source: str, flavor: Flavor = Flavor.DUCKDB) -> Query | Unsupported:
    """The table asked of every row of `source`, whatever may stand after FROM; or why it cannot be."""
    said = expressions(unit, flavor)
    if isinstance(said, Unsupported):
        return said
    return query(decided(unit, flavor), said, source)


def query(found: Decided, said: Expressions, source: str) -> Query:
    """The table asked of `source`, whatever may stand after FROM."""
    steps = _lookup(found, said)
    inputs = taken(each.name for each in said.columns)
    number, place, then = (inputs.take(each) for each in ("ending", "place", "then_state"))
    tables = [_answers(said, found.flavor, number)]
    joins: list[str] = []
    state = lay(said.tree, 4) if steps is None else str(steps.first)
    for count, step in enumerate(steps.steps if steps else (), start=1):
        name = f"{STEP}_{count}"
        tables.append(_step(name, step, found.flavor, (place, then)))
        row = state if step.factor == 1 else f"{step.factor} * {state}"
        joins.append(_join(name, place, f"{row} + {step.place}"))
        state = f"COALESCE({name}.{then}, {state})"
    if steps is not None:
        state = lay(guarded(found, lambda reason: str(found.reasons[reason]), state), 4)
    joins.append(_join(ANSWERS, number, state))
    columns = [f"{GIVEN}.*", *_columns(said, number)]
    parts = (",\n".join(tables), ",\n".join(f"  {each}" for each in columns))
    sql = f"WITH {parts[0]}\nSELECT\n{parts[1]}\nFROM {source} AS {GIVEN}\n" + "\n".join(joins)
    return Query(sql, _shape(found, said, steps))


def _lookup(found: Decided, said: Expressions) -> Lookup | None:
    """The decision as tables to join, if that is faster than its tree."""
    if said.questions <= QUESTIONS or _calculates(found):
        return None
    steps = lookup(found.tabulation.decision, found.operands, found.called, len(found.answering))
    return steps if steps.rows <= MOST_ROWS else None


def _calculates(found: Decided) -> bool:
    """Whether a question is a calculation: joins ask it of every row, also of those refused."""
    return any(each.is_calculated for each in found.operands.values())


def _shape(found: Decided, said: Expressions, steps: Lookup | None) -> str:
    """How the answers are found, and why so."""
    asked = f"{said.questions:,} question{'s' * (said.questions != 1)}"
    if steps is not None:
        return (
            f"lookups, {len(steps.steps)} joined table{'s' * (len(steps.steps) != 1)} with "
            f"{steps.rows:,} rows: as a tree of CASE it would take {asked}, more than {QUESTIONS}"
        )
    if said.questions <= QUESTIONS:
        return (
            f"a tree of CASE with {asked}: a row meets a few of them, "
            f"and up to {QUESTIONS} no join is faster"
        )
    if _calculates(found):
        return (
            f"a tree of CASE with {asked}: it calculates, which only rows that are allowed may do"
        )
    return f"a tree of CASE with {asked}: tables to join would have more than {MOST_ROWS:,} rows"


def _join(name: str, column: str, value: str) -> str:
    return f"LEFT JOIN {name}\n  ON {name}.{column} =\n    {value}"


def _table(name: str, columns: Sequence[str], rows: Sequence[str], flavor: Flavor) -> str:
    """A table of constants; SQLite names columns where the table is named, others where it is listed."""
    named = ", ".join(columns)
    lines = ",\n".join(f"    {row}" for row in rows)
    if flavor is Flavor.SQLITE:
        return f"{name} ({named}) AS (\n  VALUES\n{lines}\n)"
    return f"{name} AS (\n  SELECT * FROM (VALUES\n{lines}\n  ) AS listed ({named})\n)"


def _step(name: str, step: Step, flavor: Flavor, columns: tuple[str, str]) -> str:
    pairs = [f"({place}, {then})" for place, then in step.rows]
    lines = [", ".join(part for part in each if part) for each in zip_longest(*[iter(pairs)] * 6)]
    return _table(name, columns, lines, flavor)


def _answers(said: Expressions, flavor: Flavor, number: str) -> str:
    """Every ending with what it comes to."""
    _, rule, rejected = said.names
    named = (number, *(each.name for each in said.outputs), rule, rejected)
    rows = [
        f"({', '.join((str(row.number), *row.outputs, row.rule, row.rejected))})"
        for row in said.rows
    ]
    return _table(ANSWERS, [quoted(each) for each in named], rows, flavor)


def _columns(said: Expressions, number: str) -> Iterator[str]:
    for place, output in enumerate(said.outputs):
        yield f"{_value(said, place, output, number)} AS {quoted(output.name)}"
    _, rule, rejected = said.names
    told = (
        (rule, [row.rule for row in said.rows]),
        (rejected, [row.rejected for row in said.rows]),
    )
    for name, texts in told:
        if all(each == "NULL" for each in texts):
            yield f"CAST(NULL AS VARCHAR) AS {quoted(name)}"
        else:
            yield f"{ANSWERS}.{quoted(name)}"


def _value(said: Expressions, place: int, output: Output, number: str) -> str:
    """One output: what stands in the table of answers, or the column that is passed on."""
    passed: dict[str, list[str]] = {}
    for row in said.rows:
        if (column := row.passed[place]) is not None:
            passed.setdefault(column, []).append(str(row.number))
    is_empty = all(row.outputs[place] == "NULL" for row in said.rows)
    value = "NULL" if is_empty else f"{ANSWERS}.{quoted(output.name)}"
    if passed:
        whens = (
            f"WHEN {ANSWERS}.{number} IN ({', '.join(numbers)}) THEN {column}"
            for column, numbers in passed.items()
        )
        value = f"CASE {' '.join(whens)} ELSE {value} END"
    if is_empty or output.type.startswith(("BIGINT", "DECIMAL")):
        return f"CAST({value} AS {output.type})"
    return value
