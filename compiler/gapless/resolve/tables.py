"""One table put together from its columns, its grid and its examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from gapless.model import (
    Call,
    Example,
    HitPolicy,
    Items,
    OutcomeValue,
    Section,
    Table,
)
from gapless.resolve.calls import Callees
from gapless.resolve.collecting import added, collecting_faults, counted
from gapless.resolve.crosstab import crossed, grid_of
from gapless.resolve.decisions import decision_of, notes_of
from gapless.resolve.effective import dated
from gapless.resolve.examples import example
from gapless.resolve.findings import Findings
from gapless.resolve.header import Layout, layout
from gapless.resolve.operands import Columns
from gapless.resolve.outcomes import Sight
from gapless.resolve.priority import priority_faults
from gapless.resolve.rules import Answer, Field, Reading, RulesRead, Unaccounted, rules
from gapless.resolve.shelf import Shelf
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import slot
from gapless.resolve.steps import Steps, steps
from gapless_dsl.diagnostic import Diagnostic, Label, error
from gapless_dsl.nodes.cells import Word
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
    callees = around.callees
    read = steps(signature, callees, around.source, found)
    if signature.node.is_decision:
        return TableRead(decision_of(signature, read, callees, around.source, found), (), ())
    outputs = dict.fromkeys(signature.outputs, "an output: only inputs and `let` columns can be")
    grid = _grid(signature, Columns(read.in_order, {**read.barred, **outputs}), around, found)
    examples = [example(each, signature, callees.places, found) for each in signature.node.examples]
    table = None
    if signature.sound and not read.lost and signature.outputs:
        table = _table(signature, read, grid, examples)
    return TableRead(table, grid.rules.cited, grid.rules.unaccounted)


class GridRead(NamedTuple):
    written: tuple[str, ...]
    policy: HitPolicy
    rules: RulesRead
    day: str | None = None


NO_GRID = GridRead((), HitPolicy.UNIQUE, RulesRead((), False, (), ()))


def _table(
    signature: Signature, steps: Steps, grid: GridRead, examples: list[Example | None]
) -> Table:
    node = signature.node
    calls = [let.call for let in steps.lets] + [
        call for rule in grid.rules.rules for each in rule.outcomes for call in _calls(each.value)
    ]
    return Table(
        name=signature.name,
        title=None if node.title is None else node.title.text,
        notes=notes_of(node),
        inputs=tuple(each for each in signature.inputs.values() if each is not None),
        lets=tuple(steps.lets),
        computed=tuple(steps.computed),
        outputs=tuple(each for each in signature.outputs.values() if each is not None),
        written=grid.written,
        policy=grid.policy,
        rules=grid.rules.rules,
        examples=tuple(each for each in examples if each is not None),
        span=node.name.span,
        complete=grid.rules.complete and all(call.table.complete for call in calls),
        day=grid.day,
        crosstab=crossed(node, grid.written),
    )


def _calls(value: OutcomeValue) -> Iterator[Call]:
    match value:
        case Call():
            yield value
        case Items(items):
            yield from (item for item in items if isinstance(item, Call))


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
    grid, day = dated(grid, signature, columns, found)
    if grid is None:
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
    rules_read = read._replace(complete=complete)
    return GridRead(tuple(plan.conditions), plan.policy, rules_read, day)


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
