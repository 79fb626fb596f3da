"""The Python target: one module per policy, which needs nothing but the standard library."""

from __future__ import annotations

from gapless.backends.artefact import Artefact
from gapless.backends.python.module import module
from gapless.backends.python.naming import Names
from gapless.backends.python.naming import module as module_name
from gapless.driver import Result


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, in the order of its policies."""
    names = Names()
    return tuple(
        Artefact(f"python/{names.take(module_name(policy.name))}.py", module(policy, result))
        for policy in result.policies
    )
