"""Binary search among edges, written out: the ends of what is allowed are two more edges.

The fewest comparisons find every stretch (Knuth, volume 3, 6.2.1); a value outside is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias, assert_never

from gapless.analysis.decision.tables import Classes
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Other, Run
from gapless.backends.code.layout import STEP
from gapless.backends.code.naming import upper
from gapless.backends.code.values import Constants
from gapless.model import DateType, DecimalType

Spell: TypeAlias = Callable[[int], str]
"""What stands for a class in the code."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is done where `condition` holds, and what elsewhere."""

    condition: str
    yes: Step
    no: Step


Step: TypeAlias = "str | Ask | None"
"""What stands for a class, a question, or nothing: such a value is not found."""


def search(column: Classes, name: str, spell: Spell, constants: Constants) -> Step:
    """How the class of the argument `name` is found by comparing."""
    kind = ranks.ordered(column.axis.column.type)
    assert kind is not None
    known = segments(column)
    low, high = known[0][0], known[-1][1]
    leaves: list[Step] = [_leaf(each, spell, name, kind, constants) for each in known]
    edges = [edge for edge, _, _ in known[1:] if edge is not None]
    if low is not None and not _is_seen_below(kind, low):
        leaves.insert(0, None)
        edges.insert(0, low)
    if high is not None and not (isinstance(kind, DateType) and high == date.max.toordinal()):
        leaves.append(None)
        edges.append(high + 1)
    values = [spelt(ranks.value_at(kind, edge), constants) for edge in edges]
    found = _halved(name, values, leaves)
    missing = [column.of[n] for n, atom in enumerate(column.axis.atoms) if atom is Other.MISSING]
    return Ask(f"{name} is None", spell(missing[0]), found) if missing else found


def _is_seen_below(kind: ranks.OrderedType, low: int) -> bool:
    """Whether nothing is below the lowest rank, or whatever is there is not taken for zero."""
    if isinstance(kind, DecimalType):
        return low == 0
    return isinstance(kind, DateType) and low == date.min.toordinal()


def segments(column: Classes) -> list[tuple[int | None, int | None, int]]:
    """Stretches of ranks, ascending, each with its class: neighbors of one class are one stretch."""
    runs = [
        (atom, column.of[number])
        for number, atom in enumerate(column.axis.atoms)
        if isinstance(atom, Run)
    ]
    found: list[tuple[int | None, int | None, int]] = []
    for code, group in groupby(runs, key=lambda run: run[1]):
        alike = [run for run, _ in group]
        found.append((alike[0].low, alike[-1].high, code))
    return found


def statements(step: Step, done: Callable[[str], str], *, returning: bool) -> list[str]:
    """Statements that do what `done` says with the class; what is not found raises LookupError.

    Where each of them is `returning`, what comes after an `if` needs no `else`.
    """
    match step:
        case None:
            return ["raise LookupError"]
        case str():
            return [done(step)]
        case Ask(condition, None, no):
            rest = statements(no, done, returning=returning)
            return [f"if {condition}:", f"{STEP}raise LookupError", *rest]
        case Ask(condition, yes, no):
            inner = statements(yes, done, returning=returning)
            first = [f"if {condition}:", *(f"{STEP}{each}" for each in inner)]
            rest = statements(no, done, returning=returning)
            if returning:
                return [*first, *rest]
            if isinstance(no, Ask) and no.yes is not None:
                return [*first, f"el{rest[0]}", *rest[1:]]
            return [*first, "else:", *(f"{STEP}{each}" for each in rest)]
    assert_never(step)


def spelt(value: int | Decimal | date, constants: Constants) -> str:
    """An edge in a comparison; decimals have names, for with whole numbers they are compared slowly."""
    if not isinstance(value, Decimal):
        return constants.ordered(value)
    sign, digits = "minus" if value < 0 else "", f"{abs(value):f}"
    return constants.name(value, upper(sign, digits))


def _leaf(
    segment: tuple[int | None, int | None, int],
    spell: Spell,
    name: str,
    kind: ranks.OrderedType,
    constants: Constants,
) -> Step:
    """A stretch's class. What is smaller than a context can hold leaves no remainder, and is no zero."""
    low, high, code = segment
    has_zero = (low is None or low <= 0) and (high is None or high >= 0)
    if not isinstance(kind, DecimalType) or not has_zero:
        return spell(code)
    step = spelt(ranks.value_at(kind, 1), constants)
    least = "" if low == 0 else f"-{step} < "
    return Ask(f"{least}{name} < {step} and {name}", None, spell(code))


def _halved(name: str, edges: Sequence[str], leaves: Sequence[Step]) -> Step:
    """Leaf n stands for what is below edge n and not below the one before."""
    if not edges:
        return leaves[0]
    middle = len(edges) // 2
    below = _halved(name, edges[:middle], leaves[: middle + 1])
    above = _halved(name, edges[middle + 1 :], leaves[middle + 1 :])
    if above is None:
        return Ask(f"{name} >= {edges[middle]}", None, below)
    return Ask(f"{name} < {edges[middle]}", below, above)
