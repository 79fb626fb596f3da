"""GAP125: a policy declares impossible what already is. GAP126: its declarations leave a table no case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import first_open
from gapless.analysis.domain.partition import covers
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import Impossibility, Table
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.source import Span


def emptying(unit: Unit) -> tuple[int, ...]:
    """The rules of the policy that together leave a table no case, none to spare; none where some is left."""
    numbers = _declared(unit)
    if not numbers or not _is_filled(unit, numbers):
        return ()
    for number in reversed(numbers):
        others = tuple(other for other in numbers if other != number)
        if _is_filled(unit, others):
            numbers = others
    return numbers


def _declared(unit: Unit) -> tuple[int, ...]:
    return tuple(n for n, rule in enumerate(unit.table.rules) if rule.declared is not None)


def _is_filled(unit: Unit, numbers: Sequence[int]) -> bool:
    """Whether rules hold in every case; where that is too hard to tell, not for certain."""
    boxes = [box for number in numbers for box in unit.parts[number]]
    with suppress(OverBudget):
        return bool(boxes) and first_open(unit.caller.whole, boxes, Work.on(len(boxes))) is None
    return False


def check(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Each finding once, however many tables it is true of."""
    emptied: dict[tuple[Span, ...], list[tuple[Unit, tuple[int, ...]]]] = {}
    for unit in compiled.units.values():
        if numbers := emptying(unit):
            by = tuple(unit.table.rules[number].span for number in numbers)
            emptied.setdefault(by, []).append((unit, numbers))
    for found in emptied.values():
        yield _emptied(found)
    guilty = {span for by in emptied for span in by}
    for policy in compiled.policies:
        for declared in policy.impossibilities:
            if declared.span not in guilty:
                yield from _needless(declared, compiled.units)


def _emptied(found: Sequence[tuple[Unit, tuple[int, ...]]]) -> Diagnostic:
    unit, numbers = found[0]
    rules = [unit.table.rules[number] for number in numbers]
    names = words.listed([f"`{rule.name}`" for rule in rules])
    tables = words.listed([f"`{each.table.name}`" for each, _ in found])
    together = " together" if len(rules) > 1 else ""
    last, *others = reversed(rules)
    return finding.error(
        f"impossible {last.name}",
        "GAP126",
        f"{names}{together} {'make' if others else 'makes'} every case of {tables} impossible",
        Label(last.span, "with this one, nothing is left" if others else "nothing is left"),
        *(Label(other.span, "this one takes some") for other in reversed(others)),
        *(Label(each.table.span, "no case of this can happen") for each, _ in found),
        helps=(
            f"narrow {names}, if such cases can happen",
            f"or delete {tables}, if they cannot",
        ),
    )


def _needless(declared: Impossibility, units: Mapping[Table, Unit]) -> Iterator[Diagnostic]:
    """Only where every table of which it is said has as much from one other declaration, or from all."""
    wider: set[Impossibility] | None = None
    idle = True
    for unit in units.values():
        for number in _declared(unit):
            if unit.table.rules[number].declared is declared:
                found = set(_wider(unit, number))
                wider = found if wider is None else wider & found
                idle = idle and _is_idle(unit, number)
    if wider is None or not (wider or idle):
        return
    others = sorted(wider, key=lambda each: each.span)[: finding.SHOWN]
    by = words.listed([f"`{each.name}`" for each in others]) or "other impossible cases"
    contain = "contains" if len(others) == 1 else "contain"
    yield finding.warning(
        f"impossible {declared.name}",
        "GAP125",
        f"`{declared.name}` excludes only cases that are impossible without it",
        Label(declared.span, f"{by} {contain} all of it"),
        *(Label(each.span, "this excludes as much, or more") for each in others),
        helps=(f"delete `{declared.name}`, or widen it to what was meant",),
    )


def _wider(unit: Unit, number: int) -> Iterator[Impossibility]:
    """Other declarations that hold wherever this one does; of two alike, the one that stands first."""
    rules, box = unit.table.rules, unit.boxes[number]
    for other in _declared(unit):
        wide, declared = unit.boxes[other], rules[other].declared
        if other == number or box is None or wide is None or declared is None:
            continue
        if covers(wide, box) and (wide != box or other < number):
            yield declared


def _is_idle(unit: Unit, number: int) -> bool:
    with suppress(OverBudget):
        return number not in unit.claims.deciding
    return False
