"""What reports say of findings beyond their own fields: order, name, command, and which are shown first."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gapless_dsl.diagnostic import Diagnostic, Severity

ALIKE = 10
"""So many of one code and table a person is shown at once; after these no reader learns more."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def foremost(findings: Sequence[Diagnostic], limit: int) -> tuple[Diagnostic, ...]:
    """At most `limit` findings, errors before warnings and large before small, in their own order."""

    def weight(number: int) -> tuple[int, int, int]:
        found = findings[number]
        return _RANK[found.severity], -(found.size.cases if found.size else 0), number

    chosen = sorted(sorted(range(len(findings)), key=weight)[:limit])
    return tuple(findings[number] for number in chosen)


def table_of(found: Diagnostic) -> str | None:
    """The name of the table that a finding is about, as its subject begins with it."""
    named = re.match(r"(?:table|decision) (\w+)", found.subject)
    return named[1] if named else None


Names: TypeAlias = Mapping[tuple[str, str], str]
"""What `gapless run` calls tables whose name others bear too, by their file and name."""


def command(
    found: Diagnostic, suffix: Sequence[str] = (), names: Names = MappingProxyType({})
) -> tuple[str, ...]:
    """The words of the command that runs a finding's witness, unquoted; none where there is none."""
    table = table_of(found)
    if table is None or found.witness is None:
        return ()
    words = (f"{name}={value}" for name, value in found.witness)
    return ("gapless", "run", names.get((found.span.path, table), table), *words, *suffix)


def counted(findings: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or `no findings`."""
    counts = Counter(found.severity for found in findings)
    parts = [
        f"{counts[severity]} {severity}{'s' if counts[severity] != 1 else ''}"
        for severity in Severity
        if counts[severity]
    ]
    return ", ".join(parts) or "no findings"


def fingerprints(findings: Iterable[Diagnostic]) -> tuple[str, ...]:
    """For each finding a name that survives the moving of lines; alike ones are numbered."""
    seen: Counter[str] = Counter()
    names = []
    for found in findings:
        said = f"{found.code}\0{found.span.path}\0{found.subject}\0{found.title}"
        seen[said] += 1
        names.append(hashlib.sha256(f"{said}\0{seen[said]}".encode()).hexdigest()[:32])
    return tuple(names)


# ---------------------------------------------------------------- which a person is shown


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
    kinds: dict[Kind, list[Diagnostic]] = {}
    for found in findings:
        kinds.setdefault(_kind(found), []).append(found)
    few = {
        id(found)
        for kind, alike in kinds.items()
        for found in (alike if kind.table is None else foremost(alike, ALIKE))
    }
    kept = foremost([found for found in findings if id(found) in few], limit)
    there = {id(found) for found in kept}
    left_out = [found for found in findings if id(found) not in there]
    if not left_out:
        return Shown(kept, "")
    # A line for each kind of which enough is shown, then one for all the rest.
    full = {kind for kind, number in Counter(map(_kind, kept)).items() if number >= ALIKE}
    more = Counter(kind for kind in map(_kind, left_out) if kind in full and kind.table)
    lines = [f"and {number} more {kind.code} in `{kind.table}`" for kind, number in more.items()]
    rest = [found for found in left_out if _kind(found) not in more]
    if rest:
        lines.append(f"and {counted(rest)} more")
    return Shown(kept, "\n".join(lines) + ": `--all` shows every finding\n")


def _kind(found: Diagnostic) -> Kind:
    return Kind(found.code, found.span.path, table_of(found))
