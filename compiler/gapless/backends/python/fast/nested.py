"""Tables within tables, one for each column: the shape for tables that have few, or share many.

What several entries lead to is written once. Small ones are written out by the names of members;
larger ones as packed numbers, from which the module links them when it is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from gapless.analysis.decision.tables import Layers
from gapless.analysis.domain.ordinals import ordered
from gapless.analysis.domain.partition import Point
from gapless.backends.code.layout import (
    STEP,
    WIDTH,
    Expression,
    Group,
    Quote,
    constant,
    flat,
    items,
    lay,
    string,
    width,
)
from gapless.backends.code.naming import Names, annotation, camel, upper
from gapless.backends.code.scope import Scope
from gapless.backends.python.fast.reading import (
    Means,
    Reading,
    Written,
    has_others,
    in_letters,
    keys,
    last,
    mapping,
    means,
    reading,
    search,
    statements,
)
from gapless.model import Table

WRITTEN_OUT = 250
"""Up to so many entries are written out."""

BY_MEMBER = 100
"""Tables of a column with so many entries by member have one by class instead."""

KIND = 56
"""The type of a table that takes more letters gets a name."""

PLAIN = 40
"""An answer of so many letters may stand in a statement, and a table of them wherever it is led to."""

ALL = 120
"""Up to so many numbers of answers are written out, alike or not."""

ROOM = WIDTH - 3 * len(STEP)
"""How wide a statement may be: it stands in a function, a `try` and an `if`."""


def entries(layers: Layers, branching: int) -> int:
    """How many entries the tables have, by members where these are few."""
    columns = list(enumerate(zip(layers.columns, layers.rows, strict=True)))
    return sum(
        len(rows) * (len(column.axis.atoms) if by_member(layers, level) else column.count)
        for level, (column, rows) in columns[branching:]
    )


def by_member(layers: Layers, level: int) -> bool:
    """Whether the tables of a column have its members for keys."""
    axis = layers.columns[level].axis
    if ordered(axis.column.type) is not None or has_others(axis):
        return False
    return len(axis.atoms) * len(layers.rows[level]) <= BY_MEMBER


@dataclass
class Nest:
    """The tables of one table: `layers`, whose first `branching` columns are compared with their members.

    `answers` has an expression for each ending, "" where it is refused, and `kind` is their type;
    where they are numbers, `behind` is the list that has the answers.
    """

    layers: Layers
    branching: int
    answers: Sequence[Expression]
    kind: str
    behind: str
    table: Table
    scope: Scope
    kinds: dict[int, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    between: dict[int, str] = field(default_factory=dict)

    @cached_property
    def locals(self) -> Names:
        return Names({*self.scope.spoken, *self.scope.tables[self.table].arguments.values()})

    @cached_property
    def is_written_out(self) -> bool:
        return entries(self.layers, self.branching) <= WRITTEN_OUT

    @property
    def _levels(self) -> range:
        """The columns that have tables."""
        return range(self.branching, len(self.layers.columns))

    def written(self) -> Written:
        """The constants and the look-up."""
        if self._has_edges and len(self.layers.columns) == 1 and self._is_plain:
            return Written((), tuple(self._plain()))
        names, blocks = self._written_out() if self.is_written_out else self._linked()
        found = self.locals.take("row") if self._has_edges else ""
        readings = [self._reading(level) for level in self._levels]
        tables = [[*each.block] for each in readings if each.block]
        before = [
            line for each in readings[: len(readings) - self._has_edges] for line in each.lines
        ]
        words = [each.word for each in readings[: len(readings) - self._has_edges]]
        lines = [*before, *self._branched(0, 0, names, words, found)]
        if self._has_edges:
            lines += last(self.layers.columns[-1], found, self.behind, self.table, self.scope)
        return Written((*([self.aliases] if self.aliases else []), *blocks, *tables), tuple(lines))

    @property
    def _has_edges(self) -> bool:
        """Whether the last column is compared with edges, each of which returns what is found."""
        return bool(self._levels) and means(self.layers.columns[-1].axis) is Means.EDGES

    @property
    def _is_plain(self) -> bool:
        """Whether each answer is a word or a number that may as well stand where it is found."""
        return not self.behind and all(
            isinstance(each, str | Quote) and "(" not in flat(each) and width(flat(each)) <= PLAIN
            for each in self.answers
        )

    def _plain(self) -> list[str]:
        """Statements that return the answer for each stretch of the only column."""
        column, (row,) = self.layers.columns[0], self.layers.rows[0]
        name = self.scope.tables[self.table].arguments[column.axis.column.name]
        answers = [flat(each) for each in self.answers]
        found = search(column, name, lambda code: answers[row[code]], self.scope.constants)
        return statements(
            found,
            lambda word: f"return {word}" if word else "raise LookupError",
            returning=True,
        )

    # ------------------------------------------------------------ statements

    def _branched(
        self, level: int, row: int, names: Sequence[str], words: Sequence[str], found: str
    ) -> list[str]:
        """What is asked of the first columns, and what each of them leads to."""
        if level == self.branching:
            return list(self._looked_up(names[row], words, found))
        column = self.layers.columns[level]
        alike: dict[tuple[str, ...], list[int]] = {}
        for code in range(column.count):
            below = self.layers.rows[level][row][code]
            inner = self._branched(level + 1, below, names, words, found)
            alike.setdefault(tuple(inner), []).append(code)
        lines: list[str] = []
        for asks, codes in alike.items():
            asked = self._is(level, codes)
            if not found and _is_one_question(asks):
                lines += [f"if {asked} and {asks[0].removeprefix('if ')}", *asks[1:]]
                continue
            word = "elif" if lines and found else "if"
            lines += [f"{word} {asked}:", *(f"{STEP}{each}" for each in asks)]
        return [*lines, "else:", f"{STEP}raise LookupError"] if found else lines

    def _is(self, level: int, codes: Sequence[int]) -> str:
        """That a column is one of the members of some classes."""
        column = self.layers.columns[level]
        name = self.scope.tables[self.table].arguments[column.axis.column.name]
        atoms = [column.axis.atoms[n] for n, each in enumerate(column.of) if each in codes]
        members = [string(str(atom.value)) for atom in atoms if isinstance(atom, Point)]
        if len(members) == 1:
            return f"{name} == {members[0]}"
        return f"{name} in ({', '.join(members)})"

    def _looked_up(self, word: str, made: Sequence[str], found: str) -> Iterator[str]:
        """The statements that go from table to table, on as few lines as there is room for."""
        if not word:
            yield "raise LookupError"
            return
        room = ROOM - len(STEP) * self.branching
        behind = "" if found else self.behind
        ending = f"{found} = " if found else f"return {behind}{'[' if behind else ''}"
        here = word
        for number, each in enumerate(made):
            if number and width(f"{ending}{here}[{each}]]") + len("_9") > room:
                local = self._local(number)
                yield f"{local} = {here}"
                here = local
            here = f"{here}[{each}]"
        whole = f"{ending}{here}{']' if behind else ''}"
        if behind and width(whole) > room:
            yield f"{self._local(len(made))} = {here}"
            here = self._local(len(made))
            whole = f"{ending}{here}]"
        if width(whole) <= room or not made or behind:
            yield whole
        else:
            yield from (f"{ending}{here.removesuffix(f'{made[-1]}]')}", f"{STEP}{made[-1]}", "]")

    def _local(self, step: int) -> str:
        """What is found after so many steps; on every way it is called the same."""
        if step not in self.between:
            self.between[step] = self.locals.take("found")
        return self.between[step]

    # ------------------------------------------------------------ what a column is looked up by

    def _by_member(self, level: int) -> bool:
        """Of tables that are linked, none has members for keys."""
        return self.is_written_out and by_member(self.layers, level)

    def _reading(self, level: int) -> Reading:
        column = self.layers.columns[level]
        name = self.scope.tables[self.table].arguments[column.axis.column.name]
        if self._by_member(level):
            return Reading(name)
        if level == self._levels[-1] and self._has_edges:
            return Reading("")
        return reading(column, self.table, self.scope, str, self.locals.take(f"{name}_class"))

    def _kind(self, level: int) -> str:
        """The type of a column's tables, which hold answers in the end; a long one gets a name."""
        last = len(self.layers.columns)
        self.kinds[last] = self.kind
        for at in range(last - 1, level - 1, -1):
            if at in self.kinds:
                continue
            column, inner = self.layers.columns[at].axis.column, self.kinds[at + 1]
            made = Group("tuple[", (inner, "..."), "]")
            if self._by_member(at):
                made = Group("dict[", (annotation(column.type, self.scope.aliases), inner), "]")
            kind = flat(made)
            if width(kind) > KIND:
                kind = self.scope.names.take(f"_{camel(self.table.name)}By{camel(column.name)}")
                self.aliases += lay(made, first=f"{kind}: TypeAlias = ")
            self.kinds[at] = kind
        return self.kinds[level]

    # ------------------------------------------------------------ the tables themselves

    def _written_out(self) -> tuple[list[str], list[list[str]]]:
        """What the tables of the first column that has any are called, and everything that makes them."""
        blocks: list[list[str]] = []
        below: list[Expression] = list(self.answers)
        for level in reversed(self._levels):
            times = self._times(level)
            here: list[Expression] = []
            for number, row in enumerate(self.layers.rows[level]):
                text = self._literal(level, [below[child] for child in row])
                is_short = self._is_short if self.behind else width(flat(text)) <= PLAIN
                if (times[number] == 1 or is_short) and level > self.branching:
                    here.append(text)
                    continue
                column = self.layers.columns[level].axis.column.name
                name = self.scope.names.take(upper(self.table.name, "by", column))
                kind = self._kind(level)
                blocks.append(constant(name, kind, text))
                here.append(name)
            below = here
        return [flat(each) for each in below], blocks

    @property
    def _is_short(self) -> bool:
        """Whether the tables of all cases have few entries, so that none of them needs a name."""
        sizes = (
            len(self.layers.columns[level].of)
            if self._by_member(level)
            else self.layers.columns[level].count
            for level in self._levels
        )
        return prod(sizes) <= ALL

    def _times(self, level: int) -> Counter[int]:
        """How often each row is led to."""
        found: Counter[int] = Counter()
        if level == self.branching:
            return found
        column = self.layers.columns[level - 1]
        for row in self.layers.rows[level - 1]:
            by_atom = [row[of] for of in column.of] if self._by_member(level - 1) else row
            found.update(by_atom)
        return found

    def _literal(self, level: int, children: Sequence[Expression]) -> Expression:
        """A table; entries that are refused are not in it."""
        column = self.layers.columns[level]
        if self._by_member(level):
            return mapping((key, children[column.of[atom]]) for atom, key in keys(column.axis))
        return items(*children)

    def _linked(self) -> tuple[list[str], list[list[str]]]:
        """The tables as numbers, the last column's first."""
        answers = self.scope.names.take(upper(self.table.name, "linked"))
        ready = constant(answers, f"tuple[{self.kind}, ...]", items(*self.answers))
        column = self.layers.columns[self.branching].axis.column.name
        name = self.scope.names.take(upper(self.table.name, "by", column))
        head = constant(name, f"list[{self._kind(self.branching)}]", "_linked(")
        levels = [line for level in reversed(self._levels) for line in self._lines(level)]
        names = [f"{name}[{number}]" for number in range(len(self.layers.rows[self.branching]))]
        return names, [ready, [*head, f"{STEP}{answers},", *levels, ")"]]

    def _lines(self, level: int) -> Iterator[str]:
        """How long the rows of a column are, how many bytes a number takes, and the numbers."""
        rows = self.layers.rows[level]
        size, letters = in_letters([number for row in rows for number in row])
        yield f"{STEP}("
        yield from (f"{STEP * 2}{len(rows[0])},", f"{STEP * 2}{size},", f'{STEP * 2}"""')
        yield from letters
        yield from ('""",', f"{STEP}),")


def _is_one_question(statements: Sequence[str]) -> bool:
    """Whether statements are one `if` and what belongs to it, which may be joined to another."""
    first, *others = statements
    is_short = width(first) <= WIDTH // 2
    return first.startswith("if ") and is_short and all(each[0] == " " for each in others)
