"""Which table calls which, and tables in an order in which each follows those it calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from gapless.resolve.crosstab import grid_of
from gapless.resolve.findings import Findings
from gapless.resolve.names import Names
from gapless.resolve.order import in_order
from gapless.resolve.signatures import Signature
from gapless_dsl.diagnostic import Diagnostic, Label, error
from gapless_dsl.nodes.cells import Call, Item, Presence, within
from gapless_dsl.nodes.declarations import TableNode
from gapless_dsl.source import Span


def calls(node: TableNode) -> Iterator[tuple[str, Span]]:
    """The names of the tables that a table calls, and where it does."""
    for let in node.lets:
        yield from (_called(call, let.span) for call in _calls(let.value))
    for result in node.results:
        for item in result.cell.content.items if result.cell else ():
            span = result.cell.span if result.cell else result.span
            yield from (_called(call, span) for call in _calls(item))
    grid = grid_of(node)
    for row in grid.rows if grid else ():
        for cell in row.outcomes:
            if cell is not None:
                for item in cell.content.items:
                    yield from (_called(call, cell.span) for call in _calls(item))


def _calls(item: Item) -> Iterator[Call]:
    parts = () if isinstance(item, Presence) else within(item)
    return (part for part in parts if isinstance(part, Call))


def _called(call: Call, origin: Span) -> tuple[str, Span]:
    return call.table.text, origin.within(*call.table.at)


Versions: TypeAlias = tuple[Signature, ...]
"""Those of one table, in the order of the file; a table that has no versions stands alone."""


def _by_table(signatures: Mapping[Span, Signature]) -> Mapping[Span, Versions]:
    """By the place of the first version's name, which stands for all of them."""
    first: dict[tuple[str, str], Span] = {}
    found: dict[Span, Versions] = {}
    for span, each in signatures.items():
        head = first.setdefault((each.path, each.name), span) if each.node.life else span
        found[head] = (*found.get(head, ()), each)
    return found


def callees_first(
    signatures: Mapping[Span, Signature], names: Mapping[str, Names], found: Findings
) -> tuple[Versions, ...]:
    """The tables in order, and a complaint about every circle in which they call each other."""
    by_table = _by_table(signatures)

    def needs(key: Span) -> Iterator[Span]:
        tables = names[by_table[key][0].path].tables
        for signature in by_table[key]:
            for name, _ in calls(signature.node):
                # A table that calls itself is found where the call is read.
                if name in tables and tables[name].name.span != key:
                    yield tables[name].name.span

    ordered, cycles = in_order(by_table, needs)
    for cycle in cycles:
        found.append(_circle([by_table[key] for key in cycle], names))
    return tuple(by_table[key] for key in ordered)


def _circle(tables: Sequence[Versions], names: Mapping[str, Names]) -> Diagnostic:
    """GAP028. Each table of the cycle calls the next, and the last one the first."""
    cycle = [versions[0] for versions in tables]
    steps = zip(tables, (*cycle[1:], cycle[0]), strict=True)
    places = [_place_of_call(callers, callee, names) for callers, callee in steps]
    path = " → ".join(f"`{each.name}`" for each in (*cycle, cycle[0]))
    labels = [
        Label(place, f"`{caller.name}` asks `{callee.name}`")
        for place, caller, callee in zip(places, cycle, (*cycle[1:], cycle[0]), strict=True)
    ]
    return error(
        "GAP028",
        f"tables call each other in a circle: {path}",
        labels[-1],
        *labels[:-1],
        subject=cycle[-1].subject,
        notes=("no table of the circle can be answered before the others",),
    )


def _place_of_call(callers: Versions, callee: Signature, names: Mapping[str, Names]) -> Span:
    tables = names[callers[0].path].tables
    return next(
        place
        for caller in callers
        for name, place in calls(caller.node)
        if name in tables and tables[name].name.span == callee.node.name.span
    )
