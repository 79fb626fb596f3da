"""What rules answer together where all that apply are collected: lists joined, or one value made of many."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any

from gapless.model.precedence import rank
from gapless.model.tables import HitPolicy, Table
from gapless.model.types import Column, EnumerationType, Value

# What a rule of a collecting table answers is what it adds: a list for a list column, a number for
# one that is summed; and for one that is counted 1 or 0. So what is collected is of the same kind.

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Sums of decimals never lose a digit here."""


def in_turn(table: Table, rules: Sequence[int]) -> list[int]:
    """Rules by number, in the order in which what they add is listed."""
    if table.policy is HitPolicy.OUTPUT_ORDER:
        return sorted(rules, key=lambda number: (rank(table, number), number))
    return sorted(rules)


def together(table: Table, answers: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    """What rules say together of which each adds one of `answers`, at least one, in turn."""
    columns = zip(table.outputs, zip(*answers, strict=True), strict=True)
    return tuple(_collected(table.policy, column, added) for column, added in columns)


def _collected(policy: HitPolicy, column: Column, added: Sequence[Any]) -> Value:
    if policy in (HitPolicy.SUM, HitPolicy.COUNT):
        return total(added)
    if policy in (HitPolicy.MIN, HitPolicy.MAX):
        choose = min if policy is HitPolicy.MIN else max
        chosen: Value = choose(added, key=lambda value: size(column, value))
        return chosen
    items = [item for each in added for item in each]
    return frozenset(items) if isinstance(added[0], frozenset) else tuple(items)


def total(numbers: Sequence[int | Decimal]) -> int | Decimal:
    """The exact sum of at least one number."""
    first, *others = numbers
    for number in others:
        first = EXACT.add(first, number) if isinstance(first, Decimal) else first + number
    return first


def size(column: Column, value: Any) -> Any:
    """What tells which of two values of a column is less: in an ordered list, its place."""
    of = column.type.present
    if isinstance(of, EnumerationType):
        return [member.name for member in of.members].index(value)
    return value
