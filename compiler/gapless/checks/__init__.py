"""The registries of checks: every question asked of a table, and of all policies together.

A new check is a function in one of the families below and a line here.
Checks read what `analysis` knows and put it in words; they analyze nothing twice and mend nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget, Work, spending
from gapless.analysis.unit import Unit
from gapless.checks import calls, completeness, time
from gapless.checks.conflicts import bounds, conflict, hit_policy
from gapless.checks.policy import examples, impossible, members, shows
from gapless.checks.redundancy import cells, needless, simpler
from gapless.checks.support.edits import only_safe_edits
from gapless.checks.support.finding import Compiled
from gapless_dsl.diagnostic import Diagnostic, Severity

__all__ = ["POLICY_CHECKS", "TABLE_CHECKS", "Compiled", "all_findings", "are_notes", "findings"]


class When(Enum):
    """When a check is asked, and what it means if it gives up by raising OverBudget."""

    FIRST = auto()
    """Before all others, which are not asked where it finds anything: all else would follow from that."""
    MUST = auto()
    """Always; a table is not built without knowing the answer."""
    MAY = auto()
    """Always; the answers of a table are proved without it."""
    SOUND = auto()
    """A remark, made only where nothing was found that anybody has to act on."""


class TableCheck(NamedTuple):
    """A question asked of one table; if not `of_collecting`, only of those in which one rule answers."""

    asks: str
    check: Callable[[Unit], Iterator[Diagnostic]]
    when: When
    of_collecting: bool = True


class PolicyCheck(NamedTuple):
    """A question asked of all policies together."""

    check: Callable[[Compiled], Iterator[Diagnostic]]
    when: When = When.MUST


FIRST, MUST, MAY, SOUND = When
ONE = False
"""Asked only where one rule answers."""

TABLE_CHECKS: tuple[TableCheck, ...] = (
    TableCheck("whether cells compare", cells.always_true, FIRST),
    TableCheck("whether every case is answered", completeness.gaps, MUST),
    TableCheck("whether every case is decided", completeness.drafts, MUST, ONE),
    TableCheck("whether rules contradict each other", conflict.check, MUST, ONE),
    TableCheck("whether answers keep within their bounds", bounds.check, MUST),
    TableCheck("whether every rule decides something", needless.unreachable, MUST),
    TableCheck("whether rules are needless", needless.redundant, MAY, ONE),
    TableCheck("whether rules are there twice", needless.repeated, MAY),
    TableCheck("whether exceptions matter", needless.exceptions, MAY, ONE),
    TableCheck("whether `otherwise` is needed", needless.otherwise, MAY),
    TableCheck("whether called tables answer", calls.unanswered, MUST, ONE),
    TableCheck("whether guards matter", calls.guards, MAY, ONE),
    TableCheck("whether what is worked out fits", calls.computed, MUST, ONE),
    TableCheck("whether the examples come out", examples.check, MUST),
    TableCheck("whether grids can be shown", shows.check, MAY),
    TableCheck("whether rows could be one", simpler.mergeable, SOUND, ONE),
    TableCheck("whether columns matter", simpler.indifferent, SOUND, ONE),
    TableCheck("whether cells could say `-`", cells.narrower, SOUND, ONE),
    TableCheck("whether named values are taken", cells.masked, SOUND, ONE),
    TableCheck("whether the hit policy fits", hit_policy.check, SOUND, ONE),
)

POLICY_CHECKS: tuple[PolicyCheck, ...] = (
    PolicyCheck(completeness.intricate),
    PolicyCheck(members.check, SOUND),
    PolicyCheck(calls.unasked, SOUND),
    PolicyCheck(impossible.check),
    PolicyCheck(time.policies),
    PolicyCheck(time.lives),
)


def all_findings(compiled: Compiled, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What every check finds, where reading the files has already found so much."""
    wrong = [each for unit in compiled.units.values() for each in findings(unit)]
    for each in POLICY_CHECKS:
        if each.when is not SOUND or are_notes([*found, *wrong]):
            wrong.extend(each.check(compiled))
    return only_safe_edits(_once(wrong), compiled.policies, compiled.sources)


def findings(unit: Unit) -> list[Diagnostic]:
    """What every check finds in one table; a check may give up by raising OverBudget.

    All of them together have so many steps, and each of them no more than its own.
    """
    with spending(unit.work or Work.for_all(len(unit.table.rules))):
        return [*_findings(unit)]


def _findings(unit: Unit) -> Iterator[Diagnostic]:
    if impossible.emptying(unit):
        return  # so is every row that answers excluded, which is said once, of what excludes it
    collects = unit.table.policy.is_collecting
    asked = [each for each in TABLE_CHECKS if each.of_collecting or not collects]
    first = [each for question in asked if question.when is FIRST for each in question.check(unit)]
    if first:
        yield from first
        return
    gave_up: list[TableCheck] = []
    found: list[Diagnostic] = []
    for question in asked:
        if question.when in (MUST, MAY):
            try:
                found.extend(question.check(unit))  # what a check found before it gave up stays
            except OverBudget:
                gave_up.append(question)
    is_counted = unit.claims.gap.is_counted
    if gave_up or not is_counted:
        doubtful = not is_counted or any(each.when is MUST for each in gave_up)
        found.append(
            completeness.given_up(unit, [each.asks for each in gave_up], doubtful=doubtful)
        )
    yield from found
    # Nobody wrote the rows by version, nor a decision's; and of columns that follow from others
    # nobody asked what could be simpler.
    unwritten = unit.table.by_version or unit.table.is_decision or unit.following is not None
    if are_notes(found) and not unwritten:
        for question in asked:
            if question.when is SOUND:
                with suppress(OverBudget):
                    yield from question.check(unit)


def are_notes(found: Iterable[Diagnostic]) -> bool:
    """Whether nothing was found that anybody has to act on."""
    return all(each.severity is Severity.NOTE for each in found)


def _once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What is wrong with a line that holds for many tables is one finding, that of the first."""
    seen = set()
    for each in found:
        if (known := (each.code, each.span, each.title)) not in seen:
            seen.add(known)
            yield each
