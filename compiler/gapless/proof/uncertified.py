"""Which tables have no certificate by their nature, and why: the auditor does not know all of the language."""

from __future__ import annotations

from collections.abc import Iterable

from gapless.analysis.composition.calls import calls
from gapless.analysis.domain.derived import lowered
from gapless.model import ListType, RuleKind, SetType, Table


def uncertified(tables: Iterable[Table]) -> dict[Table, str]:
    """Why the auditor cannot confirm what is proved of these tables; callees come first.

    A table that calls one of them rests on what was not confirmed, so it has no certificate either.
    """
    found: dict[Table, str] = {}
    for table in tables:
        beneath = next((call.table for call in calls(table) if call.table in found), None)
        why = _beyond(table)
        if why is None and beneath is not None:
            why = f"it calls `{beneath.name}`, which is not certified"
        if why is not None:
            found[table] = why
    return found


def _beyond(table: Table) -> str | None:
    """What the table itself holds that the auditor does not know."""
    if any(rule.kind is RuleKind.DRAFT for rule in table.rules):
        return "it has drafts"
    if table.policy.is_collecting:
        return "all its rules that apply answer together"
    if not table.inputs:
        return "it has no inputs"
    if any(let.guard for let in table.lets):
        return "it has steps that are not always asked"
    if any(isinstance(let.column.type, ListType | SetType) for let in table.lets):
        return "it has steps that answer lists"
    if lowered(table).derived:
        return "it calculates, or compares columns with each other"
    return None
