"""What is told of lives is so: by the reference meaning, of every day, every rule and every member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from gapless.backends.python import emit
from gapless.driver import Result, compile_sources
from gapless.model import AnyOf, Equals, Member, RuleKind, Table, Value
from gapless.semantics import Answered, evaluate, matches
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import loaded

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(number) for number in range(6)]
NAMES = ("a", "b", "c")
CALLS = (f"dated({DAYS[2]}, k)", "dated(sent, k)", "dated(sent, b)")
BATCHES = 6
SIZE = so_many(100)


def some_life(random: Random) -> str:
    low, high = sorted(random.choices(DAYS, k=2))
    return random.choice(("", f" until {high}", f" from {low}", f" from {low} until {high}"))


def days(random: Random) -> str:
    low, high = sorted(random.choices(DAYS, k=2))
    return random.choice(("-", f"{low}", f"{low}..", f"..{high}", f"{low}..{high}"))


def table(random: Random, name: str, callee: str, dated: bool, named: bool) -> str:
    """With `dated` it asks for the day; with `named` the column of the day is headed by its name."""
    head = "sent" if named else "effective"
    answers = ["a", "b", "c", "c", "k", "impossible", "draft"]
    answers += {"": [], "plain": ["plain(k)", "plain(a)", "l"], "dated": list(CALLS)}[callee]
    columns = [*([head] if dated else []), "k", *(["l"] if callee == "plain" else [])]
    rows = [
        [
            *([days(random)] if dated else []),
            random.choice(("-", *NAMES, "a, b", "not c")),
            *([random.choice(("-", "-", *NAMES))] if callee == "plain" else []),
        ]
        for _ in range(random.randint(1, 4))
    ]
    lines = [
        f"table {name}",
        *([f"  in  sent : date {DAYS[0]}..{DAYS[-1]}"] if dated else []),
        "  in  k : Letter",
        *(["  let l = plain(k)"] if callee == "plain" else []),
        "  out o : Letter",
        "",
        f"  | {random.choice(('first', 'first', 'unique'))} | {' | '.join(columns)} || o || because |",
        *(
            f"  | r{number} | {' | '.join(row)} || {random.choice(answers)} || x |"
            for number, row in enumerate(rows)
        ),
    ]
    if random.random() < 0.5:
        lines.append(f"  | otherwise || {random.choice(NAMES)} || x |")
    return "\n".join(lines) + "\n"


def text(seed: int, named: bool = False) -> str:
    random = Random(seed)
    letters = " | ".join(f"{name}{some_life(random)}" for name in NAMES)
    as_of = f"\n  as of {random.choice(DAYS)}" if random.random() < 0.6 else ""
    return "\n".join(
        (
            f"policy p{as_of}\n\ntype Letter = {letters}\n",
            table(random, "plain", "", False, named),
            table(random, "dated", "", True, named),
            table(random, "outer", random.choice(("plain", "dated")), True, named),
        )
    )


@cache
def compiled(seed: int, named: bool = False) -> Result:
    return compile_sources([Source("a.dtable", text(seed, named))])


def cases(of: Table) -> Iterator[dict[str, Value]]:
    asked: list[Sequence[Value]] = [
        DAYS if column.name == "sent" else NAMES for column in of.inputs
    ]
    for values in product(*asked):
        yield dict(zip((column.name for column in of.inputs), values, strict=True))


def members(result: Result) -> Mapping[str, Member]:
    (letter,) = (named.type for named in result.policies[0].types)
    return {member.name: member for member in letter.members}  # type: ignore[union-attr]


def is_outside(member: Member, case: Mapping[str, Value], as_of: date | None) -> bool:
    day = case.get("sent", as_of)
    if not isinstance(day, date):
        return False
    return not (member.since or date.min) <= day <= (member.until or date.max)


def told(result: Result, code: str, of: Table) -> dict[tuple[str, str], Diagnostic]:
    """By rule and member, as the title says them."""
    found = {}
    for each in result.diagnostics:
        if each.code == code and f"table {of.name}," in each.subject:
            _, rule, _, *rest = each.title.split("`")
            if " answers " in each.title or code == "GAP406":
                found[rule, rest[0]] = each
    return found


def wrong(of: Table, result: Result) -> dict[tuple[str, str], list[dict[str, Value]]]:
    """The cases in which a rule answers a member outside its life."""
    found: dict[tuple[str, str], list[dict[str, Value]]] = {}
    known = members(result)
    for case in cases(of):
        meaning = evaluate(of, case)
        if isinstance(meaning, Answered):
            name = str(meaning.values[0])
            if is_outside(known[name], case, result.policies[0].as_of):
                found.setdefault((meaning.rule.name, name), []).append(case)
    return found


def in_cell(cell: str, value: Value) -> bool:
    """Whether a cell that a finding words holds a value, read without the language's own reader."""
    if cell.startswith("not "):
        return str(value) not in cell.removeprefix("not ").split(", ")
    for part in cell.split(", "):
        low, dots, high = part.partition("..")
        if part == str(value) or (dots and (low or "0") <= str(value) <= (high or "9")):
            return True
    return False


@pytest.mark.parametrize("batch", range(BATCHES))
def test_rules_that_answer_outside_a_life_are_told_with_all_their_cases(batch: int) -> None:
    seen = 0
    for seed in range(SIZE * batch, SIZE * batch + SIZE):
        result = compiled(seed)
        passed_on: set[str] = set()
        for of in result.policies[0].tables:
            if of not in result.units:
                continue
            expected = wrong(of, result)
            found = told(result, "GAP405", of)
            contradicted = any(each.code == "GAP102" for each in result.diagnostics)
            if contradicted:
                continue
            handed = {key for key in expected if key[1] in passed_on}
            assert set(found) <= set(expected), seed
            assert set(expected) - handed <= set(found), seed
            for key in set(expected) - handed:
                regions = found[key].regions
                for case in cases(of):
                    inside = any(
                        all(in_cell(cell, case[name]) for name, cell in region.cells)
                        for region in regions
                    )
                    assert inside == (case in expected[key]), (seed, key, case)
                seen += 1
            passed_on |= {member for _, member in found}
    assert seen > SIZE // 2


@pytest.mark.parametrize("batch", range(BATCHES))
def test_witnesses_are_cases_outside_the_life(batch: int) -> None:
    for seed in range(SIZE * batch, SIZE * batch + SIZE):
        result = compiled(seed)
        for of in result.policies[0].tables:
            for (rule, member), finding in told(result, "GAP405", of).items():
                case: dict[str, Value] = {
                    name: date.fromisoformat(said) if name == "sent" else said
                    for name, said in finding.witness or ()
                }
                meaning = evaluate(of, case)
                if isinstance(meaning, Answered):
                    assert (meaning.rule.name, meaning.values) == (rule, (member,)), seed
                    known = members(result)[member]
                    assert is_outside(known, case, result.policies[0].as_of), seed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_cells_that_ask_only_outside_a_life_are_told(batch: int) -> None:
    seen = 0
    for seed in range(SIZE * batch, SIZE * batch + SIZE):
        result = compiled(seed)
        as_of = result.policies[0].as_of
        for of in result.policies[0].tables:
            if of not in result.units or of.lets:
                continue
            place = [column.name for column in of.columns].index("k")
            expected = set()
            for rule in of.rules:
                if rule.kind is not RuleKind.RULE:
                    continue
                test = rule.conditions[place].test
                parts = test.tests if isinstance(test, AnyOf) else (test,)
                for name in [str(part.value) for part in parts if isinstance(part, Equals)]:
                    asked = [
                        case for case in cases(of) if case["k"] == name and matches(of, rule, case)
                    ]
                    if all(is_outside(members(result)[name], case, as_of) for case in asked):
                        expected.add((rule.name, name))
            assert set(told(result, "GAP406", of)) == expected, (seed, of.name)
            seen += len(expected)
    assert seen > SIZE // 5


def test_a_column_headed_effective_is_the_date_itself() -> None:
    for seed in range(2 * SIZE):
        by_name, by_head = compiled(seed, named=True), compiled(seed)
        for one, other in zip(by_name.policies[0].tables, by_head.policies[0].tables, strict=True):
            assert one.written == other.written
            assert [
                (rule.name, rule.kind, [cell.test for cell in rule.conditions])
                for rule in one.rules
            ] == [
                (rule.name, rule.kind, [cell.test for cell in rule.conditions])
                for rule in other.rules
            ]
            assert (other.day == "sent") == ("sent" in other.written)
            assert one.day is None
        codes = [[each.code for each in result.diagnostics] for result in (by_name, by_head)]
        assert codes[0] == codes[1]


VERSIONS = """
table fee effective ..2026-01-02
  in  sent : date 2026-01-01..2026-01-06
  out o    : int

  | unique || o |
  | one    || 1 |

table fee effective 2026-01-03..
  in  sent : date 2026-01-01..2026-01-06
  out o    : int

  | unique || o |
  | two    || 2 |
"""


def test_code_that_is_asked_about_a_day_without_a_version_names_the_day_and_the_versions() -> None:
    [made] = emit(compile_sources([Source("a.dtable", VERSIONS)]))
    module: Any = loaded(made.text, made.path)

    assert [module.fee(day) for day in DAYS] == [1, 1, 2, 2, 2, 2]
    with pytest.raises(module.InputError) as refused:
        module.fee(date(2026, 1, 7))
    assert str(refused.value) == (
        "sent must be a date without a time from 2026-01-01 to 2026-01-06; "
        "its versions are in force until 2026-01-02 and from 2026-01-03; got datetime.date(2026, 1, 7) (date)"
    )


def collecting(seed: int) -> Result:
    random = Random(seed)
    letters = " < ".join(f"{name}{some_life(random)}" for name in NAMES)
    policy = random.choice(("collect", "rule order", "collect min", "collect max"))
    answers = [*NAMES, "impossible"] if policy[-3:] in ("min", "max") else [*NAMES, "a, b", "b, c"]
    rows = (
        f"  | r{number} | {days(random)} | {random.choice(('-', *NAMES))} "
        f"|| {random.choice(answers)} || x |"
        for number in range(random.randint(1, 4))
    )
    kind = "Letter" if policy[-3:] in ("min", "max") else "list of Letter"
    lines = (
        f"type Letter = ordered {letters}\n",
        "table t",
        f"  in  sent : date {DAYS[0]}..{DAYS[-1]}",
        "  in  k : Letter",
        f"  out o : {kind}\n",
        f"  | {policy} | effective | k || o || because |",
        *rows,
        "  | otherwise || a || x |" if random.random() < 0.5 else "",
    )
    return compile_sources([Source("a.dtable", "\n".join(lines) + "\n")])


def adding(of: Table, case: Mapping[str, Value], answered: tuple[Value, ...]) -> Iterator[str]:
    """Which rule says which member in a case: those that apply, or else the `otherwise`."""
    applying = [rule for rule in of.rules if matches(of, rule, case)]
    rules = [rule for rule in applying if rule.kind is RuleKind.RULE] or applying
    for rule in rules:
        items = rule.outcomes[0].text.split(", ")
        least = isinstance(answered[0], str)
        yield from (f"{rule.name} {name}" for name in items if not least or name == answered[0])


def test_rules_of_tables_that_collect_are_told_of_all_that_they_add() -> None:
    seen = 0
    for seed in range(400):
        result = collecting(seed)
        [of] = result.policies[0].tables
        known = members(result)
        expected: set[str] = set()
        for case in cases(of):
            meaning = evaluate(of, case)
            if isinstance(meaning, Answered):
                said = adding(of, case, meaning.values)
                expected |= {each for each in said if is_outside(known[each[-1]], case, None)}
        assert {" ".join(key) for key in told(result, "GAP405", of)} == expected, seed
        seen += len(expected)
    assert seen > 100


def calculating(seed: int) -> Result:
    random = Random(seed)
    letters = " | ".join(f"{name}{some_life(random)}" for name in NAMES)
    tests = ("-", "< limit", ">= limit", "<= limit")
    middle = random.choice(DAYS[2:])
    dues = ("-", f"..{middle}", f"{middle}..", f"{middle}")
    rows = (
        f"  | r{number} | {random.choice(tests)} | {random.choice(dues)} || {random.choice(NAMES)} |"
        for number in range(3)
    )
    lines = (
        f"type Letter = {letters}\n",
        "table t",
        f"  in  sent  : date {DAYS[0]}..{DAYS[-1]}",
        f"  in  limit : date {DAYS[0]}..{DAYS[3]}",
        "  let due = sent + 2 days",
        "  out o : Letter\n",
        "  | first | effective by sent | due || o |",
        *rows,
        "  | last | - | - || a |",
    )
    return compile_sources([Source("a.dtable", "\n".join(lines) + "\n")])


def test_rules_of_tables_that_calculate_are_told_of_days_that_can_be() -> None:
    seen = 0
    for seed in range(150):
        result = calculating(seed)
        [of] = result.policies[0].tables
        known, expected = members(result), set()
        for sent, limit in product(DAYS, DAYS[:4]):
            meaning = evaluate(of, {"sent": sent, "limit": limit})
            assert isinstance(meaning, Answered)
            name = str(meaning.values[0])
            if is_outside(known[name], {"sent": sent}, None):
                expected.add((meaning.rule.name, name))
        found = told(result, "GAP405", of)
        assert set(found) == expected, seed
        for (rule, _), finding in found.items():
            case = {name: date.fromisoformat(said) for name, said in finding.witness or ()}
            meaning = evaluate(of, case)
            assert isinstance(meaning, Answered) and meaning.rule.name == rule, seed
        seen += len(expected)
    assert seen > 60
