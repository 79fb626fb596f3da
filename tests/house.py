"""How the source stands, in figures for readers and no test: `python -m tests.house`.

Lines and modules, what imports cost, which rooms are full, which modules have one neighbor, and
how often a small table changes modules on its way through the compiler.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import FrameType

from gapless.driver import compile_sources
from gapless_dsl.source import Source
from tests.pages import ROOT

SMALL = """\
type Region = home | world

table fee
  in  weight : int 0..30
  in  region : Region
  out price  : int 0..20

  | unique | weight | region || price |
  | light  | < 5    | home   || 4     |
  | heavy  | >= 5   | home   || 7     |
  | far    | -      | world  || 12    |
"""
NEWLINE = "\n"
REGISTERED = ("gapless.checks.", "gapless.cli.", "gapless.backends.")
"""What registries and the command line call by name; one caller is all that these should have."""


def modules() -> dict[str, Path]:
    """Every module of both source roots by its dotted name."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for root in (ROOT / "dsl", ROOT / "compiler")
        for path in sorted(root.rglob("*.py"))
        if path.name != "runtime.py"  # written out as it is: generated code, not the compiler's
    }


def importers(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Who imports each module."""
    users: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    users[full if full in trees else node.module].add(module)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    users[alias.name].add(module)
    return users


def lines_that_import(tree: ast.Module) -> int:
    """Lines of import statements, wherever they stand."""
    kinds = (ast.Import, ast.ImportFrom)
    return sum(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    )


def walk() -> tuple[int, int, int]:
    """Modules passed, changes of module and steps back when the small table is compiled, cold."""
    stack: list[str] = []
    passed: set[str] = set()
    forth = back = 0

    def seen(frame: FrameType, event: str, _: object) -> None:
        nonlocal forth, back
        module = frame.f_globals.get("__name__", "")
        ours = module.startswith(("gapless.", "gapless_dsl."))
        if not ours or frame.f_code.co_name == "<module>":
            return
        if event == "call":
            forth += bool(stack) and stack[-1] != module
            stack.append(module)
            passed.add(module)
        elif event == "return" and stack:
            left = stack.pop()
            back += bool(stack) and stack[-1] != left

    sys.setprofile(seen)
    result = compile_sources([Source("fee.dtable", SMALL)])
    sys.setprofile(None)
    assert result.is_sound and result.units
    return len(passed), forth + back, back


def main() -> None:
    """Print the figures."""
    found = modules()
    texts = {name: path.read_text(encoding="utf-8") for name, path in found.items()}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    lines = sum(text.count("\n") for text in texts.values())
    imports = sum(map(lines_that_import, trees.values()))
    users = importers(trees)
    lonely = sorted(
        name
        for name, path in found.items()
        if len(users[name]) == 1 and path.name != "__init__.py"
        if not (name.startswith(REGISTERED) and _registered(name, users[name]))
    )
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in found.values())
    passed, changes, back = walk()
    report = [
        f"lines of Python in dsl/ and compiler/: {lines}",
        f"modules: {len(found)}",
        f"share of lines that import: {imports / lines:.1%}",
        f"modules that only one other imports: {len(lonely)}",
        f"fullest folders: {folders.most_common(6)}",
        f"longest module: {max(text.count(NEWLINE) for text in texts.values())}",
        f"compiling the small table: {passed} modules, {changes} changes, {back} steps back",
    ]
    for folder in ("generated/columns", "generated/python", "tests/golden"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        report.append(f"{folder}: {sum(path.read_text().count(NEWLINE) for path in files)} lines")
    sys.stdout.writelines(f"{line}\n" for line in [*report, *(lonely if sys.argv[1:] else [])])


def _registered(name: str, users: set[str]) -> bool:
    """Whether all that a module is for is to be named in a registry: the door of its own room."""
    return all(
        user in ("gapless.cli", "gapless.checks", "gapless.backends")
        or user == name.rpartition(".")[0].rpartition(".")[0]
        for user in users
    )


if __name__ == "__main__":
    main()
