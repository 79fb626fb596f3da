"""The columnar target: one module per policy that answers whole columns, and needs numpy alone."""

from __future__ import annotations

from gapless.backends.artefact import Artefact
from gapless.backends.columns.module import module
from gapless.backends.python.naming import Names
from gapless.backends.python.naming import module as module_name
from gapless.driver import Result


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, named as those of the Python target and `_columns`."""
    names = Names()
    return tuple(
        Artefact(
            f"columns/{names.take(module_name(policy.name))}_columns.py", module(policy, result)
        )
        for policy in result.policies
        if policy.tables
    )
