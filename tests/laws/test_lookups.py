"""Whatever shape a look-up has, it says what the rows say; and a wrong one is never written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Context, Decimal, localcontext
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.decision.tables import classes, layers
from gapless.backends.python import emit, fast, modules
from gapless.backends.python.fast import nested, reading, staged
from gapless.backends.verify import Ground, Plan, planned
from gapless.backends.verify.answers import painted
from gapless.backends.verify.cases import every as every_case
from gapless.backends.verify.cases import strangers
from gapless.cli.build import objections
from gapless.driver import Result, compile_sources
from gapless.model import DecimalType, OptionalType, Policy, Table
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import Function, compiled, every, functions, loaded, meant, real
from tests.random_tables import rule_at
from tests.strategies import cases, policies

SHAPES: dict[str, dict[tuple[Any, str], int]] = {
    "as chosen": {},
    "no column compared with its members": {(reading, "FEW"): 0},
    "tables by class": {(nested, "BY_MEMBER"): 0},
    "tables that are linked": {(nested, "WRITTEN_OUT"): -1, (fast, "WRITTEN_OUT"): -1},
    "numbers compared with edges": {(reading, "NUMBERS"): 0},
    "one list": {(fast, "WRITTEN_OUT"): -1, (fast, "LINKED"): -1, (staged, "STAGE"): 10**9},
    "a list for each column": {
        (fast, "WRITTEN_OUT"): -1,
        (fast, "LINKED"): -1,
        (staged, "STAGE"): -(10**9),
    },
}

slow = settings(
    max_examples=so_many(25),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def forced(name: str) -> Iterator[None]:
    """Limits under which look-ups get one shape."""
    with pytest.MonkeyPatch.context() as patch:
        for (module, limit), value in SHAPES[name].items():
            patch.setattr(module, limit, value)
        yield


@slow
@given(policies(), st.data())
def test_every_shape_is_the_reference_meaning(policy: Policy, data: st.DataObject) -> None:
    result = compiled(policy)
    made: dict[str, list[Function]] = {}
    for name in SHAPES:
        with forced(name):
            made[name] = list(functions(result))
    for alike in zip(*made.values(), strict=True):
        table = alike[0].table
        for case in data.draw(st.lists(cases(table), min_size=5, max_size=20)):
            wanted = meant(table, case)
            assert [each.asked(case) for each in alike] == [wanted] * len(SHAPES), [*SHAPES]


@pytest.mark.parametrize("name", SHAPES)
def test_real_tables_are_not_objected_to_in_any_shape(name: str) -> None:
    with forced(name):
        texts = {artefact.path: artefact.text for artefact in emit(real())}
        assert [*objections(real(), texts)] == []


def test_shapes_are_really_others() -> None:
    texts = set()
    for name in SHAPES:
        with forced(name):
            texts.add("".join(artefact.text for artefact in emit(real())))

    assert len(texts) == len(SHAPES)


# ---------------------------------------------------------------- what is laid out


@settings(slow, max_examples=so_many(60))
@given(policies())
def test_layers_painting_and_decision_are_one_function(policy: Policy) -> None:
    for unit in compiled(policy).units.values():
        found = tabulation(unit)
        if found is None or not found.is_ready or not found.asked:
            continue
        decision = found.in_order(range(len(found.axes)))
        assert decision is not None
        laid = layers(decision.root, classes(decision.root, found.axes, decision.order))
        cells = painted(found)
        for number, (case, *_) in enumerate(every_case(found.axes)):
            atoms = [axis.locate(value) for axis, value in zip(found.axes, case, strict=True)]
            known = [atom for atom in atoms if atom is not None]
            reached = [column.of[known[column.place]] for column in laid.columns]
            assert laid.ending(reached) == rule_at(found.decision.root, known) == cells[number]


# ---------------------------------------------------------------- what is not allowed


@pytest.mark.parametrize("name", sorted(every()))
def test_no_argument_that_is_not_allowed_is_answered(name: str) -> None:
    function = every()[name]
    base = _allowed(function)
    for place, column in enumerate(function.table.inputs):
        besides = [] if isinstance(column.type, OptionalType) else [None]
        for value in (*strangers(column.type), *besides):
            given = [*base[:place], value, *base[place + 1 :]]
            for ask in (function.answer, function.explain):
                with pytest.raises(function.module.InputError) as raised:
                    ask(*given)
                assert raised.value.argument == column.name
                assert f"{column.name} must be " in str(raised.value)


@pytest.mark.parametrize("name", sorted(every()))
def test_mappings_are_answered_alike_and_what_they_lack_is_named(name: str) -> None:
    function = every()[name]
    mapped = getattr(function.module, f"{function.answer.__name__.rstrip('_')}_from")
    names = [column.name for column in function.table.inputs]
    row = dict(zip(names, _allowed(function), strict=True))

    assert mapped({**row, "besides": 1}) == function.answer(*row.values())
    for absent in names:
        lacking = {key: value for key, value in row.items() if key != absent}
        with pytest.raises(function.module.InputError, match="got nothing") as raised:
            mapped(lacking)
        assert raised.value.argument == absent


CONTEXTS = [Context(prec=1), Context(prec=3, traps=[]), Context(prec=50, Emin=0), Context(clamp=1)]


@pytest.mark.parametrize("context", CONTEXTS)
def test_answers_do_not_depend_on_what_the_caller_does_with_decimals(context: Context) -> None:
    result = _sound(TABLE)
    [function] = functions(result)
    [unit] = result.units.values()
    cases = [
        *chain(*every_case(unit.axes)),
        *((501, value, "home") for value in strangers(DecimalType(2))),
    ]
    for case in cases:
        with localcontext(context):
            said = _said(function, case)
        assert said == _said(function, case)


def test_a_whole_number_is_as_good_as_a_decimal() -> None:
    [function] = functions(_sound(TABLE))
    for zone in ("home", "near", "far"):
        for worth in (0, 99, 100, 1_000):
            assert function.answer(501, worth, zone) == function.answer(501, Decimal(worth), zone)
    with pytest.raises(function.module.InputError):
        function.answer(501, 1_001, "home")


# ---------------------------------------------------------------- faults that are planted


TABLE = """policy parcel
type Zone = home | near | far | world
table fee
  in  weight : int 1..5_000
  in  worth  : decimal(2) 0..1_000
  in  zone   : Zone
  out price  : decimal(2) 0..
  | unique | weight   | worth | zone || price || because |
  |--------|----------|-------|------||-------||---------|
  | a | ..500    | -     | home || 1     || x |
  | b | > 500    | < 100 | home || 2     || x |
  | c | > 500    | 100.. | home || 3     || x |
  | d | -        | -     | near, far || 4 || x |
  | e | ..999    | -     | world || 5    || x |
  | f | 1_000..  | -     | world || impossible || x |
  example weight = 1, worth = 1, zone = home
    gives price = 1
"""
FAULTS = {
    "an edge": (r"weight < 501", "weight < 500"),
    "an edge of decimals": (r"worth < _100_00", "worth <= _100_00"),
    "a member": (r'"near": \(\(3, 3, 3\)', '"near": ((0, 1, 1)'),
    "an answer": (r"\(0, 1, 1\)", "(0, 1, 2)"),
    "an open door": (r"\n            and type\(zone\) is str", ""),
    "a door for truths": (r"type\(weight\) is int", "isinstance(weight, int)"),
    "a door for more digits": (r" and worth.quantize\(_0_01\) == worth", ""),
    "a door below": (
        r"if weight < 1:\n +raise LookupError",
        "if weight < -9:\n                        raise LookupError",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_before_anything_is_written(fault: str) -> None:
    result = _sound(TABLE)
    texts = {artefact.path: artefact.text for artefact in emit(result)}
    assert [*objections(result, texts)] == []

    pattern, wrong = FAULTS[fault]
    spoilt = {path: re.sub(pattern, wrong, text) for path, text in texts.items()}
    assert spoilt != texts

    found = [*objections(result, spoilt)]
    assert [each.code for each in found] == ["GAP132"]


@pytest.mark.parametrize("name", sorted(every()))
def test_what_is_answered_is_found_without_asking(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = every()[name]
    found = tabulation(real().units[function.table])
    assert found is not None
    if not found.is_ready or not found.by_answer.asked:
        return
    answered = [
        case for pair in every_case(found.axes) for case in pair if _is_answered(function, case)
    ]
    assert answered

    monkeypatch.setattr(function.module, function.explain.__name__, None)
    for case in answered:
        function.answer(*case)


def test_how_much_was_tried_is_said_in_the_module() -> None:
    result = _sound(TABLE)
    [artefact] = emit(result)
    [unit] = result.units.values()

    assert planned(unit).ground is Ground.READ
    assert f"    fee: {planned(unit)}." in artefact.text


def test_a_table_of_many_cases_is_tried_on_each_against_boxes() -> None:
    rows = "\n".join(f"  | r{n} | {n} | - || {n % 7} || x |" for n in range(300))
    text = (
        "policy many\ntable many\n  in  n : int 0..299\n  in  m : int 0..50\n  out v : int\n"
        "  | unique | n | m || v || because |\n  |---|---|---||---||---|\n"
        f"{rows}\n  example n = 1, m = 1\n    gives v = 1\n"
    )
    result = _sound(text)
    [unit] = result.units.values()
    texts = {artefact.path: artefact.text for artefact in emit(result)}

    assert [*objections(result, texts)] == []
    assert planned(unit) == Plan(Ground.BOXES, 300)


def test_every_module_has_the_functions_that_it_is_said_to_have() -> None:
    texts = {artefact.path: artefact.text for artefact in emit(real())}
    for each in modules(real()):
        module = loaded(texts[each.path], each.path)
        for names in each.functions.values():
            assert all(callable(getattr(module, name)) for name in names)


def _sound(text: str) -> Result:
    result = compile_sources([Source("page.dtable", text)])
    assert result.is_sound, result.diagnostics
    return result


def _allowed(function: Function) -> list[Any]:
    """Values, one for each input, that are answered."""
    table: Table = function.table
    axes = real().units[table].axes[: len(table.inputs)]
    names = [column.name for column in table.inputs]
    for case, *_ in every_case(axes):
        if meant(table, dict(zip(names, case, strict=True))).values is not None:
            return list(case)
    raise AssertionError("nothing is answered")


def _is_answered(function: Function, case: Sequence[Any]) -> bool:
    try:
        function.explain(*case)
    except ValueError:
        return False
    return True


def _said(function: Function, given: Sequence[Any]) -> object:
    try:
        return function.answer(*given)
    except ValueError as error:
        return type(error).__name__
