"""The case that a conflict shows is one in which its rules differ; the row a gap points at is a near one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import TypeAlias

import pytest

from gapless.driver import compile_sources
from gapless.model import Table, Value
from gapless.semantics import Contradicted, evaluate
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.source import Source

TYPES = {
    "int 0..9": ("0", "7"),
    "int": ("0", "-3"),
    "decimal(1) ..5": ("4.9", "0"),
    "date": ("2020-01-31", "0001-01-01"),
    "optional int 0..1": ("missing", "1"),
    "text": ("other", "left"),
    "bool": ("yes", "no"),
}
COLUMNS = ("x", "y", "z")


def compiled(text: str) -> tuple[Table, list[Diagnostic]]:
    result = compile_sources([Source("page.dtable", text)])
    return result.policies[0].tables[0], list(result.diagnostics)


Witness: TypeAlias = tuple[tuple[str, str], ...]


def cases(text: str, witnesses: Iterable[Witness]) -> list[Mapping[str, Value]]:
    """The cases that witnesses write down, read as examples are."""
    for witness in witnesses:
        said = ", ".join(f"{name} = {value}" for name, value in witness)
        text += f"\n  example {said}\n    gives impossible\n"
    table, _ = compiled(text)
    return [dict(each.inputs) for each in table.examples]


def random_text(random: Random) -> str:
    """A table of rows that overlap, and answer with columns, values, or sets of these."""
    type = random.choice([*TYPES])
    several = random.choice(["", "set of ", "list of "]) if "optional" not in type else ""
    answer = f"{several}{type}"
    rows = []
    for number in range(3):
        words = random.sample([*COLUMNS, *TYPES[type]], random.choice([1, 2, 3]) if several else 1)
        cell = random.choice(["-", "-", TYPES[type][0]])
        rows.append(f"  | r{number} | {cell} | - || {', '.join(words)} |")
    inputs = "".join(f"  in {name} : {type}\n" for name in COLUMNS)
    return f"table t\n{inputs}  out o : {answer}\n\n  | any | x | y || o |\n" + "\n".join(rows)


def accused(found: Diagnostic) -> set[str]:
    return {found.title.split("`")[1], found.title.split("`")[3]}


@pytest.mark.parametrize("batch", range(5))
def test_every_witness_of_a_conflict_is_answered_differently(batch: int) -> None:
    shown = 0
    for seed in range(12 * batch, 12 * batch + 12):
        text = random_text(Random(seed))
        table, found = compiled(text)
        pairs = [
            (each, witness)
            for each in found
            if each.code == "GAP102"
            for witness in {each.witness, *(r.witness for r in each.regions[:4])}
            if witness is not None
        ]
        read = cases(text, [witness for _, witness in pairs])
        shown += len(pairs)
        for (each, witness), case in zip(pairs, read, strict=True):
            meaning = evaluate(table, case)

            assert isinstance(meaning, Contradicted), (text, witness)
            assert accused(each) <= {rule.name for rule in meaning.rules}
    assert shown


def test_the_case_shown_of_a_conflict_is_none_in_which_two_columns_happen_to_be_equal() -> None:
    text = """\
table t
  in weight : int 0..9
  in limit  : int 0..9
  in zone   : bool
  out price : int

  | unique | zone || price  |
  | r      | -    || weight |
  | s      | yes  || limit  |
"""
    table, found = compiled(text)
    (conflict,) = (each for each in found if each.code == "GAP102")

    assert conflict.witness == (("weight", "1"), ("limit", "0"), ("zone", "yes"))
    assert isinstance(evaluate(table, *cases(text, [conflict.witness])), Contradicted)


def test_a_gap_points_at_the_row_that_asks_for_most_of_those_that_miss_it_by_one_cell() -> None:
    text = """\
type Zone = home | near | world

table t
  in zone  : Zone
  in heavy : bool
  in fast  : bool
  out fee  : int

  | unique | zone  | heavy | fast || fee |
  | wide   | home  | -     | -    || 1   |
  | close  | near  | yes   | yes  || 2   |
  | rest   | world | -     | yes  || 3   |
  | last   | near  | no    | -    || 4   |
  | more   | world | yes   | no   || 5   |
"""
    _, found = compiled(text)
    (gap,) = (each for each in found if each.code == "GAP101")
    pointed = [text[label.span.start : label.span.end] for label in gap.labels[1:]]
    places = [text[: label.span.start].rpartition("\n")[2].split()[1] for label in gap.labels[1:]]

    assert dict(gap.witness or ()) in (
        {"zone": "near", "heavy": "yes", "fast": "no"},
        {"zone": "world", "heavy": "no", "fast": "no"},
    )
    assert places == ["close", "more"]
    assert pointed == ["yes", "yes"]
