"""GAP132: what was generated is loaded and tried before it is written, and does not say what its table says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from gapless.analysis.by_inputs import tabulation
from gapless.analysis.composition.calls import Fixed
from gapless.analysis.unit import Unit
from gapless.backends import columns, python
from gapless.backends.columns.module import TableNames
from gapless.backends.columns.offered import Offer, offered
from gapless.backends.verify import (
    Asked,
    AskedOfMany,
    Refused,
    Row,
    Said,
    difference,
    objection,
    rows,
)
from gapless.driver import Result
from gapless.model import (
    BoolType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    OptionalType,
    SetType,
    Table,
    Type,
    Value,
)
from gapless.text.words import listed
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity

REFUSALS = ("InputError", "ImpossibleError", "DraftError", "OutcomeError")

MOST_COMPARED = 2**62
"""Numbers of two columns are compared up to so many steps; longer ones are refused whole."""

TOO_LONG = "has numbers that are too long to compare"

FRAMES = ("narwhals", "polars")
"""What generated functions of data frames are tried with."""

LONGEST = 38
"""So many figures has a number in a data frame."""


def objections(result: Result, artefacts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A finding for each table whose functions, loaded from the texts to be written, differ from it.

    Of a target that is not among the texts nothing is tried, nor what needs a library that is not there.
    """
    for each in python.modules(result):
        if each.path in artefacts:
            for table, why in _scalars(each, result, artefacts[each.path]):
                yield _differs(table, "code", why)
    if not _is_there("numpy"):
        return
    tried = [each for each in columns.modules(result) if each.path in artefacts and each.functions]
    beside: dict[str, ModuleType] = {}
    for of_columns in tried:
        for table, why in _columnar(of_columns, result, artefacts, beside):
            yield _differs(table, "code for whole columns", why)


def _differs(table: Table, what: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GAP132",
        Severity.ERROR,
        f"the {what} generated for `{table.name}` does not answer as its table does",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(why, "this is a fault of gapless, not of the table; nothing was written"),
        helps=(Help(Repair.DECISION, "send this table to those who maintain gapless"),),
    )


def untried() -> Iterator[str]:
    """What is written without having been run, because a library that it needs is not installed."""
    if not _is_there("numpy"):
        yield "columns were not tried before they were written: numpy is not installed"
    elif lacking := [name for name in FRAMES if not _is_there(name)]:
        are = f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed"
        yield f"data frames were not tried before columns were written: {are}"


def _has_frames() -> bool:
    return all(map(_is_there, FRAMES))


def _is_there(name: str) -> bool:
    return find_spec(name) is not None


def _loaded(path: str, text: str, beside: Mapping[str, ModuleType] | None = None) -> ModuleType:
    """The module that a text is, known by its name while it is loaded, as are those `beside` it."""
    parts = path.removesuffix(".py").split("/")
    is_package = parts[-1] == "__init__"
    module = ModuleType(".".join(parts[:-1] if is_package else parts))
    module.__package__ = ".".join(parts[:-1])
    known = {**(beside or {}), module.__name__: module}
    before = {name: sys.modules.get(name) for name in known}
    sys.modules.update(known)
    try:
        exec(compile(text.encode(), path, "exec"), module.__dict__)  # noqa: S102
    finally:
        for name, held in before.items():
            if held is None:
                del sys.modules[name]
            else:
                sys.modules[name] = held
    return module


# ---------------------------------------------------------------- one case at a time


def _scalars(each: python.Module, result: Result, text: str) -> Iterator[tuple[Table, str]]:
    try:
        module = _loaded(each.path, text)
    except Exception as error:  # noqa: BLE001, whatever it is, nothing can be asked
        yield next(iter(each.functions)), f"it cannot be loaded: {_said(error)}"
        return
    for table, (answer, explain) in each.functions.items():
        asked = _asked(getattr(module, answer), len(table.outputs) > 1)
        explained = _asked(_answer_of(getattr(module, explain)), len(table.outputs) > 1)
        why = objection(result.units[table], asked, explained)
        if why is not None:
            yield table, why


def _answer_of(explain: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: explain(*given).answer


def _asked(function: Callable[..., Any], is_several: bool) -> Asked:
    def ask(given: Sequence[Any]) -> Said:
        try:
            answer = function(*given)
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            name = type(error).__name__
            return Refused(name if name in REFUSALS else _said(error))
        return tuple(answer) if is_several else (answer,)

    return ask


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------- whole columns and data frames


def _columnar(
    each: columns.Module,
    result: Result,
    artefacts: Mapping[str, str],
    beside: dict[str, ModuleType],
) -> Iterator[tuple[Table, str]]:
    """What differs; `beside` is what modules share, loaded with the first of them."""
    try:
        if not beside:
            package = _loaded(columns.PACKAGE, artefacts[columns.PACKAGE])
            runtime = _loaded(columns.RUNTIME, artefacts[columns.RUNTIME])
            beside |= {each.__name__: each for each in (package, runtime)}
        module = _loaded(each.path, artefacts[each.path], beside)
    except Exception as error:  # noqa: BLE001, whatever it is, nothing can be asked
        yield next(iter(each.functions)), f"it cannot be loaded: {_said(error)}"
        return
    for table, names in each.functions.items():
        put = [row for row in rows(result.units[table]) if _is_compared(result.units[table], row)]
        try:
            why = difference(table, put, _of_arrays(table, module, names))
            if why is None and _has_frames() and _is_framed(result.units[table]):
                put = [row for row in put if _fits(table, row)]
                frame = getattr(module, names.frame)
                why = difference(table, put, _of_frames(table, frame, is_lazy=False))
                if why is None and not _has_lists(table):
                    why = difference(table, put, _of_frames(table, frame, is_lazy=True))
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            # Bounds alone may be too long to compare; the page on columns says what then happens.
            why = None if str(error).endswith(TOO_LONG) else _said(error)
        if why is not None:
            yield table, why


def _of_arrays(table: Table, module: Any, names: TableNames) -> AskedOfMany:
    """What the function of arrays answers rows with, handed in as arrays of objects."""
    numpy = import_module("numpy")

    def ask(given: Sequence[tuple[Any, ...]]) -> Sequence[Said]:
        arrays = []
        for place in range(len(table.inputs)):
            arrays.append(numpy.empty(len(given), numpy.object_))
            for number, row in enumerate(given):
                arrays[-1][number] = row[place]
        found = getattr(module, names.columns)(*arrays, refused="report")
        outputs = [found.values(names.fields[each.name]).tolist() for each in table.outputs]
        return _together(outputs, found.reject.tolist())

    return ask


def _of_frames(table: Table, function: Any, *, is_lazy: bool) -> AskedOfMany:
    """What the function of frames answers rows with, in a frame of polars."""
    polars = import_module("polars")
    schema = {each.name: _kind(each.type, polars) for each in table.inputs}

    def ask(given: Sequence[tuple[Any, ...]]) -> Sequence[Said]:
        held = [[row[place] for row in given] for place in range(len(schema))]
        frame = polars.DataFrame(dict(zip(schema, held, strict=True)), schema=schema, strict=False)
        found = function(frame.lazy()).collect() if is_lazy else function(frame)
        outputs = [[_back(v, each.type) for v in found[each.name]] for each in table.outputs]
        return _together(outputs, found["refused"].to_list())

    return ask


def _together(outputs: Sequence[Sequence[Value]], refused: Sequence[str | None]) -> list[Said]:
    answers = zip(*outputs, strict=True)
    return [
        answer if why is None else Refused(why)
        for answer, why in zip(answers, refused, strict=True)
    ]


def _kind(type: Type, polars: Any) -> Any:
    match type:
        case OptionalType(of):
            return _kind(of, polars)
        case BoolType():
            return polars.Boolean
        case IntType():
            return polars.Int64
        case DecimalType(digits):
            return polars.Decimal(LONGEST, digits)
        case DateType():
            return polars.Date
        case _:
            return polars.String


def _back(value: Any, type: Type) -> Value:
    """A list as what the table answers."""
    match type:
        case ListType():
            return tuple(value) if value is not None else None
        case SetType():
            return frozenset(value) if value is not None else None
        case _:
            return value  # type: ignore[no-any-return]


def _has_lists(table: Table) -> bool:
    return any(isinstance(each.type, ListType | SetType) for each in table.outputs)


def _is_compared(unit: Unit, row: Row) -> bool:
    """Whether numbers of columns that are compared are short enough for that, where there are such."""
    offer = offered(unit)
    if not isinstance(offer, Offer) or not offer.orders:
        return True
    finest = 10 ** max(_digits(each.type) for each in unit.table.inputs)
    numbers = (each for each in row.given if isinstance(each, Decimal | int))
    return all(_is_nan(each) or abs(each) <= MOST_COMPARED // finest for each in numbers)


def _is_nan(value: Decimal | int) -> bool:
    return isinstance(value, Decimal) and not value.is_finite()


def _is_framed(unit: Unit) -> bool:
    """Whether a frame has room beside its columns for those that are added, and values of that size."""
    table, known = unit.table, tabulation(unit)
    names = [*(each.name for each in (*table.inputs, *table.outputs)), "refused"]
    digits = [_digits(each.type) for each in (*table.inputs, *table.outputs)]
    if not table.inputs or len({*names}) < len(names) or max(digits) >= LONGEST:
        return False
    answers = [each.answers for each in known.endings if each.answers] if known else []
    return all(
        not isinstance(each, Fixed) or _is_held(each.value, column.type)
        for answer in answers
        for each, column in zip(answer, table.outputs, strict=True)
    )


def _digits(type: Type) -> int:
    inner = type.of if isinstance(type, OptionalType | ListType | SetType) else type
    return inner.digits if isinstance(inner, DecimalType) else 0


def _fits(table: Table, row: Row) -> bool:
    """Whether a frame holds the values that are put, and those that are due."""
    given = zip(row.given, (each.type for each in table.inputs), strict=True)
    due = () if isinstance(row.due, Refused) else row.due
    answers = zip(due, (each.type for each in table.outputs), strict=bool(due))
    return all(_is_held(*each) for each in (*given, *answers))


def _is_held(value: Any, type: Type) -> bool:
    if isinstance(type, OptionalType) or value is None:
        return value is None or _is_held(value, type.of if isinstance(type, OptionalType) else type)
    match type:
        case ListType(of) | SetType(of):
            return all(_is_held(each, of) for each in value)
        case BoolType():
            return value is True or value is False
        case IntType():
            return value.__class__ is int and abs(value) < 2**63
        case DecimalType(digits):
            if value.__class__ is not Decimal or not value.is_finite():
                return False
            return value.adjusted() < LONGEST - digits and int(value.as_tuple().exponent) >= -digits
        case DateType():
            return value.__class__ is date
        case _:
            return value.__class__ is str and not any("\ud800" <= c <= "\udfff" for c in value)
