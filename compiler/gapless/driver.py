"""The compiler on one page: text in, everything that is known of it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gapless import checks
from gapless.analysis.building import build_units
from gapless.analysis.unit import Unit
from gapless.approvals import Standing
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
    approvals: tuple[Standing, ...] = ()
    """Who approved what, as the files beside the policies say, where somebody looked at these."""

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
    units, intricate = build_units(table for policy in policies for table in policy.tables)
    found = [*(each for _, unreadable in read for each in unreadable), *meaningless]
    compiled = checks.Compiled(policies, units, intricate, by_path, today)
    found += checks.all_findings(compiled, found)
    return Result(by_path, policies, units, in_order(found), today)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, place and code."""
    return tuple(sorted(diagnostics, key=lambda each: (each.span, each.code, each.title)))
