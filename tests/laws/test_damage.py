"""Whatever a hand or a merge does to a policy, it is answered with findings: never a traceback, never silence."""

from __future__ import annotations

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gapless import backends
from gapless.driver import compile_sources
from gapless.report import machine, terminal
from gapless.report.tables import told
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.amounts import so_many
from tests.pages import PAGE, ROOT, pages, programs

WHOLE = [
    *(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tables/*.dtable"))),
    *(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/golden/*/given/*"))),
    *(
        program.sources[PAGE].text
        for page in pages()
        for program in programs(page.read_text(encoding="utf-8"))
    ),
]
STRAY = (
    *("|", "||", "-", "not", "missing", "..", '"', "\\", "(", ")", "[", "]", "otherwise", "=", ":"),
    *("impossible", "é", "\t", "\r", "\x00", "0", "9" * 30, "1e5", "decimal(2)", "optional", "# x"),
    *(
        "\n",
        "  ",
        'use "a.dtable"',
        "table t",
        "in",
        "out",
        "let",
        "example",
        "show",
        "gives",
        "2020-02-30",
    ),
    *("\u202e", "手", "list of", "set of", ""),
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A policy some of whose words were dropped, replaced, doubled or moved."""
    words = re.findall(r"\w+|\s+|[^\w\s]", draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(words)))
        end = draw(st.integers(start, min(len(words), start + 20)))
        words[start:end] = draw(
            st.one_of(
                st.sampled_from(STRAY).map(lambda stray: [stray]),
                st.just(words[start:end] * 2),
                st.sampled_from(words or [""]).map(lambda word: [word]),
            )
        )
    return "".join(words)


@settings(max_examples=so_many(400))
@given(damaged())
@example("table t\n  out n : int\n\n  | + || n |")
@example("table t\n  out n : int\n\n  | unique || n || because |\n  | all || 1 || silnet: why |")
@example('type Word "Words"\n  "it\'s"|"an apostrophe"')
@example("table t\n  out n : int\n  | unique || n |\n  | all    || 5 |\n  | more   || 6 |")
@example(
    "table t\n  in z : bool\n  out n : int\n  | unique || n by z |-\n  |  || yes | no |\n  | a || 1 | 2 |"
)
def test_a_damaged_policy_is_answered_in_every_form(text: str) -> None:
    source = Source("a.dtable", text)

    result = compile_sources((source,))

    tables = told(result.policies, result.units, result.diagnostics, result.sources)
    assert terminal.render(result.diagnostics, result.sources, limit=None).count("[GAP") == len(
        result.diagnostics
    )
    whole = json.loads(machine.render(result.diagnostics, result.sources, tables, 0))
    assert len(whole["findings"]) == len(result.diagnostics)
    assert len(
        json.loads(machine.sarif(result.diagnostics, result.sources))["runs"][0]["results"]
    ) == len(result.diagnostics)
    assert machine.github(result.diagnostics, result.sources).count("\n") == len(result.diagnostics)
    if result.is_sound:
        assert all(told.proved for told in tables)
        for emit in backends.ALL.values():
            for path, made in emit(result):
                if path.endswith(".py"):
                    compile(made, path, "exec")


@settings(max_examples=so_many(400))
@given(damaged())
def test_a_damaged_policy_is_laid_out_once_and_for_all_or_left_alone(text: str) -> None:
    once = laid_out(text)

    assert once is None or laid_out(once) == once


def laid_out(text: str) -> str | None:
    source = Source("a.dtable", text)
    return format_document(parse(source)[0], source)
