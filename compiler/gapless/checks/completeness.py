"""GAP101: no rule answers some cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless import words
from gapless.checks import said, undecided
from gapless.checks.nearest import nearest
from gapless.checks.proposal import aligned, proposals
from gapless.decision import GAP
from gapless.model import HitPolicy, OptionalType, RuleKind
from gapless.regions import Regions, regions
from gapless.space import Box
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    gap = unit.claims.gap
    if not gap.at_least:
        return
    found = regions(unit, GAP, limit=4 * said.SHOWN)
    boxes = [each.box for each in found.boxes]
    if unit.following is not None and not _shown(unit, boxes):
        yield undecided.not_realized(unit, boxes)
        return
    least = "" if gap.is_counted else "at least "
    yield Diagnostic(
        "GAP101",
        Severity.ERROR,
        f"no rule answers {least}{words.of(found.total, unit.cases)}",
        (Label(unit.table.span), *_nearest(unit, boxes[: said.SHOWN])),
        subject=said.subject(unit),
        notes=tuple(_notes(unit, found)),
        helps=tuple(_helps(unit, boxes[: said.SHOWN])),
        size=Size(found.total, unit.cases),
        witness=said.region(unit, boxes[0]).witness if boxes else (),
        regions=tuple(said.region(unit, each.box, each.cases) for each in found.boxes),
    )


def _shown(unit: Unit, boxes: Sequence[Box]) -> bool:
    """Whether some region has a case that can be shown: derived columns may not go together at all."""
    return any(said.region(unit, box).witness for box in boxes)


def _notes(unit: Unit, found: Regions) -> Iterator[str]:
    for each in found.boxes[: said.SHOWN]:
        size = f" ({words.part(each.cases, unit.cases)})" if len(found.boxes) > 1 else ""
        example = ""
        if each.cases > 1:
            sample = ", ".join(
                f"{name} = {value}" for name, value in said.region(unit, each.box).witness
            )
            example = f"; for example {sample}"
        yield f"uncovered: {said.where(unit, each.box)}{size}{example}"
    more = len(found.boxes) - said.SHOWN
    if not found.boxes:
        yield "counted, not found: which cases these are was not found out"
    elif found.unshown:
        yield f"and more; the {said.SHOWN} largest regions are shown"
    elif more > 0:
        yield f"and {words.count(more, 'more region')}; the {said.SHOWN} largest are shown"
    yield "at run time each of these would be refused, never guessed"


def _nearest(unit: Unit, boxes: Sequence[Box]) -> Iterator[Label]:
    """For each region, the cell that alone keeps some rule from answering it."""
    seen = set()
    for box in boxes:
        near = nearest(unit, box)
        if near is not None and near not in seen:
            seen.add(near)
            text = words.cell(unit.axes[near.axis], box[near.axis])
            span = unit.lowered.cells[near.rule][near.axis].span
            yield Label(span, f"no row like this one says {words.code(text)} here")


def _helps(unit: Unit, boxes: Sequence[Box]) -> Iterator[Help]:
    if unit.table.crosstab:
        yield Help(
            Repair.DECISION,
            "fill the crossings that say `-`, or add a row or a head for these cases",
        )
    rows = [] if unit.table.crosstab else proposals(unit, boxes)
    if rows:
        one = len(rows) == 1
        text = (
            "add this row and fill its outcome" if one else "add these rows and fill their outcomes"
        )
        yield Help(Repair.DECISION, text, lines=aligned(unit, rows))
    absent = _unwritten(unit, boxes)
    if not rows and absent:
        yield Help(
            Repair.DECISION,
            f"the grid has no column {words.listed(absent, 'or')}: add it to tell these cases apart",
        )
    if unit.table.policy.is_collecting and not unit.rules(RuleKind.OTHERWISE):
        or_ = "or, " if rows else ""
        text = f"{or_}if it is an answer that no row applies, say so and why"
        yield Help(Repair.DECISION, text, lines=(_none(unit),))
    or_ = "or, " if rows else ""
    yield Help(
        Repair.DECISION,
        f"{or_}if it cannot happen, write `impossible` as the outcome and why under `because`",
    )


def _none(unit: Unit) -> str:
    """The row that says what is answered where no other applies."""
    nothing = "0"
    if unit.table.policy.lists:
        nothing = "[]"
    elif unit.table.policy in (HitPolicy.MIN, HitPolicy.MAX):
        nothing = "?"
    if any(isinstance(column.type, OptionalType) for column in unit.table.outputs):
        nothing = "missing"
    cells = " | ".join(nothing for _ in unit.table.outputs)
    return f"| otherwise || {cells} ||"


def _unwritten(unit: Unit, boxes: Sequence[Box]) -> list[str]:
    """Inputs that the regions depend on and the grid does not show."""
    narrowed = {
        column.name
        for box in boxes
        for column, mask, axis in zip(unit.table.inputs, box, unit.axes, strict=False)
        if mask != axis.whole and column.name not in unit.table.written
    }
    return [f"`{column.name}`" for column in unit.table.inputs if column.name in narrowed]
