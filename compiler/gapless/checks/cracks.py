"""Gaps between one row's end and the next row's beginning: printed slabs, `0..250_000` and `250_001..`.

What is offered is proved: a row that is widened takes cases that nobody answers, all of them or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Run
from gapless.analysis.unit import Unit
from gapless.model import AnyOf, Anything, Between, DecimalType, Equals, RuleKind, Test
from gapless.text import words
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Edit, Help, decision


class Crack(NamedTuple):
    """Neighboring atoms of one axis that nobody answers in `box`, and the rules that end before and after."""

    box: Box
    axis: int
    below: int
    above: int

    @property
    def mask(self) -> int:
        return self.box[self.axis]


def cracks(unit: Unit, boxes: Sequence[Box]) -> tuple[Crack, ...]:
    """What the boxes of a gap consist of, if that is all they are."""
    found = [_cracks(unit, box) for box in boxes]
    if not all(found) or len({crack.axis for each in found for crack in each}) != 1:
        return ()
    return tuple(crack for each in found for crack in each)


def _cracks(unit: Unit, box: Box) -> tuple[Crack, ...]:
    for place in map(unit.place, unit.table.written):
        axis = unit.axes[place]
        if place >= unit.inputs or axis.kind is None or box[place] == axis.whole:
            continue
        found = [_crack(unit, _with(box, place, run), place) for run in _runs(box[place])]
        all_of_them = tuple(each for each in found if each is not None)
        if len(all_of_them) == len(found):
            return all_of_them
    return ()


def _runs(mask: int) -> Iterator[int]:
    """The stretches of neighboring atoms."""
    run = last = 0
    for atom in bits(mask):
        if run and atom != last + 1:
            yield run
            run = 0
        run, last = run | 1 << atom, atom
    if run:
        yield run


def _crack(unit: Unit, box: Box, place: int) -> Crack | None:
    run = box[place]
    before, after = (run & -run) >> 1, 1 << run.bit_length()
    below = _beside(unit, box, place, before)
    above = _beside(unit, box, place, after)
    return None if below is None or above is None else Crack(box, place, below, above)


def _beside(unit: Unit, box: Box, place: int, atom: int) -> int | None:
    """The rule that would answer the box, and nothing else, if its cell went one stretch farther."""
    for number in unit.rules(RuleKind.RULE):
        own = unit.boxes[number]
        if own is not None and own[place] & atom and _with(own, place, box[place]) == box:
            return number
    return None


def _with(box: Box, place: int, mask: int) -> Box:
    return (*box[:place], mask, *box[place + 1 :])


# ---------------------------------------------------------------- what to do


def rows(found: Sequence[Crack]) -> list[Box]:
    """The gap as one box a crack."""
    return [crack.box for crack in found]


def helps(unit: Unit, found: Sequence[Crack]) -> Iterator[Help]:
    """A neighbor widened, or a column that has no values there, each with its effect."""
    every = (
        "they then answer all of these cases" if len(found) > 1 else "it then answers these cases"
    )
    whose = (("below", [each.below for each in found]), ("above", [each.above for each in found]))
    for side, rules in whose:
        edits = [*_widened(unit, found, rules)]
        said = [f"let {name} say `{edit.text}`" for name, edit in edits]
        text = f"if what lies between belongs {side}, {words.listed(said)}; {every}"
        yield decision(text, *(edit for _, edit in edits))
    axis = unit.axes[found[0].axis]
    if (coarser := _coarser(unit, found, axis)) is not None:
        yield decision(
            f"or, if no such value is ever asked about, declare `{axis.column.name} : {coarser}`: "
            "these cases are no more, and whoever asks rounds before"
        )


def _widened(
    unit: Unit, found: Sequence[Crack], rules: Sequence[int]
) -> Iterator[tuple[str, Edit]]:
    place, axis = found[0].axis, unit.axes[found[0].axis]
    for number in dict.fromkeys(rules):
        box = unit.boxes[number]
        assert box is not None
        mask = box[place]
        for crack, rule in zip(found, rules, strict=True):
            mask |= crack.mask if rule == number else 0
        span = unit.lowered.cells[number][place].span
        yield f"`{unit.table.rules[number].name}`", Edit(span, words.cell(axis, mask))


def _coarser(unit: Unit, found: Sequence[Crack], axis: Axis) -> str | None:
    """The type with fewer digits that has all ends of the column's cells, and nothing in the cracks."""
    of = axis.column.type
    if not isinstance(of, DecimalType) or not of.digits:
        return None
    at = unit.table.columns.index(axis.column)
    ends = [end for rule in unit.table.rules for end in _ends(rule.conditions[at].test)]
    ends += [end for end in (of.low, of.high) if end is not None]
    if None in ends:
        return None
    digits = max((_digits(end) for end in ends if end is not None), default=0)
    step = 10 ** (of.digits - digits)
    atoms = [axis.atoms[atom] for crack in found for atom in bits(crack.mask)]
    for run in atoms:
        if not isinstance(run, Run) or run.low is None or run.high is None:
            return None
        if run.high // step > (run.low - 1) // step:
            return None
    if step == 1:
        return None
    words_of = type_words(DecimalType(digits, of.low, of.high))
    return words_of if digits else words_of.replace("decimal(0)", "int")


def _ends(test: Test) -> Iterator[Decimal | None]:
    """The numbers in a test; None where it is something else than numbers."""
    match test:
        case Anything():
            return
        case Equals(Decimal() as value):
            yield value
        case Between(low, high):
            yield from (end for end in (low, high) if isinstance(end, Decimal))
        case AnyOf(tests):
            for each in tests:
                yield from _ends(each)
        case _:
            yield None


def _digits(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
