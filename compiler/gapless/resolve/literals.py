"""One word to one value, by what its column's type makes of it and never by how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias, assert_never

from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    OptionalType,
    Scalar,
    ScalarType,
    Temporal,
    TextType,
    TimeType,
    Type,
    is_end,
)
from gapless.resolve.context import Context, listed
from gapless.resolve.faults import Fault
from gapless.resolve.habits import kind_of, look_alike, says_more
from gapless.resolve.times import read_moment, read_time
from gapless.text.types import span as range_words
from gapless.text.types import type_words
from gapless.text.words import literal as written
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Help, Label, decision, replacing
from gapless_dsl.lexis import numbers, quoted, word
from gapless_dsl.nodes import Comparison, Item, Literal, Part, Range
from gapless_dsl.recovery import habits
from gapless_dsl.recovery.habits import Kind
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest

_WHOLE = re.compile(r"-?[0-9]+(?:_[0-9]+)*")
_EXACT = re.compile(r"(-?[0-9]+(?:_[0-9]+)*)(?:\.([0-9]+))?")
_PADDED = re.compile(r"(-?)(?:0_?)+(?=[0-9])")
_POINTED = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

MOST_DIGITS = 1_000
"""No number is written longer: far beyond any use, and within what Python reads and prints."""


Read: TypeAlias = Scalar | Fault


def read(text: str, of: ScalarType) -> Read:
    """The value that `text` is in a column of type `of`."""
    match of:
        case TextType():
            return text
        case EnumerationType():
            return text if text in of.names else _no_member(text, of)
        case BoolType():
            return _truth(text)
        case IntType():
            return _whole(text, of)
        case DecimalType():
            return _exact(text, of)
        case DateType():
            return _day(text, of)
        case TimeType():
            return _instant(text, read_time(text), of)
        case DatetimeType():
            return _instant(text, read_moment(text), of)
    assert_never(of)


def _no_member(text: str, of: EnumerationType) -> Fault:
    names = tuple(member.name for member in of.members)
    called = [member.name for member in of.members if member.label == text]
    meant = called[0] if len(called) == 1 else nearest(text, names)
    right = None if meant is None else word(meant)
    label = f"not one of the {len(names)} values of `{of.name}`"
    if right is not None:
        label = f"did you mean `{right}`?"
        if alike := look_alike(text, str(meant)):
            label = f"it looks like `{right}`, but {alike}"
    return Fault("GAP011", f"`{text}` is not a value of `{of.name}`", label, right)


_TRUTHS = {"yes": True, "no": False}
_NEARLY = {"y": "yes", "true": "yes", "t": "yes", "n": "no", "false": "no", "f": "no"}


def _truth(text: str) -> Read:
    if text in _TRUTHS:
        return _TRUTHS[text]
    folded = text.casefold()
    right = folded if folded in _TRUTHS else _NEARLY.get(folded)
    return Fault("GAP021", f"`{text}` is neither `yes` nor `no`", "a bool is `yes` or `no`", right)


def _whole(text: str, of: IntType) -> Read:
    if not _WHOLE.fullmatch(text):
        right = text[: text.index(".")] if re.fullmatch(r"-?[0-9_]+\.0+", text) else None
        title = f"`{text}` is not a whole number"
        label = "a whole number belongs here, such as `20`"
        return Fault("GAP021", title, label, *_or_thousands(text, right))
    return _misspelt(text) or _within(text, int(text), of.low, of.high)


def _exact(text: str, of: DecimalType) -> Read:
    found = _EXACT.fullmatch(text)
    if not found:
        example = written(Decimal(f"20.{'0' * of.digits}"))
        label = f"a number belongs here, such as `{example}`"
        return Fault("GAP021", f"`{text}` is not a number", label)
    if (fault := _misspelt(text)) is not None:
        return fault
    whole, part = found[1], found[2] or ""
    if len(part) > of.digits:
        return _fine(text, whole, part, of.digits)
    number = Decimal(f"{whole}.{part:0<{of.digits}}" if of.digits else whole)
    return _within(text, number if number else abs(number), of.low, of.high)


def _fine(text: str, whole: str, part: str, digits: int) -> Fault:
    kept, dropped = part[:digits], part[digits:]
    right = None
    if not dropped.strip("0"):
        right = f"{whole}.{kept}" if kept else whole
    title = f"`{text}` has {len(part)} digits after the point where {digits} are kept"
    label = f"at most {digits} after the point"
    return Fault("GAP022", title, label, *_or_thousands(text, right))


def _or_thousands(text: str, right: str | None) -> tuple[str | None, tuple[str, ...]]:
    """What was meant, or might have been: `1.000` is a thousand where a comma stands for the point."""
    if not _POINTED.fullmatch(text):
        return right, ()
    thousands = text.replace(".", "_")
    return None, ((thousands,) if right is None else (right, thousands))


def _misspelt(text: str) -> Fault | None:
    """A number that is too long, or has leading zeros: `000` after a comma is the rest of `1,000`."""
    if len(text) > MOST_DIGITS:
        title = f"a number of {len(text)} characters is longer than any this language reads"
        return Fault("GAP022", title, f"at most {MOST_DIGITS} characters")
    if not _PADDED.match(text):
        return None
    right = _PADDED.sub(r"\1", text)
    return Fault("GAP021", f"`{text}` begins with a zero", f"a number is written `{right}`", right)


def _day(text: str, of: DateType) -> Read:
    if not _DAY.fullmatch(text):
        label = "a date is written `2026-01-31`"
        offers: tuple[str, ...] = ()
        if isinstance(read_moment(text), datetime):
            label, offers = "a date has no time", (text.partition("T")[0],)
        return Fault("GAP021", f"`{text}` is not a date", label, offers=offers)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Fault("GAP021", f"there is no day `{text}`", "the calendar has no such day")
    return _instant(text, day, of)


def _instant(text: str, given: Instant | Fault, of: Temporal) -> Read:
    if isinstance(given, Fault):
        return given
    low, high = (None if is_end(end) else end for end in (of.low, of.high))
    return _within(text, given, low, high)


def _within(text: str, given: Scalar, low: Scalar | None, high: Scalar | None) -> Read:
    """`given` if it lies between the bounds, which are of its own kind."""
    if low is not None and given < low:  # type: ignore[operator]
        label = f"the least is `{written(low)}`"
    elif high is not None and given > high:  # type: ignore[operator]
        label = f"the most is `{written(high)}`"
    else:
        return given
    return Fault("GAP022", f"`{text}` is outside `{range_words(low, high)}`", label)


# ---------------------------------------------------------------- in a column


@dataclass(frozen=True, slots=True)
class Slot:
    """What may be written in one column.

    `title` is what findings call it, `declared` shows where it says its type, and `values` where that
    type says its values. `read` holds the words read in it before: in a long table they repeat.
    """

    name: str
    type: Type
    title: str
    declared: Label
    values: Label
    scalar: ScalarType = field(init=False, compare=False, repr=False)
    """The type of one word in it."""
    read: dict[str, Scalar] = field(default_factory=dict, compare=False, repr=False)
    adds: bool = False
    """Whether what is filled in is only added to the column's value."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "scalar", self.type.scalar)

    @property
    def is_optional(self) -> bool:
        return isinstance(self.type, OptionalType)


def slot(column: Column, context: Context, title: str = "") -> Slot:
    declared = values = Label(column.span, f"`{column.name}` is `{type_words(column.type)}`")
    scalar = column.type.scalar
    if isinstance(scalar, EnumerationType) and scalar in context.program.lists:
        names = tuple(member.name for member in scalar.members)
        says = "the only value is" if len(names) == 1 else f"the {len(names)} values are"
        values = Label(context.program.lists[scalar], f"{says} {listed(names)}")
    return Slot(column.name, column.type, title or f"`{column.name}`", declared, values)


def read_word(text: str, into: Slot) -> Read:
    """The value that a word is in a column, or why it is none."""
    known = into.read.get(text)
    if known is not None:
        return known
    value = read(text, into.scalar)
    if not isinstance(value, Fault):
        into.read[text] = value
    return value


def read_literal(
    literal: Literal, into: Slot, context: Context, start: str = "condition"
) -> Scalar | None:
    """The value that a word is in a column, or None and a complaint; `start` says where it stands."""
    if is_no_value(literal, into, context) or is_doubtful(literal, into, context, start):
        return None
    value = read_word(literal.text, into)
    if isinstance(value, Fault):
        complain(value, literal, into, context, start)
        return None
    return value


def is_doubtful(literal: Literal, into: Slot, context: Context, start: str) -> bool:
    """GAP021, for `TBD` in a text, or `any` in a condition on one: it is a text, as any word would be."""
    if literal.quoted or not isinstance(into.scalar, TextType):
        return False
    said = [
        each
        for each in habits.DOUBTFUL
        if each.start == start and each.pattern.fullmatch(literal.text)
    ]
    for each in said:
        own, span = quoted(literal.text), context.at(literal.at)
        context.error(
            "GAP021",
            f"`{literal.text}` is a text here, as any word is",
            Label(span, "is this word meant?"),
            into.declared,
            helps=(
                decision(each.said),
                decision(f"write `{own}`, if just that word is meant", Edit(span, own)),
            ),
        )
    return bool(said)


_NO_VALUE = frozenset({"null", "nil", "nan"})
_NO_VALUE_AS_WRITTEN = frozenset({"None", "NA", "N/A", "n/a"})
"""Unlike `none`, which many a list and many a text means as it stands."""


def is_no_value(literal: Literal, into: Slot, context: Context) -> bool:
    """GAP021, for `null`: what other languages write where there is no value, and in a text any word."""
    text = literal.text
    if literal.quoted or not (text.casefold() in _NO_VALUE or text in _NO_VALUE_AS_WRITTEN):
        return False
    is_value = not isinstance(read_word(text, into), Fault)
    if is_value and not isinstance(into.scalar, TextType):
        return False
    span = context.at(literal.at)
    helps = [
        decision("write `missing`, if there is no value", Edit(span, "missing"))
        if into.is_optional
        else decision(f"if there is no value, make {into.title} optional and write `missing`")
    ]
    if is_value:
        own = quoted(text)
        helps.append(decision(f"write `{own}`, if just that word is meant", Edit(span, own)))
    context.error(
        "GAP021",
        f"`{text}` is not how the absence of a value is written",
        Label(span, "any word is a text: is this one meant?" if is_value else "it is `missing`"),
        into.declared,
        helps=tuple(helps),
    )
    return True


def quoting(word: str, into: Slot) -> tuple[Help, ...]:
    """The help for a word of the language that is a value as well."""
    if isinstance(read_word(word, into), Fault):
        return ()
    return (decision(f'quote it to mean the value: `"{word}"`'),)


def complain(
    fault: Fault, literal: Literal, into: Slot, context: Context, start: str = "condition"
) -> None:
    """What is wrong with a word, and what to write: the right word, or what habits mean by it."""
    span = context.at(literal.at)
    meant: Iterable[Help] = ()
    if not (fault.right or fault.offers or literal.quoted):
        meant = _habits(literal, into, context, start)
    offers = [each for each in fault.offers if not isinstance(read_word(each, into), Fault)]
    context.error(
        fault.code,
        fault.title,
        Label(span, fault.label),
        into.values,
        helps=(
            *replacing(span, literal.text, fault.right),
            *(decision(f"write `{each}`, if that is meant", Edit(span, each)) for each in offers),
            *map(decision, fault.advice),
            *meant,
        ),
    )


def _habits(literal: Literal, into: Slot, context: Context, start: str) -> Iterator[Help]:
    """What is meant by habit: a value, or where the word is all of its cell, what a cell says of it."""
    span, text = context.at(literal.at), literal.text
    other = context.columns.known.get(text)
    if start == "condition" and other is not None and _are_compared(into, other):
        typed = context.text(context.span)
        signs = {text: "=", f"not {text}": "!="}
        if sign := signs.get(" ".join(typed.split())):
            said = f"write `{sign} {text}` to compare with that column"
            yield decision(said, Edit(context.span, f"{sign} {text}"))
    kind = kind_of(into.scalar)
    is_cell = start == "condition" and span == context.span
    values = [
        (new, when)
        for new, when in habits.offers(start, text, kind)
        if (new == "missing" and into.is_optional)
        or (new != "missing" and not isinstance(read_word(new, into), Fault))
        or (new != "missing" and is_cell and says_more(new))
    ]
    for new, when in values:
        yield decision(f"write `{new}`, {when}", Edit(span, new))
    if start == "condition" and not is_cell and not values:
        for new, when in habits.offers(start, context.text(context.span), kind):
            if _OPEN.fullmatch(new) and says_more(new):
                yield decision(f"write `{new}`, {when}", Edit(context.span, new))
    yield from map(decision, habits.advice(start, text, kind))


_OPEN = re.compile(r"\.\..*|.*\.\.")
"""A range without one of its ends."""


def _are_compared(into: Slot, other: Column) -> bool:
    one, another = into.scalar, other.type.scalar
    if isinstance(one, EnumerationType):
        return one == another and one.is_ordered
    kinds = kind_of(one), kind_of(another)
    return kinds[0] == kinds[1] and kinds[0] not in (Kind.TRUTH, Kind.TEXT)


# ---------------------------------------------------------------- a comma between two digits

# Where numbers stand a comma right between two digits may be a part of one, so it divides nothing.

_GROUP = re.compile(r"-?[0-9]{1,3}")
_CUT_OFF = re.compile(r"0[0-9]{2}(?:\.[0-9]+)?")
"""No number begins with a zero."""

_DIGITS = re.compile(r"-?[0-9][0-9_]*(?:\.[0-9]+)*")


def divided(those: Sequence[Part | Item], into: Slot, context: Context, *, one: bool) -> bool:
    """GAP021, for each `9,50` in a column of numbers; `9, 50` is two values, where there is not `one`."""
    if not isinstance(into.scalar, IntType | DecimalType):
        return False

    def fits(number: str) -> bool:
        return not isinstance(read_word(number, into), Fault)

    return _refuse_runs(those, fits, context, into.declared, one=one)


def divided_arguments(
    those: Sequence[Item], columns: Iterable[Column | None], context: Context
) -> bool:
    """The same where a table is called, if it takes numbers at all."""
    types = [column.type.scalar for column in columns if column is not None]
    numeric = [of for of in types if isinstance(of, IntType | DecimalType)]

    def fits(number: str) -> bool:
        return any(not isinstance(read(number, of), Fault) for of in numeric)

    return bool(numeric) and _refuse_runs(those, fits, context)


def divided_operands(those: Sequence[Item], context: Context) -> bool:
    """The same in `min(…)` and `max(…)`, where a number may have any digits."""
    return _refuse_runs(those, lambda number: True, context)


def _refuse_runs(
    those: Sequence[Part | Item],
    fits: Callable[[str], bool],
    context: Context,
    *labels: Label,
    one: bool = False,
) -> bool:
    runs = list(_runs(those))
    for run in runs:
        typed = ",".join(each.text for each in run)
        span = context.at((run[0].at[0], run[-1].at[1]))
        commas = [context.at((each.at[1], each.at[1] + 1)) for each in run[:-1]]
        count = "two" if len(run) == 2 else str(len(run))
        tight = all(each.at[1] + 1 == after.at[0] for each, after in pairwise(run))
        blanks = (Edit(Span(comma.path, comma.end, comma.end), " ") for comma in commas)
        several = f"for {count}, put a blank after the comma{'s' * (len(run) > 2)}"
        shown = typed if tight else typed.replace(",", ", ")
        whole = [
            decision(f"for one number, write `{number}`", Edit(span, number))
            for number in numbers(typed)
            if fits(number)
        ]
        context.error(
            "GAP021",
            f"`{shown}` is {count} values here, not one number",
            Label(span, "a comma divides values, and is no part of a number"),
            *labels,
            helps=(*whole, *((decision(several, *blanks),) if tight and not one else ())),
        )
    return bool(runs)


def _runs(those: Iterable[Part | Item]) -> Iterator[list[Literal]]:
    """The numbers that follow each other with nothing but a comma between them."""
    run: list[Literal] = []
    for before, after in pairwise(those):
        last, first = _last(before), _first(after)
        if last is not None and first is not None and _is_one(last, first):
            run = [*run, first] if run and run[-1] is last else [last, first]
            if first is after:
                continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _is_one(before: Literal, after: Literal) -> bool:
    """Whether two numbers may be one: nothing but a comma divides them, or zeros follow, as in `1, 000`."""
    cut_off = _CUT_OFF.fullmatch(after.text) and _GROUP.fullmatch(before.text)
    return after.at[0] == before.at[1] + 1 or cut_off is not None


def _first(part: object) -> Literal | None:
    """The number that a part begins with."""
    match part:
        case Literal(text, (start, end), False) if _DIGITS.fullmatch(text):
            return part if end - start == len(text) else None
        case Range(Literal() as low, _, _, _, (start, _)) if low.at[0] == start:
            return _first(low)
        case nodes.Operation(_, (operand, _), (start, _)) if operand.at[0] == start:
            return _first(operand)
    return None


def _last(part: object) -> Literal | None:
    """The number that a part ends with."""
    match part:
        case Comparison(_, value):
            return _first(value)
        case Range(_, Literal() as high, _, _, (_, end)) if high.at[1] == end:
            return _first(high)
        case nodes.Operation(_, operands, (_, end)) if operands[-1].at[1] == end:
            return _last(operands[-1])
    return _first(part) if isinstance(part, Literal) else None
