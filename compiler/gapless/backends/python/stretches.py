"""A set of numbers or days as the shortest readable test of a column."""

from __future__ import annotations

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis, Other, Run, bits
from gapless.backends.code.conditions import (
    Comparison,
    Condition,
    Number,
    Tested,
    among,
    joined,
    not_among,
)
from gapless.backends.code.values import Constants

_TURNED = {">=": "<=", ">": "<"}


def stretches(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """What tells the atoms `mask` from the rest of `possible`; that a value is there is asked first."""
    inside, may_be = _runs(tested.axis, mask), _runs(tested.axis, possible)
    if not tested.holds(possible, Other.MISSING):
        return joined("or", _within(tested, inside, may_be, constants))
    outside = [run for run in may_be if run not in inside]
    if tested.holds(mask, Other.MISSING):
        missing = (
            [] if _are_few(outside, inside, may_be) else [Comparison((tested.name, "is None"))]
        )
        return joined("or", [*missing, *_within(tested, inside, may_be, constants)])
    present = Comparison((tested.name, "is not None"))
    if not outside and not (len(inside) == 1 and _is_single(inside[0])):
        return present
    found = _within(tested, inside, may_be, constants)
    return joined("and", [*([] if _is_equality(found) else [present]), joined("or", found)])


def _within(
    tested: Tested, inside: list[Run], may_be: list[Run], constants: Constants
) -> list[Condition]:
    """Of which one must hold for the value to lie in the runs `inside`, being one of `may_be`."""
    if not inside:
        return []
    outside = [run for run in may_be if run not in inside]
    if _are_few(outside, inside, may_be):
        return [not_among(tested.name, _values(tested, outside, constants))]
    rows, gaps = _rows(inside, may_be), _rows(outside, may_be)
    if len(gaps) == 1 < len(rows):
        first, *rest = _stretch(tested, *gaps[0], may_be, constants)
        return [Comparison((f"not {first}", *rest))]
    alone = [first for first, last in rows if first is last and _is_single(first)]
    values = _values(tested, alone, constants)
    wide = [ends for ends in rows if ends[0] not in alone]
    return [
        *([among(tested.name, values)] if values else []),
        *(Comparison(_stretch(tested, *ends, may_be, constants)) for ends in wide),
    ]


def _are_few(outside: list[Run], inside: list[Run], may_be: list[Run]) -> bool:
    """Whether what is left out are single values, fewer than the stretches that they leave."""
    few = len(outside) == 1 or len(outside) < len(_rows(inside, may_be))
    return bool(outside and inside) and few and all(map(_is_single, outside))


def _values(tested: Tested, runs: list[Run], constants: Constants) -> list[str]:
    """Single values, spelt."""
    return [constants.ordered(_value(tested, run.low)) for run in runs]


def _is_equality(conditions: list[Condition]) -> bool:
    """Whether a value that passes equals another, so that it need not be asked if it is there."""
    return all(
        isinstance(each, Comparison) and each.parts[1].startswith(("==", "in"))
        for each in conditions
    )


def _rows(runs: list[Run], may_be: list[Run]) -> list[tuple[Run, Run]]:
    """First and last of each row of neighbors among `may_be`."""
    rows: list[tuple[Run, Run]] = []
    previous: Run | None = None
    for run in may_be:
        if run in runs:
            if previous in runs and rows:
                rows[-1] = (rows[-1][0], run)
            else:
                rows.append((run, run))
        previous = run
    return rows


def _stretch(
    tested: Tested, first: Run, last: Run, may_be: list[Run], constants: Constants
) -> tuple[str, ...]:
    """`age`, `<= 17`; with both ends, where both matter, `18`, `<= age`, `<= 64`."""
    name = tested.name
    low = None if first is may_be[0] else first.low
    high = None if last is may_be[-1] else last.high
    if low is not None and high is not None:
        below, above = _lower(tested, low), _upper(tested, high)
        start = (constants.ordered(below[1]), f"{_TURNED[below[0]]} {name}")
        return (*start, f"{above[0]} {constants.ordered(above[1])}")
    operator, value = _lower(tested, low) if low is not None else _upper(tested, high)
    return (name, f"{operator} {constants.ordered(value)}")


def _lower(tested: Tested, low: int) -> tuple[str, Number]:
    """`>= low`, or `> the value before` where that is the value that the author wrote."""
    at, before = _value(tested, low), _value(tested, low - 1)
    return (">", before) if before in tested.written and at not in tested.written else (">=", at)


def _upper(tested: Tested, high: int | None) -> tuple[str, Number]:
    """`<= high`, or `< the value after` where that is the value that the author wrote."""
    assert high is not None, "a test that holds for every run"
    at, after = _value(tested, high), _value(tested, high + 1)
    return ("<", after) if after in tested.written and at not in tested.written else ("<=", at)


def _value(tested: Tested, rank: int | None) -> Number:
    kind = ranks.ordered(tested.axis.column.type)
    assert kind is not None and rank is not None
    return ranks.value_at(kind, rank)


def _is_single(run: Run) -> bool:
    return run.low is not None and run.low == run.high


def _runs(axis: Axis, mask: int) -> list[Run]:
    atoms = (axis.atoms[number] for number in bits(mask))
    return [atom for atom in atoms if isinstance(atom, Run)]
