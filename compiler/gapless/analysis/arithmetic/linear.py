"""What sums and orders of columns cannot be all at once: contradictions that need no search.

Sums by Fourier-Motzkin elimination over fractions (T. S. Motzkin, 1936): exact for what is linear. A
product of columns, a rounding, a choice of the least are variables of their own, with what is known of
them. Orders that go round, `a < b`, `b <= c`, `c <= a`, by a shortest cycle: a system of differences is
consistent unless some cycle is strict (R. Dechter, I. Meiri and J. Pearl, 1991).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from gapless.analysis.arithmetic.dependent import Following, Intervals, Part, hull
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Ordering
from gapless.model import (
    ColumnValue,
    Constant,
    DateUnit,
    DecimalType,
    Elapsed,
    Expression,
    MonthEnd,
    Operation,
    Operator,
    Rounded,
    Shifted,
    exact,
)
from gapless.model.intervals import Reach, days_apart, may_lack_day, reach_of, reach_of_value

MOST = 80
"""With more constraints than this nothing is said."""

Term: TypeAlias = Expression
Form: TypeAlias = Mapping[Term | None, Fraction]
"""Factors of columns and of what is not linear in them; under None what is added to it all.

As a constraint: it is not negative.
"""


def contradictory(following: Following, part: Part, places: list[int]) -> bool:
    """Whether a part is proved to be empty by what the derived columns `places` ask of sums."""
    system = _System(following, Intervals(following, part))
    asked = [form for place in places for form in system.asked(part, place)]
    constraints = [*asked, *system.known(asked)]
    numbers: dict[Term | None, int] = {None: 0}
    for form in constraints:
        for term in form:
            numbers.setdefault(term, len(numbers))
    return _unsatisfiable(
        [{numbers[term]: factor for term, factor in form.items()} for form in constraints]
    )


@dataclass(slots=True)
class _System:
    following: Following
    reaching: Intervals

    def asked(self, part: Part, place: int) -> Iterator[Form]:
        """What the atoms that a derived column has left ask of the columns it follows from."""
        definition, axis = self.following.definition(place), self.following.axes[place]
        if isinstance(definition, Ordering):
            signs = {axis.sample(number) for number in bits(part.masks[place])}
            yield from self._ordered(definition, signs)
            return
        left = hull(axis, part.masks[place])
        if definition is not None and not left.absent and axis.kind is not None:
            yield from _between(self.form(definition), left)
            if isinstance(definition, Elapsed):
                yield from self._apart(definition, left)

    def _apart(self, passed: Elapsed, count: Reach) -> Iterator[Form]:
        """What so many whole units between two days ask of the days, and years of the months."""
        start, end, unit = passed.start, passed.end, passed.unit
        days = days_apart(unit, count, passed.month_end)
        yield from _between(_minus(self.form(end), self.form(start)), days)
        yield from self._due(passed, count)
        if unit is DateUnit.YEAR:
            low, high = (None if each is None else 12 * each for each in count[:2])
            months = Reach(
                low if low is None or low > 0 else low - 11,
                high if high is None or high < 0 else high + 11,
            )
            yield from _between(self.form(replace(passed, unit=DateUnit.MONTH)), months)

    def _due(self, passed: Elapsed, count: Reach) -> Iterator[Form]:
        """So many units have passed from the day on that is so many later, and no sooner."""
        for number in (count.low, None if count.high is None else count.high + 1):
            if number is None or number < 1:
                continue
            later = Shifted(passed.start, Constant(int(number)), passed.unit, passed.month_end)
            since = _minus(self.form(passed.end), self.form(later))
            if number == count.low:
                yield since
            elif not reach_of(later, self.reaching.reach).absent:
                yield _plus(_times(since, -1), {None: Fraction(-1)})

    def _ordered(self, ordering: Ordering, signs: AbstractSet[object]) -> Iterator[Form]:
        if ordering.members or None in signs:
            return
        apart = _minus(self.form(ordering.right), self.form(ordering.left))
        if not signs - {BELOW, LIKE}:
            yield _plus(apart, {None: -self._tick(ordering) * (LIKE not in signs)})
        if not signs - {ABOVE, LIKE}:
            yield _plus(_times(apart, -1), {None: -self._tick(ordering) * (LIKE not in signs)})

    def _tick(self, ordering: Ordering) -> Fraction:
        """The least by which the two can differ."""
        digits = [0]
        for end in (ordering.left, ordering.right):
            name = end.column if isinstance(end, ColumnValue) else None
            place = self.following.places.get(name) if name is not None else None
            kind = None if place is None else self.following.axes[place].kind
            if kind is None:
                return Fraction(0)
            digits.append(kind.digits if isinstance(kind, DecimalType) else 0)
        return Fraction(1, 10 ** max(digits))

    def known(self, constraints: list[Form]) -> Iterator[Form]:
        """What is known of the terms of some constraints: how far they reach, and how they hang together."""
        waiting = [term for form in constraints for term in form if term is not None]
        seen: set[Term] = set()
        while waiting:
            term = waiting.pop()
            if term in seen:
                continue
            seen.add(term)
            reach = reach_of(term, self.reaching.reach)
            reaching = () if reach.empty else _between({term: Fraction(1)}, reach)
            for form in (*reaching, *self._related(term)):
                waiting.extend(other for other in form if other is not None)
                yield form

    def _related(self, term: Term) -> Iterator[Form]:
        """How what is not linear stands to what it is made of."""
        one: Form = {term: Fraction(1)}
        match term:
            case Rounded(of, digits):
                unit = Fraction(10) ** -digits
                off = _minus(one, self.form(of))
                yield from _between(off, Reach(-unit, unit))
            case Shifted(day, count, unit, MonthEnd.NEXT):
                last = self.form(replace(term, month_end=MonthEnd.LAST))
                start, units = (reach_of(each, self.reaching.reach) for each in (day, count))
                most = Fraction(1 if may_lack_day(start, units, unit) else 0)
                yield from _between(_minus(one, last), Reach(Fraction(0), most))
            case Operation(Operator.LEAST, operands):
                yield from (_minus(self.form(each), one) for each in operands)
            case Operation(Operator.GREATEST, operands):
                yield from (_minus(one, self.form(each)) for each in operands)
            case Operation(Operator.MAGNITUDE, (operand,)):
                yield _minus(one, self.form(operand))
                yield _plus(one, self.form(operand))

    def form(self, expression: Expression) -> Form:
        """An expression as a sum; what is not one is a term of its own."""
        match expression:
            case Constant(value):
                reach = reach_of_value(value)
                return {expression: Fraction(1)} if reach.low is None else {None: reach.low}
            case Shifted(_, Constant(int(count)), DateUnit.YEAR):
                months = replace(expression, count=Constant(12 * count), unit=DateUnit.MONTH)
                return {months: Fraction(1)}
            case ColumnValue(column):
                place = self.following.places.get(column)
                definition = None if place is None else self.following.definition(place)
                if definition is not None and not isinstance(definition, Ordering):
                    return self.form(definition)
            case Operation(Operator.ADD, (left, right)):
                return _plus(self.form(left), self.form(right))
            case Operation(Operator.SUBTRACT, (left, right)):
                return _minus(self.form(left), self.form(right))
            case Operation(Operator.MULTIPLY, (Constant(value), other)):
                return _times(self.form(other), _fraction(value))
            case Operation(Operator.MULTIPLY | Operator.DIVIDE as sign, (other, Constant(value))):
                factor = _fraction(value)
                if sign is Operator.MULTIPLY:
                    return _times(self.form(other), factor)
                if factor:
                    return _times(self.form(other), 1 / factor)
        return {expression: Fraction(1)}


def _fraction(value: object) -> Fraction:
    found = exact(value)  # type: ignore[arg-type]
    assert isinstance(found, Fraction)
    return found


def _between(form: Form, reach: Reach) -> Iterator[Form]:
    if reach.low is not None:
        yield _plus(form, {None: -reach.low})
    if reach.high is not None:
        yield _plus(_times(form, -1), {None: reach.high})


def _plus(one: Form, other: Form) -> Form:
    found = dict(one)
    for term, factor in other.items():
        found[term] = found.get(term, Fraction(0)) + factor
    return {term: factor for term, factor in found.items() if factor}


def _minus(one: Form, other: Form) -> Form:
    return _plus(one, _times(other, -1))


def _times(form: Form, factor: Fraction | int) -> Form:
    return {term: each * factor for term, each in form.items() if each * factor}


Row: TypeAlias = Mapping[int, Fraction]
"""A constraint, its terms by number from 1 on; 0 is what is added."""


def _unsatisfiable(rows: Sequence[Row]) -> bool:
    """Whether no values satisfy all constraints: terms are eliminated one after the other."""
    while True:
        left: dict[tuple[tuple[int, Fraction], ...], Row] = {}
        for row in rows:
            if any(row):  # rows that differ in scale alone are one
                items = sorted(row.items())
                scale = next(abs(factor) for term, factor in items if term)
                left.setdefault(tuple((term, factor / scale) for term, factor in items), row)
            elif row.get(0, 0) < 0:
                return True
        terms = {term for row in left.values() for term in row if term}
        if not terms or len(left) > MOST:
            return False
        rows = [*left.values()]
        cheapest = min(sorted(terms), key=lambda term: _price(rows, term))
        rows = [*_without(rows, cheapest)]


def _price(rows: Sequence[Row], term: int) -> int:
    above = sum(row.get(term, 0) > 0 for row in rows)
    below = sum(row.get(term, 0) < 0 for row in rows)
    return above * below - above - below


def _without(rows: Sequence[Row], term: int) -> Iterator[Row]:
    """What the rows say of the other terms."""
    above = [row for row in rows if row.get(term, 0) > 0]
    below = [row for row in rows if row.get(term, 0) < 0]
    yield from (row for row in rows if term not in row)
    for one in above:
        for other in below:
            first, second = 1 / one[term], -1 / other[term]
            found = {each: factor * first for each, factor in one.items()}
            for each, factor in other.items():
                found[each] = found.get(each, Fraction(0)) + factor * second
            yield {each: factor for each, factor in found.items() if factor}


# ---------------------------------------------------------------- orders that go round


End: TypeAlias = tuple[Constant | ColumnValue, tuple[str, ...]]
"""What is compared, and the ordered list by which it is, if it is by one."""


class _Order(NamedTuple):
    """How a comparison, which is axis `place`, may stand."""

    place: int
    left: End
    right: End
    signs: frozenset[object]


def cycle(following: Following, masks: Sequence[int], places: Iterable[int]) -> tuple[int, ...]:
    """Comparisons among `places` that cannot all be as the masks of their axes have it; empty if none are found.

    The fewest that are found from any one of them.
    """
    orders = [*_orders(following, masks, places)]
    steps: dict[End, list[tuple[End, int]]] = {}
    for place, low, high in (each for order in orders for each in _rising(order)):
        steps.setdefault(low, []).append((high, place))
    found: list[tuple[int, ...]] = []
    for order in orders:
        ways = [_way(steps, *ends) for ends in _barring(order)]
        if ways and all(way is not None for way in ways):
            found.append((order.place, *(place for way in ways for place in way or ())))
    return tuple(sorted(set(min(found, key=lambda each: len(set(each)), default=()))))


def _orders(following: Following, masks: Sequence[int], places: Iterable[int]) -> Iterator[_Order]:
    """The comparisons whose ends are there, whatever else holds."""
    for place in places:
        definition, axis = following.definition(place), following.axes[place]
        if isinstance(definition, Ordering) and masks[place] != axis.whole:
            signs = frozenset(axis.sample(number) for number in bits(masks[place]))
            if None not in signs:
                members = definition.members
                yield _Order(place, (definition.left, members), (definition.right, members), signs)


def _rising(order: _Order) -> Iterator[tuple[int, End, End]]:
    """The first end is at most the second."""
    if order.signs <= {BELOW, LIKE}:
        yield order.place, order.left, order.right
    if order.signs <= {ABOVE, LIKE}:
        yield order.place, order.right, order.left


def _barring(order: _Order) -> Iterator[tuple[End, End]]:
    """If the first end of each of these were at most the second, the comparison could not be so."""
    if LIKE in order.signs:
        return
    if ABOVE not in order.signs:
        yield order.right, order.left
    elif BELOW not in order.signs:
        yield order.left, order.right
    else:
        yield from ((order.left, order.right), (order.right, order.left))


def _way(steps: dict[End, list[tuple[End, int]]], start: End, goal: End) -> tuple[int, ...] | None:
    """The comparisons on a shortest way up from one end to another."""
    reached: dict[End, tuple[int, ...]] = {start: ()}
    waiting = [start]
    for end in waiting:
        if end == goal:
            return reached[end]
        for higher, place in steps.get(end, ()):
            if higher not in reached:
                reached[higher] = (*reached[end], place)
                waiting.append(higher)
    return None
