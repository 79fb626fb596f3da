"""A call of another table: the table found, every argument read, one output chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from gapless.model import Call, Column, ColumnValue, Constant, Table
from gapless.resolve import commas
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.names import Names, undeclared, unknown
from gapless.resolve.operands import Columns, operand
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import Places, slot
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical
from gapless_dsl.nodes.cells import Word
from gapless_dsl.source import Span


@dataclass(frozen=True, slots=True)
class Callees:
    """The tables that `caller` may call; `tables` holds those that were resolved before it."""

    caller: Signature
    names: Names
    signatures: Mapping[Span, Signature]
    tables: Mapping[Span, Table | None]
    places: Places


class Called(NamedTuple):
    """The output a call picks, and the call; None in either where it is not to be understood."""

    column: Column | None
    call: Call | None


NOT_UNDERSTOOD = Called(None, None)


def resolve_call(
    node: nodes.Call, columns: Columns, callees: Callees, site: Site, found: Findings
) -> Called:
    """A call; whatever is wrong with it has been complained about, here or at its table."""
    signature = _signature(node, callees, site, found)
    if signature is None:
        return NOT_UNDERSTOOD
    output = _output(node, signature, site, found)
    arguments = _arguments(node, signature, columns, callees, site, found)
    return _called(node, signature, output, arguments, callees, site)


def resolve_step(
    node: nodes.Call, columns: Columns, callees: Callees, site: Site, found: Findings
) -> tuple[Called, ...]:
    """The same of a call that may pick no output, which are all of them then."""
    signature = _signature(node, callees, site, found)
    if signature is None:
        return ()
    names = tuple(signature.outputs)
    if node.output is None and signature.sound and len(names) > 1:
        outputs: tuple[str | None, ...] = names
    else:
        outputs = (_output(node, signature, site, found),)
    arguments = _arguments(node, signature, columns, callees, site, found)
    return tuple(_called(node, signature, each, arguments, callees, site) for each in outputs)


def of_all(
    content: nodes.OutcomeContent, output: str, callees: Callees, site: Site, found: Findings
) -> nodes.OutcomeContent | None:
    """A call that answers all outputs of a row, for one of them: what its table has of that name."""
    (call,) = content.items
    assert isinstance(call, nodes.Call)
    table = callees.names.tables.get(call.table.text)
    signature = None if table is None else callees.signatures[table.name.span]
    if signature is not None and signature.node.is_decision:
        signature = _answering(signature, callees)
    if signature is None or not signature.sound:
        return content
    several = len(signature.outputs) > 1
    if several and output in signature.outputs:
        return nodes.OutcomeContent((replace(call, output=nodes.Literal(output, call.at)),))
    lacks = f"has no output `{output}`" if several else "has one output"
    found.append(
        error(
            "GAP027",
            f"`{signature.name}` {lacks}, so it cannot answer the whole row",
            Label(site.at(call.at), f"it answers {listed(tuple(signature.outputs))}"),
            Label(signature.node.name.span, "declared here"),
            subject=site.subject,
            helps=(decision("give each output a cell of its own"),),
        )
    )
    return None


def _called(
    node: nodes.Call,
    signature: Signature,
    output: str | None,
    arguments: tuple[Constant | ColumnValue, ...] | None,
    callees: Callees,
    site: Site,
) -> Called:
    meant = None if output is None else signature.outputs[output]
    if output is None or meant is None:
        return NOT_UNDERSTOOD
    table = callees.tables.get(signature.node.name.span)
    if table is None or arguments is None:
        return Called(meant, None)
    place = [column.name for column in table.outputs].index(output)
    return Called(meant, Call(table, place, arguments, site.at(node.at)))


def _signature(node: nodes.Call, callees: Callees, site: Site, found: Findings) -> Signature | None:
    name = Word(node.table.text, site.at(node.table.at))
    table = callees.names.tables.get(name.text)
    if table is None:
        if not callees.names.excuses(name.text):
            names = callees.names
            found.append(undeclared("GAP012", "table", name, names, names.tables, site.subject))
        return None
    signature = callees.signatures[table.name.span]
    if signature.is_version_of(callees.caller):
        found.append(
            error(
                "GAP027",
                f"{callees.caller.kind} `{name.text}` calls itself",
                Label(name.span, f"this is the {callees.caller.kind} it stands in"),
                subject=site.subject,
            )
        )
        return None
    if signature.node.is_decision:
        return _answering(signature, callees)
    return signature


def _answering(signature: Signature, callees: Callees) -> Signature | None:
    """A decision with the outputs that its steps turned out to give it."""
    table = callees.tables.get(signature.node.name.span)
    if table is None:
        return None
    return replace(signature, outputs={column.name: column for column in table.outputs})


def _output(node: nodes.Call, signature: Signature, site: Site, found: Findings) -> str | None:
    """The name of the output that a call picks, said or the only one."""
    names = tuple(signature.outputs)
    if not signature.sound:
        only = names[0] if len(names) == 1 else None
        return node.output.text if node.output and node.output.text in names else only
    if node.output is None:
        if len(names) > 1:
            found.append(_not_chosen(node, signature, site))
        return names[0] if len(names) == 1 else None
    name = Word(node.output.text, site.at(node.output.at))
    if name.text not in names:
        found.append(unknown("GAP012", "output", name, names, site.subject))
        return None
    if len(names) == 1:
        dotted = Span(name.span.path, name.span.start - 1, name.span.end)
        found.append(
            error(
                "GAP027",
                f"`{signature.name}` has one output, which needs no choosing",
                Label(dotted, "leave this out"),
                subject=site.subject,
                helps=(mechanical(f"delete `.{name.text}`", Edit(dotted, "")),),
            )
        )
    return name.text


def _not_chosen(node: nodes.Call, signature: Signature, site: Site) -> Diagnostic:
    span = site.at(node.at)
    end = Span(span.path, span.end, span.end)
    names = tuple(signature.outputs)
    return error(
        "GAP027",
        f"`{signature.name}` has {len(names)} outputs, and the call picks none",
        Label(span, f"which of {listed(names)}?"),
        Label(signature.node.name.span, "declared here"),
        subject=site.subject,
        helps=tuple(decision(f"pick `{name}`", Edit(end, f".{name}")) for name in names),
    )


def _arguments(
    node: nodes.Call,
    signature: Signature,
    columns: Columns,
    callees: Callees,
    site: Site,
    found: Findings,
) -> tuple[Constant | ColumnValue, ...] | None:
    wanted = tuple(signature.inputs.items())
    if not signature.sound:
        return None
    columns_of = [column for _, column in wanted]
    if divided := commas.in_arguments(node.arguments, columns_of, site):
        found.extend(divided)
        return None
    if len(node.arguments) != len(wanted):
        found.append(_wrong_count(node, signature, site))
        return None
    read = [
        _argument(given, column, signature, columns, callees, site, found)
        for given, (_, column) in zip(node.arguments, wanted, strict=True)
    ]
    arguments = tuple(each for each in read if each is not None)
    return arguments if len(arguments) == len(read) else None


def _argument(
    given: nodes.Literal | nodes.Presence,
    column: Column | None,
    signature: Signature,
    columns: Columns,
    callees: Callees,
    site: Site,
    found: Findings,
) -> Constant | ColumnValue | None:
    if column is None:
        return None
    title = f"`{column.name}` of `{signature.name}`"
    return operand(given, slot(column, callees.places, title), columns, site, found)


def _wrong_count(node: nodes.Call, signature: Signature, site: Site) -> Diagnostic:
    names = tuple(signature.inputs)
    takes = listed(names) if names else "nothing"
    given = len(node.arguments)
    return error(
        "GAP027",
        f"`{signature.name}` takes {_count(len(names))}, not {given}",
        Label(site.at(node.at), f"it takes {takes}, in this order"),
        Label(signature.node.name.span, "declared here"),
        subject=site.subject,
    )


def _count(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"
