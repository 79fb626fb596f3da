"""Few numbers instead of many tables: the class of each column, added up, is a place in a list.

Where one list for all columns would be large, there are several, one after the other: the first
ones say where in the next to go on. Which columns share a list is what makes all of them smallest.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from gapless.backends.python.fast.reading import Reading, reading
from gapless.backends.python.fast.written import Written
from gapless.backends.python.layout import STEP, Expression, constant, items
from gapless.backends.python.naming import Names, upper
from gapless.backends.python.scope import Scope
from gapless.backends.python.text import WIDTH, width
from gapless.layered import Layers
from gapless.model import Table

STAGE = 16_384
"""One more list is worth it where it saves so many bytes of packed numbers."""

LARGEST = 1_000_000
"""More bytes than this are not laid out."""

LINE = 76
"""How many letters of packed numbers stand on a line."""


@dataclass(frozen=True, slots=True)
class Stages:
    """`ends` are the columns before which lists begin, and how many columns there are; `size` is in bytes."""

    ends: tuple[int, ...]
    size: int


def stages(layers: Layers) -> Stages | None:
    """Which columns share a list, by dynamic programming over where lists end; None if none is small enough."""
    count = len(layers.columns)
    best: list[tuple[int, tuple[int, ...], int]] = [(0, (0,), 0)]
    for after in range(1, count + 1):
        tried = []
        for first in range(after):
            cost, ends, size = best[first]
            own = _size(layers, first, after)
            tried.append((cost + own + STAGE, (*ends, after), size + own))
        best.append(min(tried))
    _, ends, size = best[-1]
    return Stages(ends, size) if size <= LARGEST else None


def _size(layers: Layers, first: int, after: int) -> int:
    """How many bytes the list for some columns has, as packed numbers."""
    cells = len(layers.rows[first]) * prod(column.count for column in layers.columns[first:after])
    return cells * (1 if after == len(layers.columns) else 2)


def staged(
    layers: Layers, plan: Stages, table: Table, scope: Scope, answers: Sequence[Expression]
) -> Written:
    """The constants and the look-up; refused endings come last, behind the end of the answers."""
    known = scope.names.take(upper(table.name, "answers"))
    kind = scope.tables[table].answer
    every = items(*(each for each in answers if each != ""))
    ready = constant(known, f"tuple[{kind}, ...]", every)
    blocks, lines = [ready], []
    local = Names({*scope.spoken, *scope.tables[table].arguments.values()}).take("at")
    before = ""
    for first, after in pairwise(plan.ends):
        is_last = after == len(layers.columns)
        name = scope.names.take(upper(table.name, "cells" if is_last else "parts"))
        readings = [_reading(layers, at, after, table, scope) for at in range(first, after)]
        blocks += [[*each.block] for each in readings if each.block]
        blocks.append(_packed(name, _numbers(layers, plan, first, after), is_last))
        lines += [line for each in readings for line in each.lines]
        terms = [*([before] if before else []), *(each.word for each in readings)]
        found = f"{known}[{name}[{local}]]" if is_last else f"{name}[{local}]"
        lines += _sum(local, terms)
        before = found
    return Written(tuple(blocks), (*lines, f"return {before}"))


def _reading(layers: Layers, at: int, after: int, table: Table, scope: Scope) -> Reading:
    """A column's class, times the classes of the columns behind it in its list."""
    column = layers.columns[at]
    step = prod(each.count for each in layers.columns[at + 1 : after])
    names = scope.tables[table].arguments
    taken = Names({*scope.spoken, *names.values()})
    local = taken.take(f"{names[column.axis.column.name]}_at")
    return reading(column, table, scope, lambda code: str(code * step), local, "int")


def _numbers(layers: Layers, plan: Stages, first: int, after: int) -> list[int]:
    """A list's numbers: endings, or where in the next list the part begins that goes on."""
    merged = layers.merged(first, after)
    if after == len(layers.columns):
        return merged
    end = plan.ends[plan.ends.index(after) + 1]
    size = prod(column.count for column in layers.columns[after:end])
    return [number * size for number in merged]


def _packed(name: str, numbers: Sequence[int], is_last: bool) -> list[str]:
    """The list as packed numbers, all of one width."""
    widest = max(numbers)
    size = 1 if widest < 1 << 8 else 2 if widest < 1 << 16 else 4
    data = b"".join(number.to_bytes(size, "little") for number in numbers)
    text = b64encode(data).decode("ascii")
    is_bytes = is_last and size == 1
    kind = "bytes" if is_bytes else "tuple[int, ...]"
    made = ["a2b_base64("] if is_bytes else ["_unpacked(", f"{STEP}{size},"]
    return [
        *constant(name, kind, made[0]),
        *made[1:],
        f'{STEP}"""',
        *(text[at : at + LINE] for at in range(0, len(text), LINE)),
        '"""' + "," * (not is_bytes),
        ")",
    ]


def _sum(local: str, terms: Sequence[str]) -> Iterator[str]:
    whole = f"{local} = {' + '.join(terms)}"
    if width(whole) <= WIDTH - 3 * len(STEP) or len(terms) == 1:
        yield whole
        return
    yield f"{local} = ("
    yield f"{STEP}{terms[0]}"
    yield from (f"{STEP}+ {term}" for term in terms[1:])
    yield ")"
