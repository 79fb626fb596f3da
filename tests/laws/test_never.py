"""What is declared impossible means what the same row would mean in each table that has its columns."""

from __future__ import annotations

from itertools import product
from random import Random
from types import ModuleType

import pytest

from gapless.backends import ALL
from gapless.driver import Result, compile_sources
from gapless.model import Table, Value
from gapless.proof.audit import audited
from gapless.semantics import Answered, Contradicted, Impossible, Meaning, Unanswered, evaluate
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.generated_python import loaded

VALUES: dict[str, tuple[Value, ...]] = {
    "kind": ("a", "b", "c"),
    "age": (0, 1, 2, 3, None),
    "sent": (True, False),
    "size": (0, 1, 2, 3),
}
TYPES = {"kind": "Kind", "age": "optional int 0..3", "sent": "bool", "size": "int 0..3"}
CELLS = {
    "kind": ("a", "b, c", "not a", "-"),
    "age": ("..1", "missing", "present", "missing, not 2", "< 2, missing", "not 3, missing"),
    "sent": ("yes", "no"),
    "size": ("0", "[1..3)", "> 1", "0, 3"),
}


def drawn(random: Random) -> tuple[dict[str, dict[str, str]], list[tuple[str, list[str]]]]:
    """Declarations, and tables with their columns."""
    said = {}
    for number in range(random.randint(1, 3)):
        columns = random.sample(sorted(CELLS), random.randint(1, 3))
        said[f"never{number}"] = {name: random.choice(CELLS[name]) for name in columns}
    tables = [
        (f"t{number}", random.sample(sorted(TYPES), random.randint(2, 4))) for number in range(3)
    ]
    return said, tables


def written(
    random: Random,
    said: dict[str, dict[str, str]],
    tables: list[tuple[str, list[str]]],
    *,
    in_rows: bool,
) -> str:
    """The same policy, with what cannot happen declared, or in a row of each table that it is said of."""
    text = ["type Kind = a | b | c\n"]
    for name, cells in said.items() if not in_rows else ():
        lines = "".join(f"  {column} = {cell}\n" for column, cell in cells.items())
        text.append(f"impossible {name}\n{lines}  because it is so\n")
    for number, (name, columns) in enumerate(tables):
        rows = []
        for never, cells in said.items() if in_rows else ():
            if cells.keys() <= set(columns):
                tests = " | ".join(cells.get(column, "-") for column in columns)
                rows.append(f"  | {never} | {tests} || impossible || it is so |")
        for rule in range(random.randint(0, 3)):
            tests = " | ".join(random.choice((*CELLS[column], "-", "-")) for column in columns)
            called = f"t{number - 1}"
            asked = tables[number - 1][1] if number else []
            calls = number and set(asked) <= set(columns) and random.random() < 0.6
            answer = f"{called}({', '.join(asked)})" if calls else str(rule)
            rows.append(f"  | r{rule} | {tests} || {answer} || |")
        if random.random() < 0.7:
            rows.append(f"  | otherwise || {random.randint(7, 9)} || what is left |")
        inputs = "".join(f"  in {column} : {TYPES[column]}\n" for column in columns)
        head = f"  | first | {' | '.join(columns)} || out || because |"
        grid = "\n".join((head, *rows))
        text.append(f"table {name}\n{inputs}  out out : int 0..9\n{grid}\n")
    return "\n".join(text)


def told(meaning: Meaning) -> object:
    match meaning:
        case Answered(table, rule, values):
            return table.name, rule.name, values
        case Impossible(table, rule):
            return table.name, rule.name, rule.reason.text
        case Unanswered(table):
            return table.name
        case Contradicted(table, rules):
            return table.name, [rule.name for rule in rules]
    raise AssertionError(meaning)


def compiled(text: str) -> Result:
    return compile_sources([Source("page.dtable", text)])


def called(module: ModuleType, table: Table, case: dict[str, Value]) -> tuple[str, object]:
    try:
        return "", getattr(module, table.name)(**case)
    except module.ImpossibleError as error:
        return "never", str(error)


@pytest.mark.parametrize("seed", range(80))
def test_a_declaration_is_a_row_of_each_table_that_has_its_columns(seed: int) -> None:
    said, tables = drawn(Random(seed))
    one = compiled(written(Random(seed), said, tables, in_rows=False))
    other = compiled(written(Random(seed), said, tables, in_rows=True))
    found = [each for each in (one, other) for _ in each.policies[0].tables]
    assert len(found) == 6

    for table, rows in zip(one.policies[0].tables, other.policies[0].tables, strict=True):
        names = [column.name for column in table.inputs]
        open_ = 0
        for values in product(*(VALUES[name] for name in names)):
            case = dict(zip(names, values, strict=True))
            meaning = evaluate(table, case)
            open_ += isinstance(meaning, Unanswered) and meaning.table is table
            assert told(meaning) == told(evaluate(rows, case))
        gap, same = one.units[table].claims.gap, other.units[rows].claims.gap
        assert (gap.at_least > 0) == (open_ > 0)
        assert (gap.at_least, gap.at_most) == (same.at_least, same.at_most)


@pytest.mark.parametrize("seed", range(40))
def test_programs_and_certificates_know_what_is_declared(seed: int) -> None:
    said, tables = drawn(Random(seed))
    text = written(Random(seed), said, tables, in_rows=False)
    laid_out = format_document(parse(Source("p", text))[0], Source("p", text))
    assert laid_out is not None
    result = compiled(laid_out)
    if not result.is_sound:
        return
    assert not audited(result).findings
    (code,) = ALL["python"](result)
    module = loaded(code.text, code.path)

    for table in result.policies[0].tables:
        names = [column.name for column in table.inputs]
        for values in product(*(VALUES[name] for name in names)):
            case = dict(zip(names, values, strict=True))
            meaning = evaluate(table, case)
            kind, answer = called(module, table, case)
            if isinstance(meaning, Answered):
                assert (kind, answer) == ("", meaning.values[0])
            else:
                assert isinstance(meaning, Impossible) and kind == "never"
                assert meaning.rule.name in str(answer) and "it is so" in str(answer)


def test_some_of_the_programs_above_are_sound() -> None:
    """Else the law above would say nothing."""
    sound = 0
    for seed in range(40):
        said, tables = drawn(Random(seed))
        sound += compiled(written(Random(seed), said, tables, in_rows=False)).is_sound
    assert sound >= 5
