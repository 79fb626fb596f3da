"""GAP102: two rules give different answers to the same case. GAP104: they overlap and agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gapless import words
from gapless.checks import said
from gapless.checks.differing import differing
from gapless.checks.needless import idle, redundant
from gapless.claims import disjoint
from gapless.model import HitPolicy, RuleKind
from gapless.overlaps import Overlap, overlaps
from gapless.space import Box, cases, covers
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Region, Repair, Severity, Size


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.table.policy is HitPolicy.FIRST:
        return
    met = list(overlaps(unit))
    conflicts = [each for each in met if each.outputs]
    reads_as_first = all(_is_exception(unit, each) for each in conflicts)
    yield from (_conflict(unit, each, reads_as_first=reads_as_first) for each in conflicts)
    alike = [each for each in met if not each.outputs]
    if unit.table.policy is HitPolicy.UNIQUE and alike:
        needless = _needless(unit, met)
        yield from (_harmless(unit, each) for each in alike if needless.isdisjoint(each[:2]))


def _is_exception(unit: Unit, conflict: Overlap) -> bool:
    """Whether the row that comes first is the narrower one: an exception to the other."""
    first, then = unit.boxes[conflict.earlier], unit.boxes[conflict.later]
    return first is not None and then is not None and first != then and covers(then, first)


def _needless(unit: Unit, met: Sequence[Overlap]) -> frozenset[int]:
    """Rules that could go, which is a finding of its own; so would their overlaps."""
    gone = idle(unit, met)
    return frozenset((*gone, *(each.rule for each in redundant(unit, gone, met))))


def _conflict(unit: Unit, overlap: Overlap, *, reads_as_first: bool) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in (overlap.earlier, overlap.later))
    found = cases(overlap.differing)
    columns = [unit.table.outputs[number].name for number in overlap.outputs]
    output = overlap.outputs[0]
    return Diagnostic(
        "GAP102",
        Severity.ERROR,
        f"rules `{one.name}` and `{other.name}` give different answers to {words.count(found)}",
        (
            Label(other.outcomes[output].span, f"{words.code(other.outcomes[output].text)} here"),
            Label(one.outcomes[output].span, f"{words.code(one.outcomes[output].text)} here"),
        ),
        subject=said.subject(unit, other, columns[0]),
        notes=tuple(_where(unit, overlap.differing, columns)),
        helps=tuple(_ways_out(unit, overlap, reads_as_first=reads_as_first)),
        size=Size(found, unit.cases),
        witness=_region(unit, overlap, said.widest(overlap.differing)).witness,
        regions=tuple(_region(unit, overlap, box) for box in overlap.differing),
    )


def _region(unit: Unit, overlap: Overlap, box: Box) -> Region:
    """A region in which two rules differ, with a case for which they do."""
    region = said.region(unit, box)
    case = differing(unit, overlap.earlier, overlap.later, box)
    if case is None:
        return region
    names = (column.name for column in unit.table.inputs)
    written = zip(names, map(words.literal, case), strict=True)
    return replace(region, witness=tuple(written))


def _where(unit: Unit, boxes: tuple[Box, ...], columns: list[str]) -> Iterator[str]:
    ordered = sorted(boxes, key=lambda box: -cases([box]))
    for box in ordered[: said.SHOWN]:
        yield f"both apply to: {said.where(unit, box)}"
    if len(boxes) > said.SHOWN:
        yield f"and to {len(boxes) - said.SHOWN} more regions"
    same = [column.name for column in unit.table.outputs if column.name not in columns]
    if same:
        listed = words.listed([f"`{name}`" for name in same])
        differ = words.listed([f"`{name}`" for name in columns])
        yield f"they agree on {listed}; they differ on {differ}"


def _ways_out(unit: Unit, overlap: Overlap, *, reads_as_first: bool) -> Iterator[Help]:
    pairs = ((overlap.earlier, overlap.later), (overlap.later, overlap.earlier))
    narrower = []
    for narrowed, kept in pairs:
        condition = f"if `{unit.table.rules[kept].name}` is right there, "
        narrower.append(_narrower(unit, narrowed, kept, condition))
    yield from (help for help in narrower if help is not None)
    if not any(narrower):
        yield Help(Repair.DECISION, "the rows ask the same: keep the one that is right")
    if unit.table.policy is HitPolicy.UNIQUE:
        otherwise = "or, if the row that comes first is to win everywhere, "
        if reads_as_first:
            otherwise = (
                "or, as every conflict here is between an exception and a wider row below it, "
            )
        yield Help(Repair.DECISION, f"{otherwise}make the hit policy `first`")


def _narrower(unit: Unit, narrowed: int, kept: int, condition: str = "") -> Help | None:
    """The cheapest way to take `kept`'s cases out of one cell of `narrowed`."""
    mine, theirs = unit.boxes[narrowed], unit.boxes[kept]
    assert mine is not None and theirs is not None
    ways = []
    for axis, (mask, other) in enumerate(zip(mine, theirs, strict=True)):
        if mask & ~other and unit.axes[axis].column.name in unit.table.written:
            removed = (*mine[:axis], mask & other, *mine[axis + 1 :])
            ways.append((_opened(unit, narrowed, removed), axis, mask & ~other))
    if not ways:
        return None
    opened, axis, mask = min(ways)
    rule, text = unit.table.rules[narrowed], words.cell(unit.axes[axis], mask)
    price = "opens no gap"
    if opened:
        rest = unit.rules(RuleKind.OTHERWISE)
        found = words.count(opened)
        price = f"leaves {found} to `otherwise`" if rest else f"opens {found}"
    column = unit.axes[axis].column.name
    return Help(
        Repair.DECISION,
        f"{condition}let `{rule.name}` say {words.code(text)} under `{column}` ({price})",
        edits=(Edit(rule.conditions[axis].span, text),),
    )


def _opened(unit: Unit, rule: int, removed: Box) -> int:
    """How many cases of `removed`, a part of a rule's box, only `otherwise` is left for, or nothing."""
    besides = {rule, *unit.rules(RuleKind.OTHERWISE)}
    others = [each.box for each in unit.claims.met_by(rule) if each.rule not in besides]
    return cases(disjoint(unit.inputs_in(removed), others))


def _harmless(unit: Unit, overlap: Overlap) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in (overlap.earlier, overlap.later))
    found = cases(overlap.boxes)
    region = said.region(unit, said.widest(overlap.boxes))
    return Diagnostic(
        "GAP104",
        Severity.WARNING,
        f"rules `{one.name}` and `{other.name}` both answer {words.count(found)}, alike",
        (Label(other.span, "this row"), Label(one.span, "and this one")),
        subject=said.subject(unit, other),
        notes=(
            f"both apply to: {said.where(unit, said.widest(overlap.boxes))}",
            "no answer is wrong; but `unique` promises that one row answers each case",
        ),
        helps=(
            *(
                help
                for help in (_narrower(unit, overlap.later, overlap.earlier),)
                if help is not None
            ),
            Help(Repair.DECISION, "or, if rows may overlap as long as they agree, say `any`"),
        ),
        size=Size(found, unit.cases),
        witness=region.witness,
        regions=tuple(said.region(unit, box) for box in overlap.boxes),
    )
