"""SpiffWorkflow: its DMN engine alone, with the script engine that it brings, and no workflow around it."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from xml.sax.saxutils import escape

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

from benchmarks.lookups.grids import Answer, Grid
from benchmarks.lookups.peers.cases import Ask, Case, outputs
from benchmarks.lookups.rules import Words, rules, spelt

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
WORDS = Words(
    one=repr,
    some=lambda values: f"? in ({', '.join(map(repr, values))})",
    least=lambda low: f"? >= {_number(low)}",
    below=lambda high: f"? < {_number(high)}",
    both=lambda low, high: f"{_number(low)} <= ? < {_number(high)}",
)


def asked(grid: Grid) -> Ask:
    parser = BpmnDmnParser()
    parser.add_dmn_str(_document(grid).encode())
    engine = parser.get_engine("table", None)
    workflow = SimpleNamespace(
        script_engine=PythonScriptEngine(TaskDataEnvironment({"Decimal": Decimal}))
    )
    names = outputs(grid)

    def ask(case: Case) -> Answer:
        found = engine.result(SimpleNamespace(data=case, workflow=workflow))
        return tuple(found[name] for name in names)

    return ask


def _document(grid: Grid) -> str:
    inputs = "".join(
        f'<input id="i{n}" label="{c.name}"><inputExpression id="x{n}"><text>{c.name}</text>'
        "</inputExpression></input>"
        for n, c in enumerate(grid.columns)
    )
    given = "".join(f'<output id="{name}" name="{name}"/>' for name in outputs(grid))
    rows = "".join(_row(grid, number) for number in range(len(rules(grid))))
    return (
        f'<definitions xmlns="{NAMESPACE}" id="d" name="d" namespace="n"><decision id="table"'
        f' name="table"><decisionTable id="t" hitPolicy="UNIQUE">{inputs}{given}{rows}'
        "</decisionTable></decision></definitions>"
    )


def _row(grid: Grid, number: int) -> str:
    box, answer = rules(grid)[number]
    cells = "".join(
        f'<inputEntry id="e{number}_{n}"><text>{escape(spelt(c, parts, WORDS) or "-")}</text></inputEntry>'
        for n, (c, parts) in enumerate(zip(grid.columns, box, strict=True))
    )
    given = "".join(
        f'<outputEntry id="o{number}_{n}"><text>{escape(repr(value))}</text></outputEntry>'
        for n, value in enumerate(answer)
    )
    return f'<rule id="r{number}">{cells}{given}</rule>'


def _number(value: object) -> str:
    return f'Decimal("{value}")' if isinstance(value, Decimal) else str(value)
