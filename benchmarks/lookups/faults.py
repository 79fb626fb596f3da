"""Every kind of input that no table allows, as a value for each column."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from benchmarks.lookups.grids import Column

BEYOND = 2**53 + 1
"""The first whole number that a float rounds to its neighbor."""


class Text(str):
    """A text that is not exactly a `str`."""


class Whole(int):
    """A number that is not exactly an `int`."""


class _Absent:
    """Stands for an argument that is not given at all."""


ABSENT = _Absent()


def faults(column: Column) -> Iterator[tuple[str, Any]]:
    """(kind, value) for one column."""
    yield "missing argument", ABSENT
    if None not in column.values:
        yield "missing value", None
    yield "unhashable", [column.exact(column.values[0]) if not column.is_listed else "x"]
    match column.kind:
        case "enum":
            yield from _no_words([value for value in column.values if value is not None])
        case "bool":
            yield from _no_truths()
        case _:
            yield from _no_numbers(column)


KINDS = (
    "unknown member",
    "wrong case",
    "text subclass",
    "number for text",
    "int for bool",
    "text for bool",
    "below",
    "above",
    "between",
    "too fine to round",
    "NaN",
    "infinity",
    "bool for number",
    "float for number",
    "number as text",
    "int subclass",
    "2^53 + 1, or beside it",
    "unhashable",
    "missing value",
    "missing argument",
)


def _no_words(words: list[str]) -> Iterator[tuple[str, Any]]:
    yield "unknown member", "no such word"
    yield "unknown member", ""
    yield from (("wrong case", word.swapcase()) for word in words if word.swapcase() != word)
    yield from (("text subclass", Text(word)) for word in words)
    yield "number for text", 1
    yield "number for text", True


def _no_truths() -> Iterator[tuple[str, Any]]:
    yield from (("int for bool", value) for value in (0, 1))
    yield from (("text for bool", value) for value in ("true", "yes", ""))


def _no_numbers(column: Column) -> Iterator[tuple[str, Any]]:
    low, high = column.values[0], column.end - 1
    yield "below", column.exact(low - 1)
    yield "below", column.exact(-high)
    yield "below", column.exact(-1)
    yield "above", column.exact(high + 1)
    yield "above", 10 * high
    yield from (("between", between) for between in _between(column))
    for name in ("NaN", "sNaN"):
        yield "NaN", Decimal(name)
    yield "NaN", float("nan")
    for sign in (1, -1):
        yield "infinity", Decimal("Infinity") * sign
        yield "infinity", float("inf") * sign
    yield from (("bool for number", value) for value in (False, True))
    yield "float for number", float(column.exact(low + 20))
    yield "float for number", float(column.exact(high))
    yield "number as text", str(column.exact(low + 20))
    yield "number as text", ""
    yield "int subclass", Whole(column.values[-1] // 10**column.scale)
    for near in (BEYOND - 1, BEYOND, BEYOND + 1):
        yield "2^53 + 1, or beside it", near
        yield "2^53 + 1, or beside it", float(near)
    if column.kind == "dec":
        yield "2^53 + 1, or beside it", Decimal(BEYOND)
        yield "2^53 + 1, or beside it", Decimal(BEYOND).scaleb(-column.scale)
        yield "too fine to round", Decimal("1E-1000030")


def _between(column: Column) -> Iterator[Decimal]:
    """Numbers of the range with one decimal too many, beside every cut."""
    half = Decimal(5).scaleb(-column.scale - 1)
    for value in column.values:
        yield column.exact(value) + half
    yield column.exact(column.end - 2) + half
