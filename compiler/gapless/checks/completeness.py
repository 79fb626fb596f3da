"""Cases that no rule answers, whose answer is not decided yet, or of which too little could be proved.

GAP101: no rule answers some cases; the rows that would answer them are proposed, exact or not at all.
GAP109: a question about a table could not be decided within the budget; GAP131: so of calculations.
GAP120: what a rule is to answer is not decided yet.
Which cases these are is asked of the claims of a unit, never searched for here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.decision.diagram import GAP, NEVER
from gapless.analysis.domain.partition import Box, cases, meet, volume
from gapless.analysis.domain.subsets import MOST
from gapless.analysis.regions import disjoint_regions
from gapless.analysis.unit import Unit
from gapless.checks import cracks
from gapless.checks.support import finding
from gapless.model import Column, HitPolicy, OptionalType, RuleKind, Table
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Region, Repair, Size

# ---------------------------------------------------------------- cases without an answer


REFUSED = "at run time each of these would be refused, never guessed"


def gaps(unit: Unit) -> Iterator[Diagnostic]:
    """Every case of every region happens, but those that are excluded, and not counted.

    Where columns follow from others, not every region need have a case: each is asked for one.
    """
    if not unit.claims.gap.at_least:
        return
    found = disjoint_regions(unit, GAP, limit=finding.ASKED)
    boxes = [each.box for each in found.boxes]
    if unit.following is None:
        least = "" if unit.claims.gap.is_counted else "at least "
        title = f"no rule answers {least}{words.of(found.total, unit.cases)}"
        told = [finding.region(unit, each.box, each.cases) for each in found.boxes]
        notes = [*_where(unit, boxes, told)]
        if not found.boxes:
            notes.append("these cases were counted but could not be listed")
        elif found.unshown:
            notes.append(f"and more; the {finding.SHOWN} largest regions are shown")
        else:
            notes += _more(len(found.boxes))
        yield _finding(unit, title, boxes, told, notes, found.total)
        return
    real, doubtful = finding.that_happen(unit, boxes)
    if not real:
        yield not_realized(unit, doubtful or boxes)
        return
    told = [finding.region(unit, box) for box in (*real, *doubtful)]
    notes = [*_where(unit, real, told), *_more(len(real))]
    notes += (
        f"not decided: whether a case happens in which {finding.where(unit, box)}; no rule answers it"
        for box in doubtful[: finding.SHOWN]
    )
    if found.unshown:
        notes.append("and more, which were not looked at")
    yield _finding(unit, "no rule answers some cases", real, told, notes)


def _finding(
    unit: Unit,
    title: str,
    boxes: Sequence[Box],
    told: Sequence[Region],
    notes: Sequence[str],
    cases: int | None = None,
) -> Diagnostic:
    return finding.error(
        unit,
        "GAP101",
        title,
        Label(unit.table.span),
        *_nearest(unit, boxes[: finding.SHOWN]),
        notes=(*notes, REFUSED),
        helps=_helps(unit, boxes[: finding.SHOWN]),
        cases=cases,
        witness=told[0].witness if told else None,
        regions=told,
    )


def _more(regions: int) -> Iterator[str]:
    more = regions - finding.SHOWN
    if more > 0:
        yield f"and {words.count(more, 'more region')}; the {finding.SHOWN} largest are shown"


def _where(unit: Unit, boxes: Sequence[Box], told: Sequence[Region]) -> Iterator[str]:
    """Where the largest regions are, how many cases each has if that is known, and one of them."""
    for box, region in zip(boxes[: finding.SHOWN], told, strict=False):
        size = ""
        if region.cases is not None and len(boxes) > 1:
            size = f" ({words.part(region.cases, unit.cases)})"
        example = ""
        if region.cases != 1:
            sample = ", ".join(f"{name} = {value}" for name, value in region.witness or ())
            example = f"; for example {sample}"
        yield f"uncovered: {finding.where(unit, box)}{size}{example}"


def _helps(unit: Unit, boxes: Sequence[Box]) -> Iterator[Help | str]:
    rows: list[tuple[str, ...]] = []
    if unit.table.crosstab:
        yield "fill the crossings that say `-`, or add a row or a head for these cases"
    else:
        split = cracks.cracks(unit, boxes)
        rows = proposals(unit, cracks.rows(split) or boxes)
        if split and not unit.table.policy.is_collecting:
            yield from cracks.helps(unit, split)
    if rows:
        one = len(rows) == 1
        text = (
            "add this row and fill its outcome" if one else "add these rows and fill their outcomes"
        )
        yield Help(Repair.DECISION, text, lines=_aligned(unit, rows))
    absent = [
        f"`{column.name}`"
        for number, column in enumerate(unit.table.inputs)
        if column.name not in unit.table.written
        and any(box[number] != unit.axes[number].whole for box in boxes)
    ]
    if not rows and absent:
        yield f"the grid has no column {words.listed(absent, 'or')}: add it to tell these cases apart"
    or_ = "or, " if rows else ""
    if unit.table.policy.is_collecting and not unit.rules(RuleKind.OTHERWISE):
        text = f"{or_}if it is an answer that no row applies, say so and why"
        yield Help(Repair.DECISION, text, lines=(_none(unit),))
    yield f"{or_}if it cannot happen, write `impossible` as the outcome and why under `because`"


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


# ---------------------------------------------------------------- the nearest row


def _nearest(unit: Unit, boxes: Sequence[Box]) -> Iterator[Label]:
    """For each region, the one cell that alone keeps some rule from answering it.

    Of several such rules the one that asks for most: a row of many `-` is near to everything, and
    that it misses these cases, too, says little of them.
    """
    seen = set()
    for box in boxes:
        near = []
        for number in unit.rules(RuleKind.RULE):
            mine = unit.boxes[number]
            if mine is None:
                continue
            blocking = [n for n, (a, b) in enumerate(zip(box, mine, strict=False)) if not a & b]
            if len(blocking) == 1:
                asks = sum(mask != axis.whole for mask, axis in zip(mine, unit.axes, strict=True))
                near.append((-asks, number, blocking[0]))
        _, rule, axis = min(near, default=(0, None, 0))
        if rule is not None and (rule, axis) not in seen:
            seen.add((rule, axis))
            text = words.cell(unit.axes[axis], box[axis])
            span = unit.lowered.cells[rule][axis].span
            yield Label(span, f"no row like this one says `{text}` here")


# ---------------------------------------------------------------- the rows that would answer


def proposals(unit: Unit, regions: Sequence[Box]) -> list[tuple[str, ...]]:
    """The cells of rows for regions of the gap, boxes of inputs: no two rows overlap.

    A region has no row where none in the columns of the grid answers just gaps, and where the rows
    before answer it already.
    """
    rows: list[tuple[str, ...]] = []
    taken: list[Box] = []
    written = [unit.place(name) for name in unit.table.written]
    for region in regions:
        for part in (region, *disjoint([region], [*unit.excluded, *taken])):
            box = _in_columns(unit, part) if disjoint([part], taken) else None
            if box is not None and _only_gaps(unit, box, taken):
                for let in range(unit.inputs, len(unit.axes)):  # that need not be looked at
                    wider = (*box[:let], unit.axes[let].whole, *box[let + 1 :])
                    box = wider if _only_gaps(unit, wider, taken) else box
                taken.extend(unit.inputs_in(box))
                rows.append(tuple(words.cell(unit.axes[n], box[n]) for n in written))
    return rows


def _in_columns(unit: Unit, region: Box) -> Box | None:
    """The region as the grid can say it: inputs that it shows, and what lets hold there."""
    box = tuple(
        finding.atoms(unit, place, region) if axis.column.name in unit.table.written else axis.whole
        for place, axis in enumerate(unit.axes)
    )
    return box if all(box[unit.inputs :]) else None


def _only_gaps(unit: Unit, box: Box, taken: Sequence[Box]) -> bool:
    """Whether every case in a box of columns is a gap, and none of them `taken`."""
    inputs = disjoint(unit.inputs_in(box), unit.excluded)
    if any(meet(part, other) is not None for part in inputs for other in taken):
        return False
    claimed = [claim.box for claim in unit.claims.claims if claim.rule != NEVER]
    return not any(meet(part, box) is not None for part in inputs for box in claimed)


def _aligned(unit: Unit, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Proposed rows as lines of the grid, with `?` for each outcome that the author is to fill."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    outcomes = " | ".join("?" for _ in unit.table.outputs)
    taken = {rule.name for rule in unit.table.rules}
    names = [name for n in range(1, len(rows) + len(taken) + 1) if (name := f"new{n}") not in taken]
    if len(rows) == 1 and "new" not in taken:
        names = ["new"]
    lines = []
    for name, row in zip(names, rows, strict=False):
        cells = [name, *(cell.ljust(width) for cell, width in zip(row, widths, strict=True))]
        lines.append(f"| {' | '.join(cells)} || {outcomes} ||")
    return tuple(lines)


# ---------------------------------------------------------------- drafts


def drafts(unit: Unit) -> Iterator[Diagnostic]:
    """A draft that decides nothing is a finding of another kind."""
    for number in unit.rules(RuleKind.DRAFT):
        rule, boxes = unit.table.rules[number], unit.claims.won.get(number, ())
        if not boxes:
            continue
        held, counted = cases(boxes), "still to be decided"
        if unit.following is None:
            has = "has" if held == 1 else "have"
            counted = f"{words.of(held, unit.cases)} {has} no answer yet"
        yield finding.error(
            unit,
            "GAP120",
            f"rule `{rule.name}` is a draft: {counted}",
            Label(rule.span, "still to be decided"),
            rule=rule,
            notes=(f"undecided: {finding.where(unit, finding.widest(boxes))}",),
            helps=(
                "write the answer in the place of `draft`",
                "or build without it by `gapless build --allow-drafts`",
            ),
            cases=held,
            boxes=boxes,
        )


# ---------------------------------------------------------------- questions given up


REGIONS = 12
"""Of so many of the undecided regions, the largest, a finding tells where they are."""

SUM = (
    "of scores that many tables give, let one table add them up (`let total = a + b`) "
    "and test the sum alone: that is proved however many values they have"
)

STEPS = "questions about a table have a fixed number of steps"


def given_up(unit: Unit, questions: Sequence[str], *, doubtful: bool) -> Diagnostic:
    """The finding that questions were given up: never silence, never a guess.

    Where the answers are `doubtful` without them, the table is not built.
    """
    gap = unit.claims.gap
    unknown = gap.at_most - gap.at_least
    regions = sorted(gap.undecided, key=volume, reverse=True)[:REGIONS] if unknown else []
    notes = [*_how_far(unit)]
    if questions:
        notes.append(f"not decided: {'; '.join(questions)}")
    if doubtful:
        notes.append(f"{STEPS}; what was not proved is not built")
    else:
        notes.append(f"{STEPS}; the answers of this table are proved without it")
    found = (finding.error if doubtful else finding.warning)(
        unit,
        "GAP109",
        f"not every question about `{unit.table.name}` could be decided",
        Label(unit.table.span),
        notes=notes,
        helps=("split the table, or narrow the cells that are `-`",),
        regions=(finding.region(unit, box) for box in regions),
    )
    return replace(found, size=Size(unknown, unit.cases)) if unknown else found


def not_realized(unit: Unit, boxes: Sequence[Box]) -> Diagnostic:
    """The finding that what no rule answers may not happen at all, for columns follow from others."""
    return finding.error(
        unit,
        "GAP131",
        f"could not prove that every case of `{unit.table.name}` is answered",
        Label(unit.table.span),
        notes=(
            *(f"no rule answers: {finding.where(unit, box)}" for box in boxes[: finding.SHOWN]),
            "in a fixed number of steps neither such a case was found nor a proof that there is none",
        ),
        helps=(
            "add a row for these cases, as if they happened",
            "or, if you know that they cannot, a row `impossible` with why",
        ),
        regions=(finding.region(unit, box) for box in boxes[:REGIONS]),
    )


def _how_far(unit: Unit) -> Iterator[str]:
    """How far it is known whether every case is answered."""
    gap, total = unit.claims.gap, unit.cases
    if gap.is_counted:
        return
    answered, unknown = total - gap.at_most, gap.at_most - gap.at_least
    yield (
        f"proved: {words.share(answered, total)} of the cases are answered"
        f"{f', {words.share(gap.at_least, total)} are not' if gap.at_least else ''}; "
        f"not decided: {words.share(unknown, total)}"
    )
    if gap.undecided:
        where = finding.where(unit, max(gap.undecided, key=volume))
        yield f"the search did not come to an end, for example, where {where}"
    if not gap.at_least:
        yield "no unanswered case was found, by trying many, which proves nothing"


def intricate(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Tables that could not be analyzed: which of their calls took too many steps, and why."""
    tables = (table for policy in compiled.policies for table in policy.tables)
    for table in tables:
        why = compiled.intricate.get(table)
        if why is None:
            continue
        if isinstance(why.place, Column):
            yield _many_sets(table, why.place)
            continue
        called = f"`{why.place.table.name}`"
        if why.parts is None:
            followed = f"which of its cases {called} answers how could not be listed"
        else:
            parts = words.count(why.parts, "part")
            followed = f"the answers of {called} fall into {parts}, each asked for in many ways"
        yield finding.error(
            f"table {table.name}",
            "GAP109",
            f"what `{table.name}` asks of {called} could not be followed",
            Label(table.span),
            notes=(followed, STEPS),
            helps=(
                f"let {called} tell fewer cases apart: wider stretches, fewer columns",
                SUM,
            ),
        )


def _many_sets(table: Table, column: Column) -> Diagnostic:
    return finding.error(
        f"table {table.name}, column {column.name}",
        "GAP109",
        f"`{table.name}` tells more sets of `{column.name}` apart than can be followed",
        Label(column.span, f"in more than {MOST:,} ways"),
        notes=("each member that is told apart from all others makes them twice as many",),
        helps=("name together, in one `any of`, what is decided alike",),
    )
