"""Every question asked of a table, written out, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work, spending
from gapless.analysis.unit import Unit
from gapless.checks.calls import called, guards, unasked, workable
from gapless.checks.completeness import drafts, otherwise
from gapless.checks.completeness import gap as completeness
from gapless.checks.completeness.undecided import given_up, unproved
from gapless.checks.conflicts import bounds, conflict, fitting
from gapless.checks.policy import declared, examples, members
from gapless.checks.redundancy import (
    everything,
    forestalled,
    indifferent,
    mergeable,
    narrower,
    needless_exceptions,
    redundant,
    repeated,
    unreachable,
)
from gapless.model import Policy, Table
from gapless_dsl.diagnostic import Diagnostic, Severity

Check = Callable[[Unit], Iterator[Diagnostic]]


class Question(NamedTuple):
    """What is asked of a table, and whether it may be built without knowing the answer."""

    asks: str
    check: Check
    may_stay_open: bool = False


ALL: tuple[Question, ...] = (
    Question("whether every case is answered", completeness.check),
    Question("whether every case is decided", drafts.check),
    Question("whether rules contradict each other", conflict.check),
    Question("whether every rule decides something", unreachable.check),
    Question("whether rules are needless", redundant.check, may_stay_open=True),
    Question("whether exceptions matter", needless_exceptions.check, may_stay_open=True),
    Question("whether `otherwise` is needed", otherwise.check, may_stay_open=True),
    Question("whether called tables answer", called.check),
    Question("whether guards matter", guards.check, may_stay_open=True),
    Question("whether what is worked out fits", workable.check),
    Question("whether the examples come out", examples.check),
)

COLLECTING: tuple[Question, ...] = (
    Question("whether every case is answered", completeness.check),
    Question("whether answers keep within their bounds", bounds.check),
    Question("whether every rule decides something", unreachable.check),
    Question("whether rules are there twice", repeated.check, may_stay_open=True),
    Question("whether `otherwise` is needed", otherwise.check, may_stay_open=True),
    Question("whether the examples come out", examples.check),
)
"""What is asked of a table in which all rules that apply answer together."""

REMARKS: tuple[Check, ...] = (
    mergeable.check,
    indifferent.check,
    narrower.check,
    forestalled.check,
    fitting.check,
)
"""What could be said more simply: asked only of tables that are sound, where it is no consequence."""

__all__ = ["ALL", "REMARKS", "Check", "findings", "remarks", "unproved"]


def findings(unit: Unit) -> list[Diagnostic]:
    """What every check finds in one table; a check may give up by raising OverBudget.

    All of them together have so many steps, and each of them no more than its own.
    """
    with spending(unit.work or Work.for_all(len(unit.table.rules))):
        return [*_findings(unit)]


def _findings(unit: Unit) -> Iterator[Diagnostic]:
    if declared.emptying(unit):
        return  # so is every row that answers excluded, which is said once, of what excludes it
    collects = unit.table.policy.is_collecting
    misread = list(everything.check(unit))
    if misread:
        yield from misread  # whatever else would be found follows from rows that mean something else
        return
    gave_up: list[Question] = []
    found: list[Diagnostic] = []
    for question in COLLECTING if collects else ALL:
        try:
            found.extend(question.check(unit))  # what a check found before it gave up stays
        except OverBudget:
            gave_up.append(question)
    found.extend(_given_up(unit, gave_up))
    yield from found
    # Nobody wrote the rows by version, nor a decision's; where rules answer together, none is like one
    # with the other; and of columns that follow from others nobody asked what could be simpler.
    unwritten = unit.table.by_version or unit.table.is_decision or unit.following is not None
    if are_notes(found) and not unwritten and not collects:
        for check in REMARKS:
            with suppress(OverBudget):
                yield from check(unit)


def _given_up(unit: Unit, questions: Sequence[Question]) -> Iterator[Diagnostic]:
    is_counted = unit.claims.gap.is_counted
    if questions or not is_counted:
        doubtful = not is_counted or not all(each.may_stay_open for each in questions)
        severity = Severity.ERROR if doubtful else Severity.WARNING
        yield given_up(unit, [each.asks for each in questions], severity)


def remarks(
    policies: Sequence[Policy], units: Mapping[Table, Unit], found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """What is to be said of all tables together, where nothing else was `found`."""
    if are_notes(found):
        yield from members.check(policies, units)
        yield from unasked.check(policies, units)


def are_notes(found: Sequence[Diagnostic]) -> bool:
    """Whether nothing was found that anybody has to act on."""
    return all(each.severity is Severity.NOTE for each in found)
