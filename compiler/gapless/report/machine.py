"""Everything that was found, as JSON; `docs/machine-output.md` says what each field means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from gapless.report.finding import Names, command, fingerprints
from gapless.report.tables import Told
from gapless_dsl.diagnostic import Diagnostic, Help, Region, Witness
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
    """One JSON object; `files` are those that `build` wrote, or that `build --check` would."""
    document = {
        "format": FORMAT,
        "exit_code": exit_code,
        "findings": [
            _finding(found, name, sources, names)
            for found, name in zip(findings, fingerprints(findings), strict=True)
        ],
        "tables": [_table(told, sources) for told in tables],
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
        "helps": [_help(each, sources) for each in found.helps],
        "size": {"cases": found.size.cases, "total": found.size.total} if found.size else None,
        "witness": _witness(found.witness),
        "try": list(command(found, names=names)) or None,
        "regions": [_region(region) for region in found.regions],
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


def _help(each: Help, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "repair": each.repair.name.lower(),
        "text": each.text,
        "edits": [{**_place(edit.span, sources), "text": edit.text} for edit in each.edits],
        "lines": list(each.lines),
    }


def _witness(witness: Witness) -> dict[str, str] | None:
    return None if witness is None else dict(witness)


def _region(region: Region) -> dict[str, Any]:
    return {
        "cells": dict(region.cells),
        "cases": region.cases,
        "witness": _witness(region.witness),
        "rules": list(region.rules),
    }


def _table(told: Told, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "policy": told.policy,
        "table": told.table,
        **_place(told.span, sources),
        "rules": told.rules,
        "cases": told.cases,
        "proved": told.proved,
        "verdict": told.says,
    }
