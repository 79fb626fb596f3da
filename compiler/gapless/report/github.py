"""Findings as GitHub's workflow commands, which mark the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gapless.report.drift import Drift
from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.source import Source

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(
    findings: Sequence[Diagnostic], sources: Mapping[str, Source], drifts: Sequence[Drift] = ()
) -> str:
    """A command a line: the findings, then the output files that are not current."""
    lines = [_line(found, sources.get(found.span.path)) for found in findings]
    lines += [
        f"::error file={_property(drift.path)},title={_property(drift.rule)}::"
        f"{_escaped(drift.says)}\n"
        for drift in drifts
    ]
    return "".join(lines)


def _line(found: Diagnostic, source: Source | None) -> str:
    where = {"file": found.span.path}
    if source is not None:
        start, end = source.place(found.span.start), source.place(found.span.end)
        where |= {"line": str(start.line), "endLine": str(end.line), "col": str(start.column)}
        if start.line == end.line:
            where["endColumn"] = str(end.column)
    where["title"] = f"{found.code}: {found.title}"
    properties = ",".join(f"{name}={_property(text)}" for name, text in where.items())
    told = (label.text for label in found.labels if label.text)
    helps = (each.text for each in found.helps)
    message = "\n".join([found.subject or found.title, *told, *found.notes, *helps])
    return f"::{_COMMAND[found.severity]} {properties}::{_escaped(message)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
