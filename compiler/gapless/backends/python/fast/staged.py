"""Numbers instead of tables: the class of each column, added up, is a place in a list.

Where one list for all columns would be large, there are several, one after the other: the first
ones say where in the next to go on. Which columns share a list is what makes all of them smallest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, prod

from gapless.analysis.decision.tables import Layers
from gapless.backends.code.layout import STEP, WIDTH, Expression, Group, constant, width
from gapless.backends.code.naming import Names, upper
from gapless.backends.code.scope import Scope
from gapless.backends.python.fast.reading import (
    Means,
    Reading,
    Written,
    in_letters,
    last,
    means,
    reading,
)
from gapless.model import Table

STAGE = 16_384
"""One more list is worth it where it saves so many bytes of packed numbers."""

LARGEST = 1_000_000
"""More bytes than this are not laid out."""


@dataclass(frozen=True, slots=True)
class Stages:
    """`ends` are the columns before which lists begin, and how many columns there are; `size` is in bytes."""

    ends: tuple[int, ...]
    size: int


def has_rows(layers: Layers) -> bool:
    """Whether the last column is compared with edges: then the lists lead to rows of answers."""
    return means(layers.columns[-1].axis) is Means.EDGES


def stages(layers: Layers) -> Stages | None:
    """Which columns share a list; None if all are too large."""
    count = len(layers.columns)

    def cost(first: int, after: int) -> float:
        if after == count and has_rows(layers) and first < count - 1:
            return inf  # rows of answers are a list of their own
        return _size(layers, first, after) + STAGE

    ends = layers.cut(cost)
    assert ends is not None, "each column may have a list of its own"
    size = sum(_size(layers, first, after) for first, after in pairwise(ends))
    return Stages(ends, size) if size <= LARGEST else None


def _size(layers: Layers, first: int, after: int) -> int:
    """How many bytes the list for some columns has, as packed numbers."""
    cells = len(layers.rows[first]) * prod(column.count for column in layers.columns[first:after])
    return cells * (1 if after == len(layers.columns) else 2)


def written_as_lists(
    layers: Layers, plan: Stages, table: Table, scope: Scope, answers: Sequence[Expression]
) -> Written:
    """The constants and the look-up; refused endings come last, behind the end of the answers."""
    return _Staged(layers, plan, table, scope).written(answers)


@dataclass(frozen=True, slots=True)
class _Staged:
    """Writes the lists of one table."""

    layers: Layers
    plan: Stages
    table: Table
    scope: Scope

    def written(self, answers: Sequence[Expression]) -> Written:
        known = self.scope.names.take(upper(self.table.name, "answers"))
        kind = self.scope.tables[self.table].answer
        ready = Group("[", tuple(each for each in answers if each != ""), "]")
        blocks = [constant(known, f"list[{kind}]", ready)]
        taken = Names({*self.scope.spoken, *self.scope.tables[self.table].arguments.values()})
        if has_rows(self.layers):
            more, lines = self._to_rows(known, kind, taken, refuses="" in answers)
        else:
            more, lines = self._to_answers(known, taken)
        return Written((*blocks, *more), tuple(lines))

    def _to_answers(self, known: str, taken: Names) -> tuple[list[list[str]], list[str]]:
        """Lists of which the last has the numbers of answers."""
        local = taken.take("at")
        blocks, lines, found = self._counted(self.plan.ends, local, taken)
        return blocks, [*lines, f"return {known}[{found}]"]

    def _to_rows(
        self, known: str, kind: str, taken: Names, *, refuses: bool
    ) -> tuple[list[list[str]], list[str]]:
        """Lists of which the last has rows: of answers, or where some are refused, of their numbers."""
        local, row = taken.take("at"), taken.take("row")
        rows = self.scope.names.take(upper(self.table.name, "rows"))
        inner = "int" if refuses else kind
        blocks = [self._rows(rows, inner, known, is_numbers=refuses)]
        ends = self.plan.ends[:-1]
        if len(ends) == 1:
            lines = [f"{row} = {rows}[0]"]
        else:
            more, lines, found = self._counted(ends, local, taken)
            *others, numbers = more
            name = found.partition("[")[0]
            picked = [
                *constant(name, f"tuple[tuple[{inner}, ...], ...]", "_picked("),
                f"{STEP}{rows},",
                *numbers[numbers.index(next(each for each in numbers if each.endswith("("))) + 1 :],
            ]
            blocks += [*others, picked]
            lines = [*lines, f"{row} = {found}"]
        behind = known if refuses else ""
        lines += last(self.layers.columns[-1], row, behind, self.table, self.scope)
        return blocks, lines

    def _counted(
        self, ends: Sequence[int], local: str, taken: Names
    ) -> tuple[list[list[str]], list[str], str]:
        """The lists one after the other: their constants, statements, and the place in the last of them."""
        blocks: list[list[str]] = []
        lines: list[str] = []
        found = ""
        for first, after in pairwise(ends):
            name, more, words, made = self._list(first, after, taken)
            blocks += more
            lines += [*made, *_sum(local, [*([found] if found else []), *words])]
            found = f"{name}[{local}]"
        return blocks, lines, found

    def _list(
        self, first: int, after: int, taken: Names
    ) -> tuple[str, list[list[str]], list[str], list[str]]:
        """A list's name, the constants it needs, what is added up for it, and statements before that."""
        is_last = after == len(self.layers.columns)
        name = self.scope.names.take(upper(self.table.name, "cells" if is_last else "parts"))
        readings = [self._reading(at, after, taken) for at in range(first, after)]
        packed = _packed(name, self._numbers(first, after), is_last)
        blocks = [*([*each.block] for each in readings if each.block), packed]
        made = [line for each in readings for line in each.lines]
        return name, blocks, [each.word for each in readings], made

    def _reading(self, at: int, after: int, taken: Names) -> Reading:
        """A column's class, times the classes of the columns behind it in its list."""
        column = self.layers.columns[at]
        step = prod(each.count for each in self.layers.columns[at + 1 : after])
        name = self.scope.tables[self.table].arguments[column.axis.column.name]
        local = taken.take(f"{name}_at") if means(column.axis) is Means.EDGES else ""
        return reading(column, self.table, self.scope, lambda code: str(code * step), local)

    def _numbers(self, first: int, after: int) -> list[int]:
        """A list's numbers: endings, rows, or where in the next list the part begins that goes on."""
        merged = self.layers.merged(first, after)
        count = len(self.layers.columns)
        if after == count or (after == count - 1 and has_rows(self.layers)):
            return merged
        end = self.plan.ends[self.plan.ends.index(after) + 1]
        size = prod(column.count for column in self.layers.columns[after:end])
        return [number * size for number in merged]

    def _rows(self, name: str, inner: str, known: str, *, is_numbers: bool) -> list[str]:
        """The rows of answers, or of their numbers, packed."""
        column = self.layers.columns[-1]
        numbers = [number for row in self.layers.rows[-1] for number in row]
        answers = f"range({max(numbers) + 1})" if is_numbers else known
        head = constant(name, f"list[tuple[{inner}, ...]]", "_rows_of(")
        size, lines = in_letters(numbers)
        first = [f"{STEP}{answers},", f"{STEP}{column.count},", f"{STEP}{size},"]
        return [*head, *first, f'{STEP}"""', *lines, '""",', ")"]


def _packed(name: str, numbers: Sequence[int], is_last: bool) -> list[str]:
    """The list as packed numbers, all of one width."""
    size, lines = in_letters(numbers)
    is_bytes = is_last and size == 1
    kind = "bytes" if is_bytes else "tuple[int, ...]"
    made = ["a2b_base64("] if is_bytes else ["_unpacked(", f"{STEP}{size},"]
    last = '"""' if is_bytes else '""",'
    return [*constant(name, kind, made[0]), *made[1:], f'{STEP}"""', *lines, last, ")"]


def _sum(local: str, terms: Sequence[str]) -> Iterator[str]:
    whole = f"{local} = {' + '.join(terms)}"
    if width(whole) <= WIDTH - 3 * len(STEP) or len(terms) == 1:
        yield whole
        return
    yield f"{local} = ("
    yield f"{STEP}{terms[0]}"
    yield from (f"{STEP}+ {term}" for term in terms[1:])
    yield ")"
