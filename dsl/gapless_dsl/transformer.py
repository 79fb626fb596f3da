"""What each rule of `grammar.lark` becomes, placed from the first character of its line or cell.

Lark calls the method named like the rule with what the rule holds, in order. Lines become nodes
wherever the line alone says all that a node has, and one of the records below elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from gapless_dsl.nodes.cells import (
    Call,
    Comparison,
    ConditionContent,
    Duration,
    Elapsed,
    Expression,
    Function,
    Item,
    Literal,
    Operation,
    OutcomeContent,
    Presence,
    Range,
    Rounding,
    State,
    Word,
)
from gapless_dsl.nodes.declarations import (
    Binding,
    ColumnNode,
    EnumerationNode,
    MemberNode,
    NoteNode,
    ScalarNode,
    TypeNode,
    WrappedNode,
    Wrapper,
)
from gapless_dsl.source import Span, stretch

Found: TypeAlias = list[Any]


class Life(NamedTuple):
    """`effective 2020-01-01..2024-12-31 by day`; the days as typed."""

    low: Word | None
    high: Word | None
    by: Word | None
    span: Span


class Head(NamedTuple):
    """`name effective 2020-01-01.. "title"`."""

    name: Word
    life: Life | None = None
    title: Word | None = None


class Typed(NamedTuple):
    """What follows `type`; without a type, its members follow on lines of their own.

    `is_ordered` says whether those are; a type says so itself.
    """

    name: Word
    title: Word | None
    type: TypeNode | None
    is_ordered: bool


class Step(NamedTuple):
    """`name = value "label" when column = cell`: of each cell, where it stands."""

    name: Word
    value: Expression
    label: Word | None
    tests: tuple[tuple[Word, Span], ...]


class Result(NamedTuple):
    """What an `out` line of a decision says: of its value, where it stands."""

    name: Word
    type: TypeNode | None
    cell: Span | None
    label: Word | None


class Asked(NamedTuple):
    """What follows `example`."""

    title: Word | None
    inputs: tuple[Binding, ...]


class Gives(NamedTuple):
    """What follows `gives`; without outputs `impossible`, or `draft`."""

    outputs: tuple[Binding, ...] | None
    is_draft: bool = False


class _Bounds(NamedTuple):
    low: Word | None
    high: Word | None
    end: int


class Phrases:
    """One method per rule of the grammar."""

    # ------------------------------------------------------------ lines

    def named(self, found: Found) -> Head:
        name, title = found
        return Head(_word(name), None, _word_or_none(title))

    def headed(self, found: Found) -> Head:
        name, life, title = found
        return Head(_word(name), life, _word_or_none(title))

    def life(self, found: Found) -> Life:
        keyword, days, _, column = found
        end = days.end if column is None else column.end_pos
        return Life(days.low, days.high, _word_or_none(column), stretch(keyword.start_pos, end))

    def used(self, found: Found) -> Word:
        return _word(found[0])

    def note(self, found: Found) -> NoteNode:
        text, _, address = found
        return NoteNode(_word(text), _word_or_none(address))

    def day(self, found: Found) -> Word:
        return _word(found[0])

    def typed(self, found: Found) -> Typed:
        name, title, definition = found
        is_ordered = _is(definition, "ORDERED")
        meant = None if is_ordered else definition
        return Typed(_word(name), _word_or_none(title), meant, is_ordered)

    def enumeration(self, found: Found) -> EnumerationNode:
        span = stretch(found[0].name.span.start, found[-1].last.span.end)
        return EnumerationNode(tuple(found), span)

    def ordered(self, found: Found) -> EnumerationNode:
        keyword, *rest = found
        span = stretch(keyword.start_pos, rest[-1].last.span.end)
        return EnumerationNode(tuple(rest[::2]), span, True)

    def member(self, found: Found) -> MemberNode:
        name, label, lived = found
        return MemberNode(_word(name), _word_or_none(label), *(lived or (None, None)))

    def lived(self, found: Found) -> tuple[Word | None, Word | None]:
        keyword, day, *rest = found
        if _is(keyword, "UNTIL"):
            return None, _word(day)
        return _word(day), _word_or_none(rest[-1])

    def column(self, found: Found) -> ColumnNode:
        name, type_, label = found
        end = type_.span.end if label is None else label.end_pos
        return ColumnNode(_word(name), type_, _word_or_none(label), stretch(0, end))

    def let(self, found: Found) -> Step:
        name, value, label, guard = found
        return Step(_word(name), value, _word_or_none(label), guard or ())

    def guard(self, found: Found) -> tuple[tuple[Word, Span], ...]:
        return tuple(each for each in found if isinstance(each, tuple))

    def guarding(self, found: Found) -> tuple[Word, Span]:
        column, tested = found
        return _word(column), tested if isinstance(tested, Span) else stretch(*tested.at)

    def cell(self, found: Found) -> Span:
        return stretch(_start(found[0]), _end(found[-1]))

    value = cell

    def result(self, found: Found) -> Result:
        name, type_, value, label = found
        return Result(_word(name), type_, value, _word_or_none(label))

    def example(self, found: Found) -> Asked:
        title, inputs = found
        return Asked(_word_or_none(title), inputs or ())

    def gives(self, found: Found) -> Gives:
        if isinstance(found[0], tuple):
            return Gives(found[0])
        return Gives(None, _is(found[0], "DRAFT"))

    # ------------------------------------------------------------ types

    def optional(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.OPTIONAL, *found)

    def list_of(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.LIST, *found)

    def set_of(self, found: Found) -> WrappedNode:
        return _wrapped(Wrapper.SET, *found)

    def scalar(self, found: Found) -> ScalarNode:
        name, digits, bounds = found
        word, end = digits or (None, name.end_pos)
        low, high, end = bounds or (None, None, end)
        return ScalarNode(_word(name), word, low, high, stretch(name.start_pos, end))

    def digits(self, found: Found) -> tuple[Word, int]:
        return _word(found[0]), found[1].end_pos

    def bounds(self, found: Found) -> _Bounds:
        low, high = (None if _is(end, "DOTS") else _word(end) for end in (found[0], found[-1]))
        return _Bounds(low, high, found[-1].end_pos)

    days = bounds

    # ------------------------------------------------------------ values and calls

    def bindings(self, found: Found) -> tuple[Binding, ...]:
        return tuple(found)

    def binding(self, found: Found) -> Binding:
        name, *values = found
        bracketed = _is(values[0], "LSQB")
        start, end = name.start_pos, _end(values[-1])
        values = values[1:-1] if bracketed else values
        moved = tuple(_moved(each, start) for each in values)
        return Binding(_word(name), moved, bracketed, stretch(start, end))

    def call(self, found: Found) -> Call:
        table, (*arguments, closing), output = found
        end = closing if output is None else output.end_pos
        chosen = None if output is None else _literal(output)
        return Call(_literal(table), tuple(arguments), chosen, (table.start_pos, end))

    def arguments(self, found: Found) -> Found:
        return [*found[:-1], found[-1].end_pos]

    def literal(self, found: Found) -> Literal:
        return _literal(found[0])

    def missing(self, found: Found) -> Presence:
        return Presence(State.MISSING, (found[0].start_pos, found[0].end_pos))

    # ------------------------------------------------------------ arithmetic

    def joined(self, found: Found) -> Operation:
        return Operation("&", tuple(found[::2]), (found[0].at[0], found[-1].at[1]))

    def operation(self, found: Found) -> Operation:
        left, sign, right = found
        return Operation(str(sign), (left, right), (left.at[0], right.at[1]))

    def negated(self, found: Found) -> Expression:
        sign, operand = found
        at = (sign.start_pos, operand.at[1])
        if isinstance(operand, Literal) and sign == "-" and operand.text[0].isdigit():
            return Literal(f"-{operand.text}", at)
        return Operation(str(sign), (operand,), at)

    def bracketed(self, found: Found) -> Expression:
        opening, inner, closing = found
        return replace(inner, at=(opening.start_pos, closing.end_pos))  # type: ignore[no-any-return]

    def duration(self, found: Found) -> Duration:
        count, unit = found
        return Duration(count, str(unit).rstrip("s"), (count.at[0], unit.end_pos))

    def function(self, found: Found) -> Function:
        name, *operands, end = found
        return Function(str(name), tuple(operands), (name.start_pos, end.end_pos))

    def rounding(self, found: Found) -> Rounding:
        name, of, digits, one, other, end = found
        words, last = (f"{one} {other}", other) if other else (str(one), one)
        mode = Literal(words, (one.start_pos, last.end_pos))
        return Rounding(of, _literal(digits), mode, (name.start_pos, end.end_pos))

    def elapsed(self, found: Found) -> Elapsed:
        unit, start, _, end = found
        return Elapsed(unit.split()[0].rstrip("s"), start, end, (unit.start_pos, end.at[1]))

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
        return Comparison(plain, _literal(value), (operator.start_pos, value.end_pos))

    def range(self, found: Found) -> Range:
        low, high = (None if _is(end, "DOTS") else _literal(end) for end in (found[0], found[-1]))
        return Range(low, high, True, True, (found[0].start_pos, found[-1].end_pos))

    def edged(self, found: Found) -> Range:
        opening, low, _, high, closing = found
        at = (opening.start_pos, closing.end_pos)
        return Range(_literal(low), _literal(high), opening == "[", closing == "]", at)

    def outcome(self, found: list[Item]) -> OutcomeContent:
        return OutcomeContent(tuple(found))


# ---------------------------------------------------------------- tokens

_ESCAPE = re.compile(r"\\(.)")


def _text(token: Any) -> str:
    if token.type != "STRING":
        return str(token)
    inner: str = token[1:-1]
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], inner)


def _word(token: Any) -> Word:
    return Word(_text(token), stretch(token.start_pos, token.end_pos), token.type == "STRING")


def _word_or_none(token: Any) -> Word | None:
    return None if token is None else _word(token)


def _literal(token: Any) -> Literal:
    return Literal(_text(token), (token.start_pos, token.end_pos), token.type == "STRING")


def _is(part: Any, terminal: str) -> bool:
    return getattr(part, "type", None) == terminal


def _moved(value: Literal | Presence, start: int) -> Literal | Presence:
    at = (value.at[0] - start, value.at[1] - start)
    if isinstance(value, Literal):
        return Literal(value.text, at, value.quoted)
    return Presence(value.state, at)


def _start(part: Any) -> Any:
    return part.at[0] if hasattr(part, "at") else part.start_pos


def _end(part: Any) -> Any:
    return part.at[1] if hasattr(part, "at") else part.end_pos


def _wrapped(wrapper: Wrapper, token: Any, of: TypeNode) -> WrappedNode:
    return WrappedNode(wrapper, of, stretch(token.start_pos, of.span.end))
