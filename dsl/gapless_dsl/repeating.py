"""A cell that says `^`: what the cell above it says."""

from __future__ import annotations

import re
from typing import TypeVar

from gapless_dsl.complaint import complaint, decide
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lexis import DITTOS
from gapless_dsl.nodes import (
    At,
    ConditionCell,
    Crossing,
    CrossRow,
    OutcomeCell,
    Row,
    RowKind,
    TextCell,
)

_ESCAPED = re.compile(rf"\\+[{re.escape(''.join(DITTOS))}]")
_MARK = re.compile(rf"\\*[{re.escape(''.join(DITTOS))}]")

Cell = TypeVar("Cell", ConditionCell, OutcomeCell, TextCell, Crossing)


def nothing_above(at: At, above: Row | CrossRow | None) -> Diagnostic | None:
    """A complaint about a `^` without a cell above it; None where the one above could not be read."""
    if above is None:
        label = "no row stands above this one"
    elif None in above.conditions or None in above.outcomes:
        return None
    elif above.kind is RowKind.RULE:
        label = "the cell above is empty"
    else:
        label = f"the row above says `{above.kind}`, and nothing in this column"
    helps = (decide("write out what is meant"),)
    return complaint("GAP002", "`^` repeats nothing", at, label, helps=helps)


# ---------------------------------------------------------------- annotations


def unescaped(text: str) -> str:
    r"""An annotation that means the sign itself is written `\^`."""
    return text[1:] if _ESCAPED.fullmatch(text) else text


def escaped(text: str) -> str:
    return f"\\{text}" if _MARK.fullmatch(text) else text
