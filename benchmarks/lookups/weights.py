"""What a generated module weighs: its text, its time to import, and what it holds in memory."""

from __future__ import annotations

import ast
import json
import py_compile
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.analysis.generator import loans
from benchmarks.analysis.measuring import met
from benchmarks.lookups.generated import texts
from benchmarks.lookups.workloads import TABLES
from gapless.driver import Result, compile_sources
from gapless.model import EnumerationType, IntType, Table, Type
from gapless_dsl.source import Source

IMPORTS = """
import json, sys, time
{before}
start = time.perf_counter_ns()
import {name}
print(json.dumps((time.perf_counter_ns() - start) / 1e6))
"""
MEMORY = """
import json, sys, tracemalloc
{before}
tracemalloc.start()
import {name}
print(json.dumps(tracemalloc.get_traced_memory()[0]))
"""


@dataclass(frozen=True)
class Weight:
    """Sizes in bytes, times in milliseconds: with the standard modules it needs already there, and without."""

    source: int
    compiled: int
    warm: float
    cold: float
    memory: int
    modules: tuple[str, ...]
    """What it imports."""


EMPTY = "an empty module"


def weight(text: str, runs: int) -> Weight:
    """Each import is in a process of its own, from compiled bytes."""
    needed = imported(text)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "weighed.py"
        path.write_text(text, "utf-8")
        compiled = Path(py_compile.compile(str(path), doraise=True) or path).stat().st_size
        before = "\n".join(f"import {name}" for name in needed)
        warm = [_ran(IMPORTS, before, folder) for _ in range(runs)]
        cold = [_ran(IMPORTS, "", folder) for _ in range(runs)]
        memory = _ran(MEMORY, before, folder)
    return Weight(len(text.encode()), compiled, median(warm), median(cold), int(memory), needed)


def imported(text: str) -> tuple[str, ...]:
    """The modules that a text imports when it is imported itself."""
    found: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return tuple(dict.fromkeys(found))


def foreign(weight: Weight) -> tuple[str, ...]:
    """What it imports from outside the standard library."""
    return tuple(
        name for name in weight.modules if name.partition(".")[0] not in sys.stdlib_module_names
    )


def _ran(program: str, before: str, folder: str) -> float:
    code = program.format(before=before, name="weighed")
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {folder!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout))


# ---------------------------------------------------------------- large modules


def largest() -> tuple[str, str]:
    """The longest of the modules that the policies in `tables/` become, and its name."""
    paths = sorted(TABLES.glob("*.dtable"))
    result = compile_sources([Source(path.name, path.read_text("utf-8")) for path in paths])
    made = texts(result)
    name = max(made, key=lambda each: len(made[each]))
    return name, made[name]


def of_many_rules(rules: int) -> str:
    """A table that grades loans by seven columns, with so many rules."""
    result = compile_sources(
        [Source("loans.dtable", written(loans(1, rules, 7, whole_numbers=True).table))]
    )
    assert result.is_sound, result.diagnostics[:3]
    return _only(result)


def _only(result: Result) -> str:
    [text] = texts(result).values()
    return text


def written(table: Table) -> str:
    """A table of words and whole numbers as a policy."""
    columns = [*table.inputs, *table.outputs]
    kinds = {each.type for each in columns if isinstance(each.type, EnumerationType)}
    types = [
        f"type {kind.name} = {' | '.join(member.name for member in kind.members)}"
        for kind in sorted(kinds, key=lambda kind: kind.name)
    ]
    rows = [
        f"  | {rule.name} | {' | '.join(each.text for each in rule.conditions)}"
        f" || {rule.outcomes[0].text} |"
        for rule in table.rules
    ]
    names = [column.name for column in table.inputs]
    return "\n".join(
        [
            *types,
            f"\ntable {table.name}",
            *(f"  in  {each.name} : {_told(each.type)}" for each in table.inputs),
            f"  out {table.outputs[0].name} : {_told(table.outputs[0].type)}\n",
            f"  | unique | {' | '.join(names)} || {table.outputs[0].name} |",
            "  |---" + "|---" * len(names) + "||---|",
            *rows,
            "",
        ]
    )


def _told(kind: Type) -> str:
    match kind:
        case EnumerationType(name):
            return name
        case IntType(low, high):
            return f"int {low}..{high}"
    raise AssertionError("these tables have no other columns")


# ---------------------------------------------------------------- as a table


TARGETS = {"w1": 0.3, "w2": 1.0, "w3": 3.0}
"""Milliseconds for the import of a compiled module."""


def table(weights: Mapping[str, Weight]) -> Iterator[str]:
    yield "| module | text | compiled | import, ms | with nothing loaded, ms | memory | imports |"
    yield "|---|---|---|---|---|---|---|"
    for name, each in weights.items():
        beside = ", ".join(foreign(each)) or "only the standard library"
        yield (
            f"| {name} | {kilobytes(each.source)} | {kilobytes(each.compiled)} | {each.warm:.2f} |"
            f" {each.cold:.1f} | {kilobytes(each.memory)} | {beside} |"
        )


def verdicts(weights: Mapping[str, Weight]) -> Iterator[str]:
    for name, limit in TARGETS.items():
        if name in weights:
            yield f"- import of {name}: {weights[name].warm:.2f} ms, the target is {limit} ms: {met(weights[name].warm <= limit)}"
    if "w3" in weights:
        memory, source = weights["w3"].memory, weights["w3"].source
        yield f"- memory of w3: {kilobytes(memory)}, the target is 1,536 kB: {met(memory < 1536 * 1024)}"
        yield f"- text of w3: {kilobytes(source)}, the target is 500 kB: {met(source < 500_000)}"


def kilobytes(size: int) -> str:
    return f"{size / 1024:,.0f} kB"
