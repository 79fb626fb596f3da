"""A table read for SQL: its door, its decision over columns, and what its endings are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from gapless.analysis.by_inputs import Ending, Tabulation, tabulation
from gapless.analysis.decision.diagram import Leaf, Node, branches
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql.answers import answer
from gapless.backends.sql.asking import reordered
from gapless.backends.sql.derived import operands
from gapless.backends.sql.door import door
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.layout import Written, arms
from gapless.backends.sql.literals import Unheld, roomy, text
from gapless.backends.sql.names import taken
from gapless.backends.sql.tree import Operand, Tree
from gapless.model import Column

SMALL = 64
"""A tree of so many questions stays in the order of the columns."""
ENDING, RULE, REJECTED = "ending", "rule", "rejected"
NO_CASE = "cannot happen"
"""The reason where no case is: nothing leads there, but an expression says what it does not know."""


@dataclass(frozen=True)
class Decided:
    """A table read for SQL: its door, its decision, and what the endings come to."""

    unit: Unit
    tabulation: Tabulation
    flavor: Flavor
    operands: dict[int, Operand]

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
        said += [NO_CASE] * self.has_no_case
        return {reason: -1 - place for place, reason in enumerate(dict.fromkeys(said))}

    @cached_property
    def has_no_case(self) -> bool:
        """Whether some leaf stands for what no case is, in a decision that asks for derived columns."""
        root = self.tabulation.decision.root
        children = (child for branch in branches(root) for _, child in branch.ways)
        return any(isinstance(each, Leaf) and each.rule < 0 for each in (root, *children))

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

    def called(self, leaf: int) -> int:
        """The number of what a leaf of the decision stands for."""
        return self.reasons[NO_CASE] if leaf < 0 else self.numbers[leaf]

    @cached_property
    def rules(self) -> list[str]:
        """The rule that decides, for each ending that answers, by its number."""
        rules = self.unit.table.rules
        return [
            "NULL" if each.rule is None else text(rules[each.rule].name)
            for _, each in self.answering
        ]

    def tree(self, root: Node, leaf: Callable[[int], str]) -> Written:
        """A diagram as a tree of the shape that asks the least."""
        written = Tree(self.operands, leaf).written(root)
        if arms(written) <= SMALL:
            return written
        other = reordered(root, self.tabulation.axes)
        if other is None:
            return written
        return min(written, Tree(self.operands, leaf).written(other), key=arms)

    @cached_property
    def outputs(self) -> tuple[Column, ...]:
        """The outputs, each of a type that holds whatever it answers."""
        columns = enumerate(self.unit.table.outputs)
        return tuple(replace(each, type=roomy(each.type, self._most(n))) for n, each in columns)

    def _most(self, output: int) -> Decimal:
        """The largest number that one output answers, below 0 as well."""
        found = Decimal(0)
        for _, ending in self.answering:
            match (ending.answers or ())[output]:
                case Fixed(int() | Decimal() as value):
                    found = max(found, abs(Decimal(value)))
                case Same(place):
                    found = max(found, Decimal(self.operands[place].most))
        return found

    def given(self, output: int) -> list[str]:
        """What each ending that answers says in one output, by its number."""
        type = self.outputs[output].type
        return [
            answer(ending.answers[output], type, self.operands, self.flavor)
            for _, ending in self.answering
            if ending.answers is not None
        ]


def decided(unit: Unit, flavor: Flavor) -> Decided:
    """A table read for SQL. Raises Unheld."""
    names: dict[str, str] = {}
    for column in (*unit.table.inputs, *unit.table.outputs):
        if (other := names.setdefault(column.name.lower(), column.name)) != column.name:
            raise Unheld(f"databases take its columns {other} and {column.name} for one")
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
