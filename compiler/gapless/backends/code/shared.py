"""What a module takes over from the runtime: the definitions that it uses, and what these import.

`runtime.py` is Python that type checkers read here, and that generated modules hold in part. What a
module says, and what that says in turn, decides which parts.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gapless.backends.code.layout import Group, lay
from gapless.backends.code.naming import kind_of_name
from gapless.backends.template import beside

_BEHIND = "# ----"
"""What stands below this mark stands behind the tables of a module."""


class Definition(NamedTuple):
    """A class, a function or a value of the runtime, and the names that it says."""

    lines: list[str]
    says: frozenset[str]
    is_behind: bool


class Runtime(NamedTuple):
    """All definitions by their names, in order; and where the names are from that are imported."""

    definitions: dict[str, Definition]
    imported: dict[str, str]

    @property
    def names(self) -> frozenset[str]:
        """What no name of a module may hide."""
        return frozenset((*self.definitions, *self.imported))

    def needed(self, said: Iterable[str]) -> set[str]:
        """Those of its names that some names bring in."""
        found: set[str] = set()
        waiting = [*said]
        while waiting:
            name = waiting.pop()
            if name in self.names and name not in found:
                found.add(name)
                waiting.extend(self.definitions[name].says if name in self.definitions else ())
        return found

    def blocks(self, needed: Collection[str], *, behind: bool, with_parts: bool) -> list[list[str]]:
        """The definitions that are needed and stand before the tables, or behind them.

        Only where rules of some table answer together have explanations parts.
        """
        chosen = (each for name, each in self.definitions.items() if name in needed)
        found = [each.lines for each in chosen if each.is_behind == behind]
        if with_parts:
            return found
        return [[line for line in lines if "parts" not in line] for lines in found]

    def imports(self, needed: Collection[str]) -> Iterator[str]:
        """What is needed from the standard library, in the order that linters want."""
        froms: dict[str, list[str]] = {}
        for name in sorted(needed & self.imported.keys(), key=kind_of_name):
            froms.setdefault(self.imported[name], []).append(name)
        yield from (f"import {name}" for name in froms.pop("", []))
        for module, names in sorted(froms.items()):
            whole = lay(Group(f"from {module} import ", tuple(names), ""))
            in_brackets = Group(f"from {module} import (", tuple(names))
            yield from whole if len(whole) == 1 else lay(in_brackets)


@lru_cache
def runtime() -> Runtime:
    """The runtime, read once."""
    text = beside(__package__, "runtime.py")
    lines = text.splitlines()
    mark = next(number for number, line in enumerate(lines) if line.startswith(_BEHIND))
    found = Runtime({}, {})
    for node in ast.parse(text).body:
        match node:
            case ast.Import(names):
                found.imported.update((each.name, "") for each in names)
            case ast.ImportFrom(str() as module, names) if module != "__future__":
                found.imported.update((each.name, module) for each in names)
            case (
                ast.ClassDef(name)
                | ast.FunctionDef(name)
                | ast.Assign([ast.Name(name)])
                | ast.AnnAssign(ast.Name(name))
            ):
                decorators = node.decorator_list if hasattr(node, "decorator_list") else []
                first = min(each.lineno for each in (node, *decorators)) - 1
                written = lines[first : node.end_lineno]
                found.definitions[name] = Definition(written, _said(node), first > mark)
    return found


def said(lines: Iterable[str]) -> frozenset[str]:
    """The names that code says."""
    return _said(ast.parse("\n".join(lines)))


def _said(tree: ast.AST) -> frozenset[str]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(each.id for each in names if isinstance(each.ctx, ast.Load))
