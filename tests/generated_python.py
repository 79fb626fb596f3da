"""Generated Python, loaded and asked: what its functions say, in the words of the reference meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

from hypothesis import assume
from pytest import MonkeyPatch

from gapless.analysis.building import build_units
from gapless.backends import ALL
from gapless.backends.code.scope import scope
from gapless.backends.python import emit
from gapless.driver import Result, compile_sources
from gapless.model import Basis, Call, Constant, Items, Policy, Table, Value
from gapless.semantics import Answered, Impossible, Row, evaluate, holds, trace
from gapless.text.traces import bases_named, rows_named
from gapless_dsl.source import Source
from tests.pages import ROOT

Case: TypeAlias = Mapping[str, Value]


class Rested(NamedTuple):
    """A row that an answer rests on, and all that is told of it."""

    table: str
    rule: str
    basis: str
    reason: str
    citations: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """What a generated function answers: the rule, the values; or the rule that makes it impossible.

    `rows` are those that each output rests on, with their basis, and `steering` all others.
    """

    rule: str
    values: tuple[Value, ...] | None
    basis: str = ""
    rows: tuple[tuple[Rested, ...], ...] = ()
    steering: tuple[Rested, ...] = ()


class Function(NamedTuple):
    """A table's two public functions, and the module they are in."""

    table: Table
    module: Any
    answer: Any
    explain: Any

    def asked(self, case: Case) -> Asked:
        """What the function says of a case; that its explanation says the same is asserted."""
        given = list(case.values())
        try:
            answer = self.answer(*given)
        except getattr(self.module, "ImpossibleError", ()) as error:
            assert said(self.explain, given, self.module.ImpossibleError) == str(error)
            return Asked(f"{error.table}.{error.rule}", None)
        explanation = self.explain(*given)
        assert explanation.answer == answer
        assert explanation.table == self.table.name
        values = tuple(answer) if len(self.table.outputs) > 1 else (answer,)
        rows = tuple(_rows(explanation, column.name) for column in self.table.outputs)
        if hasattr(explanation, "basis_of"):
            bases = {each.name: explanation.basis_of(each.name) for each in self.table.outputs}
            of = trace(self.table, case).bases
            assert [bases[each.name] for each in self.table.outputs] == [
                (basis or Basis.STATED).value for basis in of
            ]
        steering = tuple(map(_rested, getattr(explanation, "asked", ())))
        rule = f"{explanation.table}.{explanation.rule}"
        return Asked(rule, values, explanation.basis, rows, steering)


def _rows(explanation: Any, output: str) -> tuple[Rested, ...]:
    """In a module where no table calls another, an explanation knows no rows but its own."""
    if hasattr(explanation, "rows_of"):
        return tuple(map(_rested, explanation.rows_of(output)))
    return tuple(map(_rested, getattr(explanation, "parts", ()) or (explanation,)))


def _rested(row: Any) -> Rested:
    cited = tuple((each.source, each.section) for each in row.citations)
    assert row.uses == ()
    return Rested(row.table, row.rule, row.basis, row.reason, cited, row.annotations)


@cache
def real() -> Result:
    """The policies in `tables/`, whatever they are."""
    paths = sorted(ROOT.glob("tables/*.dtable"))
    return compile_sources([Source(path.name, path.read_text("utf-8")) for path in paths])


@cache
def every() -> dict[str, Function]:
    """Every public function of the policies in `tables/`, by `policy.table`."""
    return {f"{each.module.__name__}.{each.table.name}": each for each in functions(real())}


def written() -> bytes:
    """What the policies in `tables/` become, by every backend."""
    artefacts = (each for target in ALL.values() for each in target(real()))
    return "".join(map("\n".join, artefacts)).encode()


def said(function: Any, given: Sequence[object], error: type[Exception]) -> str:
    """The message of the error that a call raises."""
    try:
        function(*given)
    except error as raised:
        return str(raised)
    raise AssertionError("nothing was raised")


def meant(table: Table, case: Case) -> Asked:
    """The same, by the reference meaning."""
    match meaning := evaluate(table, case):
        case Answered(values=values):
            told = trace(table, case)
            names = [[(row.table.name, row.rule.name) for row in rows] for rows in told.outcomes]
            own = ", ".join(rule.name for rule in meaning.rules)
            return Asked(
                f"{table.name}.{rows_named(table, names, own)}",
                values,
                bases_named(table, told.bases),
                tuple(tuple(map(_written, rows)) for rows in told.outcomes),
                tuple(map(_written, told.steering)),
            )
        case Impossible(of, rule):
            return Asked(f"{of.name}.{rule.name}", None)
        case _:
            raise AssertionError(f"the table is not sound: {meaning}")


def _written(row: Row) -> Rested:
    reason = row.rule.reason
    cited = tuple((each.source, each.name) for each in reason.citations)
    bases = [reason.basis_of(column.name) for column in row.table.outputs]
    told = (row.table.name, row.rule.name, bases_named(row.table, bases), reason.text)
    return Rested(*told, cited, row.rule.annotations)


def compiled(*policies: Policy) -> Result:
    """The result for models made by hand, of which it is known that they are sound.

    Sets of a long list may be told apart in more ways than are counted: then there is none.
    """
    tables = [table for policy in policies for table in policy.tables]
    units = build_units(tables).units
    assume(all(table in units for table in tables))
    return Result({}, policies, units, ())


def functions(result: Result) -> Iterator[Function]:
    """Every public function of what a result becomes."""
    for policy, artefact in zip(result.policies, emit(result), strict=True):
        module: Any = loaded(artefact.text, artefact.path)
        names = scope(policy, result.policies)
        for table in policy.tables:
            known = names.tables[table]
            yield Function(
                table, module, getattr(module, known.function), getattr(module, known.explain)
            )


def looked_up(result: Result) -> list[Function]:
    """The same, where the rules of every table are looked up, however few they are."""
    with MonkeyPatch.context() as patch:
        patch.setattr("gapless.backends.code.scope.MANY", 0)
        return list(functions(result))


def loaded(text: str, path: str) -> ModuleType:
    """The module that a text is."""
    module = ModuleType(path.removesuffix(".py").rpartition("/")[2])
    exec(compile(text.encode(), path, "exec"), module.__dict__)  # noqa: S102
    return module


class Use(NamedTuple):
    """What an explanation says of a called table."""

    table: str
    rule: str
    uses: tuple[Use, ...]


def uses_of(explanation: Any) -> tuple[Use, ...]:
    """What an explanation rests on; what is asked under two guards may be told twice."""
    uses = (Use(each.table, each.rule, uses_of(each)) for each in explanation.uses)
    return tuple(dict.fromkeys(uses))


def uses_meant(table: Table, case: Case, told: dict[object, Use] | None = None) -> tuple[Use, ...]:
    """What it should rest on: each different call, those of lets and then those of the outcomes.

    `told` keeps what was found of a table and its inputs: a step of several results is asked for each.
    """
    told = {} if told is None else told
    known = dict(case)
    found: dict[object, Use] = {}

    def ask(call: Call) -> Value:
        given = [
            argument.value if isinstance(argument, Constant) else known[argument.column]
            for argument in call.arguments
        ]
        columns = (column.name for column in call.table.inputs)
        inner = dict(zip(columns, given, strict=True))
        meaning = evaluate(call.table, inner)
        assert isinstance(meaning, Answered)
        same = (call.table, *given)
        if same not in told:
            rule = meant(call.table, inner).rule.removeprefix(f"{call.table.name}.")
            told[same] = Use(call.table.name, rule, uses_meant(call.table, inner, told))
        found.setdefault((call.table, call.arguments), told[same])
        return meaning.values[call.output]

    for let in table.lets:
        asked = all(holds(each.condition.test, known[each.column]) for each in let.guard)
        known[let.column.name] = ask(let.call) if asked else None
    lets = dict(found)
    found.clear()
    meaning = evaluate(table, case)
    assert isinstance(meaning, Answered)
    for outcome in meaning.rule.outcomes:
        parts = outcome.value.items if isinstance(outcome.value, Items) else (outcome.value,)
        for part in parts:
            if isinstance(part, Call):
                ask(part)
    return tuple(dict.fromkeys([*lets.values(), *found.values()]))
