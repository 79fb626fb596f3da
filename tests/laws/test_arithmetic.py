"""What is worked out, and columns compared with columns: proofs, code and meaning say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from functools import cache
from itertools import islice, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapless.analysis.arithmetic.dependent import Exactly, Undefined
from gapless.analysis.decision.diagram import GAP
from gapless.analysis.domain.partition import meet
from gapless.analysis.unit import Unit
from gapless.driver import Result, compile_sources
from gapless.model import (
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    HitPolicy,
    IntType,
    OptionalType,
    RoundingMode,
    Table,
    TimeType,
    Value,
    counted,
    instant_at,
)
from gapless.model.arithmetic import elapsed, rounded, shifted
from gapless.model.expressions import DateUnit, MonthEnd
from gapless.model.intervals import MOST_BITS, Reach, coarse, days_apart, may_lack_day
from gapless.semantics import (
    Answered,
    Impossible,
    Meaning,
    Unanswered,
    Unworkable,
    evaluate,
)
from gapless.text.words import literal
from gapless_dsl.diagnostic import Severity
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import functions

SEEDS = range(80)
MOST_CASES = 4_000

LONELY = ("date", "time", "datetime")
"""Kinds that are compared with nothing but their own."""

Case = Mapping[str, Value]


# ---------------------------------------------------------------- random tables


class Writer:
    """A random table whose inputs have few values, with columns worked out and compared."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.columns: dict[str, str] = {}

    def text(self) -> str:
        lines = [*self.inputs(), *self.computed()]
        outputs, rows = self.rows()
        header = " | ".join(["unique", *self.columns]) + f" || {' | '.join(outputs)}"
        grid = [f"  | {header} |"] + [f"  | {row} |" for row in rows]
        outs = [f"  out {name} : {kind}" for name, kind in outputs.items()]
        return "\n".join(["table t", *lines, *outs, "", *grid, ""])

    def inputs(self) -> Iterator[str]:
        for name in self.random.sample("abcd", self.random.randint(2, 3)):
            kind = self.random.choice(
                ("int", "int", "int", "decimal", "date", "date", "optional int", "time", "datetime")
            )
            self.columns[name] = kind
            yield f"  in {name} : {self.bounded(kind)}"

    def bounded(self, kind: str) -> str:
        if kind == "date":
            return f"date 2024-02-{self.random.randint(25, 27)}..2024-03-02"
        if kind == "decimal":
            return "decimal(1) -1..1"
        if kind == "time":
            return f"time 09:00..09:00:0{self.random.randint(1, 4)}"
        if kind == "datetime":
            return f"datetime 2024-02-29T23:59:5{self.random.randint(6, 8)}..2024-03-01T00:00"
        return f"{kind} {self.random.randint(-3, -1)}..{self.random.randint(1, 4)}"

    def computed(self) -> Iterator[str]:
        for name in ("x", "y")[: self.random.randint(0, 2)]:
            kind = self.random.choice(("int", "date", "decimal"))
            made = self.expression(kind)
            if made is not None:
                self.columns[name] = kind
                yield f"  let {name} = {made}"

    def month_end(self) -> str:
        return self.random.choice(("", " or last day", " or next day"))

    def named(self, *kinds: str) -> list[str]:
        return [name for name, kind in self.columns.items() if kind in kinds]

    def expression(self, kind: str) -> str | None:
        if kind == "date":
            days = self.named("date")
            unit = self.random.choice(("days", "weeks", "months", "years"))
            sign = self.random.choice("+-")
            chosen = self.month_end() if unit in ("months", "years") else ""
            if not days:
                return None
            return f"{self.random.choice(days)} {sign} {self.whole(1)} {unit}{chosen}"
        if kind == "decimal":
            digits, way = self.random.randint(0, 2), self.random.choice([*RoundingMode]).value
            return f"round({self.number(2)}, {digits}, {way})"
        return self.whole(2)

    def whole(self, depth: int) -> str:
        days = self.named("date")
        if days and self.random.random() < 0.3:
            one, other = self.random.choice(days), self.random.choice(days)
            return self.random.choice(
                (
                    f"({one} - {other})",
                    f"days between {one} and {other}",
                    f"months between {one} and {other}{self.month_end()}",
                )
            )
        names = self.named("int", "optional int")
        if depth == 0 or self.random.random() < 0.4:
            return self.random.choice([*names, str(self.random.randint(-2, 4))])
        left, right = self.whole(depth - 1), self.whole(depth - 1)
        return self.random.choice(
            (
                *(f"({left} {sign} {right})" for sign in "+-*"),
                *(f"min({left}, {right})", f"max({left}, {right})", f"abs({left})"),
            )
        )

    def number(self, depth: int) -> str:
        names = self.named("int", "optional int", "decimal")
        if depth == 0 or not names:
            return self.random.choice([*names, "0.5", "-1.2", "3"])
        left, right = self.number(depth - 1), self.number(depth - 1)
        sign = self.random.choice("+-*/")
        return f"({left} {sign} {right})"

    def rows(self) -> tuple[dict[str, str], list[str]]:
        outputs = {"o": self.random.choice(("int -9..20", "decimal(3)", "optional int", "date"))}
        count = self.random.randint(2, 5)
        rows = [self.row(f"r{number}", outputs["o"]) for number in range(count)]
        return outputs, rows

    def row(self, name: str, output: str) -> str:
        cells = [self.cell(column) for column in self.columns]
        return f"{name} | {' | '.join(cells)} || {self.outcome(output)}"

    def cell(self, column: str) -> str:
        kind = self.columns[column]
        if self.random.random() < 0.45:
            return "-"
        sign = self.random.choice(("<", "<=", ">", ">=", "=", "!="))
        alike = (kind,) if kind in LONELY else ("int", "optional int", "decimal")
        others = [each for each in self.named(*alike) if each != column]
        if others and self.random.random() < 0.5:
            other = self.random.choice(others)
            if self.random.random() < 0.2:
                return f"[{self.value(kind)}..{other})"
            return f"{sign} {other}"
        return f"{self.random.choice(('<=', '>=', ''))} {self.value(kind)}"

    def value(self, kind: str) -> str:
        if kind == "date":
            return str(date(2024, 2, 28) + timedelta(self.random.randint(0, 2)))
        if kind == "time":
            return self.random.choice(("09:00", "09:00:01", "09:00:02"))
        if kind == "datetime":
            return self.random.choice(("2024-03-01T00:00", "2024-02-29T23:59:59"))
        return "0" if kind == "decimal" else str(self.random.randint(0, 1))

    def outcome(self, output: str) -> str:
        kind = {"int -9..20": "int", "decimal(3)": "decimal", "date": "date"}.get(output, "int")
        made = self.expression(kind)
        fixed = "2024-03-01" if kind == "date" else "1"
        return fixed if made is None or self.random.random() < 0.3 else made


@cache
def compiled(seed: int) -> tuple[Result, Table] | None:
    """A random table that could be read, or None; most can."""
    result = compile_sources([Source("t.dtable", Writer(seed).text())])
    tables = [table for policy in result.policies for table in policy.tables]
    return (result, tables[0]) if tables and tables[0] in result.units else None


def values(column: Column) -> list[Value]:
    """Every value of a column of few values."""
    type = column.type.of if isinstance(column.type, OptionalType) else column.type
    absent: list[Value] = [None] if isinstance(column.type, OptionalType) else []
    match type:
        case IntType(int(low), int(high)):
            return [*range(low, high + 1), *absent]
        case DecimalType(1, Decimal() as low, Decimal() as high):
            ends = int(low * 10), int(high * 10)
            return [*(Decimal(n).scaleb(-1) for n in range(ends[0], ends[1] + 1)), *absent]
        case DateType(low, high):
            return [low + timedelta(n) for n in range((high - low).days + 1)]
        case TimeType(low, high) | DatetimeType(low, high):
            return [instant_at(type, count) for count in range(counted(low), counted(high) + 1)]
        case EnumerationType(_, members):
            return [member.name for member in members]
    raise AssertionError(type)


def cases(table: Table) -> list[Case]:
    names = [column.name for column in table.inputs]
    every = product(*(values(column) for column in table.inputs))
    return [dict(zip(names, case, strict=True)) for case in islice(every, MOST_CASES)]


@cache
def meanings(seed: int) -> list[tuple[Case, Meaning]]:
    """What every case of a random table that could be read means."""
    made = compiled(seed)
    assert made is not None
    _, table = made
    return [(case, evaluate(table, case)) for case in cases(table)]


def said(table: Table, witness: tuple[tuple[str, str], ...]) -> Case:
    """The case that a finding shows."""
    columns = {column.name: column for column in table.inputs}
    found: dict[str, Value] = {}
    for name, text in witness:
        known = {literal(value): value for value in values(columns[name])}
        found[name] = None if text == "missing" else known[text]
    return found


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_proved_is_so_in_every_case(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, _ = made
    meant = {type(meaning).__name__ for _, meaning in meanings(seed)}
    errors = {each.code for each in result.diagnostics if each.severity is Severity.ERROR}
    warned = {each.code for each in result.diagnostics}
    if "Unanswered" in meant:
        assert errors & {"GAP101", "GAP131", "GAP109"}, seed
    if "Contradicted" in meant:
        assert errors & {"GAP102", "GAP109"}, seed
    if "Unworkable" in meant and "Contradicted" not in meant:
        assert warned & {"GAP130", "GAP131", "GAP109", "GAP102"}, seed


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_shown_is_really_so(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, table = made
    expected = {"GAP101": "Unanswered", "GAP102": "Contradicted", "GAP130": "Unworkable"}
    for each in result.diagnostics:
        if each.code in expected and each.witness:
            meaning = evaluate(table, said(table, each.witness))
            # Of two rules that differ, one may have no value at all.
            alike = {expected[each.code], *(["Unworkable"] if each.code == "GAP102" else [])}
            assert type(meaning).__name__ in alike, (seed, each.code, each.witness)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_that_does_not_happen(seed: int) -> None:
    """With few values, a gap or a conflict is reported only where there is one."""
    made = compiled(seed)
    if made is None:
        return
    result, _ = made
    meant = {type(meaning).__name__ for _, meaning in meanings(seed)}
    codes = {each.code for each in result.diagnostics if each.witness}
    if len(meanings(seed)) < MOST_CASES:
        assert ("GAP101" in codes) <= ("Unanswered" in meant), seed
        # Of two rules that differ, one may have no value at all.
        differ = not meant.isdisjoint({"Contradicted", "Unworkable"})
        assert ("GAP102" in codes) <= differ, seed
        assert ("GAP130" in codes) <= ("Unworkable" in meant), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_each_case_is_claimed_by_the_rule_that_answers_it(seed: int) -> None:
    made = compiled(seed)
    if made is None:
        return
    result, _ = made
    for each in result.policies[0].tables:
        if each in result.units:
            claimed_as_meant(result.units[each], each, seed)


def claimed_as_meant(unit: Unit, table: Table, seed: int) -> None:
    """No claim bars a case, and the first claim that holds it is that of the rule that answers."""
    if unit.following is None or table.policy is not HitPolicy.UNIQUE:
        return
    for case in cases(table)[:600]:
        exactly = Exactly(unit.following, tuple(case.values()))
        meaning = evaluate(table, case)
        try:
            cell = tuple(1 << exactly.atom(place) for place in range(unit.inputs))
        except Undefined:
            assert not isinstance(meaning, Answered), (seed, case)
            continue
        claims = (c.rule for c in unit.claims.claims if meet(c.box, cell))
        first = next(claims, GAP)
        if isinstance(meaning, Answered):
            assert first >= 0, (seed, case)
            assert table.rules[first].name == meaning.rule.name, (seed, case)
        if isinstance(meaning, Unanswered):
            assert first == GAP or meaning.table is not table, (seed, case)


@pytest.mark.parametrize("seed", range(so_many(36)))
def test_what_a_called_table_works_out_is_not_lost(seed: int) -> None:
    text = Writer(seed).text()
    inner = compile_sources([Source("t.dtable", text)])
    tables = [table for policy in inner.policies for table in policy.tables]
    if not tables or tables[0].outputs[0].type == DateType():
        return
    [table] = tables
    inputs = [line for line in text.splitlines() if line.startswith("  in ")]
    names = [column.name for column in table.inputs]
    numbers = [c.name for c in table.inputs if isinstance(c.type, IntType | DecimalType)]
    sum_ = " + ".join(numbers) or "0"
    optional = isinstance(table.outputs[0].type, OptionalType)
    caller = [
        "table u",
        *inputs,
        f"  let t = t({', '.join(names)})",
        f"  let total = {sum_}",
        "  out o : int",
        "",
        "  | unique | t | total || o |",
        f"  | low | <= 1 | {'<= 0' if numbers else '-'} || 1 |",
        *(["  | more | <= 1 | > 0 || total |"] if numbers else []),
        "  | high | > 1 | - || 2 |",
        *(["  | none | missing | - || 3 |"] if optional else []),
    ]
    result = compile_sources([Source("t.dtable", text + "\n" + "\n".join(caller) + "\n")])
    callers = [each for each in result.policies[0].tables if each.name == "u"]
    if not callers or callers[0] not in result.units:
        return
    [outer] = callers
    claimed_as_meant(result.units[outer], outer, seed)
    meanings = [evaluate(outer, case) for case in cases(outer)]
    found = {each.code for each in result.diagnostics if each.severity is Severity.ERROR}
    if not found:
        assert all(isinstance(each, Answered | Impossible) for each in meanings), seed


def test_most_random_tables_are_read_and_some_are_sound() -> None:
    made = [found for seed in SEEDS if (found := compiled(seed)) is not None]
    assert len(made) > len(SEEDS) / 2
    assert sum(result.is_sound for result, _ in made) >= 3


def test_code_says_what_is_meant() -> None:
    asked = 0
    for seed in SEEDS:
        made = compiled(seed)
        if made is None:
            continue
        result, _ = made
        wrong = {each.code for each in result.diagnostics if each.severity is Severity.ERROR}
        if wrong - {"GAP130"}:
            continue
        [function] = functions(result)
        for case, meaning in meanings(seed)[:500]:
            asked += 1
            assert _answer(function, case) == _meant(meaning), (seed, case)
    assert asked > 300


def _answer(function: object, case: Case) -> object:
    module = function.module  # type: ignore[attr-defined]
    try:
        return function.answer(*case.values())  # type: ignore[attr-defined]
    except getattr(module, "OutcomeError", ()) as error:
        return ("no value", error.rule)


def _meant(meaning: Meaning) -> object:
    if isinstance(meaning, Unworkable):
        return ("no value", meaning.rule.name)
    assert isinstance(meaning, Answered)
    return meaning.values[0]


@pytest.mark.parametrize("seed", range(so_many(40)))
def test_arithmetic_is_printed_once_and_for_all(seed: int) -> None:
    text = Writer(seed).text()
    once = _formatted(text)
    assert _formatted(once) == once
    before = compile_sources([Source("t.dtable", text)])
    after = compile_sources([Source("t.dtable", once)])
    tables = [result.policies[0].tables for result in (before, after)]
    if all(tables):
        assert [each.expression for each in tables[0][0].computed] == [
            each.expression for each in tables[1][0].computed
        ]


def _formatted(text: str) -> str:
    source = Source("t.dtable", text)
    printed = format_document(parse(source)[0], source)
    assert printed is not None
    return printed


# ---------------------------------------------------------------- the operations themselves

fractions = st.fractions(-50, 50, max_denominator=60)


@given(fractions, st.integers(-2, 3), st.sampled_from(RoundingMode))
def test_rounding_is_what_the_standard_library_does(
    number: Fraction, digits: int, mode: RoundingMode
) -> None:
    """Where a number is a decimal, the library rounds it the same way."""
    text = f"{number.numerator / number.denominator:.6f}"
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(text)
        name = f"ROUND_{mode.value.replace(' ', '_').upper()}"
        expected = exact.quantize(Decimal(1).scaleb(-digits), rounding=name)
    assert rounded(Fraction(text), digits, mode) == Fraction(expected)


days = st.dates(date(1890, 1, 1), date(2110, 12, 31))


@given(days, days, st.sampled_from(DateUnit), st.sampled_from(MonthEnd))
def test_elapsed_units_are_the_most_that_fit(
    start: date, end: date, unit: DateUnit, month_end: MonthEnd
) -> None:
    """The two say the same rule, where both go by the same day in place of one that a month lacks."""
    start, end = sorted((start, end))
    count = elapsed(start, end, unit, month_end)
    assert elapsed(end, start, unit, month_end) == -count
    later = shifted(start, count, unit, month_end)
    beyond = shifted(start, count + 1, unit, month_end)
    assert later is not None and beyond is not None
    assert later <= end < beyond


@given(days, st.integers(-1500, 1500))
def test_what_stands_for_a_day_that_a_month_lacks(start: date, months: int) -> None:
    last = shifted(start, months, DateUnit.MONTH, MonthEnd.LAST)
    following = shifted(start, months, DateUnit.MONTH, MonthEnd.NEXT)
    assert last is not None and following is not None
    if last.day == start.day:
        assert following == last
    else:
        assert (following - last).days == 1 == following.day


@given(days, st.integers(-1500, 1500), st.sampled_from(DateUnit), st.sampled_from(MonthEnd))
def test_what_units_have_passed_bounds_the_days_between(
    start: date, distance: int, unit: DateUnit, month_end: MonthEnd
) -> None:
    count = Fraction(elapsed(start, start + timedelta(distance), unit, month_end))
    between = days_apart(unit, Reach(count, count), month_end)
    assert between.low is not None and between.high is not None
    assert between.low <= distance <= between.high


@pytest.mark.parametrize("month_end", MonthEnd)
def test_the_bounds_of_the_days_between_are_met(month_end: MonthEnd) -> None:
    met: dict[tuple[DateUnit, int], list[int]] = {}
    for month, distance in product(range(1, 13), range(-500, 500)):
        for start in (
            *(date(2023, month, 1), date(2024, month, 28), date(2025, month, 28)),
            *(date(2023, 1, 31), date(2023, 10, 31)),
        ):
            for unit in DateUnit:
                end = start + timedelta(distance)
                found = elapsed(start, end, unit, month_end)
                met.setdefault((unit, found), []).append(distance)
    for unit, count in ((u, c) for u in DateUnit for c in (-1, 0, 1)):
        reach = days_apart(unit, Reach(Fraction(count), Fraction(count)), month_end)
        if unit is not DateUnit.YEAR or count == 0:  # more than a year is not walked through here
            ends = (min(met[unit, count]), max(met[unit, count]))
            assert (reach.low, reach.high) == tuple(map(Fraction, ends))


@given(days, st.integers(0, 400), st.integers(-500, 500), st.sampled_from(DateUnit))
def test_where_a_month_may_lack_a_day(start: date, more: int, count: int, unit: DateUnit) -> None:
    first = start.toordinal()
    day, units = (
        Reach(Fraction(first), Fraction(first + more)),
        Reach(Fraction(count), Fraction(count)),
    )
    lacks = any(
        shifted(each, count, unit) != shifted(each, count, unit, MonthEnd.NEXT)
        for each in (start + timedelta(step) for step in range(more + 1))
    )
    assert may_lack_day(day, units, unit) == lacks


def test_a_leap_day_child_is_older_on_the_first_of_march() -> None:
    born = date(2004, 2, 29)
    assert elapsed(born, date(2022, 2, 28), DateUnit.YEAR) == 17
    assert elapsed(born, date(2022, 3, 1), DateUnit.YEAR) == 18
    assert elapsed(born, date(2022, 2, 28), DateUnit.YEAR, MonthEnd.LAST) == 18
    assert shifted(born, 18, DateUnit.YEAR) == date(2022, 2, 28)
    assert shifted(born, 18, DateUnit.YEAR, MonthEnd.NEXT) == date(2022, 3, 1)


def test_code_does_not_depend_on_the_settings_for_decimals() -> None:
    text = "table t\n  in a : decimal(9)\n  out o : decimal(18)\n  | unique | a || o |\n"
    result = compile_sources([Source("t.dtable", text + "  | r | - || a * a |\n")])
    [function] = functions(result)
    number = Decimal("123456789.123456789")
    with localcontext() as context:
        context.prec = 3
        answer = function.answer(number)
        assert getcontext().prec == 3
    assert answer == Decimal("15241578780673678.515622620750190521")


def test_numbers_too_long_to_be_meant_are_refused_at_the_door() -> None:
    text = "table t\n  in a : decimal(2)\n  let x = round(a * a * a * a * a, 0, half up)\n"
    grid = "  out o : int\n\n  | unique | x || o |\n  | r | - || x |\n"
    result = compile_sources([Source("t.dtable", text + grid)])
    [function] = functions(result)
    [table] = result.policies[0].tables
    for number in (Decimal("1E+99999999"), Decimal("1E+1000"), 10**1000):
        with pytest.raises(function.module.InputError):
            function.answer(number)
    longest = Decimal(10**999 + 1)
    meaning = evaluate(table, {"a": longest})
    assert isinstance(meaning, Answered)
    assert function.answer(longest) == meaning.values[0] == (10**999 + 1) ** 5


def test_two_rules_of_one_name_that_calculate_are_found_like_all_others() -> None:
    rows = "  | r | no || b + 1 |\n  | r | yes || b + 2 |\n"
    head = "table t\n  in a : bool\n  in b : int 0..9\n  out o : int\n\n"
    text = f"{head}  | unique | a || o |\n  |---|---||---|\n{rows}"
    result = compile_sources([Source("p.dtable", text)])

    assert "GAP013" in {each.code for each in result.diagnostics}


# ---------------------------------------------------------------- ends that are rounded outward


def end_of(random: Random) -> Fraction | None:
    if not random.randrange(6):
        return None
    over, under = (random.choice((3, MOST_BITS, MOST_BITS + 1, 5 * MOST_BITS)) for _ in range(2))
    return Fraction(
        random.choice((1, -1)) * random.getrandbits(over), 1 + random.getrandbits(under)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_coarse_reach_is_short_and_takes_in_all_that_the_reach_does(seed: int) -> None:
    random = Random(f"coarse {seed}")
    for _ in range(20):
        low, high = end_of(random), end_of(random)
        if low is not None and high is not None and low > high:
            low, high = high, low
        found = coarse(Reach(low, high, absent=True))
        assert found.absent
        assert found.low is None or (low is not None and found.low <= low)
        assert found.high is None or (high is not None and found.high >= high)
        for end, kept in ((low, found.low), (high, found.high)):
            if end is None or max(map(int.bit_length, end.as_integer_ratio())) <= MOST_BITS:
                assert kept == end
            if kept is not None:
                assert max(map(int.bit_length, kept.as_integer_ratio())) <= 2 * MOST_BITS
        assert coarse(found) == found
