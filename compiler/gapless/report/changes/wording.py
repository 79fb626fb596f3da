"""The words in which differences are told, whatever the form; and the digest of all that was found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from gapless.diff.change import Because, Change, Difference, Effect, Region, Silence, Verdict
from gapless.model import Basis
from gapless.text.words import count, listed, literal, part

EVERY = "every case"


def first_line(change: Change) -> str:
    """`1 of 3 tables changed, 2 same (proved)`."""
    tables = change.tables
    tally = {verdict: sum(each.verdict is verdict for each in tables) for verdict in Verdict}
    differing = sum(tally[each] for each in (Verdict.CHANGED, Verdict.WIDENED, Verdict.NARROWED))
    said = [f"{differing} of {count(len(tables), 'table')} changed"] if differing else []
    if tally[Verdict.SAME]:
        some = f"all {count(len(tables), 'table')}" if tally[Verdict.SAME] == len(tables) else ""
        said.append(f"{some or tally[Verdict.SAME]} same, proved")
    if tally[Verdict.UNDECIDED]:
        said.append(f"{tally[Verdict.UNDECIDED]} not decided")
    return "; ".join(said) or "no tables"


def verdict(each: Difference) -> str:
    """What is found of a table, in a line: `changed: 12 of 24 cases, 50%`."""
    if each.old is None:
        return "only the new side has it"
    if each.new is None:
        return "only the old side has it"
    if each.verdict is Verdict.SAME:
        return f"same, proved of {count(each.total)}"
    if each.verdict is Verdict.UNDECIDED:
        assert each.undecided is not None
        return each.undecided.why
    if each.outputs is None:
        return f"{each.verdict}; answers were not compared"
    if not each.regions:
        return f"{each.verdict}; the answers that both know are same, proved of {count(each.total)}"
    return f"{each.verdict}: {part(each.changed, each.total)} of {count(each.total)}"


def rows(each: Difference) -> str:
    """What comes to the rows of some data: `in.csv: 3 of 10 rows change; same: 7`; nothing where none were counted."""
    found = each.rows
    if found is None:
        return ""
    said = [
        f"{sum(found.changed):,} of {count(found.total, 'row')} change",
        f"same: {found.same:,}",
    ]
    ways = ("by the old table only", "by the new table only", "by both")
    refused = [
        f"{number:,} {way}" for number, way in zip(found.refused, ways, strict=True) if number
    ]
    if refused:
        said.append(f"refused, and not compared: {', '.join(refused)}")
    return f"{found.data}: {'; '.join(said)}"


def rows_in(each: Difference, number: int) -> str:
    """`; 12 rows`, of a region by its place; nothing where no rows were counted."""
    if each.rows is None:
        return ""
    many = each.rows.changed[number]
    return f"; {count(many, 'row')}" if many else "; possible, never seen"


def outputs(each: Difference) -> str:
    """`price changed; notes same`, where there are several; nothing of just one."""
    found = each.outputs or {}
    if len(found) < 2:
        return ""
    return "; ".join(f"{name} {said}" for name, said in found.items())


def shapes(each: Difference) -> Iterator[str]:
    """What callers of the generated code meet, a line each: `breaking: output fee lacks 26 now`."""
    for effect in reversed(Effect):
        for shape in each.shapes:
            if shape.effect is effect:
                kind = "input" if shape.is_input else "output"
                yield f"{effect}: {kind} {shape.column}: {shape.what}"


def place(cells: Sequence[tuple[str, str]]) -> str:
    """`zone home, weight ..5`, as cells of the language."""
    return ", ".join(f"{name} {cell}" for name, cell in cells) or EVERY


def answers(region: Region) -> Iterator[tuple[str, str, str]]:
    """(output, before, after): one line where one side does not answer."""
    before, after = region.before, region.after
    if isinstance(before, Silence) and isinstance(after, Silence):
        yield "", before.value, after.value
        return
    for number, name in enumerate(region.outputs):
        one = before.value if isinstance(before, Silence) else before.text[number]
        other = after.value if isinstance(after, Silence) else after.text[number]
        yield name, one, other


def because(rests: Because) -> str:
    """`small: as agreed [tariff.weights], inferred`: the rows of the region's witness."""
    said = ", ".join(rests.rules)
    if rests.reason:
        said += f"{': ' if said else ''}{rests.reason}"
    if rests.citations:
        said += f"{' ' if said else ''}[{', '.join(rests.citations)}]"
    if rests.basis not in (None, Basis.STATED):
        said += f", {rests.basis}"
    return said or "no rule"


def witness(region: Region) -> str:
    """One case, as `gapless run` takes it."""
    return " ".join(f"{name}={literal(value)}" for name, value in region.witness.items())


def through(each: Difference) -> str:
    """`through code, band`; nothing where no called table answers otherwise."""
    return f"through {listed(each.through)}" if each.through else ""


# ---------------------------------------------------------------- as data


def data(change: Change) -> dict[str, Any]:
    """All that was found, as JSON has it; the same for the same two meanings, however they are written."""
    return {
        "verdict": change.verdict.value,
        "tables": [_table(each) for each in change.tables],
    }


def with_rows(change: Change) -> dict[str, Any]:
    """The same, with what comes to the rows of some data, which is no part of the digest."""
    told = data(change)
    for each, table in zip(change.tables, told["tables"], strict=True):
        if each.rows is not None:
            for region, many in zip(table["regions"], each.rows.changed, strict=True):
                region["rows"] = many
            old, new, both = each.rows.refused
            table["rows"] = {
                "data": each.rows.data,
                "total": each.rows.total,
                "changed": sum(each.rows.changed),
                "same": each.rows.same,
                "refused": {"old_only": old, "new_only": new, "both": both},
            }
    return told


def digest(change: Change) -> str:
    """The SHA-256 of all that was found, in hexadecimal."""
    whole = json.dumps(data(change), ensure_ascii=False, sort_keys=True)
    return sha256(whole.encode()).hexdigest()


def _table(each: Difference) -> dict[str, Any]:
    return {
        "table": each.name,
        "verdict": each.verdict.value,
        "says": verdict(each),
        "outputs": {name: said.value for name, said in (each.outputs or {}).items()},
        "signature": [
            {
                "column": shape.column,
                "kind": "input" if shape.is_input else "output",
                "what": shape.what,
                "effect": shape.effect.value,
            }
            for shape in each.shapes
        ],
        "cases": each.total,
        "changed": each.changed,
        "through": list(each.through),
        "undecided": None if each.undecided is None else each.undecided.why,
        "where": [{"cells": dict(cells), "cases": cases} for cells, cases in each.where],
        "regions": [_region(region) for region in each.regions],
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "cells": dict(region.cells),
        "cases": region.cases,
        "answers": [
            {"output": name, "before": one, "after": other} for name, one, other in answers(region)
        ],
        "before": _because(region.old),
        "after": _because(region.new),
        "witness": {name: literal(value) for name, value in region.witness.items()},
    }


def _because(rests: Because) -> dict[str, Any]:
    return {
        "rules": list(rests.rules),
        "reason": rests.reason,
        "citations": list(rests.citations),
        "basis": None if rests.basis is None else rests.basis.value,
    }
