"""Calls of other tables within one function: each made once, its explanation kept under a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from gapless.backends.code.layout import Expression, Group, flat, items, lay
from gapless.backends.code.naming import Names, identifier
from gapless.backends.code.scope import Scope
from gapless.backends.code.values import expression
from gapless.model import Call, ColumnValue, Constant, Items, Table

Asked: TypeAlias = tuple[Table, tuple[Constant | ColumnValue, ...]]
"""What is called, and with what."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The calls that one function makes; `arguments` are the names that columns have in it.

    `found` are the names of their explanations. `steps` are (name, what it is given) in order, and
    `read` the names that something reads.
    """

    scope: Scope
    arguments: Mapping[str, str]
    names: Names
    found: dict[Asked, str] = field(default_factory=dict)
    steps: list[tuple[str, Expression]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def explanation(self, call: Call) -> str:
        """The name of what the called table says; the call is made where it is new."""
        asked = (call.table, call.arguments)
        if asked not in self.found:
            word = identifier(call.table.name)
            self.found[asked] = self.names.take(word, f"{word}_found")
            given = tuple(self.operand(argument) for argument in call.arguments)
            made = Group(f"{self.scope.tables[call.table].decide}(", given)
            self.steps.append((self.found[asked], made))
        return self.found[asked]

    def answer(self, call: Call) -> str:
        """The expression for what `call` answers."""
        name = self.explanation(call)
        self.read.add(name)
        callee = self.scope.tables[call.table]
        output = call.table.outputs[call.output].name
        return f"{name}.answer.{callee.fields[output]}" if callee.result else f"{name}.answer"

    def operand(self, value: Constant | ColumnValue | Call) -> Expression:
        match value:
            case Constant(constant):
                return expression(constant)
            case ColumnValue(column):
                return self.arguments[column]
            case Call():
                return self.answer(value)
        assert_never(value)

    def outcome(self, value: Constant | ColumnValue | Call | Items) -> Expression:
        """The expression for an outcome, after the calls that it needs."""
        if not isinstance(value, Items):
            return self.operand(value)
        parts = [self.operand(item) for item in value.items]
        if not value.as_set:
            return items(*parts)
        different = {flat(part): part for part in parts}
        return Group("frozenset(", (Group("{", tuple(different.values()), "}"),))

    def work_out(self, name: str, made: Expression) -> None:
        """Give a column what a function works out."""
        self.steps.append((name, made))
        self.read.add(name)

    def assign(self, name: str, call: Call) -> None:
        """Give a column the answer of its call."""
        self.steps.append((name, self.answer(call)))
        self.read.add(name)

    def lines(self, *, all_read: bool) -> Iterator[str]:
        """The statements; an explanation that nothing reads has no name."""
        for name, made in self.steps:
            named = all_read or name in self.read
            yield from lay(made, first=f"{name} = " if named else "", depth=1)


def calling(scope: Scope, arguments: Mapping[str, str]) -> Calling:
    """No calls yet, in a function that knows columns by these names."""
    return Calling(scope, arguments, Names({*scope.spoken, *arguments.values(), "answer"}))
