"""GAP129: the guard of a step that never holds, or always does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.composition.calls import asked
from gapless.analysis.coverage.cover import first_open
from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import Let
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Span


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Several lets of one step have one guard, which is told of once."""
    seen: set[Span] = set()
    for let in unit.table.lets:
        if not let.guard or let.guard[0].condition.span in seen:
            continue
        seen.add(let.guard[0].condition.span)
        inside, outside = asked(let.guard, unit.caller, unit.axes)
        if not _happens(unit, inside):
            yield _finding(unit, let, "is never asked", "no case that can happen passes this")
        elif not _happens(unit, outside):
            yield _finding(unit, let, "is always asked", "every case that can happen passes this")


def _happens(unit: Unit, boxes: Sequence[Box]) -> bool:
    """Whether some case in the boxes is not excluded."""
    return any(first_open(box, unit.excluded) is not None for box in boxes)


def _finding(unit: Unit, let: Let, title: str, label: str) -> Diagnostic:
    name = let.column.name.partition(".")[0]
    first, last = let.guard[0].condition.span, let.guard[-1].condition.span
    never = title == "is never asked"
    return Diagnostic(
        "GAP129",
        Severity.WARNING,
        f"step `{name}` {title}",
        (Label(Span(first.path, first.start, last.end), label),),
        subject=said.subject(unit, column=name),
        helps=(
            Help(Repair.DECISION, "widen the guard, if there are cases that it should let in")
            if never
            else Help(Repair.DECISION, "leave out what follows `when`, if it is not needed"),
            Help(Repair.DECISION, "or delete the step, if nothing needs it")
            if never
            else Help(Repair.DECISION, "or narrow it, if some cases should pass the step by"),
        ),
    )
