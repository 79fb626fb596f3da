"""One line for each table that is declared: what was proved of it, over how many cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gapless.analysis.composition.calls import with_called
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.approvals import Standing
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
    approvals: tuple[Standing, ...] = ()

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
    failed = {
        (found.span.path, table_of(found)) for found in findings if found.severity is Severity.ERROR
    }
    tables = []
    for policy in policies:

        def about(name: str, path: str = policy.path) -> list[Diagnostic]:
            return [each for each in findings if each.span.path == path and table_of(each) == name]

        own = []
        for table in policy.tables:
            cases, proved, says = _judged(units.get(table), about(table.name))
            # A table that a decision rests on, itself or by others, may have errors.
            beneath = with_called(table) if table.is_decision else ()
            wrong = (e.name for e in beneath if e is not table and (e.span.path, e.name) in failed)
            name = next(wrong, None)
            if proved and name is not None:
                proved, says = False, f"not proved: it rests on {name}, which is not"
            rules = len(table.rules)
            own.append(Told(policy.name, table.name, table.span, rules, cases, proved, says))
        read = {table.name for table in policy.tables}
        # As the text first names them: a line that declares a table says so itself.
        lines = [*_DECLARED.finditer(sources[policy.path].text)]
        for name, found in {line[1]: line for line in reversed(lines)}.items():
            if name not in read:
                says, span = _unread(about(name)), Span(policy.path, *found.span(1))
                own.append(Told(policy.name, name, span, None, None, False, says))
        tables += sorted(own, key=lambda each: each.span)
    return tuple(tables)


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
