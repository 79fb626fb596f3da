"""One table put together from its columns, its grid and its examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from gapless.model import (
    Call,
    Column,
    Example,
    HitPolicy,
    Items,
    Let,
    ListType,
    OutcomeValue,
    Section,
    SetType,
    Table,
)
from gapless.resolve.calls import Callees, resolve_call
from gapless.resolve.collecting import added, collecting_faults, counted
from gapless.resolve.crosstab import grid_of
from gapless.resolve.examples import example
from gapless.resolve.findings import Findings, Site, decision, error
from gapless.resolve.header import Layout, layout
from gapless.resolve.operands import Columns
from gapless.resolve.outcomes import Sight
from gapless.resolve.priority import priority_faults
from gapless.resolve.rules import Answer, Field, Reading, RulesRead, Unaccounted, rules
from gapless.resolve.shelf import Shelf
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import slot
from gapless.resolve.writing import type_words
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.nodes import LetNode, Word
from gapless_dsl.source import Source


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a table stands among: what its file can name, cite and call, and its text."""

    callees: Callees
    shelf: Shelf
    source: Source


class TableRead(NamedTuple):
    """`table` is None where its columns, or the tables that compute them, are not understood."""

    table: Table | None
    cited: tuple[Section, ...]
    unaccounted: tuple[Unaccounted, ...]


def resolve_table(signature: Signature, around: Surroundings, found: Findings) -> TableRead:
    known: dict[str, Column | None] = {**signature.inputs, **dict.fromkeys(signature.unread)}
    outputs = dict.fromkeys(signature.outputs, "an output: only inputs and `let` columns can be")
    barred = {**dict.fromkeys(signature.lets, "declared only further down"), **outputs}
    lets: list[Let] = []
    for name, let in signature.lets.items():
        here = Columns(known, barred)
        column, call = _let(let, here, around, found)
        known[name] = column
        if column is not None and call is not None:
            lets.append(Let(column, call))
    grid = _grid(signature, Columns(known, outputs), around, found)
    places = around.callees.places
    examples = [example(each, signature, places, found) for each in signature.node.examples]
    table = None
    if signature.sound and len(lets) == len(signature.lets) and signature.outputs:
        table = _table(signature, tuple(lets), grid, examples)
    return TableRead(table, grid.rules.cited, grid.rules.unaccounted)


class GridRead(NamedTuple):
    written: tuple[str, ...]
    policy: HitPolicy
    rules: RulesRead


NO_GRID = GridRead((), HitPolicy.UNIQUE, RulesRead((), False, (), ()))


def _table(
    signature: Signature, lets: tuple[Let, ...], grid: GridRead, examples: list[Example | None]
) -> Table:
    node = signature.node
    calls = [let.call for let in lets] + [
        call for rule in grid.rules.rules for each in rule.outcomes for call in _calls(each.value)
    ]
    return Table(
        name=signature.name,
        title=None if node.title is None else node.title.text,
        notes=tuple(note.text for note in node.notes),
        inputs=tuple(each for each in signature.inputs.values() if each is not None),
        lets=lets,
        outputs=tuple(each for each in signature.outputs.values() if each is not None),
        written=grid.written,
        policy=grid.policy,
        rules=grid.rules.rules,
        examples=tuple(each for each in examples if each is not None),
        span=node.name.span,
        complete=grid.rules.complete and all(call.table.complete for call in calls),
    )


def _calls(value: OutcomeValue) -> Iterator[Call]:
    match value:
        case Call():
            yield value
        case Items(items):
            yield from (item for item in items if isinstance(item, Call))


# ---------------------------------------------------------------- computed columns


def _let(
    node: LetNode, columns: Columns, around: Surroundings, found: Findings
) -> tuple[Column | None, Call | None]:
    """A `let` column, as far as it can be understood, and the call that computes it."""
    subject = f"table {around.callees.caller.name}, column {node.name.text}"
    site = Site(node.span, subject)
    called = resolve_call(node.call, columns, around.callees, site, found)
    if called.column is None:
        return None, None
    if isinstance(called.column.type, ListType | SetType):
        found.append(_not_one(node, called.column, site))
        return None, None
    label = None if node.label is None else node.label.text
    type_name = called.column.type_name
    column = Column(node.name.text, called.column.type, label, type_name, node.name.span)
    return column, called.call


def _not_one(node: LetNode, answered: Column, site: Site) -> Diagnostic:
    return error(
        "GAP027",
        f"`{node.name.text}` would hold several values at once",
        Label(site.at(node.call.at), f"answers `{type_words(answered.type)}`"),
        Label(answered.span, f"output `{answered.name}`"),
        subject=site.subject,
        helps=(decision("call the table in an outcome cell, where a list may stand"),),
    )


# ---------------------------------------------------------------- the grid


def _grid(
    signature: Signature, columns: Columns, around: Surroundings, found: Findings
) -> GridRead:
    node = signature.node
    if not signature.outputs and node.complete:
        found.append(_lacks("output", node.name))
    grid = grid_of(node)
    if grid is None:
        if node.complete and signature.outputs:
            found.append(_lacks("grid", node.name))
        return NO_GRID
    plan = layout(grid.header, signature, columns, found)
    doubted = dict.fromkeys(signature.strays - columns.barred.keys())
    columns = replace(columns, known={**doubted, **columns.known})
    read = rules(grid, _reading(signature, plan, columns, around), found)
    faults: list[Diagnostic] = []
    outputs = [column for column in signature.outputs.values() if column is not None]
    if plan.policy is HitPolicy.PRIORITY and len(outputs) == len(signature.outputs):
        faults += priority_faults(grid.header, outputs, read.rules, f"table {signature.name}")
    if plan.policy.is_collecting:
        faults += collecting_faults(plan.policy, grid.header, outputs, read.rules, signature.name)
        if not faults:
            read = read._replace(rules=counted(plan.policy, read.rules))
    found.extend(faults)
    # A line that could not be read may have held a rule.
    complete = read.complete and plan.sound and node.complete and not faults
    return GridRead(tuple(plan.conditions), plan.policy, read._replace(complete=complete))


def _reading(signature: Signature, plan: Layout, columns: Columns, around: Surroundings) -> Reading:
    places = around.callees.places
    conditions = tuple(
        Field(name, None if column is None else slot(column, places), plan.conditions.get(name))
        for name, column in columns.known.items()
    )
    outcomes = tuple(
        Answer(name, None if column is None else slot(column, places), plan.outcomes.get(name))
        for name, column in signature.outputs.items()
    )
    adding = tuple(replace(each, slot=added(each.slot, plan.policy), read={}) for each in outcomes)
    sight = Sight(columns, around.callees)
    subject = f"table {signature.name}"
    return Reading(subject, around.source, plan, conditions, adding, outcomes, sight, around.shelf)


def _lacks(what: str, name: Word) -> Diagnostic:
    label = {"output": "it has nothing to answer: add `out name : type`", "grid": "it has no rows"}
    return error("GAP030", f"table `{name.text}` has no {what}", Label(name.span, label[what]))
