"""What is said of other hit policies is so: the table is compiled under them, or tried case by case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random

import pytest

from gapless.driver import Result, compile_sources
from gapless.model import RuleKind, Table, Value
from gapless.semantics import Impossible, evaluate, matches
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.source import Source

CASES: list[dict[str, Value]] = [
    {"a": a, "n": n, "b": b} for a, n, b in product((False, True), range(6), (False, True))
]
CELLS = ("-", "-", "yes", "no"), ("-", "..2", "3..", "1..4", "5"), ("-", "-", "yes", "no")


def text(random: Random, policy: str) -> str:
    rows = []
    for number in range(random.randint(2, 5)):
        cells = " | ".join(map(random.choice, CELLS))
        answer = "impossible" if random.random() < 0.15 else str(random.randint(0, 2))
        rows.append(f"  | r{number} | {cells} || {answer} || why |")
    if random.random() < 0.6:
        rows.append("  | rest | otherwise || 9 || why |")
    return "\n".join(
        [
            "table t\n  in a : bool\n  in n : int 0..5\n  in b : bool\n  out o : int",
            f"  | {policy} | a | n | b || o || because |\n  |-|-|-|-||-||-|",
            *rows,
            "",
        ]
    )


def compiled(policy: str, seed: int) -> tuple[Table, Result]:
    result = compile_sources([Source("t.dtable", text(Random(seed), policy))])
    return result.policies[0].tables[0], result


def coded(result: Result, code: str) -> list[Diagnostic]:
    return [each for each in result.diagnostics if each.code == code]


def _first_helps(result: Result) -> Iterator[str]:
    for finding in coded(result, "GAP102"):
        yield from (help.text for help in finding.helps if "policy `first`" in help.text)


@pytest.mark.parametrize("seed", range(150))
def test_what_first_would_make_of_conflicts_is_what_it_makes(seed: int) -> None:
    _, result = compiled("unique", seed)
    conflicts = coded(result, "GAP102")
    helps = list(_first_helps(result))
    assert len(helps) == bool(conflicts)
    if not helps:
        return
    _, first = compiled("first", seed)
    assert not coded(first, "GAP102")
    subjects = [each.subject for code in ("GAP103", "GAP105") for each in coded(first, code)]
    hidden = {subject.rpartition("rule ")[2] for subject in subjects}
    said, _, named = helps[0].partition(", under which ")
    assert "first" in said
    if named == "every row still decides something":
        assert not {name for name in hidden if not _is_impossible(first, name)}
    else:
        assert {name for name in hidden if f"`{name}`" in named} or "more" in named


def _is_impossible(result: Result, name: str) -> bool:
    rules = {rule.name: rule.kind for rule in result.policies[0].tables[0].rules}
    return rules[name] is RuleKind.IMPOSSIBLE


@pytest.mark.parametrize("policy", ["first", "any"])
@pytest.mark.parametrize("seed", range(150))
def test_rows_that_never_meet_are_noticed_and_no_others(seed: int, policy: str) -> None:
    table, result = compiled(policy, seed)
    if any(each.severity != "note" for each in result.diagnostics):
        assert not coded(result, "GAP123")
        return
    rows = [rule for rule in table.rules if rule.kind is RuleKind.RULE]
    meet = any(
        all(matches(table, rule, case) for rule in pair)
        for case in CASES
        if not isinstance(evaluate(table, case), Impossible)
        for pair in combinations(rows, 2)
    )
    assert bool(coded(result, "GAP123")) == (len(rows) > 1 and not meet)
