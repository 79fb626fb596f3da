"""GAP129: the guard of a step that never holds, or always does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.analysis.composition.calls import asked
from gapless.analysis.coverage.cover import first_open
from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.source import Span

NEVER = (
    "is never asked",
    "no case that can happen passes this",
    "widen the guard, if there are cases that it should let in",
    "or delete the step, if nothing needs it",
)
ALWAYS = (
    "is always asked",
    "every case that can happen passes this",
    "leave out what follows `when`, if it is not needed",
    "or narrow it, if some cases should pass the step by",
)


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Several lets of one step have one guard, which is told of once."""
    seen: set[Span] = set()
    for let in unit.table.lets:
        if not let.guard or let.guard[0].condition.span in seen:
            continue
        first, last = let.guard[0].condition.span, let.guard[-1].condition.span
        seen.add(first)
        inside, outside = asked(let.guard, unit.caller, unit.axes)
        for boxes, (title, label, *helps) in ((inside, NEVER), (outside, ALWAYS)):
            if not _happens(unit, boxes):
                name = let.column.name.partition(".")[0]
                yield finding.warning(
                    unit,
                    "GAP129",
                    f"step `{name}` {title}",
                    Label(Span(first.path, first.start, last.end), label),
                    column=name,
                    helps=helps,
                )
                break


def _happens(unit: Unit, boxes: Sequence[Box]) -> bool:
    """Whether some case in the boxes is not excluded."""
    return any(first_open(box, unit.excluded) is not None for box in boxes)
