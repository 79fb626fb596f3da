"""The compiler on one page: text in, everything that is known of it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gapless import checks
from gapless.analysis.building import built
from gapless.analysis.unit import Unit
from gapless.checks.policy import declared
from gapless.checks.support.shared import only_safe_edits
from gapless.checks.time import calendar, lives
from gapless.model import Policy, Table
from gapless.resolve import resolve
from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from gapless_dsl.undisturbed import undisturbed


@dataclass(frozen=True, slots=True)
class Result:
    """What compiling some files gave.

    `units` has every table that could be analyzed; `diagnostics` come in the order of files and places.
    """

    sources: Mapping[str, Source]
    policies: tuple[Policy, ...]
    units: Mapping[Table, Unit]
    diagnostics: tuple[Diagnostic, ...]
    day: date | None = None
    """The day that the policies were held against, if one was named."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found that makes answers wrong, absent or doubtful: it may be built."""
        return not any(each.severity is Severity.ERROR for each in self.diagnostics)


@undisturbed()
def compile_sources(sources: Sequence[Source], today: date | None = None) -> Result:
    """Compile files together; those that they `use` must be among them, under the path that results.

    Only where a day is given as `today` are the policies held against the calendar.
    """
    by_path = {source.path: source for source in sources}
    read = [parse(source) for source in by_path.values()]
    policies, meaningless = resolve([document for document, _ in read], by_path)
    units, intricate = built(table for policy in policies for table in policy.tables)
    unreadable = [found for _, complaints in read for found in complaints]
    wrong = [found for unit in units.values() for found in checks.findings(unit)]
    unproved = [found for policy in policies for found in checks.unproved(policy, intricate)]
    found = [*unreadable, *meaningless, *wrong, *unproved]
    wrong = [*wrong, *unproved, *checks.remarks(policies, units, found)]
    wrong = [*once(wrong), *declared.check(policies, units)]
    wrong += calendar.check(policies, by_path, today)
    wrong += lives.check(policies, units, today)
    found = [*unreadable, *meaningless, *only_safe_edits(wrong, policies, by_path)]
    return Result(by_path, policies, units, in_order(found), today)


def once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What is wrong with a line that holds for many tables is one finding, that of the first."""
    seen = set()
    for each in found:
        if (known := (each.code, each.span, each.title)) not in seen:
            seen.add(known)
            yield each


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, place and code."""
    return tuple(sorted(diagnostics, key=lambda each: (each.span, each.code, each.title)))
