"""The Python target: one module per policy, which needs nothing but the standard library."""

from __future__ import annotations

from gapless.backends.artefact import Artefact
from gapless.backends.python.module import module
from gapless.backends.python.naming import Names
from gapless.backends.python.naming import module as module_name
from gapless.driver import Result


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, in the order of its policies.

    A policy without tables has none: its types stand in the modules of those who use them.
    """
    names = Names()
    return tuple(
        Artefact(f"python/{names.take(module_name(policy.name))}.py", module(policy, result))
        for policy in result.policies
        if policy.tables
    )
