"""Whether what `gapless diff` proves is so: case by case, by the reference meaning of both sides.

`python -m tests.diffed 0 10000` holds so many random pairs against it, and prints what was found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import product
from random import Random

from gapless.analysis.arithmetic.dependent import Exactly, Undefined
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.partition import test_of as as_test
from gapless.diff.change import Change, Difference, Region, Silence
from gapless.diff.policies import State, changes
from gapless.driver import Result, compile_sources
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    SetType,
    Table,
    TextType,
    TimeType,
    Type,
    Value,
    copied,
    is_kind,
)
from gapless.semantics import Answered, Draft, Meaning, Unanswered, evaluate, holds
from gapless_dsl.source import Source
from tests.mutated_policies import Mutated, mutated, with_one_cell
from tests.strategies import probes

MOST_CASES = 150


@dataclass
class Held:
    """What was found when pairs were held against brute force."""

    pairs: int = 0
    tables: int = 0
    changed: int = 0
    cases: int = 0
    undecided: int = 0
    apart: int = 0
    regions: list[int] = field(default_factory=list)
    """For each changed table, in how many boxes that is told."""
    summed: int = 0
    """Of those with more than three, how many are summed up in three boxes."""
    collected: list[int] = field(default_factory=list)
    """The same of those in which rows answer together."""

    def told(self) -> str:
        """The figures, in lines."""
        few = sum(each <= 3 for each in self.regions)
        few_collected = sum(each <= 3 for each in self.collected)
        return "\n".join(
            [
                f"pairs {self.pairs}, tables compared {self.tables}, changed {self.changed}",
                f"not compared, since one side has errors or is not there: {self.apart}",
                f"cases put to both sides {self.cases}; not decided in full: {self.undecided} tables",
                f"told in at most three regions: {few} of {len(self.regions)} changed tables",
                f"  rows answer together in {len(self.collected)} of these, {few_collected} so told",
                f"  {self.summed} of the others are summed up in at most three boxes",
            ]
        )


@lru_cache(4)
def compiled(*sources: Source) -> Result:
    return compile_sources(sources)


def state(sources: Sequence[Source]) -> State:
    result = compiled(*sources)
    return State(result, frozenset(source.path for source in sources))


def held_against(old: Sequence[Source], new: Sequence[Source], held: Held, seed: int) -> Change:
    """The change, of which every table was held against the reference meaning of many cases."""
    return found_to_hold(changes(state(old), state(new)), held, seed)


def found_to_hold(change: Change, held: Held, seed: int) -> Change:
    """The same, of a change that was found."""
    held.pairs += 1
    for each in change.tables:
        if each.old is None or each.new is None or each.outputs is None:
            held.apart += 1
            continue
        held.tables += 1
        held.changed += bool(each.regions)
        held.undecided += each.undecided is not None
        if each.regions:
            held.regions.append(len(each.regions))
            held.summed += len(each.regions) > 3 >= len(each.where) > 0
            if each.new.policy.is_collecting:
                held.collected.append(len(each.regions))
        for case in cases(each, seed):
            agrees(each, case)
            held.cases += 1
    return change


def agrees(each: Difference, case: Mapping[str, Value]) -> None:
    """One case is in just one region, where the sides differ, as it says; else in none."""
    assert each.old is not None and each.new is not None and each.outputs is not None
    one, other = (
        _meaning(table, {**case, **_pinned(table, day)})
        for table, day in zip((each.old, each.new), each.days, strict=True)
    )
    due = frozenset(name for name in each.outputs if _differ(one, other, name))
    regions = [each.regions[number] for number in regions_of(each, case)]
    if not due:
        assert not regions, ("same, but told to differ", each.name, case, regions)
        return
    if not regions:
        assert each.undecided is not None, ("differs, but told to be the same", each.name, case)
        return
    assert len(regions) == 1, ("in several regions", each.name, case)
    (region,) = regions
    if each.undecided is None:
        assert frozenset(region.outputs) == due, (each.name, case, region.outputs, due)
    for meaning, end in ((one, region.before), (other, region.after)):
        if isinstance(end, Silence):
            assert _silence(meaning) is end, (each.name, case, end)
            continue
        assert isinstance(meaning, Answered), (each.name, case, end)
        names = [column.name for column in meaning.table.outputs]
        for name, given in zip(region.outputs, end.given, strict=True):
            value = meaning.values[names.index(name)]
            assert value == _value(each, given, case), (each.name, case, name, value, given)


def differs(each: Difference, case: Mapping[str, Value]) -> bool:
    """Whether the reference meaning of both sides says so of a case, in any output that both have."""
    assert each.old is not None and each.new is not None and each.outputs is not None
    one, other = _meaning(each.old, case), _meaning(each.new, case)
    return any(_differ(one, other, name) for name in each.outputs)


def regions_of(each: Difference, case: Mapping[str, Value]) -> list[int]:
    """The numbers of the regions that a case is in."""
    return [n for n, region in enumerate(each.regions) if _is_in(each, region, case)]


def _pinned(table: Table, day: date | None) -> dict[str, Value]:
    """The input that is the day, where a table is asked on one: named, or the only day."""
    days = [column.name for column in table.inputs if isinstance(column.type.scalar, DateType)]
    name = table.day or (days[0] if len(days) == 1 else None)
    return {} if day is None or name is None else {name: day}


def _meaning(table: Table, case: Mapping[str, Value]) -> Meaning:
    return evaluate(table, {c.name: copied(case[c.name], c.type) for c in table.inputs})


def _differ(one: Meaning, other: Meaning, output: str) -> bool:
    if isinstance(one, Answered) and isinstance(other, Answered):
        values = [
            meaning.values[[c.name for c in meaning.table.outputs].index(output)]
            for meaning in (one, other)
        ]
        return values[0] != values[1] or isinstance(values[0], bool) != isinstance(values[1], bool)
    return _silence(one) is not _silence(other)


def _silence(meaning: Meaning) -> Silence | None:
    match meaning:
        case Answered():
            return None
        case Draft():
            return Silence.DRAFT
        case Unanswered():
            return Silence.GAP
    return Silence.REFUSED


def _is_in(each: Difference, region: Region, case: Mapping[str, Value]) -> bool:
    """By the tests that the region's masks are, read by the reference meaning."""
    for axis, mask in zip(each.axes, region.box, strict=True):
        if mask != axis.whole:
            try:
                value = _column(each, axis.column.name, case)
            except Undefined:
                return False
            if not holds(as_test(axis, mask), value):
                return False
    return True


def _column(each: Difference, name: str, case: Mapping[str, Value]) -> Value:
    if each.following is None:
        return case[name]
    given = tuple(case[axis.column.name] for axis in each.axes[: each.inputs])
    return Exactly(each.following, given).value(name)


def _value(each: Difference, given: Fixed | Same | Several, case: Mapping[str, Value]) -> Value:
    match given:
        case Fixed(value):
            return value
        case Same(place):
            return _column(each, each.axes[place].column.name, case)
        case Several(items, as_set):
            values = tuple(_value(each, item, case) for item in items)
            return frozenset(values) if as_set else values  # type: ignore[arg-type,return-value]


# ---------------------------------------------------------------- cases that both sides know


def cases(each: Difference, seed: int) -> Iterator[dict[str, Value]]:
    """Cases on both sides of everything that either table names, as far as both know them."""
    assert each.old is not None and each.new is not None
    types: dict[str, list[Type]] = {}
    tried: dict[str, dict[Value, None]] = {}
    for table, day in zip((each.old, each.new), each.days, strict=True):
        pinned = _pinned(table, day)
        for column in table.inputs:
            if column.name in pinned:
                continue
            types.setdefault(column.name, []).append(column.type)
            tried.setdefault(column.name, {}).update(dict.fromkeys(probes(table, column)))
    names = [*types]
    values = [
        [v for v in tried[name] if all(allows(of, v) for of in types[name])] for name in names
    ]
    chance = Random(seed)
    whole = 1
    for some in values:
        whole *= len(some)
    if whole <= MOST_CASES:
        rows: Iterator[tuple[Value, ...]] = product(*values)
    else:
        rows = (tuple(chance.choice(some) for some in values) for _ in range(MOST_CASES))
    yield from (dict(zip(names, row, strict=True)) for row in rows)


def allows(of: Type, value: Value) -> bool:
    """Whether a value is one of a type."""
    if isinstance(of, OptionalType):
        return value is None or allows(of.of, value)
    match of:
        case EnumerationType():
            return value in of.names
        case BoolType():
            return isinstance(value, bool)
        case TextType():
            return isinstance(value, str)
        case IntType():
            is_whole = isinstance(value, int | Decimal) and value == int(value)
            return is_whole and not isinstance(value, bool) and _inside(of, value)
        case DecimalType(digits):
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                return False
            exponent = Decimal(value).normalize().as_tuple().exponent
            return isinstance(exponent, int) and -exponent <= digits and _inside(of, value)
        case DateType() | TimeType() | DatetimeType():
            return is_kind(value, of) and _inside(of, value)
        case SetType(inner):
            return isinstance(value, frozenset) and all(allows(inner, each) for each in value)
    return False


def _inside(of: IntType | DecimalType | DateType | TimeType | DatetimeType, value: Value) -> bool:
    above = of.low is None or value >= of.low  # type: ignore[operator]
    return above and (of.high is None or value <= of.high)  # type: ignore[operator]


def main(first: int, last: int, makes: Callable[[int], Mutated]) -> int:
    """Hold the pairs of some seeds against brute force; the exit code says whether any disagrees."""
    held, wrong = Held(), 0
    for seed in range(first, last):
        pair = makes(seed)
        try:
            held_against(pair.old, pair.new, held, seed)
        except AssertionError as reason:
            wrong += 1
            sys.stdout.write(f"seed {seed}: {reason}"[:500] + "\n")
        if seed % 500 == 499:
            sys.stdout.write(f"after {seed + 1}: {wrong} disagreements\n")
            sys.stdout.flush()
    sys.stdout.write(f"{held.told()}\ndisagreements: {wrong}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    one = sys.argv[3:] == ["one-cell"]
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), with_one_cell if one else mutated))
