"""What modules of Python define beside their tables: each takes over just what it uses of this.

It is written into them as it stands, and imports nothing but the standard library. A mark
below tells what stands before a module's tables from what stands behind.
"""

# ruff: noqa: F401, what modules import is taken from here too
# fmt: off

from __future__ import annotations

import datetime
from binascii import a2b_base64
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    Context,
    Decimal,
    Inexact,
    localcontext,
)
from fractions import Fraction
from functools import cache, lru_cache, wraps
from itertools import accumulate, starmap
from operator import itemgetter, xor
from struct import unpack
from typing import (
    Any,
    Final,
    Generic,
    Literal,
    NamedTuple,
    ParamSpec,
    Self,
    TypeAlias,
    TypeVar,
    get_args,
)

_ABSENT: Final = object()
_Answer = TypeVar("_Answer")
_Basis: TypeAlias = Literal["stated", "inferred", "silent"]
_Member = TypeVar("_Member", bound=str)
_Arguments = ParamSpec("_Arguments")


class InputError(ValueError):
    """An argument is not what its column allows; nothing was decided."""

    def __init__(self, argument: str, value: object, allowed: str) -> None:
        super().__init__(argument, value, allowed)
        self.argument, self.value, self.allowed = argument, value, allowed

    def __str__(self) -> str:
        return f"{self.argument} must be {self.allowed}; got {_shown(self.value)}"


class _Record(tuple[Any, ...]):
    """A tuple whose items have the names that its class declares."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        type.__setattr__(cls, "__match_args__", tuple(cls.__annotations__))
        for at, name in enumerate(cls.__match_args__):
            setattr(cls, name, property(itemgetter(at)))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        named = (f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({', '.join(named)})"

    def _asdict(self) -> dict[str, Any]:
        """The items by their names."""
        return dict(zip(self.__match_args__, self, strict=True))


class Citation(_Record):
    """A section of a source; `title` is what the source itself calls it."""

    __slots__ = ()
    source: str
    section: str
    title: str

    def __new__(cls, source: str, section: str, title: str = "") -> Self:
        return _Record.__new__(cls, (source, section, title))


class _RefusalError(Exception):
    """Rule `rule` of `table` gives no answer, for `reason`."""

    _said: str

    def __init__(
        self, table: str, rule: str, reason: str, citations: tuple[Citation, ...]
    ) -> None:
        super().__init__(table, rule, reason, citations)
        self.table, self.rule = table, rule
        self.reason, self.citations = reason, citations

    def __str__(self) -> str:
        cited = ", ".join(f"{each.source}.{each.section}" for each in self.citations)
        why = " ".join(filter(None, (self.reason, f"[{cited}]" if cited else "")))
        told = f"{self._said} ({self.table}, rule {self.rule})"
        return f"{told}: {why}" if why else told


class ImpossibleError(_RefusalError, ValueError):
    """Rule `rule` of `table` says, for `reason`, that this case cannot happen."""

    _said = "this case cannot happen"


class DraftError(_RefusalError, NotImplementedError):
    """What `table` answers here is still to be decided: rule `rule` is a draft."""

    _said = "this case is still to be decided"


class OutcomeError(ArithmeticError):
    """What rule `rule` of `table` works out is no `value` that its `output` allows."""

    def __init__(self, table: str, rule: str, output: str, value: object) -> None:
        super().__init__(table, rule, output, value)
        self.table, self.rule = table, rule
        self.output, self.value = output, value

    def __str__(self) -> str:
        said = "nothing" if self.value is None else _shown(self.value)
        place = f"{self.table}, rule {self.rule}"
        return f"{self.output} comes to {said}, which it cannot be ({place})"


class Explanation(_Record, Generic[_Answer]):
    """The answer of one case, the rule that gave it, and why.

    `basis` is how the rule rests on what it cites; `uses` are the explanations of the
    tables that were called on the way, in that order.
    Where rules answer together, `parts` are what each of them adds, and why.
    `outcomes` has the rows that each output rests on, where they are not just its own;
    `asked` are rows that only decided which others apply.
    """

    __slots__ = ()
    table: str
    rule: str
    answer: _Answer
    basis: _Basis | str
    reason: str
    citations: tuple[Citation, ...]
    annotations: tuple[tuple[str, str], ...]
    uses: tuple[Explanation[Any], ...]
    parts: tuple[Explanation[_Answer], ...]
    outcomes: tuple[tuple[str, tuple[Explanation[Any], ...]], ...]
    asked: tuple[Explanation[Any], ...]

    def __new__(
        cls, table: str, rule: str, answer: _Answer, basis: _Basis | str = "stated",
        reason: str = "", citations: tuple[Citation, ...] = (),
        annotations: tuple[tuple[str, str], ...] = (),
        uses: tuple[Explanation[Any], ...] = (),
        parts: tuple[Explanation[_Answer], ...] = (),
        outcomes: tuple[tuple[str, tuple[Explanation[Any], ...]], ...] = (),
        asked: tuple[Explanation[Any], ...] = (),
    ) -> Self:
        why: tuple[Any, ...] = (basis, reason, citations, annotations, uses)
        why += (parts,)
        why += (outcomes, asked)
        return _Record.__new__(cls, (table, rule, answer, *why))

    def using(self, uses: tuple[Explanation[Any], ...]) -> Explanation[_Answer]:
        """The same, resting on `uses`."""
        return _Record.__new__(type(self), (*self[:7], uses, *self[8:]))

    # ---- marks

    def basis_of(self, output: str) -> str:
        """How one output rests on the sources, by the name of its column."""
        pairs = (each.partition(": ") for each in self.basis.split("; "))
        told = {name: basis for name, _, basis in pairs if basis}
        told |= {name: "stated" for name, rows in self.outcomes if not rows}
        return told.get(output, "stated" if ": " in self.basis else self.basis)

    # ---- calls

    @property
    def rows(self) -> tuple[Explanation[Any], ...]:
        """The rows that the answer rests on, depth first, each once."""
        own: tuple[Explanation[Any], ...] = (self,)
        own = self.parts or own
        flowing = dict.fromkeys(row for _, rows in self.outcomes for row in rows)
        return tuple(flowing) if self.outcomes else own

    def rows_of(self, output: str) -> tuple[Explanation[Any], ...]:
        """The rows that one output rests on, by the name of its column."""
        return dict(self.outcomes)[output] if self.outcomes else self.rows


_Rules: TypeAlias = dict[str, Explanation[_Answer]]
_Rule: TypeAlias = tuple[
    str, _Answer, _Basis | str, str, tuple[Citation, ...], tuple[tuple[str, str], ...]
]


def _rule(
    name: str, answer: _Answer, *citations: Citation, reason: str = "",
    basis: _Basis | str = "stated", annotations: tuple[tuple[str, str], ...] = (),
) -> _Rule[_Answer]:
    """A rule that answers alike in every case, and why."""
    return name, answer, basis, reason, citations, annotations


def _rules(table: str, *rules: _Rule[_Answer]) -> _Rules[_Answer]:
    """What rules of a table answer, ready-made, by their names."""
    return {rule[0]: Explanation(table, *rule) for rule in rules}


class _Stretches:
    """Numbers or days; `2..<5` lets pass what is at least 2 and below 5."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self.parse = parse

    def read(self, cells: Iterable[str]) -> None:
        always: list[int] = []
        missing: list[int] = []
        turning: dict[Any, list[int]] = {}
        for row, cell in enumerate(cells):
            for part in cell.split(","):
                low, _, end = part.partition("..")
                if part in ("-", "missing"):
                    missing.append(row)
                if part == "-" or not low:
                    always.append(row)
                elif part != "missing":
                    turning.setdefault(self.parse(low), []).append(row)
                if end:
                    turning.setdefault(self.parse(end[1:]), []).append(row)
        self.edges = sorted(turning)
        turns = (_as_bits(turning[edge]) for edge in self.edges)
        self.between = list(accumulate(turns, xor, initial=_as_bits(always)))
        self.missing = _as_bits(missing)

    def at(self, value: Any) -> int:
        if value is None:
            return self.missing
        return self.between[bisect_right(self.edges, value)]


class _Members:
    """Members, texts or truths; `!red,blue` lets pass all others, named or not."""

    def __init__(self, spelt: Mapping[str, object] | None = None) -> None:
        self.spelt: Mapping[str, object] = {"missing": None, **(spelt or {})}

    def read(self, cells: Iterable[str]) -> None:
        others: list[int] = []
        naming: dict[str, list[int]] = {}
        for row, cell in enumerate(cells):
            if cell[0] in "-!":
                others.append(row)
            for word in cell.lstrip("-!").split(","):
                naming.setdefault(word, []).append(row)
        self.others = _as_bits(others)
        self.named = {
            self.spelt.get(word, word): self.others ^ _as_bits(rows)
            for word, rows in naming.items()
            if word
        }

    def at(self, value: object) -> int:
        return self.named.get(value, self.others)


_Column: TypeAlias = _Stretches | _Members


class _Rows(Generic[_Answer]):
    """What each row leads to, and its conditions, a line for each; `-` is any value."""

    def __init__(
        self, lead: tuple[_Answer | _RefusalError, ...], conditions: str,
        *columns: _Column,
    ) -> None:
        rows = [line.split("|")[1:] for line in conditions.split()]
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            column.read(cells)
        self.lead = lead
        self.columns = columns

    def first(self, *values: object) -> _Answer:
        """What the first row leads to that lets all values pass."""
        rows = -1
        for column, value in zip(self.columns, values, strict=True):
            rows &= column.at(value)
        if not rows:
            raise AssertionError("no row applies")
        found = self.lead[(rows & -rows).bit_length() - 1]
        if isinstance(found, _RefusalError):
            raise type(found)(*found.args)
        return found


def _as_bits(rows: Iterable[int]) -> int:
    """Numbers of rows as an integer that has just these bits."""
    numbers = list(rows)
    held = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        held[number // 8] ^= 1 << number % 8
    return int.from_bytes(held, "little")


_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])


def _exactly(
    function: Callable[_Arguments, _Answer],
) -> Callable[_Arguments, _Answer]:
    """The function with exact decimals, whatever its caller's settings are."""

    @wraps(function)
    def exact(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        with localcontext(_EXACT):
            return function(*args, **kwargs)

    return exact


def _stretched(
    starts: Sequence[int], last: int, values: Sequence[int]
) -> tuple[int, ...]:
    """For each number up to the last, the value of the stretch that it lies in."""
    found = [values[0]] * starts[0]
    for start, end, value in zip(starts, (*starts[1:], last + 1), values, strict=True):
        found += [value] * (end - start)
    return tuple(found)


def _linked(answers: Sequence[Any], *levels: tuple[int, int, str]) -> list[Any]:
    """Tables within tables, the innermost first: so long each, of what they lead to."""
    found = list(answers)
    for length, size, text in levels:
        numbers = _unpacked(size, text)
        entries = itemgetter(*numbers)(found)
        found = [entries[at : at + length] for at in range(0, len(numbers), length)]
    return found


def _rows_of(
    answers: Sequence[_Answer], length: int, size: int, text: str
) -> list[tuple[_Answer, ...]]:
    """Rows of answers, by their numbers."""
    numbers = _unpacked(size, text)
    starts = range(0, len(numbers), length)
    entries: tuple[_Answer, ...] = itemgetter(*numbers)(answers)
    return [entries[at : at + length] for at in starts]


def _picked(
    rows: Sequence[tuple[_Answer, ...]], size: int, text: str
) -> tuple[tuple[_Answer, ...], ...]:
    """The rows that numbers stand for."""
    found: tuple[tuple[_Answer, ...], ...] = itemgetter(*_unpacked(size, text))(rows)
    return found


def _unpacked(size: int, text: str) -> tuple[int, ...]:
    """Whole numbers of so many bytes each."""
    data = a2b_base64(text)
    kind = {1: "B", 2: "H", 4: "I"}[size]
    return unpack(f"<{len(data) // size}{kind}", data)


# ---------------------------------------------------------------- the tables stand here


def _values(row: Mapping[str, Any], *columns: str) -> Iterator[Any]:
    """What a row has for columns; `_ABSENT` where it has nothing."""
    return (row.get(column, _ABSENT) for column in columns)


def _together(
    parts: list[Explanation[_Answer]], answer: _Answer,
    uses: tuple[Explanation[Any], ...] = (),
) -> Explanation[_Answer]:
    """What rules answer together: it rests on all they cite, like the worst of them."""
    bases = {each.basis for each in parts}
    worse: _Basis = "inferred" if "inferred" in bases else "stated"
    return Explanation(
        parts[0].table,
        ", ".join(each.rule for each in parts),
        answer,
        basis="silent" if "silent" in bases else worse,
        citations=tuple(
            dict.fromkeys(cited for each in parts for cited in each.citations)
        ),
        uses=uses,
        parts=tuple(parts),
    )


def _total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum, however few digits the caller's own context keeps."""
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def _shown(value: object) -> str:
    """The value for a message: bounded, and whatever its own `repr` does."""
    if value is _ABSENT:
        return "nothing"
    kind = type(value).__name__
    with suppress(Exception):
        text = repr(value)
        return f"{text if len(text) <= 80 else f'{text[:77]}...'} ({kind})"
    return f"a value of type {kind}"


def _one_of(members: object, *others: str) -> str:
    """The members of a `Literal`, for a message."""
    return " or ".join([*(repr(each) for each in get_args(members)), *others])


def _chosen(
    argument: str, given: Any, members: frozenset[_Member], listed: object
) -> frozenset[_Member]:
    """The members in a collection, whatever holds them, as a set."""
    is_text = issubclass(type(given), (str, bytes, Mapping))
    if issubclass(type(given), Iterable) and not is_text:
        held: list[Any] = [*given]
        if all(type(each) is str and each in members for each in held):
            return frozenset(held)
    raise InputError(argument, given, f"a collection of these: {_one_of(listed)}")


def _is_decimal(
    value: object, *, digits: int, low: Decimal | int | None, high: Decimal | int | None
) -> bool:
    """Whether a value is a number in these bounds, with at most so many decimals."""
    if type(value) is int:
        number = Decimal(value)
    elif type(value) is Decimal and value.is_finite():
        number = value
    else:
        return False
    if number.adjusted() >= 1_000:
        return False
    figures, exponent = number.as_tuple()[1:]
    surplus = -int(exponent) - digits
    if surplus > 0 and any(figures[-surplus:]):
        return False
    return (low is None or low <= number) and (high is None or number <= high)


def _rounded(number: Fraction | Decimal | int, digits: int, way: str) -> Decimal:
    """The number to so many digits after the point, exactly."""
    scaled = Fraction(number) * Fraction(10) ** digits
    whole, rest = divmod(scaled, 1)
    half, is_up = Fraction(1, 2), scaled > 0
    onward = {
        "up": rest > 0 and is_up,
        "down": rest > 0 and not is_up,
        "ceiling": rest > 0,
        "floor": False,
        "half up": rest > half or (rest == half and is_up),
        "half down": rest > half or (rest == half and not is_up),
        "half even": rest > half or (rest == half and whole % 2 == 1),
    }
    sign, figures, exponent = Decimal(whole + onward[way]).as_tuple()
    return Decimal((sign, figures, int(exponent) - digits))


def _later(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The day so many units later: in its month, the same day or the last one."""
    if unit in ("day", "week"):
        return day + datetime.timedelta(count if unit == "day" else 7 * count)
    months = 12 * day.year + day.month - 1 + (count if unit == "month" else 12 * count)
    year, month = months // 12, months % 12 + 1
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError("the calendar does not go so far")
    return datetime.date(year, month, min(day.day, monthrange(year, month)[1]))


def _later_or_next(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The day so many units later: in its month, that day, or the first of the next."""
    found = _later(day, count, unit)
    return found if found.day == day.day else found + datetime.timedelta(1)


def _is_day(day: datetime.date, count: int, unit: str) -> bool:
    """Whether the calendar goes so far."""
    try:
        _later(day, count, unit)
    except OverflowError:
        return False
    return True


def _elapsed(start: datetime.date, end: datetime.date, unit: str) -> int:
    """How many whole units lie between two days; negative where the end comes first."""
    if end < start:
        return -_elapsed(end, start, unit)
    if unit in ("day", "week"):
        return (end - start).days // (1 if unit == "day" else 7)
    months = 12 * (end.year - start.year) + end.month - start.month
    months -= end.day < start.day
    return months if unit == "month" else months // 12


def _elapsed_or_last(start: datetime.date, end: datetime.date, unit: str) -> int:
    """The same; a month that lacks the day is over on its last."""
    if end < start:
        return -_elapsed_or_last(end, start, unit)
    months = 12 * (end.year - start.year) + end.month - start.month
    months -= end.day < min(start.day, monthrange(end.year, end.month)[1])
    return months if unit == "month" else months // 12
