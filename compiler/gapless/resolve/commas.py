"""A comma that was meant inside a number: in a condition it would divide two values without a word."""

from __future__ import annotations

import re
from itertools import pairwise

from gapless.model import DecimalType, IntType
from gapless.resolve.findings import Site, decision, error
from gapless.resolve.slots import Slot
from gapless_dsl.diagnostic import Diagnostic, Edit, Label
from gapless_dsl.nodes import Comparison, Literal, Part, Range
from gapless_dsl.source import Span

_GROUP = re.compile(r"-?[0-9]{1,3}")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")


def comma_within(parts: tuple[Part, ...], column: Slot, site: Site) -> Diagnostic | None:
    """GAP021, for the first `1,000` in a column of numbers; `1, 000` with a blank is two values."""
    if not isinstance(column.scalar, IntType | DecimalType):
        return None
    for part, after in pairwise(parts):
        before = _last(part)
        if before is None or not isinstance(after, Literal) or after.at[0] != before.at[1] + 1:
            continue
        if _GROUP.fullmatch(before.text) and _THOUSANDS.fullmatch(after.text):
            return _finding(before, after, column, site)
    return None


def _last(part: Part) -> Literal | None:
    """The number that a part ends with."""
    match part:
        case Literal():
            return part
        case Comparison():
            return part.value
        case Range():
            return part.high
    return None


def _finding(before: Literal, after: Literal, column: Slot, site: Site) -> Diagnostic:
    span = site.at((before.at[0], after.at[1]))
    comma = site.at((before.at[1], after.at[0]))
    number = f"{before.text}_{after.text}"
    return error(
        "GAP021",
        f"`{before.text},{after.text}` is two values here, not one number",
        Label(span, "a comma means either"),
        column.declared,
        subject=site.subject,
        helps=(
            decision(f"for one number, write `{number}`", Edit(span, number)),
            decision(
                "for two, put a blank after the comma",
                Edit(Span(comma.path, comma.end, comma.end), " "),
            ),
        ),
    )
