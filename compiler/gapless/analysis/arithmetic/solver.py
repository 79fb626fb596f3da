"""Whether some case really has the derived values that a box asks for: one is shown, or none is proved.

Branch and prune (P. van Hentenryck, L. Michel and Y. Deville, Numerica, 1997): a part of the cases is
narrowed by what its columns can reach (HC4, F. Benhamou, 1999), tried at a few values, and cut in
two, until it is empty, or a single case. What is left when the steps are used up is not known, and
said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from gapless.analysis.arithmetic.dependent import (
    Case,
    Ends,
    Exactly,
    Following,
    Intervals,
    Part,
    Undefined,
    atoms_in,
    exact_at,
    hull,
    ranks_in,
    within,
)
from gapless.analysis.arithmetic.linear import contradictory, cycle
from gapless.analysis.coverage.budget import OverBudget, Work
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE, Ordering
from gapless.analysis.domain.partition import Box, Run
from gapless.model import (
    ColumnValue,
    Elapsed,
    Expression,
    Operation,
    Operator,
    Rounded,
    TextType,
    Value,
)
from gapless.model.intervals import Reach, coarse, days_apart, minus, plus, reach_of

STEPS = 1_500
"""How many parts are looked at before a question is left open."""

LINEAR_STEPS = 8
"""In so many first parts sums are looked at together: what that does not see at once it rarely sees."""


ROUNDS = 8
"""So often is a part narrowed by all its columns before it is cut."""

PER_COLUMN = 50
"""What each column that is worked out adds to a look at a part, in steps as all questions count them."""


class Answer(Enum):
    """What else can come out: that no case is in the box, or that it is not known."""

    NEVER = "never"
    UNKNOWN = "unknown"


Accept: TypeAlias = Callable[[Exactly], bool]


def solve(following: Following, box: Box, accept: Accept | None = None) -> Case | Answer:
    """A case in `box`, a box of all axes, that `accept` takes; or why there is none to show."""
    search = _Search(following, box, accept)
    if cycle(following, box, search.derived):
        return Answer.NEVER
    parts = [Part([*box], {})]
    work, price = search.work, search.price
    for step in range(STEPS):
        if not parts:
            return search.nothing
        if work.left < price:
            return Answer.UNKNOWN
        work.spend(price)
        search.paid = price
        part = parts.pop()
        try:
            is_left = search.narrow(part)
        except OverBudget:
            return Answer.UNKNOWN
        if is_left:
            case = search.tried(part)
            if case is not None:
                return case
            if step >= LINEAR_STEPS or not contradictory(following, part, search.derived):
                parts.extend(search.cut(part))
    return Answer.UNKNOWN if parts else search.nothing


def widened(following: Following, box: Box) -> Box:
    """A box without cases, as wide as the reason for it: only the columns that play a part keep theirs."""
    kept = cycle(following, box, following.derived) or _part_of_it(following, box)
    return tuple(
        mask if place in kept else following.wholes[place] for place, mask in enumerate(box)
    )


def _part_of_it(following: Following, box: Box) -> frozenset[int]:
    narrowed = [
        place
        for place, mask in enumerate(box)
        if place >= following.inputs and mask != following.wholes[place]
    ]
    return following.rests_on(narrowed)


class _Search:
    """What a search for one box has in hand."""

    def __init__(self, following: Following, box: Box, accept: Accept | None) -> None:
        self.following = following
        self.accept = accept
        asked = _part_of_it(following, box) if accept is None else range(len(following.axes))
        self.derived = sorted(place for place in asked if place >= following.inputs)
        self.inputs = sorted(place for place in asked if place < following.inputs)
        self.work = Work.of(STEPS * self.price)
        self.paid = 0
        """So many bounds may still be worked backwards in this look for its price; more are counted one by one."""

    @property
    def price(self) -> int:
        """The steps that a look at a part takes, counted as questions count them."""
        return PER_COLUMN * (1 + len(self.derived))

    @property
    def nothing(self) -> Answer:
        """What it says that no part is left: among texts nobody can look at all of them."""
        types = (self.following.axes[place].column.type for place in (*self.inputs, *self.derived))
        texts = any(TextType() in (type, getattr(type, "of", None)) for type in types)
        return Answer.UNKNOWN if texts else Answer.NEVER

    # ------------------------------------------------------------ narrowing

    def narrow(self, part: Part) -> bool:
        """Take out of a part what cannot be, as long as that goes on; whether anything is left.

        Raises OverBudget.
        """
        seen, reaching = part.copy(), Intervals(self.following, part)
        for _ in range(ROUNDS):
            before = part.copy()
            for place in self.derived:
                if part != seen:  # what was found of columns holds as long as nothing is taken out
                    seen, reaching = part.copy(), Intervals(self.following, part)
                if not self._narrow_by(part, place, reaching):
                    return False
            if part == before:
                return not part.is_empty
        return not part.is_empty

    def _narrow_by(self, part: Part, place: int, reaching: Intervals) -> bool:
        axis, definition = self.following.axes[place], self.following.definition(place)
        if isinstance(definition, Ordering):
            part.masks[place] &= reaching.order(place)
            self._order(part, place, definition, reaching)
        else:
            assert definition is not None
            part.masks[place] &= atoms_in(axis, reaching.defined(place))
            self._push(part, definition, hull(axis, part.masks[place]), reaching)
        return not part.is_empty

    def _order(self, part: Part, place: int, ordering: Ordering, reaching: Intervals) -> None:
        """Where the order of two columns is settled, each bounds the other."""
        axis = self.following.axes[place]
        signs = {axis.sample(number) for number in bits(part.masks[place])}
        if None in signs:
            return
        self._present(part, (ordering.left, ordering.right))
        if ordering.members or (not signs <= {BELOW, LIKE} and not signs <= {ABOVE, LIKE}):
            return
        left, right = ordering.left, ordering.right
        if ABOVE in signs:
            left, right = right, left
        one, other = reaching.of(ordering, left), reaching.of(ordering, right)
        strict = LIKE not in signs
        self._push(part, left, Reach(high=other.high), reaching, strict)
        self._push(part, right, Reach(low=one.low), reaching, strict)
        if signs == {LIKE}:
            self._push(part, left, Reach(low=other.low), reaching)
            self._push(part, right, Reach(high=one.high), reaching)

    def _present(self, part: Part, ends: Sequence[Expression]) -> None:
        for end in ends:
            if isinstance(end, ColumnValue) and end.column in self.following.places:
                place = self.following.places[end.column]
                part.masks[place] &= ~self.following.axes[place].atom_of(None)

    def _push(
        self,
        part: Part,
        expression: Expression,
        wanted: Reach,
        reaching: Intervals,
        strict: bool = False,
    ) -> None:
        """Bound the inputs of an expression by what it has to come to (HC4-revise, F. Benhamou 1999).

        Raises OverBudget.
        """
        if wanted.absent:
            return
        if self.paid:
            self.paid -= 1
        else:
            self.work.spend(1)
        wanted = coarse(wanted)
        match expression:
            case ColumnValue(name) if name in self.following.places:
                self._bound(part, self.following.places[name], wanted, reaching, strict)
            case Operation(operator, operands):
                known = [reach_of(each, reaching.reach) for each in operands]
                for number, operand in enumerate(operands):
                    asked = inverse(operator, wanted, known, number)
                    if asked is not None:
                        self._push(part, operand, asked, reaching)
            case Rounded(of, digits):
                unit = Fraction(10) ** -digits
                low = None if wanted.low is None else wanted.low - unit
                high = None if wanted.high is None else wanted.high + unit
                self._push(part, of, Reach(low, high), reaching)
            case Elapsed(start, end, unit, month_end):
                days = days_apart(unit, wanted, month_end)
                known = [reach_of(each, reaching.reach) for each in (end, start)]
                for number, day in enumerate((end, start)):
                    asked = inverse(Operator.SUBTRACT, days, known, number)
                    assert asked is not None
                    self._push(part, day, asked, reaching)
            case _:
                return

    def _bound(
        self, part: Part, place: int, wanted: Reach, reaching: Intervals, strict: bool
    ) -> None:
        axis, definition = self.following.axes[place], self.following.definition(place)
        self._present(part, (ColumnValue(axis.column.name),))
        kind = axis.kind
        if kind is None:
            return
        low, high = ranks_in(kind, wanted)
        if strict and low is not None and exact_at(kind, low) == wanted.low:
            low += 1
        if strict and high is not None and exact_at(kind, high) == wanted.high:
            high -= 1
        reach = Reach(exact_at(kind, low), exact_at(kind, high))
        part.masks[place] &= atoms_in(axis, reach)
        if definition is None:
            part.ends[place] = within(part.ends.get(place), (low, high))
        elif not isinstance(definition, Ordering) and reaching.is_news(place, reach):
            self._push(part, definition, reach, reaching)

    # ------------------------------------------------------------ trying

    def tried(self, part: Part) -> Case | None:
        """One of a few cases in a part that has the derived values that it asks for."""
        seen = set()
        for choose in (natural, lowest, highest, middle):
            case = tuple(
                choose(self.following, part, place) for place in range(self.following.inputs)
            )
            if case not in seen and self._fits(part, case):
                return case
            seen.add(case)
        return None

    def _fits(self, part: Part, case: Case) -> bool:
        exactly = Exactly(self.following, case)
        try:
            for place in self.derived:
                if not part.masks[place] >> exactly.atom(place) & 1:
                    return False
            return self.accept is None or self.accept(exactly)
        except Undefined:
            return False

    # ------------------------------------------------------------ cutting

    def cut(self, part: Part) -> Iterator[Part]:
        """The part in two; nothing of a single case, which was tried."""
        for place in self.derived:
            ordering = isinstance(self.following.definition(place), Ordering)
            if ordering and part.masks[place].bit_count() > 1:
                yield from _by_atoms(part, place)
                return
        many = [place for place in self.inputs if part.masks[place].bit_count() > 1]
        if many:
            yield from _by_atoms(part, max(many, key=lambda place: part.masks[place].bit_count()))
            return
        wide = [(width, place) for place in self.inputs if (width := self._width(part, place)) > 1]
        if wide:
            yield from self._by_ranks(part, max(wide)[1])

    def _width(self, part: Part, place: int) -> int:
        """How many values a column has left, at most so many."""
        low, high = self._ends(part, place)
        if low is None or high is None:
            return FAR * FAR if self._run(part, place) is not None else 1
        return high - low + 1

    def _by_ranks(self, part: Part, place: int) -> Iterator[Part]:
        low, high = self._ends(part, place)
        if low is None and high is None:
            middle = 0
        elif high is None:
            assert low is not None
            middle = low + max(FAR, abs(low))
        elif low is None:
            middle = high - max(FAR, abs(high))
        else:
            middle = (low + high) // 2
        for ends in ((middle + 1, high), (low, middle)):
            half = part.copy()
            half.ends[place] = ends
            yield half

    def _ends(self, part: Part, place: int) -> Ends:
        run = self._run(part, place)
        return (0, 0) if run is None else within(part.ends.get(place), (run.low, run.high))

    def _run(self, part: Part, place: int) -> Run | None:
        """The one stretch that an input has left, if it is one."""
        atom = self.following.axes[place].atoms[part.masks[place].bit_length() - 1]
        return atom if isinstance(atom, Run) else None


def _by_atoms(part: Part, place: int) -> Iterator[Part]:
    """Half of the atoms each."""
    numbers = [*bits(part.masks[place])]
    for some in (numbers[len(numbers) // 2 :], numbers[: len(numbers) // 2]):
        half = part.copy()
        half.masks[place] = sum(1 << number for number in some)
        yield half


# ---------------------------------------------------------------- candidates


FAR = 1 << 20
"""An open stretch is first cut so far from its end."""


def natural(following: Following, part: Part, place: int) -> Value:
    """What is shown of a stretch anyway, or the nearest to it within the ranks that are left."""
    axis, ends = following.axes[place], part.ends.get(place)
    value = axis.example(part.masks[place])
    kind = axis.kind
    if ends is None or kind is None or value is None:
        return value
    assert not isinstance(value, str | bool | tuple | frozenset)
    rank = ranks.first_at(kind, value)
    if ends[0] is not None:
        rank = max(rank, ends[0])
    if ends[1] is not None:
        rank = min(rank, ends[1])
    found = ranks.value_at(kind, rank)
    number = axis.locate(found)
    inside = number is not None and part.masks[place] >> number & 1
    return found if inside else lowest(following, part, place)


def _at(step: int, following: Following, part: Part, place: int) -> Value:
    """The lowest, a middle or the highest value left; one near the open end where there is none."""
    axis = following.axes[place]
    numbers = [*bits(part.masks[place])]
    number = numbers[(0, len(numbers) // 2, -1)[step]]
    atom, kind = axis.atoms[number], axis.kind
    if not isinstance(atom, Run) or kind is None:
        return axis.sample(number)
    low, high = within(part.ends.get(place), (atom.low, atom.high))
    if low is not None and high is not None and low > high:
        low, high = atom.low, atom.high  # another stretch holds what is left
    if low is None and high is None:
        low, high = -FAR, FAR
    elif low is None:
        assert high is not None
        low = high - FAR
    elif high is None:
        high = low + FAR
    assert low is not None and high is not None
    return ranks.value_at(kind, (low, (low + high) // 2, high)[step])


lowest, middle, highest = (partial(_at, step) for step in range(3))


# ---------------------------------------------------------------- arithmetic backwards


def inverse(operator: Operator, wanted: Reach, known: Sequence[Reach], at: int) -> Reach | None:
    """What operand number `at` has to be for the whole to be as wanted; None where nothing is known."""
    match operator:
        case Operator.ADD:
            return minus(wanted, known[1 - at])
        case Operator.SUBTRACT:
            return plus(wanted, known[1]) if at == 0 else minus(known[0], wanted)
        case Operator.MULTIPLY:
            return _divided(wanted, known[1 - at])
        case Operator.LEAST:
            return Reach(low=wanted.low)
        case Operator.GREATEST:
            return Reach(high=wanted.high)
    return None


def _divided(one: Reach, other: Reach) -> Reach | None:
    """By a positive number; nothing is said of others."""
    if other.low is None or other.low <= 0:
        return None
    low = None if one.low is None else _nearer(one.low, other, is_low=True)
    high = None if one.high is None else _nearer(one.high, other, is_low=False)
    return Reach(low, high)


def _nearer(end: Fraction, other: Reach, *, is_low: bool) -> Fraction:
    """An end divided by whichever end of the divisor takes in more."""
    assert other.low is not None
    by_high = Fraction(0) if other.high is None else end / other.high
    return min(end / other.low, by_high) if is_low else max(end / other.low, by_high)
