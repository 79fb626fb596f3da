"""A draft is what the reference meaning says it is: found, counted, certified and refused at run time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from gapless.analysis.verdict import verdict
from gapless.backends.markdown import emit as pages
from gapless.backends.python import emit as modules
from gapless.driver import Result, compile_sources
from gapless.model import RuleKind, Table
from gapless.proof.audit import audited
from gapless.semantics import Answered, Contradicted, Draft, Impossible, Unanswered, evaluate
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.amounts import so_many

ZONES = ("home", "world", "moon")


def cells(random: Random) -> str:
    low, high = sorted(random.choices(range(4), k=2))
    weight = random.choice(("-", f"{low}", f"{low}..", f"..{high}", f"{low}..{high}"))
    zone = random.choice(("-", "-", *ZONES, "home, moon", "not home"))
    return f"{weight} | {zone}"


def table(random: Random, name: str, callee: str) -> str:
    policy = random.choice(("first", "first", "unique", "any"))
    answers = ["draft", "draft", "impossible", "1", "2", "w"]
    answers += [f"{callee}(w, z)"] * 2 if callee else []
    rows = [
        f"  | r{i} | {cells(random)}{' | -' if callee else ''} || {random.choice(answers)} || x |"
        for i in range(random.randint(1, 4))
    ]
    if random.random() < 0.6:
        rest = f"otherwise{' |' if callee else ''}"
        rows.append(f"  | {rest} || {random.choice((1, 2))} || x |".replace(" | ||", " ||"))
    let = f"\n  let c = {callee}(w, z)" if callee else ""
    return (
        f"""
table {name}
  in  w : int 0..3
  in  z : Zone{let}
  out o : int

  | {policy} | w | z{" | c" if callee else ""} || o || because |
  |--|--|
""".replace("  |--|--|\n", "")
        + "\n".join(rows)
        + "\n"
    )


@cache
def compiled(seed: int) -> Result:
    random = Random(seed)
    text = f"type Zone = {' | '.join(ZONES)}\n{table(random, 'inner', '')}"
    return compile_sources([Source("a.dtable", text + table(random, "outer", "inner"))])


def cases() -> list[dict[str, Any]]:
    return [{"w": w, "z": z} for w, z in product(range(4), ZONES)]


def loaded(result: Result) -> Mapping[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    [made] = modules(result)
    exec(compile(made.text, "made", "exec"), names)  # noqa: S102  # what was generated is run
    return names


SEEDS = range(so_many(400))


@pytest.mark.parametrize("start", range(0, len(SEEDS), 100))
def test_drafts_are_found_where_they_hold(start: int) -> None:
    drafts = 0
    for seed in range(start, start + 100):
        result = compiled(seed)
        for each, unit in result.units.items():
            meanings = [evaluate(each, case) for case in cases()]
            held = {m.rule.name for m in meanings if isinstance(m, Draft) and m.table is each}
            codes = [
                found for found in result.diagnostics if f"table {each.name}," in found.subject
            ]
            named = {each.title.split("`")[1] for each in codes if each.code == "GAP120"}
            contradicted = any(isinstance(m, Contradicted) for m in meanings)
            if not contradicted and not any(found.code == "GAP108" for found in codes):
                assert named == held, (seed, each.name)
                drafts += len(held)
            own = [m for m in meanings if getattr(m, "table", None) is each]
            gaps = any(isinstance(m, Unanswered) for m in own)
            assert contradicted or gaps == bool(unit.claims.gap.at_least), (seed, each.name)
            differ = any(isinstance(m, Contradicted) for m in own)
            alone = not each.lets  # a rule that hands on no answer is in conflict with every other
            assert not alone or differ == any(found.code == "GAP102" for found in codes), (
                seed,
                each.name,
            )
    assert drafts > 20


def tried(result: Result) -> bool:
    """Whether nothing but drafts keeps the tables from being built."""
    errors = {e.code for e in result.diagnostics if e.severity is Severity.ERROR}
    return errors == {"GAP120"}


def test_code_made_of_drafts_does_as_the_reference_meaning_says() -> None:
    built = undecided = 0
    for seed in SEEDS:
        result = compiled(seed)
        if not tried(result):
            continue
        built += 1
        audit = audited(result)
        assert audit.findings == (), seed
        inner, outer = result.policies[0].tables
        assert (inner in audit.beyond) == has_drafts(inner), seed
        assert (outer in audit.beyond) == (has_drafts(outer) or inner in audit.beyond), seed
        assert {*audit.certificates, *audit.beyond} == {inner, outer}, seed
        assert "Still to be decided" in "".join(page.text for page in pages(result))
        for looked_up in (False, True):
            with pytest.MonkeyPatch.context() as patch:
                if looked_up:
                    patch.setattr("gapless.backends.code.scope.MANY", 0)
                made = loaded(result)
            for each in result.policies[0].tables:
                undecided += compared(result, each, made, seed)
    assert built > 20
    assert undecided > 100


def has_drafts(table: Table) -> bool:
    return any(rule.kind is RuleKind.DRAFT for rule in table.rules)


def compared(result: Result, each: Table, made: Mapping[str, Any], seed: int) -> int:
    """How many cases are drafts; each is asked of the code, too."""
    found = 0
    for case in cases():
        meaning = evaluate(each, case)
        try:
            said = made[each.name](**case)
        except made["DraftError"] as refusal:
            assert isinstance(meaning, Draft), (seed, each.name, case)
            assert (refusal.table, refusal.rule) == (meaning.table.name, meaning.rule.name)
            assert refusal.rule in str(refusal) and refusal.table in str(refusal)
            found += 1
        except made["ImpossibleError"]:
            assert isinstance(meaning, Impossible), (seed, each.name, case)
        else:
            assert isinstance(meaning, Answered) and meaning.values == (said,), (seed, case)
    unit = result.units[each]
    assert verdict(unit).is_draft == bool(found or unit.rules(RuleKind.DRAFT)), (seed, each.name)
    return found
