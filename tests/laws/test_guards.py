"""A guard narrows what is passed on under it: just what slips through nowhere is allowed, and means one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from gapless.driver import compile_sources
from gapless.model import (
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Value,
)
from gapless_dsl.diagnostic import Help, Severity
from gapless_dsl.source import Source
from tests.agreement import agreed

INNER = {
    "rows": """
  | unique | n    || o |
  |--------|------||---|
  | low    | ..3  || 1 |
  | high   | 4..  || 2 |
""",
    "passed on": """
  | unique | n    || o |
  |--------|------||---|
  | low    | ..3  || n |
  | high   | 4..  || m |
""",
    "worked out": """
  let y = n * 10 - m
  | unique | y    || o |
  |--------|------||---|
  | low    | ..25 || 1 |
  | high   | 26.. || y |
""",
    "worked out twice": """
  let y = n * 10 - m
  let z = round(100 / (y - 20), 0, half up)
  | unique | z       || o |
  |--------|---------||---|
  | low    | ..25    || 1 |
  | high   | 26..    || y |
  | none   | missing || 9 |
""",
    "compared": """
  | unique | n    || o |
  |--------|------||---|
  | low    | < m  || 1 |
  | same   | = m  || 2 |
  | high   | > m  || 3 |
""",
    "looked up": """
  let d = deep(n)
  let y = d + n
  | unique | y    || o     |
  |--------|------||-------|
  | low    | < 4  || y     |
  | high   | >= 4 || y * d |
""",
    "added up": """
  | collect sum | n    || o |
  |-------------|------||---|
  | all         | -    || 1 |
  | high        | 4..  || 2 |
""",
}

DEEP = """
table deep
  in  n : int 0..7
  out o : int
  | unique | n   || o |
  |--------|-----||---|
  | low    | ..2 || 5 |
  | high   | 3.. || n |
"""


@pytest.mark.parametrize("name", INNER)
@pytest.mark.parametrize(
    "guard", ["n = 2..5", "n >= 2 and n <= 5", "n = 3, 5", "k = 1 and n = [2..6)"]
)
@pytest.mark.parametrize("outer", ["int -3..9", "int", "optional int ..9"])
def test_a_narrowed_number_means_one_thing_everywhere(name: str, guard: str, outer: str) -> None:
    lets = "".join(f"{line}\n" for line in INNER[name].splitlines() if line.startswith("  let"))
    grid = "\n".join(line for line in INNER[name].splitlines() if line.startswith("  |"))
    text = f"""{DEEP}
table inner
  in  n : int 2..5
  in  m : int 1..4
{lets}  out o : int
{grid}

decision outer
  in  n : {outer}
  in  m : int 1..4
  in  k : int 0..1
  let g = inner(n, m) when {guard}
  out g
"""
    assert agreed(compile_sources([Source("t.dtable", text)]), every) > 100


LISTS = """
type Wide ordered
  none
  low
  mid
  high
  top

type Narrow = ordered low < mid < high

table inner
  in  a : Narrow
  in  b : Narrow
  out o : int
  | unique | a         | b    || o |
  |--------|-----------|------||---|
  | under  | < b       | -    || 1 |
  | same   | = b       | -    || 2 |
  | over   | > b       | low  || 3 |
  | above  | > b       | mid  || 4 |

decision outer
  in  a : Wide
  in  b : optional Wide
  let g = inner(a, b) when a = low..high and b = low, mid, high
  out g
"""

DAYS = """
table inner
  in  d : date 2024-02-27..2024-03-02
  in  x : decimal(1) 0.2..0.5
  let e = d + 2 days
  out o : date
  | unique | e             | x     || o |
  |--------|---------------|-------||---|
  | early  | ..2024-03-01  | < 0.4 || e |
  | later  | ..2024-03-01  | 0.4.. || d |
  | late   | > 2024-03-01  | -     || e |

decision outer
  in  d : date 2024-02-20..2024-03-08
  in  x : optional decimal(1) -0.2..0.8
  let g = inner(d, x) when d = 2024-02-27..2024-03-02 and x = [0.2..0.6)
  out g
"""

CHAINED = """
table first
  in  n : int 0..9
  out o : int 0..9
  | unique | n   || o |
  |--------|-----||---|
  | low    | ..4 || n |
  | high   | 5.. || 7 |

table inner
  in  n : int 2..4
  out o : int
  | unique | n    || o |
  |--------|------||---|
  | two    | 2    || n |
  | more   | 3..  || n |

table outer
  in  n : int 0..9
  let f = first(n) when n = ..7
  let g = inner(f) when f = 2..4
  out o : optional int
  | unique | g       || o       |
  |--------|---------||---------|
  | there  | present || g       |
  | none   | missing || missing |

decision top
  in  n : int -5..20
  let o = outer(n) when n = 0..9
  out o
"""


@pytest.mark.parametrize("text", [LISTS, DAYS, CHAINED])
def test_narrowed_lists_days_and_steps_mean_one_thing_everywhere(text: str) -> None:
    assert agreed(compile_sources([Source("t.dtable", text)]), every) > 20


# ---------------------------------------------------------------- just what slips through is refused

GUARDS = (
    *("2..5", "3", "..5", "2..", "2..4, 5", "1..5", "not 3", "2..5, 8", "missing, 3", "present"),
    *("> 1", "< 6", "(1..6)", "[2..5]", "missing", "missing, 1..3"),
)


@pytest.mark.parametrize("guards", [*((g,) for g in GUARDS), *product(GUARDS[:8:2], GUARDS[8:])])
@pytest.mark.parametrize("wanted", ["int 2..5", "optional int 2..5"])
def test_an_argument_is_allowed_where_all_that_passes_fits(
    guards: Sequence[str], wanted: str
) -> None:
    guards = [g + ", missing" if g.startswith("not") else g for g in guards]
    when = " and ".join(f"n = {each}" for each in guards)
    text = f"""
table inner
  in  n : {wanted}
  out o : int
  | unique || o |
  |--------||---|
  | all    || 1 |

decision outer
  in  n : optional int 0..9
  let g = inner(n) when {when}
  out g
"""
    result = compile_sources([Source("t.dtable", text)])
    errors = [each for each in result.diagnostics if each.severity is Severity.ERROR]
    passing = [v for v in (*range(10), None) if all(_passes(each, v) for each in guards)]
    slips = [v for v in passing if not ((v is None and "optional" in wanted) or v in range(2, 6))]
    assert [each.code for each in errors] == ["GAP027"] * bool(slips)
    if slips:
        said = ["missing" if v is None else str(v) for v in slips]
        label = errors[0].labels[0].text
        assert label in [f"it may be `{each}` where the guard holds" for each in said]
        assert agreed_with_help(text, errors[0].helps) == any(v not in slips for v in passing)
    else:
        agreed(result, every)


def _passes(cell: str, value: int | None) -> bool:
    """The cells above, read by hand."""
    here = {
        "2..5": {2, 3, 4, 5},
        "3": {3},
        "..5": {*range(6)},
        "2..": {*range(2, 10)},
        "2..4, 5": {2, 3, 4, 5},
        "1..5": {1, 2, 3, 4, 5},
        "2..5, 8": {2, 3, 4, 5, 8},
        "not 3, missing": {*range(10)} - {3},
        "missing, 3": {None, 3},
        "present": {*range(10)},
        "> 1": {*range(2, 10)},
        "< 6": {*range(6)},
        "(1..6)": {2, 3, 4, 5},
        "[2..5]": {2, 3, 4, 5},
        "missing": {None},
        "missing, 1..3": {None, 1, 2, 3},
    }
    return value in here[cell]


def agreed_with_help(text: str, helps: Sequence[Help]) -> bool:
    """Whether there is a help, after which nothing is wrong."""
    for each in helps:
        for edit in each.edits:
            changed = text[: edit.span.start] + edit.text + text[edit.span.end :]
            agreed(compile_sources([Source("t.dtable", changed)]), every)
    return bool(helps)


def every(column: Column) -> Sequence[Value]:
    match column.type:
        case OptionalType(of):
            return [*every(Column("", of, None, None, column.span)), None]
        case IntType(int(low), int(high)):
            return [*range(low, high + 1)]
        case IntType(None, high):
            return [-(10**12), *range(-3, 10), *([10**12] if high is None else [])]
        case DecimalType(1, Decimal() as low, Decimal() as high):
            return [Decimal(n).scaleb(-1) for n in range(int(low * 10), int(high * 10) + 1)]
        case DateType(low, high):
            return [low + timedelta(n) for n in range((high - low).days + 1)]
        case EnumerationType(_, members):
            return [each.name for each in members]
    raise AssertionError(column.type)
