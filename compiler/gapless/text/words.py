"""How values and boxes are said: as cells of the language, which is what authors and reviewers read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import assert_never

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Other, Point, joined, kinds_told
from gapless.analysis.domain.prefixes import Begun, Texts, said
from gapless.model import (
    EnumerationType,
    Holds,
    HowMany,
    Member,
    Temporal,
    Value,
    written,
)
from gapless_dsl.lexis import RESERVED, word


def literal(value: Value) -> str:
    """`value` as it is written in the language; a list or set in brackets."""
    match value:
        case None:
            return "missing"
        case bool():
            return "yes" if value else "no"
        case str():
            return word(value)
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case date() | time():
            return written(value)
        case tuple():
            return f"[{', '.join(literal(each) for each in value)}]"
        case frozenset():
            return f"[{', '.join(sorted(literal(each) for each in value))}]"
    assert_never(value)


def life(member: Member) -> str:
    """`from 2020-01-01 until 2025-12-31`, as it is declared."""
    ends = (("from", member.since), ("until", member.until))
    return " ".join(f"{word} {day}" for word, day in ends if day)


def cell(axis: Axis, mask: int) -> str:
    """The atoms in `mask` as a condition cell: `-`, `imrt, srs`, `not imrt`, `..17, 65..`."""
    if mask == axis.whole:
        return "-"
    if axis.steps:
        of = axis.column.type.scalar
        return holding(
            kinds_told(axis, mask), len(of.members) if isinstance(of, EnumerationType) else 0
        )
    spans = ", ".join(_span(*span) for span in _spans(axis, mask))
    if axis.kind is not None:
        return spans
    rest = axis.whole & ~mask
    if _holds(axis, mask, Other.TEXT):
        return _all_but(axis, mask, rest)
    # Texts that no rule names have no name: they can be in what is said, never in what is left out.
    nameable = not _holds(axis, rest, Other.TEXT)
    said = ", ".join(_points(axis, mask))
    if nameable and rest.bit_count() < mask.bit_count() and mask.bit_count() > 2:
        said = _all_but(axis, mask, rest)
    return spans if 0 < len(spans) < len(said) else said


def holding(test: Holds, all_members: int) -> str:
    """`any of a, b and none of c`, `count 2.. of a, b`, `[]`; ways are joined by `or`."""
    return " or ".join(_way(way, all_members) for way in test.ways)


def _way(way: Sequence[HowMany], all_members: int) -> str:
    there = [name for names, low, _ in way if low == len(names) for name in names]
    absent = sum(len(names) for names, _, high in way if not high)
    if len(there) + absent == all_members:  # just these are held
        return f"[{', '.join(map(literal, there))}]"
    return " and ".join(_number(each, all_members) for each in way)


def _number(number: HowMany, all_members: int) -> str:
    members, low, high = number
    named = ", ".join(map(literal, members))
    if not high:
        return f"none of {named}"
    if high == len(members) and low in (1, high):
        return f"{'all' if low == high > 1 else 'any'} of {named}"
    ends = str(low) if low == high else f"{low or ''}..{high if high < len(members) else ''}"
    return f"count {ends}{f' of {named}' if len(members) < all_members else ''}"


def constrained(axes: Sequence[Axis], box: Box) -> tuple[tuple[str, str], ...]:
    """(column, cell) for each column that `box` narrows."""
    return tuple(
        (axis.column.name, cell(axis, mask))
        for axis, mask in zip(axes, box, strict=False)
        if mask != axis.whole
    )


def sentence(axes: Sequence[Axis], box: Box) -> str:
    """`setting = hospital, age from 18 to 64`; what is not narrowed is not said."""
    said = [
        f"{axis.column.name} {phrase(axis, mask)}"
        for axis, mask in zip(axes, box, strict=False)
        if mask != axis.whole
    ]
    return ", ".join(said) if said else "every case"


def phrase(axis: Axis, mask: int) -> str:
    """The atoms in `mask`, read out: `= imrt or srs`, `is not imrt`, `is 10, or 65 or more`."""
    text = cell(axis, mask)
    if axis.steps:
        return f"is {text}" if text.startswith("[") else f"has {text}"
    spans = [*_spans(axis, mask)]
    more, less = ("later", "earlier") if isinstance(axis.kind, Temporal) else ("more", "less")
    said = [_read_out(*span, more, less) for span in spans]
    if axis.kind is not None:
        is_one = len(said) == 1 and said[0] == text and text not in RESERVED
        return f"= {text}" if is_one else f"is {listed(said, 'or')}"
    if any(low != high for low, high in spans) and text == ", ".join(_span(*s) for s in spans):
        return f"is {listed(said, 'or')}"
    if text.startswith(("not ", "missing, not ")):
        return f"is {text}".replace(", not ", " or not ")
    points = list(_points(axis, mask))
    if any(isinstance(axis.atoms[number], Begun) for number in bits(mask)):
        return f"is {listed(points, 'or')}"
    return f"is {text}" if text in RESERVED else f"= {listed(points, 'or')}"


def _read_out(low: str, high: str, more: str, less: str) -> str:
    """One stretch of an ordered column: `5`, `18 or more`, `17 or less`, `from 1 to 5`."""
    if not low:
        return f"{high} or {less}"
    if not high:
        return f"{low} or {more}"
    return low if low == high else f"from {low} to {high}"


def witness(axes: Sequence[Axis], box: Box) -> tuple[tuple[str, str], ...]:
    """(column, value) of one case in `box`, at the edge of a rule in every column that it narrows."""
    return tuple(
        (axis.column.name, literal(axis.example(mask)))
        for axis, mask in zip(axes, box, strict=False)
    )


def count(cases: int, noun: str = "case") -> str:
    """`1 case`, `4,608 cases`."""
    return f"{cases:,} {noun}" if cases == 1 else f"{cases:,} {noun}s"


def share(cases: int, total: int) -> str:
    """`17%`, `0.9%`, `less than 0.1%`; rounded, but a part is never said to be nothing or all."""
    if cases == total:
        return "100%"
    tenths = (2000 * cases + total) // (2 * total)
    if tenths == 0:
        return "less than 0.1%"
    if tenths < 100:
        return f"{tenths // 10}.{tenths % 10}%".replace(".0%", "%")
    percent = (200 * cases + total) // (2 * total)
    return f"{min(percent, 99)}%"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _holds(axis: Axis, mask: int, atom: Other) -> bool:
    return any(axis.atoms[number] is atom for number in bits(mask))


def _all_but(axis: Axis, mask: int, rest: int) -> str:
    """`not a, b`, saying also whether the missing value is in, where there is one."""
    missing = any(atom is Other.MISSING for atom in axis.atoms)
    others = [text for text in _points(axis, rest) if text != "missing"]
    if not missing:
        return f"not {', '.join(others)}"
    if _holds(axis, mask, Other.MISSING):
        return f"missing, not {', '.join(others)}" if others else "-"
    return f"not {', '.join([*others, 'missing'])}" if others else "present"


def _points(axis: Axis, mask: int) -> Iterator[str]:
    if axis.tree is not None:
        yield from _texts(said(axis.tree, mask))
        yield from ["missing"] * _holds(axis, mask, Other.MISSING)
        return
    for number in bits(mask):
        atom = axis.atoms[number]
        if isinstance(atom, Point):
            yield literal(atom.value)
        elif atom is Other.MISSING:
            yield "missing"


def _texts(texts: Texts) -> Iterator[str]:
    """Texts by name and by beginning; what no cell can leave out of a beginning stands in brackets."""
    yield from map(literal, texts.named)
    for prefix, but in texts.begun:
        left = ", ".join(_texts(but))
        yield f"{literal(prefix)}*{f' (but not {left})' if left else ''}"


def _spans(axis: Axis, mask: int) -> Iterator[tuple[str, str]]:
    """The first and the last value of each stretch in `mask`, both the same where one stands alone.

    The type's own ends are left open. Nothing of a column without an order.
    """
    of, kind = ranks.ordered_list(axis.column.type), axis.kind
    missing = axis.atom_of(None)
    present = axis.whole & ~missing
    if kind is not None and mask & present == present:
        yield "present", "present"
    elif kind is not None:
        ends = ranks.bounds(kind)
        for run in joined(axis, mask & present):
            low, high = ("" if end is None else literal(ranks.value_at(kind, end)) for end in run)
            if low == high:
                yield low, high
            else:
                yield low * (run.low != ends[0]), high * (run.high != ends[1])
    elif of is not None:
        end = len(of.members) - 1
        for first, last in ranks.runs(mask & present):
            low, high = (literal(of.members[place].name) for place in (first, last))
            if first == last:
                yield low, high
            elif (first, last) == (0, end):
                yield "present", "present"
            else:
                yield low * (first > 0), high * (last < end)
    if mask & missing and (kind is not None or of is not None):
        yield "missing", "missing"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}..{high}"


def part(cases: int, total: int) -> str:
    """`4 cases, 0.9%`."""
    return f"{count(cases)}, {share(cases, total)}"


def of(cases: int, total: int) -> str:
    """`4 cases (0.9% of this table)`, `any case`."""
    if cases == total:
        return "any case" if total > 1 else "the only case"
    return f"{count(cases)} ({share(cases, total)} of this table)"
