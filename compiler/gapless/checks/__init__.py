"""Every question asked of a table, written out, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from gapless.checks import (
    called,
    completeness,
    conflict,
    everything,
    examples,
    forestalled,
    indifferent,
    members,
    mergeable,
    narrower,
    otherwise,
    redundant,
    unreachable,
)
from gapless.checks.undecided import given_up, unproved
from gapless.cover import OverBudget
from gapless.model import Policy, Table
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Severity

Check = Callable[[Unit], Iterator[Diagnostic]]

ALL: tuple[Check, ...] = (
    completeness.check,
    conflict.check,
    unreachable.check,
    redundant.check,
    otherwise.check,
    called.check,
    examples.check,
)

REMARKS: tuple[Check, ...] = (
    mergeable.check,
    indifferent.check,
    narrower.check,
    forestalled.check,
)
"""What could be said more simply: asked only of tables that are sound, where it is no consequence."""

__all__ = ["ALL", "REMARKS", "Check", "findings", "remarks", "unproved"]


def findings(unit: Unit) -> Iterator[Diagnostic]:
    """What every check finds in one table; a check may give up by raising OverBudget."""
    misread = list(everything.check(unit))
    if misread:
        yield from misread  # whatever else would be found follows from rows that mean something else
        return
    gave_up = False
    found: list[Diagnostic] = []
    for check in ALL:
        try:
            found.extend(check(unit))  # what a check found before it gave up stays
        except OverBudget:
            gave_up = True
    if gave_up:
        found.append(given_up(unit))
    yield from found
    if are_notes(found):
        for check in REMARKS:
            with suppress(OverBudget):
                yield from check(unit)


def remarks(
    policies: Sequence[Policy], units: Mapping[Table, Unit], found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """What is to be said of all tables together, where nothing else was `found`."""
    if are_notes(found):
        yield from members.check(policies, units)


def are_notes(found: Sequence[Diagnostic]) -> bool:
    """Whether nothing was found that anybody has to act on."""
    return all(each.severity is Severity.NOTE for each in found)
