"""What every form of report says of a finding beyond its own fields: its order, name and command."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from gapless_dsl.diagnostic import Diagnostic, Severity

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
