"""One line for each table that is declared: what was proved of it, over how many cases."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.analysis.composition.calls import with_called
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.model import Policy, Table
from gapless.report.finding import counted, table_of
from gapless.text.verdicts import sentence, shortfall
from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.source import Source, Span

_DECLARED = re.compile(r"^[ \t]*(?:table|decision)[ \t]+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a table: `rules` is None where it could not be read, `cases` where not counted."""

    policy: str
    table: str
    span: Span
    rules: int | None
    cases: int | None
    proved: bool
    says: str

    @property
    def name(self) -> str:
        return f"{self.policy}.{self.table}"


def told(
    policies: Iterable[Policy],
    units: Mapping[Table, Unit],
    findings: Sequence[Diagnostic],
    sources: Mapping[str, Source],
) -> tuple[Told, ...]:
    """What is told of every table that the files of `policies` declare, in their order.

    One that could not be read at all is no part of its policy, and yet must not be passed over.
    """
    return tuple(each for policy in policies for each in _of(policy, units, findings, sources))


def _of(
    policy: Policy,
    units: Mapping[Table, Unit],
    findings: Sequence[Diagnostic],
    sources: Mapping[str, Source],
) -> list[Told]:
    read = {table.name: table for table in policy.tables}
    failed = {
        (found.span.path, table_of(found)) for found in findings if found.severity is Severity.ERROR
    }
    all_told = [
        _told(
            policy.name,
            table,
            units.get(table),
            _about(table.name, policy.path, findings),
            _beneath(table, failed) if table.is_decision else None,
        )
        for table in policy.tables
    ]
    for name, span in _declared(sources[policy.path]):
        if name not in read:
            about = _about(name, policy.path, findings)
            all_told.append(Told(policy.name, name, span, None, None, False, _unread(about)))
    return sorted(all_told, key=lambda each: each.span)


def _declared(source: Source) -> Iterator[tuple[str, Span]]:
    """The tables as the text names them, each name once: a line that declares one says so itself."""
    first = {found[1]: found for found in reversed([*_DECLARED.finditer(source.text)])}
    yield from ((name, Span(source.path, *found.span(1))) for name, found in first.items())


def _about(name: str, path: str, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(found for found in findings if found.span.path == path and table_of(found) == name)


def _beneath(table: Table, failed: Collection[tuple[str, str | None]]) -> str | None:
    """A table that a decision rests on, itself or by others, and that has errors."""
    beneath = (each for each in with_called(table) if each is not table)
    return next((e.name for e in beneath if (e.span.path, e.name) in failed), None)


def _told(
    policy: str,
    table: Table,
    unit: Unit | None,
    findings: Sequence[Diagnostic],
    beneath: str | None,
) -> Told:
    cases, proved, says = _judged(unit, findings)
    if proved and beneath is not None:
        proved, says = False, f"not proved: it rests on {beneath}, which is not"
    return Told(policy, table.name, table.span, len(table.rules), cases, proved, says)


def _judged(unit: Unit | None, findings: Sequence[Diagnostic]) -> tuple[int | None, bool, str]:
    aside = _aside(findings)
    if unit is None:
        return None, False, _unread(findings)
    proof = verdict(unit)
    cases = None if proof.is_derived else proof.cases
    if proof.gaps_at_most:
        return cases, False, shortfall(proof) + aside
    if any(found.severity is Severity.ERROR for found in findings):
        return cases, False, f"not proved: {counted(findings)}"
    return cases, not proof.is_draft, sentence(proof) + aside


def _unread(findings: Sequence[Diagnostic]) -> str:
    why = "not all of it could be read"
    if not findings:
        why = "what it rests on was not analyzed"
    elif all(each.code == "GAP109" for each in findings):
        why = "it would take too many steps"
    return f"not analyzed: {why}{_aside(findings)}"


def _aside(findings: Sequence[Diagnostic]) -> str:
    return f" ({counted(findings)})" if findings else ""
