"""The columns and comparisons of a table, as the data that its columnar module holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Axis, Point, Run
from gapless.backends import rejections as refusing
from gapless.backends.code.layout import Expression, Group, Quote, items
from gapless.backends.code.text import string
from gapless.backends.code.values import number
from gapless.model import (
    BoolType,
    Column,
    ColumnValue,
    Constant,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Table,
    TextType,
)

EPOCH = date(1970, 1, 1).toordinal()

MOST_COMPARED = 2**62 + 1
"""A constant beyond what columns are compared to, in steps of 64 bits, stands for all that are."""


def column(axis: Axis, groups: Classes | None) -> Expression:
    """What an input takes; `groups` is None where no answer depends on it."""
    told = axis.column
    parts: list[Expression] = [
        f"name={string(told.name)}",
        f'kind="{kind(told)}"',
        Quote("outside=", refusing.outside(told)),
    ]
    if not isinstance(told.type, OptionalType):
        parts.append(Quote("missing=", refusing.missing(told)))
    parts += [part for part in _domain(axis, groups) if part]
    return Group("_Column(", tuple(parts))


def kind(column: Column) -> str:
    """How the module reads a column."""
    match column.type.present:
        case EnumerationType():
            return "members"
        case BoolType():
            return "flags"
        case TextType():
            return "texts"
        case IntType():
            return "whole"
        case DecimalType():
            return "exact"
        case _:
            return "days"


def _domain(axis: Axis, groups: Classes | None) -> Iterator[Expression]:
    ordered = ranks.ordered(axis.column.type)
    if ordered is None:
        present = [atom for atom in axis.atoms if isinstance(atom, Point)]
        members = [atom.value for atom in present if isinstance(atom.value, str)]
        count = len(axis.atoms) - isinstance(axis.column.type, OptionalType)
        of_atoms = groups.of[:count] if groups else (0,) * count
        if members:
            yield items(*(Quote("", member) for member in members), head="members=")
        yield items(*map(str, of_atoms), head="groups=")
        return
    shift = EPOCH if isinstance(ordered, DateType) else 0
    if isinstance(ordered, DecimalType):
        yield f"digits={ordered.digits}"
    for word, end in zip(("low", "high"), ranks.bounds(ordered), strict=True):
        if end is not None:
            yield f"{word}={number(end - shift)}"
    starts = _starts(axis, groups) if groups else []
    if starts:
        yield items(*(number(start - shift) for start in starts), head="starts=")


def _starts(axis: Axis, groups: Classes) -> list[int]:
    """The ranks at which each group but the first begins."""
    found: list[int] = []
    for before, atom in enumerate(axis.atoms[1:]):
        if isinstance(atom, Run) and groups.of[before] != groups.of[before + 1]:
            assert atom.low is not None
            found.append(atom.low)
    return found


def order(ordering: Ordering, table: Table, width: int) -> Expression:
    """A comparison of two columns, or of one with a constant."""
    shared = max(_digits(end, table) for end in (ordering.left, ordering.right))
    sides = tuple(_end(end, ordering, table, shared) for end in (ordering.left, ordering.right))
    return Group("_Order(", (*sides, str(width)))


def _digits(end: Constant | ColumnValue, table: Table) -> int:
    if isinstance(end, ColumnValue):
        of = ranks.ordered(_column(end, table).type)
        return of.digits if isinstance(of, DecimalType) else 0
    if isinstance(end.value, Decimal):
        return max(0, -int(end.value.as_tuple().exponent))
    return 0


def _end(end: Constant | ColumnValue, ordering: Ordering, table: Table, shared: int) -> Expression:
    """One side, in steps of the last digit of the side that has more."""
    if isinstance(end, ColumnValue):
        told = _column(end, table)
        parts: list[Expression] = [f"column={table.inputs.index(told)}"]
        inner = told.type.present
        if isinstance(inner, EnumerationType):
            places = (str(ordering.members.index(each.name)) for each in inner.members)
            return Group("_End(", (*parts, items(*places, head="places=")))
        factor = 10 ** (shared - _digits(end, table))
        return Group("_End(", (*parts, *([f"factor={number(factor)}"] * (factor != 1))))
    match end.value:
        case str():
            step = ordering.members.index(end.value)
        case date():
            step = end.value.toordinal() - EPOCH
        case Decimal() | int():
            step = ranks.first_at(DecimalType(shared), end.value)
        case _:
            raise AssertionError("only what has an order is compared")
    step = max(-MOST_COMPARED, min(step, MOST_COMPARED))
    return Group("_End(", (f"constant={number(step)}", f"digits={shared}"))


def _column(end: ColumnValue, table: Table) -> Column:
    return next(column for column in table.inputs if column.name == end.column)
