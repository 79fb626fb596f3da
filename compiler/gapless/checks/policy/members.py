"""GAP115: a declared value that no table answers. GAP116: declared values that no row tells apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from gapless.analysis.composition.calls import calls
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Piece
from gapless.analysis.reachability import entries
from gapless.analysis.unit import Unit, as_decided
from gapless.checks.support import finding
from gapless.model import (
    AnyOf,
    Call,
    Column,
    Constant,
    EnumerationType,
    Equals,
    Holds,
    Items,
    NamedType,
    NoneOf,
    OutcomeValue,
    RuleKind,
    Table,
    Test,
    Value,
)
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.source import Span


def check(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    tables = [table for policy in compiled.policies for table in policy.tables]
    first = frozenset(entries(compiled.policies))
    written = {value for table in tables for value in _written_in(table)}
    for policy in compiled.policies:
        for declared in policy.types:
            if isinstance(declared.type, EnumerationType):
                with suppress(OverBudget):
                    yield from _unproduced(declared, declared.type, tables, compiled, first)
                yield from _unnamed(declared, declared.type, tables, written)


# ---------------------------------------------------------------- answered by no table


def _unproduced(
    declared: NamedType,
    type: EnumerationType,
    tables: Sequence[Table],
    compiled: finding.Compiled,
    first: Collection[Table],
) -> Iterator[Diagnostic]:
    """Only of types that nobody asks a program for: such values come from outside as well.

    What a table that only tables ask takes in, these answer, or write in their calls.
    """
    answering: list[Column] = []
    produced: set[Value] = set()
    for table in tables:
        unit = compiled.units.get(table)
        if unit is None:
            return
        if table in first and any(column.type.scalar == type for column in table.inputs):
            return
        for call in calls(table):
            for argument, column in zip(call.arguments, call.table.inputs, strict=True):
                if isinstance(argument, Constant) and column.type.scalar == type:
                    produced.add(argument.value)
        for number, column in enumerate(table.outputs):
            if column.type.scalar == type:
                answering.append(column)
                for piece in _pieces(unit, number):
                    produced.update(value for value, _ in finding.values(unit, piece))
    lacking = [member.name for member in type.members if member.name not in produced]
    if answering and lacking:
        value = "a value" if len(lacking) == 1 else "values"
        yield finding.note(
            f"type {declared.name}",
            "GAP115",
            f"no table answers {_listed(lacking)}, {value} of `{type.name}`",
            Label(declared.span, "declared here"),
            *(
                Label(each.span, "answered here, but never so")
                for each in answering[: finding.SHOWN]
            ),
            helps=(
                "add the row that answers so, if one is missing",
                "or strike it from the type, if it is not needed",
            ),
        )


def _listed(lacking: Sequence[str]) -> str:
    listed = [f"`{words.literal(name)}`" for name in lacking[: finding.SHOWN]]
    if len(lacking) > finding.SHOWN:
        listed.append(f"{len(lacking) - finding.SHOWN} more")
    return words.listed(listed)


def _pieces(unit: Unit, output: int) -> Iterator[Piece]:
    """What a table answers; of one that collects, without asking in which cases. Raises OverBudget."""
    if not unit.table.policy.is_collecting:
        return as_decided(unit, output)
    found = unit.collected[output].answers
    if not found:
        raise OverBudget
    return (Piece(unit.caller.whole, answer) for answer in found)


# ---------------------------------------------------------------- told apart by no row


def _unnamed(
    declared: NamedType,
    type: EnumerationType,
    tables: Sequence[Table],
    written: Collection[Value],
) -> Iterator[Diagnostic]:
    """Only of types some values of which are told apart; one that is not named is so by that alone."""
    tested: set[str] = set()
    catching: list[Span] = []  # the cells that let in whatever they do not name
    for table in tables:
        for number, column in enumerate(table.columns):
            if column.type.scalar == type:
                cells = [(rule, rule.conditions[number]) for rule in table.rules]
                for test in {id(cell.test): cell.test for _, cell in cells}.values():
                    tested.update(_named(test))
                catching += (
                    cell.span
                    for rule, cell in cells
                    if isinstance(cell.test, NoneOf) and rule.kind is RuleKind.RULE
                )
    lacking = [m.name for m in type.members if m.name not in tested and m.name not in written]
    if tested and len(lacking) > 1:
        yield finding.note(
            f"type {declared.name}",
            "GAP116",
            f"no row tells {_listed(lacking)} apart, values of `{type.name}`",
            Label(declared.span, "declared here"),
            *(Label(span, "this lets them in together") for span in catching[: finding.SHOWN]),
            helps=(
                "name them in the rows that should answer them, if they differ",
                "or declare one value in their place, if they do not",
            ),
        )


def _written_in(table: Table) -> Iterator[Value]:
    """The values that a table writes in outcomes and calls."""
    for rule in table.rules:
        for outcome in rule.outcomes:
            yield from _written(outcome.value)
    for let in table.lets:
        yield from _written(let.call)


def _named(test: Test) -> Iterator[str]:
    match test:
        case Equals(str() as value):
            yield value
        case AnyOf(tests) | NoneOf(tests):
            for each in tests:
                yield from _named(each)
        case Holds(ways):
            yield from (name for way in ways for number in way for name in number.members)
        case _:
            pass


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
