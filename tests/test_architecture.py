"""The invariants of the house, read off the imports: what `compiler/README.md` claims is so."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

ROOT = Path(__file__).parent.parent
LINES_OF_A_MODULE = 500

SOURCES = {
    ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
    for root in (ROOT / "dsl", ROOT / "compiler")
    for path in sorted(root.rglob("*.py"))
}

MEANT = {"gapless.model", "gapless.semantics"}
TYPED = {"gapless_dsl"}
DOMAIN = "gapless.analysis.domain"
COVERAGE = "gapless.analysis.coverage"
DECISION = "gapless.analysis.decision"
COMPOSITION = "gapless.analysis.composition"
ARITHMETIC = "gapless.analysis.arithmetic"
ANALYSIS = {"gapless.analysis", DOMAIN, COVERAGE, DECISION, COMPOSITION, ARITHMETIC}
TEXT = "gapless.text"
TARGETS = ("python", "columns", "sql", "markdown")

# Each room, and the rooms it may import from besides itself. A module that no room holds has to be
# given one here, which is the moment to ask whether it belongs.
ROOMS: dict[str, set[str]] = {
    "gapless_dsl": set(),
    "gapless.model": TYPED,
    "gapless.semantics": {"gapless.model"},
    "gapless.resolve": TYPED | MEANT | {DOMAIN, TEXT},
    DOMAIN: {"gapless.model"},
    COVERAGE: {DOMAIN},
    DECISION: {DOMAIN, COVERAGE},
    COMPOSITION: {"gapless.model", DOMAIN, COVERAGE, DECISION},
    ARITHMETIC: {"gapless.model", DOMAIN, COVERAGE},
    "gapless.analysis": ANALYSIS | {"gapless.model"},
    TEXT: TYPED | {"gapless.model", DOMAIN, "gapless.analysis"},
    "gapless.checks": ANALYSIS | MEANT | TYPED | {TEXT},
    "gapless.approvals": {"gapless.analysis"},
    "gapless.driver": ANALYSIS
    | MEANT
    | TYPED
    | {"gapless.checks", "gapless.resolve", "gapless.approvals"},
    "gapless.proof": ANALYSIS | TYPED | {"gapless.model", "gapless.driver"},
    "gapless.backends": ANALYSIS
    | MEANT
    | TYPED
    | {TEXT, "gapless.driver", "gapless.proof"}
    | {f"gapless.backends.{target}" for target in TARGETS},
    **{
        f"gapless.backends.{target}": ANALYSIS
        | MEANT
        | TYPED
        | {TEXT, "gapless.approvals", "gapless.driver", "gapless.proof", "gapless.backends"}
        for target in TARGETS
    },
    "gapless.run": TYPED | MEANT | {"gapless.resolve", TEXT},
    "gapless.why_not": MEANT | {"gapless.run", "gapless.analysis"},
    "gapless.diff": ANALYSIS | MEANT | TYPED | {TEXT, "gapless.driver", "gapless.resolve"},
    "gapless.report": ANALYSIS
    | MEANT
    | TYPED
    | {TEXT, "gapless", "gapless.approvals", "gapless.run", "gapless.why_not", "gapless.diff"},
    "gapless.cli": {"*"},
    "gapless.__main__": {"gapless.cli"},
    "gapless": set(),
}
SHIPPED = {"gapless.backends.columns.runtime": {"numpy"}, "gapless.cli.evidence.verify": set[str]()}
"""Written out as they are, never imported, and so held to what is asked of generated code; what these
need stands beside them."""
WITH_WINDOWS = ("gapless.cli", "gapless.__main__")
READING_THEMSELVES = ("gapless_dsl.grammar", "gapless.backends.template")
"""What lies in the package beside them, through `importlib.resources`, is all that these read."""
SPENT = "gapless.analysis.coverage.budget"
"""What a question may still spend is there to be changed."""
GUESTS = {
    "lark": "gapless_dsl.grammar",
    "jinja2": "gapless.backends.template",
    "duckdb": "gapless.cli.apply.on_duckdb",
    "pyarrow": "gapless.cli.apply.arrow",
    "numpy": "gapless.cli.apply.delimited",
    "pyspark": "gapless.cli.apply.on_spark",
    "py4j": "gapless.cli.apply.on_spark",
    "sqlglot": "gapless.backends.sql.dialects",
}

# What would let a disk, a terminal, a clock or the environment in.
CLOSED_MODULES = {
    *("asyncio", "fileinput", "getpass", "glob", "io", "locale", "logging", "multiprocessing"),
    *("os", "pathlib", "platform", "random", "shutil", "signal", "socket", "subprocess", "sys"),
    *("tempfile", "threading", "time"),
}
PURE = {"pathlib.PurePath", "pathlib.PurePosixPath"}
"""What such a module has that looks at nothing but its arguments."""
CLOSED_NAMES = {"open", "print", "input", "breakpoint", "exec", "eval"}
CLOSED_ATTRIBUTES = {"today", "now", "utcnow", "environ", "getenv", "read_text", "write_text"}


@cache
def source() -> Mapping[str, ast.Module]:
    """Every module of both packages, read once where it is asked for."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


class Import(NamedTuple):
    """`module` imports `name`, a module of ours or the outermost name of another's, in `line`."""

    module: str
    name: str
    line: int


def imports(trees: Mapping[str, ast.Module]) -> Iterator[Import]:
    """Every import, wherever in a module it stands."""
    for module, tree in trees.items():
        for node in ast.walk(tree):
            match node:
                case ast.Import():
                    for alias in node.names:
                        yield Import(module, alias.name, node.lineno)
                case ast.ImportFrom():
                    assert node.level == 0 and node.module, f"{module} imports relatively"
                    for alias in node.names:
                        full = f"{node.module}.{alias.name}"
                        whole = full in trees or full in PURE
                        yield Import(module, full if whole else node.module, node.lineno)


def room_of(module: str) -> str | None:
    """The room that holds a module: the longest name in `ROOMS` that it begins with."""
    rooms = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    # `gapless` itself is a door plate, not a room that holds whatever has no other.
    return max(
        (room for room in rooms if room != "gapless" or module == room), key=len, default=None
    )


def trespasses(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Imports from a room that the importing one does not know."""
    for module, name, line in imports(trees):
        own, other = room_of(module), room_of(name)
        if own is None:
            yield f"{module} stands in no room"
        elif other is not None and other != own and not ROOMS[own] & {other, "*"}:
            yield f"{module}:{line} imports {name}"


def guests(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Imports from outside the standard library elsewhere than in the one module meant for them."""
    for module, name, line in imports(trees):
        outermost = name.partition(".")[0]
        if outermost in ("gapless", "gapless_dsl") or outermost in sys.stdlib_module_names:
            continue
        if GUESTS.get(outermost) != module and outermost not in SHIPPED.get(module, ()):
            yield f"{module}:{line} imports {name}"


def windows(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Whatever opens, prints, or reads the clock or the environment where nothing should."""
    pure = {name: tree for name, tree in trees.items() if not name.startswith(WITH_WINDOWS)}
    for module, name, line in imports(pure):
        if name.partition(".")[0] in CLOSED_MODULES and name not in PURE:
            yield f"{module}:{line} imports {name}"
    for module, tree in pure.items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in CLOSED_NAMES:
                    yield f"{module}:{node.lineno} calls {name}"
                case ast.Attribute(attr="read_text") if module in READING_THEMSELVES:
                    pass
                case ast.Attribute(attr=name) if name in CLOSED_ATTRIBUTES:
                    yield f"{module}:{node.lineno} reads {name}"


def cycles(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Modules that import themselves in the end."""
    needs: dict[str, set[str]] = {module: set() for module in trees}
    for module, name, _ in imports(trees):
        if name in trees and name != module:
            needs[module].add(name)
    for module in trees:
        seen: set[str] = set()
        waiting = list(needs[module])
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting.extend(needs[each])
        if module in seen:
            yield module


def thawed(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Data classes that could be changed after they were made, or hold what they do not declare."""
    for module, tree in trees.items():
        if module.startswith("gapless.backends.") or module == SPENT:
            continue  # nothing but text leaves a backend
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                continue  # what is private to a module goes nowhere
            for told in map(ast.unparse, node.decorator_list):
                # What is worked out when first asked for needs somewhere to be kept.
                lazy = "cached_property" in ast.unparse(node)
                frozen = "frozen=True" in told and ("slots=True" in told or lazy)
                if told.startswith("dataclass") and not frozen:
                    yield f"{module}:{node.lineno} {node.name}"


def unannounced(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Modules whose first line does not say what they are for."""
    for module, tree in trees.items():
        first = (ast.get_docstring(tree) or "").partition("\n")[0]
        if not first or "this module" in first.lower():
            yield module


def test_rooms_import_only_what_they_may() -> None:
    assert list(trespasses(source())) == []


def test_lark_and_jinja_are_each_known_to_one_module_and_nothing_else_is_needed() -> None:
    assert list(guests(source())) == []


def test_only_the_command_line_opens_prints_and_reads_clock_or_environment() -> None:
    assert list(windows(source())) == []


def test_no_module_imports_itself_in_the_end() -> None:
    assert list(cycles(source())) == []


def test_what_goes_between_passes_is_frozen() -> None:
    assert list(thawed(source())) == []


def test_the_auditor_can_be_read_whole_and_knows_nothing_of_the_prover() -> None:
    known = {each.name for each in imports(source()) if each.module == "gapless.proof.auditor"}

    assert len(SOURCES["gapless.proof.auditor"].read_text(encoding="utf-8").splitlines()) < 150
    assert {name for name in known if name.startswith("gapless")} == {
        "gapless.model",
        "gapless.proof.extents",
        "gapless.proof.certificate",
    }


def test_the_prover_has_another_notion_of_where_tests_hold_than_the_auditor() -> None:
    users = {each.module for each in imports(source()) if each.name == "gapless.proof.extents"}

    assert users == {
        "gapless.proof.auditor",
        "gapless.proof.certificate",
        "gapless.proof.prover",
    }


def test_modules_say_what_they_are_for() -> None:
    assert list(unannounced(source())) == []


def test_a_module_is_one_idea_long() -> None:
    long = {
        name: lines
        for name, path in SOURCES.items()
        if name not in SHIPPED and not name.endswith(".runtime")  # texts that are written out
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_OF_A_MODULE
    }

    assert long == {}


def test_what_is_written_out_as_it_is_is_not_imported() -> None:
    assert {each.name for each in imports(source())}.isdisjoint(SHIPPED)


def test_a_backend_sees_no_node() -> None:
    """`Basis` is what the model says with a word of the language; of the lexicon, words alone."""
    seen = {
        f"{module}: {alias.name}"
        for module, tree in source().items()
        if module.startswith("gapless.backends")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gapless_dsl.")
        if node.module != "gapless_dsl.lexis"
        for alias in node.names
        if alias.name not in ("Basis", "Span", "Source")
    }

    assert seen == set()


# What a law may ask: of a room its package, of these rooms any module, and the room that it is about.
DOORS = {"gapless.model", "gapless.semantics", "gapless.driver", "gapless.run", "gapless.report"}
DOORS |= {"gapless.analysis", DOMAIN, DECISION, TEXT}
"""Units hand out boxes, atoms and diagrams: whoever counts their cells has to know what these are."""
PLACED = {
    "gapless_dsl.source",
    "gapless_dsl.diagnostic",
    "gapless_dsl.lexis",
    "gapless.proof.audit",
}
"""What everything is written with, and findings."""
ABOUT = {
    "formatting": {"gapless_dsl"},
    "parsing": {"gapless_dsl"},
    "reasons": {"gapless_dsl"},
    "resolve": {"gapless.resolve", "gapless_dsl"},
    "budget": {COVERAGE},
    "undecided": {COVERAGE},
    "composition": {COMPOSITION, "gapless.backends.markdown"},
    "findings": {COMPOSITION},
    "arithmetic": {ARITHMETIC},
    "trace": {ARITHMETIC, COVERAGE, "gapless.backends", "gapless.backends.columns", "gapless.cli"},
    "diff": {"gapless.diff"},
    "diff_on_data": {"gapless.diff", "gapless.cli"},
    "nearest_change": {COVERAGE},
    "why_not": {"gapless.why_not"},
    "scale": {ARITHMETIC, COVERAGE, "gapless.cli"},
    "hubs": {"gapless.checks"},
    "natural_witnesses": {"gapless.checks"},
    "prefixes": {"gapless.proof"},
    "times": {"gapless.proof", "gapless.resolve", "gapless.backends.sql", "gapless.cli"},
    "certificates": {"gapless.proof", COMPOSITION},
    "markdown": {"gapless.backends.markdown", "gapless.backends"},
    "ordered_lists": {"gapless.backends.markdown"},
    "markdown_pages": {"gapless.backends.markdown", "gapless_dsl"},
    "markdown_crosstabs": {"gapless.backends.markdown"},
    "grids": {"gapless.backends.markdown"},
    "sql": {"gapless.backends.sql"},
    "columns": {"gapless.backends.columns", "gapless.backends"},
    "lookups": {"gapless.backends.python", "gapless.backends", "gapless.cli"},
    "building": {"gapless.backends.columns", "gapless.cli"},
    "delimited": {"gapless.cli"},
}
"""Laws of something inside a room, which no door tells of: shapes of look-ups, a budget, a cell's form."""


def test_a_law_asks_doors_and_the_room_that_it_is_about() -> None:
    laws = {path.stem: path for path in sorted((ROOT / "tests" / "laws").glob("*.py"))}
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in laws.items()}
    packages = {name for name, path in SOURCES.items() if path.name == "__init__.py"}
    inner = {
        f"{law} imports {name}"
        for law, name, _ in imports({**source(), **trees})
        if law in laws and name in SOURCES.keys() - packages - PLACED
        if room_of(name) not in DOORS | ABOUT.get(law.removeprefix("test_"), set())
    }

    assert inner == set()


Invariant: TypeAlias = Callable[[Mapping[str, ast.Module]], Iterator[str]]

PLANTED: dict[Invariant, tuple[str, str]] = {
    trespasses: ("gapless.resolve.planted", "from gapless.analysis.unit import Unit"),
    guests: ("gapless.report.planted", "def f():\n    import lark.lexer"),
    windows: ("gapless.checks.planted", "def f():\n    print(1)"),
    cycles: ("gapless.model", "def f():\n    from gapless.driver import Result"),
    thawed: ("gapless.model", "@dataclass(slots=True)\nclass A:\n    a: int"),
    unannounced: ("gapless.planted", "a = 1"),
}


@pytest.mark.parametrize("invariant", PLANTED, ids=lambda invariant: invariant.__name__)
def test_a_planted_violation_is_caught_by_name(invariant: Invariant) -> None:
    module, text = PLANTED[invariant]

    caught = list(invariant({**source(), module: ast.parse(text)}))

    assert any(module in each for each in caught)


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "from pathlib import Path",
        "import os.path as path",
        "a = datetime.now()",
        "a = date.today()",
        "a = open('x')",
    ],
)
def test_every_window_is_seen(text: str) -> None:
    assert list(windows({"gapless.model": ast.parse(text)}))


def test_a_module_without_a_room_is_caught() -> None:
    assert list(trespasses({"gapless.attic": ast.parse("import re")})) == [
        "gapless.attic stands in no room"
    ]
