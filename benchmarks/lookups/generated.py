"""What the Python backend makes of a workload: made once, loaded in every process that measures it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.lookups.workloads import Workload
from gapless.backends.code.scope import scope
from gapless.backends.python import emit
from gapless.driver import Result


@dataclass(frozen=True)
class Generated:
    """The text of a module, and how its function for a table is called."""

    policy: str
    text: str
    function: str
    arguments: tuple[str, ...]
    is_alone: bool
    """Whether the answer is a value, not a tuple of some."""

    def functions(self) -> tuple[Callable[..., Any], Callable[..., Any] | None]:
        """The one that takes arguments; and the one that takes a mapping, where there is one."""
        module = loaded(self.policy, self.text)
        return getattr(module, self.function), getattr(module, f"{self.function}_from", None)


def generated(workload: Workload) -> Generated:
    policy = next(each for each in workload.result.policies if workload.table in each.tables)
    names = scope(policy, workload.result.policies).tables[workload.table]
    return Generated(
        policy.name,
        texts(workload.result)[policy.name],
        names.function,
        tuple(names.arguments[column.name] for column in workload.table.inputs),
        len(workload.table.outputs) == 1,
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


def write(path: Path, made: Mapping[str, Generated]) -> None:
    """For the processes that measure."""
    path.write_text(json.dumps({name: asdict(each) for name, each in made.items()}), "utf-8")


def read(path: Path) -> dict[str, Generated]:
    found = json.loads(path.read_text("utf-8"))
    return {
        name: Generated(**{**each, "arguments": tuple(each["arguments"])})
        for name, each in found.items()
    }
