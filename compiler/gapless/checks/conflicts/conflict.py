"""GAP102: two rules give different answers to the same case. GAP104: they overlap and agree.

A rule that meets many others so is told once, with all of them; what is left is told pair by pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from heapq import heapify, heappop, heappush
from itertools import chain, islice, product
from operator import or_
from typing import NamedTuple

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.arithmetic.solver import solve
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.coverage.cover import disjoint, open_parts
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.answers import Nothing
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Other, Run, cases, meet, volume
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.overlaps import Overlap, overlaps
from gapless.analysis.unit import Unit, answered
from gapless.checks.conflicts import hit_policy
from gapless.checks.support import finding
from gapless.checks.support.masking import idle, redundant
from gapless.model import HitPolicy, RuleKind, Value
from gapless.semantics import Answered, evaluate
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Region, Witness, decision

SAY_ANY = "or, if rows may overlap as long as they agree, say `any`"


def check(unit: Unit) -> Iterator[Diagnostic]:
    if unit.table.policy is HitPolicy.FIRST:
        return
    met = [each for overlap in overlaps(unit) if (each := _that_happens(unit, overlap)).boxes]
    conflicts = [each for each in met if each.outputs]
    hubs, pairs = grouped(conflicts)
    found = [_grouped_conflict(unit, hub) for hub in hubs]
    found += [_conflict(unit, each) for each in pairs]
    first = min(found, key=lambda each: each.span, default=None)
    for told in found:  # the first to be read says what another hit policy would make of all
        helps = map(decision, hit_policy.others(unit, conflicts)) if told is first else ()
        yield replace(told, helps=(*told.helps, *helps))
    alike = [each for each in met if not each.outputs]
    if unit.table.policy is HitPolicy.UNIQUE and alike:
        # Rules that could go are a finding of its own; so would their overlaps.
        gone = idle(unit, met)
        needless = {*gone, *(each.rule for each in redundant(unit, gone, met))}
        hubs, pairs = grouped([each for each in alike if needless.isdisjoint(each[:2])])
        yield from (_grouped_overlap(unit, hub) for hub in hubs)
        yield from (_overlap(unit, each) for each in pairs)


def _that_happens(unit: Unit, overlap: Overlap) -> Overlap:
    """The same, without boxes in which two rules never meet or differ, for columns follow from others."""
    if unit.following is None:
        return overlap
    one, other, *_ = overlap

    def but(boxes: Sequence[Box], shown: Callable[[Box], Case | Unsolved]) -> tuple[Box, ...]:
        """The boxes but those without a case; only the largest few are asked about."""
        asked = sorted(boxes, key=volume, reverse=True)[: finding.ASKED]
        gone = {box for box in asked if shown(box) is Unsolved.NEVER}
        return tuple(box for box in boxes if box not in gone)

    boxes = but(overlap.boxes, unit.case)
    apart = but(overlap.differing, lambda box: differing(unit, one, other, box))
    return Overlap(one, other, boxes, overlap.outputs if apart else (), apart)


# ---------------------------------------------------------------- pair by pair


def _conflict(unit: Unit, overlap: Overlap) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in overlap[:2])
    found, output = cases(overlap.differing), overlap.outputs[0]
    told = _told(unit, overlap.differing)
    regions = {box: _region(unit, overlap, box) for box in told}
    return finding.error(
        unit,
        "GAP102",
        f"rules `{one.name}` and `{other.name}` give different answers to {finding.count(unit, found)}",
        _answer(unit, overlap.later, output),
        _answer(unit, overlap.earlier, output),
        rule=other,
        column=unit.table.outputs[output].name,
        notes=_where(unit, overlap, regions),
        helps=(*_ways_out(unit, overlap), *_exceptions(unit, overlap)),
        cases=found,
        witness=_shown(regions, told),
        regions=regions.values(),
    )


def _overlap(unit: Unit, overlap: Overlap) -> Diagnostic:
    one, other = (unit.table.rules[number] for number in overlap[:2])
    found = cases(overlap.boxes)
    narrower = narrowing(unit, overlap.later, [overlap.earlier])
    regions = {box: _region(unit, overlap, box) for box in _told(unit, overlap.boxes)}
    witness = _shown(regions, [*regions])
    return finding.warning(
        unit,
        "GAP104",
        f"rules `{one.name}` and `{other.name}` both answer {finding.count(unit, found)}, alike",
        Label(other.span, "this row"),
        Label(one.span, "and this one"),
        rule=other,
        notes=(
            f"both apply to: {finding.where(unit, finding.widest(overlap.boxes))}",
            *finding.doubt(witness),
            finding.PROMISED,
        ),
        helps=(*([narrower] if narrower else []), SAY_ANY),
        cases=found,
        witness=witness,
        regions=regions.values(),
    )


def _answer(unit: Unit, rule: int, output: int) -> Label:
    """What a rule says in one output; a draft says in none."""
    row = unit.table.rules[rule]
    if row.kind is RuleKind.DRAFT:
        return Label(row.span, "a draft: no answer")
    return Label(row.outcomes[output].span, f"`{row.outcomes[output].text}` here")


def _region(unit: Unit, overlap: Overlap, box: Box) -> Region:
    """A region in which two rules meet, with a case for which they differ, if there they do."""
    one, other = (unit.table.rules[number].name for number in overlap[:2])
    found = finding.region(unit, box, rules=(one, other))
    if not overlap.outputs:
        return found
    return replace(found, witness=finding.witness(unit, differing(unit, *overlap[:2], box)))


def _told(unit: Unit, boxes: Sequence[Box]) -> Sequence[Box]:
    """The regions to tell of: all, or the widest where a case of each has to be searched for."""
    return (
        boxes
        if unit.following is None
        else sorted(boxes, key=volume, reverse=True)[: finding.SHOWN]
    )


def _shown(regions: Mapping[Box, Region], boxes: Sequence[Box]) -> Witness:
    """The case of the widest region, or else of one that has a case."""
    known = {box: region.witness for box, region in regions.items()}
    tried = (known[finding.widest(boxes)], *known.values())
    return next((witness for witness in tried if witness is not None), None)


def _where(unit: Unit, overlap: Overlap, regions: Mapping[Box, Region]) -> Iterator[str]:
    ordered = sorted(overlap.differing, key=lambda box: -cases([box]))
    for box in ordered[: finding.SHOWN]:
        yield f"both apply to: {finding.where(unit, box)}"
    if len(ordered) > finding.SHOWN:
        yield f"and to {len(ordered) - finding.SHOWN} more regions"
    yield from _agreeing(unit, overlap.outputs)
    if all(region.witness is None for region in regions.values()):
        yield finding.DOUBTFUL
    for number in overlap[:2]:
        rule = unit.table.rules[number]
        if any(
            isinstance(piece.answer, Nothing)
            for outcome in rule.outcomes
            for box in overlap.differing
            for piece in answered(unit, outcome.value, box)
        ):
            yield f"`{rule.name}` asks a table that has no answer to some of them"


def _agreeing(unit: Unit, differing: Sequence[int]) -> Iterator[str]:
    """In which outputs rules agree that differ in some; nothing where they differ in all."""
    names = [f"`{column.name}`" for column in unit.table.outputs]
    same = [name for number, name in enumerate(names) if number not in differing]
    if same:
        differ = words.listed([names[number] for number in differing])
        yield f"they agree on {words.listed(same)}; they differ on {differ}"


def _ways_out(unit: Unit, overlap: Overlap) -> Iterator[Help | str]:
    helps = [
        narrowing(unit, narrowed, [kept], f"if `{unit.table.rules[kept].name}` is right there, ")
        for narrowed, kept in (overlap[:2], overlap[1::-1])
    ]
    yield from filter(None, helps)
    if not any(helps):
        yield "the rows ask the same: keep the one that is right"


def _exceptions(unit: Unit, conflict: Overlap) -> Iterator[str]:
    """That the narrower of two rows may be meant as an exception to the other."""
    for one, other in (conflict[:2], conflict[1::-1]):
        if not unit.table.policy.is_ordered and hit_policy.is_narrower(unit, one, other):
            special, general = (unit.table.rules[number].name for number in (one, other))
            yield f"or, if `{special}` is an exception, name it `{special} over {general}` and say why"


# ---------------------------------------------------------------- one rule with many


def _grouped_conflict(unit: Unit, hub: Hub) -> Diagnostic:
    """A rule differs from many others."""
    found, least = _size(unit, hub)
    rule = unit.table.rules[hub.rule]
    outputs = sorted({number for each in hub.meetings for number in each.overlap.outputs})
    shown = hub.meetings[: finding.SHOWN]
    own = dict.fromkeys(each.overlap.outputs[0] for each in shown)
    return finding.error(
        unit,
        "GAP102",
        f"rule `{rule.name}` answers {least}{finding.count(unit, found)} differently from "
        f"{len(hub.others)} other rules",
        *(_answer(unit, hub.rule, output) for output in own),
        *(_answer(unit, each.other, each.overlap.outputs[0]) for each in shown),
        rule=rule,
        column=unit.table.outputs[hub.meetings[0].overlap.outputs[0]].name,
        notes=(*_with(unit, hub), *_agreeing(unit, outputs)),
        helps=_ways_out_of_all(unit, hub),
        cases=found,
        witness=_witness(unit, hub),
        regions=_regions(unit, hub),
    )


def _grouped_overlap(unit: Unit, hub: Hub) -> Diagnostic:
    """A rule overlaps with many others, and agrees with them."""
    found, least = _size(unit, hub)
    rule = unit.table.rules[hub.rule]
    narrower = narrowing(unit, hub.rule, hub.others)
    return finding.warning(
        unit,
        "GAP104",
        f"rule `{rule.name}` and {len(hub.others)} other rules answer {least}"
        f"{finding.count(unit, found)} alike",
        Label(rule.span, "this row"),
        *(Label(unit.table.rules[n].span, "and this one") for n in hub.others[: finding.SHOWN]),
        rule=rule,
        notes=(*_with(unit, hub), finding.PROMISED),
        helps=(narrower or "narrow the other rows to what they add", SAY_ANY),
        cases=found,
        witness=_witness(unit, hub),
        regions=_regions(unit, hub),
    )


def _size(unit: Unit, hub: Hub) -> tuple[int, str]:
    found, is_all = concerned(unit, hub)
    return found, "" if is_all or unit.following else "at least "


def _with(unit: Unit, hub: Hub) -> Iterator[str]:
    for each in hub.meetings[: finding.SHOWN]:
        more = f", and {words.count(len(each.boxes) - 1, 'more region')}" * (len(each.boxes) > 1)
        where = finding.where(unit, finding.widest(each.boxes))
        name = unit.table.rules[each.other].name
        yield f"with `{name}` in {finding.count(unit, each.cases)}: {where}{more}"
    if len(hub.meetings) > finding.SHOWN:
        yield f"and with {words.count(len(hub.meetings) - finding.SHOWN, 'more rule')}"


def _ways_out_of_all(unit: Unit, hub: Hub) -> Iterator[Help | str]:
    name = unit.table.rules[hub.rule].name
    narrower = narrowing(unit, hub.rule, hub.others, "if the others are right there, ")
    split = f"if the others are right there, split `{name}` into rows beside them, or delete it"
    yield narrower or split
    yield f"if `{name}` is right there, narrow each of the others"


def _witness(unit: Unit, hub: Hub) -> Witness:
    most = hub.meetings[0]
    return _region(unit, most.overlap, finding.widest(most.boxes)).witness


def _regions(unit: Unit, hub: Hub) -> Iterator[Region]:
    for each in hub.meetings:
        boxes = each.boxes if unit.following is None else each.boxes[:1]  # a case is searched for
        yield from (_region(unit, each.overlap, box) for box in boxes)


# ---------------------------------------------------------------- which pairs have one cause

MANY = 3
"""A rule in so many pairs is a cause of its own; two pairs are told as quickly as one hub."""


class Meeting(NamedTuple):
    """Rule `other` shares disjoint `boxes` of so many cases with a hub, as `overlap` says."""

    other: int
    overlap: Overlap
    boxes: tuple[Box, ...]
    cases: int


class Hub(NamedTuple):
    """A rule that meets many: with each of them, those first with which it shares most cases."""

    rule: int
    meetings: tuple[Meeting, ...]

    @property
    def others(self) -> tuple[int, ...]:
        return tuple(each.other for each in self.meetings)


class Grouped(NamedTuple):
    """Pairs sorted by cause: every pair is one hub's, or one of those told by themselves."""

    hubs: tuple[Hub, ...]
    pairs: tuple[Overlap, ...]


def grouped(overlaps: Sequence[Overlap]) -> Grouped:
    """The rule with most pairs takes them all, then the one with most of those that are left.

    Of rules with as many, the one that shares more cases, then the first.
    """
    left: dict[int, dict[int, Meeting]] = defaultdict(dict)
    shared: dict[int, int] = defaultdict(int)
    for each in overlaps:
        boxes = boxes_of(each)
        for rule, other in (each[:2], each[1::-1]):
            left[rule][other] = Meeting(other, each, boxes, cases(boxes))
            shared[rule] += cases(boxes)

    def weight(rule: int) -> tuple[int, int, int]:
        return -len(left[rule]), -shared[rule], rule

    heap = [weight(rule) for rule in left]
    heapify(heap)
    hubs: list[Hub] = []
    while heap:
        known = heappop(heap)
        rule = known[-1]
        if known != weight(rule):
            heappush(heap, weight(rule))  # a hub took some of its pairs
            continue
        if len(left[rule]) < MANY:
            break
        taken = left.pop(rule).values()
        for meeting in taken:
            del left[meeting.other][rule]
            shared[meeting.other] -= meeting.cases
        hubs.append(Hub(rule, tuple(sorted(taken, key=lambda each: (-each.cases, each.other)))))
    gone = {id(each.overlap) for hub in hubs for each in hub.meetings}
    return Grouped(tuple(hubs), tuple(each for each in overlaps if id(each) not in gone))


def boxes_of(overlap: Overlap) -> tuple[Box, ...]:
    """The cases in which a pair differs, or, if in none, those that it shares."""
    return overlap.differing or overlap.boxes


def concerned(unit: Unit, hub: Hub) -> tuple[int, bool]:
    """How many cases the hub shares with any of the others, each counted once, and whether that is all.

    Where counting them takes too long, those shared with one other, at least so many.
    """
    boxes = list(chain.from_iterable(each.boxes for each in hub.meetings))
    work = Work.on(len(boxes))
    found = 0
    try:
        for part in unit.parts[hub.rule]:
            inside = [both for box in boxes if (both := meet(part, box)) is not None]
            found += cases([part]) - cases(open_parts(part, inside, work))
    except OverBudget:
        return hub.meetings[0].cases, False
    return found, True


# ---------------------------------------------------------------- a case in which they differ

TRIED = 1024
"""How many cases are looked at: far more than there are ways for a few passed-on columns to be equal."""

_APART = 4
"""How many values of one stretch are tried: as many columns can all be different."""


def differing(unit: Unit, one: int, other: int, box: Box) -> Case | Unsolved:
    """A case in `box` for which rules `one` and `other` give different answers; or why none is shown.

    In most boxes any case will do. But where an answer is a column passed on, the columns of two
    rules may happen to be equal in the very case that would be shown.
    """
    rules = (unit.table.rules[one], unit.table.rules[other])
    both = replace(unit.table, policy=HitPolicy.ANY, rules=rules)
    names = [column.name for column in unit.table.inputs]

    def differs(case: Case) -> bool:
        meaning = evaluate(both, dict(zip(names, case, strict=True)))
        return not isinstance(meaning, Answered)  # an absent answer is like no other

    if unit.following is not None:
        return solve(unit.following, box, lambda case: differs(case.inputs))
    cases = islice(_cases(unit.axes[: unit.inputs], box), TRIED)
    return next((case for case in cases if differs(case)), Unsolved.UNKNOWN)


def _cases(axes: Sequence[Axis], box: Box) -> Iterator[Case]:
    """First the case that is shown of a box anyway, then those of one column changed, then others."""
    values = [
        [value for number in islice(bits(mask), _APART) for value in _within(axis, number)]
        for axis, mask in zip(axes, box, strict=True)
    ]
    first = tuple(axis.example(mask) for axis, mask in zip(axes, box, strict=True))
    yield first
    for at, each in enumerate(values):
        yield from ((*first[:at], value, *first[at + 1 :]) for value in each)
    yield tuple(each[number % len(each)] for number, each in enumerate(values))
    yield from product(*values)


def _within(axis: Axis, number: int) -> Iterator[Value]:
    """Some values of one atom, the sample first."""
    atom, sample = axis.atoms[number], axis.sample(number)
    yield sample
    if isinstance(atom, Run):
        kind = ranks.ordered(axis.column.type)
        assert kind is not None
        low, high = atom
        start, step = (low, 1) if low is not None else (high or 0, -1)
        for rank in range(start + step, start + step * _APART, step):
            if (low is None or rank >= low) and (high is None or rank <= high):
                yield ranks.value_at(kind, rank)
    elif isinstance(atom, Begun) or atom is Other.TEXT:
        texts = (f"{sample}{'?' * n}" for n in range(1, _APART))
        yield from (text for text in texts if axis.locate(text) == number)


# ---------------------------------------------------------------- a cell that says less


def narrowing(unit: Unit, narrowed: int, kept: Sequence[int], condition: str = "") -> Help | None:
    """The cheapest way to take the cases of the rules `kept` out of one cell of `narrowed`."""
    mine, *theirs = (box for n in (narrowed, *kept) if (box := unit.boxes[n]) is not None)
    ways = []
    for axis, mask in enumerate(mine):
        other = reduce(or_, (box[axis] for box in theirs))
        if mask & ~other and unit.axes[axis].column.name in unit.table.written:
            removed = (*mine[:axis], mask & other, *mine[axis + 1 :])
            ways.append((_opened(unit, narrowed, removed), axis, mask & ~other))
    if not ways:
        return None
    opened, axis, mask = min(ways)
    rule, text = unit.table.rules[narrowed], words.cell(unit.axes[axis], mask)
    price = "opens no gap"
    if opened:
        found, may = finding.count(unit, opened), "may " if unit.following is not None else ""
        price = f"{may}open{'' if may else 's'} {found}"
        if unit.rules(RuleKind.OTHERWISE):
            price = f"{may}leave{'' if may else 's'} {found} to `otherwise`"
    column = unit.axes[axis].column.name
    return decision(
        f"{condition}let `{rule.name}` say `{text}` under `{column}` ({price})",
        Edit(unit.lowered.cells[narrowed][axis].span, text),
    )


def _opened(unit: Unit, rule: int, removed: Box) -> int:
    """How many cases of `removed`, a part of a rule's box, only `otherwise` is left for, or nothing."""
    besides = {rule, *unit.rules(RuleKind.OTHERWISE)}
    others = [each.box for each in unit.claims.met_by(rule) if each.rule not in besides]
    return cases(disjoint(unit.inputs_in(removed), others))
