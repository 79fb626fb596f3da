"""One line for each table that a person can read: what was proved of it, over how many cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gapless.model import Policy, Table
from gapless.report.finding import counted, table_of
from gapless.unit import Unit
from gapless.verdict import sentence, verdict
from gapless.words import count, share
from gapless_dsl.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of `table`: `cases` is None where it could not be analyzed."""

    policy: str
    table: Table
    cases: int | None
    proved: bool
    says: str

    @property
    def name(self) -> str:
        return f"{self.policy}.{self.table.name}"


def told(
    policies: Iterable[Policy], units: Mapping[Table, Unit], findings: Sequence[Diagnostic]
) -> tuple[Told, ...]:
    """What is told of every table of `policies`, in the order of the files."""
    return tuple(
        _told(policy.name, table, units.get(table), _about(table, findings))
        for policy in policies
        for table in policy.tables
    )


def _about(table: Table, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    path = table.span.path
    return tuple(
        found for found in findings if found.span.path == path and table_of(found) == table.name
    )


def _told(policy: str, table: Table, unit: Unit | None, findings: Sequence[Diagnostic]) -> Told:
    aside = f" ({counted(findings)})" if findings else ""
    if unit is None:
        why = "not all of it could be read" if findings else "what it rests on could not be read"
        return Told(policy, table, None, False, f"not analyzed: {why}{aside}")
    proof = verdict(unit)
    if proof is None:
        return Told(policy, table, unit.cases, False, f"not decided: too large{aside}")
    if proof.gaps:
        open_share = share(proof.gaps, proof.cases)
        says = f"not complete: {proof.gaps:,} of {count(proof.cases)} unanswered, {open_share}"
        return Told(policy, table, proof.cases, False, says + aside)
    if any(found.severity is Severity.ERROR for found in findings):
        return Told(policy, table, proof.cases, False, f"not proved: {counted(findings)}")
    return Told(policy, table, proof.cases, True, sentence(proof) + aside)
