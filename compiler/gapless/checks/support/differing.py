"""A case to which two rules are seen to give different answers, by the reference meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.arithmetic.solver import Answer as Unsolved
from gapless.analysis.arithmetic.solver import solve
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Box, Other, Run, bits
from gapless.analysis.unit import Unit
from gapless.model import HitPolicy, Scalar
from gapless.semantics import Answered, evaluate

TRIED = 1024
"""How many cases are looked at: far more than there are ways for a few passed-on columns to be equal."""

_APART = 4
"""How many values of one stretch are tried: as many columns can all be different."""


def differing(unit: Unit, one: int, other: int, box: Box) -> Case | Unsolved:
    """A case in `box` for which rules `one` and `other` give different answers; or why none is shown.

    In most boxes any case will do. But where an answer is a column passed on, the columns of two
    rules may happen to be equal in the very case that would be shown.
    """
    rules = (unit.table.rules[one], unit.table.rules[other])
    both = replace(unit.table, policy=HitPolicy.ANY, rules=rules)
    names = [column.name for column in unit.table.inputs]

    def differs(case: Case) -> bool:
        meaning = evaluate(both, dict(zip(names, case, strict=True)))
        return not isinstance(meaning, Answered)  # an absent answer is like no other

    if unit.following is not None:
        return solve(unit.following, box, lambda case: differs(case.inputs))
    cases = islice(_cases(unit.axes[: unit.inputs], box), TRIED)
    return next((case for case in cases if differs(case)), Unsolved.UNKNOWN)


def _cases(axes: Sequence[Axis], box: Box) -> Iterator[Case]:
    """First the case that is shown of a box anyway, then those of one column changed, then others."""
    values = [_values(axis, mask) for axis, mask in zip(axes, box, strict=True)]
    first = tuple(axis.example(mask) for axis, mask in zip(axes, box, strict=True))
    yield first
    for at, each in enumerate(values):
        yield from ((*first[:at], value, *first[at + 1 :]) for value in each)
    yield tuple(each[number % len(each)] for number, each in enumerate(values))
    yield from product(*values)


def _values(axis: Axis, mask: int) -> list[Scalar | None]:
    return [value for number in islice(bits(mask), _APART) for value in _within(axis, number)]


def _within(axis: Axis, number: int) -> list[Scalar | None]:
    """Some values of one atom, the sample first."""
    atom, sample = axis.atoms[number], axis.sample(number)
    if isinstance(atom, Run):
        return [sample, *_others(axis, atom)]
    return [sample, *(f"{sample}{'?' * n}" for n in range(1, _APART) if atom is Other.TEXT)]


def _others(axis: Axis, run: Run) -> Iterator[Scalar]:
    """The values of a stretch next to its sample."""
    kind = ranks.ordered(axis.column.type)
    assert kind is not None
    low, high = run
    start, step = (low, 1) if low is not None else (high or 0, -1)
    for rank in range(start + step, start + step * _APART, step):
        if (low is None or rank >= low) and (high is None or rank <= high):
            yield ranks.value_at(kind, rank)
