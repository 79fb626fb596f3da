"""Which findings a person is shown at once, and how the others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gapless.report.finding import counted, foremost, table_of
from gapless_dsl.diagnostic import Diagnostic

ALIKE = 10
"""How many of those that a person is shown at once have the same code and table: after so many of one kind no reader learns more."""


class Kind(NamedTuple):
    """What findings may have in common: their code, and the table of which file they are about."""

    code: str
    path: str
    table: str | None


class Shown(NamedTuple):
    """Findings in their own order, and what is said of those left out."""

    findings: Sequence[Diagnostic]
    says: str


def shown(findings: Sequence[Diagnostic], limit: int | None) -> Shown:
    """At most `limit`, the foremost; of one kind the largest few."""
    if limit is None:
        return Shown(findings, "")
    kept = foremost(_few_of_a_kind(findings), limit)
    there = {id(found) for found in kept}
    left_out = [found for found in findings if id(found) not in there]
    return Shown(kept, _says(kept, left_out) if left_out else "")


def _few_of_a_kind(findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    kinds: dict[Kind, list[Diagnostic]] = {}
    for found in findings:
        kinds.setdefault(_kind(found), []).append(found)
    kept = {
        id(found)
        for kind, alike in kinds.items()
        for found in (alike if kind.table is None else foremost(alike, ALIKE))
    }
    return [found for found in findings if id(found) in kept]


def _says(kept: Sequence[Diagnostic], left_out: Sequence[Diagnostic]) -> str:
    """A line for each kind of which enough is shown, then one for all the rest."""
    full = {kind for kind, number in Counter(map(_kind, kept)).items() if number >= ALIKE}
    more = Counter(kind for kind in map(_kind, left_out) if kind in full and kind.table)
    lines = [f"and {number} more {kind.code} in `{kind.table}`" for kind, number in more.items()]
    rest = [found for found in left_out if _kind(found) not in more]
    if rest:
        lines.append(f"and {counted(rest)} more")
    return "\n".join(lines) + ": `--all` shows every finding\n"


def _kind(found: Diagnostic) -> Kind:
    return Kind(found.code, found.span.path, table_of(found))
