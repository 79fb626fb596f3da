"""From what is proved of a table to a certificate of it, in which nothing is left to be searched for.

The boxes that each rule wins are cut further only where one who has no prover could not follow: so
that every call in a part lies in one part of the called table's certificate, and that rules which
overlap in other words do so on whole parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from gapless.analysis.composition.calls import Callee, Caller, allowed, calls, flatten
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.coverage.cover import open_parts
from gapless.analysis.decision.first_match import GAP
from gapless.analysis.domain.answers import Answer, Nothing, Piece, split
from gapless.analysis.domain.partition import Box, bits, meet
from gapless.analysis.unit import Unit, answered
from gapless.model import Call, HitPolicy, Items, Rule, RuleKind, Table
from gapless.proof.certificate import Certificate, Part
from gapless.proof.uncertified import uncertified
from gapless.proof.uncutting import cell, value


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
    units = dict(tables)
    beyond = uncertified(units)
    decided: dict[Table, tuple[Decided, ...]] = {}
    lacking: dict[Table, str] = {}
    for table, unit in tables:
        beneath = next((call.table for call in calls(table) if call.table in lacking), None)
        if table in beyond:
            lacking[table] = beyond[table]
        elif beneath is not None:
            lacking[table] = f"it calls `{beneath.name}`, which is not certified"
        else:
            try:
                decided[table] = _Cutting(unit, units, decided).all()
            except OverBudget:
                lacking[table] = "its proof has too many parts to be written out"
    return decided, lacking


def _parts(unit: Unit, decided: Iterable[Decided]) -> tuple[Part, ...]:
    axes = unit.axes[: unit.inputs]
    told = cache(lambda axis, mask: cell(axes[axis], mask))
    found = []
    for box, number, excluded_by, answers in decided:
        cells = tuple(told(axis, mask) for axis, mask in enumerate(box))
        rule = None if number is None else unit.table.rules[number].name
        given = () if any(isinstance(each, Nothing) for each in answers) else answers
        gives = tuple(value(axes, cells, each) for each in given)
        found.append(Part(cells, rule, excluded_by, gives))
    return tuple(found)


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
        if (
            self.unit.table.by_version
        ):  # a certificate tells which version says that it cannot happen
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
            items = outcome.value.items if isinstance(outcome.value, Items) else (outcome.value,)
            for item in items:
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
