"""A table read for SQL: its door, its decision over columns, and what its endings are called and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from gapless.analysis.by_inputs import Ending, Given, Tabulation, tabulation
from gapless.analysis.decision.diagram import Node
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import (
    Taken,
    Unheld,
    item,
    literal,
    quoted,
    roomy,
    sql_type,
    text,
)
from gapless.backends.sql.operands import operands
from gapless.backends.sql.reading import door
from gapless.backends.sql.splitting import reordered
from gapless.backends.sql.tree import Operand, Written, arms, tree
from gapless.model import (
    BoolType,
    Column,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    SetType,
    Type,
)

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
    def names(self) -> tuple[str, str, str]:
        """The columns that are added beside the outputs, called as none of the table's: ending, rule, reason."""
        table = self.unit.table
        free = Taken(each.name for each in (*table.inputs, *table.outputs))
        return free.take(ENDING), free.take(RULE), free.take(REJECTED)

    @cached_property
    def door(self) -> tuple[tuple[str, str], ...]:
        """(condition, reason) of what is refused before the table is asked."""
        return tuple(
            each for column in self.unit.table.inputs for each in door(column, self.flavor)
        )

    @cached_property
    def answering(self) -> tuple[tuple[int, Ending], ...]:
        return tuple(e for e in enumerate(self.tabulation.endings) if e[1].answers is not None)

    @cached_property
    def refusing(self) -> tuple[tuple[int, str], ...]:
        """The endings that do not answer, with their reasons."""
        endings = enumerate(self.tabulation.endings)
        return tuple((n, refusing.refused(self.unit, e)) for n, e in endings if e.answers is None)

    @cached_property
    def reasons(self) -> dict[str, int]:
        """The number of each reason, below 0."""
        said = [reason for _, reason in (*self.door, *self.refusing)]
        # Some leaf may stand for what no case is, in a decision that asks for derived columns.
        said += [NO_CASE] * (min(self.tabulation.leaves) < 0)
        return {reason: -1 - place for place, reason in enumerate(dict.fromkeys(said))}

    @cached_property
    def numbers(self) -> dict[int, int]:
        """What each ending is called in SQL, by its place in the tabulation."""
        found = {place: number for number, (place, _) in enumerate(self.answering)}
        return found | {place: self.reasons[reason] for place, reason in self.refusing}

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
        written = tree(root, self.operands, leaf)
        if arms(written) <= SMALL:
            return written
        other = reordered(root, self.tabulation.axes)
        return (
            written if other is None else min(written, tree(other, self.operands, leaf), key=arms)
        )

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
            _answer(ending.answers[output], type, self.operands, self.flavor)
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
    return Decided(unit, found, flavor, operands(unit, found, found.asked | found.passed, flavor))


# ---------------------------------------------------------------- answers


def _answer(given: Given, type: Type, columns: Mapping[int, Operand], flavor: Flavor) -> str:
    """One output, of that type; `columns` are those that may be passed on. Raises Unheld."""
    match given:
        case Fixed(value):
            return literal(value, type, flavor)
        case Same(place):
            # Other answers may stand beside it, and a database gives all of them one type, which may
            # be that of the column as it is: so the column gets the type of the output.
            exact, column = columns[place].exact, columns[place].axis.column
            is_number = isinstance(column.type.present, IntType | DecimalType)
            due = sql_type(type, flavor)
            is_due = exact.endswith(f"CAST({quoted(column.name)} AS {due})")
            return f"CAST({exact} AS {due})" if is_number and not is_due else exact
        case Several(items, as_set):
            assert isinstance(type, ListType | SetType)
            if as_set:
                raise Unheld("it answers with sets that hold an input")
            parts = (_item(each, type, columns) for each in items)
            return " || ".join(("'['", " || ', ' || ".join(parts), "']'"))
    assert_never(given)


def _item(each: Fixed | Same, type: ListType | SetType, columns: Mapping[int, Operand]) -> str:
    """An item of a list, which is put together as JSON."""
    if isinstance(each, Fixed):
        assert not isinstance(each.value, tuple | frozenset) and each.value is not None
        return text(item(each.value, type.of))
    column = columns[each.input]
    name, of = column.exact, column.axis.column.type.present
    match of:
        case EnumerationType(_, members):
            whens = (f"WHEN {text(m.name)} THEN {text(item(m.name, of))}" for m in members)
            return f"CASE {name} {' '.join(whens)} END"
        case BoolType():
            return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
        case IntType() if isinstance(type.of, IntType):
            return f"CAST({name} AS VARCHAR)"
    raise Unheld("it answers with lists that hold an input which is no member or whole number")
