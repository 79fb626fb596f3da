"""An example to a case and what it must give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gapless.model import Column, Example, ListType, Scalar, SetType, Value
from gapless.resolve.context import Context, Signature, listed
from gapless.resolve.literals import Slot, divided, read_literal, slot
from gapless_dsl.diagnostic import Label
from gapless_dsl.nodes import Binding, ExampleNode, Literal, Presence, State
from gapless_dsl.source import Span


def example(node: ExampleNode, signature: Signature, context: Context) -> Example | None:
    """What the author expects; None where the example cannot be run, and was complained about."""
    called = "an example" if node.title is None else f'example "{node.title.text}"'
    context = context.under(called)
    before = len(context.found)
    inputs = _bound(node.inputs, "input", signature, context)
    _refuse_unbound(node, signature, context)
    gives = None if node.gives is None else _bound(node.gives, "output", signature, context)
    if len(context.found) > before or not signature.sound:
        return None
    order = list(signature.inputs)
    ordered = tuple(sorted(inputs, key=lambda pair: order.index(pair[0])))
    title = None if node.title is None else node.title.text
    return Example(title, ordered, gives, node.span, node.is_draft)


def _bound(
    bindings: Sequence[Binding], kind: str, signature: Signature, context: Context
) -> tuple[tuple[str, Value], ...]:
    known = signature.inputs if kind == "input" else signature.outputs
    # What other parts of the table take for columns: that it is none has been said there.
    doubted = {*signature.unread, *signature.strays, *signature.operands}
    values: dict[str, Value] = {}
    first: dict[str, Binding] = {}
    given = {binding.name.text for binding in bindings}
    for binding in bindings:
        name = binding.name.text
        if first.setdefault(name, binding) is not binding:
            context.error(
                "GAP029",
                f"the example gives `{name}` twice",
                Label(binding.name.span, "given again"),
                Label(first[name].name.span, "given here already"),
            )
        elif name in known:
            if (column := known[name]) is not None:
                here = context.under(f"{kind} {name}", binding.span)
                _read(binding, slot(column, context), values, here)
        elif name not in doubted:
            free = {each: known[each] for each in known if each not in given}
            _unknown(binding, kind, free, signature, context)
    return tuple(values.items())


def _unknown(
    binding: Binding,
    kind: str,
    known: Mapping[str, Column | None],
    signature: Signature,
    context: Context,
) -> None:
    name = binding.name
    title = f"{signature.kind} `{signature.name}` has no {kind} `{name.text}`"
    notes = (f"not given: {listed(tuple(known))}",) if known else ()
    label = f"belongs after `{'gives' if kind == 'input' else 'example'}`"
    if name.text in signature.lets:
        label = "computed by the table, so it is not given"
    elif name.text not in (signature.outputs if kind == "input" else signature.inputs):
        return context.unknown("GAP029", kind, name, known, notes, title)
    return context.error("GAP029", title, Label(name.span, label), notes=notes)


def _refuse_unbound(node: ExampleNode, signature: Signature, context: Context) -> None:
    given = {binding.name.text for binding in node.inputs}
    absent = tuple(name for name in signature.inputs if name not in given)
    # A misspelt name leaves its input unbound: that is one mistake, and it has been found.
    strange = sum(name not in signature.inputs for name in given)
    if not absent or strange >= len(absent):
        return
    end = node.inputs[-1].span.end if node.inputs else node.span.start + len("example")
    title = f"the example does not say what {listed(absent)} {'is' if len(absent) == 1 else 'are'}"
    span = Span(node.span.path, node.span.start, end)
    context.error("GAP029", title, Label(span, "a case names every input"))


def _read(binding: Binding, into: Slot, values: dict[str, Value], context: Context) -> None:
    """Put the value of one binding among the values, if it has one."""
    before = len(context.found)
    several = isinstance(into.type, ListType | SetType)
    if not several and (binding.bracketed or len(binding.values) != 1):
        label = Label(binding.span, "brackets hold several")
        context.error("GAP029", f"{into.title} holds one value", label, into.declared)
        return
    if divided(binding.values, into, context, one=False):
        return
    read = [_value(each, into, context) for each in binding.values]
    if len(context.found) > before:
        return
    match into.type:
        case ListType():
            values[into.name] = tuple(read)
        case SetType():
            values[into.name] = frozenset(read)
        case _:
            values[into.name] = read[0]


def _value(typed: Literal | Presence, into: Slot, context: Context) -> Scalar | None:
    if isinstance(typed, Literal):
        return read_literal(typed, into, context, "outcome")
    if typed.state is not State.MISSING or not into.is_optional:
        label = Label(context.at(typed.at), f"`{typed.state}` is no value here")
        context.error("GAP021", f"{into.title} is never missing", label, into.declared)
    return None
