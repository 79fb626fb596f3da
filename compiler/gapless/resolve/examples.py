"""An example to a case and what it must give."""

from __future__ import annotations

from collections.abc import Mapping

from gapless.model import Column, Example, ListType, Scalar, SetType, Value
from gapless.resolve import commas
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.signatures import Signature, literals
from gapless.resolve.slots import Places, Slot, read_literal, slot
from gapless_dsl.diagnostic import Diagnostic, Label, error, replacing
from gapless_dsl.nodes import Binding, ExampleNode, Literal, Presence, State
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

Bound = tuple[tuple[str, Value], ...]


def example(
    node: ExampleNode, signature: Signature, places: Places, found: Findings
) -> Example | None:
    """What the author expects; None where the example cannot be run, and was complained about."""
    subject = f"{signature.subject}, {called(node)}"
    before = len(found)
    inputs = _bound(node.inputs, "input", signature, places, subject, found)
    _refuse_unbound(node, signature, subject, found)
    gives: Bound | None = None
    if node.gives is not None:
        gives = _bound(node.gives, "output", signature, places, subject, found)
    if len(found) > before or not signature.sound:
        return None
    order = list(signature.inputs)
    ordered = tuple(sorted(inputs, key=lambda pair: order.index(pair[0])))
    title = None if node.title is None else node.title.text
    return Example(title, ordered, gives, node.span, node.is_draft)


def called(node: ExampleNode) -> str:
    return "an example" if node.title is None else f'example "{node.title.text}"'


def _bound(
    bindings: tuple[Binding, ...],
    kind: str,
    signature: Signature,
    places: Places,
    subject: str,
    found: Findings,
) -> Bound:
    known = signature.inputs if kind == "input" else signature.outputs
    values: dict[str, Value] = {}
    first: dict[str, Binding] = {}
    given = {binding.name.text for binding in bindings}
    for binding in bindings:
        name = binding.name.text
        if name in first:
            found.append(_twice(binding, first[name], subject))
            continue
        first[name] = binding
        if name not in known:
            if name not in _doubted(signature):
                free = {each: known[each] for each in known if each not in given}
                found.append(_unknown(binding, kind, free, signature, subject))
            continue
        column = known[name]
        if column is not None:
            site = Site(binding.span, f"{subject}, {kind} {name}")
            _read(binding, slot(column, places), site, values, found)
    return tuple(values.items())


def _doubted(signature: Signature) -> set[str]:
    """What other parts of the table take for columns: that it is none has been said there."""
    named = {each.text for let in signature.node.lets for each in literals(let)}
    return {*signature.unread, *signature.strays, *named}


def _twice(binding: Binding, first: Binding, subject: str) -> Diagnostic:
    return error(
        "GAP029",
        f"the example gives `{binding.name.text}` twice",
        Label(binding.name.span, "given again"),
        Label(first.name.span, "given here already"),
        subject=subject,
    )


def _unknown(
    binding: Binding,
    kind: str,
    known: Mapping[str, Column | None],
    signature: Signature,
    subject: str,
) -> Diagnostic:
    name = binding.name
    near = nearest_name(name.text, known)
    label = f"no such {kind}" if near is None else f"did you mean `{near}`?"
    if name.text in signature.lets:
        label = "computed by the table, so it is not given"
    elif name.text in (signature.outputs if kind == "input" else signature.inputs):
        other = "gives" if kind == "input" else "example"
        label = f"belongs after `{other}`"
    return error(
        "GAP029",
        f"{signature.kind} `{signature.name}` has no {kind} `{name.text}`",
        Label(name.span, label),
        subject=subject,
        notes=(f"not given: {listed(tuple(known))}",) if known else (),
        helps=replacing(name.span, name.text, near) if label.startswith("did") else (),
    )


def _refuse_unbound(node: ExampleNode, signature: Signature, subject: str, found: Findings) -> None:
    given = {binding.name.text for binding in node.inputs}
    absent = tuple(name for name in signature.inputs if name not in given)
    # A misspelt name leaves its input unbound: that is one mistake, and it has been found.
    strange = sum(name not in signature.inputs for name in given)
    if not absent or strange >= len(absent):
        return
    end = node.inputs[-1].span.end if node.inputs else node.span.start + len("example")
    found.append(
        error(
            "GAP029",
            f"the example does not say what {listed(absent)} {'is' if len(absent) == 1 else 'are'}",
            Label(Span(node.span.path, node.span.start, end), "a case names every input"),
            subject=subject,
        )
    )


def _read(
    binding: Binding, into: Slot, site: Site, values: dict[str, Value], found: Findings
) -> None:
    """Put the value of one binding among the values, if it has one."""
    before = len(found)
    several = isinstance(into.type, ListType | SetType)
    if not several and (binding.bracketed or len(binding.values) != 1):
        found.append(_not_one(binding, into, site))
        return
    found.extend(commas.in_cell(binding.values, into, site))
    if len(found) > before:
        return
    read = [_value(each, into, site, found) for each in binding.values]
    if len(found) > before:
        return
    match into.type:
        case ListType():
            values[into.name] = tuple(read)
        case SetType():
            values[into.name] = frozenset(read)
        case _:
            values[into.name] = read[0]


def _value(typed: Literal | Presence, into: Slot, site: Site, found: Findings) -> Scalar | None:
    if isinstance(typed, Literal):
        return read_literal(typed, into, site, found)
    if typed.state is not State.MISSING or not into.is_optional:
        label = f"`{typed.state}` is no value here"
        title = f"{into.title} is never missing"
        found.append(
            error(
                "GAP021",
                title,
                Label(site.at(typed.at), label),
                into.declared,
                subject=site.subject,
            )
        )
    return None


def _not_one(binding: Binding, into: Slot, site: Site) -> Diagnostic:
    return error(
        "GAP029",
        f"{into.title} holds one value",
        Label(binding.span, "brackets hold several"),
        into.declared,
        subject=site.subject,
    )
