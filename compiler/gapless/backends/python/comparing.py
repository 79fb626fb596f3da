"""How one column stands to another, as the shortest readable test of both."""

from __future__ import annotations

from gapless.analysis.domain.derived import ABOVE, BELOW, LIKE
from gapless.analysis.domain.partition import Other, Point, bits
from gapless.backends.code.conditions import Comparison, Condition, Tested, joined
from gapless.backends.code.naming import upper
from gapless.backends.code.values import Constants

_OPERATORS = {
    frozenset({BELOW}): "<",
    frozenset({LIKE}): "==",
    frozenset({ABOVE}): ">",
    frozenset({BELOW, LIKE}): "<=",
    frozenset({LIKE, ABOVE}): ">=",
    frozenset({BELOW, ABOVE}): "!=",
}


def compared(tested: Tested, mask: int, possible: int, constants: Constants) -> Condition:
    """What tells the orders `mask` from the rest of `possible`; that both are there is asked first."""
    signs, may_be = _signs(tested, mask), _signs(tested, possible)
    missing = tested.holds(possible, Other.MISSING)
    if tested.holds(mask, Other.MISSING):
        absent = [Comparison((side.name, "is None")) for side in tested.sides if side.is_optional]
        return joined("or", [*absent, *([_stands(tested, signs, constants)] if signs else [])])
    sides = tested.sides if missing else ()
    present = [Comparison((side.name, "is not None")) for side in sides if side.is_optional]
    asked = [] if signs == may_be else [_stands(tested, signs, constants)]
    return joined("and", [*present, *asked])


def _signs(tested: Tested, mask: int) -> frozenset[str]:
    atoms = (tested.axis.atoms[number] for number in bits(mask))
    return frozenset(str(atom.value) for atom in atoms if isinstance(atom, Point))


def _stands(tested: Tested, signs: frozenset[str], constants: Constants) -> Condition:
    left, right = (side.name for side in tested.sides)
    if tested.members:
        name = constants.name(tested.members, upper(*tested.members[:2], "order"))
        left, right = (f"{name}.index({side})" for side in (left, right))
    return Comparison((left, f"{_OPERATORS[signs]} {right}"))
