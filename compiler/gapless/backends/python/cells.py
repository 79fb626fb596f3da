"""Conditions as words without blanks: what the rows of a large table hold, and its module reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Other, Point, Run, bits
from gapless.backends.code.naming import LONGEST, Names

ANY = "-"
NOT = "!"
MISSING = "missing"

_TRUTHS: Mapping[str | bool, str] = {True: "yes", False: "no"}

_ODD = re.compile(r"[^A-Za-z0-9_.+-]+|^[^A-Za-z0-9_]+")


def plain(text: str) -> str:
    """`text` itself, if nothing in it can be mistaken; else what is left of it without that."""
    return _ODD.sub("_", text[:LONGEST]) or "_"


def words(axis: Axis) -> tuple[str, ...]:
    """What each atom of a column without order is called; for texts that no rule names there is no word."""
    names = Names({ANY, MISSING})
    return tuple(
        names.take(_TRUTHS.get(atom.value) or plain(str(atom.value)))
        if isinstance(atom, Point)
        else MISSING * (atom is Other.MISSING)
        for atom in axis.atoms
    )


def members(axis: Axis, mask: int, called: Sequence[str]) -> str:
    """`red,blue`; `!red,blue` for all others, where that is shorter or the others have no words."""
    if mask == axis.whole:
        return ANY
    rest = axis.whole & ~mask
    shorter = rest.bit_count() < mask.bit_count()
    nameless = _nameless(axis)
    turned = bool(mask & nameless) if nameless else shorter
    listed = ",".join(called[number] for number in bits(rest if turned else mask))
    return f"{NOT}{listed}" if turned else listed


def _nameless(axis: Axis) -> int:
    """The atom of all texts that no rule names, if there is one: the last but for `missing`."""
    last = len(axis.atoms) - 1 - (axis.atoms[-1] is Other.MISSING)
    return 1 << last if axis.atoms[last] is Other.TEXT else 0


def stretches(axis: Axis, mask: int) -> str:
    """`..<500,1000..<1500,missing`: each from a value up to, but not including, another."""
    return ANY if mask == axis.whole else ",".join(_stretches(axis, mask))


def _stretches(axis: Axis, mask: int) -> Iterator[str]:
    runs = len(axis.atoms) - (axis.atoms[-1] is Other.MISSING)
    inside = mask & (1 << runs) - 1
    while inside:
        low = inside & -inside
        after = inside + low & ~inside
        first, end = low.bit_length() - 1, after.bit_length() - 1
        start = _start(axis, first) if first else ""
        yield f"{start}..{f'<{_start(axis, end)}' if end < runs else ''}"
        inside &= -after
    if mask >> runs:
        yield MISSING


def _start(axis: Axis, number: int) -> str:
    """The value with which a run begins."""
    kind, run = ranks.ordered(axis.column.type), axis.atoms[number]
    assert kind is not None and isinstance(run, Run)
    assert run.low is not None, "only the first run is open below"
    value = ranks.value_at(kind, run.low)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
