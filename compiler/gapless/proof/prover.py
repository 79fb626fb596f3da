"""From what is proved of a table to a certificate of it, in which nothing is left to be searched for.

The boxes that each rule wins are cut further only where one who has no prover could not follow: so
that every call in a part lies in one part of the called table's certificate, and that rules which
overlap in other words do so on whole parts. Not all of the language has certificates: the auditor
knows boxes, and neither sums, guards, lists in steps nor drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple, TypeAlias, assert_never

from gapless.analysis.composition.calls import Callee, Caller, allowed, calls, flatten
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.decision.diagram import GAP
from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Piece, Same, Several, split
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.derived import lowered
from gapless.analysis.domain.partition import (
    Axis,
    Box,
    Other,
    joined,
    kinds_told,
    meet,
    members,
    test_of_run,
)
from gapless.analysis.domain.subsets import Kind
from gapless.analysis.unit import Unit, answered
from gapless.model import (
    AnyOf,
    Call,
    Column,
    ColumnValue,
    Constant,
    Equals,
    HitPolicy,
    IsMissing,
    Items,
    ListType,
    NoneOf,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
    copied,
)
from gapless.proof.certificate import Certificate, Part
from gapless.proof.extents import domain


class Decided(NamedTuple):
    """A box of inputs that needs no more cutting, and what the table says there."""

    box: Box
    rule: int | None
    excluded_by: str | None
    answers: tuple[Answer, ...]


def certificates(units: Mapping[Table, Unit]) -> dict[Table, Certificate]:
    """A certificate of each table, called ones first; none of what is `not_certified`.

    It is false where the table, or one that it relies on, is not sound: it is not for these to judge.
    """
    decided, _ = _cut(tuple(units.items()))
    return {
        table: Certificate(table.name, table.policy, _parts(units[table], parts))
        for table, parts in decided.items()
    }


def not_certified(units: Mapping[Table, Unit]) -> Mapping[Table, str]:
    """Why tables have no certificate: the auditor does not know their like, or it would be too large."""
    return _cut(tuple(units.items()))[1]


Cut: TypeAlias = tuple[Mapping[Table, tuple[Decided, ...]], Mapping[Table, str]]
"""Tables in parts, and why others are not."""


@lru_cache(maxsize=8)
def _cut(tables: tuple[tuple[Table, Unit], ...]) -> Cut:
    """A table that calls one without a certificate rests on what was not confirmed, and has none."""
    units = dict(tables)
    decided: dict[Table, tuple[Decided, ...]] = {}
    lacking: dict[Table, str] = {}
    for table, unit in tables:
        why = beyond_the_auditor(table)
        beneath = next((call.table for call in calls(table) if call.table in lacking), None)
        if why is None and beneath is not None:
            why = f"it calls `{beneath.name}`, which is not certified"
        if why is None:
            try:
                decided[table] = _Cutting(unit, units, decided).all()
                continue
            except OverBudget:
                why = "its proof has too many parts to be written out"
        lacking[table] = why
    return decided, lacking


def beyond_the_auditor(table: Table) -> str | None:
    """What a table itself holds that the auditor does not know; None where there is nothing."""
    if any(rule.kind is RuleKind.DRAFT for rule in table.rules):
        return "it has drafts"
    if table.policy.is_collecting:
        return "all its rules that apply answer together"
    if not table.inputs:
        return "it has no inputs"
    if any(let.guard for let in table.lets):
        return "it has steps that are not always asked"
    if any(isinstance(let.column.type, ListType | SetType) for let in table.lets):
        return "it has steps that answer lists"
    if lowered(table).derived:
        return "it calculates, or compares columns with each other"
    return None


def _parts(unit: Unit, decided: Iterable[Decided]) -> tuple[Part, ...]:
    axes = unit.axes[: unit.inputs]
    told = cache(lambda axis, mask: _cell(axes[axis], mask))
    found = []
    for box, number, excluded_by, answers in decided:
        cells = tuple(told(axis, mask) for axis, mask in enumerate(box))
        rule = None if number is None else unit.table.rules[number].name
        given = () if any(isinstance(each, Nothing) for each in answers) else answers
        columns = unit.table.outputs[: len(given)]
        gives = tuple(
            _as_held(_value(axes, cells, each), column)
            for each, column in zip(given, columns, strict=True)
        )
        found.append(Part(cells, rule, excluded_by, gives))
    return tuple(found)


def _cell(axis: Axis, mask: int) -> Test:
    """The test that just the values in the atoms `mask` pass, with both ends of every stretch."""
    if isinstance(axis.column.type, SetType):
        return _set_cell(axis, mask)
    tests = tuple(_tests(axis, mask))
    if len(tests) == 1 and isinstance(tests[0], Equals | IsMissing):
        return tests[0]
    if mask == axis.whole:
        return domain(axis.column.type)
    return tests[0] if len(tests) == 1 else AnyOf(tests)


def _set_cell(axis: Axis, mask: int) -> Test:
    if mask == axis.whole:
        return domain(axis.column.type)
    first, *others = (axis.atoms[number] for number in bits(mask))
    if not others and isinstance(first, Kind) and first.is_one:
        return Equals(first.value)  # type: ignore[arg-type]  # in certificates, sets too
    return kinds_told(axis, mask)


def _tests(axis: Axis, mask: int) -> Iterator[Test]:
    atoms = [axis.atoms[number] for number in bits(mask)]
    if axis.kind is not None:
        for run in joined(axis, mask & ~axis.atom_of(None)):
            yield test_of_run(axis.kind, run, (None, None))
    elif Other.TEXT in atoms:
        yield NoneOf(tuple(members(axis, axis.whole & ~mask & ~axis.atom_of(None))))
    else:
        yield from members(axis, mask & ~axis.atom_of(None))
    if Other.MISSING in atoms:
        yield IsMissing()


def _as_held(
    value: Constant | ColumnValue | Items, column: Column
) -> Constant | ColumnValue | Items:
    """An input of which only one value is left may be held in another way by the output."""
    return Constant(copied(value.value, column.type)) if isinstance(value, Constant) else value


def _value(
    axes: Sequence[Axis], cells: Sequence[Test], answer: Answer
) -> Constant | ColumnValue | Items:
    """An answer where inputs are as `cells` say: a column of which only one value is left is that."""
    match answer:
        case Fixed(one):
            return Constant(one)
        case Same(number):
            match cells[number]:
                case Equals(only):
                    return Constant(only)
                case IsMissing():
                    return Constant(None)
            return ColumnValue(axes[number].column.name)
        case Several(items, as_set):
            told = [_value(axes, cells, item) for item in items]
            plain = tuple(item for item in told if not isinstance(item, Items))
            constants = tuple(item.value for item in plain if isinstance(item, Constant))
            if len(constants) == len(told):
                return Constant(frozenset(constants) if as_set else constants)  # type: ignore[arg-type]
            return Items(tuple(sorted({*plain}, key=repr)) if as_set else plain, as_set)
        case Nothing():
            raise AssertionError("where a table has no answer there is none to be told")
    assert_never(answer)


class _Cutting:
    """One table, and what its calls answer, in the parts of the called tables' certificates."""

    def __init__(
        self,
        unit: Unit,
        units: Mapping[Table, Unit],
        decided: Mapping[Table, Sequence[Decided]],
    ) -> None:
        self.unit = unit
        lets: dict[str, tuple[Piece, ...]] = {}
        caller = Caller(unit.caller.inputs, lets)
        self.called: dict[int, tuple[Piece, ...]] = {}
        for number, call in enumerate(calls(unit.table)):
            callee = units[call.table]
            pieces = tuple(_answer(each, call.output) for each in decided[call.table])
            found = flatten(
                Callee(call, callee.axes[: callee.inputs], pieces, call.arguments), caller
            )
            self.called[id(call)] = found
            if number < len(unit.table.lets):
                lets[unit.table.lets[number].column.name] = found
        self.lets = lets

    def all(self) -> tuple[Decided, ...]:
        """What the table says of all inputs, rule by rule; of a gap, nothing."""
        won = self.unit.claims.won
        if self.unit.table.by_version:  # it tells which version says that it cannot happen
            won = dict(enumerate(self.unit.parts))
        numbers = sorted((number for number in won if number != GAP), key=lambda n: (n < 0, n))
        boxes = ((number, box) for number in numbers for box in won[number])
        return tuple(each for number, box in boxes for each in self._within(box, number))

    def _within(self, box: Box, number: int) -> Iterator[Decided]:
        """What the table says in a box that rule `number` decides, or that never happens."""
        rule = self.unit.table.rules[number] if number >= 0 else None
        for part, excluded_by in self._by_lets(box):
            if rule is None or excluded_by is not None:
                yield Decided(part, None, excluded_by, ())
            elif rule.kind is RuleKind.IMPOSSIBLE:
                yield Decided(part, number, None, ())
            else:
                for each in self._beside_others(self._by_calls([part], rule), number):
                    yield Decided(each, number, None, self._answers(rule, each))

    def _by_lets(self, box: Box) -> Iterator[tuple[Box, str | None]]:
        """The box in parts: all lets have a value and one atom, or the one named is first to have none."""
        parts = [box]
        axes = self.unit.axes[self.unit.inputs :]
        for (name, pieces), axis in zip(self.lets.items(), axes, strict=True):
            valued: list[Box] = []
            for piece in _split(parts, pieces):
                if isinstance(piece.answer, Nothing):
                    yield piece.box, name
                else:
                    valued.extend(part for part, _ in allowed(piece, axis, self.unit.caller.inputs))
            parts = valued
        yield from ((part, None) for part in parts)

    def _by_calls(self, parts: Sequence[Box], rule: Rule) -> Sequence[Box]:
        """The boxes in parts in which each call in the rule's outcomes has one answer."""
        for outcome in rule.outcomes:
            for item in outcome.parts:
                if isinstance(item, Call):
                    parts = [piece.box for piece in _split(parts, self.called[id(item)])]
        return parts

    def _beside_others(self, parts: Sequence[Box], number: int) -> Sequence[Box]:
        """The boxes in parts that each rule answering in other words applies to wholly or not at all."""
        for other in self._rivals.get(number, ()):
            boxes = self.unit.parts[other]
            inside = [
                both for part in parts for box in boxes if (both := meet(part, box)) is not None
            ]
            outside = [left for part in parts for left in open_parts(part, boxes)]
            parts = [*self._by_calls(inside, self.unit.table.rules[other]), *outside]
        return parts

    @cached_property
    def _rivals(self) -> dict[int, list[int]]:
        """For each rule, the later ones that share a case with it, answer in other words, and do not yield.

        With them go those to which these yield.
        """
        claims, rules = self.unit.claims.claims, self.unit.table.rules
        found: dict[int, set[int]] = {}
        if self.unit.table.policy is HitPolicy.FIRST:
            return {}
        wins = self.unit.precedence
        for number, met in enumerate(self.unit.claims.partners):
            one = claims[number].rule
            later = {claims[other].rule for other in bits(met & -(2 << number))}
            if one >= 0 and rules[one].kind is RuleKind.RULE:
                others = {
                    n for n in later if _differ(rules[one], rules[n]) and not wins.beats(one, n)
                }
                beating = {n for n, beaten in wins.over.items() if beaten & others}
                found.setdefault(one, set()).update(others, beating - {one})
        return {one: sorted(others) for one, others in found.items()}

    def _answers(self, rule: Rule, box: Box) -> tuple[Answer, ...]:
        told = (answered(self.unit, outcome.value, box) for outcome in rule.outcomes)
        return tuple(next(pieces).answer for pieces in told)


def _split(boxes: Iterable[Box], pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The boxes, cut where one piece goes over into another."""
    for box in boxes:
        yield from split(pieces, box)


def _answer(decided: Decided, output: int) -> Piece:
    """What a called table answers in one output, in one part of its certificate."""
    return Piece(decided.box, decided.answers[output] if decided.answers else Nothing(True))


def _differ(one: Rule, other: Rule) -> bool:
    """Whether two rules, if they are of one kind, answer in other words."""
    words = ([outcome.value for outcome in rule.outcomes] for rule in (one, other))
    return one.kind is other.kind and next(words) != next(words)
