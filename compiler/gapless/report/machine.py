"""Findings for programs: JSON, SARIF 2.1.0 for code hosts and editors, GitHub's workflow commands.

`docs/machine-output.md` says what each field of the JSON means. SARIF and GitHub also tell of drifts:
files in the output folder that are not what the tables become.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from gapless import __version__
from gapless.report.finding import Names, command, fingerprints
from gapless.report.tables import Told
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Severity
from gapless_dsl.source import Source, Span

FORMAT = 1
"""Grows only when a field is removed or changes its meaning."""


def render(
    findings: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    tables: Sequence[Told],
    exit_code: int,
    files: Sequence[Mapping[str, str]] | None = None,
    names: Names = MappingProxyType({}),
) -> str:
    """JSON: one object; `files` are those that `build` wrote, or that `build --check` would."""
    document = {
        "format": FORMAT,
        "exit_code": exit_code,
        "findings": [
            _finding(found, name, sources, names)
            for found, name in zip(findings, fingerprints(findings), strict=True)
        ],
        "tables": [
            {
                "policy": told.policy,
                "table": told.table,
                **_place(told.span, sources),
                "rules": told.rules,
                "cases": told.cases,
                "proved": told.proved,
                "verdict": told.says,
                "approvals": [
                    {
                        "by": each.approval.by,
                        "note": each.approval.note,
                        "digest": each.approval.digest,
                        "holds": each.holds,
                        "changed": None if each.changed is None else list(each.changed),
                    }
                    for each in told.approvals
                ],
            }
            for told in tables
        ],
    }
    if files is not None:
        document["files"] = list(files)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(
    found: Diagnostic, name: str, sources: Mapping[str, Source], names: Names
) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "title": found.title,
        "subject": found.subject,
        **_place(found.span, sources),
        "labels": [{**_place(label.span, sources), "text": label.text} for label in found.labels],
        "notes": list(found.notes),
        "helps": [
            {
                "repair": each.repair.name.lower(),
                "text": each.text,
                "edits": [{**_place(e.span, sources), "text": e.text} for e in each.edits],
                "lines": list(each.lines),
            }
            for each in found.helps
        ],
        "size": {"cases": found.size.cases, "total": found.size.total} if found.size else None,
        "witness": None if found.witness is None else dict(found.witness),
        "try": list(command(found, names=names)) or None,
        "regions": [
            {
                "cells": dict(region.cells),
                "cases": region.cases,
                "witness": None if region.witness is None else dict(region.witness),
                "rules": list(region.rules),
            }
            for region in found.regions
        ],
        "fingerprint": name,
    }


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Where a span stands; a file that is not at hand has no lines to count."""
    source = sources.get(span.path)
    if source is None:
        return {"path": span.path, "start": None, "end": None}
    start, end = source.place(span.start), source.place(span.end)
    return {
        "path": span.path,
        "start": {"line": start.line, "column": start.column, "offset": span.start},
        "end": {"line": end.line, "column": end.column, "offset": span.end},
    }


# ---------------------------------------------------------------- drifts, for code hosts

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

_SAYS = {
    "stale": "this file is not what the tables become now",
    "missing": "the tables become this file, and it is not there",
    "orphaned": "no table becomes this file any more",
    "interrupted": "a build was killed here: the files may be of two generations until the next one",
}


class Drift(NamedTuple):
    """A file that is not current: `rule` names the kind of drift, apart from the codes of findings."""

    path: str
    rule: str
    says: str


def drifts(files: Iterable[Mapping[str, str]]) -> Iterator[Drift]:
    """Those of `files`, as JSON tells of them, that `build --check` found not current."""
    for file in files:
        if file["state"] in _SAYS:
            yield Drift(file["path"], f"build-{file['state']}", _SAYS[file["state"]])


# ---------------------------------------------------------------- GitHub


def github(
    findings: Sequence[Diagnostic], sources: Mapping[str, Source], drifts: Sequence[Drift] = ()
) -> str:
    """A command a line: the findings, then the output files that are not current."""
    lines = [_command(found, sources.get(found.span.path)) for found in findings]
    lines += [
        f"::error file={_property(drift.path)},title={_property(drift.rule)}::{_data(drift.says)}\n"
        for drift in drifts
    ]
    return "".join(lines)


def _command(found: Diagnostic, source: Source | None) -> str:
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
    return f"::{_COMMAND[found.severity]} {properties}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# ---------------------------------------------------------------- SARIF


def sarif(
    findings: Sequence[Diagnostic], sources: Mapping[str, Source], drifts: Sequence[Drift] = ()
) -> str:
    """One SARIF log with one run; every rule that was broken is listed once.

    `drifts` are the output files that are not current.
    """
    codes = sorted({found.code for found in findings})
    kinds = sorted({drift.rule for drift in drifts})
    named = zip(findings, fingerprints(findings), strict=True)
    run = {
        "tool": {
            "driver": {
                "name": "gapless",
                "version": __version__,
                "rules": [
                    *({"id": code, "help": {"text": f"gapless explain {code}"}} for code in codes),
                    *({"id": kind, "help": {"text": "gapless build"}} for kind in kinds),
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(found, name, codes.index(found.code), sources) for found, name in named),
            *(_drift(drift, len(codes) + kinds.index(drift.rule)) for drift in drifts),
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(
    found: Diagnostic, name: str, index: int, sources: Mapping[str, Source]
) -> dict[str, Any]:
    first, *others = found.labels
    subject = f" ({found.subject})" if found.subject else ""
    helps = [f"help ({each.repair}): {each.text}" for each in found.helps]
    result = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity.value,
        "message": {"text": "\n".join([found.title + subject, *found.notes, *helps])},
        "locations": [location(first, sources)],
        "partialFingerprints": {"gapless/v1": name},
    }
    if others:
        result["relatedLocations"] = [location(label, sources) for label in others]
    fixes = [_fix(each, sources) for each in found.helps if each.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _drift(drift: Drift, index: int) -> dict[str, Any]:
    return {
        "ruleId": drift.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": drift.says},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(drift.path)}}}],
        "partialFingerprints": {
            "gapless/v1": sha256(f"{drift.rule}\0{drift.path}".encode()).hexdigest()[:32]
        },
    }


def location(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Where a label stands, as SARIF says it."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(label.span.path)}}
    if label.span.path in sources:
        physical["region"] = _region(label.span, sources[label.span.path])
    location: dict[str, Any] = {"physicalLocation": physical}
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _region(span: Span, source: Source) -> dict[str, int]:
    start, end = source.place(span.start), source.place(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _fix(each: Help, sources: Mapping[str, Source]) -> dict[str, Any]:
    paths = dict.fromkeys(edit.span.path for edit in each.edits if edit.span.path in sources)
    return {
        "description": {"text": each.text},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(path)},
                "replacements": [
                    {
                        "deletedRegion": _region(edit.span, sources[path]),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in each.edits
                    if edit.span.path == path
                ],
            }
            for path in paths
        ],
    }
