"""What a table computes before it decides: its lets, in order, those with a guard only where it holds.

Only what is asked for or handed on is kept under a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.domain.derived import named_in
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    Comparison,
    Condition,
    Expression,
    Junction,
    if_lines,
    items,
    joined,
    lay,
)
from gapless.backends.code.naming import annotation
from gapless.backends.code.scope import REFUSALS, Scope, TableNames, taken_up
from gapless.backends.python.asking import asked, ordering, tested
from gapless.backends.python.rows import UNASKED, Calling, calling
from gapless.backends.python.steps import Answer, Body, If, Part, Question, Step, Unanswered
from gapless.backends.python.works import call_of
from gapless.model import ColumnValue, Computation, Let, OptionalType, columns_of


class Needs(NamedTuple):
    """`columns` are names of columns; `uses`: whether an answer names the calls it rests on."""

    columns: frozenset[str] = frozenset()
    uses: bool = False

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.columns | other.columns, self.uses or other.uses)


def asked_of(unit: Unit, axis: int) -> tuple[str, ...]:
    """The columns that a question about an axis looks at."""
    order = ordering(unit, axis)
    return (unit.axes[axis].column.name,) if order is None else named_in(order)


def needs(unit: Unit, steps: tuple[Step, ...], parts: Mapping[int, Body]) -> Needs:
    """What `steps` need; `parts` are the bodies of the functions they may call, by `id` of their node."""
    found = Needs()
    for step in steps:
        match step:
            case If(questions, body):
                asked = frozenset(
                    name for question in questions for name in asked_of(unit, question.axis)
                )
                found |= Needs(asked) | needs(unit, body, parts)
            case Answer(number):
                rule = unit.table.rules[number]
                columns = frozenset(column.name for column in taken_up(unit.table, rule))
                answers = rule.kind not in REFUSALS
                found |= Needs(columns, answers and bool(unit.table.lets))
            case Part(node):
                found |= needs(unit, parts[id(node)].steps, parts)
            case Unanswered():
                pass
            case _:
                assert_never(step)
    return found


def computed(unit: Unit, scope: Scope, needed: Needs) -> list[str]:
    """The lets, all of them first, and an empty line: where a called table cannot answer, neither can this one.

    What is worked out can always be, so only what is needed is.
    """
    names = scope.tables[unit.table]
    kept = _read(unit, needed.columns)
    writer = _Writer(unit, scope, calling(unit.table, scope, names.arguments), kept, needed.uses)
    lines = writer.lines()
    return [*lines, *([""] if lines else [])]


def slots(unit: Unit, scope: Scope) -> dict[str, int]:
    """Which of the calls that an answer names has found a let, by its column; none that is never asked."""
    writer = _Writer(
        unit,
        scope,
        calling(unit.table, scope, scope.tables[unit.table].arguments),
        frozenset(),
        True,
    )
    blocks = [block for block in writer.blocks() if block.where is not False]
    places = {name: at for at, name in enumerate(name for each in blocks for name in each.found)}
    return {column: places[name] for block in blocks for column, name in block.taken.items()}


_Made: TypeAlias = Let | Computation


class _Block(NamedTuple):
    """Steps that are taken together: where, what that comes to, and the names of what is found there.

    `taken` are the names of what was found for each let.
    """

    lets: tuple[_Made, ...]
    where: Condition | bool
    steps: tuple[tuple[str, Expression], ...]
    found: tuple[str, ...]
    taken: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the lets of one table; `kept` are the columns that somebody reads."""

    unit: Unit
    scope: Scope
    made: Calling
    kept: frozenset[str]
    uses: bool

    @property
    def names(self) -> TableNames:
        return self.scope.tables[self.unit.table]

    def lines(self) -> list[str]:
        blocks = self.blocks()
        found = (name for each in blocks if each.where is not False for name in each.found)
        uses = lay(items(*found), first="uses = ", depth=1) if self.uses else []
        if all(block.where is True for block in blocks):
            return [*self.made.lines(all_read=self.uses), *uses]
        return [*(line for block in blocks for line in self.written(block)), *uses]

    def blocks(self) -> list[_Block]:
        together = groupby(self.unit.table.steps, key=self.where)
        return [self.block(where, tuple(lets)) for where, lets in together]

    def block(self, where: Condition | bool, lets: tuple[_Made, ...]) -> _Block:
        """What is asked under a guard is told apart: nobody may rely on its having been asked."""
        made, first, before = self.made, len(self.made.steps), dict(self.made.found)
        if where is not True:
            made.asked.update(before)
            made.found.clear()
        known, taken = len(made.found), dict[str, str]()
        for step in lets:
            self.take(step)
            if isinstance(step, Let):
                taken[step.column.name] = made.explanation(step.call)
        new = tuple(made.found.values())[known:]
        if where is not True:
            made.asked.clear()
            made.found.clear()
            made.found.update(before)
        return _Block(lets, where, tuple(made.steps[first:]), new, taken)

    def take(self, step: _Made) -> None:
        """Note what gives a step's column its value."""
        column = step.column.name
        name, is_kept = self.names.arguments[column], column in self.kept
        match step:
            case Let(_, call) if is_kept:
                self.made.assign(name, self.made.answer(call))
            case Let(_, call):
                self.made.explanation(call)
            case Computation(_, expression) if is_kept:
                worked = self.names.worked[column]
                self.made.assign(name, call_of(self.unit.table, worked, expression, self.scope))

    def written(self, block: _Block) -> Iterator[str]:
        """The lines of a block: columns have no value where its condition does not hold."""
        if block.where is True:
            yield from self.body(block, 1)
            return
        for let in block.lets:
            if let.column.name in self.kept:
                kind = annotation(let.column.type, self.scope.aliases)
                yield f"    {self.names.arguments[let.column.name]}: {kind} = None"
        if block.where is not False:
            if self.uses:
                yield from (f"    {name} = {UNASKED}" for name in block.found)
            yield from if_lines(block.where, 1)
            yield from self.body(block, 2)

    def body(self, block: _Block, depth: int) -> Iterator[str]:
        for name, step in block.steps:
            named = self.uses or name in self.made.read
            yield from lay(step, first=f"{name} = " if named else "", depth=depth)

    def where(self, let: _Made) -> Condition | bool:
        """What the guard asks, and that what is handed on is there; whether it holds, where that is plain."""
        if isinstance(let, Computation):
            return True
        questions = _guard(self.unit, let)
        if not questions:
            return questions is not None
        said = asked(questions, tested(self.unit, self.names), self.scope.constants)
        known = said.operands if isinstance(said, Junction) else (said,)
        return joined("and", (said, *(each for each in self.there(let) if each not in known)))

    def there(self, let: Let) -> Iterator[Condition]:
        """That what is handed on is not missing, where the guard sees to it and a type checker does not."""
        columns = {column.name: column for column in self.unit.table.columns}
        for argument, wanted in zip(let.call.arguments, let.call.table.inputs, strict=True):
            if isinstance(wanted.type, OptionalType) or not isinstance(argument, ColumnValue):
                continue
            if isinstance(columns[argument.column].type, OptionalType):
                yield Comparison((self.names.arguments[argument.column], "is not None"))


def _guard(unit: Unit, let: Let) -> list[Question] | None:
    """What the guard of a let asks; None where it never holds."""
    masks: dict[int, int] = {}
    for name, condition in let.guard:
        number = unit.place(name)
        mask = unit.axes[number].mask(condition.test)
        masks[number] = masks.get(number, mask) & mask
    if not all(masks.values()):
        return None
    wholes = {number: unit.axes[number].whole for number in masks}
    return [Question(n, mask, wholes[n]) for n, mask in masks.items() if mask != wholes[n]]


def _read(unit: Unit, needed: frozenset[str]) -> frozenset[str]:
    """The columns that are read: those needed, and what is handed on, guarded by, or goes into those."""
    found = set(needed)
    for step in reversed([*unit.table.steps]):
        match step:
            case Let(_, call) if (asks := _guard(unit, step)) is not None:
                arguments = call.arguments
                found.update(each.column for each in arguments if isinstance(each, ColumnValue))
                found.update(name for each in asks for name in asked_of(unit, each.axis))
            case Computation(column, expression) if column.name in found:
                found.update(columns_of(expression))
    return frozenset(found)
