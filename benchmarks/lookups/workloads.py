"""The tables that are measured: three from plain data, two of the image guidance policy, as text and as cells."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.lookups.grids import Answer, Column, Grid, grid, plain, worded
from gapless.driver import Result, compile_sources
from gapless.model import EnumerationType, OptionalType, Table
from gapless.semantics import Answered, evaluate
from gapless_dsl.source import Source

TABLES = Path(__file__).parents[2] / "tables"
PLAIN = ("w1", "w2", "w3")
IGRT = ("guidance_line", "claim_pair")
NAMES = (*PLAIN, *IGRT)


@dataclass(frozen=True)
class Workload:
    """A table, the policy it is in, and what each of its cells gets; None where it is refused."""

    name: str
    policy: str
    result: Result
    table: Table
    grid: Grid

    def meant(self, given: Sequence[Any]) -> Answer | None:
        """By the reference meaning."""
        names = (column.name for column in self.table.inputs)
        meaning = evaluate(self.table, dict(zip(names, given, strict=True)))
        return tuple(meaning.values) if isinstance(meaning, Answered) else None


@cache
def workload(name: str) -> Workload:
    if name in PLAIN:
        result = compile_sources([Source(f"{name}.dtable", text(name))])
        return _of(name, name, result, grid(name))
    paths = [TABLES / f"{each}.dtable" for each in ("igrt_codes", "igrt", "igrt_claims")]
    result = compile_sources([Source(path.name, path.read_text("utf-8")) for path in paths])
    policy = "igrt" if name == "guidance_line" else "igrt_claims"
    return _of(name, policy, result, None)


def _of(name: str, policy: str, result: Result, cells: Grid | None) -> Workload:
    assert result.is_sound, result.diagnostics
    tables = next(each.tables for each in result.policies if each.name == policy)
    table = next(each for each in tables if each.name == name)
    return Workload(name, policy, result, table, cells or _asked(table))


def _asked(table: Table) -> Grid:
    """The cells of a table of enumerations, by asking the reference meaning for each."""
    columns = tuple(Column(each.name, "enum", _members(each.type)) for each in table.inputs)
    numbers: dict[Answer, int] = {}
    cells = array("H")
    for given in itertools.product(*(column.values for column in columns)):
        case = {column.name: value for column, value in zip(columns, given, strict=True)}
        meaning = evaluate(table, case)
        answer = tuple(meaning.values) if isinstance(meaning, Answered) else ()
        cells.append(numbers.setdefault(answer, len(numbers)))
    return Grid(table.name, columns, tuple(numbers), cells)


def _members(kind: object) -> tuple[str | None, ...]:
    if isinstance(kind, OptionalType):
        return (None, *_members(kind.of))
    assert isinstance(kind, EnumerationType)
    return tuple(member.name for member in kind.members)


# ---------------------------------------------------------------- plain data as a policy


def text(name: str) -> str:
    """The policy that a file of plain data says."""
    data = plain(name)
    inputs, outputs, rules = data["inputs"], data["outputs"], data["rules"]
    answers = {
        output: list(dict.fromkeys(rule[len(inputs) + place] for rule in rules))
        for place, output in enumerate(outputs)
    }
    lines = [f"policy {name}", "", *_types(inputs, answers), "", f"table {name}"]
    lines += [f"  in {each['name']} : {_type(each)}" for each in inputs]
    lines += [f"  out {name} : {_out(name, values)}" for name, values in answers.items()]
    lines += ["", *_rows(data, inputs, outputs, rules)]
    return "\n".join(lines) + "\n"


def _types(inputs: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[Any]]) -> list[str]:
    words = {each["name"]: each["values"] for each in inputs if each["type"] == "enum"}
    words |= {
        output: list(map(worded, values))
        for output, values in answers.items()
        if not isinstance(values[0], int)
    }
    return [f"type {name.title()} = {' | '.join(values)}" for name, values in words.items()]


def _type(said: Mapping[str, Any]) -> str:
    match said["type"]:
        case "enum":
            return str(said["name"].title())
        case "bool":
            return "bool"
        case "int":
            return f"int {said['lo']}..{said['hi'] - 1}"
    scale = said["scale"]
    return f"decimal({scale}) {_units(said, said['lo'])}..{_units(said, said['hi'] - 1)}"


def _out(name: str, values: Sequence[Any]) -> str:
    return "int" if isinstance(values[0], int) else name.title()


def _rows(
    data: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    rules: Sequence[Sequence[Any]],
) -> list[str]:
    names = [each["name"] for each in inputs]
    head = f"  | {data['policy']} | {' | '.join(names)} || {' | '.join(outputs)} ||"
    line = "  |" + "---|" * (len(names) + 1) + "|" + "---|" * len(outputs) + "|"
    rows = [
        f"  | R{number} | {' | '.join(map(_cell, inputs, rule))}"
        f" || {' | '.join(str(worded(each)) for each in rule[len(inputs) :])} ||"
        for number, rule in enumerate(rules, 1)
    ]
    return [head, line, *rows]


def _cell(said: Mapping[str, Any], cell: Any) -> str:
    if cell is None:
        return "-"
    if said["type"] == "enum":
        return ", ".join(cell)
    if said["type"] == "bool":
        return ", ".join("yes" if value else "no" for value in cell)
    low, high = cell
    first = "" if low is None else _units(said, low)
    last = "" if high is None else _units(said, high - 1)
    return first if first == last else f"{first}..{last}"


def _units(said: Mapping[str, Any], value: int) -> str:
    return str(Decimal(value).scaleb(-said.get("scale", 0)))
