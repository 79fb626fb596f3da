"""What is accepted is built, however large: in a bounded number of steps, or with what was given up said."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random

import pytest

from gapless.analysis.arithmetic import solver
from gapless.analysis.arithmetic.dependent import Exactly, Following
from gapless.analysis.arithmetic.linear import cycle
from gapless.analysis.building import build_units
from gapless.analysis.coverage import budget as work
from gapless.analysis.domain.answers import Fixed, Same
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Ordering
from gapless.analysis.domain.partition import Axis, Cuts, axis
from gapless.backends import ALL, markdown
from gapless.cli.build import objections
from gapless.driver import Result, compile_sources
from gapless.model import (
    Column,
    ColumnValue,
    EnumerationType,
    IntType,
    Member,
    Operator,
    Scalar,
    Table,
    Value,
)
from gapless.model.intervals import MOST_BITS, Reach
from gapless.proof.audit import audited
from gapless.semantics import Answered, Impossible, Unanswered, evaluate
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.diffed import Held, held_against
from tests.generated_python import functions, meant
from tests.mutated_policies import mutated
from tests.pages import ROOT
from tests.random_tables import NOWHERE


def allow(steps: int, monkeypatch: pytest.MonkeyPatch, per_box: int = 0) -> None:
    monkeypatch.setattr(work, "STEPS", steps)
    monkeypatch.setattr(work, "STEPS_PER_BOX", per_box)


def compiled(text: str) -> Result:
    return compile_sources([Source("p.dtable", text)])


def sound(text: str) -> Result:
    result = compiled(text)
    assert not [each.title for each in result.diagnostics if each.severity is Severity.ERROR]
    return result


def built(result: Result) -> dict[str, str]:
    """Every target, the Python tried; that nothing was found wrong is asserted."""
    assert audited(result).findings == ()
    made = {each.path: each.text for target in ALL.values() for each in target(result)}
    assert not list(objections(result, made))
    return made


def grid(name: str, columns: list[str], policy: str, rows: list[str], out: str = "int") -> str:
    """A table of yes-or-no columns."""
    ins = "".join(f"  in {each} : bool\n" for each in columns)
    head = f"  | {policy} | {' | '.join(columns)} || y || because |\n"
    return f"table {name}\n{ins}  out y : {out}\n\n{head}{''.join(rows)}\n"


def asking(columns: list[str], name: str, yes: set[int], answer: int) -> str:
    cells = " | ".join("yes" if number in yes else "-" for number in range(len(columns)))
    return f"  | {name} | {cells} || {answer} || so |\n"


# ---------------------------------------------------------------- nothing rests on a search


@cache
def real() -> tuple[Result, ...]:
    """The policies of the repository that are sound: what to try anything on."""
    folders = [ROOT / "tables", *sorted(ROOT.glob("tests/golden/*/given"))]
    sources = [
        [Source(path.name, path.read_text("utf-8")) for path in sorted(each.glob("*.dtable"))]
        for each in folders
    ]
    return tuple(found for each in sources if (found := compile_sources(each)).is_sound)


@pytest.mark.parametrize("steps", [0])
def test_what_is_proved_is_built_without_a_step_to_spare(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(real()) > 5
    for result in real():
        units = build_units(table for policy in result.policies for table in policy.tables).units
        with monkeypatch.context() as patch:
            allow(steps, patch)
            built(replace(result, units=units))


# ---------------------------------------------------------------- shapes that grow


def chain(length: int) -> str:
    first = "table t0\n  in a : int 0..9\n  out y : int 0..9\n\n  | unique | a || y |\n"
    text = [f"{first}  | x | ..4 || 3 |\n  | z | 5.. || 7 |\n\n"]
    for n in range(1, length):
        text.append(
            f"table t{n}\n  in a : int 0..9\n  let l = t{n - 1}(a)\n  let m = t{n - 1}({n % 10})\n"
            "  out y : int 0..9\n\n  | first | l | m || y |\n"
            f"  | p | ..3 | - || {n % 10} |\n  | q | - | ..4 || {(n + 3) % 10} |\n"
            f"  | r | - | - || {(n + 6) % 10} |\n\n"
        )
    return "".join(text)


def test_a_chain_of_tables_that_ask_twice_is_built_and_answers() -> None:
    """A way from its last table to its first is one of 2 ** 24: none but sharing goes them all."""
    result = sound(chain(25))
    built(result)
    last = [*functions(result)][-1]
    for value in range(10):
        case = {"a": value}
        assert last.asked(case) == meant(last.table, case)


def test_a_short_chain_remembers_nothing() -> None:
    assert "lru_cache" not in built(sound(chain(4)))["python/p.py"]
    assert "lru_cache" in built(sound(chain(9)))["python/p.py"]


@pytest.mark.parametrize("shape", ["few rows", "one row", "staircase", "summed"])
def test_a_column_more_is_no_level_more(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With so short a stack, a level for each of these columns would not fit."""
    allow(20_000, monkeypatch)
    many = [f"c{number}" for number in range(80)]
    rows = [asking(many, f"r{k}", {k}, k % 5) for k in range(0, 80, 27)]
    if shape == "few rows":
        rows = [asking(many, f"r{k}", {*range(k, 80, 14)}, k) for k in range(10)]
    elif shape == "one row":
        rows = [asking(many, "all", {*range(80)}, 1)]
    policy = "collect sum" if shape == "summed" else "first"
    text = grid("t", many, policy, [*rows, "  | otherwise || 99 || so |\n"])
    given = ", ".join(many)
    ins = "".join(f"  in {each} : bool\n" for each in many)
    if shape in ("staircase", "summed"):
        text += f"table u\n{ins}"
        text += f"  let l = t({given})\n  out y : int\n\n  | unique | l || y |\n"
        text += "  | a | ..50 || l |\n  | b | 51.. || 2 |\n"
    built(sound(chain(2)))  # what is read once, such as templates, is
    with shallow(170):
        result = sound(text)
        for target in ALL.values():
            target(result)
    assert "def t(" in built(result)["python/p.py"]
    chance = Random(0)
    for function in functions(result):
        for _ in range(10):
            case: dict[str, Value] = {name: chance.random() < 0.97 for name in many}
            assert function.asked(case) == meant(function.table, case)


@contextmanager
def shallow(levels: int) -> Iterator[None]:
    """So many levels more, and no further."""
    before, here = sys.getrecursionlimit(), len(inspect.stack(0))
    sys.setrecursionlimit(here + levels)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def test_a_sum_too_large_to_be_counted_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(15_000, monkeypatch)
    many = [f"c{number}" for number in range(40)]
    rows = [asking(many, f"r{k}", {k, 7 * k % 40}, k % 3) for k in range(40)]
    made = built(sound(grid("t", many, "collect sum", [*rows, "  | otherwise || 0 || so |\n"])))
    assert "It stands for every case that no rule above names." in made["markdown/p.md"]


def compared(columns: int) -> str:
    names = [f"c{number}" for number in range(columns)]
    rows = []
    for k in range(columns):
        others = [(n + k + 1) % columns for n in range(columns)]
        cells = [f"< c{other}" if other != n else "-" for n, other in enumerate(others)]
        rows.append(f"  | r{k} | {' | '.join(cells)} || {k} |\n")
    ins = "".join(f"  in {name} : int 0..99\n" for name in names)
    head = f"  | unique | {' | '.join(names)} || y |\n"
    return f"table t\n{ins}  out y : int 0..99\n\n{head}{''.join(rows)}"


@pytest.mark.parametrize("columns", [5, 12])
def test_orders_that_go_round_are_seen_at_once(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(3_000, monkeypatch, per_box=10)
    result = sound(compared(columns))
    [unit] = result.units.values()
    markdown.emit(result)
    assert unit.work is not None and unit.work.left > 0
    case: dict[str, Value] = {f"c{number}": number for number in range(columns)}
    assert isinstance(evaluate(unit.table, case), Answered)


# ---------------------------------------------------------------- scores


def scored(chance: Random, tables: int) -> str:
    """Tables that give scores, one that sums or multiplies them, may test and may answer them, and who asks it."""
    text, sizes = [], [chance.randint(2, 4) for _ in range(tables)]
    for n, size in enumerate(sizes):
        answers = [str(chance.randrange(8)) for _ in range(size)]
        answers[-1] = chance.choice([answers[-1], answers[-1], "impossible"])
        rows = [f"  | r{k} | {k} || {answer} || so |\n" for k, answer in enumerate(answers)]
        head = f"table t{n}\n  in x : int 0..{size - 1}\n  out v : int 0..7\n\n"
        text.append(f"{head}  | unique | x || v || because |\n{''.join(rows)}")
    names = [f"a{n}" for n in range(tables)]
    tested = [name for name in names if chance.random() < 0.4]
    first, second = sorted(chance.sample(range(1, 14), 2))
    rows = []
    for number, total in enumerate((f"..{first - 1}", f"{first}..{second}", f"{second + 1}..")):
        cells = [chance.choice(["-", "-", f">= {chance.randrange(8)}"]) for _ in tested]
        answer = chance.choice([str(number), *names])
        rows.append(f"  | q{number} | {' | '.join([total, *cells])} || {answer} |\n")
    ins = "".join(f"  in {name} : int 0..7\n" for name in names)
    total = chance.choice([" + ", " * "]).join(names)
    head = f"table final\n{ins}  let total = {total}\n  out y : int 0..20\n\n"
    text.append(f"{head}  | unique | {' | '.join(['total', *tested])} || y |\n{''.join(rows)}")
    asked = "".join(f"  in x{n} : int 0..{size - 1}\n" for n, size in enumerate(sizes))
    lets = "".join(f"  let s{n} = t{n}(x{n})\n" for n in range(tables))
    given = ", ".join(f"s{n}" for n in range(tables))
    head = f"table top\n{asked}{lets}  let f = final({given})\n  out z : int 0..20\n\n"
    text.append(f"{head}  | unique | f || z |\n  | one | ..5 || f |\n  | two | 6.. || 20 |\n")
    return "\n".join(text)


@pytest.mark.parametrize("batch", range(4))
def test_what_is_asked_with_scores_is_known_case_by_case(batch: int) -> None:
    seen: set[str] = set()
    for seed in range(30 * batch, 30 * batch + 30):
        units = compiled(scored(Random(seed), 2 + seed % 2)).units
        top = next(table for table in units if table.name == "top")
        call, pieces = top.lets[-1].call, units[top].caller.lets["f"]
        following = units[top].following
        assert following is not None
        for case in _cases(top):
            inputs = {column.name: case[n] for n, column in enumerate(top.inputs)}
            scores = [
                evaluate(let.call.table, {"x": case[n]}) for n, let in enumerate(top.lets[:-1])
            ]
            exactly = Exactly(following, case)
            here = (
                [
                    answer
                    for box, answer, _ in pieces
                    if all(
                        mask >> exactly.atom(place) & 1
                        for place, mask in enumerate(box)
                        if mask != following.axes[place].whole
                    )
                ]
                if all(isinstance(each, Answered) for each in scores)
                else None
            )
            if here is None:
                seen.add("never")
                assert isinstance(evaluate(top, inputs), Impossible)
                continue
            [answer] = here
            given = [each.values[0] for each in scores if isinstance(each, Answered)]
            names = [column.name for column in call.table.inputs]
            meaning = evaluate(call.table, dict(zip(names, given, strict=True)))
            seen.add(type(meaning).__name__)
            match answer:
                case Fixed(value):
                    assert isinstance(meaning, Answered) and meaning.values == (value,)
                case Same(place):
                    value = exactly.value(following.axes[place].column.name)
                    assert isinstance(meaning, Answered) and meaning.values == (value,)
                case _:
                    assert isinstance(meaning, Unanswered)
    assert seen == {"never", "Answered", "Unanswered"}


def _cases(table: Table) -> Iterator[tuple[Scalar, ...]]:
    ranges = [column.type for column in table.inputs]
    yield from product(
        *(
            range(each.high + 1)
            for each in ranges
            if isinstance(each, IntType) and each.high is not None
        )
    )


def summed(tables: int, rows: int, total: str) -> str:
    """So many tables of so many scores, one that adds or multiplies them, and a decision."""
    text = []
    for n in range(tables):
        lines = [f"  | r{k} | {k} || {(11 * n + 37 * k) % 97} |\n" for k in range(rows)]
        head = f"table t{n}\n  in x : int 0..{rows - 1}\n  out v : int\n\n  | unique | x || v |\n"
        text.append(head + "".join(lines))
    ins = "".join(f"  in a{n} : int\n" for n in range(tables))
    text.append(
        f"table final\n{ins}  let total = {total}\n  out ok : bool\n\n"
        "  | unique | total || ok |\n  | y | >= 50 || yes |\n  | n | < 50 || no |\n"
    )
    asked = "".join(f"  in x{n} : int 0..{rows - 1}\n" for n in range(tables))
    lets = "".join(f"  let s{n} = t{n}(x{n})\n" for n in range(tables))
    given = ", ".join(f"s{n}" for n in range(tables))
    text.append(f"decision model\n{asked}{lets}  let f = final({given})\n  out f\n")
    return "\n".join(text)


@pytest.mark.parametrize(
    ("tables", "rows", "total"),
    [(7, 7, "a0 + a1 + a2 + a3 + a4 + a5 + a6"), (2, 150, "a0 * a1")],
)
def test_scores_of_many_tables_are_summed_up_by_another(
    tables: int, rows: int, total: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """7 ** 7, and 150 ** 2, values together: more than these steps would go through one by one."""
    allow(5_000, monkeypatch)
    result = sound(summed(tables, rows, total))
    assert {table.name for table in result.units} == {
        *(f"t{n}" for n in range(tables)),
        "final",
        "model",
    }


def test_scores_that_are_all_tested_are_followed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(40_000, monkeypatch)
    text = summed(6, 6, "a0").replace("  let total = a0\n", "")
    head, rest = text.split("  | unique | total || ok |\n")
    columns = " | ".join(f"a{n}" for n in range(6))
    rows = [
        f"  | q{k} | {' | '.join(f'>= {(17 * k + 29 * n) % 97}' for n in range(6))} || yes || so |\n"
        for k in range(8)
    ]
    rows.append("  | otherwise || no || so |\n")
    grid_ = f"  | first | {columns} || ok || because |\n{''.join(rows)}"
    sound(f"{head}{grid_}{rest.split('no |')[1]}")


# ---------------------------------------------------------------- what goes round


SIGNS = [
    {BELOW},
    {LIKE},
    {ABOVE},
    {BELOW, LIKE},
    {ABOVE, LIKE},
    {BELOW, ABOVE},
    {BELOW, LIKE, ABOVE},
]


@pytest.mark.parametrize("batch", range(5))
def test_orders_go_round_where_no_numbers_stand_so(batch: int) -> None:
    going_round = 0
    for seed in range(40 * batch, 40 * batch + 40):
        chance = Random(seed)
        names = ["a", "b", "c", "d"][: chance.randint(2, 4)]
        pairs = [(one, other) for n, one in enumerate(names) for other in names[n + 1 :]]
        kept = chance.sample(pairs, chance.randint(1, len(pairs)))
        following = _orders(names, kept)
        wanted = [chance.choice(SIGNS) for _ in kept]
        masks = [1] * len(names) + [
            _mask(axis_, signs)
            for axis_, signs in zip(following.axes[len(names) :], wanted, strict=True)
        ]
        places = range(len(names), len(masks))
        core = cycle(following, masks, places)
        going_round += bool(core)
        assert bool(core) == (not _stands(names, kept, wanted))
        if core:
            numbers = [place - len(names) for place in core]
            assert not _stands(names, [kept[n] for n in numbers], [wanted[n] for n in numbers])
    assert going_round


def _orders(names: list[str], pairs: list[tuple[str, str]]) -> Following:
    order = EnumerationType("order", tuple(Member(name) for name in (BELOW, LIKE, ABOVE)))
    numbers = [
        axis(Column(name, IntType(None, None), None, None, NOWHERE), Cuts()) for name in names
    ]
    orders = [axis(Column(f"{a} {b}", order, None, None, NOWHERE), Cuts()) for a, b in pairs]
    definitions = tuple(Ordering(ColumnValue(a), ColumnValue(b)) for a, b in pairs)
    return Following((*numbers, *orders), len(names), definitions, {})


def _mask(of: Axis, signs: set[str]) -> int:
    return sum(1 << (of.locate(sign) or 0) for sign in signs)


def _stands(names: list[str], pairs: list[tuple[str, str]], wanted: list[set[str]]) -> bool:
    """Whether some numbers stand to each other as is wanted: as many as there are columns suffice."""
    for values in product(range(len(names)), repeat=len(names)):
        of = dict(zip(names, values, strict=True))
        told = [BELOW if of[a] < of[b] else ABOVE if of[a] > of[b] else LIKE for a, b in pairs]
        if all(sign in signs for sign, signs in zip(told, wanted, strict=True)):
            return True
    return False


# ---------------------------------------------------------------- one budget for a table


def hard(rules: int, columns: int) -> str:
    """Rows of which none decides alone: every question about them takes a search."""
    chance, many = Random(7), [f"c{number}" for number in range(columns)]
    rows = [asking(many, f"r{k}", {*chance.sample(range(columns), 4)}, k) for k in range(rules)]
    return grid("t", many, "first", rows)


@pytest.mark.parametrize("steps", [50, 500, 3_000])
def test_all_questions_about_a_table_together_take_so_many_steps(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(steps, monkeypatch)
    result = compiled(hard(30, 16))
    [unit] = result.units.values()
    assert unit.work is not None
    assert unit.work.own >= -steps - 400
    assert "GAP109" in {each.code for each in result.diagnostics} or steps > 500


def test_a_table_that_spent_its_steps_is_never_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    text = hard(12, 8)
    assert "GAP101" in {each.code for each in compiled(text).diagnostics}
    monkeypatch.setattr(work, "QUESTIONS", 0)
    found = compiled(text)
    assert not found.is_sound
    assert "GAP109" in {each.code for each in found.diagnostics}


def test_the_call_that_took_too_many_steps_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = summed(2, 40, "a0").replace("  let total = a0\n", "").replace("total", "a0")
    text = (
        text.replace("out ok : bool", "out ok : int")
        .replace("|| yes", "|| a0")
        .replace("|| no", "|| a1")
    )
    allow(400, monkeypatch)
    monkeypatch.setattr(work, "QUESTIONS", 1)
    found = [each for each in compiled(text).diagnostics if each.code == "GAP109"]
    assert [each.title for each in found] == ["what `model` asks of `final` could not be followed"]
    assert "add them up" in found[0].helps[1].text


# ---------------------------------------------------------------- what a look at a part costs


def spied(monkeypatch: pytest.MonkeyPatch) -> list[Reach]:
    """What calculations are asked to come to, as it is worked backwards; so many that no look costs more."""
    found: list[Reach] = []
    backwards = solver.inverse

    def noted(operator: Operator, wanted: Reach, known: Sequence[Reach], at: int) -> Reach | None:
        found.append(wanted)
        assert len(found) < 60_000
        assert all(end is None or is_reckoned(end) for end in wanted[:2])
        return backwards(operator, wanted, known, at)

    monkeypatch.setattr(solver, "inverse", noted)
    return found


def is_reckoned(end: Fraction) -> bool:
    return max(end.numerator.bit_length(), end.denominator.bit_length()) <= 2 * MOST_BITS


def test_ends_that_double_with_every_product_are_kept_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = spied(monkeypatch)
    pair = mutated(2524)
    held_against(pair.old, pair.new, Held(), 2524)
    assert found


@pytest.mark.parametrize("number", [4, 18, 30])
def test_columns_that_follow_from_each_other_are_not_asked_the_same_twice(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = spied(monkeypatch)
    lets = "".join(f"  let x{n + 1} = x{n} + x{n}\n" for n in range(number))
    text = f"""table t
  in x0 : int
  in y  : int
{lets}  out a : int

  | first | x{number} || a ||
  |-------|-----||---||
  | less  | < y || 1 ||
  | other | -   || 2 ||
"""
    old, new = ([Source("p.dtable", each)] for each in (text, text.replace("|| 2 ||", "|| 3 ||")))
    (each,) = held_against(old, new, Held(), 0).tables
    assert each.regions
    assert each.undecided is None
    assert 0 < len(found) < 100 * number
