"""Features that were built apart hold together: small files in which two or three of them meet."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple

import pytest

from gapless.backends.python import emit
from gapless.driver import Result, compile_sources
from gapless.model import Column, DateType, DecimalType, IntType, OptionalType, Table, Value
from gapless.semantics import Answered, Impossible, evaluate
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.generated_python import functions, looked_up, meant


class File(NamedTuple):
    """A file, and what is found to be wrong with it."""

    text: str
    wrong: frozenset[str] = frozenset()


GUARDED_COMPARISON = """
table inner
  in  a : int 0..5
  in  b : int 0..5
  out o : int 0..10

  | unique | a    || o |
  |--------|------||---|
  | under  | < b  || 1 |
  | over   | >= b || 2 |

table outer
  in  a : optional int 0..5
  in  b : int 0..5
  let g = inner(a, b) when a = present
  let y = g + 1
  out o : int 0..10

  | unique | y    || o |
  |--------|------||---|
  | low    | <= 2 || 1 |
  | high   | > 2  || 2 |
"""

GUARDED_LOOK_UP = """
table deep
  in  a : int 0..3
  out o : int 0..5

  | unique | a  || o |
  |--------|----||---|
  | low    | <2 || a |
  | high   | >1 || 5 |

table inner
  in  a : int 0..3
  let d = deep(a)
  let e = d * 2
  out o : int 0..10

  | unique | e   || o |
  |--------|-----||---|
  | low    | < 3 || e |
  | high   | > 2 || 9 |

table outer
  in  a : optional int 0..3
  in  b : int 0..2
  let g = inner(a) when a = present
  let y = g + b
  out o : int 0..20

  | unique | y       || o |
  |--------|---------||---|
  | there  | present || 1 |
"""

VERSIONS = """
table fee effective ..2024-02-28
  in  sent : date 2024-02-26..2024-03-02
  in  due  : optional date 2024-02-26..2024-03-02
  in  a    : int 0..3
  let late = sent + 3 days
  out o    : int 0..10

  | unique | sent   | due     | late          || o     |
  |--------|--------|---------|---------------||-------|
  | early  | < due  | -       | <= 2024-03-01 || a     |
  | far    | < due  | -       | > 2024-03-01  || a * 2 |
  | late   | >= due | -       | -             || 2     |
  | none   | -      | missing | -             || 3     |

table fee effective 2024-02-29.. by sent
  in  sent : date 2024-02-26..2024-03-02
  in  due  : optional date 2024-02-26..2024-03-02
  in  a    : int 0..3
  let back = sent - 3 days
  out o    : int 0..10

  | unique | back          || o     |
  |--------|---------------||-------|
  | early  | < 2024-02-28  || a + 1 |
  | late   | >= 2024-02-28 || 9     |

table outer
  in  sent : date 2024-02-26..2024-03-02
  in  a    : int 0..3
  let here = fee(sent, missing, a)
  let then = fee(2024-03-01, sent, a)
  let sum  = here + then
  out o    : int 0..30

  | unique | sum  || o   |
  |--------|------||-----|
  | low    | < 5  || sum |
  | high   | >= 5 || 2   |
"""

COLLECTING = """
table score
  in  a    : int 0..3
  in  b    : decimal(1) 0..0.3
  let y    = a * a
  let z    = a + 1
  out o    : int 0..9

  | collect sum | a    | b   || o |
  |-------------|------|-----||---|
  | square      | >= y | -   || 4 |
  | next        | -    | < z || 1 |
"""

ASKED_BEFORE = """
table inner
  in  a : int 0..3
  out o : int 0..9

  | unique | a || o |
  |--------|---||---|
  | all    | - || a |

table outer
  in  a : int 0..3
  in  b : int 0..3
  let x = inner(a)
  let y = inner(a) when b = 2
  let z = inner(b)
  out o : int 0..9

  | unique | x   | z   || o |
  |--------|-----|-----||---|
  | low    | < 2 | -   || 1 |
  | high   | 2.. | < 2 || x |
  | top    | 2.. | 2.. || z |
"""

EXACT_TWICE = """
table inner
  in  a : decimal(1) 0..2
  in  b : int 0..2
  let y = a + b
  out o : decimal(1) 0..9

  | collect sum | y    || o          || because |
  |-------------|------||------------||---------|
  | low         | <= 2 || 0.1        ||         |
  | high        | > 1  || 0.2        ||         |
  | never       | 2    || impossible || so it is |
  | nor         | 2    || impossible || likewise |
"""

FILES = {
    "a comparison within a table that is not always asked": File(
        GUARDED_COMPARISON, frozenset({"GAP101"})
    ),
    "a look-up within a table that is not always asked": File(
        GUARDED_LOOK_UP, frozenset({"GAP101"})
    ),
    "versions that calculate and compare": File(VERSIONS.replace("28\n", "28 by sent\n", 1)),
    "columns compared where all rows answer": File(COLLECTING),
    "a step whose table was asked before": File(ASKED_BEFORE),
    "decimals calculated with and added up": File(EXACT_TWICE),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_found_is_what_is_so(name: str) -> None:
    result, wrong = compiled(name), FILES[name].wrong
    errors = (each for each in result.diagnostics if each.severity is Severity.ERROR)
    assert {each.code for each in errors} == wrong
    meanings = [evaluate(table, case) for table in result.units for case in cases(table)]
    allowed = Answered | Impossible
    assert all(isinstance(each, allowed) for each in meanings) == (not wrong)


@pytest.mark.parametrize("name", [name for name in FILES if not FILES[name].wrong])
def test_code_says_what_is_meant(name: str) -> None:
    result = compiled(name)
    for function in (*functions(result), *looked_up(result)):
        for case in cases(function.table):
            assert function.asked(case) == meant(function.table, case), case


def compiled(name: str) -> Result:
    result = compile_sources([Source("t.dtable", FILES[name].text)])
    assert all(table in result.units for table in result.policies[0].tables)
    return result


def cases(table: Table) -> list[dict[str, Value]]:
    names = [column.name for column in table.inputs]
    every = product(*(values(column) for column in table.inputs))
    return [dict(zip(names, case, strict=True)) for case in every]


def values(column: Column) -> list[Value]:
    type = column.type.of if isinstance(column.type, OptionalType) else column.type
    absent: list[Value] = [None] if isinstance(column.type, OptionalType) else []
    match type:
        case IntType(int(low), int(high)):
            return [*range(low, high + 1), *absent]
        case DecimalType(1, Decimal() as low, Decimal() as high):
            return [Decimal(n).scaleb(-1) for n in range(int(low * 10), int(high * 10) + 1)]
        case DateType(low, high):
            return [*(low + timedelta(n) for n in range((high - low).days + 1)), *absent]
    raise AssertionError(type)


def test_code_has_no_name_twice_and_asks_nothing_twice() -> None:
    [artefact] = emit(compiled("decimals calculated with and added up"))
    assert artefact.text.count("_EXACT: Final") == 1
    assert artefact.text.count("raise ImpossibleError") == 1
