"""The smallest change of a case that changes what a table says: fewest inputs, then the nearest value of each.

Best first (P. Hart, N. Nilsson and B. Raphael, 1968): of the cases in which certain inputs differ, those
parts are looked at first that begin nearest. A part in which the answer is always the same is left,
one in which it never is ends the search with its nearest case, any other is cut in two. So what is found
is the nearest for certain; what is not found within the steps is said to be open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, count, islice
from math import inf
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.arithmetic.dependent import exact_at, ranks_in
from gapless.analysis.composition.calls import calls, with_called
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.prefixes import Begun, candidates
from gapless.analysis.held import Cut, Held, joined, just
from gapless.analysis.many_cases import Alive, Reading, Said
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Begins,
    Between,
    BoolType,
    Column,
    Compared,
    Computed,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Expression,
    Holds,
    IntType,
    IsMissing,
    IsPresent,
    ListType,
    NoneOf,
    Operation,
    Operator,
    OptionalType,
    SetType,
    Table,
    Test,
    TextType,
    TimeType,
    Value,
)
from gapless.model.expressions import parts_of
from gapless.model.intervals import NOWHERE, Reach

STEPS = 250_000
"""The steps of a search among certain inputs: a look at a rule is one, at arithmetic some."""

EVERY_SET, FEW_MEMBERS = 10, 3
"""All sets of so many members are tried; of more, those that differ in so few."""

STEPS_TOGETHER = 1_000_000
"""The steps of all searches together."""

FAR = 1 << 64
"""So many steps away an input without end is left: what is not known there is rarely known farther out."""

Case: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Changes:
    """New values for inputs: `found` has the nearest ones for each set of as few inputs as change the answer.

    `given_up` has sets, of no more inputs, of which it is not known whether they do, with the first values
    for which that is so: no nearer ones do. `is_whole` says that there are no others of that kind.
    """

    found: tuple[Case, ...]
    given_up: tuple[Case, ...] = ()
    is_whole: bool = True


def nearest_changes(table: Table, case: Case, said: Said) -> Changes:
    """What to change in a case, of which a table says so much, for it to say anything else.

    First each input alone, with steps of its own; if none does it, all of them together.
    """
    together = Work(STEPS_TOGETHER)
    lines = [_lines(table, column, case[column.name]) for column in table.inputs]
    alone = [
        _search(table, case, [_whole(each)], said, Work(STEPS, together), fewest=1)
        for each in lines
        if each
    ]
    found = tuple(change for each in alone for change in each.found)
    given_up = tuple(change for each in alone for change in each.given_up)
    is_whole = not _joins_texts(table) or not any(map(_is_text, table.inputs))
    if found:
        return Changes(found, given_up, is_whole)
    some = [
        _whole([_same(column, case[column.name]), *each])
        for column, each in zip(table.inputs, lines, strict=True)
    ]
    several = _search(table, case, some, said, together, fewest=2)
    return Changes(several.found, (*given_up, *several.given_up), is_whole and several.is_whole)


def _is_text(column: Column) -> bool:
    return isinstance(column.type.present, TextType)


def _joins_texts(table: Table) -> bool:
    """Whether texts are joined on the way: then no list of texts stands for all of them."""
    return any(
        isinstance(part, Operation) and part.operator is Operator.JOIN
        for asked in with_called(table)
        for expression in _expressions(asked)
        for part in parts_of(expression)
    )


def _expressions(table: Table) -> Iterator[Expression]:
    yield from (each.expression for each in table.computed)
    for rule in table.rules:
        values = (outcome.value for outcome in rule.outcomes)
        yield from (each.expression for each in values if isinstance(each, Computed))


# ---------------------------------------------------------------- the other values of an input


@dataclass(frozen=True, slots=True)
class Line:
    """Other values of an input, the nearest first, numbered from 0: listed, or ranks from `start` on by `step`.

    `near` is how far away the first one is; `turn` is which line is shown where two are as near. A line
    that `is_last` comes after all others; one that `is_same` has the value that the case has.
    """

    column: Column
    values: tuple[Value, ...] = ()
    kind: ranks.OrderedType | None = None
    start: int = 0
    step: int = 1
    last: int | None = None
    near: int = 1
    turn: int = 0
    is_last: bool = False
    is_same: bool = False

    def value(self, number: int) -> Value:
        if self.kind is None:
            return self.values[number]
        return ranks.value_at(self.kind, self.start + self.step * number)

    def held(self, first: int, last: int | None) -> Held:
        """The values from number to number."""
        name = self.column.name
        rests = frozenset({name})
        if self.kind is None:
            assert last is not None
            return Held(frozenset(self.values[first : last + 1]), NOWHERE, rests, name)
        if first == last:
            return Held(frozenset({self.value(first)}), NOWHERE, rests, name)
        ends = [
            exact_at(self.kind, None if number is None else self.start + self.step * number)
            for number in (first, last)
        ]
        low, high = ends if self.step > 0 else reversed(ends)
        return Held(None, Reach(low, high), rests, name)

    def after(self, cut: Cut) -> int:
        """The number of the first value that lies beyond a cut."""
        assert self.kind is not None
        there = Reach(cut.value, cut.value)
        low, high = ranks_in(self.kind, there)
        assert low is not None and high is not None
        rank = high + 1 if cut.after else low
        return rank - self.start if self.step > 0 else self.start - rank + 1


def _lines(table: Table, column: Column, value: Value) -> list[Line]:
    """All other values of an input."""
    found = [line for line in _present(table, column, value) if line.last is None or line.last >= 0]
    if isinstance(column.type, OptionalType) and value is not None:
        found.append(_listed(column, (None,), is_last=True))
    return found


def _present(table: Table, column: Column, value: Value) -> Iterator[Line]:
    of, kind = column.type.present, ranks.ordered(column.type)
    if kind is not None:
        yield from _ranked(column, kind, value)
        return
    match of:
        case EnumerationType(_, members, is_ordered):
            names = tuple(member.name for member in members)
            if is_ordered and value is not None:
                place = names.index(str(value))
                yield _listed(column, names[:place][::-1])
                yield _listed(column, names[place + 1 :], turn=1)
            else:
                yield _listed(column, tuple(name for name in names if name != value))
        case BoolType():
            yield _listed(column, tuple(each for each in (False, True) if each is not value))
        case TextType():
            known = {*_texts(table)}
            texts = {each for each in known if isinstance(each, str)}
            prefixes = ["", *sorted(each.prefix for each in known if isinstance(each, Begun))]
            fresh = (_fresh(each, texts, prefixes) for each in prefixes)
            found = {*texts, *(each for each in fresh if each is not None)}
            yield _listed(column, tuple(sorted(found - {value})))
        case SetType(EnumerationType(_, members)):
            yield _listed(column, tuple(_sets([member.name for member in members], value)))
        case (
            IntType()
            | DecimalType()
            | DateType()
            | TimeType()
            | DatetimeType()
            | ListType()
            | SetType()
        ):
            raise AssertionError("what is ordered has ranks, and no other input is a list")
        case _:
            assert_never(of)


def _listed(
    column: Column, values: tuple[Value, ...], turn: int = 0, is_last: bool = False
) -> Line:
    return Line(column, values, last=len(values) - 1, turn=turn, is_last=is_last)


def _same(column: Column, value: Value) -> Line:
    return Line(column, (value,), last=0, near=0, is_same=True)


def _ranked(column: Column, kind: ranks.OrderedType, value: Value) -> Iterator[Line]:
    """Below and above; from the missing value, up from the lowest, down from the highest, or away from 0."""
    low, high = ranks.bounds(kind)
    if value is not None:
        assert not isinstance(value, str | bool | tuple | frozenset)
        rank, near = ranks.first_at(kind, value), 1
    elif low is not None:
        rank, near = low - 1, 0
    elif high is not None:
        rank, near = high + 1, 0
    else:
        rank, near = 0, 1
        yield Line(column, (), kind, 0, 1, 0, near=0)
    below = None if low is None else rank - 1 - low
    above = None if high is None else high - rank - 1
    yield Line(column, (), kind, rank - 1, -1, below, near)
    yield Line(column, (), kind, rank + 1, 1, above, near, turn=1)


def _sets(members: Sequence[str], value: Value) -> Iterator[frozenset[str]]:
    """The sets of members, those first that differ in the fewest; of many members not in more than some."""
    now = (
        frozenset(str(each) for each in value)
        if isinstance(value, frozenset | tuple)
        else frozenset()
    )
    most = len(members) if len(members) <= EVERY_SET else FEW_MEMBERS
    for number in range(1, most + 1):
        for changed in combinations(members, number):
            yield now.symmetric_difference(changed)


def _fresh(prefix: str, texts: AbstractSet[str], prefixes: Sequence[str]) -> str | None:
    """A text that begins so, is not named, and has no longer prefix; None where there is none."""
    longer = [each for each in prefixes if len(each) > len(prefix)]
    tries = candidates(prefix or "other", len(texts) + 2)
    for text in islice(tries, 2 * (len(texts) + len(longer)) + 8):
        if text not in texts and not any(text.startswith(each) for each in longer):
            return text
    return None


def _texts(table: Table) -> Iterator[str | Begun]:
    """The texts and prefixes that a table, or one that it calls, names: all others are alike to it."""
    for asked in with_called(table):
        for rule in asked.rules:
            for column, cell in zip(asked.columns, rule.conditions, strict=True):
                if isinstance(column.type.present, TextType):
                    yield from _texts_in(cell.test)
            for column, outcome in zip(asked.outputs, rule.outcomes, strict=False):
                if isinstance(column.type.present, TextType):
                    yield from _constant(outcome.value)
        for let in asked.lets:
            yield from (text for each in let.guard for text in _texts_in(each.condition.test))
        for call in calls(asked):
            for column, argument in zip(call.table.inputs, call.arguments, strict=True):
                if isinstance(column.type.present, TextType):
                    yield from _constant(argument)


def _texts_in(test: Test) -> Iterator[str | Begun]:
    match test:
        case Begins(prefix, but):
            yield Begun(prefix)
            for each in but:
                yield from _texts_in(each)
        case Equals(str(text)):
            yield text
        case AnyOf(tests) | NoneOf(tests) | AllOf(tests):
            for each in tests:
                yield from _texts_in(each)
        case Anything() | IsMissing() | IsPresent() | Equals() | Between() | Compared() | Holds():
            return
        case _:
            assert_never(test)


def _constant(value: object) -> Iterator[str]:
    if isinstance(value, Constant) and isinstance(value.value, str):
        yield value.value


# ---------------------------------------------------------------- the search


class Stretch(NamedTuple):
    """The values of a line from number to number, None is no end; and all values of `others`, where there are any.

    The others come after the first value, and the line is whole as long as there are others.
    """

    line: Line
    first: int
    last: int | None
    others: tuple[Line, ...] = ()

    @property
    def many(self) -> float:
        """How many there are on the line."""
        return inf if self.last is None else self.last - self.first + 1

    @property
    def held(self) -> Held:
        rest = (line.held(0, line.last) for line in self.others)
        return joined([self.line.held(self.first, self.last), *rest])


def _whole(lines: Sequence[Line]) -> Stretch:
    line, *others = sorted(
        lines, key=lambda each: (not each.is_same, each.is_last, each.near, each.turn)
    )
    return Stretch(line, 0, line.last, tuple(others))


Part: TypeAlias = tuple[Stretch, ...]
"""Cases: the values that the inputs may have which are to be changed."""


def _changed(part: Part) -> tuple[str, ...]:
    """The inputs that a part changes in each of its cases."""
    return tuple(each.line.column.name for each in part if not each.line.is_same)


def _nearness(part: Part, fewest: int) -> tuple[object, ...]:
    """By what parts are compared: how many inputs change, how far away their nearest values are, whose turn it is."""
    far = ((each.line.is_last, each.line.near + each.first) for each in part)
    return (max(len(_changed(part)), fewest), *far, *(each.line.turn for each in part))


def _search(
    table: Table, case: Case, whole: Sequence[Stretch], said: Said, work: Work, *, fewest: int
) -> Changes:
    """The nearest changes in a part, where less than the fewest inputs do not do it."""
    order, is_whole = count(), True
    held = {name: just(value) for name, value in case.items()}
    found: dict[tuple[str, ...], Case] = {}
    given_up: dict[tuple[str, ...], Case] = {}
    waiting: list[tuple[tuple[object, ...], int, Part, Alive]] = []
    heappush(waiting, (_nearness(tuple(whole), fewest), next(order), tuple(whole), {}))
    while waiting:
        _, _, part, alive = heappop(waiting)
        names = _changed(part)
        if found and len(names) > len(next(iter(found))):
            break
        is_known = names in found or len(names) < fewest
        if is_known and not any(each.others for each in part):
            continue
        nearest = {
            each.line.column.name: each.line.value(each.first)
            for each in part
            if not each.line.is_same
        }
        reading = Reading(work, alive)
        try:
            looked = {each.line.column.name: each.held for each in part}
            answers = reading.asked(table, {**held, **looked})
        except OverBudget:
            given_up.setdefault(names, nearest)
            is_whole = fewest == 1
            break
        if answers.is_always(said):
            continue
        if answers.is_never(said):
            found.setdefault(names, nearest)
        elif any(each.last is None and each.first > FAR for each in part):
            given_up.setdefault(names, nearest)
        else:
            for half in _cut(part, reading):
                heappush(waiting, (_nearness(half, fewest), next(order), half, reading.alive))
    open_ones = {names: each for names, each in given_up.items() if len(names) >= fewest}
    return Changes(_in_order(found, table), _in_order(open_ones, table), is_whole)


def _in_order(changes: Mapping[tuple[str, ...], Case], table: Table) -> tuple[Case, ...]:
    """In the order of the inputs that they change."""
    places = {column.name: place for place, column in enumerate(table.inputs)}
    order = sorted(changes, key=lambda names: [places[name] for name in names])
    return tuple(changes[names] for names in order)


def _cut(part: Part, reading: Reading) -> Iterator[Part]:
    """A part in two: where a cell says that things change, or else the widest stretch of those to blame."""
    wide = [place for place, each in enumerate(part) if each.many > 1 or each.others]
    assert wide, "one case is known exactly"
    blamed = [place for place in wide if part[place].line.column.name in reading.blamed] or wide
    for place in blamed:
        line, first, last, others = part[place]
        if others:
            for stretch in (Stretch(line, first, last), _whole(others)):
                yield (*part[:place], stretch, *part[place + 1 :])
            return
    for place in blamed:
        numbers = _cuts_in(part[place], reading.cuts.get(part[place].line.column.name, ()))
        if numbers:
            yield from _halves(part, place, numbers[len(numbers) // 2])
            return
    place = max(blamed, key=lambda place: part[place].many)
    _, first, last, _ = part[place]
    twice = 2 * first + 1
    middle = twice if last is None else min(twice, first + (last - first) // 2 + 1)
    yield from _halves(part, place, middle)


def _cuts_in(stretch: Stretch, cuts: Iterable[Cut]) -> list[int]:
    line, first, last, _ = stretch
    if line.kind is None:
        return []
    numbers = {line.after(cut) for cut in cuts}
    return sorted(
        number for number in numbers if first < number and (last is None or number <= last)
    )


def _halves(part: Part, place: int, number: int) -> Iterator[Part]:
    line, first, last, _ = part[place]
    for stretch in (Stretch(line, first, number - 1), Stretch(line, number, last)):
        yield (*part[:place], stretch, *part[place + 1 :])
