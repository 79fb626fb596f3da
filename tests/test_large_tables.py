"""Tables of thousands of rules are built like small ones, and become something one can still work with."""

from __future__ import annotations

import ast
import re
from functools import cache
from random import Random

import pytest

from benchmarks.analysis.generator import loans
from gapless.analysis.domain.partition import Point, Run
from gapless.analysis.unit import Unit
from gapless.backends import markdown, python
from gapless.backends.markdown import addresses, evidence, rows
from gapless.driver import Result, compile_sources
from gapless.model import EnumerationType, IntType, Table, Type, Value
from gapless.proof.audit import audited
from gapless_dsl.source import Source
from tests.generated_python import Case, functions, meant
from tests.pages import ROOT
from tests.rendered import READERS, read

RULES = 2_000


@cache
def large() -> Result:
    """Whole numbers and members in seven columns, the rules in no order."""
    return compile_sources(
        [Source("large.dtable", _written(loans(1, RULES, 7, whole_numbers=True).table))]
    )


@cache
def module() -> str:
    [made] = python.emit(large())
    return made.text


@cache
def page() -> str:
    return next(made.text for made in markdown.emit(large()) if made.path.endswith("large.md"))


def _written(table: Table) -> str:
    columns = [*table.inputs, *table.outputs]
    kinds = {
        each.type: each.type.name for each in columns if isinstance(each.type, EnumerationType)
    }
    types = [
        f"type {name} = {' | '.join(member.name for member in kind.members)}"
        for kind, name in kinds.items()
    ]
    told = {each.name: _told(each.type) for each in columns}
    rows = [
        [rule.name, *(each.text for each in rule.conditions), "", rule.outcomes[0].text]
        for rule in table.rules
    ]
    head = ["unique", *(each.name for each in table.inputs), "", table.outputs[0].name]
    lines = [head, ["---" if name else "" for name in head], *rows]
    return "\n".join(
        [
            *types,
            f"\ntable {table.name}",
            *(f"  in  {each.name} : {told[each.name]}" for each in table.inputs),
            *(f"  out {each.name} : {told[each.name]}" for each in table.outputs),
            "",
            *(f"  | {' | '.join(line)} |".replace("|  |", "||") for line in lines),
            "",
        ]
    )


def _told(type: Type) -> str:
    match type:
        case EnumerationType(name):
            return name
        case IntType(low, high):
            return f"int {low}..{high}"
    raise AssertionError("these tables have no other columns")


def _unit() -> Unit:
    [unit] = large().units.values()
    return unit


def _corner(unit: Unit, chance: Random) -> Case:
    """Inputs at the edges of some rule, or one beyond them."""
    box = chance.choice([box for box in unit.boxes if box is not None])
    case: dict[str, Value] = {}
    for axis, mask in zip(unit.axes, box, strict=True):
        numbers = [number for number in range(len(axis.atoms)) if mask >> number & 1]
        number = chance.choice([numbers[0], numbers[-1], numbers[-1] + 1])
        match axis.atoms[min(number, len(axis.atoms) - 1)]:
            case Run(low, high):
                case[axis.column.name] = chance.choice([low, high])
            case Point(value):
                case[axis.column.name] = value
    return case


def test_a_large_table_is_sound_and_its_proof_confirmed() -> None:
    assert large().is_sound
    assert audited(large()).findings == ()


def test_its_module_answers_as_the_table_means_at_the_edges_of_its_rules() -> None:
    [function] = functions(large())
    chance = Random(1)
    reached = set()
    for _ in range(200):
        case = _corner(_unit(), chance)
        asked = function.asked(case)
        assert asked == meant(function.table, case)
        reached.add(asked.rule)
    assert len(reached) > 100


def test_its_module_is_not_much_larger_than_the_table() -> None:
    [source] = large().sources.values()
    assert len(module()) < 2 * len(source.text)


def test_no_tree_is_drawn_that_nobody_would_read() -> None:
    module()
    assert "decision" not in vars(_unit())


def test_its_module_has_no_function_with_thousands_of_questions() -> None:
    questions = [
        sum(isinstance(each, ast.If) for each in ast.walk(node))
        for node in ast.walk(ast.parse(module()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert 0 < max(questions) < 60


def test_its_page_can_be_read() -> None:
    assert len(page()) < 20_000
    assert f"{RULES:,} rules are too many to read one by one" in page()


def test_its_page_adds_up_what_the_rules_come_to() -> None:
    tables = [table for table in read(READERS["github"](page())).tables if "Share" in table[0]]
    [[_, *rows]] = tables
    assert sum(int(row[1].replace(",", "")) for row in rows) == RULES
    assert sum(int(row[2].replace(",", "")) for row in rows) == _unit().cases


def test_links_lead_somewhere_where_few_rules_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (addresses, evidence):
        monkeypatch.setattr(room, "LISTED", 2)
    monkeypatch.setattr(rows, "LINKS", 2)
    paths = sorted(ROOT.glob("tables/*.dtable"))
    result = compile_sources([Source(path.name, path.read_text("utf-8")) for path in paths])
    made = {each.path.rpartition("/")[2]: each.text for each in markdown.emit(result)}
    ids = {name: set(re.findall(r'<a id="([^"]*)"', text)) for name, text in made.items()}
    for name, text in made.items():
        for file, anchor in re.findall(r'(?:\]\(|href=")([\w.]*)#([^)"]*)', text):
            assert anchor in ids[file or name], f"{name}: {file}#{anchor}"
    assert any("are too many to read one by one" in text for text in made.values())
