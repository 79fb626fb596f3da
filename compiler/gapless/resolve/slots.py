"""A column as something to fill: what it takes, and where its author said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from gapless.model import (
    Column,
    EnumerationType,
    ListType,
    NamedType,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    TextType,
    Type,
)
from gapless.resolve import writing
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.types import Types
from gapless.resolve.values import Fault, Read, read
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.nodes import Literal
from gapless_dsl.source import Span

Places: TypeAlias = Mapping[EnumerationType, Span]
"""Where each closed list is declared."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What may be written in one column.

    `title` is what findings call it, `declared` shows where it says its type, and `values` where that
    type says its values. `scalar` is the type of one word in it. `read` holds the words read in it
    before: in a long table they repeat.
    """

    name: str
    type: Type
    title: str
    declared: Label
    values: Label
    scalar: ScalarType = field(init=False, compare=False, repr=False)
    read: dict[str, Scalar] = field(default_factory=dict, compare=False, repr=False)
    adds: bool = False
    """Whether what is filled in is only added to the column's value."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "scalar", one_of(self.type))

    @property
    def condition(self) -> ScalarType | OptionalType:
        """The type of a column that conditions test: a list is never one."""
        return self.type if isinstance(self.type, OptionalType) else self.scalar

    @property
    def is_optional(self) -> bool:
        return isinstance(self.type, OptionalType)


def places(types: Types) -> Places:
    found: dict[EnumerationType, Span] = {}
    for named in types.values():
        if isinstance(named, NamedType) and isinstance(named.type, EnumerationType):
            found.setdefault(named.type, named.span)
    return found


def slot(column: Column, where: Places, title: str = "") -> Slot:
    text = f"`{column.name}` is `{writing.type_words(column.type)}`"
    declared = Label(column.span, text)
    values = declared
    scalar = one_of(column.type)
    if isinstance(scalar, EnumerationType) and scalar in where:
        values = Label(where[scalar], _known(scalar))
    return Slot(column.name, column.type, title or f"`{column.name}`", declared, values)


def one_of(of: Type) -> ScalarType:
    """The type of one word in a column of type `of`."""
    match of:
        case OptionalType(inner) | ListType(inner) | SetType(inner):
            return inner
    return of


def _known(of: EnumerationType) -> str:
    names = tuple(member.name for member in of.members)
    says = "the only value is" if len(names) == 1 else f"the {len(names)} values are"
    return f"{says} {listed(names)}"


def read_word(text: str, into: Slot) -> Read:
    """The value that a word is in a column, or why it is none."""
    known = into.read.get(text)
    if known is not None:
        return known
    value = read(text, into.scalar)
    if not isinstance(value, Fault):
        into.read[text] = value
    return value


def read_literal(literal: Literal, into: Slot, site: Site, found: Findings) -> Scalar | None:
    """The value that a word is in a column, or None and a complaint."""
    if (nothing := no_value(literal, into, site)) is not None:
        found.append(nothing)
        return None
    value = read_word(literal.text, into)
    if not isinstance(value, Fault):
        return value
    complain(value, literal, into, site, found)
    return None


_NO_VALUE = frozenset({"null", "nil", "nan"})
_NO_VALUE_AS_WRITTEN = frozenset({"None", "NA", "N/A", "n/a"})
"""Unlike `none`, which many a list and many a text means as it stands."""


def no_value(literal: Literal, into: Slot, site: Site) -> Diagnostic | None:
    """GAP021, for `null`: what other languages write where there is no value, and in a text any word."""
    text = literal.text
    if literal.quoted or not (text.casefold() in _NO_VALUE or text in _NO_VALUE_AS_WRITTEN):
        return None
    is_value = not isinstance(read_word(text, into), Fault)
    if is_value and not isinstance(into.scalar, TextType):
        return None
    span = site.at(literal.at)
    helps = [
        decision("write `missing`, if there is no value", Edit(span, "missing"))
        if into.is_optional
        else decision(f"if there is no value, make {into.title} optional and write `missing`")
    ]
    if is_value:
        word = quoted(text)
        helps.append(decision(f"write `{word}`, if just that word is meant", Edit(span, word)))
    return error(
        "GAP021",
        f"`{text}` is not how the absence of a value is written",
        Label(span, "any word is a text: is this one meant?" if is_value else "it is `missing`"),
        into.declared,
        subject=site.subject,
        helps=tuple(helps),
    )


def quoting(word: str, into: Slot) -> tuple[Help, ...]:
    """The help for a word of the language that is a value as well."""
    if isinstance(read_word(word, into), Fault):
        return ()
    return (decision(f'quote it to mean the value: `"{word}"`'),)


def complain(fault: Fault, literal: Literal, into: Slot, site: Site, found: Findings) -> None:
    span = site.at(literal.at)
    found.append(
        error(
            fault.code,
            fault.title,
            Label(span, fault.label),
            into.values,
            subject=site.subject,
            helps=(
                *replacing(span, literal.text, fault.right),
                *(
                    decision(f"write `{each}`, if that is meant", Edit(span, each))
                    for each in fault.offers
                    if not isinstance(read_word(each, into), Fault)
                ),
            ),
        )
    )
