"""Type declarations and the types of columns: each checked once, named types looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, assert_never

from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ListType,
    Member,
    NamedType,
    OptionalType,
    ScalarType,
    SetType,
    Temporal,
    TextType,
    TimeType,
    Type,
)
from gapless.resolve.context import Context, Program
from gapless.resolve.faults import Fault
from gapless.resolve.files import in_order
from gapless.resolve.literals import read
from gapless.resolve.names import BUILT_IN
from gapless_dsl.diagnostic import Edit, Help, Label, decision, replacing
from gapless_dsl.lexis import day_of
from gapless_dsl.nodes import (
    EnumerationNode,
    ScalarNode,
    TypeDeclaration,
    TypeNode,
    Word,
    WrappedNode,
    Wrapper,
)
from gapless_dsl.source import Span

MOST_DIGITS = 20
"""Digits after the point: more than money or measurement ever needs."""

MOST_MEMBERS = 64
"""A set that is asked about is of a closed list of no more members."""

# ---------------------------------------------------------------- declarations


def resolve_types(program: Program) -> None:
    """Every declaration of a type, those that others rest on first."""
    declared = {
        node.name.span: (document.path, node)
        for document in program.documents
        for node in document.declarations
        if isinstance(node, TypeDeclaration)
    }

    def needs(key: Span) -> Iterator[Span]:
        path, node = declared[key]
        for name in named_in(node.type):
            target = program.names[path].types.get(name)
            if target is not None:
                yield target.name.span

    ordered, cycles = in_order(declared, needs)
    for cycle in cycles:
        nodes = [declared[key][1] for key in cycle]
        _refuse_cycle(nodes, program.context(nodes[0].name.span.path))
        program.types[cycle[-1]] = None
    for key in ordered:
        path, node = declared[key]
        if key not in program.types:
            context = program.context(path, f"type {node.name.text}")
            program.types[key] = _declared(node, context)
    for named in program.types.values():
        if named is not None and isinstance(named.type, EnumerationType):
            program.lists.setdefault(named.type, named.span)


def named_in(node: TypeNode) -> Iterator[str]:
    """The names of the declared types that a type rests on."""
    match node:
        case ScalarNode(name):
            if name.text not in BUILT_IN:
                yield name.text
        case WrappedNode(_, of):
            yield from named_in(of)
        case EnumerationNode():
            return
        case _:
            assert_never(node)


def _refuse_cycle(cycle: list[TypeDeclaration], context: Context) -> None:
    circle = " → ".join(f"`{node.name.text}`" for node in (*cycle, cycle[0]))
    title = f"types are defined by each other in a circle: {circle}"
    if len(cycle) == 1:
        title = f"type `{cycle[0].name.text}` is defined by itself"
    first, *others = cycle
    labels = [Label(node.name.span, "by way of this") for node in others]
    context.error("GAP020", title, Label(first.name.span, "says nothing yet"), *labels)


def _declared(node: TypeDeclaration, context: Context) -> NamedType | None:
    title = None if node.title is None else node.title.text
    meant: Type | None
    if not node.complete:
        # The member that a cell names may stand in the line that could not be read.
        return None
    if isinstance(node.type, EnumerationNode):
        meant = _enumeration(node.name, node.type, context)
    else:
        meant = resolve_type(node.type, context)
    return None if meant is None else NamedType(node.name.text, title, meant, node.name.span)


def _enumeration(name: Word, node: EnumerationNode, context: Context) -> EnumerationType | None:
    if not node.members:
        empty = Label(name.span, "name at least one value below it")
        return context.about("").error("GAP020", f"type `{name.text}` has no values", empty)
    members: dict[str, Member] = {}
    first = {member.name.text: member.name for member in reversed(node.members)}
    for member in node.members:
        if member.name.text in members:
            context.twice("value", member.name, first[member.name.text])
            continue
        label = None if member.label is None else member.label.text
        since, until = (each and day_of(each.text) for each in (member.since, member.until))
        members[member.name.text] = Member(member.name.text, label, since, until)
        if since and until and until < since:
            assert member.until is not None
            title = f"`{member.name.text}` ends before it begins"
            context.error("GAP020", title, Label(member.until.span, "this is its last day"))
    return EnumerationType(name.text, tuple(members.values()), node.is_ordered)


# ---------------------------------------------------------------- where a type is used


def resolve_type(node: TypeNode, context: Context) -> Type | None:
    """What a type means; None where that was complained about, here or where it is declared."""
    match node:
        case ScalarNode(name) if name.text in BUILT_IN:
            return _scalar(node, context)
        case ScalarNode():
            return _named(node, context)
        case WrappedNode():
            return _wrapped(node, context)
        case EnumerationNode(_, span):
            label = Label(span, "declare it by `type` and name it here")
            helps = (decision("give the list a name: `type Name = …`"),)
            return context.error("GAP020", "a closed list stands in a column", label, helps=helps)
    assert_never(node)


def _named(node: ScalarNode, context: Context) -> Type | None:
    name, names = node.name.text, context.names
    if name not in names.types:
        if not names.excuses(name):
            _unknown(node, context)
        return None
    for extra in (node.digits, node.low, node.high):
        if extra is not None:
            title = f"type `{name}` is named and changed at once"
            label = Label(extra.span, "digits and bounds belong where the type is declared")
            return context.error("GAP020", title, label)
    meant = context.program.types.get(names.types[name].name.span)
    return None if meant is None else meant.type


_ELSEWHERE = {"boolean": "bool", "integer": "int", "str": "text", "string": "text", "day": "date"}
"""What other languages call it."""

_NEARLY = {
    **dict.fromkeys(
        ("float", "double", "real", "number", "numeric", "money"),
        "write `decimal(2)`, with as many digits after the point as are kept",
    ),
    "timestamp": "write `datetime`, which has no zone",
    **dict.fromkeys(
        ("timestamptz", "datetimetz", "timetz", "instant"),
        "convert it to one zone before, in the data, say in the label which, and write `datetime`:"
        " answers must not depend on a table of zones",
    ),
}
"""What other languages have in its place, which takes a decision."""


def _unknown(node: ScalarNode, context: Context) -> None:
    """Only what the language itself knows takes digits and bounds."""
    name, types = node.name, context.names.types
    title = f"there is no type `{name.text}`"
    plain = node.digits is None and node.low is None and node.high is None
    nearly = _NEARLY.get(name.text.casefold())
    here = _ELSEWHERE.get(name.text.casefold())
    if nearly is not None and (plain or "decimal" in nearly):
        label = Label(name.span, "no such type")
        context.error("GAP010", title, label, helps=(decision(nearly),))
    elif here is None or here in types:
        context.undeclared("GAP010", "type", name, (*types, *BUILT_IN) if plain else BUILT_IN)
    else:
        label = Label(name.span, f"did you mean `{here}`?")
        context.error("GAP010", title, label, helps=replacing(name.span, name.text, here))


def _wrapped(node: WrappedNode, context: Context) -> Type | None:
    of = resolve_type(node.of, context)
    match of:
        case None:
            return None
        case OptionalType() | ListType() | SetType():
            kinds = {OptionalType: "an optional type", ListType: "a list", SetType: "a set"}
            title = f"`{node.wrapper}` stands before {kinds[type(of)]}"
            label = Label(node.of.span, f"`{node.wrapper}` takes one plain value's type")
            return context.error("GAP020", title, label)
    match node.wrapper:
        case Wrapper.OPTIONAL:
            return OptionalType(of)
        case Wrapper.LIST:
            return ListType(of)
        case Wrapper.SET:
            return SetType(of)
    assert_never(node.wrapper)


# ---------------------------------------------------------------- built-in types, digits and bounds


_BOUNDED = {"int": IntType, "date": DateType, "time": TimeType, "datetime": DatetimeType}


def _scalar(node: ScalarNode, context: Context) -> ScalarType | None:
    """The type that a built-in name with digits and bounds means; None where they make no sense."""
    name = node.name.text
    if name != "decimal" and node.digits is not None:
        _refuse(context, node.digits.span, f"`{name}` takes no digits")
        return None
    if name in ("bool", "text"):
        for bound in (node.low, node.high):
            if bound is not None:
                _refuse(context, bound.span, f"`{name}` takes no bounds")
                return None
        return BoolType() if name == "bool" else TextType()
    if name != "decimal":
        return _bounded(node, _BOUNDED[name](), context)
    digits = _digits(node, context)
    return None if digits is None else _bounded(node, DecimalType(digits), context)


def _refuse(
    context: Context,
    span: Span,
    title: str,
    label: str = "leave this out",
    helps: tuple[Help, ...] = (),
) -> None:
    context.error("GAP020", title, Label(span, label), helps=helps)


def _digits(node: ScalarNode, context: Context) -> int | None:
    if node.digits is None:
        end = Span(node.name.span.path, node.name.span.end, node.name.span.end)
        say = decision("say how many digits stand after the point", Edit(end, "(2)"))
        title = "`decimal` does not say how many digits it keeps"
        _refuse(context, node.name.span, title, "such as `decimal(2)`", (say,))
        return None
    text = node.digits.text
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_DIGITS:
        return int(text)
    title, label = f"`{text}` is no number of digits", f"a whole number from 0 to {MOST_DIGITS}"
    _refuse(context, node.digits.span, title, label)
    return None


def _bounded(
    node: ScalarNode, of: IntType | DecimalType | Temporal, context: Context
) -> ScalarType | None:
    ends: dict[str, Any] = {}
    for end, word in (("low", node.low), ("high", node.high)):
        value = None if word is None else read(word.text, of)
        if isinstance(value, Fault):
            assert word is not None
            helps = replacing(word.span, word.text, value.right)
            _refuse(context, word.span, value.title, value.label, helps)
            return None
        if value is not None:
            ends[end] = value
    if node.low is not None and node.high is not None and ends["low"] > ends["high"]:
        low, high = node.low, node.high
        turned = (Edit(low.span, high.text), Edit(high.span, low.text))
        whole = Span(low.span.path, low.span.start, high.span.end)
        title = f"`{low.text}..{high.text}` ends before it begins"
        swap = decision(f"swap the ends: `{high.text}..{low.text}`", *turned)
        _refuse(context, whole, title, "no value lies between these", (swap,))
        return None
    return replace(of, **ends)
