"""What the Python backend makes of a workload, loaded as a module."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

from benchmarks.lookups.workloads import Workload
from gapless.backends.python import emit
from gapless.backends.python.scope import scope
from gapless.driver import Result


class Generated(NamedTuple):
    """The functions of a table that answer, by how they are called; and the text of their module."""

    answer: Callable[..., Any]
    from_mapping: Callable[..., Any] | None
    arguments: tuple[str, ...]
    text: str


def generated(workload: Workload) -> Generated:
    policy = next(each for each in workload.result.policies if workload.table in each.tables)
    text = texts(workload.result)[policy.name]
    module = loaded(policy.name, text)
    names = scope(policy, workload.result.policies).tables[workload.table]
    arguments = tuple(names.arguments[column.name] for column in workload.table.inputs)
    return Generated(
        getattr(module, names.function),
        getattr(module, f"{names.function}_from", None),
        arguments,
        text,
    )


def texts(result: Result) -> dict[str, str]:
    """The text of each policy's module."""
    policies = [policy for policy in result.policies if policy.tables]
    return {
        policy.name: artefact.text for policy, artefact in zip(policies, emit(result), strict=True)
    }


def loaded(name: str, text: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)  # noqa: S102
    return module
