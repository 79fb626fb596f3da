"""A table as SQL expressions over columns that are named like its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from gapless import refusing
from gapless.backends.sql.answers import answer
from gapless.backends.sql.asking import reordered
from gapless.backends.sql.derived import operands
from gapless.backends.sql.door import door
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.layout import Written, arms, choose, lay
from gapless.backends.sql.literals import Unheld, inner, sql_type, text
from gapless.backends.sql.names import quoted, taken
from gapless.backends.sql.tree import Operand, Tree, halved
from gapless.calls import Same, Several
from gapless.decision import Node
from gapless.model import Column, DecimalType, IntType
from gapless.tabulating import Ending, Tabulation, renamed, tabulation
from gapless.unit import Unit

SMALL = 64
"""A tree of so many questions stays in the order of the columns."""
ENDING, RULE, REJECTED = "ending", "rule", "rejected"
NO_CASE = "cannot happen"
"""The reason where no case is: nothing leads there, but an expression says what it does not know."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a table has no expressions, in plain words."""

    reason: str


class Typed(NamedTuple):
    """A column: its name as it is, not quoted, and its SQL type."""

    name: str
    type: str


class Output(NamedTuple):
    """`sql` is the value by the ending and the inputs, NULL where refused."""

    name: str
    type: str
    sql: str


@dataclass(frozen=True, slots=True)
class Expressions:
    """`ending` numbers what a case gets; the others follow from it, called `number`, and the inputs.

    Numbers from 0 on answer, those below refuse. `rule` is the name of the rule that decides, NULL
    for what is refused and where rules answer together; `rejected` is the reason, NULL where answered.
    """

    columns: tuple[Typed, ...]
    number: str
    ending: str
    outputs: tuple[Output, ...]
    rule: str
    rejected: str


@lru_cache(maxsize=128)
def expressions(unit: Unit, flavor: Flavor = Flavor.STANDARD) -> Expressions | Unsupported:
    """The table as expressions, or why it has none."""
    try:
        return _expressions(decided(unit, flavor))
    except Unheld as reason:
        return Unsupported(f"{unit.table.name} has no SQL: {reason}")


@dataclass(frozen=True)
class Decided:
    """A table read for SQL: its door, its decision, and what the endings come to."""

    unit: Unit
    tabulation: Tabulation
    flavor: Flavor
    operands: dict[int, Operand]

    @cached_property
    def columns(self) -> tuple[Typed, ...]:
        return tuple(
            Typed(each.name, sql_type(each.type, self.flavor)) for each in self.unit.table.inputs
        )

    @cached_property
    def number(self) -> str:
        """The column of the ending, a name that no input or output has."""
        return self.names[0]

    @cached_property
    def names(self) -> tuple[str, str, str]:
        """The columns that are added beside the outputs: the ending, the rule, the reason."""
        table = self.unit.table
        free = taken(each.name for each in (*table.inputs, *table.outputs))
        return free.take(ENDING), free.take(RULE), free.take(REJECTED)

    @cached_property
    def door(self) -> tuple[tuple[str, str], ...]:
        """(condition, reason) of what is refused before the table is asked."""
        return tuple(
            each for column in self.unit.table.inputs for each in door(column, self.flavor)
        )

    @cached_property
    def reasons(self) -> dict[str, int]:
        """The number of each reason, below 0."""
        said = [reason for _, reason in self.door]
        said += [refusing.refused(self.unit, ending) for _, ending in self.refusing]
        return {reason: -1 - place for place, reason in enumerate(dict.fromkeys([*said, NO_CASE]))}

    @cached_property
    def answering(self) -> tuple[tuple[int, Ending], ...]:
        return tuple(e for e in enumerate(self.tabulation.endings) if e[1].answers is not None)

    @cached_property
    def refusing(self) -> tuple[tuple[int, Ending], ...]:
        return tuple(e for e in enumerate(self.tabulation.endings) if e[1].answers is None)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """What each ending is called in SQL, by its place in the tabulation."""
        found = {place: number for number, (place, _) in enumerate(self.answering)}
        for place, ending in self.refusing:
            found[place] = self.reasons[refusing.refused(self.unit, ending)]
        return found

    def tree(self, root: Node, leaf: Callable[[int], str]) -> Written:
        """A diagram as a tree of the shape that asks the least."""
        written = Tree(self.operands, leaf).written(root)
        if arms(written) <= SMALL:
            return written
        other = reordered(root, self.tabulation.axes)
        if other is None:
            return written
        return min(written, Tree(self.operands, leaf).written(other), key=arms)

    def given(self, output: int) -> list[str]:
        """What each ending that answers says in one output, by its number."""
        type = self.unit.table.outputs[output].type
        axes = {place: each.axis for place, each in self.operands.items()}
        return [
            answer(ending.answers[output], type, axes, self.flavor)
            for _, ending in self.answering
            if ending.answers is not None
        ]


def decided(unit: Unit, flavor: Flavor) -> Decided:
    """A table read for SQL. Raises Unheld."""
    found = tabulation(unit)
    if found is None:
        raise Unheld("it is too large to be said by its inputs alone")
    needed = {*found.asked, *_passed(found)}
    return Decided(unit, found, flavor, operands(unit, found, needed, flavor))


def _passed(found: Tabulation) -> Iterator[int]:
    for ending in found.endings:
        for each in ending.answers or ():
            items = each.items if isinstance(each, Several) else (each,)
            yield from (item.input for item in items if isinstance(item, Same))


def _expressions(found: Decided) -> Expressions:
    table = found.unit.table
    names = [
        "NULL" if ending.rule is None else text(table.rules[ending.rule].name)
        for _, ending in found.answering
    ]
    reasons = [text(reason) for reason in found.reasons]
    return Expressions(
        columns=found.columns,
        number=found.number,
        ending=lay(ending(found)),
        outputs=tuple(_output(found, place) for place in range(len(table.outputs))),
        rule=_typed(by_number(names, found.number), names, "VARCHAR"),
        rejected=lay(_refusals(reasons, found.number)),
    )


def ending(found: Decided) -> Written:
    """The number of what a case gets."""
    leaves = {place: str(number) for place, number in found.numbers.items()}
    never = str(found.reasons[NO_CASE])
    inside = found.tree(found.tabulation.decision.root, lambda rule: leaves.get(rule, never))
    return _guarded(found, lambda reason: str(found.reasons[reason]), inside)


def _guarded(found: Decided, refused: Callable[[str], str], inside: Written) -> Written:
    """The door first, and the table inside."""
    whens = tuple((condition, refused(reason)) for condition, reason in found.door)
    return choose(whens, inside)


def _output(found: Decided, place: int) -> Output:
    column = found.unit.table.outputs[place]
    type = sql_type(column.type, found.flavor)
    given = found.given(place)
    return Output(column.name, type, _cast(by_number(given, found.number), given, column, type))


def alone(found: Decided, place: int) -> str:
    """One output by the inputs only: the answers stand where the questions end. NULL where refused."""
    column = found.unit.table.outputs[place]
    given = found.given(place)
    texts = list(dict.fromkeys(["NULL", *given]))
    named = {refused: 0 for refused, _ in found.refusing}
    named |= {ended: texts.index(given[n]) for n, (ended, _) in enumerate(found.answering)}
    root, _ = renamed(found.tabulation.decision.root, named)
    inside = found.tree(root, lambda rule: texts[max(rule, 0)])
    guarded = _guarded(found, lambda _: "NULL", inside)
    return _cast(guarded, given, column, sql_type(column.type, found.flavor))


def by_number(texts: Sequence[str], number: str) -> Written:
    """The text of each ending by its number, from 0 on, neighbors alike taken together; else NULL."""
    stretches: list[tuple[str, Written]] = []
    for place, said in enumerate(texts):
        if not stretches or stretches[-1][1] != said:
            stretches.append((str(place), said))
    if all(said == "NULL" for _, said in stretches):
        return "NULL"
    name = quoted(number)
    return choose(((f"{name} < 0", "NULL"),), halved(stretches, name))


def _refusals(reasons: Sequence[str], number: str) -> Written:
    """The reason of each number below 0; else NULL."""
    name = quoted(number)
    downward: list[tuple[str, Written]] = [
        (str(-len(reasons) + place), reason) for place, reason in enumerate(reversed(reasons))
    ]
    return choose(((f"{name} >= 0", "NULL"),), halved(downward, name))


def _typed(written: Written, texts: Iterable[str], type: str) -> str:
    """The text of an expression; where there are only missing values, nothing else says the type."""
    return f"CAST(NULL AS {type})" if all(each == "NULL" for each in texts) else lay(written)


def _cast(written: Written, texts: Iterable[str], column: Column, type: str) -> str:
    """The same, where numbers get the type of the column and not that of their figures."""
    said = _typed(written, texts, type)
    if isinstance(inner(column.type), IntType | DecimalType) and not said.startswith("CAST(NULL"):
        return f"CAST({said} AS {type})"
    return said
