"""What a generated module imports: a little of the standard library, and only what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gapless.backends.code.layout import Group, lay
from gapless.backends.code.scope import Scope
from gapless.backends.code.text import WIDTH, width
from gapless.backends.python.collecting import needs_members, needs_total
from gapless.backends.python.works import Uses
from gapless.model import Column, DateType, DecimalType


@dataclass(frozen=True, slots=True)
class Helpers:
    """Which helpers the look-ups call for."""

    stretched: bool
    linked: bool
    rows: bool
    picked: bool
    unpacked: bool
    packed: bool

    @staticmethod
    def of(lines: Iterable[str]) -> Helpers:
        text = "\n".join(lines)
        words = ("_stretched(", "_linked(", "_rows_of(", "_picked(", "_unpacked(", "a2b_base64(")
        return Helpers(*(word in text for word in words))


def imports(known: Scope, uses: Uses, fast: Helpers) -> Iterator[str]:
    """The lines, in the order that linters want."""
    tables = (*known.own, *known.borrowed)
    inner = [inner_type(column) for table in tables for column in (*table.inputs, *table.outputs)]
    packs = fast.packed or fast.unpacked or fast.rows or fast.linked
    totals = any(map(needs_total, tables))
    lines = {
        "import datetime": any(isinstance(type, DateType) for type in inner)
        or uses.later
        or uses.elapsed,
        "from binascii import a2b_base64": packs,
        "from bisect import bisect_right": known.looks_up,
        "from calendar import monthrange": uses.later,
    }
    yield from (line for line, is_needed in lines.items() if is_needed)
    yield from _kinds_of_collections(known, uses, fast, totals)
    yield "from contextlib import suppress"
    yield from _decimals(uses, totals, any(isinstance(type, DecimalType) for type in inner))
    if uses.rounded or uses.fraction:
        yield "from fractions import Fraction"
    cached = ["cache"] * known.looks_up + ["lru_cache"] * bool(known.remembering)
    cached += ["wraps"] * uses.exactly
    if cached:
        yield f"from functools import {', '.join(cached)}"
    if known.looks_up:
        yield "from itertools import accumulate"
    operators = ["itemgetter"] * (fast.linked or fast.rows or fast.picked)
    operators += ["xor"] * known.looks_up
    if operators:
        yield f"from operator import {', '.join(operators)}"
    if fast.unpacked or fast.rows or fast.linked:
        yield "from struct import unpack"
    yield from _typing(known, uses)


def _kinds_of_collections(known: Scope, uses: Uses, fast: Helpers, totals: bool) -> Iterator[str]:
    several = ["Callable"] * (known.looks_up or uses.exactly)
    several += ["Iterable"] * (known.looks_up or totals)
    several += ["Mapping"] * bool(known.own)
    several += ["Sequence"] * (fast.stretched or fast.linked or fast.rows)
    if several:
        yield f"from collections.abc import {', '.join(several)}"


def _decimals(uses: Uses, totals: bool, is_decimal: bool) -> Iterator[str]:
    if uses.exactly:
        yield from lay(Group("from decimal import (", _DECIMAL_ARITHMETIC))
    elif totals:
        yield "from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal"
    elif is_decimal or uses.rounded or uses.decimal:
        yield "from decimal import Decimal"


_DECIMAL_ARITHMETIC = (
    "MAX_EMAX",
    "MAX_PREC",
    "MIN_EMIN",
    "Context",
    "Decimal",
    "Inexact",
    "localcontext",
)


def _typing(known: Scope, uses: Uses) -> list[str]:
    tables = (*known.own, *known.borrowed)
    results = any(each.result for each in known.tables.values())
    names = ["Any", "Final", "Generic", "Literal", *(["NamedTuple"] * results)]
    names += ["ParamSpec"] * uses.exactly
    names += ["Protocol"] * known.looks_up
    names += ["Self", "TypeAlias", "TypeVar"]
    asks = bool(known.members) or any(map(needs_members, tables))
    names += ["final"] * known.looks_up + ["get_args"] * asks
    line = f"from typing import {', '.join(names)}"
    wide = Group("from typing import (", tuple(names))
    return [line] if width(line) <= WIDTH else lay(wide)


def inner_type(column: Column) -> object:
    """What a column holds, apart from being missing, or being several."""
    return column.type.scalar
