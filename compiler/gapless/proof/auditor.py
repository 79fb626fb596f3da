"""The auditor: is a certificate true of its table? Worked out anew, trusting no one who made it.

It shares only the model with the prover. It may refuse a true certificate; it never accepts a false
one, as long as the model is well typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, reduce
from math import prod
from operator import and_, or_
from typing import TypeAlias

from gapless import model
from gapless.proof.certificate import Certificate, Part
from gapless.proof.extents import bits, cut, domain

Columns: TypeAlias = "Sequence[Column]"
Trusted: TypeAlias = Mapping[model.Table, tuple[Certificate, Columns]]
Values: TypeAlias = Mapping[str, model.OutcomeValue]


def objections(certificates: Mapping[model.Table, Certificate]) -> dict[model.Table, str | None]:
    """What is wrong with each certificate, None where it is true; called tables come first."""
    trusted: dict[model.Table, tuple[Certificate, Columns]] = {}
    found: dict[model.Table, str | None] = dict.fromkeys(certificates)
    for table, claimed in certificates.items():
        try:
            trusted[table] = claimed, _audited(table, claimed, trusted)
        except (ArithmeticError, LookupError, TypeError, ValueError) as why:
            found[table] = str(why)
    return found


def _audited(table: model.Table, claimed: Certificate, trusted: Trusted) -> Columns:
    """The columns cut for looking parts up, once each input is seen to be in one, rightly told."""
    _demand(claimed[:2] == (table.name, table.policy), "it is of another table")
    columns, filled = _columns(table.inputs, [part.cells for part in claimed.parts]), 0
    rules = _columns(table.columns, [[c.test for c in r.conditions] for r in table.rules])
    for number, part in enumerate(claimed.parts):
        _demand(_meeting(columns, part.cells) == 1 << number, f"part {number + 1} meets another")
        _check(table, part, rules, trusted, f"part {number + 1}")
        filled += prod(c.pieces(t).bit_count() for c, t in zip(columns, part.cells, strict=True))
    _demand(filled == prod(c.domain.bit_count() for c in columns), "some inputs are in no part")
    return columns


def _check(table: model.Table, part: Part, rules: Columns, trusted: Trusted, where: str) -> None:
    """See that everywhere in its box the table says what the part says."""
    cells = {column.name: cell for column, cell in zip(table.inputs, part.cells, strict=True)}
    known: dict[str, model.OutcomeValue] = {n: _pinned(n, cell) for n, cell in cells.items()}
    for let in table.lets:
        value = _said(let.call, known, cells, trusted)
        if value is None:
            _demand(part[1:] == (None, let.column.name, ()), f"{where}: a let column has no value")
            return
        known[let.column.name] = value
    tests = [_test(known[column.name], cells) for column in table.columns]
    order = model.precedence(table)
    met = sorted(bits(_meeting(rules, tests)), key=order.places.__getitem__)
    _demand(bool(met), f"{where}: no rule applies")
    wins = table.rules[met[0]]
    _demand(part[1:3] == (wins.name, None), f"{where}: `{wins.name}` applies, and wins")
    rows = {row: zip(rules, tests, table.rules[row].conditions, strict=True) for row in met}
    beyond = {n: any(c.pieces(t) & ~c.pieces(x.test) for c, t, x in rows[n]) for n in met}
    _demand(not beyond[met[0]], f"{where}: `{wins.name}` does not apply to all of it")
    for row, rule in ((row, table.rules[row]) for row in met):
        beaten = any(order.beats(other, row) and not beyond[other] for other in met)
        if rule.kind is wins.kind and not beaten:
            said = (_said(each.value, known, cells, trusted) for each in rule.outcomes)
            gives = tuple(each for each in said if each or not table.by_version)
            _demand(gives == part.gives, f"{where}: `{rule.name}` gives something else")


def _pinned(name: str, cell: model.Test) -> model.OutcomeValue:
    """What an input is known to be: the only value of its cell, or itself."""
    if isinstance(cell, model.Equals):
        return model.Constant(cell.value)
    return model.Constant(None) if isinstance(cell, model.IsMissing) else model.ColumnValue(name)


def _test(value: model.OutcomeValue, cells: Mapping[str, model.Test]) -> model.Test:
    """A test that every value passes which `value` may stand for."""
    if isinstance(value, model.ColumnValue):
        return cells[value.column]
    one = value.value if isinstance(value, model.Constant) else ()  # A list is no condition.
    return model.IsMissing() if one is None else model.Equals(one)  # type: ignore[arg-type]


def _said(
    value: model.OutcomeValue, known: Values, cells: Mapping[str, model.Test], trusted: Trusted
) -> model.OutcomeValue | None:
    """A value in terms of the inputs; None where a called table has none."""
    match value:
        case model.ColumnValue(name):
            return known[name]
        case model.Items(items, as_set):
            told = [_said(item, known, cells, trusted) for item in items]
            each = sorted({*told}, key=repr) if as_set else told  # Sets have no order of their own.
            if not all(isinstance(item, model.Constant) for item in each):
                return None if None in each else model.Items(tuple(each), as_set)  # type: ignore[arg-type]
            return model.Constant((frozenset if as_set else tuple)(c.value for c in each))  # type: ignore
        case model.Call(table, output, arguments):
            _demand(table in trusted, f"it relies on `{table.name}`, which is not certified")
            given = [known[a.column] if isinstance(a, model.ColumnValue) else a for a in arguments]
            certificate, columns = trusted[table]
            met = _meeting(columns, [_test(each, cells) for each in given])
            _demand(met.bit_count() == 1, f"a call of `{table.name}` meets several of its parts")
            gives = certificate.parts[met.bit_length() - 1].gives
            own = dict(zip((column.name for column in table.inputs), given, strict=True))
            return _said(gives[output], own, cells, trusted) if gives else None
    return value


class Column:
    """A column cut at the edges of some tests, one for each of some rows; rows are bits, too."""

    def __init__(self, type: model.Type, tests: Sequence[model.Test]) -> None:
        self.pieces, self.meeting = cut(type, tests), cache(self._meeting)
        self.domain = self.pieces(domain(type))
        rows: dict[model.Test, int] = defaultdict(int)
        for row, test in enumerate(tests):
            rows[test] |= 1 << row
        self.rows: dict[int, int] = defaultdict(int)
        for test, those in rows.items():
            for piece in bits(self.pieces(test)):
                self.rows[piece] |= those

    def _meeting(self, test: model.Test) -> int:
        """The rows with a test that some value passes which passes `test`."""
        _demand(not self.pieces(test) & ~self.domain, "a value lies beyond its column")
        return reduce(or_, (self.rows[piece] for piece in bits(self.pieces(test))), 0)


def _columns(columns: Sequence[model.Column], rows: Sequence[Sequence[model.Test]]) -> Columns:
    return [Column(column.type, [row[at] for row in rows]) for at, column in enumerate(columns)]


def _meeting(columns: Columns, row: Sequence[model.Test]) -> int:
    """The rows of the columns' tests that share a case with `row`."""
    return reduce(and_, (c.meeting(test) for c, test in zip(columns, row, strict=True)), -1)


def _demand(fact: bool, otherwise: str) -> None:
    if not fact:
        raise ValueError(otherwise)
