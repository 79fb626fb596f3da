"""What generated Python promises besides its answers: what it refuses, how it is called, how it is kept."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapless.backends.code.naming import STANDARD
from gapless.backends.python import emit
from gapless.driver import compile_sources
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Policy,
    Type,
)
from gapless.semantics import Answered, Impossible, evaluate
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import (
    Case,
    Function,
    compiled,
    every,
    functions,
    loaded,
    real,
    said,
    written,
)
from tests.pages import ROOT
from tests.strategies import cases, policies, probes

FUNCTIONS = every()
NAMES = sorted(FUNCTIONS)

# ---------------------------------------------------------------- what is refused


class Text(str):
    """Equal to a member, and still not one."""


class Whole(int):
    """Equal to a whole number, and still not one."""


class Exact(Decimal):
    """Equal to an exact number, and still not one."""


class Day(date):
    """Equal to a day, and still not one."""


class Level(IntEnum):
    ONE = 1


class Mute:
    """What cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


ANYWHERE: tuple[object, ...] = (
    *([], {}, set(), object(), Mute(), b"x", 1.5, float("nan"), float("inf"), 1j, Fraction(1, 2)),
    *(Ellipsis, NotImplemented, int, Level.ONE, datetime(2026, 1, 1, 12), "x" * 100_000),
)
"""What no column takes: a text of that length is neither a member nor a number."""


def refused(column: Column) -> Iterator[object]:
    """Values that a column must not take, those that look like its own before all."""
    type = column.type
    if not isinstance(type, OptionalType):
        yield None
    inner: Type = type.of if isinstance(type, OptionalType) else type
    match inner:
        case EnumerationType(_, members):
            names = {member.name for member in members}
            wrong = {name.swapcase() for name in names} | {f"{name} " for name in names} | {""}
            yield from sorted(wrong - names)
            yield from (Text(members[0].name), 0, True)
        case BoolType():
            yield from (0, 1, 1.0, "yes", "True", "")
        case IntType(low, high):
            yield from _beyond(low, high)
            end = low if low is not None else high
            whole = end if end is not None else 0
            yield from (True, float(whole), str(whole), Decimal(whole), Whole(whole))
        case DecimalType(digits, low, high):
            step = Decimal(1).scaleb(-digits)
            yield from _beyond(low, high, step)
            least = low if low is not None else high
            some = least if least is not None else Decimal(0)
            yield from (some + step / 10, float(some), str(some), True, Exact(some))
            yield from map(Decimal, ("NaN", "sNaN", "Infinity", "-Infinity", "-NaN"))
        case DateType(low, high):
            yield from _beyond(low, high)
            yield from (datetime(low.year, low.month, low.day), low.isoformat(), low.toordinal())
            yield Day(low.year, low.month, low.day)
        case _:
            yield from (Text("x"), 5, True)
            return
    yield from ANYWHERE


def _beyond(low: object, high: object, step: object = 1) -> Iterator[object]:
    if isinstance(low, date) or isinstance(high, date):
        days = (low.toordinal() - 1, high.toordinal() + 1)  # type: ignore[attr-defined]
        yield from (date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal())
        return
    if low is not None:
        yield from (low - step, low - 10**6)  # type: ignore[operator]
    if high is not None:
        yield from (high + step, high + 10**6)  # type: ignore[operator]
    if isinstance(high, int):
        yield high + 10**5000  # which Python does not even spell


def _refuses(function: Function) -> int:
    """That each argument refuses each of its values, in both functions; how many these were."""
    tried = 0
    good = {each.name: probes(function.table, each)[0] for each in function.table.inputs}
    for number, column in enumerate(function.table.inputs):
        for bad in refused(column):
            given = [*good.values()]
            given[number] = bad  # type: ignore[call-overload]
            with pytest.raises(function.module.InputError) as raised:
                function.answer(*given)
            assert raised.value.argument == column.name
            assert raised.value.value is bad
            assert raised.value.allowed in str(raised.value)
            assert str(raised.value).startswith(f"{column.name} must be ")
            assert len(str(raised.value)) < 200 + len(column.name) + len(raised.value.allowed)
            message = said(function.explain, given, function.module.InputError)
            assert message == str(raised.value)
            tried += 1
    return tried


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_bad_input_is_refused_by_every_function(name: str) -> None:
    function = FUNCTIONS[name]
    assert _refuses(function) >= 3 * len(function.table.inputs)


@settings(max_examples=so_many(40), suppress_health_check=[HealthCheck.too_slow])
@given(policies())
def test_bad_input_is_refused_by_random_functions(policy: Policy) -> None:
    for function in functions(compiled(policy)):
        _refuses(function)


def test_a_message_names_the_argument_what_is_allowed_and_what_came() -> None:
    weight_band, loan_days = FUNCTIONS["parcel.weight_band"], FUNCTIONS["library.loan_days"]

    assert said(weight_band.answer, [30_001], ValueError) == (
        "weight must be an int from 1 to 30000; got 30001 (int)"
    )
    assert said(loan_days.answer, [9, False, "Book"], ValueError) == (
        "item must be 'book' or 'film' or 'tool'; got 'Book' (str)"
    )
    assert said(loan_days.answer, [Mute(), False, "book"], ValueError) == (
        "age must be an int from 4 to 120; got a value of type Mute"
    )
    assert said(loan_days.answer, [15, True, "book"], ValueError) == (
        "this case cannot happen (reader_kind, rule never):"
        " nobody under 16 is employed here [house_rules.loans]"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_number_is_an_exact_one(name: str) -> None:
    """An int stands for the decimal of its value, also in the answer."""
    function = FUNCTIONS[name]
    for column in function.table.inputs:
        inner = column.type.of if isinstance(column.type, OptionalType) else column.type
        if isinstance(inner, DecimalType):
            case: Case = {
                each.name: probes(function.table, each)[0] for each in function.table.inputs
            }
            five = {**case, column.name: Decimal(5)}
            assert function.explain(**{**case, column.name: 5}) == function.explain(**five)


# ---------------------------------------------------------------- how it is called


@pytest.mark.parametrize("name", NAMES)
def test_arguments_may_be_named_and_none_may_be_left_out(name: str) -> None:
    function = FUNCTIONS[name]
    case = _answered(function)
    names = list(signature(function.answer).parameters)
    named = dict(zip(names, case.values(), strict=True))

    assert function.answer(**named) == function.answer(*case.values())
    assert function.explain(**named) == function.explain(*case.values())
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        function.answer(*list(case.values())[1:])
    assert list(signature(function.explain).parameters) == names


def test_a_field_called_as_a_name_of_the_runtime_brings_nothing_in() -> None:
    text = "table t\n  in a : bool\n  out get_args : int\n  out suppress : int\n\n"
    text += "  | unique | a || get_args | suppress |\n  | r | - || 1 | 2 |\n"
    [artefact] = [
        each
        for each in emit(compile_sources([Source("p.dtable", text)]))
        if each.path == "python/p.py"
    ]

    assert "get_args: int" in artefact.text
    assert "    get_args,\n" not in artefact.text


@pytest.mark.parametrize("name", ["row", "_row", "mapping", "value"])
def test_a_table_may_be_called_as_what_a_mapping_is_called(name: str) -> None:
    text = f"table {name}\n  in a : bool\n  out x : int 1..2\n\n"
    text += "  | unique | a || x |\n  | r | yes || 1 |\n  | s | no || 2 |\n"
    [artefact] = [
        each
        for each in emit(compile_sources([Source("p.dtable", text)]))
        if each.path == "python/p.py"
    ]
    module: Any = loaded(artefact.text, artefact.path)
    [mapped] = [each for each in module.__all__ if each.endswith("_from")]

    assert getattr(module, mapped)({"a": True}) == 1
    with pytest.raises(module.InputError):
        getattr(module, mapped)({})


def test_a_member_too_long_for_a_line_is_broken_between_words() -> None:
    long = " ".join(["word"] * 25)
    text = f'type Kind = "{long}" | short\n\ntable t\n  in k : Kind\n  out n : int\n\n'
    text += f'  | unique | k || n |\n  | a | "{long}" || 1 |\n  | b | short || 2 |\n'
    [artefact] = emit(compile_sources([Source("p.dtable", text)]))
    module: Any = loaded(artefact.text, artefact.path)
    assert get_args(module.Kind) == (long, "short")
    alias = artefact.text.partition("Literal[\n")[2].partition("\n]")[0]
    assert max(map(len, alias.splitlines())) <= 88


@pytest.mark.parametrize("name", NAMES)
def test_answers_and_explanations_cannot_be_changed(name: str) -> None:
    function = FUNCTIONS[name]
    explanation = function.explain(*_answered(function).values())
    assert hash(explanation) == hash(function.explain(*_answered(function).values()))
    with pytest.raises(AttributeError):
        explanation.answer = None
    if len(function.table.outputs) > 1:
        with pytest.raises(AttributeError):
            setattr(explanation.answer, explanation.answer._fields[0], None)


@pytest.mark.parametrize("name", NAMES)
def test_a_docstring_tells_of_every_argument(name: str) -> None:
    function = FUNCTIONS[name]
    told = function.answer.__doc__
    assert all(f"\n        {each}: " in told for each in signature(function.answer).parameters)
    assert "InputError" in told
    assert f"`{function.answer.__name__}`" in function.explain.__doc__


def test_an_explanation_tells_the_rule_its_reason_and_what_it_rests_on() -> None:
    explanation = FUNCTIONS["library.loan_days"].explain(9, False, "tool")
    citation = FUNCTIONS["library.loan_days"].module.Citation
    young = FUNCTIONS["library.reader_kind"].explain(9, False)

    assert explanation._asdict() == {
        "table": "loan_days",
        "rule": "no_tools",
        "answer": None,
        "basis": "stated",
        "reason": "not lent to children",
        "citations": (citation("house_rules", "loans", "A. How long you may keep things"),),
        "annotations": (),
        "uses": (young,),
        "outcomes": (("days", explanation.rows),),
        "asked": (young,),
    }
    assert [(row.table, row.rule) for row in explanation.rows] == [("loan_days", "no_tools")]


def test_errors_survive_a_way_to_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    function = FUNCTIONS["library.loan_days"]
    monkeypatch.setitem(sys.modules, function.module.__name__, function.module)
    for case in ([3, False, "book"], [15, True, "book"]):
        with pytest.raises(ValueError, match=r"must be|cannot happen") as raised:
            function.answer(*case)
        again = pickle.loads(pickle.dumps(raised.value))

        assert type(again) is type(raised.value)
        assert str(again) == str(raised.value)
        assert vars(again) == vars(raised.value)


def _answered(function: Function) -> Case:
    """Some case that gets an answer."""
    columns = [(column.name, probes(function.table, column)) for column in function.table.inputs]
    longest = max(len(values) for _, values in columns)
    for shift in range(longest):
        for number in range(longest):
            case = {
                name: values[(number + k * shift) % len(values)]
                for k, (name, values) in enumerate(columns)
            }
            if isinstance(evaluate(function.table, case), Answered):
                return case
    raise AssertionError(f"{function.table.name} answers nothing")


# ---------------------------------------------------------------- how it is kept


def test_what_is_generated_is_the_same_whatever_python_hashes_by() -> None:
    program = (
        "from tests.generated_python import written; import sys;sys.stdout.buffer.write(written())"
    )
    path = ":".join(map(str, (ROOT / "dsl", ROOT / "compiler", ROOT)))
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1",)
    }

    assert made == {written()}


def test_a_module_says_where_it_comes_from_and_not_when_or_by_which_version() -> None:
    for policy, artefact in zip(real().policies, emit(real()), strict=True):
        told = loaded(artefact.text, artefact.path).__doc__ or ""
        assert "Generated by gapless; do not edit." in told
        assert f"From: {policy.path}" in told
        assert f"As of: {policy.as_of}" in told
        assert policy.digest[:16] in told


def test_a_file_of_types_alone_becomes_no_module() -> None:
    types = Source("words.dtable", "policy words\n\ntype Word\n  one\n")
    assert emit(compile_sources([types])) == ()


def test_policies_of_one_name_become_two_modules() -> None:
    text = "policy fee\n\ntable {}\n  in  a : bool\n  out b : bool\n\n  | unique | a || b |\n  | r | - || a |\n"
    texts = [Source("a.dtable", text.format("one")), Source("b.dtable", text.format("two"))]
    made = [artefact.path for artefact in emit(compile_sources(texts))]
    assert made == ["python/fee.py", "python/fee_2.py"]


@settings(max_examples=so_many(60), suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.data())
def test_impossible_tells_table_rule_and_reason(policy: Policy, data: st.DataObject) -> None:
    for function in functions(compiled(policy)):
        case = data.draw(cases(function.table))
        meaning = evaluate(function.table, case)
        if isinstance(meaning, Impossible):
            with pytest.raises(function.module.ImpossibleError) as raised:
                function.answer(*case.values())
            assert raised.value.table == meaning.table.name
            assert raised.value.rule == meaning.rule.name
            assert raised.value.reason == meaning.rule.reason.text


def test_no_module_stands_in_the_way_of_one_of_python_s_own(tmp_path: Path) -> None:
    text = "policy {}\n\ntable t\n  in  a : bool\n  out b : bool\n\n  | unique | a || b |\n  | r | - || a |\n"
    names = ("numbers", "types", "re", "sitecustomize", "distutils", "annotationlib", "keyword")
    texts = [Source(f"{name}.dtable", text.format(name)) for name in names]
    made = emit(compile_sources(texts))
    for artefact in made:
        (tmp_path / Path(artefact.path).name).write_text(artefact.text)
    ran = subprocess.run(
        [sys.executable, "numbers_.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert [artefact.path for artefact in made] == [f"python/{name}_.py" for name in names]
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_modules_of_this_python_are_all_known() -> None:
    assert {name for name in sys.stdlib_module_names if not name.startswith("_")} <= STANDARD
