"""zen-engine: a decision table in its JSON, asked by a key of a static loader, or as its README begins.

It leaves out outputs that are null.
"""

from __future__ import annotations

import json
from typing import Any

import zen

from benchmarks.lookups.grids import Answer, Grid
from benchmarks.lookups.peers.cases import Ask, Case, outputs
from benchmarks.lookups.rules import Words, rules, spelt

KEY = "table"
WORDS = Words(
    one=lambda value: _literal(value),
    some=lambda values: ", ".join(map(_literal, values)),
    least=lambda low: f">= {low}",
    below=lambda high: f"< {high}",
    both=lambda low, high: f"[{low}..{high})",
)


def static(grid: Grid) -> Ask:
    """The engine knows the table by a key, and has it compiled."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: _graph(grid)}}})
    names = outputs(grid)

    def ask(case: Case) -> Answer:
        found = engine.evaluate(KEY, case)["result"]
        return tuple(map(found.get, names))

    return ask


def quickstart(grid: Grid) -> Ask:
    """`create_decision` once, then `decision.evaluate`."""
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(grid)))
    names = outputs(grid)

    def ask(case: Case) -> Answer:
        found = decision.evaluate(case)["result"]
        return tuple(map(found.get, names))

    return ask


def _graph(grid: Grid) -> dict[str, Any]:
    names = outputs(grid)
    rows = [
        {
            "_id": f"r{number}",
            **{c.name: spelt(c, parts, WORDS) for c, parts in zip(grid.columns, box, strict=True)},
            **dict(zip(names, map(_literal, answer), strict=True)),
        }
        for number, (box, answer) in enumerate(rules(grid))
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": c.name, "name": c.name, "field": c.name} for c in grid.columns],
        "outputs": [{"id": name, "name": name, "field": name} for name in names],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "t", "name": "t", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "b", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _literal(value: object) -> str:
    return json.dumps(value)
