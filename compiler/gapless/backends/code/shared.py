"""What stands in a module: what its public names say, and what that says in turn; nothing else.

`runtime.py` and `tracing.py` are Python that type checkers read here, and that generated modules hold
in part.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gapless.backends.code.layout import import_lines
from gapless.backends.code.naming import kind_of_name
from gapless.backends.template import beside

_BEHIND = "# ----"
"""What stands below this mark stands behind the tables of a module."""

_PART = "\n\n    # ---- "
"""What stands below such a mark in a class is there for some tables only: for those that call others, as is all
of `tracing.py`, or where single outputs are marked."""


class Definition(NamedTuple):
    """A class, a function or a value: its lines, the names that these define, and those that they say."""

    lines: list[str]
    names: tuple[str, ...]
    says: frozenset[str]
    is_behind: bool = False


class Runtime(NamedTuple):
    """All definitions by their names, in order; and where the names are from that are imported."""

    definitions: dict[str, Definition]
    imported: dict[str, str]

    @property
    def names(self) -> frozenset[str]:
        """What no name of a module may hide."""
        return frozenset((*self.definitions, *self.imported))

    def needed(self, said: Iterable[str], own: Mapping[str, Definition]) -> set[str]:
        """Those names, its own ones or a module's, that some names bring in."""
        known = {**self.definitions, **own}
        found: set[str] = set()
        waiting = [*said]
        while waiting:
            name = waiting.pop()
            if name not in found and (name in known or name in self.imported):
                found.add(name)
                waiting.extend(known[name].says if name in known else ())
        return found

    def blocks(
        self, needed: Collection[str], *, behind: bool, parts: bool, calls: bool, marks: bool
    ) -> list[list[str]]:
        """The definitions that are needed and stand before the tables, or behind them.

        Only where rules of some table answer together have explanations parts, only where tables
        call others do they tell the rows of others, and only there or where rules mark single
        outputs does one output rest on its source otherwise than the next.
        """
        chosen = (each for name, each in self.definitions.items() if name in needed)
        found = (each.lines for each in chosen if each.is_behind == behind)
        kept = {"calls": calls, "marks": calls or marks}
        return [[*_fitting(lines, kept, parts=parts)] for lines in found]

    def imports(self, needed: Collection[str]) -> Iterator[str]:
        """What is needed from the standard library, in the order that linters want."""
        froms: dict[str, list[str]] = {}
        for name in sorted(needed & self.imported.keys(), key=kind_of_name):
            froms.setdefault(self.imported[name], []).append(name)
        yield from (f"import {name}" for name in froms.pop("", []))
        for module, names in sorted(froms.items()):
            yield from import_lines(module, names)


_OF_CALLS = re.compile(r"\b(outcomes|asked)\b")


def _fitting(lines: Sequence[str], kept: Mapping[str, bool], *, parts: bool) -> Iterator[str]:
    """The lines of a definition, without those that say what no table of the module has."""
    whole, *others = "\n".join(lines).split(_PART)
    for each in others:
        mark, _, rest = each.partition("\n\n")
        whole += f"\n\n{rest}" if kept[mark] else ""
    for line in whole.split("\n"):
        if (parts or "parts" not in line) and (kept["calls"] or not _OF_CALLS.search(line)):
            yield line if kept["marks"] else line.replace("_Basis | str", "_Basis")


@lru_cache
def runtime() -> Runtime:
    """The runtime, read once."""
    found = Runtime({}, {})
    for name in ("runtime.py", "tracing.py"):
        _read(beside(__package__, name), found)
    return found


def _read(text: str, found: Runtime) -> None:
    """Add what a file defines; without a mark all of it stands behind the tables."""
    lines = text.splitlines()
    mark = next((number for number, line in enumerate(lines) if line.startswith(_BEHIND)), 0)
    for node in ast.parse(text).body:
        match node:
            case ast.Import(names):
                found.imported.update((each.name, "") for each in names)
            case ast.ImportFrom(str() as module, names) if module.split(".")[0] not in _OURS:
                found.imported.update((each.name, module) for each in names)
            case ast.ClassDef() | ast.FunctionDef() | ast.Assign() | ast.AnnAssign():
                decorators = [] if isinstance(node, _VALUE) else node.decorator_list
                first = min(each.lineno for each in (node, *decorators)) - 1
                made = definition(lines[first : node.end_lineno])
                found.definitions[made.names[0]] = made._replace(is_behind=first > mark)


_OURS = ("__future__", "gapless")
_VALUE = ast.Assign | ast.AnnAssign


def definition(lines: Sequence[str]) -> Definition:
    """What lines of code define, and say."""
    tree = ast.parse("\n".join(lines))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    at_top = {id(node) for each in tree.body for node in ast.iter_child_nodes(each)}
    defined = [each.name for each in tree.body if isinstance(each, ast.ClassDef | ast.FunctionDef)]
    defined += [each.id for each in names if isinstance(each.ctx, ast.Store) and id(each) in at_top]
    said = frozenset(each.id for each in names if isinstance(each.ctx, ast.Load))
    return Definition([*lines], tuple(defined), said)
