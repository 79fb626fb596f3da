"""What a policy's module must hold to stand alone: tables, types and citations, each once, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.analysis.composition.calls import calls
from gapless.model import (
    AllOf,
    Call,
    Column,
    ColumnValue,
    Compared,
    Computed,
    Constant,
    EnumerationType,
    Items,
    OutcomeValue,
    Policy,
    Rule,
    Section,
    Table,
    Type,
    columns_of,
)

MANY = 500
"""More rules than this are looked up: asking for them one by one, or by a tree, nobody would read."""


OFTEN = 100
"""If one answer would ask tables more often than this, they remember what they said."""


def remembering(tables: Iterable[Table]) -> frozenset[Table]:
    """The tables that remember what they said: else long chains of calls would ask the same without end.

    Where a table asks another twice, and that one a third, the calls of a chain are as many as its ways,
    though few differ. Few tables need to remember so that nothing is asked often.
    """
    waiting, asked = [*tables], dict[Table, int]()
    found: set[Table] = set()
    while waiting:
        table = waiting[-1]
        callees = dict.fromkeys((call.table, call.arguments) for call in calls(table))
        unknown = [callee for callee, _ in callees if callee not in asked]
        if table not in asked and unknown:
            waiting.extend(unknown)
            continue
        waiting.pop()
        if table not in asked:
            times = 1 + sum(asked[callee] for callee, _ in callees)
            if times > OFTEN:
                found.add(table)
            asked[table] = 1 if table in found else times
    return frozenset(found)


def borrowed(policy: Policy) -> tuple[Table, ...]:
    """The tables of other files that the policy's own tables call, callees first."""
    found: dict[Table, None] = {}

    def add(table: Table) -> None:
        for call in calls(table):
            if call.table not in found:
                add(call.table)
                found[call.table] = None

    for table in policy.tables:
        add(table)
    return tuple(table for table in found if table not in policy.tables)


def enumerations(policy: Policy, tables: Iterable[Table]) -> tuple[EnumerationType, ...]:
    """Those that the policy declares, then the others that its tables use."""
    declared = (each.type for each in policy.types)
    used = (column.type for table in tables for column in (*table.columns, *table.outputs))
    return tuple(dict.fromkeys(kind for type in (*declared, *used) for kind in _within(type)))


def taken_in(tables: Iterable[Table]) -> tuple[EnumerationType, ...]:
    """The enumerations among the inputs of tables."""
    inputs = (column for table in tables for column in table.inputs)
    return tuple(dict.fromkeys(kind for column in inputs for kind in _within(column.type)))


def citations(tables: Iterable[Table]) -> tuple[Section, ...]:
    """Every section that some rule cites."""
    rules = (rule for table in tables for rule in table.rules)
    return tuple(dict.fromkeys(each for rule in rules for each in rule.reason.citations))


def is_constant(rule: Rule) -> bool:
    """Whether a rule answers alike in every case, or never answers."""
    return all(isinstance(outcome.value, Constant) for outcome in rule.outcomes)


def operands(value: OutcomeValue) -> tuple[OutcomeValue, ...]:
    """What an outcome is made of."""
    return value.items if isinstance(value, Items) else (value,)


def taken_up(table: Table, *rules: Rule) -> tuple[Column, ...]:
    """The columns whose values the outcomes of rules hold or hand on."""
    parts = [part for rule in rules for each in rule.outcomes for part in operands(each.value)]
    handed = [argument for part in parts if isinstance(part, Call) for argument in part.arguments]
    columns = {part.column for part in (*parts, *handed) if isinstance(part, ColumnValue)}
    worked = (part.expression for part in parts if isinstance(part, Computed))
    columns.update(name for expression in worked for name in columns_of(expression))
    return tuple(column for column in table.columns if column.name in columns)


def taken_together(table: Table) -> tuple[Column, ...] | None:
    """The columns that all rules take up, for a table whose rules are looked up."""
    return taken_up(table, *table.rules) if is_looked_up(table) else None


def is_looked_up(table: Table) -> bool:
    """Whether a table's rules are looked up: columns compared with each other must be asked for."""
    if len(table.rules) <= MANY or table.policy.is_collecting:
        return False
    tests = (condition.test for rule in table.rules for condition in rule.conditions)
    return not any(isinstance(test, Compared | AllOf) for test in tests)


def _within(type: Type) -> Iterator[EnumerationType]:
    inner = type.scalar
    if isinstance(inner, EnumerationType):
        yield inner
