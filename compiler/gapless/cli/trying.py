"""GAP132: what was generated is loaded and tried before it is written, and does not say what its table says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from gapless.backends import columns, python
from gapless.backends.verify.answers import Asked, Refused, Said, objection
from gapless.backends.verify.frames import columnar_difference
from gapless.driver import Result
from gapless.model import Table
from gapless.text.words import listed
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity

REFUSALS = ("InputError", "ImpossibleError", "DraftError", "OutcomeError")

TOO_LONG = "has numbers that are too long to compare"

FRAMES = ("narwhals", "polars")
"""What generated functions of data frames are tried with."""


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
        helps=(Help(Repair.DECISION, "send this table to the maintainers of gapless"),),
    )


def untried() -> Iterator[str]:
    """What is written without having been run, because a library that it needs is not installed."""
    if not _is_there("numpy"):
        yield "columns were not tried before they were written: numpy is not installed"
    elif lacking := [name for name in FRAMES if not _is_there(name)]:
        are = f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed"
        yield f"data frames were not tried before columns were written: {are}"


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
    numpy = import_module("numpy")
    polars = import_module("polars") if all(map(_is_there, FRAMES)) else None
    for table, names in each.functions.items():
        try:
            functions = getattr(module, names.columns), getattr(module, names.frame, None)
            unit = result.units[table]
            why = columnar_difference(unit, *functions, names.fields, numpy, polars)
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            # Bounds alone may be too long to compare; the page on columns says what then happens.
            why = None if str(error).endswith(TOO_LONG) else _said(error)
        if why is not None:
            yield table, why
