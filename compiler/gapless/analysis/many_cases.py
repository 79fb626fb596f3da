"""What a table answers to many cases at once: never too little, and exactly that where it is one case.

The rules as the reference meaning reads them, with sets of values in the place of values (abstract
interpretation, P. and R. Cousot, 1977): a test holds in all of the cases, in none, or perhaps. Of where that
changes it is told which inputs are to blame and, as far as cells say so, where to cut them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, assert_never

from gapless.analysis.coverage.budget import Work
from gapless.analysis.held import (
    ANY,
    MISSING,
    Cut,
    Held,
    Truth,
    around,
    compared_in,
    cuts_of,
    inside,
    joined,
    just,
    truth,
)
from gapless.model import (
    NO_VALUE,
    Call,
    Column,
    ColumnValue,
    Computation,
    Computed,
    Constant,
    Expression,
    HitPolicy,
    Items,
    Let,
    OptionalType,
    OutcomeValue,
    Rule,
    RuleKind,
    ScalarType,
    Table,
    Test,
    Value,
    columns_of,
    fitted,
    in_turn,
    precedence,
    together,
    value_of,
)
from gapless.model.intervals import reach_of, reach_of_type


class Silence(StrEnum):
    """How a table does not answer."""

    IMPOSSIBLE = "impossible"
    UNANSWERED = "unanswered"
    CONTRADICTED = "contradicted"
    DRAFT = "draft"
    UNWORKABLE = "unworkable"


Said: TypeAlias = tuple[Value, ...] | Silence
"""What a table says of one case: one value for each output, or none at all."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a table may say: where it answers, what of each output, None where it never does; and how it may not."""

    answers: tuple[Held, ...] | None
    silences: frozenset[Silence]

    def is_always(self, said: Said) -> bool:
        """Whether that is said of every case."""
        if isinstance(said, Silence):
            return self.answers is None and self.silences == {said}
        if self.silences or self.answers is None:
            return False
        return all(
            held.is_one and held.one == v for held, v in zip(self.answers, said, strict=True)
        )

    def is_never(self, said: Said) -> bool:
        """Whether that is said of no case."""
        if isinstance(said, Silence):
            return said not in self.silences
        if self.answers is None:
            return True
        return not all(held.may_be(v) for held, v in zip(self.answers, said, strict=True))


PER_TABLE, PER_COLUMN = 20, 50
"""The steps that a look at a table takes besides those at its rules, one each; and one at arithmetic."""

Path: TypeAlias = tuple[int, ...]
"""The calls that lead to a table, by `id`."""

Alive: TypeAlias = Mapping[Path, tuple[tuple[Held, ...], tuple[int, ...]]]
"""For each table on the way what it was given, and which of its rules may apply there."""


class Reading:
    """One look at many cases. `before` are the rules still alive in a look at more of them.

    `blamed` are the inputs by which what is said may change, `cuts` where cells say that it does.
    """

    def __init__(self, work: Work, before: Alive) -> None:
        self.work = work
        self.before = before
        self.alive: dict[Path, tuple[tuple[Held, ...], tuple[int, ...]]] = {}
        self.blamed: set[str] = set()
        self.cuts: dict[str, set[Cut]] = {}
        self.known: dict[tuple[Table, tuple[Held, ...]], Found] = {}

    def asked(self, table: Table, given: Mapping[str, Held]) -> Found:
        """What the table may say where its inputs hold what is given. Raises OverBudget."""
        found = self._table(table, tuple(given[column.name] for column in table.inputs), ())
        for held in found.answers or ():
            self.blamed |= frozenset() if held.is_one else held.rests
        return found

    def _table(self, table: Table, given: tuple[Held, ...], path: Path) -> Found:
        key = (table, given)
        if key not in self.known:
            self.known[key] = self._stepped(table, given, path)
        return self.known[key]

    def _stepped(self, table: Table, given: tuple[Held, ...], path: Path) -> Found:
        names = (column.name for column in table.inputs)
        columns = dict(zip(names, given, strict=True))
        silences: frozenset[Silence] = frozenset()
        for step in table.steps:
            match step:
                case Computation(column, expression):
                    self.work.spend(PER_COLUMN)
                    worked_out = _worked_out(expression, column.type, columns)[0]  # type: ignore[arg-type]
                    assert worked_out is not None, "the column's type was made to take in all of it"
                    columns[column.name] = worked_out
                case Let(column, call, guard):
                    tests = [(each.condition.test, columns[each.column]) for each in guard]
                    asked = min((truth(*each, columns) for each in tests), default=Truth.ALWAYS)
                    if asked is Truth.PERHAPS:
                        self._blame(tests, columns)
                    held, silent = (None, frozenset[Silence]())
                    if asked is not Truth.NEVER:
                        held, silent = self._called(call, columns, path)
                    silences |= silent
                    if held is None and asked is Truth.ALWAYS:
                        return Found(None, silences)
                    outside = [] if asked is Truth.ALWAYS else [MISSING]
                    columns[column.name] = joined([*([held] if held else []), *outside])
        found = self._decided(table, columns, given, path)
        return Found(found.answers, found.silences | silences)

    def _called(
        self, call: Call, columns: Mapping[str, Held], path: Path
    ) -> tuple[Held | None, frozenset[Silence]]:
        """What a call may come to; None where that table never answers."""
        given = tuple(
            just(each.value) if isinstance(each, Constant) else columns[each.column]
            for each in call.arguments
        )
        found = self._table(call.table, given, (*path, id(call)))
        if found.answers is None:
            return None, found.silences
        held, column = found.answers[call.output], call.table.outputs[call.output]
        rests = held.rests.union(*(each.rests for each in given))
        silences = found.silences
        if call.table.policy in (HitPolicy.SUM, HitPolicy.COUNT) and not _fits(held, column):
            silences |= {Silence.UNWORKABLE}
            if held.is_one:
                return None, silences
        return (held if held.is_one else Held(held.values, held.reach, rests, held.of)), silences

    # ------------------------------------------------------------ rules

    def _decided(
        self, table: Table, columns: Mapping[str, Held], given: tuple[Held, ...], path: Path
    ) -> Found:
        holding = self._holding(table, columns, given, path)
        rules, silences = table.rules, set[Silence]()
        for number, how in holding.items():
            if rules[number].kind is RuleKind.IMPOSSIBLE:
                if how is Truth.ALWAYS:
                    return Found(None, frozenset({Silence.IMPOSSIBLE}))
                silences.add(Silence.IMPOSSIBLE)
                self._blame_rule(table, number, columns)
        answering = (RuleKind.RULE, RuleKind.DRAFT)
        rows = {n: how for n, how in holding.items() if rules[n].kind in answering}
        sure = [number for number, how in rows.items() if how is Truth.ALWAYS]
        left = [number for number in precedence(table).order if number in rows]
        if not table.policy.is_collecting:
            left = _unbeaten(table, left, sure)
        for number in left:
            if number not in sure:
                self._blame_rule(table, number, columns)
        found: list[Found] = []
        if left and table.policy.is_collecting:
            found.append(self._collected(table, left, len(sure) == len(left), columns, path))
        elif left:
            found.append(self._answered(table, left, sure, columns, path))
        if not sure:
            rest = [n for n in holding if rules[n].kind is RuleKind.OTHERWISE]
            unanswered = Found(None, frozenset({Silence.UNANSWERED}))
            found.append(self._said(rules[rest[0]], columns, path) if rest else unanswered)
        return either([*found, Found(None, frozenset(silences))])

    def _holding(
        self, table: Table, columns: Mapping[str, Held], given: tuple[Held, ...], path: Path
    ) -> dict[int, Truth]:
        """The rules that may apply, each once it was looked at whether it does."""
        looked: Sequence[int] = range(len(table.rules))
        if path in self.before:
            then, alive = self.before[path]
            if all(each.within(other) for each, other in zip(given, then, strict=True)):
                looked = alive
        self.work.spend(PER_TABLE + len(looked))
        names = [column.name for column in table.columns]
        known: dict[tuple[int, str], Truth] = {}
        holding: dict[int, Truth] = {}
        for number in looked:
            how = Truth.ALWAYS
            for name, condition in zip(names, table.rules[number].conditions, strict=True):
                key = (id(condition.test), name)
                if key not in known:
                    known[key] = truth(condition.test, columns[name], columns)
                how = min(how, known[key])
                if how is Truth.NEVER:
                    break
            else:
                holding[number] = how
        self.alive[path] = given, tuple(holding)
        return holding

    def _answered(
        self,
        table: Table,
        left: Sequence[int],
        sure: Sequence[int],
        columns: Mapping[str, Held],
        path: Path,
    ) -> Found:
        """What rules say of which none that always applies beats another; the `sure` ones do."""
        rules = [table.rules[number] for number in left]
        drafts = [each for each in rules if each.kind is RuleKind.DRAFT]
        all_sure = all(number in sure for number in left)
        if drafts and all_sure:
            alike = len(drafts) == len(rules)
            return Found(None, frozenset({Silence.DRAFT if alike else Silence.CONTRADICTED}))
        found: list[Found] = []
        for rule in rules:
            if rule.kind is not RuleKind.DRAFT:
                found.append(self._said(rule, columns, path))
                if all_sure and found[-1].answers is None:
                    return Found(None, either(found).silences)
        answers = [each.answers for each in found if each.answers is not None]
        whole = either([*found, Found(None, frozenset({Silence.DRAFT} if drafts else ()))])
        if len(rules) == 1 or table.policy is HitPolicy.FIRST:
            return whole
        differ = any(held.values is None or not held.is_one for held in whole.answers or ())
        is_sure = all_sure and not whole.silences
        if is_sure and differ and all(held.is_one for each in answers for held in each):
            return Found(None, frozenset({Silence.CONTRADICTED}))
        if differ or drafts:
            return either([whole, Found(None, frozenset({Silence.CONTRADICTED}))])
        return whole

    def _collected(
        self,
        table: Table,
        left: Sequence[int],
        all_sure: bool,
        columns: Mapping[str, Held],
        path: Path,
    ) -> Found:
        """What rules say together; where it is not known which of them do, hardly anything is."""
        rules = [table.rules[number] for number in in_turn(table, left)]
        found = [self._said(rule, columns, path) for rule in rules]
        answers = [each.answers for each in found if each.answers is not None]
        silences = either(found).silences
        if all_sure and silences and len(answers) < len(found):
            return Found(None, silences)
        every = [held for each in answers for held in each]
        if all_sure and all(held.is_one for held in every):
            values = together(table, [tuple(held.one for held in each) for each in answers])
            return Found(tuple(map(just, values)), silences)
        rests = frozenset[str]().union(*(held.rests for held in every))
        return Found(tuple(Held(None, ANY, rests) for _ in table.outputs), silences)

    def _said(self, rule: Rule, columns: Mapping[str, Held], path: Path) -> Found:
        """What one rule may say where it applies."""
        answers: list[Held] = []
        silences: frozenset[Silence] = frozenset()
        for outcome in rule.outcomes:
            held, silent = self._outcome(outcome.value, columns, path)
            silences |= silent
            if held is None:
                return Found(None, silences)
            answers.append(held)
        return Found(tuple(answers), silences)

    def _outcome(
        self, value: OutcomeValue, columns: Mapping[str, Held], path: Path
    ) -> tuple[Held | None, frozenset[Silence]]:
        nothing = frozenset[Silence]()
        match value:
            case Constant(constant):
                return just(constant), nothing
            case ColumnValue(name):
                return columns[name], nothing
            case Call():
                return self._called(value, columns, path)
            case Computed(expression, type):
                self.work.spend(PER_COLUMN)
                held, is_sure = _worked_out(expression, type, columns)
                silent = nothing if is_sure else frozenset({Silence.UNWORKABLE})
                return held, silent
            case Items(items, as_set):
                parts: list[Held] = []
                for item in items:
                    part, silent = self._outcome(item, columns, path)
                    nothing |= silent
                    if part is None:
                        return None, nothing
                    parts.append(part)
                if all(part.is_one for part in parts):
                    values = [part.one for part in parts]
                    return just(frozenset(values) if as_set else tuple(values)), nothing  # type: ignore[arg-type]
                rests = frozenset[str]().union(*(part.rests for part in parts))
                return Held(None, ANY, rests), nothing
        assert_never(value)

    # ------------------------------------------------------------ blame

    def _blame_rule(self, table: Table, number: int, columns: Mapping[str, Held]) -> None:
        cells = zip(table.columns, table.rules[number].conditions, strict=True)
        self._blame([(cell.test, columns[column.name]) for column, cell in cells], columns)

    def _blame(self, tests: Iterable[tuple[Test, Held]], columns: Mapping[str, Held]) -> None:
        """Of tests that hold in some of the cases, perhaps: what they rest on, and where they are cut."""
        for test, held in tests:
            if truth(test, held, columns) is Truth.PERHAPS:
                self.blamed |= held.rests
                if held.of is not None:
                    self.cuts.setdefault(held.of, set()).update(cuts_of(test, columns))
                for name in compared_in(test):
                    other = columns[name]
                    self.blamed |= other.rests
                    if other.of is not None and held.is_one and not isinstance(held.one, str):
                        self.cuts.setdefault(other.of, set()).update(around(held.one))


def _unbeaten(table: Table, rows: Sequence[int], sure: Sequence[int]) -> list[int]:
    """The rows that none of those that always apply beats."""
    wins = precedence(table)
    return [row for row in rows if not any(wins.beats(other, row) for other in sure)]


def either(found: Iterable[Found]) -> Found:
    """One of several."""
    each = [*found]
    answers = [some.answers for some in each if some.answers is not None]
    silences = frozenset[Silence]().union(*(some.silences for some in each))
    return Found(tuple(map(joined, zip(*answers, strict=True))) if answers else None, silences)


# ---------------------------------------------------------------- arithmetic


def _worked_out(
    expression: Expression, type: ScalarType | OptionalType, columns: Mapping[str, Held]
) -> tuple[Held | None, bool]:
    """What an expression may come to as a value of that type, and whether it is one in every case."""
    names = columns_of(expression)
    rests = frozenset[str]().union(*(columns[name].rests for name in names))
    if all(columns[name].is_one for name in names):
        value = fitted(value_of(expression, lambda name: columns[name].one), type)
        return (None, False) if value is NO_VALUE else (just(value), True)  # type: ignore[arg-type]
    reach, bounds = reach_of(expression, lambda name: columns[name].reached), reach_of_type(type)
    of = expression.column if isinstance(expression, ColumnValue) else None
    return Held(None, reach, rests, columns[of].of if of else None), inside(reach, bounds)


def _fits(held: Held, column: Column) -> bool:
    """Whether what a table adds up to is a value of its output in every case."""
    if held.is_one:
        value = held.one
        return value is None or fitted(Fraction(value), column.type) is not NO_VALUE  # type: ignore[arg-type]
    return False
