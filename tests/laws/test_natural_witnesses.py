"""The case that a finding shows is one of its own, and lies where the cell of some rule ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

import pytest

from gapless.analysis.building import build_units
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Cuts, axis, cuts_of
from gapless.analysis.unit import Unit
from gapless.checks import completeness
from gapless.checks.conflicts import conflict
from gapless.checks.redundancy import needless
from gapless.model import Column, DecimalType, IntType, OptionalType, Table, Value
from gapless.semantics import Contradicted, Unanswered, evaluate, matches
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.source import Span
from tests.random_tables import random_table, values

SEEDS = range(250)
NOWHERE = Span("", 0, 0)


def unit_of(seed: int) -> Unit:
    table = random_table(Random(seed), "t", rules=7, plain=True)
    return build_units([table]).units[table]


def read(table: Table, witness: tuple[tuple[str, str], ...]) -> dict[str, Value]:
    """The case that a witness writes down; of texts, one that no rule names is its own."""
    case: dict[str, Value] = {}
    for column, (name, text) in zip(table.inputs, witness, strict=True):
        assert column.name == name
        found = (each for each in values(column.type) if is_said(each, text))
        case[name] = next(found, text.strip('"'))
    return case


def is_said(value: Value, text: str) -> bool:
    if isinstance(value, Decimal) and text != "missing":
        return value == Decimal(text)
    return words.literal(value) == text


def shown(finding: Diagnostic) -> Iterator[tuple[tuple[str, str], ...]]:
    yield from filter(None, (finding.witness, *(region.witness for region in finding.regions)))


@pytest.mark.parametrize("batch", range(4))
def test_every_witness_is_a_case_of_its_finding(batch: int) -> None:
    seen: set[str] = set()
    for seed in SEEDS[batch::4]:
        unit = unit_of(seed)
        for check in (completeness.gaps, conflict.check, needless.unreachable, needless.redundant):
            for finding in check(unit):
                for witness in shown(finding):
                    seen.add(finding.code)

                    assert belongs(unit.table, finding, read(unit.table, witness)), finding
    assert seen >= {"GAP101", "GAP102", "GAP104"}


def belongs(table: Table, finding: Diagnostic, case: Mapping[str, Value]) -> bool:
    applying = {rule.name for rule in table.rules if matches(table, rule, case)}
    first, *others = finding.title.split("`")[1::2] or [""]
    match finding.code:
        case "GAP101":
            return isinstance(evaluate(table, case), Unanswered)
        case "GAP102":
            return isinstance(evaluate(table, case), Contradicted) and {first, *others} <= applying
        case "GAP104":
            return {first, *others} <= applying and len(applying) >= 2
        case _:
            return first in applying and len(applying) >= 2


TYPES = (
    IntType(None, None),
    IntType(0, 20),
    IntType(None, 20),
    OptionalType(IntType(0, None)),
    DecimalType(1, Decimal(0), Decimal(2)),
)


def test_a_witness_stands_where_a_cell_of_a_rule_ends() -> None:
    for seed in range(300):
        random = Random(seed)
        type = random.choice(TYPES)
        edges = frozenset(random.sample(range(1, 20), random.randint(1, 5)))
        cut = axis(Column("x", type, None, None, NOWHERE), Cuts(edges))
        mask = random.randint(1, cut.whole - 1)
        value = cut.example(mask)
        number = cut.locate(value)

        assert number is not None and mask >> number & 1
        if value is not None and (mask & present(cut)) != present(cut):
            assert is_at_edge(cut, mask, value)


def present(cut: Axis) -> int:
    return sum(1 << n for n in bits(cut.whole) if cut.sample(n) is not None)


def is_at_edge(cut: Axis, mask: int, value: object) -> bool:
    """Whether a neighbor of the value, above or below, is a value of the type and not in the mask."""
    kind = ranks.ordered(cut.column.type)
    assert kind is not None
    rank = ranks.first_at(kind, value)  # type: ignore[arg-type]
    beside = (cut.locate(ranks.value_at(kind, rank + step)) for step in (-1, 1))
    assert cuts_of(cut).edges & {rank, rank + 1}
    return any(number is not None and not mask >> number & 1 for number in beside)
