"""GAP110: the auditor does not confirm what the prover proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gapless.driver import Result, in_order
from gapless.model import Table
from gapless.proof.auditor import objections
from gapless.proof.certificate import Certificate, dumps, loads
from gapless.proof.prover import certificates, not_certified
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


@dataclass(frozen=True, slots=True)
class Audit:
    """The certificates of a sound result, callees first, and a finding for each that is refused.

    `beyond` says of the tables that have none why.
    """

    certificates: Mapping[Table, Certificate]
    findings: tuple[Diagnostic, ...]
    beyond: Mapping[Table, str]


def audited(result: Result) -> Audit:
    """Certify every table of a result without errors."""
    return _judged(certificates(result.units), result)


def audited_as_told(result: Result) -> tuple[Audit, Mapping[Table, str]]:
    """The same of certificates as texts: what is checked is what can be read in them."""
    texts = {table: dumps(each, table) for table, each in certificates(result.units).items()}
    return _judged({table: loads(text, table) for table, text in texts.items()}, result), texts


def _judged(claimed: Mapping[Table, Certificate], result: Result) -> Audit:
    """A table that has no certificate and no reason for that is refused as well."""
    beyond = not_certified(result.units)
    objected = {
        **objections(claimed),
        **{
            table: "there is no certificate of it"
            for table in result.units
            if table not in claimed and table not in beyond
        },
    }
    refused = (_refused(table, why) for table, why in objected.items() if why is not None)
    return Audit(claimed, in_order(refused), beyond)


def _refused(table: Table, why: str) -> Diagnostic:
    return Diagnostic(
        "GAP110",
        Severity.ERROR,
        f"the auditor does not confirm the proof of `{table.name}`",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(why, "this is a fault of gapless, not of the table; nothing was written"),
        helps=(Help(Repair.DECISION, "send this table to the maintainers of gapless"),),
    )
