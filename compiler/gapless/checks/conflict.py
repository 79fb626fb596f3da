"""GAP102: two rules give different answers to the same case. GAP104: they overlap and agree.

A rule that meets many others so is told once, with all of them; what is left is told pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gapless import words
from gapless.checks import crowded, said
from gapless.checks.differing import differing
from gapless.checks.fitting import is_narrower, policies
from gapless.checks.hubs import gathered
from gapless.checks.narrowing import narrowing
from gapless.checks.needless import idle, redundant
from gapless.model import HitPolicy
from gapless.overlaps import Overlap, overlaps
from gapless.space import Box, cases, volume
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Region, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.table.policy is HitPolicy.FIRST:
        return
    met = list(overlaps(unit))
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
    case = differing(unit, overlap.earlier, overlap.later, box) if overlap.outputs else None
    if case is None:
        return found if unit.following is None else replace(found, witness=())
    names = (column.name for column in unit.table.inputs)
    written = zip(names, map(words.literal, case), strict=True)
    return replace(found, witness=tuple(written))


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
        f"rules `{one.name}` and `{other.name}` give different answers to {words.count(found)}",
        (
            said.answer(other, output),
            said.answer(one, output),
        ),
        subject=said.subject(unit, other, columns[0]),
        notes=tuple(_where(unit, overlap)),
        helps=(*_ways_out(unit, overlap), *policies),
        size=Size(found, unit.cases),
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
    found = sorted(regions.items(), key=lambda each: (not each[1].witness, each[0] != widest))
    return [each for _, each in found]


def _where(unit: Unit, overlap: Overlap) -> Iterator[str]:
    ordered = sorted(overlap.differing, key=lambda box: -cases([box]))
    for box in ordered[: said.SHOWN]:
        yield f"both apply to: {said.where(unit, box)}"
    if len(ordered) > said.SHOWN:
        yield f"and to {len(ordered) - said.SHOWN} more regions"
    yield from said.agreeing(unit, overlap.outputs)
    if unit.following is not None and not any(
        region(unit, overlap, box).witness for box in ordered[: said.SHOWN]
    ):
        yield "a case in which they differ was not found, nor a proof that there is none"


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
    regions = {box: region(unit, overlap, box) for box in overlap.boxes}
    return Diagnostic(
        "GAP104",
        Severity.WARNING,
        f"rules `{one.name}` and `{other.name}` both answer {words.count(found)}, alike",
        (Label(other.span, "this row"), Label(one.span, "and this one")),
        subject=said.subject(unit, other),
        notes=(f"both apply to: {said.where(unit, widest)}", said.PROMISED),
        helps=(*([narrower] if narrower else []), SAY_ANY),
        size=Size(found, unit.cases),
        witness=regions[widest].witness,
        regions=tuple(regions.values()),
    )
