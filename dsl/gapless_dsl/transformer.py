"""What each rule of `grammar.lark` becomes, placed from the first character of its line or cell.

Lark calls the method named like the rule with what the rule holds, in order. Lines become nodes
wherever the line alone says all that a node has, and one of the records below elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from gapless_dsl import nodes
from gapless_dsl.source import Span, stretch

Found: TypeAlias = list[Any]


class Life(NamedTuple):
    """`effective 2020-01-01..2024-12-31 by day`; the days as typed."""

    low: nodes.Word | None
    high: nodes.Word | None
    by: nodes.Word | None
    span: Span


class Head(NamedTuple):
    """`name effective 2020-01-01.. "title"`."""

    name: nodes.Word
    life: Life | None = None
    title: nodes.Word | None = None


class Typed(NamedTuple):
    """What follows `type`; without a type, its members follow on lines of their own.

    `is_ordered` says whether those are; a type says so itself.
    """

    name: nodes.Word
    title: nodes.Word | None
    type: nodes.TypeNode | None
    is_ordered: bool


WHOLE_LINE = stretch(0, -1)
"""Where a node stands that is a line of its own."""


class ToNodes:
    """One method per rule of the grammar."""

    # ------------------------------------------------------------ lines

    def headed(self, found: Found) -> Head:
        name, *life, title = found
        return Head(_word(name), life[0] if life else None, _word_or_none(title))

    named = headed

    def life(self, found: Found) -> Life:
        keyword, (low, high, end), _, column = found
        span = stretch(keyword.start_pos, end if column is None else column.end_pos)
        return Life(low, high, _word_or_none(column), span)

    def used(self, found: Found) -> nodes.Word:
        return _word(found[0])

    day = used

    def note(self, found: Found) -> nodes.NoteNode:
        text, _, address = found
        return nodes.NoteNode(_word(text), _word_or_none(address))

    def typed(self, found: Found) -> Typed:
        name, title, definition = found
        is_ordered = _is(definition, "ORDERED")
        meant = None if is_ordered else definition
        return Typed(_word(name), _word_or_none(title), meant, is_ordered)

    def enumeration(self, found: Found) -> nodes.EnumerationNode:
        span = stretch(found[0].name.span.start, found[-1].last.span.end)
        return nodes.EnumerationNode(tuple(found), span)

    def ordered(self, found: Found) -> nodes.EnumerationNode:
        keyword, *rest = found
        span = stretch(keyword.start_pos, rest[-1].last.span.end)
        return nodes.EnumerationNode(tuple(rest[::2]), span, True)

    def member(self, found: Found) -> nodes.MemberNode:
        name, label, lived = found
        return nodes.MemberNode(_word(name), _word_or_none(label), *(lived or (None, None)))

    def lived(self, found: Found) -> tuple[nodes.Word | None, nodes.Word | None]:
        keyword, day, *rest = found
        if _is(keyword, "UNTIL"):
            return None, _word(day)
        return _word(day), _word_or_none(rest[-1])

    def column(self, found: Found) -> nodes.ColumnNode:
        name, type_, label = found
        return nodes.ColumnNode(_word(name), type_, _word_or_none(label), WHOLE_LINE)

    def let(self, found: Found) -> nodes.LetNode:
        name, value, label, guard = found
        return nodes.LetNode(_word(name), value, _word_or_none(label), WHOLE_LINE, guard or ())

    def guard(self, found: Found) -> tuple[nodes.GuardNode, ...]:
        return tuple(each for each in found if isinstance(each, nodes.GuardNode))

    def guarding(self, found: Found) -> nodes.GuardNode:
        column, tested = found
        cell = tested if isinstance(tested, nodes.ConditionCell) else self.cell([tested])
        return nodes.GuardNode(_word(column), cell)

    def cell(self, found: Found) -> nodes.ConditionCell:
        span = stretch(*_at(found))
        return nodes.ConditionCell(self.condition(_counted_from(span.start, found)), span)

    def value(self, found: Found) -> nodes.OutcomeCell:
        span = stretch(*_at(found))
        items = [] if _is(found[0], "LSQB") else _counted_from(span.start, found)
        return nodes.OutcomeCell(nodes.OutcomeContent(tuple(items)), span)

    def result(self, found: Found) -> nodes.ResultNode:
        name, type_, value, label = found
        return nodes.ResultNode(_word(name), type_, value, _word_or_none(label), WHOLE_LINE)

    def show(self, found: Found) -> nodes.ShowNode:
        columns, _, across, title, guard = found
        return nodes.ShowNode(columns, across or (), _word_or_none(title), WHOLE_LINE, guard or ())

    def shown(self, found: Found) -> tuple[nodes.Word, ...]:
        return tuple(map(_word, found))

    def example(self, found: Found) -> tuple[nodes.Word | None, tuple[nodes.Binding, ...]]:
        title, inputs = found
        return _word_or_none(title), inputs or ()

    def gives(self, found: Found) -> tuple[tuple[nodes.Binding, ...] | None, bool]:
        """The outputs; without them `impossible`, or `draft`."""
        if isinstance(found[0], tuple):
            return found[0], False
        return None, _is(found[0], "DRAFT")

    # ------------------------------------------------------------ types

    def optional(self, found: Found) -> nodes.WrappedNode:
        return _wrapped(nodes.Wrapper.OPTIONAL, *found)

    def list_of(self, found: Found) -> nodes.WrappedNode:
        return _wrapped(nodes.Wrapper.LIST, *found)

    def set_of(self, found: Found) -> nodes.WrappedNode:
        return _wrapped(nodes.Wrapper.SET, *found)

    def scalar(self, found: Found) -> nodes.ScalarNode:
        name, digits, bounds = found
        word, end = digits or (None, name.end_pos)
        low, high, end = bounds or (None, None, end)
        return nodes.ScalarNode(_word(name), word, low, high, stretch(name.start_pos, end))

    def digits(self, found: Found) -> tuple[nodes.Word, int]:
        return _word(found[0]), found[1].end_pos

    def bounds(self, found: Found) -> tuple[nodes.Word | None, nodes.Word | None, int]:
        low, high = (None if _is(end, "DOTS") else _word(end) for end in (found[0], found[-1]))
        return low, high, found[-1].end_pos

    days = bounds

    # ------------------------------------------------------------ values and calls

    def bindings(self, found: Found) -> tuple[nodes.Binding, ...]:
        return tuple(found)

    def binding(self, found: Found) -> nodes.Binding:
        name, *values = found
        bracketed = _is(values[0], "LSQB")
        span = stretch(*_at(found))
        values = _counted_from(span.start, values[1:-1] if bracketed else values)
        return nodes.Binding(_word(name), tuple(values), bracketed, span)

    def call(self, found: Found) -> nodes.Call:
        table, (*arguments, closing), output = found
        end = closing if output is None else output.end_pos
        chosen = None if output is None else _literal(output)
        return nodes.Call(_literal(table), tuple(arguments), chosen, (table.start_pos, end))

    def arguments(self, found: Found) -> Found:
        return [*found[:-1], found[-1].end_pos]

    def literal(self, found: Found) -> nodes.Literal:
        return _literal(found[0])

    def missing(self, found: Found) -> nodes.Presence:
        return nodes.Presence(nodes.State.MISSING, _at(found))

    # ------------------------------------------------------------ arithmetic

    def joined(self, found: Found) -> nodes.Operation:
        return nodes.Operation("&", tuple(found[::2]), _at(found))

    def operation(self, found: Found) -> nodes.Operation:
        left, sign, right = found
        return nodes.Operation(str(sign), (left, right), _at(found))

    def negated(self, found: Found) -> nodes.Expression:
        sign, operand = found
        is_word = isinstance(operand, nodes.Literal) and not operand.quoted
        if is_word and sign == "-" and operand.text[0].isdigit():
            return nodes.Literal(f"-{operand.text}", _at(found))
        return nodes.Operation(str(sign), (operand,), _at(found))

    def bracketed(self, found: Found) -> nodes.Expression:
        return replace(found[1], at=_at(found))  # type: ignore[no-any-return]

    def duration(self, found: Found) -> nodes.Duration:
        count, unit, chosen = found
        return nodes.Duration(count, str(unit).rstrip("s"), _month_end(chosen), _at_first(found))

    def function(self, found: Found) -> nodes.Function:
        name, *operands, _ = found
        return nodes.Function(str(name), tuple(operands), _at(found))

    def rounding(self, found: Found) -> nodes.Rounding:
        _, of, digits, *words, _ = found
        words = [word for word in words if word is not None]
        mode = nodes.Literal(" ".join(words), _at(words))
        return nodes.Rounding(of, _literal(digits), mode, _at(found))

    def elapsed(self, found: Found) -> nodes.Elapsed:
        unit, start, _, end, chosen = found
        one = unit.split()[0].rstrip("s")
        return nodes.Elapsed(one, start, end, _month_end(chosen), _at_first(found))

    # ------------------------------------------------------------ cells

    def condition(self, found: Found) -> nodes.ConditionContent:
        where = next((i for i, part in enumerate(found) if _is(part, "NOT")), len(found))
        said = (part for part in found[:where] if not _is(part, "DASH") and not _is(part, "OR"))
        either = tuple(said)
        return nodes.ConditionContent(either, tuple(found[where + 1 :]))

    def present(self, found: Found) -> nodes.Presence:
        return nodes.Presence(nodes.State.PRESENT, _at(found))

    def comparison(self, found: Found) -> nodes.Comparison:
        operator, value = found
        plain = str(operator).replace("≤", "<=").replace("≥", ">=")
        return nodes.Comparison(plain, _literal(value), _at(found))

    def beginning(self, found: Found) -> nodes.Beginning:
        said = [each for each in found if each is not None]
        return nodes.Beginning(_literal(said[0]), tuple(said[3:-1]), _at(said))

    def range(self, found: Found) -> nodes.Range:
        low, high = (None if _is(end, "DOTS") else _literal(end) for end in (found[0], found[-1]))
        return nodes.Range(low, high, True, True, _at(found))

    def edged(self, found: Found) -> nodes.Range:
        opening, low, _, high, closing = found
        ends = _literal(low), _literal(high)
        return nodes.Range(*ends, opening == "[", closing == "]", _at(found))

    def together(self, found: Found) -> nodes.Together:
        return nodes.Together(tuple(found[::2]), _at(found))

    def among(self, found: Found) -> nodes.Among:
        keyword, *rest = (part for part in found if part is not None)
        quantifier = nodes.Quantifier(" ".join(keyword.split()))
        number = None
        if quantifier is nodes.Quantifier.COUNT:
            number, *rest = rest
            number = number if isinstance(number, nodes.Range) else _literal(number)
        members = (_literal(part) for part in rest if part.type not in ("OF", "RSQB"))
        return nodes.Among(quantifier, tuple(members), number, _at([*filter(None, found)]))

    def outcome(self, found: list[nodes.Item]) -> nodes.OutcomeContent:
        return nodes.OutcomeContent(tuple(found))


# ---------------------------------------------------------------- tokens

_ESCAPE = re.compile(r"\\(.)")


def _text(token: Any) -> str:
    if token.type != "STRING":
        return str(token)
    inner: str = token[1:-1]
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], inner)


def _word(token: Any) -> nodes.Word:
    return nodes.Word(_text(token), stretch(token.start_pos, token.end_pos), token.type == "STRING")


def _word_or_none(token: Any) -> nodes.Word | None:
    return None if token is None else _word(token)


def _literal(token: Any) -> nodes.Literal:
    return nodes.Literal(_text(token), (token.start_pos, token.end_pos), token.type == "STRING")


def _is(part: Any, terminal: str) -> bool:
    return getattr(part, "type", None) == terminal


def _at(found: Found) -> nodes.At:
    """From where the first of them begins to where the last ends: tokens, or parts of cells."""
    first, last = found[0], found[-1]
    start = first.at[0] if hasattr(first, "at") else first.start_pos
    return start, last.at[1] if hasattr(last, "at") else last.end_pos


def _at_first(found: Found) -> nodes.At:
    """The same, where the last may be left out."""
    return _at(found if found[-1] is not None else found[:-1])


def _month_end(chosen: Any) -> str | None:
    """`last` or `next` of `or last day`."""
    return None if chosen is None else str(chosen.split()[1])


def _counted_from(start: int, read: Any) -> Any:
    """What was read, its places counted from the character at `start`."""
    if isinstance(read, nodes.Literal):
        return nodes.Literal(read.text, (read.at[0] - start, read.at[1] - start), read.quoted)
    if isinstance(read, tuple | list):
        return type(read)([_counted_from(start, each) for each in read])
    names = getattr(read, "__match_args__", ())
    if "at" not in names:
        return read
    moved = {name: _counted_from(start, getattr(read, name)) for name in names}
    return type(read)(**{**moved, "at": (read.at[0] - start, read.at[1] - start)})


def _wrapped(wrapper: nodes.Wrapper, token: Any, of: nodes.TypeNode) -> nodes.WrappedNode:
    return nodes.WrappedNode(wrapper, of, stretch(token.start_pos, of.span.end))
