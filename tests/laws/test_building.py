"""What `check` accepts, `build` builds: random whole policies, all features mixed, all targets."""

from __future__ import annotations

import re
from decimal import (
    Clamped,
    Context,
    Decimal,
    Inexact,
    Rounded,
    Subnormal,
    Underflow,
    localcontext,
)
from pathlib import Path
from typing import Any

import pytest

from gapless.backends import columns
from gapless.backends.columns.shaping import Offer, offered
from gapless.cli.arguments import parsed
from gapless.cli.build import build, objections
from gapless.driver import compile_sources
from gapless_dsl.source import Source
from tests.building import FEATURES, documented, put
from tests.generated_columns import modules
from tests.random_policies import random_policy

COUNT = 24
"""`make test-long` asks many more: `python -m tests.building 20000`."""


def test_what_is_accepted_is_built() -> None:
    *_, tally = put(range(COUNT))

    assert tally.failed == []
    assert tally.accepted > 0.65 * COUNT
    assert len(tally.features) > 0.7 * len(FEATURES)


def test_a_seed_names_a_policy() -> None:
    assert random_policy(7) == random_policy(7)
    assert random_policy(7) != random_policy(8)


@pytest.mark.parametrize("target", ["columns", "sql"])
def test_pages_list_why_tables_are_left_out(target: str) -> None:
    assert len(documented(target)) > 3


# ---------------------------------------------------------------- what once was not built

UNUSED_STEP = """
table fee
  in  weight : int 1..30
  let double = weight * 2 "Shown to reviewers"
  out price : int

  | unique | weight | double || price |
  |--------|--------|--------||-------|
  | light  | ..5    | -      || 4     |
  | heavy  | 6..    | -      || 9     |
"""

COMPARED_OPTIONAL = """
table t
  in c19 : optional int -3..0
  in c20 : optional int 0..2
  out o21 : int

  | any | c19 | c20     || o21        || because |
  |-----|-----|---------||------------||---------|
  | r24 | -   | present || 1          ||         |
  | r25 | -   | >= c19  || impossible || x       |
  | r27 | -   | missing || 2          ||         |
"""

LONG_NAME = f"""
type {"b" * 76} = low | high

table eq
  in a : bool
  in b : {"b" * 76}
  out y : int

  | unique | a   | b    || y |
  |--------|-----|------||---|
  | 0      | no  | low  || 0 |
  | 1      | no  | high || 1 |
  | 2      | yes | -    || 2 |
"""

CONSTANTS = """
table rank
  in low  : int 0..9
  in high : int 0..9
  out ok  : bool

  | unique | low     || ok  |
  |--------|---------||-----|
  | yes    | < high  || yes |
  | no     | >= high || no  |

table fee
  in n   : int 0..9
  let ok = rank(3, 5)
  out o  : int

  | unique | ok  | n   || o |
  |--------|-----|-----||---|
  | a      | yes | ..4 || 1 |
  | b      | yes | 5.. || 2 |
  | c      | no  | -   || 3 |
"""

NOTHING_COMPARED = """
table inner
  in  a : optional int 0..3
  in  b : int 0..3
  out o : int

  | unique | a       || o |
  |--------|---------||---|
  | none   | missing || 0 |
  | less   | < b     || 1 |
  | more   | >= b    || 2 |

table outer
  in  b : int 0..3
  let l = inner(missing, b)
  out p : int

  | unique | l    || p |
  |--------|------||---|
  | none   | < 1  || 0 |
  | some   | >= 1 || 2 |
"""

VAST_CONSTANT = """
table inner
  in  a : decimal(3) 0..1
  in  n : int 0..
  out o : int

  | unique | a    || o |
  |--------|------||---|
  | less   | < n  || 1 |
  | more   | >= n || 2 |

table outer
  in  a : decimal(3) 0..1
  let l = inner(a, 1_000_000_000_000_000_020)
  out p : int

  | unique | l || p |
  |--------|---||---|
  | one    | 1 || 0 |
  | two    | 2 || 2 |
"""

EXACT = """
table fee
  in price : decimal(2) 0..100
  in zone  : bool
  out fee  : int

  | unique | price | zone || fee |
  |--------|-------|------||-----|
  | r10    | -     | yes  || 1   |
  | r14    | -     | no   || 2   |
"""

UNASKED_LIST = """
table stickers
  in  n  : int 0..9
  out on : set of bool

  | collect   | n || on  || because |
  |-----------|---||-----||---------|
  | all       | - || yes ||         |
  | otherwise     || []  || none    |

table fee
  in  n : int 0..9
  let l = stickers(3)
  out o : int

  | unique | n   || o |
  |--------|-----||---|
  | a      | ..4 || 1 |
  | b      | 5.. || 2 |
"""

HIDING = """
table __dict__
  in  sum : text
  out o   : int
  out p   : int

  | collect count | sum || o   | p   |
  |---------------|-----||-----|-----|
  | one           | "x" || yes | no  |
  | two           | -   || yes | yes |
"""

CALLED_LIKE_FUNCTIONS = """
table fee
  in explain_fee : bool
  in fee         : int 0..3
  in fee_from    : int 0..3
  out o          : int

  | unique | explain_fee | fee || o |
  |--------|-------------|-----||---|
  | a      | yes         | -   || 1 |
  | b      | no          | ..1 || 2 |
  | c      | no          | 2.. || 3 |
"""

PASSED_ON = """
decision model
  in  any : int 1..501
  out n   = any
  out m   : int 1..501 = 230
"""

BEYOND_64_BITS = """
table size
  in  n : int 0..100000000000000000000000000000000000000000
  out o : int

  | unique | n                                    || o |
  |--------|--------------------------------------||---|
  | small  | < 9223372036854775806                || 1 |
  | large  | [9223372036854775806..10000000000000000000000) || 2 |
  | vast   | >= 10000000000000000000000            || 3 |
"""

WITHOUT_INPUTS = """
table msg
  out text : text

  | unique || text    |
  |--------||---------|
  | all    || "hello" |

decision model
  in sick : bool
  let m = msg() when sick = no
  out m
"""

LONG_PRODUCT = """
table rate
  in  a : decimal(18) 0..1
  in  c : decimal(18) 0..1
  let b = a * a
  out o : int

  | unique | b    || o |
  |--------|------||---|
  | less   | < c  || 1 |
  | more   | >= c || 2 |
"""

FILES = {
    "a step that no answer needs": UNUSED_STEP,
    "a comparison with an optional column": COMPARED_OPTIONAL,
    "a name longer than a line": LONG_NAME,
    "a comparison of constants": CONSTANTS,
    "a comparison with nothing": NOTHING_COMPARED,
    "a comparison with a vast constant": VAST_CONSTANT,
    "a decimal that underflows": EXACT,
    "a list that nobody asks for": UNASKED_LIST,
    "names that hide what functions say": HIDING,
    "columns called like the table's functions": CALLED_LIKE_FUNCTIONS,
    "a column passed on in a lazy frame": PASSED_ON,
    "numbers beyond 64 bits": BEYOND_64_BITS,
}


LEFT_OUT = {
    "a number with more digits than a context has room for": LONG_PRODUCT,
    "a table without inputs": WITHOUT_INPUTS,
}


@pytest.mark.parametrize("name", [*FILES, *LEFT_OUT])
def test_what_once_was_not_built_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.dtable").write_text(f"policy p\n{(FILES | LEFT_OUT)[name]}", "utf-8")

    outcome = build(parsed(["build", str(tmp_path), "--out", str(tmp_path / "out")]))

    assert outcome.code == 0, outcome.text


@pytest.mark.parametrize("name", FILES)
def test_only_what_is_calculated_is_left_out_of_columns(name: str) -> None:
    result = compile_sources([Source("p.dtable", f"policy p\n{FILES[name]}")])

    assert all(isinstance(offered(unit), Offer) for unit in result.units.values())


FAULTS = {
    "cells": (r'stages=\(\(\(0,\), "0 1"\),\)', 'stages=(((0,), "1 0"),)'),
    "a lazy frame": (r"nw\.lit\(len\(below\) \+ group\)", "nw.lit(0)"),
    "the text of a module": (r"^from typing", "from no_such_module"),
    "the text of the runtime": (r"^import datetime", "import no_such_module"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_columns_are_tried_before_they_are_written(fault: str) -> None:
    result = compile_sources([Source("p.dtable", f"policy p\n{UNUSED_STEP}")])
    texts = {each.path: each.text for each in columns.emit(result)}
    assert [*objections(result, texts)] == []

    pattern, wrong = FAULTS[fault]
    spoilt = {
        path: re.sub(pattern, wrong, text, flags=re.MULTILINE) for path, text in texts.items()
    }

    assert spoilt != texts
    [found] = objections(result, spoilt)
    assert (found.code, "whole columns" in found.title) == ("GAP132", True)


def test_what_was_not_tried_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.dtable").write_text(f"policy p\n{UNUSED_STEP}", "utf-8")
    words = ["build", str(tmp_path), "--out", str(tmp_path / "out")]
    build(parsed(words))
    monkeypatch.setattr("gapless.cli.build.find_spec", lambda name: None)

    without = build(parsed(words))

    assert "columns were not tried before they were written: numpy" in without.text
    assert ", all current" in without.text


# ---------------------------------------------------------------- doors for every decimal

DECIMALS = (
    *("1e-1100000", "-1e-1100000", "0.001", "99.999999999999999999999999999999999", "1e-200"),
    *("100.01", "-0.01", "1e400", "-1e999999", "NaN", "sNaN", "Infinity", "-Infinity"),
    *(f"1.{'0' * 40}1", "0.009999999999999999999999999999999999999"),
)
GOOD = ("0", "-0", "0.00", "100", "1e2", "4.9", "4.90", f"4.9{'0' * 60}", "0e-5000", "0.01")
CONTEXTS = (
    Context(),
    Context(prec=1, Emin=0, Emax=0),
    Context(prec=7, Emin=-95, Emax=96, clamp=1),
    Context(prec=2, traps=[]),
    Context(prec=999, traps=[Inexact, Rounded, Subnormal, Underflow, Clamped]),
)


class _Exact(Decimal):
    pass


@pytest.mark.parametrize("context", CONTEXTS, ids=range(len(CONTEXTS)))
def test_doors_are_exact_for_every_decimal_in_every_context(context: Context) -> None:
    result = compile_sources([Source("p.dtable", f"policy p\n{EXACT}")])
    loaded = modules(result)
    scalar: Any = loaded["p"]
    many: Any = loaded["columns.p_columns"]
    good = [Decimal(each) for each in GOOD]
    bad = [*(Decimal(each) for each in DECIMALS), _Exact("1.00"), Decimal("1" * 5_000)]

    with localcontext(context):
        assert [scalar.fee(each, True) for each in good] == [1] * len(good)
        for each in bad:
            for function in (scalar.fee, scalar.explain_fee):
                with pytest.raises(scalar.InputError):
                    function(each, True)
        found = many.fee_columns([*good, *bad], [True] * len([*good, *bad]), refused="null")
        assert found.values("fee").tolist() == [1] * len(good) + [None] * len(bad)
