"""GAP101: no rule answers some cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gapless.analysis.decision.first_match import GAP
from gapless.analysis.domain.partition import Box
from gapless.analysis.regions import Regions, disjoint_regions
from gapless.analysis.unit import Unit
from gapless.checks.completeness import undecided
from gapless.checks.support import wording as said
from gapless.checks.support.nearest import nearest
from gapless.checks.support.proposal import aligned, proposals
from gapless.model import HitPolicy, OptionalType, RuleKind
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Region, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.claims.gap.at_least:
        found = disjoint_regions(unit, GAP, limit=said.ASKED)
        yield _counted(unit, found) if unit.following is None else _sought(unit, found)


def _counted(unit: Unit, found: Regions) -> Diagnostic:
    """Every case of every region happens, but those that are excluded, and not counted."""
    least = "" if unit.claims.gap.is_counted else "at least "
    title = f"no rule answers {least}{words.of(found.total, unit.cases)}"
    told = [said.region(unit, each.box, each.cases) for each in found.boxes]
    finding = _finding(unit, title, [each.box for each in found.boxes], told)
    size = Size(found.total, unit.cases)
    return replace(finding, notes=tuple(_notes(unit, found, told)), size=size)


def _sought(unit: Unit, found: Regions) -> Diagnostic:
    """Columns follow from others, so not every region need have a case: each is asked for one."""
    boxes = [each.box for each in found.boxes]
    real, doubtful = said.that_happen(unit, boxes)
    if not real:
        return undecided.not_realized(unit, doubtful or boxes)
    told = [said.region(unit, box) for box in (*real, *doubtful)]
    finding = _finding(unit, "no rule answers some cases", real, told)
    lines = _where(unit, real, told)
    open_ = [
        f"not found out: whether a case happens in which {said.where(unit, box)}; no rule answers it"
        for box in doubtful[: said.SHOWN]
    ]
    left = ["and more, which were not looked at"] if found.unshown else []
    return replace(finding, notes=(*lines, *_more(len(real)), *open_, *left, REFUSED))


REFUSED = "at run time each of these would be refused, never guessed"


def _finding(unit: Unit, title: str, boxes: Sequence[Box], told: Sequence[Region]) -> Diagnostic:
    return Diagnostic(
        "GAP101",
        Severity.ERROR,
        title,
        (Label(unit.table.span), *_nearest(unit, boxes[: said.SHOWN])),
        subject=said.subject(unit),
        helps=tuple(_helps(unit, boxes[: said.SHOWN])),
        witness=told[0].witness if told else None,
        regions=tuple(told),
    )


def _notes(unit: Unit, found: Regions, told: Sequence[Region]) -> Iterator[str]:
    yield from _where(unit, [each.box for each in found.boxes], told)
    if not found.boxes:
        yield "counted, not found: which cases these are was not found out"
    elif found.unshown:
        yield f"and more; the {said.SHOWN} largest regions are shown"
    yield from _more(len(found.boxes)) if not found.unshown else ()
    yield REFUSED


def _more(regions: int) -> Iterator[str]:
    more = regions - said.SHOWN
    if more > 0:
        yield f"and {words.count(more, 'more region')}; the {said.SHOWN} largest are shown"


def _where(unit: Unit, boxes: Sequence[Box], told: Sequence[Region]) -> Iterator[str]:
    """Where the largest regions are, how many cases each has if that is known, and one of them."""
    for box, region in zip(boxes[: said.SHOWN], told, strict=False):
        size = ""
        if region.cases is not None and len(boxes) > 1:
            size = f" ({words.part(region.cases, unit.cases)})"
        example = ""
        if region.cases != 1:
            sample = ", ".join(f"{name} = {value}" for name, value in region.witness or ())
            example = f"; for example {sample}"
        yield f"uncovered: {said.where(unit, box)}{size}{example}"


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
