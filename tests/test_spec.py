"""The pages under `tests/spec/` and `docs/errors/` keep what they promise."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from tests.generated_columns import modules
from tests.pages import (
    ROOT,
    Fence,
    Program,
    found,
    is_updating,
    pages,
    programs,
    refreshed,
    said,
    wrong_in_python,
)

if is_updating():
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(
                refreshed(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8"
            )

# The README promises by its outputs alone: marks would puzzle who copies a table from it.
PROGRAMS = [
    pytest.param(program, id=f"{page.relative_to(ROOT)}:{program.fence.line}")
    for page in pages()
    if page.name != "README.md"
    for program in programs(page.read_text(encoding="utf-8"))
]
OUTPUTS = [
    pytest.param(program, output, id=f"{page.relative_to(ROOT)}:{output.line}")
    for page in pages()
    for program in programs(page.read_text(encoding="utf-8"))
    for output in program.outputs
]
SESSIONS = [
    pytest.param(program, id=f"{page.relative_to(ROOT)}:{program.fence.line}")
    for page in pages()
    for program in programs(page.read_text(encoding="utf-8"))
    if program.sessions
]
ERROR_PAGES = sorted(ROOT.glob("docs/errors/GAP*.md"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_fence_earns_exactly_the_findings_it_promises(program: Program) -> None:
    assert found(program.compiled()) == program.promised


@pytest.mark.parametrize(("program", "output"), OUTPUTS)
def test_an_output_is_quoted_as_it_is(program: Program, output: Fence, tmp_path: Path) -> None:
    assert output.text == said(program, output, tmp_path)


@pytest.mark.parametrize("program", SESSIONS)
def test_python_says_what_a_page_quotes(program: Program) -> None:
    assert wrong_in_python(program, modules(program.compiled())) == ""


@pytest.mark.parametrize("page", ERROR_PAGES, ids=lambda page: page.stem)
def test_an_error_page_shows_the_crime_and_the_mended_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = page.stem
    headings = re.findall(r"^#+ .*$", text, re.MULTILINE)

    assert headings[0].startswith(f"# {code}: ")
    assert [each for each in headings if each in BONES] == list(BONES)
    assert code in NOT_TO_BE_SHOWN or code in _codes(text, "## Avoid", "## Prefer")
    assert code not in _codes(text, "## Prefer", "## Why")


NOT_TO_BE_SHOWN = ("GAP017", "GAP109", "GAP110", "GAP132")
"""A question is given up only on a table that no page could hold; a proof that is not confirmed would
be a mistake of ours, which a page cannot keep; and a page holds no file that cannot be read."""

BONES = ("## Avoid", "## Prefer", "## Why")


def _codes(text: str, heading: str, end: str) -> set[str]:
    """The codes that the fences between two headings earn."""
    lines = text.split("\n")
    section = range(lines.index(heading), lines.index(end))
    chosen = [program for program in programs(text) if program.fence.line in section]
    return {each.code for program in chosen for each in program.compiled().diagnostics}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    sources = [*ROOT.glob("dsl/gapless_dsl/**/*.py"), *ROOT.glob("compiler/gapless/**/*.py")]
    used = {
        code
        for source in sources
        for code in re.findall(r'"(GAP\d{3})"', source.read_text(encoding="utf-8"))
    }

    assert used == {page.stem for page in ERROR_PAGES}
