"""Tables that collect mean what DMN says: their proofs, those of their callers, and their code agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from gapless.analysis.domain.answers import Fixed, Nothing
from gapless.analysis.unit import Unit, answers
from gapless.backends import ALL
from gapless.driver import Result, compile_sources
from gapless.model import Table, Value
from gapless.proof.audit import audited
from gapless.run import put
from gapless.semantics import Answered, Impossible, Unanswered, Unworkable, evaluate
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.generated_python import loaded, meant

TYPES = """type Kind = red | green | blue
type Grade = ordered low < mid < high

table shade
  in n : int 0..3
  out shade : Kind
  | unique | n || shade |
  |--|--||--|
  | a | 0 || red |
  | b | 1..2 || green |
  | c | 3 || blue |

"""

INPUTS = """  in a : bool
  in n : int 0..3
  in k : optional Kind
"""

CASES: list[dict[str, Value]] = [
    {"a": a, "n": n, "k": k}
    for a, n, k in product((False, True), range(4), ("red", "green", "blue", None))
]

SHADES = ("red", "green", "green", "blue")
KINDS = ("red", "green", "blue")
GRADES = ("low", "mid", "high")

TESTS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "a": {"-": lambda v: True, "yes": lambda v: v is True, "no": lambda v: v is False},
    "n": {
        "-": lambda v: True,
        "..1": lambda v: v <= 1,
        "2..": lambda v: v >= 2,
        "0, 3": lambda v: v in (0, 3),
        "1": lambda v: v == 1,
    },
    "k": {
        "-": lambda v: True,
        "red": lambda v: v == "red",
        "missing": lambda v: v is None,
        "present": lambda v: v is not None,
        "missing, not blue": lambda v: v in (None, "red", "green"),
    },
    "s": {
        "-": lambda v: True,
        "green": lambda v: v == "green",
        "not red": lambda v: v != "red",
    },
}


@dataclass(frozen=True)
class Way:
    """A hit policy with outputs that suit it: what a row may write, and what is made of all it writes."""

    policy: str
    outputs: tuple[str, ...]
    writes: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]
    collect: Callable[[list[tuple[str, ...]]], tuple[Value, ...]]


def _column(place: int, made: Callable[[list[str]], Value]) -> Callable[..., Value]:
    return lambda rows: made([row[place] for row in rows])


def _each(
    *made: Callable[[list[str]], Value],
) -> Callable[[list[tuple[str, ...]]], tuple[Value, ...]]:
    columns = [_column(place, one) for place, one in enumerate(made)]
    return lambda rows: tuple(column(rows) for column in columns)


def _by_output(rows: list[tuple[str, ...]]) -> tuple[Value, ...]:
    ordered = sorted(rows, key=lambda row: (KINDS.index(row[0]), GRADES.index(row[2])))
    return tuple(tuple(row[place] for row in ordered) for place in range(3))


def _listed(cells: list[str]) -> Value:
    words = [word for cell in cells for word in re.findall(r"\w+", cell)]
    return tuple(words)


def _total(cells: list[str]) -> Value:
    return sum(int(cell) for cell in cells)


WAYS = (
    Way("collect", ("list of Kind",), (("red", "green, blue", "[]"),), ("[]",), _each(_listed)),
    Way("collect", ("set of Kind",), (("red", "green", "red, blue"),), ("[]",),
        _each(lambda cells: frozenset(_listed(cells) or ()))),  # type: ignore[arg-type]
    Way("rule order", ("list of Kind", "list of Grade"), (KINDS, GRADES), ("[]", "low"),
        _each(_listed, _listed)),
    Way("output order", ("list of Kind", "list of text", "list of Grade"),
        (KINDS, ('x', 'y'), GRADES), ("[]", "z", "[]"), _by_output),
    Way("collect sum", ("int 0..6",), (("0", "1", "2", "5", "-1"),), ("0",), _each(_total)),
    Way("collect sum", ("int", "optional decimal(1) ..3"), (("1", "-2"), ("0.5", "1.5", "-0.1")),
        ("7", "missing"),
        _each(_total, lambda cells: sum((Decimal(cell) for cell in cells), Decimal(0)))),
    Way("collect min", ("int -3..5",), (("5", "0", "-3"),), ("4",),
        _each(lambda cells: min(map(int, cells)))),
    Way("collect max", ("optional Grade", "date"), (GRADES, ("2024-01-01", "2023-12-31")),
        ("missing", "2020-01-01"),
        _each(lambda cells: max(cells, key=GRADES.index),
              lambda cells: max(map(__import__("datetime").date.fromisoformat, cells)))),
    Way("collect count", ("int 0..3",), (("yes", "yes", "no"),), ("0",),
        _each(lambda cells: cells.count("yes"))),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    name: str
    tests: Mapping[str, str]
    writes: tuple[str, ...] | None
    """None where the row says `impossible`."""

    def applies(self, case: Mapping[str, Value]) -> bool:
        full = {**case, "s": SHADES[case["n"]]}  # type: ignore[index]
        return all(TESTS[column][cell](full[column]) for column, cell in self.tests.items())


@dataclass(frozen=True)
class Sheet:
    """A table as it is written, and what it means by that."""

    way: Way
    rows: Sequence[Row]
    rest: bool
    shaded: bool

    @property
    def text(self) -> str:
        columns = ["a", "n", "k", *(["s"] if self.shaded else [])]
        outs = [f"o{place}" for place in range(len(self.way.outputs))]
        declared = [f"  out {o} : {t}" for o, t in zip(outs, self.way.outputs, strict=True)]
        lines = [
            "table t",
            INPUTS.rstrip(),
            *(["  let s = shade(n)"] if self.shaded else []),
            *declared,
            f"  | {self.way.policy} | {' | '.join(columns)} || {' | '.join(outs)} || because |",
            f"  |{'--|' * (len(columns) + 1)}|{'--|' * len(outs)}|--|",
        ]
        for row in self.rows:
            says = " | ".join(row.writes) if row.writes else "impossible"
            cells = " | ".join(row.tests[column] for column in columns)
            lines.append(f"  | {row.name} | {cells} || {says} || why |")
        if self.rest:
            lines.append(f"  | rest | otherwise || {' | '.join(self.way.rest)} || why |")
        return "\n".join(lines) + "\n"

    def applying(self, case: Mapping[str, Value]) -> list[Row]:
        return [row for row in self.rows if row.applies(case)]

    def meant(self, case: Mapping[str, Value]) -> tuple[Value, ...] | str:
        applying = self.applying(case)
        if any(row.writes is None for row in applying):
            return "impossible"
        if applying:
            return self.way.collect([row.writes for row in applying if row.writes])
        return "otherwise" if self.rest else "gap"


def sheet(random: Random) -> Sheet:
    way = random.choice(WAYS)
    shaded = random.random() < 0.3
    columns = ["a", "n", "k", *(["s"] if shaded else [])]
    rows = []
    for number in range(random.randint(0, 6)):
        tests = {column: random.choice(["-", *TESTS[column]]) for column in columns}
        writes: tuple[str, ...] | None = tuple(random.choice(each) for each in way.writes)
        if random.random() < 0.08:
            writes = None
        rows.append(Row(f"r{number}", tests, writes))
    return Sheet(way, rows, not rows or random.random() < 0.6, shaded)


def compiled(text: str) -> Result:
    return compile_sources([Source("given.dtable", TYPES + text)])


def table(result: Result, name: str = "t") -> Table:
    (found,) = (each for each in result.policies[0].tables if each.name == name)
    return found


@cache
def sheets(batch: int) -> list[tuple[Sheet, Result]]:
    found = []
    for seed in range(25 * batch, 25 * batch + 25):
        drawn = sheet(Random(seed))
        result = compiled(drawn.text)
        assert not [d for d in result.diagnostics if d.code < "GAP100"], drawn.text
        found.append((drawn, result))
    return found


@pytest.mark.parametrize("batch", range(8))
def test_the_reference_meaning_is_what_the_rows_say(batch: int) -> None:
    for drawn, result in sheets(batch):
        for case in CASES:
            meaning, meant = evaluate(table(result), case), drawn.meant(case)
            match meaning:
                case Answered(rule=rule, values=values):
                    assert meant in ("otherwise", values), drawn.text
                    names = {row.name for row in drawn.applying(case)} or {"rest"}
                    assert {each.name for each in meaning.rules} == names
                    assert rule is meaning.rules[0]
                case Impossible():
                    assert meant == "impossible"
                case Unanswered():
                    assert meant == "gap"
                case _:
                    raise AssertionError(meaning)


@pytest.mark.parametrize("batch", range(8))
def test_findings_are_true_and_none_is_missing(batch: int) -> None:
    for drawn, result in sheets(batch):
        found = {
            each.code: each for each in result.diagnostics if each.subject.startswith("table t")
        }
        if "GAP108" in found:
            continue  # such a table is told of nothing else
        meant = [drawn.meant(case) for case in CASES]
        assert ("GAP101" in found) == ("gap" in meant), drawn.text
        outside = [case for case in CASES if _is_outside(drawn, drawn.meant(case))]
        assert ("GAP121" in found) == bool(outside), drawn.text
        if outside:
            witness = _case(dict(found["GAP121"].witness or ()))
            assert _is_outside(drawn, drawn.meant(witness))
        idle = [row for row in drawn.rows if row.writes and not _takes_part(drawn, row)]
        possible = [row for row in idle if any(row.applies(case) for case in CASES)]
        assert bool(possible) <= bool({"GAP103", "GAP105"} & found.keys()), drawn.text
        otherwise = drawn.rest and "otherwise" not in meant
        assert ("GAP106" in found) == otherwise
        assert not {"GAP102", "GAP104", "GAP109", "GAP111"} & found.keys()


def _takes_part(drawn: Sheet, row: Row) -> bool:
    return any(row.applies(case) and drawn.meant(case) != "impossible" for case in CASES)


def _is_outside(drawn: Sheet, meant: tuple[Value, ...] | str) -> bool:
    if isinstance(meant, str):
        return False
    for declared, value in zip(drawn.way.outputs, meant, strict=True):
        bounds = re.search(r"(-?\d*)\.\.(-?\d*)", declared)
        if bounds and value is not None:
            low, high = (Decimal(end) if end else None for end in bounds.groups())
            if (low is not None and value < low) or (high is not None and value > high):  # type: ignore[operator]
                return True
    return False


def _case(words: Mapping[str, str]) -> dict[str, Value]:
    kind = words["k"]
    return {
        "a": words["a"] == "yes",
        "n": int(words["n"]),
        "k": None if kind == "missing" else kind,
    }


@pytest.mark.parametrize("batch", range(8))
def test_what_others_see_is_a_partition_of_what_is_meant(batch: int) -> None:
    for _, result in sheets(batch):
        partitions(result.units[table(result)])


def partitions(unit: Unit) -> None:
    """What others see of a table says of every case what it means."""
    axes = unit.axes[: unit.inputs]
    for output in range(len(unit.table.outputs)):
        pieces = list(answers(unit, output))
        for case in CASES:
            cell = [axis.locate(case[axis.column.name]) for axis in axes]
            (here,) = (
                piece.answer
                for piece in pieces
                if all(mask >> at & 1 for mask, at in zip(piece.box, cell, strict=True))  # type: ignore[operator]
            )
            meaning = evaluate(unit.table, case)
            match here:
                case Fixed(value):
                    assert isinstance(meaning, Answered)
                    assert meaning.values[output] == value
                case Nothing(is_impossible):
                    wanted = Impossible if is_impossible else Unanswered
                    assert isinstance(meaning, wanted)
                case _:
                    raise AssertionError(here)


@pytest.mark.parametrize("batch", range(8))
def test_callers_are_proved_and_run(batch: int) -> None:
    """A caller has a gap just where its rows leave one, for what the called table does answer."""
    for seed in range(25 * batch, 25 * batch + 25):
        random = Random(1_000 + seed)
        drawn = sheet(random)
        if drawn.way.policy in ("collect", "rule order", "output order"):
            continue
        output = random.randrange(len(drawn.way.outputs))
        cells = random.sample(_bands(drawn.way.outputs[output]), 2)
        picked = f".o{output}" if len(drawn.way.outputs) > 1 else ""
        declared, heads, x, y = "", "o", "1", "2"
        if random.random() < 0.4:  # the value is handed on, and not only tested
            declared = f"  out w : {drawn.way.outputs[output]}\n"
            heads, x, y = "o | w", "1 | v", "2 | v"
        caller = (
            f"\ntable caller\n{INPUTS}  let v = t(a, n, k){picked}\n  out o : int\n{declared}"
            f"  | first | v | a || {heads} |\n  |--|--|--||--|\n"
            f"  | x | {cells[0]} | - || {x} |\n"
            f"  | y | {cells[1]} | {random.choice(['-', 'yes'])} || {y} |\n"
        )
        result = compiled(drawn.text + caller)
        sound = not any(each.subject.startswith("table t,") or each.subject == "table t"
                        for each in result.diagnostics if each.severity == "error")  # fmt: skip
        if not sound:
            continue
        meanings = [evaluate(table(result, "caller"), case) for case in CASES]
        gaps = [each for each in meanings if isinstance(each, Unanswered)]
        codes = {d.code for d in result.diagnostics if d.subject.startswith("table caller")}
        assert not [code for code in codes if code < "GAP100" or code == "GAP109"]
        assert ("GAP101" in codes) == bool(gaps), drawn.text + caller
        if result.is_sound:
            agrees(result, "caller")
            partitions(result.units[table(result, "caller")])


def _bands(declared: str) -> list[str]:
    if "Grade" in declared:
        return ["-", "low", "mid..", "missing"]
    if "date" in declared:
        return ["..2022-06-01", "2022-06-02..", "2024-01-01"]
    if "optional" in declared:
        return ["-", "missing", "..0.9", "1.. , missing"]
    return ["-", "..0", "1..", "1..2", "3.."]


@pytest.mark.parametrize("batch", range(8))
def test_generated_code_answers_and_explains_alike(batch: int) -> None:
    for _, result in sheets(batch):
        if result.is_sound:
            assert not audited(result).findings
            agrees(result, "t")


def agrees(result: Result, name: str) -> None:
    """The module says of every case what is meant."""
    (code,) = ALL["python"](result)
    module: Any = loaded(code.text, code.path)
    subject = table(result, name)
    for case in CASES:
        meaning = evaluate(subject, case)
        if isinstance(meaning, Impossible):
            with pytest.raises(module.ImpossibleError):
                getattr(module, name)(*case.values())
            continue
        assert isinstance(meaning, Answered)
        explained = getattr(module, f"explain_{name}")(*case.values())
        answer = getattr(module, name)(*case.values())
        assert explained.answer == answer
        values = tuple(answer) if len(subject.outputs) > 1 else (answer,)
        assert values == meaning.values
        assert [type(value) for value in values] == [type(value) for value in meaning.values]
        assert f"{subject.name}.{explained.rule}" == meant(subject, case).rule
        if explained.parts:
            assert [each.rule for each in explained.parts] == [r.name for r in meaning.rules]


@pytest.mark.parametrize("batch", range(8))
def test_pages_are_made_and_formatting_is_stable(batch: int) -> None:
    for drawn, result in sheets(batch):
        if result.is_sound:
            assert ALL["markdown"](result)
        source = Source("given.dtable", TYPES + drawn.text)
        once = format_document(parse(source)[0], source)
        assert once is not None
        again = Source("given.dtable", once)
        assert format_document(parse(again)[0], again) == once
        assert table(compile_sources([again])).policy == drawn.way.policy


def test_a_score_of_many_columns_is_proved_and_needs_no_row_for_what_it_never_is() -> None:
    """Twelve criteria of two points each: odd scores never occur, nor does any above 24."""
    columns = [f"c{number}" for number in range(12)]
    inputs = "\n".join(f"  in {column} : bool" for column in columns)
    rows = "\n".join(
        f"  | {column} | {' | '.join('yes' if each == column else '-' for each in columns)} || 2 || x |"
        for column in columns
    )
    result = compile_sources(
        [
            Source(
                "score.dtable",
                f"table score\n{inputs}\n  out points : int 0..99\n"
                f"  | collect sum | {' | '.join(columns)} || points || because |\n"
                f"  |--|{'--|' * 12}|--||--|\n{rows}\n"
                "  | none | otherwise || 0 || none |\n\n"
                f"table band\n{inputs}\n  let points = score({', '.join(columns)})\n  out o : int\n"
                "  | unique | points || o |\n  |--|--||--|\n"
                "  | few | 0, 2, 4, 6 || 1 |\n  | some | 8, 10, 12 || 2 |\n"
                "  | many | 14, 16, 18, 20, 22, 24 || 3 |\n",
            )
        ]
    )
    assert [each.code for each in result.diagnostics] == []
    assert result.units.keys() == {*result.policies[0].tables}


@pytest.mark.parametrize(("bounds", "codes"), [("0..", []), ("0..1_000_000", ["GAP109"])])
def test_bounds_that_no_sum_can_leave_need_no_search(bounds: str, codes: list[str]) -> None:
    """Thirty columns of which each adds another power of two: no two sets of rules come to the same."""
    columns = [f"c{number}" for number in range(30)]
    inputs = "\n".join(f"  in {column} : bool" for column in columns)
    rows = "\n".join(
        f"  | {column} | {' | '.join('yes' if each == column else '-' for each in columns)} "
        f"|| {2**number} || x |"
        for number, column in enumerate(columns)
    )
    text = (
        f"table score\n{inputs}\n  out points : int {bounds}\n"
        f"  | collect sum | {' | '.join(columns)} || points || because |\n"
        f"  |--|{'--|' * 30}|--||--|\n{rows}\n  | none | otherwise || 0 || none |\n"
    )
    assert [each.code for each in compile_sources([Source("s.dtable", text)]).diagnostics] == codes


EXCEEDING = """table added
  in a : bool
  out s : int 0..5
  | collect sum | a || s |
  |--|--||--|
  | some | - || 3 |
  | more | yes || 3 |

table next
  in a : bool
  let s = added(a)
  let left = s - 1
  out o : int
  | unique | left || o |
  |--|--||--|
  | low | ..2 || 1 |
  | high | 3.. || 2 |
"""


def test_a_sum_out_of_bounds_is_nothing_for_a_caller_to_go_on_with() -> None:
    [policy] = compile_sources([Source("t.dtable", EXCEEDING)]).policies
    added, following = policy.tables

    alone, within = evaluate(added, {"a": True}), put(following, {"a": False}).meaning
    beyond = put(following, {"a": True})

    assert isinstance(alone, Answered) and alone.values == (6,)
    assert isinstance(within, Answered) and within.values == (1,)
    assert (
        beyond.meaning == evaluate(following, {"a": True}) == Unworkable(added, added.rules[0], 0)
    )
    assert len(beyond.steps) == 1
