"""All ways to look one case up, behind one face: what is called, with what, and what its answer says."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.lookups.generated import Generated
from benchmarks.lookups.grids import Answer, Grid
from benchmarks.lookups.peers.cases import case
from benchmarks.lookups.shapes import conditions, dicts, sums
from benchmarks.lookups.workloads import PLAIN

HAND = "by hand"
BARE = "by hand, no door"
OURS = "generated"
PEER = "peer"


@dataclass(frozen=True)
class Contender:
    """`call` is the text of the call in terms of `ask` and of what `given` makes of a row: `x0`, `x1`, ..."""

    name: str
    group: str
    ask: Callable[..., Any]
    call: str
    given: Callable[[Sequence[Any]], tuple[Any, ...]] = tuple
    said: Callable[[Any], Answer] = tuple


def contenders(grid: Grid, made: Generated) -> list[Contender]:
    return [*ours(grid, made), *by_hand(grid), *peers(grid)]


def ours(grid: Grid, made: Generated) -> Iterator[Contender]:
    answer, from_mapping = made.functions()
    said = _alone if made.is_alone else tuple
    yield Contender("generated", OURS, answer, _positional(grid), said=said)
    named = ", ".join(f"{name}=x{place}" for place, name in enumerate(made.arguments))
    yield Contender("generated, by keywords", OURS, answer, f"ask({named})", said=said)
    if from_mapping is not None:

        def given(row: Sequence[Any]) -> tuple[Any, ...]:
            return (case(grid, row, floats=False),)

        yield Contender("generated, from a mapping", OURS, from_mapping, "ask(x0)", given, said)


def _alone(value: Any) -> Answer:
    return (value,)


def _positional(grid: Grid) -> str:
    return f"ask({', '.join(f'x{place}' for place in range(len(grid.columns)))})"


def by_hand(grid: Grid) -> Iterator[Contender]:
    call = _positional(grid)
    if grid.name in PLAIN:
        module = importlib.import_module(f"benchmarks.lookups.handwritten.{grid.name}")
        yield Contender("written out by hand", HAND, getattr(module, grid.name), call)
    for name, make in _shapes(grid).items():
        yield Contender(name, HAND, make(grid, is_safe=True), call)
        yield Contender(f"{name}, no door", BARE, make(grid, is_safe=False), call)


def _shapes(grid: Grid) -> dict[str, Callable[..., Callable[..., Any]]]:
    found: dict[str, Callable[..., Callable[..., Any]]] = {}
    if all(column.kind == "enum" for column in grid.columns):
        found |= {"nested dicts": dicts.nested, "== and dicts": dicts.compared}
    if all(grid.answers):
        found |= {"grid in bytes": sums.sums, "grid by bisect": sums.searched}
    if len(grid.cells) < 10_000:
        found["dict of tuples"] = dicts.tuples
    return {
        **found,
        "if tree": conditions.tree,
        "an if for each rule": conditions.chain,
        "match": conditions.cases,
    }


def peers(grid: Grid) -> Iterator[Contender]:
    """Only here are the other engines imported."""
    from benchmarks.lookups.peers import business, expressions, spiff, zen_tables

    engines: list[tuple[str, Callable[[Grid], Any], bool]] = [
        ("zen-engine, static loader", zen_tables.static, True),
        ("zen-engine, quickstart", zen_tables.quickstart, True),
        ("business-rules", business.asked, False),
        ("rule-engine", expressions.asked, False),
        ("SpiffWorkflow", spiff.asked, False),
    ]
    for name, make, is_floating in engines:

        def given(row: Sequence[Any], floats: bool = is_floating) -> tuple[Any, ...]:
            return (case(grid, row, floats=floats),)

        yield Contender(name, PEER, make(grid), "ask(x0)", given)
