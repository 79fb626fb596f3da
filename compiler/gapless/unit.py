"""A table, its space and its decision in one hand: built once, read by everything after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gapless.calls import (
    Callee,
    Caller,
    Fixed,
    Nothing,
    Piece,
    Same,
    allowed,
    flatten,
    join,
    split,
)
from gapless.cutting import axes_of
from gapless.decision import NEVER, Claim, Decision, decide, paths, tally
from gapless.model import Call, ColumnValue, Constant, Items, OutcomeValue, Rule, RuleKind, Table
from gapless.space import Axis, Box


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What the compiler knows of one table.

    `axes` are the table's inputs, then its lets. `boxes` has the box of each rule over these axes,
    None where a condition can never hold. `never` are the boxes that called tables rule out.

    `by_inputs` tells what each input gets; it tests input axes only. `by_columns` tells the same
    the way the author wrote it, testing lets too. Both are None where the budget did not suffice.

    `tally` counts the cases that lead to each rule, to GAP or to NEVER; empty without `by_inputs`.
    """

    table: Table
    axes: tuple[Axis, ...]
    boxes: tuple[Box | None, ...]
    never: tuple[Box, ...]
    caller: Caller
    called: Mapping[int, tuple[Piece, ...]]
    """What each call in an outcome answers, by `id` of the call."""
    by_inputs: Decision | None
    by_columns: Decision | None
    tally: Mapping[int, int]

    @property
    def inputs(self) -> int:
        """How many of the axes are inputs; the rest are lets."""
        return len(self.table.inputs)

    @property
    def wholes(self) -> Box:
        return tuple(axis.whole for axis in self.axes)

    @property
    def cases(self) -> int:
        """How many cases the inputs make, each column cut wherever a rule makes a difference."""
        cases = 1
        for axis in self.axes[: self.inputs]:
            cases *= len(axis.atoms)
        return cases

    def rules(self, kind: RuleKind) -> Iterator[int]:
        """The numbers of the rules of that kind."""
        return (i for i, rule in enumerate(self.table.rules) if rule.kind is kind)


def build_units(tables: Iterable[Table]) -> dict[Table, Unit]:
    """The units of `tables`, and of every table they call, callees first."""
    units: dict[Table, Unit] = {}

    def add(table: Table) -> None:
        for call in calls(table):
            if call.table not in units:
                add(call.table)
        unit = build_unit(table, units)
        if unit is not None:
            units[table] = unit

    for table in tables:
        if table not in units:
            add(table)
    return units


def build_unit(table: Table, units: Mapping[Table, Unit]) -> Unit | None:
    """The unit of `table`; `units` has those of the tables it calls.

    None for a table that was not read whole, or calls one without a decision: what could be said
    of it would only be a consequence of what is already reported there.
    """
    callees = [_callee(call, units) for call in calls(table)]
    known = [callee for callee in callees if callee is not None]
    if not table.complete or len(known) < len(callees):
        return None
    axes = axes_of(table, known)
    inputs = axes[: len(table.inputs)]
    lets: dict[str, tuple[Piece, ...]] = {}
    caller = Caller(inputs, lets)
    for let, callee in zip(table.lets, known, strict=False):
        lets[let.column.name] = flatten(callee, caller)
    called = {id(each.call): flatten(each, caller) for each in known[len(table.lets) :]}
    boxes = tuple(_box(axes, rule) for rule in table.rules)
    never = _never(axes, caller)
    by_inputs, by_columns = _decisions(table, axes, _claims(table, boxes, never))
    counts = {} if by_inputs is None else tally(by_inputs, caller.whole)
    return Unit(table, axes, boxes, never, caller, called, by_inputs, by_columns, counts)


def calls(table: Table) -> tuple[Call, ...]:
    """Every call in a table, those of lets first, in order."""
    parts = (
        part
        for rule in table.rules
        for outcome in rule.outcomes
        for part in (outcome.value.items if isinstance(outcome.value, Items) else (outcome.value,))
    )
    lets = (let.call for let in table.lets)
    return (*lets, *(part for part in parts if isinstance(part, Call)))


def answered(unit: Unit, value: OutcomeValue, box: Box) -> Iterator[Piece]:
    """What an outcome is, in disjoint boxes of inputs that make up `box`."""
    match value:
        case Constant(constant):
            yield Piece(box, Fixed(constant))
        case ColumnValue(name) if name in unit.caller.lets:
            yield from split(unit.caller.lets[name], box)
        case ColumnValue(name):
            names = [column.name for column in unit.table.inputs]
            yield Piece(box, Same(names.index(name)))
        case Call():
            yield from split(unit.called[id(value)], box)
        case Items(items, as_set):
            parts = [list(answered(unit, item, box)) for item in items]
            yield from join(parts, box, as_set=as_set)
        case _:
            assert_never(value)


def answers(unit: Unit, decision: Decision, output: int) -> Iterator[Piece]:
    """What the table answers in one output: disjoint boxes of its inputs, together all of them."""
    for box, number in paths(decision):
        inputs = box[: unit.inputs]
        rule = unit.table.rules[number] if number >= 0 else None
        if rule is None or rule.kind is RuleKind.IMPOSSIBLE:
            yield Piece(inputs, Nothing(impossible=rule is not None or number == NEVER))
        else:
            yield from answered(unit, rule.outcomes[output].value, inputs)


def _callee(call: Call, units: Mapping[Table, Unit]) -> Callee | None:
    unit = units.get(call.table)
    if unit is None or unit.by_inputs is None:
        return None
    pieces = tuple(answers(unit, unit.by_inputs, call.output))
    return Callee(call, unit.axes[: unit.inputs], pieces)


def _never(axes: tuple[Axis, ...], caller: Caller) -> tuple[Box, ...]:
    """The boxes in which some let column has a value that it cannot have for these inputs."""
    first = len(caller.inputs)
    wholes = tuple(axis.whole for axis in axes)
    boxes: list[Box] = []
    for number, pieces in enumerate(caller.lets.values(), first):
        for piece in pieces:
            for box, mask in allowed(piece, axes[number], caller.inputs):
                rest = (*box, *wholes[first:number], axes[number].whole & ~mask)
                boxes.append((*rest, *wholes[number + 1 :]))
    return tuple(box for box in boxes if all(box))


def _box(axes: tuple[Axis, ...], rule: Rule) -> Box | None:
    box = tuple(
        axis.mask(condition.test) for axis, condition in zip(axes, rule.conditions, strict=True)
    )
    return box if all(box) else None


_PRECEDENCE = (RuleKind.IMPOSSIBLE, RuleKind.RULE, RuleKind.OTHERWISE)


def _claims(table: Table, boxes: Sequence[Box | None], never: Sequence[Box]) -> list[Claim]:
    """Every claim, those first that win: what never happens, what is impossible, rules, otherwise."""
    claims = [Claim(box, NEVER) for box in never]
    for kind in _PRECEDENCE:
        for number, box in enumerate(boxes):
            if box is not None and table.rules[number].kind is kind:
                claims.append(Claim(box, number))
    return claims


def _decisions(
    table: Table, axes: tuple[Axis, ...], claims: Sequence[Claim]
) -> tuple[Decision | None, Decision | None]:
    """The decision over inputs alone, and over the columns as the author wrote them."""
    wholes = tuple(axis.whole for axis in axes)
    inputs = range(len(table.inputs))
    lets = tuple(range(len(inputs), len(axes)))
    orders = [(*order, *lets) for order in _orders(inputs, claims, wholes)]
    by_inputs = _smallest(claims, wholes, orders, elastic_from=len(inputs))
    if not lets:
        return by_inputs, by_inputs
    names = [axis.column.name for axis in axes]
    written = [names.index(name) for name in table.written]
    rest = [i for i in range(len(axes)) if i not in written]
    orders = [(*order, *rest) for order in _orders(written, claims, wholes)]
    return by_inputs, _smallest(claims, wholes, orders, elastic_from=0)


def _orders(axes: Sequence[int], claims: Sequence[Claim], wholes: Box) -> list[tuple[int, ...]]:
    """Orders worth trying: as written, and those columns first that most rules look at."""
    looked_at = {axis: sum(c.box[axis] != wholes[axis] for c in claims) for axis in axes}
    busiest = sorted(axes, key=lambda axis: (-looked_at[axis], wholes[axis].bit_length()))
    return list(dict.fromkeys([tuple(axes), tuple(busiest)]))


def _smallest(
    claims: Sequence[Claim], wholes: Box, orders: Sequence[Sequence[int]], *, elastic_from: int
) -> Decision | None:
    found = [decide(claims, wholes, order, elastic_from=elastic_from) for order in orders]
    known = [decision for decision in found if decision is not None]
    return min(known, key=lambda decision: decision.nodes, default=None)
