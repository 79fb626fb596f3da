"""One case put to one table: words read by each column's type, and the answer with its reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gapless.model import (
    Call,
    Column,
    ColumnValue,
    Computation,
    EnumerationType,
    Note,
    OptionalType,
    Policy,
    Scalar,
    SetType,
    SourceDocument,
    Table,
    Value,
    copied,
)
from gapless.resolve.faults import Fault
from gapless.resolve.literals import read
from gapless.semantics import Meaning, Row, Trace, as_called, evaluate, holds, trace, worked_out
from gapless.text.types import type_words
from gapless.text.words import listed, literal
from gapless_dsl.nodes import Among, ConditionContent, Quantifier
from gapless_dsl.parser.cells import condition
from gapless_dsl.suggest import nearest

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPES = {"n": "\n"}


@dataclass(frozen=True, slots=True)
class Step:
    """A computed column on the way to the answer: its name, the call, and what that meant.

    `meaning` is None where the call was not made. `rows` are those that the column's value rests on.
    """

    column: Column
    call: Call
    meaning: Meaning | None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A column that was calculated on the way to the answer."""

    computation: Computation
    value: Value


@dataclass(frozen=True, slots=True)
class Case:
    """What was asked and what it means; `steps` are the computed columns that were reached.

    `trace` has the rows that the answer rests on.
    """

    table: Table
    inputs: Mapping[str, Value]
    steps: tuple[Step | WorkedOut, ...]
    meaning: Meaning
    trace: Trace


def find_table(policies: Iterable[Policy], name: str) -> Table | str:
    """The table called `name`, or `policy.table`; else what is wrong with the name."""
    tables = [(policy.name, table) for policy in policies for table in policy.tables]
    found = [table for policy, table in tables if name in (table.name, f"{policy}.{table.name}")]
    if len(found) == 1:
        return found[0]
    if found:
        full = [f"`{policy}.{table.name}`" for policy, table in tables if table in found]
        return f"several tables are called `{name}`: say {listed(full, 'or')}"
    known = [table.name for _, table in tables]
    near = nearest(name.rpartition(".")[2], known)
    if near is not None:
        return f"there is no table `{name}`; did you mean `{near}`?"
    return f"there is no table `{name}`; there {_are(known)}"


def full_names(policies: Iterable[Policy]) -> Mapping[tuple[str, str], str]:
    """By file and name, the whole names of those tables that are not the only ones of their name."""
    tables = [(policy, table.name) for policy in policies for table in policy.tables]
    times = Counter(name for _, name in tables)
    return {
        (policy.path, name): f"{policy.name}.{name}" for policy, name in tables if times[name] > 1
    }


def _are(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    if not quoted:
        return "are none at all"
    return f"{'is' if len(quoted) == 1 else 'are'} {listed(quoted)}"


def read_words(table: Table, words: Iterable[str]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The inputs that `name=value` words give, and everything that is wrong with them."""
    columns = {column.name: column for column in table.inputs}
    inputs: dict[str, Value] = {}
    wrong: list[str] = []
    named: set[str] = set()
    for word in words:
        name, sign, text = word.partition("=")
        name = name.strip()
        if not sign:
            wrong.append(f"`{word}` is not NAME=VALUE")
        elif name not in columns:
            near = nearest(name, columns)
            meant = f"; did you mean `{near}`?" if near else ""
            wrong.append(f"`{table.name}` has no input `{name}`{meant}")
        elif name in named:
            wrong.append(f"`{name}` is given twice")
        else:
            named.add(name)
            value = _value(columns[name], text.strip())
            if isinstance(value, Fault):
                is_far = value.code == "GAP011" and value.right is None
                label = f"it is {_possible(columns[name])}" if is_far else value.label
                wrong.append(f"{name}: {value.title}: {label}")
            else:
                inputs[name] = value
    for name, column in columns.items():
        if name not in named:
            wrong.append(f"`{name}` is not given: {_possible(column)}")
    return inputs, tuple(wrong)


def example_words(table: Table) -> tuple[str, ...]:
    """The words that put a table's first example; none where it has no example."""
    if not table.examples:
        return ()
    return tuple(f"{name}={literal(value)}" for name, value in table.examples[0].inputs)


def _possible(column: Column) -> str:
    """What a column may hold, as an author would say it: its values if they can be listed."""
    of, absent = column.type, ""
    if isinstance(of, OptionalType):
        of, absent = of.of, " or missing"
    if isinstance(of, SetType):
        return (
            f"any of {listed([literal(member) for member in sorted(of.of.names)], 'or')}, in brackets"
            if isinstance(of.of, EnumerationType)
            else ""
        )
    if isinstance(of, EnumerationType):
        return listed([literal(member.name) for member in of.members], "or") + absent
    return type_words(of) + absent


def _value(column: Column, text: str) -> Value | Fault:
    """A value as the language writes it; quotes are needed only where they would be there."""
    of = column.type
    if isinstance(of, SetType):
        return _members(of, text)
    if isinstance(of, OptionalType):
        if text == "missing":
            return None
        of = of.of
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), quoted[1])
    return read(text, of)  # type: ignore[arg-type]  # lists are never inputs


def _members(of: SetType, text: str) -> frozenset[Scalar | None] | Fault:
    """`[a, b]`; the brackets may be left out."""
    said = condition(text if text.startswith("[") else f"[{text}]").content
    match said:
        case ConditionContent((Among(Quantifier.EXACTLY, members),), ()):
            found = [read(each.text, of.of) for each in members]
            fault = next((each for each in found if isinstance(each, Fault)), None)
            return fault or frozenset(each for each in found if not isinstance(each, Fault))
    return Fault("GAP021", f"`{text}` is not a list of members", "it is written `[a, b]`")


def put(table: Table, inputs: Mapping[str, Value]) -> Case:
    """What `table` says of `inputs`, with the computed columns it looked at."""
    case = dict(inputs)
    steps: list[Step | WorkedOut] = []
    for let in table.steps:
        if isinstance(let, Computation):
            case[let.column.name] = worked_out(let, case)
            steps.append(WorkedOut(let, case[let.column.name]))
            continue
        if not all(holds(each.condition.test, case[each.column]) for each in let.guard):
            steps.append(Step(let.column, let.call, None))
            case[let.column.name] = None
            continue
        given = arguments(let.call, case)
        meaning = as_called(let.call, evaluate(let.call.table, given))
        rows = trace(let.call.table, given).outcomes[let.call.output]
        steps.append(Step(let.column, let.call, meaning, rows))
        values = getattr(meaning, "values", None)
        if values is None:
            break
        case[let.column.name] = values[let.call.output]
    return Case(table, inputs, tuple(steps), evaluate(table, inputs), trace(table, inputs))


def arguments(call: Call, case: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs that a call gives the table that it asks."""
    return {
        column.name: copied(
            case[each.column] if isinstance(each, ColumnValue) else each.value, column.type
        )
        for column, each in zip(call.table.inputs, call.arguments, strict=True)
    }


def notes_of(table: Table, policies: Iterable[Policy]) -> tuple[Note, ...]:
    """What readers of its answers are told: the notes of its policy, then its own."""
    told = (policy.notes for policy in policies if table in policy.tables)
    return (*next(told, ()), *table.notes)


def source_of(policies: Iterable[Policy], path: str, name: str) -> SourceDocument | None:
    """The source called `name` that is declared in the file at `path`."""
    return next(
        (
            source
            for policy in policies
            if policy.path == path
            for source in policy.sources
            if source.name == name
        ),
        None,
    )
