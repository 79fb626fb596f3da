"""The Python target: one module per policy, which needs nothing but the standard library.

A table becomes a function that looks its answer up (`fast`) where that can be, one that explains by
asking what its rules ask, and one that takes a mapping. What a module says and no table does is taken
from the runtime in `backends.code`. Another target may not be imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gapless.backends.artefact import Artefact
from gapless.backends.code.naming import Names
from gapless.backends.code.naming import module as module_name
from gapless.backends.code.scope import scope
from gapless.backends.python.module import module
from gapless.driver import Result
from gapless.model import Policy, Table


class Module(NamedTuple):
    """A policy's module: its path, and what answers and explains each of the policy's tables in it."""

    policy: Policy
    path: str
    functions: Mapping[Table, tuple[str, str]]


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, in the order of its policies.

    A policy without tables has none: its types stand in the modules of those who use them.
    """
    return tuple(Artefact(each.path, module(each.policy, result)) for each in modules(result))


def modules(result: Result) -> tuple[Module, ...]:
    """What the modules are called, and what is in them."""
    names = Names()
    found = []
    for policy in result.policies:
        if policy.tables:
            path = f"python/{names.take(module_name(policy.name))}.py"
            known = scope(policy, result.policies).tables
            own = {table: (known[table].function, known[table].explain) for table in policy.tables}
            found.append(Module(policy, path, own))
    return tuple(found)
