"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from gapless import __version__
from gapless.report.drift import Drift
from gapless.report.finding import fingerprints
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label
from gapless_dsl.source import Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(
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
                    *({"id": code, "help": {"text": _explain(code)}} for code in codes),
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


def _explain(code: str) -> str:
    return f"gapless explain {code}"


def _result(
    found: Diagnostic, name: str, index: int, sources: Mapping[str, Source]
) -> dict[str, Any]:
    first, *others = found.labels
    result = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity.value,
        "message": {"text": "\n".join(_message(found))},
        "locations": [_location(first, sources)],
        "partialFingerprints": {"gapless/v1": name},
    }
    if others:
        result["relatedLocations"] = [_location(label, sources) for label in others]
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


def _message(found: Diagnostic) -> list[str]:
    subject = f" ({found.subject})" if found.subject else ""
    helps = [f"help ({each.repair}): {each.text}" for each in found.helps]
    return [f"{found.title}{subject}", *found.notes, *helps]


def _location(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(label.span, sources)}
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _physical(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(span.path)}}
    if span.path in sources:
        physical["region"] = _region(span, sources[span.path])
    return physical


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
                    _replacement(edit, sources[path])
                    for edit in each.edits
                    if edit.span.path == path
                ],
            }
            for path in paths
        ],
    }


def _replacement(edit: Edit, source: Source) -> dict[str, Any]:
    return {
        "deletedRegion": _region(edit.span, source),
        "insertedContent": {"text": edit.text},
    }
