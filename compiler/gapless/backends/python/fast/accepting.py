"""What lets arguments in to a lookup: their types, and whatever the lookup itself does not find out."""

from __future__ import annotations

from decimal import Decimal

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis
from gapless.backends.code.conditions import Comparison, Condition, joined
from gapless.backends.code.scope import Scope
from gapless.backends.code.values import Constants
from gapless.backends.python.fast.plan import is_small
from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    TextType,
    Type,
)


def accepted(axis: Axis, name: str, scope: Scope, *, looked_at: bool) -> Condition:
    """The test that an argument passes if it may be looked up; if nobody looks at it, all must be tested.

    Every value that passes is one that the column's type has, or one that the lookup does not find.
    """
    type = axis.column.type
    of = type.present
    present = _typed(of, name, scope.constants)
    if not looked_at:
        present = joined("and", [present, *_within(of, name, scope)])
    elif is_small(axis):  # a tuple counts negative numbers from its end
        assert isinstance(of, IntType)
        present = joined("and", [present, Comparison((name, f">= {of.low}"))])
    if isinstance(type, OptionalType):
        return joined("or", [Comparison((name, "is None")), present])
    return present


def _typed(type: Type, name: str, constants: Constants) -> Condition:
    match type:
        case EnumerationType() | TextType():
            return _is(name, "str")
        case BoolType():
            return _is(name, "bool")
        case IntType():
            return _is(name, "int")
        case DateType():
            return _is(name, "datetime.date")
        case DecimalType(digits):
            step = constants.ordered(Decimal((0, (1,), -digits)))
            # True in no context for a number with more digits: it rounds, fails or is exact.
            alike = Comparison((f"{name}.quantize({step})", f"== {name}"))
            exact = joined("and", [_is(name, "Decimal"), alike])
            return joined("or", [exact, _is(name, "int")])
    raise AssertionError("lists and sets do not go in")


def _within(type: Type, name: str, scope: Scope) -> list[Condition]:
    """That a value of the right Python type is one of the column's."""
    if isinstance(type, EnumerationType):
        return [Comparison((name, f"in {scope.members[type]}"))]
    if not isinstance(type, IntType | DecimalType | DateType):
        return []
    low, high = ranks.bounds(type)
    ends = [None if end is None else ranks.value_at(type, end) for end in (low, high)]
    first, last = [None if end is None else scope.constants.ordered(end) for end in ends]
    if first is not None and last is not None:
        return [Comparison((first, f"<= {name}", f"<= {last}"))]
    tests = [(name, f">= {first}")] if first is not None else []
    tests += [(name, f"<= {last}")] if last is not None else []
    return [Comparison(test) for test in tests]


def _is(name: str, type: str) -> Condition:
    return Comparison((f"type({name})", f"is {type}"))
