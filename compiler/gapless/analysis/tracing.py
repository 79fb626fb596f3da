"""Which rows the answers of a table rest on: its pieces, with the rows that flow into each of them.

As the reference meaning has it (`semantics.trace`): a value that is copied or worked out brings the rows that
flow into its columns, what a call answers brings the rows of the called table, and what conditions,
guards and arguments look at flows nowhere unless it is handed on. Decisions and tables of versions
have no rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from gapless.analysis.aggregate import applying
from gapless.analysis.building import as_asked
from gapless.analysis.composition.calls import Caller, together
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.decision.first_match import canonical
from gapless.analysis.domain.answers import Answer, Fixed, Flow, Nothing, Piece, Row, once, split
from gapless.analysis.domain.derived import named_in
from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit, as_decided, as_ruled
from gapless.model import Constant, Rule, RuleKind, Value, collected_in

MOST_SETS = 500
"""A collecting table in which more sets of rules apply together is told as a whole."""


def traced(unit: Unit, output: int) -> tuple[Piece, ...]:
    """What the table answers in one output, as `unit.answers`, each piece with its flow. Raises OverBudget.

    Disjoint boxes of its inputs, together all of them. Callees come first: chains may be long.
    """
    waiting = [(unit, output)]
    while waiting:
        each, number = waiting[-1]
        if number not in each.traces:
            unknown = [
                (asked, callee.call.output)
                for asked, callee in each.callees
                if callee.call.output not in asked.traces and not _is_whole(asked)
            ]
            if unknown:
                waiting.extend(unknown)
                continue
            each.traces[number] = _traced(each, number)
        waiting.pop()
    return unit.traces[output]


def _traced(unit: Unit, output: int) -> tuple[Piece, ...]:
    """The same, of all that is called is known."""
    if unit.table.policy.is_collecting:
        return _collecting(unit, output)
    alike: dict[tuple[Answer, Flow], list[Box]] = {}
    for piece in as_decided(unit, output, ruled):
        alike.setdefault((piece.answer, piece.flow), []).append(piece.box)
    return tuple(
        Piece(box, *said)
        for said, boxes in alike.items()
        for box in min(canonical(boxes, unit.caller.whole), boxes, key=len)
    )


def ruled(unit: Unit, number: int, output: int, box: Box) -> Iterator[Piece]:
    """What one rule answers in one output, traced, in disjoint boxes of inputs that make up `box`."""
    table, tracing = unit.table, _tracing(unit)
    own = () if table.is_decision or table.by_version else (Row(table, number, output),)
    for piece in _from_inputs(tracing, as_ruled(tracing, number, output, box)):
        is_answer = not isinstance(piece.answer, Nothing)
        yield piece._replace(flow=once((*own, *piece.flow)) if is_answer else ())


def _collecting(unit: Unit, output: int) -> tuple[Piece, ...]:
    """What rules of a collecting table answer together rests on all of them that apply.

    Where these are too many sets, the table is told as a whole.
    """
    table = unit.table
    sets = _sets(unit)
    if sets is None:
        return _as_whole(unit, output, unit.collected[output].pieces(unit.undecided))
    found = []
    for box, answer, _ in sets:
        if isinstance(answer, Nothing):
            found.append(Piece(box, answer))
            continue
        numbers = _numbers(answer)
        values = [_added(table.rules[number], output) for number in numbers]
        rest = table.rules[numbers[0]].kind is RuleKind.OTHERWISE
        value = values[0] if rest else collected_in(table, output, values)
        flow = tuple(Row(table, number, output) for number in numbers)
        found.append(Piece(box, Fixed(value), flow))
    return tuple(found)


def _numbers(answer: Answer) -> tuple[int, ...]:
    assert isinstance(answer, Fixed) and isinstance(answer.value, tuple)
    return tuple(number for number in answer.value if isinstance(number, int))


def _added(rule: Rule, output: int) -> Value:
    value = rule.outcomes[output].value
    assert isinstance(value, Constant), "what is collected is written in its cell"
    return value.value


@lru_cache(maxsize=256)
def _sets(unit: Unit) -> tuple[Piece, ...] | None:
    """Which rules of a collecting table apply together where; None where these are too many sets."""
    found = []
    try:
        for piece in applying(unit.table, unit.claims).pieces(unit.undecided):
            found.append(piece)
            if len(found) > MOST_SETS:
                return None
    except OverBudget:
        return None
    return tuple(found)


def _is_whole(unit: Unit) -> bool:
    """Whether a table is one that collects, and is told as a whole."""
    return unit.table.policy.is_collecting and _sets(unit) is None


def _as_whole(unit: Unit, output: int, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    flow = (Row(unit.table, None, output),)
    return tuple(
        each if isinstance(each.answer, Nothing) else each._replace(flow=flow) for each in pieces
    )


@lru_cache(maxsize=256)
def _tracing(unit: Unit) -> Unit:
    """The unit, what it looks up and calls told with the rows that flow into it. Raises OverBudget."""
    if not unit.callees:
        return unit
    table, lets, called = unit.table, dict[str, tuple[Piece, ...]](), dict[int, tuple[Piece, ...]]()
    caller = Caller(unit.caller.inputs, lets)
    for place, (asked, callee) in enumerate(unit.callees):
        if _is_whole(asked):
            inner = _as_whole(asked, callee.call.output, callee.pieces)
        else:
            inner = traced(asked, callee.call.output)
        outer = as_asked(table, place, callee._replace(pieces=inner), caller, unit.axes)
        found = tuple(_from_inputs(replace(unit, caller=caller), outer))
        if place < len(table.lets):
            lets[table.lets[place].column.name] = found
        else:
            called[id(callee.call)] = found
    return replace(unit, caller=caller, called=called)


def _from_inputs(unit: Unit, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces, what flows into derived columns told in place of these: inputs, and rows of what was looked up."""
    inputs = len(unit.table.inputs)
    for piece in pieces:
        if all(isinstance(each, Row) or each < inputs for each in piece.flow):
            yield piece
            continue
        parts = [
            base
            for each in piece.flow
            for base in ((each,) if isinstance(each, Row) or each < inputs else _bases(unit, each))
        ]
        names = [each for each in dict.fromkeys(parts) if isinstance(each, str)]
        looked_up = [[*split(unit.caller.lets[name], piece.box)] for name in names]
        for box, held in together(looked_up, piece.box):
            flows = dict(zip(names, (each.flow for each in held), strict=True))
            yield piece._replace(
                box=box,
                flow=once(
                    p for each in parts for p in (flows[each] if isinstance(each, str) else (each,))
                ),
            )


def _bases(unit: Unit, place: int) -> Iterator[int | str]:
    """The inputs and looked-up columns that a derived column follows from, as its formula names them."""
    inputs = len(unit.table.inputs)
    if place < inputs:
        yield place
        return
    for name in named_in(unit.lowered.derived[place - inputs].definition):
        if name in unit.caller.lets:
            yield name
        else:
            yield from _bases(unit, unit.place(name))
