"""Whole states of tables compared: which table is which, and which of them can be compared at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from gapless.analysis.composition.calls import with_called
from gapless.analysis.unit import Unit
from gapless.diff.change import Change, Difference, Undecided, Verdict
from gapless.diff.comparing import compared
from gapless.diff.sides import Side
from gapless.driver import Result
from gapless.model import Table
from gapless_dsl.diagnostic import Diagnostic, Severity

FORGIVEN = ("GAP101", "GAP120", "GAP201")
"""Errors that leave it clear what a table answers: gaps, drafts, and examples that want other answers."""


@dataclass(frozen=True, slots=True)
class State:
    """All tables at one time: `result` is what compiling gave, `asked` the paths whose tables are meant.

    `only` is the one table that is meant, if it is one; `day` the day on which all are asked.
    """

    result: Result
    asked: frozenset[str]
    only: str | None = None
    day: date | None = None

    def named(self) -> dict[tuple[str, str], Table]:
        """The tables that are meant, by policy and name, in the order of their files."""
        return {
            (policy.name, table.name): table
            for policy in self.result.policies
            if policy.path in self.asked
            for table in policy.tables
            if self.only in (None, table.name, f"{policy.name}.{table.name}")
        }


class Pair(NamedTuple):
    """A table before and after; None where it is not there."""

    name: str
    old: Table | None
    new: Table | None


def pairs(old: State, new: State) -> tuple[Pair, ...]:
    """Which table of one side is which of the other: by policy and name, else by a name that is only once there.

    Where each side means one table, these two.
    """
    before, after = old.named(), new.named()
    if old.only and new.only and len(before) == len(after) == 1:
        (one,), (other,) = before.values(), after.values()
        name = other.name if one.name == other.name else f"{one.name} -> {other.name}"
        return (Pair(name, one, other),)
    found: dict[tuple[str, str], tuple[str, str]] = {key: key for key in after if key in before}
    for key in after:
        if key not in found:
            alike = [each for each in before if each[1] == key[1] and each not in found.values()]
            twins = [each for each in after if each[1] == key[1] and each not in found]
            if len(alike) == len(twins) == 1:
                found[key] = alike[0]
    names = [key[1] for key in (*after, *before)]
    full = {key: key[1] if names.count(key[1]) <= 2 else ".".join(key) for key in (*after, *before)}
    both = [Pair(full[key], before.get(found.get(key, key)), table) for key, table in after.items()]
    gone = (key for key in before if key not in found.values())
    return (*both, *(Pair(full[key], before[key], None) for key in gone))


def changes(old: State, new: State) -> Change:
    """Everything that differs between two states, table by table."""
    sound = [_sound(state.result) for state in (old, new)]
    found: list[Difference] = []
    matched = pairs(old, new)
    for name, one, other in matched:
        if one is None or other is None:
            found.append(Difference(name, one, other))
            continue
        units: list[Unit] = []
        for state, table, good, which in zip(
            (old, new), (one, other), sound, ("old", "new"), strict=True
        ):
            unit = state.result.units.get(table)
            why = good.get(table)
            if unit is None or why is not None:
                said = (
                    f"the {which} table {why or 'could not be analyzed: `gapless check` says why'}"
                )
                found.append(Difference(name, one, other, undecided=Undecided(said)))
                break
            units.append(unit)
        else:
            sides = (Side(units[0], old.day), Side(units[1], new.day))
            found.append(compared(name, *sides))
    return Change(tuple(_through(found)))


def _sound(result: Result) -> Mapping[Table, str]:
    """The tables whose answers are not settled, and why."""
    errors = [each for each in result.diagnostics if each.severity is Severity.ERROR]
    tables = [table for policy in result.policies for table in policy.tables]
    found: dict[Table, str] = {}
    open_ones = set()
    for table in tables:
        own = [each for each in errors if _is_about(each, table)]
        worse = [each for each in own if each.code not in FORGIVEN]
        if any(each.code == "GAP101" for each in own):
            open_ones.add(table)
        if worse or (table in open_ones and table.policy.is_collecting):
            found[table] = f"has errors: `gapless check` tells {len(own)}"
    for table in tables:
        for called in with_called(table):
            if called is not table and (called in found or called in open_ones):
                found.setdefault(table, f"calls `{called.name}`, which has errors")
    return found


def _is_about(found: Diagnostic, table: Table) -> bool:
    """Whether a finding is about a table, or about its file and no table by name."""
    if found.span.path != table.span.path:
        return False
    words = found.subject.replace(",", " ").split()
    if words[:1] in (["table"], ["decision"]) and len(words) > 1:
        return words[1] == table.name
    return True


def _through(found: Sequence[Difference]) -> list[Difference]:
    """Each with the tables that it calls whose answers differ."""
    changed = {
        table
        for each in found
        if each.regions
        for table in (each.old, each.new)
        if table is not None
    }
    told = []
    for each in found:
        names: dict[str, None] = {}
        for table in (each.new, each.old):
            if table is not None and each.regions:
                names.update(
                    (called.name, None)
                    for called in with_called(table)
                    if called is not table and called in changed
                )
        told.append(replace(each, through=tuple(names)))
    return told


__all__ = ["Change", "Pair", "State", "Verdict", "changes", "pairs"]
