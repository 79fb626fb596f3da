"""What each rule of `grammar.lark` becomes, placed from the first character of its line or cell.

Lark calls the method named like the rule with what the rule holds. Nodes that carry a `Span` get one
of the unnamed file, which `gapless_dsl.placing` moves to where the line stands.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from gapless_dsl.calculations import Calculations
from gapless_dsl.forms import (
    Arguments,
    BindingPhrase,
    Bounds,
    Cell,
    ColumnPhrase,
    Digits,
    ExamplePhrase,
    GivesPhrase,
    GuardPhrase,
    Headed,
    LetPhrase,
    Life,
    Lived,
    Named,
    NotePhrase,
    ResultPhrase,
    Typed,
)
from gapless_dsl.nodes import (
    Call,
    Comparison,
    ConditionContent,
    EnumerationNode,
    Item,
    Literal,
    MemberNode,
    OutcomeContent,
    Presence,
    Range,
    ScalarNode,
    State,
    TypeNode,
    Word,
    WrappedNode,
    Wrapper,
)
from gapless_dsl.source import Span
from gapless_dsl.tokens import literal, word, word_or_none

Found: TypeAlias = list[Any]


class Phrases(Calculations):
    """One method per rule of the grammar; `found` is what stands in it, in order."""

    # ------------------------------------------------------------ lines

    def named(self, found: Found) -> Named:
        name, title = found
        return Named(word(name), word_or_none(title))

    def headed(self, found: Found) -> Headed:
        name, life, title = found
        return Headed(word(name), life, word_or_none(title))

    def life(self, found: Found) -> Life:
        keyword, days, _, column = found
        end = days.end if column is None else column.end_pos
        return Life(days.low, days.high, word_or_none(column), (keyword.start_pos, end))

    def days(self, found: Found) -> Bounds:
        low = word(found[0]) if found[0].type == "DAY" else None
        high = word(found[-1]) if found[-1].type == "DAY" else None
        return Bounds(low, high, found[-1].end_pos)

    def used(self, found: Found) -> Word:
        return word(found[0])

    def note(self, found: Found) -> NotePhrase:
        text, _, address = found
        return NotePhrase(word(text), word_or_none(address))

    def day(self, found: Found) -> Word:
        return word(found[0])

    def typed(self, found: Found) -> Typed:
        name, title, definition = found
        is_ordered = _is(definition, "ORDERED")
        meant = None if is_ordered else definition
        return Typed(word(name), word_or_none(title), meant, is_ordered)

    def enumeration(self, found: Found) -> EnumerationNode:
        first, last = found[0].name, found[-1].last
        return EnumerationNode(tuple(found), Span("", first.span.start, last.span.end))

    def ordered(self, found: Found) -> EnumerationNode:
        keyword, *rest = found
        listed = self.enumeration(rest[::2])
        return EnumerationNode(listed.members, Span("", keyword.start_pos, listed.span.end), True)

    def member(self, found: Found) -> MemberNode:
        name, label, lived = found
        return MemberNode(word(name), word_or_none(label), *(lived or (None, None)))

    def lived(self, found: Found) -> Lived:
        keyword, day, *rest = found
        if _is(keyword, "UNTIL"):
            return Lived(None, word(day))
        return Lived(word(day), word_or_none(rest[-1]))

    def column(self, found: Found) -> ColumnPhrase:
        name, type_, label = found
        return ColumnPhrase(word(name), type_, word_or_none(label))

    def let(self, found: Found) -> LetPhrase:
        name, value, label, guard = found
        return LetPhrase(word(name), value, guard or (), word_or_none(label))

    def guard(self, found: Found) -> tuple[GuardPhrase, ...]:
        return tuple(each for each in found if isinstance(each, GuardPhrase))

    def guarding(self, found: Found) -> GuardPhrase:
        column, tested = found
        return GuardPhrase(word(column), tested.at)

    def cell(self, found: Found) -> Cell:
        last = found[-1]
        start = found[0].start_pos if _is(found[0], "NOT") else found[0].at[0]
        return Cell((start, last.at[1]))

    def result(self, found: Found) -> ResultPhrase:
        name, type_, value, label = found
        cell = None if value is None else value.at
        return ResultPhrase(word(name), type_, cell, word_or_none(label))

    def value(self, found: Found) -> Cell:
        first, last = found[0], found[-1]
        start = first.start_pos if _is(first, "LSQB") else first.at[0]
        return Cell((start, last.end_pos if _is(last, "RSQB") else last.at[1]))

    def example(self, found: Found) -> ExamplePhrase:
        title, inputs = found
        return ExamplePhrase(word_or_none(title), inputs or ())

    def gives(self, found: Found) -> GivesPhrase:
        if isinstance(found[0], tuple):
            return GivesPhrase(found[0])
        return GivesPhrase(None, _is(found[0], "DRAFT"))

    # ------------------------------------------------------------ types

    def optional(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.OPTIONAL, *found)

    def list_of(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.LIST, *found)

    def set_of(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.SET, *found)

    def scalar(self, found: Found) -> ScalarNode:
        name, digits, bounds = found
        last = bounds or digits
        span = Span("", name.start_pos, last.end if last else name.end_pos)
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return ScalarNode(word(name), digits.word if digits else None, low, high, span)

    def digits(self, found: Found) -> Digits:
        return Digits(word(found[0]), found[1].end_pos)

    def bounds(self, found: Found) -> Bounds:
        low = word(found[0]) if found[0].type == "WORD" else None
        high = word(found[-1]) if found[-1].type == "WORD" else None
        return Bounds(low, high, found[-1].end_pos)

    # ------------------------------------------------------------ values and calls

    def bindings(self, found: Found) -> tuple[BindingPhrase, ...]:
        return tuple(found)

    def binding(self, found: Found) -> BindingPhrase:
        name, *values = found
        if isinstance(values[0], Literal | Presence):
            return BindingPhrase(
                word(name), tuple(values), False, (name.start_pos, values[0].at[1])
            )
        end = values[-1].end_pos
        return BindingPhrase(word(name), tuple(values[1:-1]), True, (name.start_pos, end))

    def call(self, found: Found) -> Call:
        table, arguments, output = found
        end = arguments.end if output is None else output.end_pos
        chosen = None if output is None else literal(output)
        return Call(literal(table), arguments.values, chosen, (table.start_pos, end))

    def arguments(self, found: Found) -> Arguments:
        return Arguments(tuple(found[:-1]), found[-1].end_pos)

    def literal(self, found: Found) -> Literal:
        return literal(found[0])

    def missing(self, found: Found) -> Presence:
        return Presence(State.MISSING, (found[0].start_pos, found[0].end_pos))

    # ------------------------------------------------------------ cells

    def condition(self, found: Found) -> ConditionContent:
        where = next((i for i, part in enumerate(found) if _is(part, "NOT")), len(found))
        either = tuple(part for part in found[:where] if not _is(part, "DASH"))
        return ConditionContent(either, tuple(found[where + 1 :]))

    def present(self, found: Found) -> Presence:
        return Presence(State.PRESENT, (found[0].start_pos, found[0].end_pos))

    def comparison(self, found: Found) -> Comparison:
        operator, value = found
        plain = str(operator).replace("≤", "<=").replace("≥", ">=")
        return Comparison(plain, literal(value), (operator.start_pos, value.end_pos))

    def range(self, found: Found) -> Range:
        low = None if _is(found[0], "DOTS") else literal(found[0])
        high = None if _is(found[-1], "DOTS") else literal(found[-1])
        return Range(low, high, True, True, (found[0].start_pos, found[-1].end_pos))

    def edged(self, found: Found) -> Range:
        opening, low, _, high, closing = found
        at = (opening.start_pos, closing.end_pos)
        return Range(literal(low), literal(high), opening == "[", closing == "]", at)

    def outcome(self, found: list[Item]) -> OutcomeContent:
        return OutcomeContent(tuple(found))


def _is(part: Any, terminal: str) -> bool:
    return getattr(part, "type", None) == terminal


def _wrapped(wrapper: Wrapper, token: Any, of: TypeNode) -> WrappedNode:
    return WrappedNode(wrapper, of, Span("", token.start_pos, of.span.end))
