"""What other tables must know of a table to call it: its inputs and outputs, and whom it calls itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from gapless.model import Column, EnumerationType, ListType, SetType
from gapless.resolve.context import Context, Names, Program, Signature
from gapless.resolve.files import in_order
from gapless.resolve.grid import grid_of
from gapless.resolve.names import BUILT_IN, unread_columns
from gapless.resolve.types import MOST_MEMBERS, resolve_type
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label
from gapless_dsl.lexis import EFFECTIVE
from gapless_dsl.source import Span


def resolve_signatures(program: Program) -> None:
    """Every table's signature, that of a name's second table too."""
    for document in program.documents:
        for node in document.declarations:
            if isinstance(node, nodes.TableNode):
                kind = "decision" if node.is_decision else "table"
                context = program.context(document.path, f"{kind} {node.name.text}")
                program.signatures[node.name.span] = _signature(node, context)


def _signature(node: nodes.TableNode, context: Context) -> Signature:
    before = len(context.found)
    inputs: dict[str, Column | None] = {}
    outputs: dict[str, Column | None] = {}
    lets: dict[str, nodes.LetNode] = {}
    for name, each in _once((*node.inputs, *node.lets, *node.outputs), context).items():
        if isinstance(each, nodes.LetNode):
            lets[name] = each
        elif each in node.inputs:
            inputs[name] = _input(each, context.under(f"column {name}"))
        else:
            outputs[name] = _column(each, each.type, context.under(f"column {name}"))
    for result in node.results:
        if result.type is not None:
            here = context.under(f"column {result.name.text}")
            outputs[result.name.text] = _column(result, result.type, here)
    unread = unread_columns(node, context.text(node.span))
    strays = _strays(node) - unread
    understood = None not in (*inputs.values(), *outputs.values())
    sound = understood and len(context.found) == before and not unread and not strays
    return Signature(node, context.path, inputs, lets, outputs, unread, strays, sound)


def _strays(node: nodes.TableNode) -> frozenset[str]:
    if node.grid is None:
        return frozenset()
    header = node.grid.header
    outputs = {each.name.text for each in node.outputs}
    others = {each.name.text for each in node.inputs} | {each.name.text for each in node.lets}
    conditions = {
        word.text
        for word in header.conditions
        if word.text.partition(".")[0] not in others and not EFFECTIVE.fullmatch(word.text)
    }
    return frozenset(conditions | {word.text for word in header.outcomes} - outputs)


def _once(
    declared: Sequence[nodes.ColumnNode | nodes.LetNode], context: Context
) -> Mapping[str, nodes.ColumnNode | nodes.LetNode]:
    """The columns as they are declared, of two with one name the first."""
    first: dict[str, nodes.ColumnNode | nodes.LetNode] = {}
    for node in sorted(declared, key=lambda each: each.span.start):
        if first.setdefault(node.name.text, node) is not node:
            context.twice("column", node.name, first[node.name.text].name)
    return first


def _input(node: nodes.ColumnNode, context: Context) -> Column | None:
    column = _column(node, node.type, context)
    if column is None or not isinstance(column.type, ListType | SetType):
        return column
    of = column.type.scalar
    if not isinstance(of, EnumerationType):
        label, why = "it is not of a closed list", "what a set may hold has to be known by name"
    elif isinstance(column.type, ListType):
        label, why = (
            f"write `set of {of.name}`",
            "an input that holds several is a set: no order, none twice",
        )
    elif len(of.members) > MOST_MEMBERS:
        label, why = f"`{of.name}` has {len(of.members)}", f"of at most {MOST_MEMBERS} members"
    else:
        return column
    return context.error(
        "GAP020",
        f"input `{column.name}` holds several values at once",
        Label(node.type.span, label),
        notes=(f"an input may be a set of members of a closed list; {why}",),
    )


def _column(
    node: nodes.ColumnNode | nodes.ResultNode, type_: nodes.TypeNode, context: Context
) -> Column | None:
    """The type's name is kept where it is the whole type: `optional Code` has none."""
    meant = resolve_type(type_, context)
    if meant is None:
        return None
    named = isinstance(type_, nodes.ScalarNode) and type_.name.text not in BUILT_IN
    type_name = type_.name.text if isinstance(type_, nodes.ScalarNode) and named else None
    label = None if node.label is None else node.label.text
    return Column(node.name.text, meant, label, type_name, node.name.span)


# ---------------------------------------------------------------- which table calls which

Versions: TypeAlias = tuple[Signature, ...]
"""Those of one table, in the order of the file; a table that has no versions stands alone."""


def calls(node: nodes.TableNode) -> Iterator[tuple[str, Span]]:
    """The names of the tables that a table calls, and where it does."""
    for let in node.lets:
        yield from _calls([let.value], let.span)
    for result in node.results:
        if result.cell:
            yield from _calls(result.cell.content.items, result.cell.span)
    grid = grid_of(node)
    for row in grid.rows if grid else ():
        for cell in row.outcomes:
            if cell is not None:
                yield from _calls(cell.content.items, cell.span)


def _calls(items: Sequence[nodes.Item], origin: Span) -> Iterator[tuple[str, Span]]:
    for item in items:
        for part in () if isinstance(item, nodes.Presence) else nodes.within(item):
            if isinstance(part, nodes.Call):
                yield part.table.text, origin.within(*part.table.at)


def callees_first(program: Program) -> tuple[Versions, ...]:
    """The tables in order, and a complaint about every circle in which they call each other."""
    by_table = _by_table(program.signatures)
    called = {each.node.name.span: tuple(calls(each.node)) for each in program.signatures.values()}

    def needs(key: Span) -> Iterator[Span]:
        tables = program.names[by_table[key][0].path].tables
        for signature in by_table[key]:
            for name, _ in called[signature.node.name.span]:
                # A table that calls itself is found where the call is read.
                if name in tables and tables[name].name.span != key:
                    yield tables[name].name.span

    ordered, cycles = in_order(by_table, needs)
    for cycle in cycles:
        _refuse_circle([by_table[key] for key in cycle], program)
    return tuple(by_table[key] for key in ordered)


def _by_table(signatures: Mapping[Span, Signature]) -> Mapping[Span, Versions]:
    """By the place of the first version's name, which stands for all of them."""
    first: dict[tuple[str, str], Span] = {}
    found: dict[Span, Versions] = {}
    for span, each in signatures.items():
        head = first.setdefault((each.path, each.name), span) if each.node.life else span
        found[head] = (*found.get(head, ()), each)
    return found


def _refuse_circle(tables: Sequence[Versions], program: Program) -> None:
    """GAP028. Each table of the cycle calls the next, and the last one the first."""
    cycle = [versions[0] for versions in tables]
    labels = [
        Label(
            _place_of_call(callers, callee, program.names[callers[0].path]),
            f"`{callers[0].name}` asks `{callee.name}`",
        )
        for callers, callee in zip(tables, (*cycle[1:], cycle[0]), strict=True)
    ]
    path = " → ".join(f"`{each.name}`" for each in (*cycle, cycle[0]))
    program.context(cycle[-1].path, cycle[-1].subject).error(
        "GAP028",
        f"tables call each other in a circle: {path}",
        labels[-1],
        *labels[:-1],
        notes=("no table of the circle can be answered before the others",),
    )


def _place_of_call(callers: Versions, callee: Signature, names: Names) -> Span:
    return next(
        place
        for caller in callers
        for name, place in calls(caller.node)
        if name in names.tables and names.tables[name].name.span == callee.node.name.span
    )
