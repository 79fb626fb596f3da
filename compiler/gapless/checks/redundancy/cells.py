"""Cells that say more than they mean, or less than they seem to.

GAP108: a cell that seems to compare holds for every value. GAP114: cells that could say `-`, because
the called tables, or under `first` the rows above, leave nothing else. GAP117: in a `first` table, a cell names a value that the rows
above already decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import takewhile
from operator import or_
from typing import NamedTuple

from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, cases, meet
from gapless.analysis.overlaps import some_meet
from gapless.analysis.unit import Unit
from gapless.checks.redundancy.simpler import unneeded
from gapless.checks.support import finding
from gapless.model import (
    AnyOf,
    Begins,
    Between,
    Condition,
    Equals,
    HitPolicy,
    IsMissing,
    RuleKind,
    Test,
)
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, mechanical
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes.cells import Comparison, ConditionContent, Literal, Part, Range
from gapless_dsl.parser.cells import condition as read
from gapless_dsl.source import Span


def always_true(unit: Unit) -> Iterator[Diagnostic]:
    for rule, cells in zip(unit.table.rules, unit.lowered.cells, strict=True):
        for axis, condition in zip(unit.axes, cells, strict=True):
            if _compares(condition, axis) and axis.mask(condition.test) == axis.whole:
                anything = decision("if anything is meant, write `-`", Edit(condition.span, "-"))
                yield finding.error(
                    unit,
                    "GAP108",
                    f"`{condition.text}` holds for every value of `{axis.column.name}`",
                    Label(condition.span, "a comma means either"),
                    rule=rule,
                    column=axis.column.name,
                    helps=(*_both(condition), anything),
                )


def _compares(condition: Condition, axis: Axis) -> bool:
    test = condition.test
    if not isinstance(test, AnyOf):
        return False
    if ranks.ordered_list(axis.column.type) is not None:
        # What compares members is one of several tests that hold either itself.
        return any(isinstance(each, AnyOf) for each in test.tests)
    compares = any(isinstance(each, Between) for each in test.tests)
    return compares and ranks.ordered(axis.column.type) is not None


def _both(condition: Condition) -> Iterator[Help]:
    """Two comparisons of which both were meant, as the range that says so."""
    content = read(condition.text).content or ConditionContent()
    ends = [_end(part) for part in content.either]
    lows, highs = [low for low, _ in ends if low], [high for _, high in ends if high]
    if not content.neither and len(ends) == 2 and len(lows) == len(highs) == 1:
        text = f"{lows[0]}..{highs[0]}"
        yield decision(f"if both are meant at once, write `{text}`", Edit(condition.span, text))


def _end(part: Part) -> tuple[str, str]:
    """How a range begins or ends that is open at the other end: `[50` or `65)`."""
    match part:
        case Comparison(operator, value) if operator[0] == ">":
            return f"{'[' if operator == '>=' else '('}{spelled(value)}", ""
        case Comparison(operator, value):
            return "", f"{spelled(value)}{']' if operator == '<=' else ')'}"
        case Range(Literal() as low, None):
            return f"[{spelled(low)}", ""
        case Range(None, Literal() as high):
            return "", f"{spelled(high)}]"
    return "", ""


# ---------------------------------------------------------------- narrower than need be


MOST_ROWS = 200
"""A longer `first` table is read as a list, row by row, and its cells are asked nothing of the rows above."""


def narrower(unit: Unit) -> Iterator[Diagnostic]:
    """Where it is a row of the table that says `impossible`, a narrow cell is as it should be.

    Nor is anything said where a whole column could go, which is a finding of its own.
    """
    ordered = (
        unit.table.policy is HitPolicy.FIRST
        and len(unit.table.rules) <= MOST_ROWS
        and some_meet(unit)  # or another hit policy would say more
    )
    if not unit.table.lets and not ordered:
        return
    rules = unit.rules(RuleKind.RULE)
    spans = [span for number in rules for span in _wider(unit, number, is_below=ordered)]
    if not spans or any(True for _ in unneeded(unit, range(len(unit.axes)))):
        return
    one = len(spans) == 1
    does = "decide" if ordered else "match"
    tells = "if a row above changed" if ordered else "if a called table changed"
    yield finding.note(
        unit,
        "GAP114",
        f"{words.count(len(spans), 'cell')} of `{unit.table.name}` "
        f"{'tests a condition' if one else 'test conditions'} that always "
        f"{'holds' if one else 'hold'} there",
        *(Label(span, f"`-` would {does} the same cases") for span in spans[: finding.SHOWN]),
        notes=finding.and_more(spans, "cell"),
        helps=(
            decision(
                f"write `-` {'there' if one else 'in each'}; proved to change no answer, though a "
                f"narrow cell would tell {tells}",
                *(Edit(span, "-") for span in spans),
            ),
        ),
    )


def _wider(unit: Unit, number: int, *, is_below: bool) -> Iterator[Span]:
    """Cells of a rule that may all say `-` together, and let in no case that can happen, or is left."""
    box = unit.boxes[number]
    if box is None or number not in unit.claims.won:
        return
    taken = [*unit.excluded]
    if is_below:
        above = [each for each in unit.boxes[:number] if each is not None]
        taken += [part for each in above for part in unit.inputs_in(each)]

    def possible(box: Box) -> int:
        return cases(disjoint(unit.inputs_in(box), taken))

    now = possible(box)
    for axis in map(unit.place, unit.table.written):
        if box[axis] != unit.axes[axis].whole:
            wider: Box = (*box[:axis], unit.axes[axis].whole, *box[axis + 1 :])
            if possible(wider) == now:
                box = wider
                yield unit.lowered.cells[number][axis].span


# ---------------------------------------------------------------- values decided above


class _Cell(NamedTuple):
    """A cell, the atoms that it names in vain, and disjoint boxes: the cases that it loses with them."""

    rule: int
    axis: int
    vain: int
    lost: list[Box]


def masked(unit: Unit) -> Iterator[Diagnostic]:
    """That a row takes what the next ones leave is how `first` works, so only what is named counts."""
    if unit.table.policy is HitPolicy.FIRST:
        cells = (cell for number in unit.rules(RuleKind.RULE) for cell in _masking(unit, number))
        found = sorted(cells, key=lambda each: -cases(each.lost))
        if found:
            yield _masked(unit, found)


def _masking(unit: Unit, number: int) -> Iterator[_Cell]:
    """The cells of a rule that name what it never decides, though it happens."""
    won, box = unit.claims.won.get(number, ()), unit.boxes[number]
    if box is None or not won:
        return
    for axis, column in enumerate(unit.axes):
        test = unit.lowered.cells[number][axis].test
        if isinstance(test, Equals | Begins | IsMissing | Between | AnyOf):
            needed = reduce(or_, (finding.atoms(unit, axis, part) for part in won))
            vain = _vain(column, test, needed)
            inside = (*box[:axis], vain, *box[axis + 1 :])
            lost = disjoint(unit.inputs_in(inside), unit.never) if vain else []
            if lost:
                yield _Cell(number, axis, vain, lost)


def _vain(axis: Axis, test: Test, needed: int) -> int:
    """The atoms that a test names and nobody needs: values, and what lies at a range's written ends."""
    named = axis.mask(test)
    match test:
        case Equals() | IsMissing():
            return named & ~needed
        case Begins():  # what others of it are needed, if any is
            return 0 if named & needed else named
        case Between(low, high):
            atoms = list(bits(named)) if named & ~needed else []
            below = takewhile(lambda atom: not needed >> atom & 1, atoms if low is not None else ())
            above = atoms[::-1] if high is not None else ()
            either = {*below, *takewhile(lambda atom: not needed >> atom & 1, above)}
            return sum(1 << atom for atom in either)
        case AnyOf(tests):
            return reduce(or_, (_vain(axis, each, needed) for each in tests), 0)
    return 0  # what is not named, but let in by a test of another kind


def _masked(unit: Unit, found: Sequence[_Cell]) -> Diagnostic:
    largest, shown = found[0], found[: finding.SHOWN]
    rule, rest = unit.table.rules[largest.rule], [_left(unit, cell) for cell in found]
    spans = [unit.lowered.cells[cell.rule][cell.axis].span for cell in found]
    left = [
        f"`{text}` in `{unit.table.rules[cell.rule].name}`"
        for cell, text in zip(shown, rest, strict=False)
    ]
    return finding.note(
        unit,
        "GAP117",
        f"{words.count(len(found), 'cell')} of `{unit.table.name}` "
        f"{'names' if len(found) == 1 else 'name'} values that the rows above already decide",
        *(Label(span, _taken(unit, cell)) for span, cell in zip(spans, shown, strict=False)),
        rule=rule,
        column=unit.axes[largest.axis].column.name,
        notes=finding.and_more(found, "cell"),
        helps=(
            mechanical(
                f"narrow to what is left, {words.listed(left)}; proved to change no answer",
                *map(Edit, spans, rest),
            ),
            f"or move `{rule.name}` up, if it should answer them",
        ),
        cases=cases(largest.lost),
        boxes=largest.lost,
    )


def _taken(unit: Unit, cell: _Cell) -> str:
    """How many cases the cell loses to which rules, the one that takes most first."""
    vain = f"`{words.cell(unit.axes[cell.axis], cell.vain)}`"
    takers = []
    for rule, won in unit.claims.won.items():
        both = (meet(box, lost) for box in won if rule >= 0 for lost in cell.lost)
        takers.append((cases(box for box in both if box is not None), rule))
    takers.sort(key=lambda each: (-each[0], each[1]))
    (most, first), *others = [(count, rule) for count, rule in takers if count][: finding.SHOWN]
    by = [f"`{unit.table.rules[first].name}` takes {words.count(most)}"]
    by += [f"`{unit.table.rules[rule].name}` {count:,}" for count, rule in others]
    return f"{vain} never reaches this row: {words.listed(by)}"


def _left(unit: Unit, cell: _Cell) -> str:
    box = unit.boxes[cell.rule]
    assert box is not None
    return words.cell(unit.axes[cell.axis], box[cell.axis] & ~cell.vain)
