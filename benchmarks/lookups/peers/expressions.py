"""rule-engine: one compiled expression for each rule, tried in their order."""

from __future__ import annotations

import json

import rule_engine

from benchmarks.lookups.grids import Answer, Grid
from benchmarks.lookups.peers.cases import Ask, Case
from benchmarks.lookups.rules import Words, rules, spelt

WORDS = Words(
    one=lambda value: f"== {_literal(value)}",
    some=lambda values: f"in [{', '.join(map(_literal, values))}]",
    least=lambda low: f">= {low}",
    below=lambda high: f"< {high}",
    both=lambda low, high: f">= {low} and {{}} < {high}",
)


def asked(grid: Grid) -> Ask:
    written = []
    for box, answer in rules(grid):
        tests = [
            f"{column.name} {test.format(column.name)}"
            for column, parts in zip(grid.columns, box, strict=True)
            if (test := spelt(column, parts, WORDS))
        ]
        written.append((rule_engine.Rule(" and ".join(tests) or "true"), answer))

    def ask(case: Case) -> Answer:
        for rule, answer in written:
            if rule.matches(case):
                return answer
        raise LookupError("no rule holds")

    return ask


def _literal(value: object) -> str:
    return json.dumps(value)
