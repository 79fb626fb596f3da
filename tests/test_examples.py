"""The published tables in `tables/examples/`: proved, laid out, cited, and compiled into what they mean."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gapless import backends
from gapless.cli import files
from gapless.driver import Result, compile_sources
from gapless.model import Policy
from gapless_dsl.diagnostic import Severity
from gapless_dsl.source import Source
from tests.generated_python import functions, meant
from tests.pages import ROOT, run

EXAMPLES = sorted(ROOT.glob("tables/examples/*.dtable"))
each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def sources(path: Path) -> list[Source]:
    """The file, and those that it uses, near or far."""
    found: dict[str, Source] = {}
    waiting = [path.relative_to(ROOT).as_posix()]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = Source(name, (ROOT / name).read_text("utf-8"))
            waiting += files.used_by(name, found[name].text)
    return list(found.values())


@cache
def compiled(path: Path) -> Result:
    return compile_sources(sources(path))


def policy_of(path: Path) -> Policy:
    (policy,) = [each for each in compiled(path).policies if each.path.endswith(f"/{path.name}")]
    return policy


@each_example
def test_a_published_table_has_neither_errors_nor_warnings(path: Path) -> None:
    found = [
        f"{each.code} {each.title}"
        for each in compiled(path).diagnostics
        if each.severity in (Severity.ERROR, Severity.WARNING)
    ]

    assert found == []


@each_example
def test_a_published_table_is_laid_out_as_the_formatter_leaves_it(path: Path) -> None:
    code, told, aside = run(["fmt", "--check", str(path)])

    assert code == 0, told + aside


@each_example
def test_a_published_table_says_what_it_is_and_of_which_day(path: Path) -> None:
    policy = policy_of(path)

    assert policy.title and policy.as_of and policy.sources
    assert all(source.title for source in policy.sources)


@each_example
def test_every_rule_of_a_published_table_cites_its_section(path: Path) -> None:
    uncited = [
        f"{table.name}.{rule.name}"
        for table in policy_of(path).tables
        if not (table.is_decision or table.by_version)
        for rule in table.rules
        if not rule.reason.citations
    ]

    assert uncited == []


@each_example
def test_every_table_of_a_published_policy_has_an_example(path: Path) -> None:
    tables = [table for table in policy_of(path).tables if not table.by_version]

    assert [table.name for table in tables if not table.examples] == []


@each_example
def test_generated_python_answers_the_examples_as_they_are_meant(path: Path) -> None:
    for function in functions(compiled(path)):
        for example in function.table.examples:
            given = dict(example.inputs)
            case = {column.name: given[column.name] for column in function.table.inputs}

            assert function.asked(case) == meant(function.table, case), case


@each_example
def test_a_published_table_becomes_the_same_twice(path: Path) -> None:
    once, again = compile_sources(sources(path)), compile_sources(sources(path))

    for backend in backends.ALL.values():
        assert backend(once) == backend(again)
