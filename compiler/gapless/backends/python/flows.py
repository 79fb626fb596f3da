"""What flows into the answers of tables: which inputs, and which answers of others, as constants of a module.

A case says which rule answers and what was asked; by these constants its explanation tells the rows
that it rests on, as `semantics.trace` does. No table needs them that only says what its own rows do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from gapless.analysis.composition.calls import calls, calls_of
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import Expression, Group, items, lay, led, string
from gapless.backends.code.scope import REFUSALS, Scope
from gapless.backends.python.lets import slots
from gapless.model import (
    Call,
    ColumnValue,
    Computation,
    Computed,
    Constant,
    Items,
    OutcomeValue,
    Rule,
    Table,
    columns_of,
)

Flow: TypeAlias = tuple[int | tuple[int, int], ...]
"""Inputs by number; what calls answer by the number of the call among all that an explanation uses, and
that of the output: always 0 of a table without flows, of which all outputs rest alike on the same row."""


Place: TypeAlias = int | tuple[str, int]
"""Where a call stands: the number of a let's; the rule and the number of a rule's own."""

Given: TypeAlias = tuple[Table, tuple[Flow, ...]]
"""What is called, and what flows into each argument."""


@dataclass(frozen=True, slots=True)
class Flows:
    """`rules` has the flows of a rule's outputs, where there are any; `calls` what goes into arguments.

    `is_apart` says that what a row says in one output may rest on its source otherwise than the rest.
    """

    rules: Mapping[str, tuple[Flow, ...]]
    calls: Mapping[Place, Given]
    is_told: bool
    is_apart: bool

    @property
    def hands_on(self) -> bool:
        """Whether an input may flow into an answer."""
        given = (flow for _, flows in self.calls.values() for flow in flows)
        flowing = (*(flow for flows in self.rules.values() for flow in flows), *given)
        return any(isinstance(each, int) for flow in flowing for each in flow)

    @property
    def is_needed(self) -> bool:
        """Whether something else than the row of a case flows into an answer, or that by outputs."""
        return self.is_told or self.hands_on or self.is_apart


def is_told(table: Table) -> bool:
    """Whether explanations of the table are told by rows of others; a decision has none of its own.

    So are those of several rows that answer together, some of which mark single outputs.
    """
    is_apart = table.policy.is_collecting and has_marks(table)
    return table.is_decision or bool(calls(table)) or is_apart


def has_marks(table: Table) -> bool:
    """Whether rows of it mark single outputs."""
    return any(rule.reason.marks for rule in table.rules)


def flowing(
    tables: Iterable[Table], units: Mapping[Table, Unit], scope: Scope
) -> dict[Table, Flows]:
    """The flows of all tables that need them, callees first."""
    known: dict[Table, Flows] = {}
    waiting = [*tables][::-1]
    while waiting:
        table = waiting[-1]
        unknown = [call.table for call in calls(table) if call.table not in known]
        if table not in known and unknown:
            waiting += unknown
            continue
        waiting.pop()
        if table not in known:
            known[table] = _Wiring(units[table], known).flows(scope)
    return {table: each for table, each in known.items() if each.is_needed}


@dataclass(frozen=True, slots=True)
class _Wiring:
    """Finds what flows in one table; of all that it calls, that is known.

    `columns` is what flows into its columns, `calls` what it found of its calls.
    """

    unit: Unit
    known: Mapping[Table, Flows]
    columns: dict[str, Flow] = field(default_factory=dict)
    calls: dict[Place, Given] = field(default_factory=dict)

    def flows(self, scope: Scope) -> Flows:
        table, columns = self.unit.table, self.columns
        columns.update((each.name, (at,)) for at, each in enumerate(table.inputs))
        places = slots(self.unit, scope)
        for step in table.steps:
            name = step.column.name
            if isinstance(step, Computation):
                columns[name] = _once(columns[of] for of in columns_of(step.expression))
            elif name in places:
                columns[name] = self.called(places[name], places[name], step.call)
            else:
                columns[name] = ()
        first = 1 + max(places.values(), default=-1)
        answering = [rule for rule in table.rules if rule.kind not in REFUSALS]
        rules = {rule.name: self.ruled(rule, first) for rule in answering}
        told = {name: flows for name, flows in rules.items() if any(flows)}
        return Flows(told, self.calls, is_told(table), has_marks(table))

    def ruled(self, rule: Rule, first: int) -> tuple[Flow, ...]:
        """What flows into the outputs of a rule, whose own calls begin with number `first`."""
        asked = dict.fromkeys((call.table, call.arguments) for call in calls_of(rule))
        places = {each: at for at, each in enumerate(asked, first)}

        def into(value: OutcomeValue) -> Flow:
            match value:
                case Constant():
                    return ()
                case ColumnValue(column):
                    return self.columns[column]
                case Computed(expression):
                    return _once(self.columns[name] for name in columns_of(expression))
                case Items(parts):
                    return _once(map(into, parts))
                case Call():
                    at = places[value.table, value.arguments]
                    return self.called(at, (rule.name, at), value)
            assert_never(value)

        return tuple(into(outcome.value) for outcome in rule.outcomes)

    def called(self, at: int, place: Place, call: Call) -> Flow:
        """What call number `at` answers; what flows into its arguments is noted where it may flow on."""
        flows = self.known[call.table]
        if not flows.is_needed:
            return ((at, 0),)
        given = (
            self.columns[each.column] if isinstance(each, ColumnValue) else ()
            for each in call.arguments
        )
        self.calls[place] = call.table, tuple(given) if flows.hands_on else ()
        return ((at, call.output),)


def _once(flows: Iterable[Flow]) -> Flow:
    return tuple(dict.fromkeys(each for flow in flows for each in flow))


def constants(flows: Mapping[Table, Flows], scope: Scope) -> Iterator[list[str]]:
    """A constant for each table that has flows."""
    for table, each in flows.items():
        outputs = items(*(string(column.name) for column in table.outputs))
        rules = (
            led(f"{string(name)}: ", items(*map(_flow, of))) for name, of in each.rules.items()
        )
        asked = (
            led(f"{_place(at)}: ", items(scope.tables[callee].flows, items(*map(_flow, given))))
            for at, (callee, given) in each.calls.items()
        )
        made: list[Expression] = [
            outputs,
            Group("{", tuple(rules), "}"),
            Group("{", tuple(asked), "}"),
        ]
        made += ["has_rows=False"] * (table.is_decision or table.by_version)
        yield lay(Group("_Flows(", tuple(made)), first=f"{scope.tables[table].flows}: Final = ")


def _place(at: Place) -> str:
    return str(at) if isinstance(at, int) else f"({string(at[0])}, {at[1]})"


def _flow(flow: Flow) -> Expression:
    return items(*(str(each) for each in flow))
