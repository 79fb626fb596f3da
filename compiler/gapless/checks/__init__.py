"""Every question asked of a table, written out, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gapless.checks import (
    called,
    completeness,
    conflict,
    examples,
    otherwise,
    unreachable,
)
from gapless.checks.undecided import given_up, unproved
from gapless.cover import OverBudget
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic

Check = Callable[[Unit], Iterator[Diagnostic]]

ALL: tuple[Check, ...] = (
    completeness.check,
    conflict.check,
    unreachable.check,
    otherwise.check,
    called.check,
    examples.check,
)

__all__ = ["ALL", "Check", "findings", "unproved"]


def findings(unit: Unit) -> Iterator[Diagnostic]:
    """What every check finds in one table; a check may give up by raising OverBudget."""
    gave_up = False
    for check in ALL:
        try:
            yield from check(unit)
        except OverBudget:
            gave_up = True
    if gave_up:
        yield given_up(unit)
