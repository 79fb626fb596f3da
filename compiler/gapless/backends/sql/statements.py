"""A table as the statements of one database: an expression, functions, a view of all rows of a relation.

A view joins the answers to each row's ending, which a tree of questions finds, or joins: each step takes
a state and some columns to the next state. A state is a node of the diagram. The values of a column that
no node tells apart are one class, and the classes of a step's columns are counted through in one number,
together with the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from math import prod
from typing import NamedTuple

from gapless.analysis.decision.diagram import Branch, Leaf, Node
from gapless.analysis.decision.tables import Classes, classes, layers
from gapless.analysis.unit import Unit
from gapless.backends.sql.decision import Decided, decided
from gapless.backends.sql.dialects import Dialect, Flavor
from gapless.backends.sql.expressions import (
    Expressions,
    Output,
    Typed,
    Unsupported,
    expressions,
    guarded,
    scalars,
)
from gapless.backends.sql.literals import LONG, LONGEST, Taken, quoted
from gapless.backends.sql.tree import choice, lay
from gapless.model import DatetimeType, TimeType

ROOMY = 18
"""So many figures after its point has a parameter that would round, at least."""


class Form(StrEnum):
    """What a table becomes."""

    EXPRESSION = "expression"
    VIEW = "view"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Written:
    """A table read for one dialect, under the name that its statements have."""

    said: Expressions
    dialect: Dialect

    @property
    def name(self) -> str:
        return self.said.decided.unit.table.name


def written(unit: Unit, dialect: Dialect) -> Written | Unsupported:
    """A table read for a dialect, or why it cannot be."""
    said = expressions(unit, dialect.flavor)
    if isinstance(said, Unsupported):
        return said
    types = (column.type.scalar for column in (*unit.table.inputs, *unit.table.outputs))
    if not dialect.splits and any(isinstance(each, TimeType | DatetimeType) for each in types):
        return Unsupported(f"{dialect.name} does not tell whether a second is split")
    return Written(said, dialect)


def expression(table: Written) -> Iterator[str]:
    """Each output, the rule, the basis and the reason as a column of a SELECT, by the inputs only."""
    for each in scalars(table.said.decided):
        select = f"SELECT\n{each.sql} AS {quoted(each.name)}"
        yield f"{table.dialect.statement(select)};\n"


def unviewed(table: Written) -> str | None:
    """Why a table has no view, though it has expressions."""
    inputs = {each.name for each in table.said.columns}
    both = next((each.name for each in table.said.outputs if each.name in inputs), None)
    return None if both is None else f"a view would have two columns called {both}"


def view(table: Written, source: str | None = None) -> tuple[str, str]:
    """A view of a relation with the answers beside its columns; and how they are found."""
    create = "CREATE VIEW" if table.dialect.flavor is Flavor.SQLITE else "CREATE OR REPLACE VIEW"
    asked = query(table.said, source or quoted(source_of(table.name)))
    text = f"{create} {quoted(view_of(table.name))} AS\n{asked.sql}"
    return f"{table.dialect.statement(text)};\n", asked.shape


def functions(table: Written) -> Iterator[str]:
    """A function for each output, for the rule, its basis, and for the reason why a case is refused."""
    dialect, names = table.dialect, Taken()
    outputs = [*scalars(decided(table.said.decided.unit, dialect.parameters))]
    parameters = [
        (dialect.identifier(quoted(each.name)), _taken_in(each, dialect))
        for each in table.said.columns
    ]
    for place, each in enumerate(outputs):
        own = table.name if len(outputs) == 4 and place == 0 else f"{table.name}_{each.name}"
        name = dialect.identifier(quoted(names.take(own[:LONGEST])))
        body = dialect.statement(f"SELECT {each.sql}").removeprefix("SELECT").strip()
        yield dialect.made(name, parameters, dialect.type(each.type), body)


def source_of(table: str) -> str:
    """The relation that a view reads, unless another is named."""
    return f"{table}_input"


def view_of(table: str) -> str:
    return f"{table}_answers"


def _taken_in(column: Typed, dialect: Dialect) -> str:
    """The type of a parameter, with room to see what must not be lost on the way in.

    A day is taken in with its hour, which PostgreSQL would drop from a literal without a word.
    """
    kind = column.type
    if dialect.rounds and kind.startswith(("BIGINT", "DECIMAL")):
        digits = int(kind.rstrip(")").rpartition(" ")[2]) if kind.endswith(")") else 0
        kind = f"DECIMAL({LONG}, {max(ROOMY, digits + 1)})"
    if kind == "DATE" and dialect.name != "bigquery":
        kind = "TIMESTAMP"
    return dialect.type(kind)


# ---------------------------------------------------------------- all rows of a relation at once

QUESTIONS = 128
"""A tree of so many questions is asked of each row; of more, joins find the answer sooner."""
MOST_ROWS = 60_000
"""Lookups of more rows are no text that databases like to read."""
STEP_ROWS = 4096
"""Columns are taken together in one step while it has no more rows than that."""

ANSWERS, STEP, GIVEN = "gapless_answers", "gapless_step", "given"
"""What tables are called within a query."""


@dataclass(frozen=True, slots=True)
class Query:
    """`sql` selects every column of a relation, the outputs, the rule, the basis and the reason; `shape` says how."""

    sql: str
    shape: str


class Step(NamedTuple):
    """The row of a case is `factor` times its state, plus `place`; there stands its next state.

    A state that has no row stays as it is.
    """

    factor: int
    place: str
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The state of every case before the steps; after them it is the number of its ending."""

    first: int
    steps: tuple[Step, ...]

    @property
    def rows(self) -> int:
        return sum(len(step.rows) for step in self.steps)


def asked(unit: Unit, source: str, flavor: Flavor = Flavor.DUCKDB) -> Query | Unsupported:
    """The table asked of every row of `source`, whatever may stand after FROM; or why it cannot be."""
    said = expressions(unit, flavor)
    if isinstance(said, Unsupported):
        return said
    return query(said, source)


def query(said: Expressions, source: str) -> Query:
    """The table asked of `source`, whatever may stand after FROM."""
    found = said.decided
    # Joins ask a calculation of every row, also of those that are refused.
    calculates = any(each.is_calculated for each in found.operands.values())
    steps = None if said.questions <= QUESTIONS or calculates else _lookup(found)
    if steps is not None and steps.rows > MOST_ROWS:
        steps = None
    inputs = Taken(each.name for each in said.columns)
    number, place, then = (inputs.take(each) for each in ("ending", "place", "then_state"))
    tables = [_answers(said, found.flavor, number)]
    joins: list[str] = []
    state = lay(said.tree, 4) if steps is None else str(steps.first)
    for count, step in enumerate(steps.steps if steps else (), start=1):
        name = f"{STEP}_{count}"
        pairs = [f"({before}, {after})" for before, after in step.rows]
        lines = [", ".join(filter(None, each)) for each in zip_longest(*[iter(pairs)] * 6)]
        tables.append(_table(name, (place, then), lines, found.flavor))
        row = state if step.factor == 1 else f"{step.factor} * {state}"
        joins.append(_join(name, place, f"{row} + {step.place}"))
        state = f"COALESCE({name}.{then}, {state})"
    if steps is not None:
        state = lay(guarded(found, lambda reason: str(found.reasons[reason]), state), 4)
    joins.append(_join(ANSWERS, number, state))
    columns = [f"{GIVEN}.*", *_columns(said, number)]
    parts = (",\n".join(tables), ",\n".join(f"  {each}" for each in columns))
    sql = f"WITH {parts[0]}\nSELECT\n{parts[1]}\nFROM {source} AS {GIVEN}\n" + "\n".join(joins)
    return Query(sql, _shape(said, steps, calculates=calculates))


def _shape(said: Expressions, steps: Lookup | None, *, calculates: bool) -> str:
    """How the answers are found, and why so."""
    asked = f"{said.questions:,} question{'s' * (said.questions != 1)}"
    if steps is not None:
        return (
            f"lookups, {len(steps.steps)} joined table{'s' * (len(steps.steps) != 1)} with "
            f"{steps.rows:,} rows: as a tree of CASE it would take {asked}, more than {QUESTIONS}"
        )
    if said.questions <= QUESTIONS:
        why = f"a row meets a few of them, and up to {QUESTIONS} no join is faster"
    elif calculates:
        why = "it calculates, which only rows that are allowed may do"
    else:
        why = f"tables to join would have more than {MOST_ROWS:,} rows"
    return f"a tree of CASE with {asked}: {why}"


def _join(name: str, column: str, value: str) -> str:
    return f"LEFT JOIN {name}\n  ON {name}.{column} =\n    {value}"


def _table(name: str, columns: Sequence[str], rows: Sequence[str], flavor: Flavor) -> str:
    """A table of constants; SQLite names columns where the table is named, others where it is listed."""
    named = ", ".join(columns)
    lines = ",\n".join(f"    {row}" for row in rows)
    if flavor is Flavor.SQLITE:
        return f"{name} ({named}) AS (\n  VALUES\n{lines}\n)"
    return f"{name} AS (\n  SELECT * FROM (VALUES\n{lines}\n  ) AS listed ({named})\n)"


def _answers(said: Expressions, flavor: Flavor, number: str) -> str:
    """Every ending with what it comes to."""
    named = (number, *(each.name for each in said.outputs), *said.names[1:])
    rows = [
        f"({', '.join((str(row.number), *row.outputs, row.rule, row.basis, row.rejected))})"
        for row in said.rows
    ]
    return _table(ANSWERS, [quoted(each) for each in named], rows, flavor)


def _columns(said: Expressions, number: str) -> Iterator[str]:
    for place, output in enumerate(said.outputs):
        yield f"{_value(said, place, output, number)} AS {quoted(output.name)}"
    _, rule, basis, rejected = said.names
    told = (
        (rule, [row.rule for row in said.rows]),
        (basis, [row.basis for row in said.rows]),
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


# ---------------------------------------------------------------- lookups


def _lookup(found: Decided) -> Lookup:
    """The decision as steps. Leaves are called as endings are, nodes by the numbers after those."""
    decision = found.tabulation.decision
    columns = classes(decision.root, found.tabulation.axes, decision.order)
    laid = layers(decision.root, columns)
    named: dict[Node, int] = {}

    def state(node: Node) -> int:
        if isinstance(node, Leaf):
            return found.called(node.rule)
        return named.setdefault(node, len(found.answering) + len(named))

    def entered(first: int, after: int) -> list[tuple[int, Node]]:
        """The places and nodes that ask one of the columns from `first` to before `after`."""
        axes = {column.place for column in columns[first:after]}
        nodes = enumerate(laid.nodes[first])
        return [(n, node) for n, node in nodes if isinstance(node, Branch) and node.axis in axes]

    def size(first: int, after: int) -> int:
        return len(entered(first, after)) * prod(each.count for each in columns[first:after])

    def step(first: int, after: int) -> Step:
        factor = prod(each.count for each in columns[first:after])
        rows = [
            (
                factor * state(node) + cell,
                found.called(led) if after == len(columns) else state(laid.nodes[after][led]),
            )
            for place, node in sorted(entered(first, after), key=lambda each: state(each[1]))
            for cell, led in enumerate(laid.row(place, first, after))
        ]
        return Step(factor, " + ".join(_counted(found, columns[first:after])), tuple(sorted(rows)))

    begin, steps, first = state(decision.root), [], 0
    while first < len(columns):
        after = first + 1
        while after < len(columns) and size(first, after + 1) <= STEP_ROWS:
            after += 1
        steps.append(step(first, after))
        first = after
    return Lookup(begin, tuple(steps))


def _counted(found: Decided, columns: Sequence[Classes]) -> Iterator[str]:
    """The place of a case's cell among those of a step, as SQL: a term for each column."""
    factor = prod(each.count for each in columns)
    for column in columns:
        factor //= column.count
        masks = [0] * column.count
        for atom, number in enumerate(column.of):
            masks[number] |= 1 << atom
        ways = [(mask, str(place)) for place, mask in enumerate(masks)]
        said = lay(choice(found.operands[column.place], ways), 8)
        yield said if factor == 1 else f"{factor} * {said}"
