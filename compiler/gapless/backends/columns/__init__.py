"""The columnar target: one module per policy that answers whole columns, and needs numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gapless.backends.artefact import Artefact
from gapless.backends.code.naming import Names
from gapless.backends.code.naming import module as module_name
from gapless.backends.code.scope import scope
from gapless.backends.columns.module import module
from gapless.backends.columns.naming import TableNames, spelt
from gapless.backends.columns.offered import Offer, offered
from gapless.driver import Result
from gapless.model import Policy, Table


class Module(NamedTuple):
    """A policy's columnar module: its path, and what answers each of the tables that are offered."""

    policy: Policy
    path: str
    functions: Mapping[Table, TableNames]


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, named as those of the Python target and `_columns`."""
    return tuple(Artefact(each.path, module(each.policy, result)) for each in modules(result))


def modules(result: Result) -> tuple[Module, ...]:
    """What the modules are called, and what is in them."""
    names = Names()
    found = []
    for policy in result.policies:
        if policy.tables:
            path = f"columns/{names.take(module_name(policy.name))}_columns.py"
            known = scope(policy, result.policies)
            own = [t for t in known.own if isinstance(offered(result.units[t]), Offer)]
            found.append(Module(policy, path, spelt(known, own).tables))
    return tuple(found)
