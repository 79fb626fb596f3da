"""A certificate: who answers what for which inputs, so told that it can be checked without a search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from gapless.model import (
    AnyOf,
    Begins,
    Between,
    BoolType,
    ColumnValue,
    Constant,
    DatetimeType,
    DateType,
    DecimalType,
    Equals,
    HitPolicy,
    Holds,
    HowMany,
    IntType,
    IsMissing,
    Items,
    ListType,
    NoneOf,
    OutcomeValue,
    Scalar,
    SetType,
    Table,
    Test,
    TimeType,
    Type,
)
from gapless.proof.extents import domain

FORMAT = 1

_TOLD_AS: Mapping[type, type] = {IntType: int, BoolType: bool}
"""What JSON has for values of a type; for all others, texts."""

_INSTANTS: Mapping[type, type[date | time]] = {
    DateType: date,
    TimeType: time,
    DatetimeType: datetime,
}


class Part(NamedTuple):
    """A box of a table's inputs, one test for each, and what the table says in all of it.

    `rule` is the rule that answers or forbids; None where the let column `excluded_by` has no value.
    `gives` is the answer, one value an output, in terms of the inputs: constants, columns, and
    items of these, those of a set ordered by their `repr`, none twice. Where there is no answer, it
    is empty.
    """

    cells: tuple[Test, ...]
    rule: str | None
    excluded_by: str | None
    gives: tuple[OutcomeValue, ...]


class Certificate(NamedTuple):
    """The claim that every input is in just one of `parts`, and that the table says what that says.

    Rules of the same kind that apply there too give the same, unless `policy` lets the first one win.
    """

    table: str
    policy: HitPolicy
    parts: tuple[Part, ...]


def dumps(certificate: Certificate, table: Table) -> str:
    """The certificate as JSON, a line for each part; cells of `-` are left out."""
    lines = ",\n".join(f"    {_line(part, table)}" for part in certificate.parts)
    head = {"format": FORMAT, "table": certificate.table, "hit_policy": certificate.policy.value}
    rows = [f"  {_json(key)}: {_json(value)}," for key, value in head.items()]
    return "\n".join(["{", *rows, '  "parts": [', lines, "  ]", "}", ""])


def loads(text: str, table: Table) -> Certificate:
    """The certificate that `dumps` wrote for a table of these columns; a ValueError if it is none."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError("it is in another format")
        parts = tuple(_part(each, table) for each in told["parts"])
        return Certificate(told["table"], HitPolicy(told["hit_policy"]), parts)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as why:
        raise ValueError(f"it cannot be read: {why}") from None


def _line(part: Part, table: Table) -> str:
    columns = zip(table.inputs, part.cells, strict=True)
    where = {c.name: _cell(cell) for c, cell in columns if cell != domain(c.type)}
    told: dict[str, object] = {"where": where}
    if part.excluded_by is not None:
        return _json({**told, "excluded_by": part.excluded_by})
    told["rule"] = part.rule
    if part.gives:
        names = (output.name for output in table.outputs)
        told["gives"] = {n: _answer(each) for n, each in zip(names, part.gives, strict=True)}
    return _json(told)


def _cell(test: Test) -> list[object]:
    match test:
        case AnyOf(tests):
            return [each for inner in tests for each in _cell(inner)]
        case Equals(frozenset() as value):
            return [sorted(map(_scalar, value), key=_json)]
        case Equals(value):
            return [_scalar(value)]
        case Holds(ways):
            return [
                [{"of": [*n.members], "from": n.low, "to": n.high} for n in way] for way in ways
            ]
        case IsMissing():
            return [None]
        case Begins(prefix, but):
            left = [each for inner in but for each in _cell(inner)]
            return [{"begins": prefix, "but_not": left} if left else {"begins": prefix}]
        case Between(low, high):
            ends = {"from": low, "to": high}
            return [{end: _scalar(value) for end, value in ends.items() if value is not None}]
        case NoneOf(tests):
            return [{"other_than": [each for inner in tests for each in _cell(inner)]}]
    raise AssertionError("no cell of a part is told so")


def _answer(value: OutcomeValue) -> object:
    match value:
        case Constant(several) if isinstance(several, tuple | frozenset):
            told = [_scalar(each) for each in several]
            return told if isinstance(several, tuple) else sorted(told, key=_json)
        case Constant(one):
            return _scalar(one)  # type: ignore[arg-type]
        case ColumnValue(name):
            return {"input": name}
        case Items(items):
            return [_answer(item) for item in items]
    raise AssertionError("calls are followed to their answers")


def _scalar(value: Scalar | None) -> object:
    """Decimals, days and times are texts, so that nothing is lost on the way."""
    match value:
        case Decimal():
            return format(value, "f")
        case date() | time():
            return value.isoformat()
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _part(told: Mapping[str, Any], table: Table) -> Part:
    where = told["where"]
    if not set(where) <= {column.name for column in table.inputs}:
        raise ValueError("it names a column that is no input")
    cells = tuple(
        _read_cell(c.type, where[c.name]) if c.name in where else domain(c.type)
        for c in table.inputs
    )
    given = told.get("gives", {})
    gives = tuple(_read_answer(c.type, given[c.name]) for c in table.outputs) if given else ()
    return Part(cells, told.get("rule"), told.get("excluded_by"), gives)


def _read_cell(type: Type, told: list[Any]) -> Test:
    if isinstance(type, SetType):
        return _read_holding(type, told)
    tests = tuple(_read_test(type, each) for each in told)
    return tests[0] if len(tests) == 1 else AnyOf(tests)


def _read_holding(type: SetType, told: list[Any]) -> Test:
    """A set alone, or in each list so many of some members."""
    if len(told) == 1 and not any(isinstance(each, dict) for each in told[0]):
        only = frozenset(_read_scalar(type.of, each) for each in told[0])
        return Equals(only)  # type: ignore[arg-type]  # in certificates, sets too
    ways = []
    for way in told:
        numbers = ((each["of"], each["from"], each["to"]) for each in way)
        ways.append(
            tuple(
                HowMany(tuple(_read_scalar(type.of, n) for n in of), _count(low), _count(high))
                for of, low, high in numbers
            )
        )
    return Holds(tuple(ways))


def _count(told: Any) -> int:
    return _read_scalar(IntType(), told)  # type: ignore[no-any-return]


def _read_test(type: Type, told: Any) -> Test:
    match told:
        case None:
            return IsMissing()
        case {"other_than": list() as others}:
            return NoneOf(tuple(_read_test(type, each) for each in others))
        case {"begins": str(prefix)}:
            left: list[Any] = told.get("but_not", [])
            return Begins(prefix, tuple(_read_test(type, each) for each in left))
        case dict():
            if not set(told) <= {"from", "to"}:
                raise ValueError(f"a cell cannot be {_json(told)}")
            low, high = (
                _read_scalar(type, told[end]) if end in told else None for end in ("from", "to")
            )
            return Between(low, high)
    return Equals(_read_scalar(type, told))


def _read_answer(type: Type, told: Any) -> Constant | ColumnValue | Items:
    if isinstance(type, ListType | SetType):
        return _read_items(type, told)
    return _read_item(type, told)


def _read_items(type: ListType | SetType, told: Any) -> Constant | ColumnValue | Items:
    if isinstance(told, dict):
        return ColumnValue(told["input"])
    items = tuple(_read_item(type.of, each) for each in told)
    as_set = isinstance(type, SetType)
    values = tuple(item.value for item in items if isinstance(item, Constant))
    if len(values) < len(items):
        return Items(items, as_set)
    return Constant(frozenset(values) if as_set else values)  # type: ignore[arg-type]


def _read_item(type: Type, told: Any) -> Constant | ColumnValue:
    if isinstance(told, dict):
        return ColumnValue(told["input"])
    return Constant(None if told is None else _read_scalar(type, told))


def _read_scalar(kind: Type, told: Any) -> Any:
    """A value of the column's type, told as JSON has it; bool is not int here."""
    inner = kind.present
    wanted = _TOLD_AS.get(type(inner), str)
    if type(told) is not wanted:
        raise ValueError(f"{_json(told)} is no value of its column")
    if isinstance(inner, DecimalType):
        return Decimal(told)  # type: ignore[arg-type]
    of = _INSTANTS.get(type(inner))
    return of.fromisoformat(told) if of else told  # type: ignore[arg-type]
