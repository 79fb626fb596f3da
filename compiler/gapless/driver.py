"""The compiler on one page: text in, everything that is known of it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless import checks
from gapless.model import Policy, Table
from gapless.resolve import resolve
from gapless.unit import Unit, build_unit, calls
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.parser import parse
from gapless_dsl.source import Source


@dataclass(frozen=True, slots=True)
class Result:
    """What compiling some files gave.

    `units` has every table that could be analyzed; `diagnostics` come in the order of files and places.
    """

    sources: Mapping[str, Source]
    policies: tuple[Policy, ...]
    units: Mapping[Table, Unit]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found that makes answers wrong, absent or doubtful: it may be built."""
        return not any(each.severity is Severity.ERROR for each in self.diagnostics)


def compile_sources(sources: Sequence[Source]) -> Result:
    """Compile files together; those that they `use` must be among them, under the path that results."""
    by_path = {source.path: source for source in sources}
    read = [parse(source) for source in by_path.values()]
    policies, meaningless = resolve([document for document, _ in read], by_path)
    units = build_units(table for policy in policies for table in policy.tables)
    unreadable = [found for _, complaints in read for found in complaints]
    wrong = [found for unit in units.values() for check in checks.ALL for found in check(unit)]
    wrong.extend(unproved(policies, units))
    return Result(by_path, policies, units, in_order([*unreadable, *meaningless, *wrong]))


def build_units(tables: Iterable[Table]) -> dict[Table, Unit]:
    """The units of `tables`, and of every table they call, callees first."""
    units: dict[Table, Unit] = {}
    for table in tables:
        _add(table, units)
    return units


def unproved(policies: Sequence[Policy], units: Mapping[Table, Unit]) -> Iterator[Diagnostic]:
    """GAP109 for tables whose callees have no decision, so that they have no unit: never silence."""
    for policy in policies:
        for table in policy.tables:
            callees = [call.table for call in calls(table)]
            lacking = [callee for callee in callees if callee in units or callee.complete]
            if table not in units and table.complete and lacking:
                yield Diagnostic(
                    "GAP109",
                    Severity.ERROR,
                    f"`{table.name}` could not be analyzed",
                    (Label(table.span),),
                    subject=f"table {table.name}",
                    notes=(f"what `{lacking[0].name}` answers is too intricate to be followed",),
                    helps=(Help(Repair.DECISION, f"split `{lacking[0].name}`"),),
                )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, place and code."""
    return tuple(sorted(diagnostics, key=lambda each: (each.span, each.code, each.title)))


def _add(table: Table, units: dict[Table, Unit]) -> None:
    if table in units:
        return
    for call in calls(table):
        _add(call.table, units)
    unit = build_unit(table, units)
    if unit is not None:
        units[table] = unit
