"""Formatters, linters and type checkers have nothing to say of what is generated, nor of who imports it.

Each tool is started as rarely as can be, once over one folder: starting takes most of its time.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from gapless.backends import columns, python
from gapless.backends.artefact import Artefact
from gapless.driver import Result, compile_sources
from gapless.model import Policy
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.generated_python import compiled, real
from tests.pages import ROOT
from tests.strategies import policies

GENERATED = ROOT / "generated"
STANDARD = {
    *("__future__", "binascii", "bisect", "calendar", "collections.abc", "contextlib", "datetime"),
    *("decimal", "fractions", "functools", "itertools", "operator", "struct", "typing"),
}
"""What of the standard library modules may import."""

# ---------------------------------------------------------------- what is generated


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of generated modules: real, published and odd ones, and some that chance wrote.

    Those of the last kind stand there twice: as they are, and with all rules looked up.
    """
    folder = tmp_path_factory.mktemp("modules")
    for name, artefact in [*_named(python.emit(real())), *_odd(python.emit, "tables/examples")]:
        (folder / name).write_text(artefact.text, encoding="utf-8")
    for number, text in enumerate(_by_chance(_twice, so_many(40))):
        (folder / f"random_{number}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of generated modules for columns: real, odd and random ones."""
    folder = tmp_path_factory.mktemp("modules") / "columns"
    folder.mkdir()
    odd = ((name, each) for name, each in _odd(columns.emit) if each.path.endswith("_columns.py"))
    for name, artefact in [*_named(columns.emit(real())), *odd]:
        (folder / name).write_text(artefact.text, encoding="utf-8")
    for number, text in enumerate(_by_chance(_of_columns, 15)):
        (folder / f"random_{number}.py").write_text(text, encoding="utf-8")
    return folder


def _named(artefacts: Sequence[Artefact]) -> Iterator[tuple[str, Artefact]]:
    for each in artefacts:
        yield Path(each.path).name, each


def _odd(
    emit: Callable[[Result], tuple[Artefact, ...]], *folders: str
) -> Iterator[tuple[str, Artefact]]:
    """What the policies of further folders and of the golden cases become."""
    for case in (*(ROOT / each for each in folders), *ROOT.glob("tests/golden/*/given")):
        paths = sorted(case.glob("*.dtable"))
        texts = [Source(path.name, path.read_text(encoding="utf-8")) for path in paths]
        for name, artefact in _named(emit(compile_sources(texts))):
            yield f"{case.parent.name}_{name}", artefact


def _by_chance(texts_of: Callable[[Policy], list[str]], count: int) -> list[str]:
    """What so many random policies become, the same ones in every run."""
    found: list[str] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(policies())
    def write(policy: Policy) -> None:
        found.extend(texts_of(policy))

    write()
    return list(dict.fromkeys(found))


def _twice(policy: Policy) -> list[str]:
    """A policy's modules as they are, and with all rules looked up."""
    result = compiled(policy)
    texts = [each.text for each in python.emit(result)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gapless.backends.code.scope.MANY", 0)
        return [*texts, *(each.text for each in python.emit(result))]


def _of_columns(policy: Policy) -> list[str]:
    made = columns.emit(compiled(policy))
    return [each.text for each in made if each.path.endswith("_columns.py")]


# ---------------------------------------------------------------- what tools say of it


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One for every run of mypy, which keeps in it what it knows of the standard library and of numpy."""
    return f"--cache-dir={tmp_path_factory.mktemp('mypy')}"


def said(folder: Path, *command: str, **environment: str) -> str:
    """What a tool says of a folder, if it is not content with it."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


RULES = "E,F,W,I,UP,B,C4,PIE,RET,SIM,RUF022"
RUFF = {
    "format": ("format", "--diff"),
    "lint": ("check", "--quiet"),
    # The first takes a column called X for a constant, the second would nest `a if b else c`;
    # the third is asked for below.
    "more lint": ("check", "--quiet", "--select", RULES, "--ignore", "SIM300,SIM108,E501"),
}


@pytest.mark.parametrize("command", RUFF)
def test_ruff_has_nothing_to_say(command: str, modules: Path, package: Path) -> None:
    words = ("ruff", *RUFF[command], "--isolated", "--no-cache")

    assert said(modules, *words, ".") == ""
    if command != "lint":  # its defaults are among what is asked there
        assert said(package.parent, *words, ".") == ""


def test_a_line_is_long_only_for_a_text_that_is(modules: Path, package: Path) -> None:
    """A text cannot be broken where the line it stands in was."""
    long = [
        line
        for path in (*modules.glob("*.py"), *package.glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 88
        and not re.search(r"(\"[^\"]{40,}\"|'[^']{40,}'|\w{40}|^\S{89,}$|# \S{60,}$)", line)
    ]

    assert long == []


def test_mypy_has_nothing_to_say(modules: Path, package: Path, cache: str) -> None:
    words = ("mypy", "--strict", "--config-file=", cache)

    assert said(modules, *words, ".") == ""
    assert said(package.parent, *words, "--follow-imports=silent", ".") == ""


def test_modules_import_nothing_but_a_little_of_the_standard_library(modules: Path) -> None:
    for path in modules.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= STANDARD
            if isinstance(node, ast.ImportFrom):
                assert node.module in STANDARD and node.level == 0


WRITTEN = sorted(
    path for folder in ("generated", "tests/golden") for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_defines_and_imports_nothing_that_its_public_names_never_lead_to(
    path: Path,
) -> None:
    says: dict[str, set[str]] = {}
    listed: list[str] | None = None
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        said = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name in _defined(node):
            says[name] = said
        if "__all__" in _defined(node) and isinstance(node, ast.Assign | ast.AnnAssign):
            listed = ast.literal_eval(node.value) if node.value else []
    public = {name for name in says if name[0] != "_"} if listed is None else {*listed}

    reached, waiting = {"__all__", "annotations", *public}, [*public]
    while waiting:
        more = says.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more

    assert says.keys() <= reached


def _defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module gives to something."""
    match node:
        case ast.ClassDef(name) | ast.FunctionDef(name):
            return [name]
        case ast.Assign(targets):
            return [each.id for each in targets if isinstance(each, ast.Name)]
        case ast.AnnAssign(ast.Name(name)):
            return [name]
        case ast.Import(names) | ast.ImportFrom(_, names):
            return [(each.asname or each.name).partition(".")[0] for each in names]
    return []


def test_modules_for_columns_need_numpy_and_their_runtime_alone(package: Path) -> None:
    assert {path.name for path in package.glob("*")} >= {"__init__.py", "py.typed", "runtime.py"}
    for path in package.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module
                named = [node.module]
            if isinstance(node, ast.ImportFrom) and node.level:
                module = node.module or node.names[0].name
                assert (node.level, module) == (1, "runtime") and path.name != "runtime.py"
            assert all(
                name.partition(".")[0] in {"numpy", *sys.stdlib_module_names} for name in named
            )


# ---------------------------------------------------------------- who imports it

APP = """\
import datetime
from decimal import Decimal

from {module} import Explanation, Postage, explain_postage, postage

DAY = datetime.date(2026, 12, 1)
paid: Postage = postage(900, "NL", DAY, Decimal("20.00"))
price: Decimal | None = paid.price
why: Explanation[Postage] = explain_postage(900, "NL", DAY, None)
reason: str = why.reason
"""
CALLER = """\
import numpy as np

from {package}.parcel_columns import Answered, RefusedError, Zone, units, zone_of_columns

found: Answered[Zone] = zone_of_columns(np.array(["FR"]))
"""
PROJECTS = {
    "beside": {"app.py": APP.format(module="parcel")},
    "built": {
        "app.py": APP.format(module="generated.python.parcel"),
        "caller.py": CALLER.format(package="generated.columns"),
    },
    "apart": {"caller.py": CALLER.format(package="columns")},
}
"""Modules are imported beside them, in the folder into which they were built, or on the path: whichever
way, each has one name."""
SOME = ("parcel", "library", "igrt_claims", "income_tax_us")
"""Of the modules for columns, which mypy reads all: data of the same few kinds in each."""
PATH = "built/generated"
"""What is on the path where they are imported apart."""


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Projects copied out of the repository, so that no settings of ours soften what is said."""
    folder = tmp_path_factory.mktemp("projects")
    shutil.copytree(GENERATED / "python", folder / "beside")
    assert len([*folder.rglob("*.py")]) > 10
    for name in ("__init__.py", "py.typed", "python/parcel.py", "python/library.py"):
        (folder / PATH / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(GENERATED / name, folder / PATH / name)
    (folder / PATH / "columns").mkdir()
    for name in ("__init__.py", "py.typed", "runtime.py", *map("{}_columns.py".format, SOME)):
        shutil.copy(GENERATED / "columns" / name, folder / PATH / "columns" / name)
    for project, files in PROJECTS.items():
        (folder / project).mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / project / name).write_text(text)
    return folder


@pytest.mark.parametrize("project", PROJECTS)
def test_a_project_that_imports_what_is_generated_passes_mypy(
    project: str, projects: Path, cache: str
) -> None:
    files = [*PROJECTS[project], *(["generated/python"] if project == "built" else [])]
    path = f"../{PATH}" if project == "apart" else "."

    words = ("mypy", "--strict", "--config-file=", cache, *files)
    assert said(projects / project, *words, MYPYPATH=path) == ""
    if "caller.py" in files:
        assert said(projects / project, "caller", PYTHONPATH=path) == ""


def test_pyright_has_nothing_to_say(projects: Path, modules: Path) -> None:
    """Of who imports it in any way, and of modules, real, odd and random: all in one run."""
    shutil.rmtree(projects / "odd", ignore_errors=True)
    (projects / "odd").mkdir()
    for path in sorted(modules.glob("*_*.py"))[::6]:
        shutil.copy(path, projects / "odd")
    roots = [
        {"root": name, "extraPaths": [PATH] if name == "apart" else []}
        for name in (*PROJECTS, "odd")
    ]
    strict = ["beside", "built/app.py", f"{PATH}/python"]
    config = {"strict": strict, "executionEnvironments": roots}
    (projects / "pyrightconfig.json").write_text(json.dumps(config))

    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--warnings", "--outputjson", "."],
        cwd=projects,
        capture_output=True,
        text=True,
        check=False,
    )

    told = json.loads(done.stdout)
    assert told["generalDiagnostics"] == []
    assert told["summary"]["filesAnalyzed"] == len([*projects.rglob("*.py")])


def test_a_folder_that_is_installed_has_types(tmp_path: Path, cache: str) -> None:
    """Found on the path of Python, and not in the project, it is believed where it says that it has."""
    for name in ("__init__.py", "py.typed", "python/parcel.py"):
        (tmp_path / "installed" / "generated" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(GENERATED / name, tmp_path / "installed" / "generated" / name)
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(APP.format(module="generated.python.parcel"))

    words = ("mypy", "--strict", cache, ".")

    assert said(project, *words, PYTHONPATH=str(tmp_path / "installed"), PATH="") == ""
