"""What a policy's module must hold to stand alone: tables, types and citations, each once, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.model import (
    Constant,
    EnumerationType,
    Items,
    ListType,
    OptionalType,
    OutcomeValue,
    Policy,
    Rule,
    Section,
    SetType,
    Table,
)
from gapless.unit import calls


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


def _within(type: object) -> Iterator[EnumerationType]:
    inner = type.of if isinstance(type, OptionalType | ListType | SetType) else type
    if isinstance(inner, EnumerationType):
        yield inner
