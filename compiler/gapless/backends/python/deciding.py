"""The private functions in which a table decides: what is computed first, then the questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from gapless.backends.python import tree
from gapless.backends.python.chain import chain
from gapless.backends.python.conditions import Tested, condition, joined, written
from gapless.backends.python.layout import Group, lay
from gapless.backends.python.naming import Names
from gapless.backends.python.rows import USES, Found, leaf, taken_up
from gapless.backends.python.scope import Scope, TableNames
from gapless.backends.python.statements import function_head, if_lines
from gapless.backends.python.steps import Answer, Body, If, Part, Step, Unanswered
from gapless.backends.python.text import string
from gapless.backends.python.values import annotation
from gapless.model import ColumnValue
from gapless.unit import Unit

NODES = 500
"""A decision of more nodes than this is not drawn as a tree, which nobody would read."""

TIMES = 3
"""A tree may take so many times the lines that the rules take, one by one, before these are plainer."""


def bodies(unit: Unit) -> tuple[Body, ...]:
    """The decision as a tree, or its rules one by one where that is far plainer."""
    by_rule, lines = chain(unit)
    if unit.decision is None or unit.decision.nodes > NODES:
        return (by_rule,)
    as_tree, tree_lines = tree.plan(unit.decision, unit.axes)
    return as_tree if tree_lines <= TIMES * lines else (by_rule,)


def decide(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The functions that decide, the table's own one first; none of them asks its arguments again."""
    writer = _Writer(unit, scope, scope.tables[unit.table])
    writer.tested.extend(_tested(unit, writer.names))
    found = bodies(unit)
    for body in found[1:]:
        assert body.node is not None
        column = unit.axes[body.node.axis].column.name
        name = scope.names.take(f"{writer.names.decide}_by_{writer.names.arguments[column]}")
        writer.parts[id(body.node)] = name
    for body in found:
        writer.uses_of[id(body.node)] = body
    for body in found:
        yield writer.function(body)


def _tested(unit: Unit, names: TableNames) -> Iterator[Tested]:
    for number, axis in enumerate(unit.axes):
        name = names.arguments[axis.column.name]
        yield Tested(axis, name, written(unit.table.rules, number))


@dataclass(slots=True)
class _Writer:
    unit: Unit
    scope: Scope
    names: TableNames
    tested: list[Tested] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)
    uses_of: dict[int, Body] = field(default_factory=dict)

    def function(self, body: Body) -> list[str]:
        table = self.unit.table
        answer = f"Explanation[{self.names.answer}]"
        steps = self.block(body.steps, 1)
        if body.node is not None:
            return [
                *function_head(self.parts[id(body.node)], self.parameters(body), answer),
                *steps,
            ]
        parameters = (self.typed(column.name) for column in table.inputs)
        first = self.computed(body)
        blank = [""] if first else []
        return [*function_head(self.names.decide, parameters, answer), *first, *blank, *steps]

    def computed(self, body: Body) -> list[str]:
        """The lets, all of them first: where a called table cannot answer, neither can this one."""
        table = self.unit.table
        if not table.lets:
            return []
        needed = self.columns(body.steps)
        handed = {
            a.column for let in table.lets for a in let.call.arguments if isinstance(a, ColumnValue)
        }
        found = Found(
            self.scope, dict(self.names.arguments), Names({*self.names.arguments.values(), "uses"})
        )
        for let in table.lets:
            answer = found.answer(let.call)
            if let.column.name in needed | handed:
                found.lines.append(f"    {self.names.arguments[let.column.name]} = {answer}")
        uses = Group("(", tuple(found.found.values()), ",)" if len(found.found) == 1 else ")")
        return (
            [*found.lines, *lay(uses, first="uses = ", depth=1)]
            if "uses" in needed
            else found.lines
        )

    def block(self, steps: Sequence[Step], depth: int) -> list[str]:
        return [line for step in steps for line in self.step(step, depth)]

    def step(self, step: Step, depth: int) -> list[str]:
        match step:
            case If(questions, body):
                asked = (
                    condition(self.tested[axis], mask, possible, self.scope.constants)
                    for axis, mask, possible in questions
                )
                test = joined("and", (each for each in asked if each is not None))
                return [*if_lines(test, depth), *self.block(body, depth + 1)]
            case Answer(rule):
                return leaf(self.unit.table, rule, self.scope, depth)
            case Part(node):
                part = self.uses_of[id(node)]
                given = tuple(name.partition(":")[0] for name in self.parameters(part))
                return lay(Group(f"{self.parts[id(node)]}(", given), first="return ", depth=depth)
            case Unanswered():
                text = f"no rule of {self.unit.table.name} answers"
                return lay(Group("AssertionError(", (string(text),)), first="raise ", depth=depth)
        assert_never(step)

    def parameters(self, body: Body) -> tuple[str, ...]:
        """What a part asks for: only the columns that it, or what it leads to, takes up."""
        needed = self.columns(body.steps)
        columns = [self.typed(c.name) for c in self.unit.table.columns if c.name in needed]
        return (*columns, f"uses: {USES}") if "uses" in needed else tuple(columns)

    def typed(self, name: str) -> str:
        column = next(each for each in self.unit.table.columns if each.name == name)
        return f"{self.names.arguments[name]}: {annotation(column.type, self.scope.aliases)}"

    def columns(self, steps: Sequence[Step]) -> frozenset[str]:
        """The columns that steps ask for or hand on, and `uses` where an answer rests on calls."""
        needed: set[str] = set()
        for step in steps:
            match step:
                case If(questions, body):
                    needed |= {self.unit.axes[axis].column.name for axis, _, _ in questions}
                    needed |= self.columns(body)
                case Answer(rule):
                    needed |= {
                        c.name for c in taken_up(self.unit.table, self.unit.table.rules[rule])
                    }
                    if self.unit.table.lets and self.unit.table.rules[rule].outcomes:
                        needed.add("uses")
                case Part(node):
                    needed |= self.columns(self.uses_of[id(node)].steps)
                case Unanswered():
                    pass
                case _:
                    assert_never(step)
        return frozenset(needed)
