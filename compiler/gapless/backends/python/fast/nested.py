"""Tables within tables, one for each column: the shape for tables that have few, or share many.

What several entries lead to is written once. Small ones are written out by the names of members;
larger ones as numbers, a line for each table, from which the module links them when it is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gapless.backends.python.fast.reading import (
    Reading,
    has_others,
    is_small,
    keyed,
    keys,
    reading,
    segments,
)
from gapless.backends.python.fast.written import Written
from gapless.backends.python.layout import STEP, Expression, Group, constant, items, lay
from gapless.backends.python.naming import Names, camel, upper
from gapless.backends.python.scope import Scope
from gapless.backends.python.text import WIDTH, width
from gapless.backends.python.values import annotation
from gapless.layered import Layers
from gapless.model import Table
from gapless.ranks import ordered

WRITTEN_OUT = 250
"""Up to so many entries are written out."""

BY_MEMBER = 100
"""Tables of a column with so many entries by member have one by class instead."""


def nested(layers: Layers, table: Table, scope: Scope, answers: Sequence[Expression]) -> Written:
    """The constants and the look-up; `answers` has an expression for each ending, "" if it is refused."""
    return _Nested(layers, table, scope, answers).written()


def written_out(layers: Layers) -> int | None:
    """How many entries the tables have, written out by members; None where these are too many."""
    entries = sum(
        len(rows) * (len(column.axis.atoms) if by_member(layers, level) else column.count)
        for level, (column, rows) in enumerate(zip(layers.columns, layers.rows, strict=True))
    )
    return entries if entries <= WRITTEN_OUT else None


def by_member(layers: Layers, level: int) -> bool:
    """Whether the tables of a column have its members for keys."""
    axis = layers.columns[level].axis
    if ordered(axis.column.type) is not None or has_others(axis):
        return False
    return len(axis.atoms) * len(layers.rows[level]) <= BY_MEMBER


class _Nested:
    """Writes the tables of one table."""

    def __init__(
        self, layers: Layers, table: Table, scope: Scope, answers: Sequence[Expression]
    ) -> None:
        self.layers, self.table, self.scope, self.answers = layers, table, scope, answers
        self.is_written_out = written_out(layers) is not None
        self.names = scope.tables[table]
        self.kinds = list(self._kinds())
        arguments = self.names.arguments
        self.locals = Names({*scope.spoken, *arguments.values()})

    def written(self) -> Written:
        word, blocks = self._tables()
        lines: list[str] = []
        made = []
        for level in range(len(self.layers.columns)):
            read = self._reading(level)
            made.append(read.word)
            lines += read.lines
            blocks = [*blocks, *([[*read.block]] if read.block else [])]
        aliases = [line for each in self._aliases() for line in each]
        return Written((aliases, *blocks), (*lines, *self._looked_up(word, made)))

    def _looked_up(self, word: str, made: Sequence[str]) -> Iterator[str]:
        """The statements that go from table to table, on as few lines as there is room for."""
        room, before, found = WIDTH - 3 * len(STEP), "return ", word
        for number, each in enumerate(made):
            if number and width(f"{before}{found}[{each}]") > room:
                local = self.locals.take("found")
                yield f"{local} = {found}"
                found = local
            found = f"{found}[{each}]"
        if width(f"{before}{found}") <= room:
            yield f"{before}{found}"
        else:
            yield from (f"{before}{found.removesuffix(f'{made[-1]}]')}", f"{STEP}{made[-1]}", "]")

    # ------------------------------------------------------------ what a column is looked up by

    def _reading(self, level: int) -> Reading:
        column = self.layers.columns[level]
        name = self.names.arguments[column.axis.column.name]
        if self._by_member(level) or self._is_numbered(level):
            return Reading(name)
        local = self.locals.take(f"{name}_class")
        return reading(column, self.table, self.scope, str, local, "int")

    def _is_numbered(self, level: int) -> bool:
        """Whether the first table has whole numbers for keys."""
        return level == 0 and is_small(self.layers.columns[0].axis)

    # ------------------------------------------------------------ types

    def _kinds(self) -> Iterator[str]:
        """What the tables of each column, and last the answers, are called as types."""
        for column in self.layers.columns:
            wish = f"_{camel(self.table.name)}By{camel(column.axis.column.name)}"
            yield self.scope.names.take(wish)
        yield self.names.answer

    def _aliases(self) -> Iterator[list[str]]:
        for level in reversed(range(len(self.layers.columns))):
            column = self.layers.columns[level].axis.column
            inner = self.kinds[level + 1]
            first = f"{self.kinds[level]}: TypeAlias = "
            if self._by_member(level) or self._is_numbered(level):
                key = annotation(column.type, self.scope.aliases)
                yield lay(Group("dict[", (key, inner), "]"), first=first)
            else:
                yield lay(Group("tuple[", (inner, "..."), "]"), first=first)

    # ------------------------------------------------------------ the tables themselves

    def _tables(self) -> tuple[str, list[list[str]]]:
        """What the first table is called, and everything that makes it."""
        return self._written_out() if self.is_written_out else self._linked()

    def _by_member(self, level: int) -> bool:
        """Of tables that are linked, only the first has members for keys."""
        return (self.is_written_out or level == 0) and by_member(self.layers, level)

    def _written_out(self) -> tuple[str, list[list[str]]]:
        blocks: list[list[str]] = []
        below: list[Expression] = list(self.answers)
        for level in reversed(range(len(self.layers.columns))):
            times = self._times(level)
            here: list[Expression] = []
            for number, row in enumerate(self.layers.rows[level]):
                text = self._literal(level, [below[child] for child in row])
                if times[number] == 1 and level:
                    here.append(text)
                    continue
                name = self._name(level)
                blocks.append(constant(name, self.kinds[level], text))
                here.append(name)
            below = here
        assert isinstance(below[0], str)
        return below[0], blocks

    def _name(self, level: int) -> str:
        column = self.layers.columns[level].axis.column.name
        return self.scope.names.take(upper(self.table.name, "by", column))

    def _times(self, level: int) -> Counter[int]:
        """How often each row is led to."""
        above = self.layers.rows[level - 1] if level else ()
        found: Counter[int] = Counter()
        for row in above:
            column = self.layers.columns[level - 1]
            by_atom = [row[of] for of in column.of] if self._by_member(level - 1) else row
            found.update(by_atom)
        return found

    def _literal(self, level: int, children: Sequence[Expression]) -> Expression:
        """A table; entries that are refused are not in it."""
        column = self.layers.columns[level]
        if self._by_member(level):
            pairs = [
                keyed(key, children[column.of[atom]])
                for atom, key in keys(column.axis)
                if children[column.of[atom]] != ""
            ]
            return Group("{", tuple(pairs), "}")
        if self._is_numbered(level):
            return self._numbered([children[code] for _, _, code in segments(column)])
        return items(*children)

    def _numbered(self, children: Sequence[Expression]) -> Group:
        stretches = segments(self.layers.columns[0])
        starts = items(*(str(low) for low, _, _ in stretches))
        return Group("_numbered(", (starts, str(stretches[-1][1]), items(*children)))

    def _linked(self) -> tuple[str, list[list[str]]]:
        """The tables as numbers, the last column's first."""
        first = self.scope.names.take(upper(self.table.name, "answers"))
        answers = constant(first, f"tuple[{self.names.answer}, ...]", items(*self.answers))
        name = self.scope.names.take(upper(self.table.name, "by", self._column(0)))
        levels = [
            line
            for level in reversed(range(1, len(self.layers.columns)))
            for line in self._level(level)
        ]
        root = self.layers.rows[0][0]
        tables = self.scope.names.take(upper(self.table.name, "tables"))
        head = constant(tables, f"list[{self.kinds[1]}]", "_linked(")
        linked = [*head, f"{STEP}{first},", *levels, ")"]
        children: list[Expression] = [f"{tables}[{child}]" for child in root]
        made = constant(name, self.kinds[0], self._literal(0, children))
        return name, [answers, linked, made]

    def _column(self, level: int) -> str:
        return self.layers.columns[level].axis.column.name

    def _level(self, level: int) -> Iterator[str]:
        yield f'{STEP}"""'
        yield from (" ".join(map(str, row)) for row in self.layers.rows[level])
        yield '""",'
