"""Which rules overlap, and where they disagree: outcome by outcome, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from gapless.analysis.coverage.budget import Work
from gapless.analysis.coverage.cover import disjoint, open_parts
from gapless.analysis.decision.first_match import Claim
from gapless.analysis.domain.answers import Answer, Fixed, Nothing, Piece, Same, Several
from gapless.analysis.domain.bitsets import bits
from gapless.analysis.domain.partition import Axis, Box, Other, Point, Run, meet, volume
from gapless.analysis.domain.subsets import Kind
from gapless.analysis.unit import Unit, answered
from gapless.model import HitPolicy, Rule, RuleKind


class Overlap(NamedTuple):
    """Rules `earlier` and `later` both apply to the cases in `boxes`, disjoint boxes of inputs.

    `outputs` are the numbers of the outputs in which they differ in the cases `differing`; both are
    empty where they agree on everything.
    """

    earlier: int
    later: int
    boxes: tuple[Box, ...]
    outputs: tuple[int, ...]
    differing: tuple[Box, ...]


def overlaps(unit: Unit) -> Iterator[Overlap]:
    """Every pair of rules that share a case which can happen and no rule decides over them.

    In the author's order. Raises OverBudget.
    """
    if unit.table.policy is HitPolicy.FIRST or unit.table.policy.is_collecting:
        return
    work = Work.on(len(unit.claims.claims))
    shared: dict[tuple[int, int], list[Box]] = {}
    for pair, parts in _shared(unit, work):
        shared.setdefault(pair, []).extend(parts)
    for (earlier, later), boxes in sorted(shared.items()):
        if boxes:
            yield _compared(unit, earlier, later, boxes, work)


def some_meet(unit: Unit) -> bool:
    """Whether any two rows share a case that can happen, whatever the hit policy. Raises OverBudget."""
    alone = replace(unit, table=replace(unit.table, policy=HitPolicy.UNIQUE), known=unit.claims)
    work = Work.on(len(unit.claims.claims))
    return any(next(parts, None) is not None for _, parts in _shared(alone, work))


def differ(unit: Unit, one: int, other: int, box: Box) -> bool:
    """Whether two rules that answer give different answers to some case in a box of inputs."""
    a, b = unit.table.rules[one], unit.table.rules[other]
    work = Work.on(len(unit.claims.claims))
    outputs = range(len(unit.table.outputs))
    return any(any(True for _ in _apart(unit, a, b, output, box, work)) for output in outputs)


def _shared(unit: Unit, work: Work) -> Iterator[tuple[tuple[int, int], Iterator[Box]]]:
    """For two claims of rules that share a cell, the rules, the earlier first, and what they share.

    What no other rule decides over them and can happen, in disjoint boxes. Raises OverBudget.
    """
    claims = unit.claims.claims
    for one, other in _meeting(unit):
        box = meet(claims[one].box, claims[other].box)
        assert box is not None
        excluding = [each for each in _excluding(unit, one, other) if meet(each, box) is not None]
        rules = (claims[one].rule, claims[other].rule)
        yield (min(rules), max(rules)), open_parts(box, excluding, work)


def _meeting(unit: Unit) -> Iterator[tuple[int, int]]:
    """The pairs of claims of two rules that share a cell, the winner first."""
    claims = unit.claims.claims
    for number, those in enumerate(unit.claims.partners):
        if those and _is_rule(unit, claims[number]):
            beats, rule = unit.precedence.beats, claims[number].rule
            for later in bits(those & -(2 << number)):
                if _is_rule(unit, claims[later]) and not beats(rule, claims[later].rule):
                    yield number, later


def _excluding(unit: Unit, one: int, other: int) -> list[Box]:
    """The boxes, sharing a cell with either of two claims, of what cannot happen or beats one of them."""
    claims, partners = unit.claims.claims, unit.claims.partners
    pair, beats = (claims[one].rule, claims[other].rule), unit.precedence.beats
    found = []
    for number in bits(partners[one] | partners[other]):
        claim = claims[number]
        if (
            claim.rule < 0
            or unit.table.rules[claim.rule].kind is RuleKind.IMPOSSIBLE
            or (_is_rule(unit, claim) and any(beats(claim.rule, rule) for rule in pair))
        ):
            found.append(claim.box)
    return found


def _is_rule(unit: Unit, claim: Claim) -> bool:
    kinds = (RuleKind.RULE, RuleKind.DRAFT)
    return claim.rule >= 0 and unit.table.rules[claim.rule].kind in kinds


def _compared(unit: Unit, one: int, other: int, shared: Sequence[Box], work: Work) -> Overlap:
    a, b = unit.table.rules[one], unit.table.rules[other]
    differing: list[Box] = []
    outputs = []
    for output in range(len(unit.table.outputs)):
        apart = [box for part in shared for box in _apart(unit, a, b, output, part, work)]
        if apart:
            outputs.append(output)
            differing.extend(disjoint(apart, differing, work))
    return Overlap(one, other, tuple(shared), tuple(outputs), tuple(differing))


def _apart(unit: Unit, one: Rule, other: Rule, output: int, box: Box, work: Work) -> Iterator[Box]:
    """Disjoint parts of `box`, cases for which the two rules differ in one output."""
    if RuleKind.DRAFT in (one.kind, other.kind):
        if one.kind is not other.kind:
            yield box
        return
    a, b = one.outcomes[output].value, other.outcomes[output].value
    if a == b:
        return
    theirs = list(answered(unit, b, box))
    for piece in answered(unit, a, box):
        for counterpart in theirs:
            shared = meet(piece.box, counterpart.box)
            if shared is not None:
                yield from _unequal(unit, Piece(shared, piece.answer), counterpart.answer, work)


def _unequal(unit: Unit, piece: Piece, other: Answer, work: Work) -> Iterator[Box]:
    """Where in its box the piece's answer is not `other`; an absent answer is like no other."""
    box, answer, _ = piece
    if isinstance(answer, Nothing) or isinstance(other, Nothing):
        yield box
        return
    columns = sorted(_inputs(answer) | _inputs(other))
    work.spend(volume(box[column] for column in columns))
    for atoms in product(*(list(bits(box[column])) for column in columns)):
        cell = dict(zip(columns, atoms, strict=True))
        if _told(unit.axes, cell, answer) != _told(unit.axes, cell, other):
            yield tuple(1 << cell[i] if i in cell else mask for i, mask in enumerate(box))


def _inputs(answer: Answer) -> set[int]:
    match answer:
        case Same(number):
            return {number}
        case Several(items, _):
            return {number for item in items for number in _inputs(item)}
        case Fixed() | Nothing():
            return set()


def _told(axes: Sequence[Axis], cell: Mapping[int, int], answer: Answer) -> object:
    """The answer, with values for the inputs that have but one in their atom; sets without an order."""
    match answer:
        case Same(number) if _is_one_value(axes[number], cell[number]):
            return Fixed(axes[number].sample(cell[number]))
        case Several(items, as_set):
            told = [_told(axes, cell, item) for item in items]
            if all(isinstance(item, Fixed) for item in told):
                values = [item.value for item in told if isinstance(item, Fixed)]
                return Fixed(frozenset(values) if as_set else tuple(values))  # type: ignore[arg-type]
            return frozenset(told) if as_set else told
    return answer


def _is_one_value(axis: Axis, number: int) -> bool:
    atom = axis.atoms[number]
    if isinstance(atom, Run):
        return atom.low is not None and atom.low == atom.high
    if isinstance(atom, Kind):
        return atom.is_one
    return isinstance(atom, Point) or atom is Other.MISSING
