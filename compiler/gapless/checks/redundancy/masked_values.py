"""GAP117: in a `first` table, a cell names a value that the rows above already decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import takewhile
from operator import or_
from typing import NamedTuple

from gapless.analysis.coverage.cover import disjoint
from gapless.analysis.domain.partition import Axis, Box, bits, cases, meet
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import (
    AnyOf,
    Between,
    Equals,
    HitPolicy,
    IsMissing,
    RuleKind,
    Test,
)
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, mechanical


class _Cell(NamedTuple):
    """A cell, the atoms that it names in vain, and disjoint boxes: the cases that it loses with them."""

    rule: int
    axis: int
    vain: int
    lost: list[Box]


def check(unit: Unit) -> Iterator[Diagnostic]:
    """That a row takes what the next ones leave is how `first` works, so only what is named counts."""
    if unit.table.policy is HitPolicy.FIRST:
        cells = (cell for number in unit.rules(RuleKind.RULE) for cell in _cells(unit, number))
        found = sorted(cells, key=lambda each: -cases(each.lost))
        if found:
            yield _finding(unit, found)


def _cells(unit: Unit, number: int) -> Iterator[_Cell]:
    """The cells of a rule that name what it never decides, though it happens."""
    won, box = unit.claims.won.get(number, ()), unit.boxes[number]
    if box is None or not won:
        return
    for axis, column in enumerate(unit.axes):
        test = unit.lowered.cells[number][axis].test
        if isinstance(test, Equals | IsMissing | Between | AnyOf):
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
        case Between(low, high):
            atoms = list(bits(named)) if named & ~needed else []
            below = takewhile(lambda atom: not needed >> atom & 1, atoms if low is not None else ())
            above = atoms[::-1] if high is not None else ()
            either = {*below, *takewhile(lambda atom: not needed >> atom & 1, above)}
            return sum(1 << atom for atom in either)
        case AnyOf(tests):
            return reduce(or_, (_vain(axis, each, needed) for each in tests), 0)
    return 0  # what is not named, but let in by a test of another kind


def _finding(unit: Unit, found: Sequence[_Cell]) -> Diagnostic:
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
