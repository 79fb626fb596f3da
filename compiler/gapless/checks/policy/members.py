"""GAP115: a declared value that no table answers. GAP116: declared values that no row tells apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from gapless.analysis.composition.calls import calls
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Fixed, Nothing, Piece, Same, Several
from gapless.analysis.domain.partition import bits
from gapless.analysis.reachability import entries
from gapless.analysis.unit import Unit, as_decided
from gapless.checks.support import wording as said
from gapless.model import (
    AnyOf,
    Call,
    Column,
    ColumnValue,
    Constant,
    EnumerationType,
    Equals,
    Items,
    NamedType,
    NoneOf,
    OutcomeValue,
    Policy,
    RuleKind,
    Table,
    Test,
    Value,
)
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Span


def check(policies: Sequence[Policy], units: Mapping[Table, Unit]) -> Iterator[Diagnostic]:
    tables = [table for policy in policies for table in policy.tables]
    first = frozenset(entries(policies))
    written = {value for table in tables for value in _written_in(table)}
    for policy in policies:
        for declared in policy.types:
            if isinstance(declared.type, EnumerationType):
                with suppress(OverBudget):
                    yield from _unproduced(declared, declared.type, tables, units, first)
                yield from _unnamed(declared, declared.type, tables, written)


# ---------------------------------------------------------------- answered by no table


def _unproduced(
    declared: NamedType,
    type: EnumerationType,
    tables: Iterable[Table],
    units: Mapping[Table, Unit],
    first: Collection[Table],
) -> Iterator[Diagnostic]:
    """Only of types that nobody asks a program for: such values come from outside as well.

    What a table that only tables ask takes in, these answer, or write in their calls.
    """
    answering: list[Column] = []
    produced: set[Value] = set()
    for table in tables:
        if table not in units:
            return
        if table in first and any(column.type.scalar == type for column in table.inputs):
            return
        produced.update(_handed(table, type))
        for number, column in enumerate(table.outputs):
            if column.type.scalar == type:
                answering.append(column)
                for piece in _pieces(units[table], number):
                    produced.update(_values(units[table], piece))
    lacking = [member.name for member in type.members if member.name not in produced]
    if answering and lacking:
        yield _finding(
            "GAP115",
            declared,
            lacking,
            f"no table answers {{}}, {'a value' if len(lacking) == 1 else 'values'} of `{type.name}`",
            [Label(column.span, "answered here, but never so") for column in answering],
            "add the row that answers so, if one is missing",
            "or strike it from the type, if it is not needed",
        )


def _handed(table: Table, type: EnumerationType) -> Iterator[Value]:
    """The values of a type that a table writes in its calls."""
    for call in calls(table):
        for argument, column in zip(call.arguments, call.table.inputs, strict=True):
            if isinstance(argument, Constant) and column.type.scalar == type:
                yield argument.value


def _pieces(unit: Unit, output: int) -> Iterator[Piece]:
    """What a table answers; of one that collects, without asking in which cases. Raises OverBudget."""
    if not unit.table.policy.is_collecting:
        return as_decided(unit, output)
    found = unit.collected[output].answers
    if not found:
        raise OverBudget
    return (Piece(unit.caller.whole, answer) for answer in found)


def _values(unit: Unit, piece: Piece) -> Iterator[Value]:
    """Every single value that is answered somewhere in a piece's box."""
    match piece.answer:
        case Fixed(tuple() | frozenset() as several):
            yield from several
        case Fixed(value):
            yield value
        case Same(number):
            yield from (unit.axes[number].sample(atom) for atom in bits(piece.box[number]))
        case Several(items, _):
            for item in items:
                yield from _values(unit, Piece(piece.box, item))
        case Nothing():
            pass


# ---------------------------------------------------------------- told apart by no row


def _tests(table: Table, number: int) -> Iterator[Test]:
    """The different tests of a column."""
    tests = (rule.conditions[number].test for rule in table.rules)
    yield from {id(test): test for test in tests}.values()


def _unnamed(
    declared: NamedType,
    type: EnumerationType,
    tables: Iterable[Table],
    written: Collection[Value],
) -> Iterator[Diagnostic]:
    """Only of types some values of which are told apart; one that is not named is so by that alone."""
    tested: set[str] = set()
    catching: list[Span] = []
    for table in tables:
        for number, column in enumerate(table.columns):
            if column.type.scalar == type:
                for test in _tests(table, number):
                    tested.update(_named(test))
                catching.extend(_catching(table, number))
    lacking = [m.name for m in type.members if m.name not in tested and m.name not in written]
    if tested and len(lacking) > 1:
        yield _finding(
            "GAP116",
            declared,
            lacking,
            f"no row tells {{}} apart, values of `{type.name}`",
            [Label(each, "this lets them in together") for each in catching],
            "name them in the rows that should answer them, if they differ",
            "or declare one value in their place, if they do not",
        )


def _catching(table: Table, column: int) -> Iterator[Span]:
    """The cells of a column that let in whatever they do not name."""
    for rule in table.rules:
        condition = rule.conditions[column]
        if isinstance(condition.test, NoneOf) and rule.kind is RuleKind.RULE:
            yield condition.span


def _named(test: Test) -> Iterator[str]:
    match test:
        case Equals(str() as value):
            yield value
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _named(each)
        case _:
            pass


def _written_in(table: Table) -> Iterator[Value]:
    """The values that a table writes in outcomes and calls."""
    for rule in table.rules:
        for outcome in rule.outcomes:
            yield from _written(outcome.value)
    for let in table.lets:
        yield from _written(let.call)


def _written(value: OutcomeValue) -> Iterator[Value]:
    """The values in an outcome or call as they are written."""
    match value:
        case Constant(tuple() | frozenset() as several):
            yield from several
        case Constant(one):
            yield one
        case Call(arguments=arguments):
            yield from (each.value for each in arguments if isinstance(each, Constant))
        case Items(items):
            for item in items:
                yield from _written(item)
        case ColumnValue():
            pass


def _finding(
    code: str,
    declared: NamedType,
    lacking: Sequence[str],
    title: str,
    labels: Sequence[Label],
    wish: str,
    way_out: str,
) -> Diagnostic:
    listed = [f"`{words.literal(name)}`" for name in lacking[: said.SHOWN]]
    if len(lacking) > said.SHOWN:
        listed.append(f"{len(lacking) - said.SHOWN} more")
    return Diagnostic(
        code,
        Severity.NOTE,
        title.format(words.listed(listed)),
        (Label(declared.span, "declared here"), *labels[: said.SHOWN]),
        subject=f"type {declared.name}",
        helps=(
            Help(Repair.DECISION, wish),
            Help(Repair.DECISION, way_out),
        ),
    )
