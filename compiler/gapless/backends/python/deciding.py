"""The private functions in which a table decides: what is computed first, then the questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gapless.analysis.unit import Unit
from gapless.backends.code.conditions import Tested
from gapless.backends.code.layout import Group, lay
from gapless.backends.code.scope import Scope, TableNames
from gapless.backends.code.statements import function_head, if_lines
from gapless.backends.code.text import string
from gapless.backends.code.values import annotation
from gapless.backends.python import tree
from gapless.backends.python.asking import asked, tested
from gapless.backends.python.chain import chain
from gapless.backends.python.collecting import collecting
from gapless.backends.python.lets import computed
from gapless.backends.python.lookup import lookup
from gapless.backends.python.needs import Needs, asked_of, needs
from gapless.backends.python.rows import USES, deciding_head, leaf
from gapless.backends.python.steps import Answer, Body, If, Part, Step, Unanswered

NODES = 150
"""A decision of more nodes than this is not drawn as a tree, which nobody would read."""

COLUMNS = 50
"""Nor is one of more columns, which may lie as deep."""

TIMES = 2
"""A tree may take so many times the lines that the rules take, one by one, before these are plainer."""


def decide(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The functions that decide, the table's own one first; none of them doubts its arguments."""
    if scope.tables[unit.table].together is not None:
        yield from lookup(unit, scope)
        return
    if unit.table.policy.is_collecting:
        yield collecting(unit, scope)
        return
    first, *others = bodies(unit)
    parts = {id(body.node): body for body in others}
    names = scope.tables[unit.table]
    spelt = {
        key: scope.names.take(f"{names.decide}_by_{names.arguments[_asked_first(unit, body)]}")
        for key, body in parts.items()
    }
    writer = _Writer(unit, scope, names, tested(unit, names), parts, spelt)
    yield writer.whole(first)
    for body in others:
        yield writer.part(body)


def bodies(unit: Unit) -> tuple[Body, ...]:
    """The decision as a tree, or its rules one by one where that is far plainer."""
    by_rule, lines = chain(unit)
    if unit.decision is None or unit.decision.nodes > NODES or len(unit.axes) > COLUMNS:
        return (by_rule,)
    as_tree, tree_lines = tree.plan(unit.decision, unit.axes)
    return as_tree if tree_lines <= TIMES * lines else (by_rule,)


def _asked_first(unit: Unit, body: Body) -> str:
    assert body.node is not None, "only the table's own function begins at no node"
    return asked_of(unit, body.node.axis)[0]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the functions of one table; `parts` and their names `spelt` are by `id` of the node."""

    unit: Unit
    scope: Scope
    names: TableNames
    tested: tuple[Tested, ...]
    parts: Mapping[int, Body]
    spelt: Mapping[int, str]

    def whole(self, body: Body) -> list[str]:
        """The table's own function, which takes its inputs and computes its lets."""
        parameters = [self.typed(column.name) for column in self.unit.table.inputs]
        made = computed(self.unit, self.scope, needs(self.unit, body.steps, self.parts))
        return [
            *deciding_head(self.unit.table, parameters, self.scope),
            *made,
            *([""] if made else []),
            *self.block(body.steps, 1),
        ]

    def part(self, body: Body) -> list[str]:
        """A function that takes only the columns that it, or what it leads to, needs."""
        needed = needs(self.unit, body.steps, self.parts)
        parameters = [self.typed(column) for column in self.in_order(needed)]
        parameters += [f"uses: {USES}"] if needed.uses else []
        name = self.spelt[id(body.node)]
        return [
            *function_head(name, parameters, f"Explanation[{self.names.answer}]"),
            *self.block(body.steps, 1),
        ]

    def block(self, steps: Sequence[Step], depth: int) -> list[str]:
        return [line for step in steps for line in self.step(step, depth)]

    def step(self, step: Step, depth: int) -> list[str]:
        match step:
            case If(questions, body):
                condition = asked(questions, self.tested, self.scope.constants)
                return [*if_lines(condition, depth), *self.block(body, depth + 1)]
            case Answer(rule):
                return leaf(self.unit.table, rule, self.scope, depth)
            case Part(node):
                needed = needs(self.unit, self.parts[id(node)].steps, self.parts)
                given = [self.names.arguments[column] for column in self.in_order(needed)]
                given += ["uses"] if needed.uses else []
                called = Group(f"{self.spelt[id(node)]}(", tuple(given))
                return lay(called, first="return ", depth=depth)
            case Unanswered():
                text = string(f"no rule of {self.unit.table.name} answers")
                return lay(Group("AssertionError(", (text,)), first="raise ", depth=depth)
        assert_never(step)

    def in_order(self, needed: Needs) -> list[str]:
        """The columns needed, in the table's order."""
        columns = (column.name for column in self.unit.table.columns)
        return [column for column in columns if column in needed.columns]

    def typed(self, name: str) -> str:
        """A column as a parameter."""
        column = next(each for each in self.unit.table.columns if each.name == name)
        return f"{self.names.arguments[name]}: {annotation(column.type, self.scope.aliases)}"
