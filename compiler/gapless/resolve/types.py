"""Type declarations and the types of columns: each checked once, named types looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from gapless.model import (
    EnumerationType,
    ListType,
    Member,
    NamedType,
    OptionalType,
    ScalarType,
    SetType,
    Type,
)
from gapless.resolve.findings import Findings
from gapless.resolve.names import BUILT_IN, Names, twice, undeclared
from gapless.resolve.order import in_order
from gapless.resolve.scalars import scalar
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error, replacing
from gapless_dsl.lexis import day_of
from gapless_dsl.nodes import (
    Document,
    EnumerationNode,
    MemberNode,
    ScalarNode,
    TypeDeclaration,
    TypeNode,
    Word,
    WrappedNode,
    Wrapper,
)
from gapless_dsl.source import Span

Types: TypeAlias = Mapping[Span, NamedType | None]
"""By the place of a declaration's name: what it means; None where that is not to be understood."""


@dataclass(frozen=True, slots=True)
class KnownTypes:
    """The types that one file can name."""

    names: Names
    types: Types

    def named(self, name: str) -> NamedType | None:
        node = self.names.types.get(name)
        return None if node is None else self.types.get(node.name.span)


def resolve_types(
    documents: Sequence[Document], names: Mapping[str, Names], found: Findings
) -> Types:
    declared = {
        node.name.span: (document.path, node)
        for document in documents
        for node in document.declarations
        if isinstance(node, TypeDeclaration)
    }

    def needs(key: Span) -> Iterator[Span]:
        path, node = declared[key]
        for name in named_in(node.type):
            target = names[path].types.get(name)
            if target is not None:
                yield target.name.span

    ordered, cycles = in_order(declared, needs)
    types: dict[Span, NamedType | None] = {}
    for cycle in cycles:
        _refuse_cycle([declared[key][1] for key in cycle], found)
        types[cycle[-1]] = None
    for key in ordered:
        path, node = declared[key]
        if key not in types:
            types[key] = _declared(node, KnownTypes(names[path], types), found)
    return types


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


def _refuse_cycle(cycle: list[TypeDeclaration], found: Findings) -> None:
    circle = " → ".join(f"`{node.name.text}`" for node in (*cycle, cycle[0]))
    title = f"types are defined by each other in a circle: {circle}"
    if len(cycle) == 1:
        title = f"type `{cycle[0].name.text}` is defined by itself"
    first, *others = cycle
    labels = [Label(node.name.span, "by way of this") for node in others]
    found.append(error("GAP020", title, Label(first.name.span, "says nothing yet"), *labels))


def _declared(node: TypeDeclaration, known: KnownTypes, found: Findings) -> NamedType | None:
    title = None if node.title is None else node.title.text
    meant: Type | None
    if not node.complete:
        # The member that a cell names may stand in the line that could not be read.
        return None
    if isinstance(node.type, EnumerationNode):
        meant = _enumeration(node.name, node.type, found)
    else:
        meant = resolve_type(node.type, known, found, f"type {node.name.text}")
    return None if meant is None else NamedType(node.name.text, title, meant, node.name.span)


def _enumeration(name: Word, node: EnumerationNode, found: Findings) -> EnumerationType | None:
    if not node.members:
        empty = Label(name.span, "name at least one value below it")
        found.append(error("GAP020", f"type `{name.text}` has no values", empty))
        return None
    members: dict[str, Member] = {}
    first = {member.name.text: member.name for member in reversed(node.members)}
    for member in node.members:
        if member.name.text in members:
            again = twice("value", member.name, first[member.name.text], f"type {name.text}")
            found.append(again)
            continue
        label = None if member.label is None else member.label.text
        since, until = (each and day_of(each.text) for each in (member.since, member.until))
        members[member.name.text] = Member(member.name.text, label, since, until)
        if since and until and until < since:
            found.append(_crossed(member, name))
    return EnumerationType(name.text, tuple(members.values()), node.is_ordered)


def _crossed(member: MemberNode, name: Word) -> Diagnostic:
    assert member.until is not None
    title = f"`{member.name.text}` ends before it begins"
    label = Label(member.until.span, "this is its last day")
    return error("GAP020", title, label, subject=f"type {name.text}")


def resolve_type(node: TypeNode, known: KnownTypes, found: Findings, subject: str) -> Type | None:
    """What a type means; None where that was complained about, here or where it is declared."""
    match node:
        case ScalarNode(name) if name.text in BUILT_IN:
            return scalar(node, found, subject)
        case ScalarNode():
            return _named(node, known, found, subject)
        case WrappedNode():
            return _wrapped(node, known, found, subject)
        case EnumerationNode(_, span):
            found.append(
                error(
                    "GAP020",
                    "a closed list stands in a column",
                    Label(span, "declare it by `type` and name it here"),
                    subject=subject,
                    helps=(decision("give the list a name: `type Name = …`"),),
                )
            )
            return None
    assert_never(node)


def _named(node: ScalarNode, known: KnownTypes, found: Findings, subject: str) -> Type | None:
    name = node.name.text
    if name not in known.names.types:
        if not known.names.excuses(name):
            found.append(_unknown(node, known, subject))
        return None
    for extra in (node.digits, node.low, node.high):
        if extra is not None:
            title = f"type `{name}` is named and changed at once"
            label = Label(extra.span, "digits and bounds belong where the type is declared")
            found.append(error("GAP020", title, label, subject=subject))
            return None
    meant = known.named(name)
    return None if meant is None else meant.type


_ELSEWHERE = {
    "boolean": "bool",
    "integer": "int",
    "str": "text",
    "string": "text",
    "day": "date",
}
"""What other languages call it."""

_NEARLY = {
    **dict.fromkeys(
        ("float", "double", "real", "number", "numeric", "money"),
        "write `decimal(2)`, with as many digits after the point as are kept",
    ),
    **dict.fromkeys(
        ("datetime", "timestamp", "time"),
        "write `date` if the hour does not matter; there is no type that has one",
    ),
}
"""What other languages have in its place, which takes a decision."""


def _unknown(node: ScalarNode, known: KnownTypes, subject: str) -> Diagnostic:
    """Only what the language itself knows takes digits and bounds."""
    name = node.name
    plain = node.digits is None and node.low is None and node.high is None
    nearly = _NEARLY.get(name.text.casefold())
    if nearly is not None and (plain or "decimal" in nearly):
        title, label = f"there is no type `{name.text}`", Label(name.span, "no such type")
        return error("GAP010", title, label, subject=subject, helps=(decision(nearly),))
    here = _ELSEWHERE.get(name.text.casefold())
    if here is None or here in known.names.types:
        others = (*known.names.types, *BUILT_IN) if plain else BUILT_IN
        return undeclared("GAP010", "type", name, known.names, others, subject)
    return error(
        "GAP010",
        f"there is no type `{name.text}`",
        Label(name.span, f"did you mean `{here}`?"),
        subject=subject,
        helps=replacing(name.span, name.text, here),
    )


def _wrapped(node: WrappedNode, known: KnownTypes, found: Findings, subject: str) -> Type | None:
    of = resolve_type(node.of, known, found, subject)
    match of:
        case None:
            return None
        case OptionalType() | ListType() | SetType():
            title = f"`{node.wrapper}` stands before {_kind(of)}"
            label = Label(node.of.span, f"`{node.wrapper}` takes one plain value's type")
            found.append(error("GAP020", title, label, subject=subject))
            return None
    return _wrap(node.wrapper, of)


def _kind(of: OptionalType | ListType | SetType) -> str:
    match of:
        case OptionalType():
            return "an optional type"
        case ListType():
            return "a list"
        case SetType():
            return "a set"
    assert_never(of)


def _wrap(wrapper: Wrapper, of: ScalarType) -> Type:
    match wrapper:
        case Wrapper.OPTIONAL:
            return OptionalType(of)
        case Wrapper.LIST:
            return ListType(of)
        case Wrapper.SET:
            return SetType(of)
    assert_never(wrapper)
