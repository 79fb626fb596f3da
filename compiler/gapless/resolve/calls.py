"""A call of another table: the table found, every argument read, one output chosen."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from gapless.model import (
    BoolType,
    Call,
    Column,
    ColumnValue,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Temporal,
    TextType,
    TimeType,
    Type,
)
from gapless.model.copies import becomes_decimal
from gapless.resolve.context import Context, Signature, listed
from gapless.resolve.faults import Fault
from gapless.resolve.guards import slipping
from gapless.resolve.literals import (
    Slot,
    complain,
    divided_arguments,
    is_doubtful,
    is_no_value,
    quoting,
    read_word,
    slot,
)
from gapless.text.types import type_words
from gapless.text.words import literal as written
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Label, decision, mechanical, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.lexis import word as as_word
from gapless_dsl.nodes import Literal, Presence, State, Word
from gapless_dsl.recovery import habits
from gapless_dsl.recovery.habits import Kind
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

Ordered: TypeAlias = IntType | DecimalType | Temporal


class Called(NamedTuple):
    """The output a call picks, and the call; None in either where it is not understood."""

    column: Column | None
    call: Call | None


def resolve_call(node: nodes.Call, context: Context) -> Called:
    """A call; whatever is wrong with it has been complained about, here or at its table."""
    signature = _signature(node, context)
    if signature is None:
        return Called(None, None)
    output = _output(node, signature, context)
    return _called(node, signature, output, _arguments(node, signature, context), context)


def resolve_step(node: nodes.Call, context: Context) -> tuple[Called, ...]:
    """The same of a call that may pick no output, which are all of them then."""
    signature = _signature(node, context)
    if signature is None:
        return ()
    outputs: tuple[str | None, ...] = tuple(signature.outputs)
    if node.output is not None or not signature.sound or len(outputs) < 2:
        outputs = (_output(node, signature, context),)
    arguments = _arguments(node, signature, context)
    return tuple(_called(node, signature, each, arguments, context) for each in outputs)


def of_all(
    content: nodes.OutcomeContent, output: str, context: Context
) -> nodes.OutcomeContent | None:
    """A call that answers all outputs of a row, for one of them: what its table has of that name."""
    (call,) = content.items
    assert isinstance(call, nodes.Call)
    table = context.names.tables.get(call.table.text)
    signature = None if table is None else context.program.signatures[table.name.span]
    if signature is not None:
        signature = _answering(signature, context)
    if signature is None or not signature.sound:
        return content
    several = len(signature.outputs) > 1
    if several and output in signature.outputs:
        return nodes.OutcomeContent((replace(call, output=Literal(output, call.at)),))
    lacks = f"has no output `{output}`" if several else "has one output"
    return context.error(
        "GAP027",
        f"`{signature.name}` {lacks}, so it cannot answer the whole row",
        Label(context.at(call.at), f"it answers {listed(tuple(signature.outputs))}"),
        Label(signature.node.name.span, "declared here"),
        helps=(decision("give each output a cell of its own"),),
    )


def _called(
    node: nodes.Call,
    signature: Signature,
    output: str | None,
    arguments: tuple[Constant | ColumnValue, ...] | None,
    context: Context,
) -> Called:
    meant = None if output is None else signature.outputs[output]
    table = context.program.tables.get(signature.node.name.span)
    if meant is None or table is None or arguments is None:
        return Called(meant, None)
    place = [column.name for column in table.outputs].index(meant.name)
    return Called(meant, Call(table, place, arguments, context.at(node.at)))


def _signature(node: nodes.Call, context: Context) -> Signature | None:
    names = context.names
    name = Word(node.table.text, context.at(node.table.at))
    table = names.tables.get(name.text)
    if table is None:
        if not names.excuses(name.text):
            also = () if node.arguments else habits.advice("outcome", name.text, Kind.DAY)
            context.undeclared("GAP012", "table", name, names.tables, map(decision, also))
        return None
    signature, caller = context.program.signatures[table.name.span], context.caller
    assert caller is not None
    if signature.is_version_of(caller):
        label = Label(name.span, f"this is the {caller.kind} it stands in")
        return context.error("GAP027", f"{caller.kind} `{name.text}` calls itself", label)
    return _answering(signature, context)


def _answering(signature: Signature, context: Context) -> Signature | None:
    """A decision with the outputs that its steps turned out to give it; any other table as it is."""
    if not signature.node.is_decision:
        return signature
    table = context.program.tables.get(signature.node.name.span)
    if table is None:
        return None
    return replace(signature, outputs={column.name: column for column in table.outputs})


def _output(node: nodes.Call, signature: Signature, context: Context) -> str | None:
    """The name of the output that a call picks, said or the only one."""
    names = tuple(signature.outputs)
    only = names[0] if len(names) == 1 else None
    if not signature.sound:
        return node.output.text if node.output and node.output.text in names else only
    if node.output is None:
        if len(names) > 1:
            _not_chosen(node, signature, context)
        return only
    name = Word(node.output.text, context.at(node.output.at))
    if name.text not in names:
        return context.unknown("GAP012", "output", name, names)
    if only is not None:
        dotted = Span(name.span.path, name.span.start - 1, name.span.end)
        context.error(
            "GAP027",
            f"`{signature.name}` has one output, which needs no choosing",
            Label(dotted, "leave this out"),
            helps=(mechanical(f"delete `.{name.text}`", Edit(dotted, "")),),
        )
    return name.text


def _not_chosen(node: nodes.Call, signature: Signature, context: Context) -> None:
    span = context.at(node.at)
    end = Span(span.path, span.end, span.end)
    names = tuple(signature.outputs)
    context.error(
        "GAP027",
        f"`{signature.name}` has {len(names)} outputs, and the call picks none",
        Label(span, f"which of {listed(names)}?"),
        Label(signature.node.name.span, "declared here"),
        helps=tuple(decision(f"pick `{name}`", Edit(end, f".{name}")) for name in names),
    )


def _arguments(
    node: nodes.Call, signature: Signature, context: Context
) -> tuple[Constant | ColumnValue, ...] | None:
    wanted = tuple(signature.inputs.values())
    if not signature.sound or divided_arguments(node.arguments, wanted, context):
        return None
    if len(node.arguments) != len(wanted):
        names = tuple(signature.inputs)
        takes = listed(names) if names else "nothing"
        count = "1 argument" if len(names) == 1 else f"{len(names)} arguments"
        return context.error(
            "GAP027",
            f"`{signature.name}` takes {count}, not {len(node.arguments)}",
            Label(context.at(node.at), f"it takes {takes}, in this order"),
            Label(signature.node.name.span, "declared here"),
        )
    read = [
        operand(given, slot(column, context, f"`{column.name}` of `{signature.name}`"), context)
        for given, column in zip(node.arguments, wanted, strict=True)
        if column is not None
    ]
    arguments = tuple(each for each in read if each is not None)
    return arguments if len(arguments) == len(wanted) else None


# ---------------------------------------------------------------- a value, or a column's name


def operand(
    item: Literal | Presence, into: Slot, context: Context
) -> Constant | ColumnValue | None:
    """One word in an outcome or an argument: a value of the column it goes into, or a column's name."""
    if isinstance(item, Presence):
        return _presence(item, into, context)
    columns = context.columns
    value = read_word(item.text, into)
    if not item.quoted and item.text in columns.known:
        return _named(item, value, columns.known[item.text], into, context)
    if is_no_value(item, into, context) or is_doubtful(item, into, context, "outcome"):
        return None
    if not isinstance(value, Fault):
        return Constant(value)
    if not item.quoted and item.text in columns.barred:
        return context.barred(item.text, context.at(item.at), into.declared)
    fitting = (
        name
        for name, column in columns.known.items()
        if column is None or misfit(column.type, into.type) is None
    )
    near = None if item.quoted or value.right else nearest_name(item.text, fitting)
    if near is None:
        complain(value, item, into, context, "outcome")
        return None
    span = context.at(item.at)
    return context.error(
        "GAP012",
        f"`{item.text}` is neither a column nor a value of {into.title}",
        Label(span, f"did you mean the column `{near}`?"),
        into.values,
        helps=replacing(span, item.text, near),
    )


def _presence(item: Presence, into: Slot, context: Context) -> Constant | None:
    if item.state is State.MISSING and into.is_optional:
        return Constant(None)
    title, label = f"{into.title} is never missing", "only an optional column may be missing"
    if item.state is State.PRESENT:
        title, label = "`present` is a test, not a value", "say which value"
    shown = Label(context.at(item.at), label)
    return context.error("GAP021", title, shown, into.declared, helps=quoting(item.state, into))


def _named(
    item: Literal, value: object, column: Column | None, into: Slot, context: Context
) -> ColumnValue | None:
    """A column's name, which must not be a value as well; text could be any word, so it does not count."""
    span = context.at(item.at)
    if not isinstance(value, Fault) and not isinstance(into.scalar, TextType):
        in_quotes = quoted(item.text)
        return context.error(
            "GAP016",
            f"`{item.text}` is both a value of {into.title} and a column",
            Label(span, "which of the two?"),
            *([] if column is None else [Label(column.span, "the column")]),
            into.values,
            helps=(
                decision(f"quote it to mean the value: `{in_quotes}`", Edit(span, in_quotes)),
                decision("rename the column to mean what it holds"),
            ),
        )
    if column is None:
        return None
    wrong = misfit(column.type, into.type)
    if wrong is None:
        return ColumnValue(column.name)
    slips = slipping(column.name, into.type, context.columns.step)
    if slips.nothing:
        return ColumnValue(column.name)
    declared = slips.declared or column
    return context.error(
        "GAP027",
        f"`{column.name}` does not fit into {into.title}",
        Label(span, slips.label or wrong),
        Label(column.span, f"`{column.name}` is `{type_words(declared.type)}`"),
        into.declared,
        helps=slips.helps,
    )


# ---------------------------------------------------------------- whether types fit


def misfit(given: Type, wanted: Type) -> str | None:
    """The values of `given` that `wanted` does not take, in words; None where it takes them all."""
    match given, wanted:
        case OptionalType(of), OptionalType(wanted_of):
            return misfit(of, wanted_of)
        case OptionalType(of), _:
            return misfit(of, wanted) or "it may be `missing`"
        case _, OptionalType(wanted_of):
            return misfit(given, wanted_of)
        case (ListType(of), ListType(wanted_of)) | (SetType(of), SetType(wanted_of)):
            return _another(given) if becomes_decimal(of, wanted_of) else misfit(of, wanted_of)
        case EnumerationType(), EnumerationType():
            strangers = tuple(each.name for each in given.members if each.name not in wanted.names)
            return f"it may be {listed(strangers)}" if strangers else _disordered(given, wanted)
        case DecimalType(digits), IntType() if digits:
            return "it may have digits after the point"
        case DecimalType(digits), DecimalType(kept) if digits > kept:
            return f"it may have {digits} digits after the point, not {kept}"
        case (
            (IntType() as own, IntType() as other)
            | (DateType() as own, DateType() as other)
            | (TimeType() as own, TimeType() as other)
            | (DatetimeType() as own, DatetimeType() as other)
            | (IntType() | DecimalType() as own, DecimalType() as other)
        ):
            return _beyond(own, other)
        case (BoolType(), BoolType()) | (TextType() | EnumerationType(), TextType()):
            return None
    return _another(given)


def _another(given: Type) -> str:
    return f"`{type_words(given)}` is another kind of value"


def _disordered(given: EnumerationType, wanted: EnumerationType) -> str | None:
    """Two orders must not disagree; a list without one says nothing that could."""
    if not given.is_ordered or not wanted.is_ordered:
        return None
    places = {member.name: place for place, member in enumerate(wanted.members)}
    for lower, higher in pairwise(member.name for member in given.members):
        if places[lower] > places[higher]:
            first, second = as_word(lower), as_word(higher)
            return f"`{given.name}` has `{first}` below `{second}`, `{wanted.name}` above it"
    return None


def _beyond(given: Ordered, wanted: Ordered) -> str | None:
    """How far a type reaches beyond another of its kind."""
    low, high, least, most = given.low, given.high, wanted.low, wanted.high
    if least is not None and (low is None or low < least):  # type: ignore[operator]
        return f"it may be less than `{written(least)}`"
    if most is not None and (high is None or high > most):  # type: ignore[operator]
        return f"it may be more than `{written(most)}`"
    return None
