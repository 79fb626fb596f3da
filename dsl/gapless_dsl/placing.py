"""Moves what was read from one line or cell, placed from its first character, to where that stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, assert_never

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label
from gapless_dsl.forms import NotePhrase
from gapless_dsl.nodes import (
    EnumerationNode,
    Literal,
    MemberNode,
    NoteNode,
    Presence,
    ScalarNode,
    TypeNode,
    Word,
    WrappedNode,
)
from gapless_dsl.source import Span


def word_at(word: Word, line: Span) -> Word:
    return Word(word.text, line.within(*word.span[1:]), word.quoted)


def word_or_none_at(word: Word | None, line: Span) -> Word | None:
    return None if word is None else word_at(word, line)


def type_at(node: TypeNode, line: Span) -> TypeNode:
    span = line.within(*node.span[1:])
    match node:
        case EnumerationNode(members, _, is_ordered):
            placed = tuple(member_at(member, line) for member in members)
            return EnumerationNode(placed, span, is_ordered)
        case ScalarNode(name, digits, low, high):
            digits, low, high = (word_or_none_at(word, line) for word in (digits, low, high))
            return ScalarNode(word_at(name, line), digits, low, high, span)
        case WrappedNode(wrapper, of):
            return WrappedNode(wrapper, type_at(of, line), span)
        case _:
            assert_never(node)


def member_at(member: MemberNode, line: Span) -> MemberNode:
    words = (word_or_none_at(each, line) for each in (member.label, member.since, member.until))
    return MemberNode(word_at(member.name, line), *words)


def note_at(note: NotePhrase, line: Span) -> NoteNode:
    return NoteNode(word_at(note.text, line), word_or_none_at(note.address, line))


def value_from(value: Literal | Presence, start: int) -> Literal | Presence:
    """`value`, its place now counted from the character at `start`."""
    return replace(value, at=(value.at[0] - start, value.at[1] - start))


class Whole(Protocol):
    """A line's or cell's span, or an annotation: what can say where a part of it stands."""

    def within(self, start: int, end: int) -> Span: ...


def diagnostic_at(found: Diagnostic, whole: Whole, subject: str) -> Diagnostic:
    return replace(
        found,
        subject=subject,
        labels=tuple(Label(whole.within(*label.span[1:]), label.text) for label in found.labels),
        helps=tuple(_help_at(help_, whole) for help_ in found.helps),
    )


def _help_at(help_: Help, whole: Whole) -> Help:
    edits = tuple(Edit(whole.within(*edit.span[1:]), edit.text) for edit in help_.edits)
    return replace(help_, edits=edits)
