"""Forms that published tables need say what plain Python says of the same cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import NamedTuple, TypeAlias

import pytest

from gapless.driver import Result, compile_sources
from gapless.model import Value
from gapless.semantics import Answered, evaluate
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import functions


class Line(NamedTuple):
    """A column whose values stand on a line: its type, and each value, with two beyond either end."""

    type: str
    values: Sequence[int | Decimal | date]

    @property
    def inside(self) -> Sequence[int | Decimal | date]:
        return self.values[2:-2]


def lines(random: Random) -> Line:
    low, count = random.randint(-3, 3), random.randint(1, 5)
    steps = range(low - 2, low + count + 2)
    day = date(2024, 2, 28)
    values: Sequence[int | Decimal | date] = random.choice(
        (
            [*steps],
            [Decimal(step) / 10 for step in steps],
            [day + timedelta(days=step) for step in steps],
        )
    )
    name = {int: "int", Decimal: "decimal(1)", date: "date"}[type(values[0])]
    return Line(f"{name} {values[2]}..{values[-3]}", values)


def compiled(text: str) -> Result:
    return compile_sources([Source("a.dtable", text)])


def errors(result: Result) -> list[str]:
    return [each.code for each in result.diagnostics if each.severity is Severity.ERROR]


Asked: TypeAlias = tuple[Mapping[str, Value], tuple[Value, ...]]
"""A case, and what is to be answered."""


def agree(result: Result, name: str, cases: Iterable[Asked]) -> None:
    """The reference meaning and the generated function give just these values."""
    table = next(each for each in result.units if each.name == name)
    (function,) = (each for each in functions(result) if each.table is table)
    for case, wanted in cases:
        meaning = evaluate(table, case)
        assert isinstance(meaning, Answered)
        for said in (meaning.values, function.asked(case).values):
            assert said == wanted
            assert [*map(type, said or ())] == [*map(type, wanted)]


@pytest.mark.parametrize("seed", range(so_many(150)))
def test_an_end_that_is_left_out_may_lie_right_outside(seed: int) -> None:
    random = Random(seed)
    line = lines(random)
    low, high = sorted(random.choices(range(len(line.values)), k=2))
    with_low, with_high = random.random() < 0.4, random.random() < 0.4
    cell = f"{'[' if with_low else '('}{line.values[low]}..{line.values[high]}{']' if with_high else ')'}"
    first, last = 2, len(line.values) - 3
    held = [
        each
        for place, each in enumerate(line.inside, first)
        if (place >= low if with_low else place > low)
        and (place <= high if with_high else place < high)
    ]

    result = compiled(f"""
table t
  in  a : {line.type}
  out y : bool

  | first | a      || y   || because |
  |-------|--------||-----||---------|
  | in    | {cell} || yes ||         |
  | otherwise      || no  || x       |
""")

    is_low = first - (not with_low) <= low <= last
    is_high = first <= high <= last + (not with_high)
    if not is_low or not is_high:
        assert set(errors(result)) == {"GAP022"}
    elif not held:
        assert errors(result) == ["GAP023"]
    else:
        assert errors(result) == []
        agree(result, "t", [({"a": each}, (each in held,)) for each in line.inside])


@pytest.mark.parametrize("seed", range(so_many(60)))
def test_unequal_is_whatever_is_there_and_not_equal(seed: int) -> None:
    random = Random(seed)
    one, other = lines(random), lines(random)
    while one.type.split()[0] != other.type.split()[0]:
        other = lines(random)
    optional = [random.random() < 0.5 for _ in range(2)]
    types = [
        f"{'optional ' * o}{line.type}" for o, line in zip(optional, (one, other), strict=True)
    ]

    result = compiled(f"""
table t
  in  a : {types[0]}
  in  b : {types[1]}
  out y : optional bool

  | first | a    || y       || because |
  |-------|------||---------||---------|
  | apart | != b || yes     ||         |
  | alike | = b  || no      ||         |
  | otherwise    || missing || x       |
""")

    assert errors(result) == []
    sides = [
        [*line.inside, *([None] if o else [])]
        for o, line in zip(optional, (one, other), strict=True)
    ]
    cases = [
        ({"a": a, "b": b}, (None if a is None or b is None else a != b,))
        for a, b in product(*sides)
    ]
    agree(result, "t", cases)


@pytest.mark.parametrize("seed", range(so_many(60)))
def test_missing_comes_last_by_priority(seed: int) -> None:
    random = Random(seed)
    members = ["high", "mid", "low"]
    rows = [
        (random.randint(0, 5), random.randint(4, 9), random.choice([*members, "missing"]))
        for _ in range(random.randint(1, 5))
    ]
    written = "\n".join(f"  | r{n} | {a}..{b} || {y} || |" for n, (a, b, y) in enumerate(rows))

    result = compiled(f"""
type Rating = high | mid | low

table t
  in  a : int 0..9
  out y : optional Rating

  | priority | a || y || because |
  |----------|---||---||---------|
{written}
  | otherwise || missing || x |
""")

    if errors(result):
        assert set(errors(result)) <= {"GAP105"}, "all is answered: `otherwise` has nothing left"
        return
    cases = []
    for a in range(10):
        applying = [y for low, high, y in rows if low <= a <= high]
        best = min((members.index(y) for y in applying if y != "missing"), default=None)
        cases.append(({"a": a}, (None if best is None else members[best],)))
    agree(result, "t", cases)


@pytest.mark.parametrize("seed", range(so_many(60)))
def test_a_copy_is_the_value(seed: int) -> None:
    random = Random(seed)
    cut = Decimal(random.randint(-25, 25)) / 10
    low, high = sorted(random.sample(range(-3, 4), 2))
    named = random.choice(["a", "b", "other"])

    result = compiled(f"""
type Kind = a | b | c

table inner
  in  amount : decimal(1)
  in  word   : text
  out below  : bool
  out named  : bool
  out same   : decimal(1)
  out told   : text

  | unique | amount    | word        || below | named | same   | told |
  |--------|-----------|-------------||-------|-------|--------|------|
  | r1     | < {cut}   | {named}     || yes   | yes   | amount | word |
  | r2     | < {cut}   | not {named} || yes   | no    | amount | word |
  | r3     | >= {cut}  | {named}     || no    | yes   | amount | word |
  | r4     | >= {cut}  | not {named} || no    | no    | amount | word |

decision d
  in  n : int {low}..{high}
  in  k : Kind
  in  m : optional int {low}..{high}
  let i = inner(n, k)
  out below = i.below
  out named = i.named
  out same : decimal(3) = i.same
  out told = i.told
  out kind : text = k
  out free : optional decimal(2) = m
  out n : decimal(2) {low}..{high} = n
""")

    assert errors(result) == []
    cases: list[Asked] = []
    for n, k, m in product(range(low, high + 1), "abc", [None, low, high]):
        free = None if m is None else Decimal(m)
        wanted = (n < cut, k == named, Decimal(n), k, k, free, Decimal(n))
        cases.append(({"n": n, "k": k, "m": m}, wanted))
    agree(result, "d", cases)
