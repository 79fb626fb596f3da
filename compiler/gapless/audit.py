"""GAP110: the auditor does not confirm what the prover proved. GAP109: there is no certificate to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gapless.auditor import objections
from gapless.certificate import Certificate, dumps, loads
from gapless.certifying import certificates
from gapless.driver import Result, in_order
from gapless.model import Table
from gapless.uncertified import uncertified
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


@dataclass(frozen=True, slots=True)
class Audit:
    """The certificates of a sound result, callees first, and a finding for each that is refused.

    `beyond` says of the tables that the auditor does not know why they have none.
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
    objected = objections(claimed)
    beyond = uncertified(result.units)
    lacking = (table for table in result.units if table not in claimed and table not in beyond)
    refused = (_refused(table, why) for table, why in objected.items() if why is not None)
    return Audit(claimed, in_order((*map(_too_large, lacking), *refused)), beyond)


def not_certified(audit: Audit) -> str:
    """A line for each table that has no certificate by its nature."""
    return "".join(f"not certified: {each.name}, {why}\n" for each, why in audit.beyond.items())


def _too_large(table: Table) -> Diagnostic:
    """That a proof could not be written out: it, or that of a table it calls, has too many parts."""
    return Diagnostic(
        "GAP109",
        Severity.ERROR,
        f"the proof of `{table.name}` is too large to be certified",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(
            "which rule answers which case was not worked out in a fixed number of steps",
            "nothing was written",
        ),
        helps=(Help(Repair.DECISION, "split the table, or narrow the cells that are `-`"),),
    )


def _refused(table: Table, why: str) -> Diagnostic:
    return Diagnostic(
        "GAP110",
        Severity.ERROR,
        f"the proof of `{table.name}` is not confirmed by the auditor",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(why, "this is a fault of gapless, not of the table; nothing was written"),
        helps=(Help(Repair.DECISION, "send this table to those who maintain gapless"),),
    )
