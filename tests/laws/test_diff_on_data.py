"""How many rows of a file a change comes to is what the reference meaning says row by row, in each region."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gapless.cli.apply.counting import counted
from gapless.cli.console import CannotRun
from gapless.diff.change import Difference, Rows
from gapless.diff.policies import changes
from gapless.diff.sides import Side
from gapless.model import Column, DecimalType, IntType, SetType, Table, Value
from tests.amounts import so_many
from tests.diffed import allows, differs, regions_of, state
from tests.mutated_policies import mutated, with_one_cell
from tests.sql_cases import is_held
from tests.strategies import probes
from tests.test_apply import arrow_type

PAIRS = so_many(4_000, 40)
IN_ONE_TEST = 20
ROWS = 200

STRAYS: tuple[Value, ...] = (None, "?")
NUMBERS: tuple[Value, ...] = (None, "1e3", Decimal("0.001"), 10**6, -(10**6))

Case = Mapping[str, Value]


@dataclass
class Held:
    """What was found when counts were held against the reference meaning."""

    tables: int = 0
    rows: int = 0
    changed: int = 0
    never_seen: int = 0
    refused: int = 0
    not_in_sql: int = 0

    def told(self) -> str:
        return (
            f"tables counted {self.tables}, rows {self.rows}, of which {self.changed} change and "
            f"{self.refused} are refused; regions never seen {self.never_seen}; "
            f"not said in SQL {self.not_in_sql}"
        )


@pytest.mark.parametrize("first", range(0, PAIRS, IN_ONE_TEST))
def test_rows_are_counted_where_the_reference_meaning_changes(first: int) -> None:
    held = Held()
    for seed in range(first, first + IN_ONE_TEST):
        hold(seed, held)
    assert held.rows


def hold(seed: int, held: Held) -> None:
    pair = (with_one_cell if seed % 3 == 0 else mutated)(seed)
    states = state(pair.old), state(pair.new)
    for each in changes(*states).tables:
        if each.old is None or each.new is None or each.outputs is None or each.undecided:
            continue
        if not columns(each.old, each.new):
            continue  # a file has columns
        sides = (Side(states[0].result.units[each.old]), Side(states[1].result.units[each.new]))
        rows = [*drawn(each, each.old, each.new, seed)]
        with TemporaryDirectory() as folder:
            path = written(each, rows, Path(folder), seed)
            try:
                found = counted(each, *sides, str(path))
            except CannotRun as reason:
                assert "cannot be put to many rows" in str(reason), reason
                held.not_in_sql += 1
                continue
        assert found == due(each, rows, str(path)), (seed, each.name, pair)
        held.tables += 1
        held.rows += found.total
        held.changed += sum(found.changed)
        held.never_seen += sum(not many for many in found.changed)
        held.refused += sum(found.refused)


def due(each: Difference, rows: list[Case], path: str) -> Rows:
    """The counts, row by row, by what each side takes in and by the reference meaning."""
    assert each.old is not None and each.new is not None
    changed, refused = [0] * len(each.regions), [0, 0, 0]
    for row in rows:
        old, new = (
            all(allows(column.type, row[column.name]) for column in table.inputs)
            for table in (each.old, each.new)
        )
        if not (old and new):
            refused[2 if not (old or new) else int(old)] += 1
        elif differs(each, row):
            (number,) = regions_of(each, row)
            changed[number] += 1
    return Rows(path, len(rows), tuple(changed), (refused[0], refused[1], refused[2]))


# ---------------------------------------------------------------- rows


def columns(old: Table, new: Table) -> dict[str, list[Column]]:
    """The inputs by name, of one side or of both."""
    found: dict[str, list[Column]] = {}
    for table in (old, new):
        for column in table.inputs:
            found.setdefault(column.name, []).append(column)
    return found


def is_typed(seed: int, some: Mapping[str, list[Column]]) -> bool:
    """Whether rows go into Parquet: where the sides' types are of one kind, for every other seed."""
    kinds = all(len({type(each.type.scalar) for each in those}) == 1 for those in some.values())
    sets = any(isinstance(each.type, SetType) for those in some.values() for each in those)
    return bool(seed % 2) and kinds and not sets


def drawn(each: Difference, old: Table, new: Table, seed: int) -> Iterator[Case]:
    """Rows at and beside everything that either side names, some of them no case of one or of both."""
    some = columns(old, new)
    chance = Random(f"rows {seed} {each.name}")
    typed = is_typed(seed, some)
    tables = (old, new)
    values = {
        name: [*dict.fromkeys(v for table in tables for c in those for v in probes(table, c))]
        for name, those in some.items()
    }
    for _ in range(ROWS):
        row: dict[str, Value] = {}
        for name, those in values.items():
            value = chance.choice(those)
            if chance.random() < 0.04:
                are_numbers = all(
                    isinstance(c.type.scalar, IntType | DecimalType) for c in some[name]
                )
                value = None if typed else chance.choice(NUMBERS if are_numbers else STRAYS)
            row[name] = None if value == "" else value  # as CSV has it
        if is_held([*row.values()]):
            yield row


def written(each: Difference, rows: list[Case], folder: Path, seed: int) -> Path:
    assert each.old is not None and each.new is not None
    some = columns(each.old, each.new)
    if is_typed(seed, some):
        with suppress(
            pa.ArrowInvalid, OverflowError
        ):  # of more figures than a column has: then as text
            arrays = {
                name: pa.array([row[name] for row in rows], arrow_type(widest(those)))
                for name, those in some.items()
            }
            pq.write_table(pa.table(arrays), folder / "rows.parquet")
            return folder / "rows.parquet"
    with open(folder / "rows.csv", "w", encoding="utf-8", newline="") as file:
        cells = ([cell(row[name]) for name in some] for row in rows)
        csv.writer(file).writerows([[*some], *cells])
    return folder / "rows.csv"


def widest(those: list[Column]) -> Column:
    """The one with most digits."""
    return max(
        those, key=lambda c: c.type.scalar.digits if isinstance(c.type.scalar, DecimalType) else 0
    )


def cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)


if __name__ == "__main__":
    found = Held()
    for number in range(int(sys.argv[1]), int(sys.argv[2])):
        hold(number, found)
    sys.stdout.write(found.told() + "\n")
