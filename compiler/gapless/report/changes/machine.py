"""Differences for programs: JSON, and SARIF for code hosts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from gapless import __version__
from gapless.diff.change import Change, Difference, Effect, Region, Verdict
from gapless.report.changes import wording
from gapless.report.machine import FORMAT, SCHEMA, location
from gapless_dsl.diagnostic import Label
from gapless_dsl.source import Source

_LEVELS = {
    Verdict.CHANGED: "warning",
    Verdict.NARROWED: "warning",
    Verdict.WIDENED: "note",
    Verdict.UNDECIDED: "error",
}


def render(change: Change, exit_code: int, expected: str | None = None) -> str:
    """One object; `expected` is what was found of the stated change, where one was stated."""
    document = {
        "format": FORMAT,
        "exit_code": exit_code,
        **wording.with_rows(change),
        "expected": expected,
        "digest": wording.digest(change),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def sarif(change: Change, sources: Mapping[str, Source]) -> str:
    """One log with one run: a result for each region, at the table of the new side, or else the old one's."""
    results = [each for table in change.tables for each in _results(table, sources)]
    rules = sorted({each["ruleId"] for each in results})
    for each in results:
        each["ruleIndex"] = rules.index(each["ruleId"])
    driver = {
        "name": "gapless",
        "version": __version__,
        "rules": [{"id": rule, "help": {"text": "gapless diff"}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"digest": wording.digest(change), "verdict": change.verdict.value},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _results(each: Difference, sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    if each.verdict is Verdict.SAME:
        return []
    found = [_result(each, _told(region), each.verdict.value, sources) for region in each.regions]
    for shape in each.shapes:
        kind = "input" if shape.is_input else "output"
        said = f"{kind} {shape.column}: {shape.what}"
        result = _result(each, said, f"signature-{shape.effect}", sources)
        result["level"] = "warning" if shape.effect is Effect.BREAKING else "note"
        found.append(result)
    if each.undecided is not None or not found:
        said = each.undecided.why if each.undecided else wording.verdict(each)
        kind = Verdict.UNDECIDED if each.undecided else each.verdict
        found.append(_result(each, said, kind.value, sources))
    return found


def _told(region: Region) -> str:
    lines = [wording.place(region.cells)]
    lines += (f"{name}: {a} -> {b}".removeprefix(": ") for name, a, b in wording.answers(region))
    lines.append(f"before: {wording.because(region.old)}")
    lines.append(f"now: {wording.because(region.new)}")
    return "\n".join(lines)


def _result(
    each: Difference, said: str, rule: str, sources: Mapping[str, Source]
) -> dict[str, Any]:
    table = each.new or each.old
    assert table is not None
    known = sources if each.new is not None else {}
    return {
        "ruleId": f"diff-{rule}",
        "level": _LEVELS[each.verdict],
        "message": {"text": f"{each.name}: {said}"},
        "locations": [location(Label(table.span), known)],
        "partialFingerprints": {
            "gapless/v1": sha256(f"{rule}\0{each.name}\0{said}".encode()).hexdigest()[:32]
        },
    }
