"""A comma right between two digits: where numbers stand it may be a part of one, so it divides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from gapless.model import Column, DecimalType, IntType
from gapless.resolve.findings import Findings, Site
from gapless.resolve.slots import Slot, one_of, read_word
from gapless.resolve.values import Fault, read
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error
from gapless_dsl.lexis import numbers
from gapless_dsl.nodes import Comparison, Item, Literal, Part, Range
from gapless_dsl.source import Span

_GROUP = re.compile(r"-?[0-9]{1,3}")
_CUT_OFF = re.compile(r"0[0-9]{2}(?:\.[0-9]+)?")
"""No number begins with a zero."""

_DIGITS = re.compile(r"-?[0-9][0-9_]*(?:\.[0-9]+)*")


def in_cell(those: Sequence[Part | Item], into: Slot, site: Site, *, one: bool = False) -> Findings:
    """GAP021, for each `9,50` in a column of numbers; `9, 50` is two values, where there is not `one`."""
    if not isinstance(into.scalar, IntType | DecimalType):
        return []

    def fits(number: str) -> bool:
        return not isinstance(read_word(number, into), Fault)

    return [_finding(run, fits, site, into.declared, one=one) for run in _runs(those)]


def in_arguments(those: Sequence[Item], columns: Sequence[Column | None], site: Site) -> Findings:
    """The same where a table is called, if it takes numbers at all."""
    types = [one_of(column.type) for column in columns if column is not None]
    numeric = [of for of in types if isinstance(of, IntType | DecimalType)]

    def fits(number: str) -> bool:
        return any(not isinstance(read(number, of), Fault) for of in numeric)

    return [_finding(run, fits, site) for run in _runs(those)] if numeric else []


def in_arithmetic(those: Sequence[Item], site: Site) -> Findings:
    """The same in `min(…)` and `max(…)`, where a number may have any digits."""
    return [_finding(run, lambda number: True, site) for run in _runs(those)]


def _runs(those: Iterable[Part | Item]) -> Iterator[list[Literal]]:
    """The numbers that follow each other with nothing but a comma between them."""
    run: list[Literal] = []
    for before, after in pairwise(those):
        last, first = _last(before), _first(after)
        if last is not None and first is not None and _is_one(last, first):
            run = [*run, first] if run and run[-1] is last else [last, first]
            if first is after:
                continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _is_one(before: Literal, after: Literal) -> bool:
    """Whether two numbers may be one: nothing but a comma divides them, or zeros follow, as in `1, 000`."""
    cut_off = _CUT_OFF.fullmatch(after.text) and _GROUP.fullmatch(before.text)
    return after.at[0] == before.at[1] + 1 or cut_off is not None


def _first(part: object) -> Literal | None:
    """The number that a part begins with."""
    match part:
        case Literal(text, (start, end), False) if _DIGITS.fullmatch(text):
            return part if end - start == len(text) else None
        case Range(Literal() as low, _, _, _, (start, _)) if low.at[0] == start:
            return _first(low)
        case nodes.Operation(_, (operand, _), (start, _)) if operand.at[0] == start:
            return _first(operand)
    return None


def _last(part: object) -> Literal | None:
    """The number that a part ends with."""
    match part:
        case Comparison(_, value):
            return _first(value)
        case Range(_, Literal() as high, _, _, (_, end)) if high.at[1] == end:
            return _first(high)
        case nodes.Operation(_, operands, (_, end)) if operands[-1].at[1] == end:
            return _last(operands[-1])
    return _first(part) if isinstance(part, Literal) else None


def _finding(
    run: Sequence[Literal],
    fits: Callable[[str], bool],
    site: Site,
    *labels: Label,
    one: bool = False,
) -> Diagnostic:
    typed = ",".join(each.text for each in run)
    span = site.at((run[0].at[0], run[-1].at[1]))
    commas = [site.at((each.at[1], each.at[1] + 1)) for each in run[:-1]]
    count = "two" if len(run) == 2 else str(len(run))
    tight = all(each.at[1] + 1 == after.at[0] for each, after in pairwise(run))
    blanks = (Edit(Span(comma.path, comma.end, comma.end), " ") for comma in commas)
    several = f"for {count}, put a blank after the comma{'s' * (len(run) > 2)}"
    return error(
        "GAP021",
        f"`{typed if tight else typed.replace(',', ', ')}` is {count} values here, not one number",
        Label(span, "a comma divides values, and is no part of a number"),
        *labels,
        subject=site.subject,
        helps=(
            *(
                decision(f"for one number, write `{number}`", Edit(span, number))
                for number in numbers(typed)
                if fits(number)
            ),
            *((decision(several, *blanks),) if tight and not one else ()),
        ),
    )
