"""GAP132: what was generated is loaded and tried before it is written, and does not say what its table says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from gapless.backends.python import modules
from gapless.driver import Result
from gapless.model import Table
from gapless.trial import Asked, Refused, Said, objection
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity

REFUSALS = ("InputError", "ImpossibleError", "DraftError", "OutcomeError")


def objections(result: Result, artefacts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A finding for each table whose functions, loaded from the texts to be written, differ from it."""
    for each in modules(result):
        module = _loaded(artefacts[each.path], each.path)
        for table, (answer, explain) in each.functions.items():
            asked = _asked(getattr(module, answer), len(table.outputs) > 1)
            explained = _asked(_answer_of(getattr(module, explain)), len(table.outputs) > 1)
            why = objection(result.units[table], asked, explained)
            if why is not None:
                yield _differs(table, why)


def _loaded(text: str, path: str) -> ModuleType:
    module = ModuleType(path.removesuffix(".py").rpartition("/")[2])
    exec(compile(text.encode(), path, "exec"), module.__dict__)  # noqa: S102
    return module


def _answer_of(explain: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: explain(*given).answer


def _asked(function: Callable[..., Any], is_several: bool) -> Asked:
    def ask(given: Sequence[Any]) -> Said:
        try:
            answer = function(*given)
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            name = type(error).__name__
            return Refused(name if name in REFUSALS else f"{name}: {error}")
        return tuple(answer) if is_several else (answer,)

    return ask


def _differs(table: Table, why: str) -> Diagnostic:
    return Diagnostic(
        "GAP132",
        Severity.ERROR,
        f"the code generated for `{table.name}` does not answer as its table does",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(why, "this is a fault of gapless, not of the table; nothing was written"),
        helps=(Help(Repair.DECISION, "send this table to those who maintain gapless"),),
    )
