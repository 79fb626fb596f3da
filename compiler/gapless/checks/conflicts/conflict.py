"""GAP102: two rules give different answers to the same case. GAP104: they overlap and agree.

A rule that meets many others so is told once, with all of them; what is left is told pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from gapless.analysis.arithmetic.solver import Answer
from gapless.analysis.domain.answers import Nothing
from gapless.analysis.domain.partition import Box, cases, volume
from gapless.analysis.overlaps import Overlap, overlaps
from gapless.analysis.unit import Unit, answered
from gapless.checks.conflicts.fitting import is_narrower, policies
from gapless.checks.support import crowded
from gapless.checks.support import wording as said
from gapless.checks.support.differing import differing
from gapless.checks.support.hubs import gathered
from gapless.checks.support.narrowing import narrowing
from gapless.checks.support.needless import idle, redundant
from gapless.model import HitPolicy
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Region, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.table.policy is HitPolicy.FIRST:
        return
    met = [each for overlap in overlaps(unit) if (each := _that_happens(unit, overlap)).boxes]
    conflicts = [each for each in met if each.outputs]
    hubs, pairs = gathered(conflicts)
    found = [crowded.conflict(unit, hub, region) for hub in hubs]
    found += [_conflict(unit, each, tuple(_exceptions(unit, each))) for each in pairs]
    yield from _with_policies(unit, conflicts, found)
    alike = [each for each in met if not each.outputs]
    if unit.table.policy is HitPolicy.UNIQUE and alike:
        needless = _needless(unit, met)
        hubs, pairs = gathered([each for each in alike if needless.isdisjoint(each[:2])])
        yield from (crowded.harmless(unit, hub, SAY_ANY, region) for hub in hubs)
        yield from (_harmless(unit, each) for each in pairs)


def _that_happens(unit: Unit, overlap: Overlap) -> Overlap:
    """The same, without boxes in which two rules never meet or differ, for columns follow from others."""
    if unit.following is None:
        return overlap
    one, other, *_ = overlap
    boxes = _but(overlap.boxes, lambda box: unit.case(box) is Answer.NEVER)
    apart = _but(overlap.differing, lambda box: differing(unit, one, other, box) is Answer.NEVER)
    return Overlap(one, other, boxes, overlap.outputs if apart else (), apart)


def _but(boxes: Sequence[Box], never: Callable[[Box], bool]) -> tuple[Box, ...]:
    """The boxes but those of which it is so; only the largest few are asked about."""
    asked = sorted(boxes, key=volume, reverse=True)[: said.ASKED]
    gone = {box for box in asked if never(box)}
    return tuple(box for box in boxes if box not in gone)


SAY_ANY = Help(Repair.DECISION, "or, if rows may overlap as long as they agree, say `any`")


def _with_policies(
    unit: Unit, conflicts: Sequence[Overlap], found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """The findings, of which the first to be read says what another hit policy would make of all."""
    first = min(found, key=lambda each: each.span, default=None)
    for each in found:
        if each is first:
            yield replace(each, helps=(*each.helps, *policies(unit, conflicts)))
        else:
            yield each


def _exceptions(unit: Unit, conflict: Overlap) -> Iterator[Help]:
    """That the narrower of two rows may be meant as an exception to the other."""
    for one, other in (conflict[:2], conflict[1::-1]):
        if not unit.table.policy.is_ordered and is_narrower(unit, one, other):
            special, general = (unit.table.rules[number].name for number in (one, other))
            text = f"or, if `{special}` is an exception, name it `{special} over {general}` and say why"
            yield Help(Repair.DECISION, text)


def _needless(unit: Unit, met: Sequence[Overlap]) -> frozenset[int]:
    """Rules that could go, which is a finding of its own; so would their overlaps."""
    gone = idle(unit, met)
    return frozenset((*gone, *(each.rule for each in redundant(unit, gone, met))))


def region(unit: Unit, overlap: Overlap, box: Box) -> Region:
    """A region in which two rules meet, with a case for which they differ, if there they do."""
    one, other = (unit.table.rules[number].name for number in (overlap.earlier, overlap.later))
    found = replace(said.region(unit, box), rules=(one, other))
    if not overlap.outputs:
        return found
    case = differing(unit, overlap.earlier, overlap.later, box)
    return replace(found, witness=said.case(unit, case))


def _conflict(unit: Unit, overlap: Overlap, policies: Sequence[Help]) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in (overlap.earlier, overlap.later))
    found = cases(overlap.differing)
    columns = [unit.table.outputs[number].name for number in overlap.outputs]
    output = overlap.outputs[0]
    told = _told(unit, overlap.differing)
    regions = {box: region(unit, overlap, box) for box in told}
    return Diagnostic(
        "GAP102",
        Severity.ERROR,
        f"rules `{one.name}` and `{other.name}` give different answers to {said.count(unit, found)}",
        (
            said.answer(other, output),
            said.answer(one, output),
        ),
        subject=said.subject(unit, other, columns[0]),
        notes=tuple(_where(unit, overlap, regions)),
        helps=(*_ways_out(unit, overlap), *policies),
        size=said.size(unit, found),
        witness=next(each.witness for each in _shown_first(regions, told)),
        regions=tuple(regions.values()),
    )


def _told(unit: Unit, boxes: Sequence[Box]) -> Sequence[Box]:
    """The regions to tell of: all, or the widest where a case of each has to be searched for."""
    return (
        boxes if unit.following is None else sorted(boxes, key=volume, reverse=True)[: said.SHOWN]
    )


def _shown_first(regions: Mapping[Box, Region], boxes: Sequence[Box]) -> list[Region]:
    """The widest region first, but one with a case before one without."""
    widest = said.widest(boxes)
    found = sorted(regions.items(), key=lambda each: (each[1].witness is None, each[0] != widest))
    return [each for _, each in found]


def _where(unit: Unit, overlap: Overlap, regions: Mapping[Box, Region]) -> Iterator[str]:
    ordered = sorted(overlap.differing, key=lambda box: -cases([box]))
    for box in ordered[: said.SHOWN]:
        yield f"both apply to: {said.where(unit, box)}"
    if len(ordered) > said.SHOWN:
        yield f"and to {len(ordered) - said.SHOWN} more regions"
    yield from said.agreeing(unit, overlap.outputs)
    if all(region.witness is None for region in regions.values()):
        yield said.DOUBTFUL
    silent = [number for number in overlap[:2] if _is_silent(unit, number, overlap.differing)]
    yield from (
        f"`{unit.table.rules[number].name}` asks a table that has no answer to some of them"
        for number in silent
    )


def _is_silent(unit: Unit, number: int, boxes: Sequence[Box]) -> bool:
    """Whether what a rule is to answer has no value somewhere in the boxes."""
    return any(
        isinstance(piece.answer, Nothing)
        for outcome in unit.table.rules[number].outcomes
        for box in boxes
        for piece in answered(unit, outcome.value, box)
    )


def _ways_out(unit: Unit, overlap: Overlap) -> Iterator[Help]:
    pairs = ((overlap.earlier, overlap.later), (overlap.later, overlap.earlier))
    narrower = []
    for narrowed, kept in pairs:
        condition = f"if `{unit.table.rules[kept].name}` is right there, "
        narrower.append(narrowing(unit, narrowed, [kept], condition))
    yield from (help for help in narrower if help is not None)
    if not any(narrower):
        yield Help(Repair.DECISION, "the rows ask the same: keep the one that is right")


def _harmless(unit: Unit, overlap: Overlap) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in (overlap.earlier, overlap.later))
    found, widest = cases(overlap.boxes), said.widest(overlap.boxes)
    narrower = narrowing(unit, overlap.later, [overlap.earlier])
    regions = {box: region(unit, overlap, box) for box in _told(unit, overlap.boxes)}
    return Diagnostic(
        "GAP104",
        Severity.WARNING,
        f"rules `{one.name}` and `{other.name}` both answer {said.count(unit, found)}, alike",
        (Label(other.span, "this row"), Label(one.span, "and this one")),
        subject=said.subject(unit, other),
        notes=(
            f"both apply to: {said.where(unit, widest)}",
            *((said.DOUBTFUL,) if all(each.witness is None for each in regions.values()) else ()),
            said.PROMISED,
        ),
        helps=(*([narrower] if narrower else []), SAY_ANY),
        size=said.size(unit, found),
        witness=next(each.witness for each in _shown_first(regions, [*regions])),
        regions=tuple(regions.values()),
    )
