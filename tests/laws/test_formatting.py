"""What is printed is read back, and what is laid out stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gapless_dsl.formatter import format_document, print_document
from gapless_dsl.formatter.printer import lay_out, shown_width
from gapless_dsl.nodes.declarations import Crosstab, Document, Grid
from gapless_dsl.parser import parse
from gapless_dsl.source import Source
from tests.strategies_nodes import PATH, comments, crosstabs, documents, grids, without_places

ROOT = Path(__file__).parent.parent.parent


def read(text: str) -> Document:
    document, problems = parse(Source(PATH, text))
    assert problems == ()
    return document


def laid_out(text: str) -> str:
    source = Source(PATH, text)
    document, problems = parse(source)
    assert problems == ()
    printed = format_document(document, source)
    assert printed is not None
    return printed


@given(documents)
def test_reading_undoes_printing_and_what_is_printed_is_laid_out(document: Document) -> None:
    text = print_document(document)

    assert without_places(read(text)) == document
    assert laid_out(text) == text


# ---------------------------------------------------------------- texts as people type them


def _untidy(draw: st.DrawFn, line: str) -> str:
    """The line with its blanks changed, where that says the same."""
    if '"' in line or "\\" in line or line.startswith("#"):
        return line
    if re.fullmatch(r"\s*\|[-|]+\|", line):
        return draw(st.sampled_from((line, "| --- |", "")))
    if line.startswith("  |"):
        bars = draw(st.sampled_from(("  |", "|", "\t\t|")))
        sections = line.removeprefix("  |").split("||")
        return bars + "||".join(re.sub(" *\\| *", " | ", section) for section in sections)
    gap = draw(st.sampled_from((" ", "   ", "\t", "\u00a0")))
    indent = len(line) - len(line.lstrip())
    return " " * indent + gap.join(line.split())


@st.composite
def untidy_texts(draw: st.DrawFn) -> str:
    found = []
    for line in print_document(draw(documents)).splitlines(keepends=False):
        if draw(st.integers(0, 4)) == 0:
            blanks = draw(st.sampled_from(("", " ", "   ")))
            found += draw(st.sampled_from(([""], ["", " "], [blanks + draw(comments).text])))
        found.append(_untidy(draw, line))
    end = draw(st.sampled_from(("\n", "\r\n")))
    return end.join(found) + draw(st.sampled_from(("", end, end * 3)))


def _firsts(text: str) -> list[str]:
    """Every comment, and the first word of every other line, but for lines of dashes."""
    lines = [line.strip() for line in text.split("\n")]
    inked = [line for line in lines if line and not re.fullmatch(r"[\s|-]+", line)]
    return [line if line.startswith("#") else line.split()[0] for line in inked]


@given(untidy_texts())
def test_layout_says_the_same_is_stable_and_keeps_every_comment_and_the_order_of_all_lines(
    text: str,
) -> None:
    once = laid_out(text)

    assert without_places(read(once)) == without_places(read(text))
    assert laid_out(once) == once
    assert _firsts(once) == _firsts(text)


def _shown(line: str) -> str:
    """The line as a terminal has it: a wide letter takes two places, an accent none."""
    return "".join(
        letter + " " * (shown_width(letter) - 1) for letter in line if shown_width(letter)
    )


@given(grids() | crosstabs())
def test_the_double_bars_of_a_grid_stand_below_each_other(grid: Grid | Crosstab) -> None:
    (header, *heads), dashes, rows = lay_out(grid)
    places = [found.start() for found in re.finditer(r"\|\|", header)]

    for line in (*map(_shown, heads), dashes, *map(_shown, rows)):
        assert [line[place : place + 2] for place in places] == ["||"] * len(places)


# ---------------------------------------------------------------- a few to look at


def test_the_readme_is_laid_out() -> None:
    page = (ROOT / "dsl" / "README.md").read_text(encoding="utf-8")
    text = page.split("```")[1].lstrip("\n")

    assert laid_out(text) == text


def test_spellings_are_kept_but_for_signs_that_few_can_type() -> None:
    text = "table t\n|  |a|| o|\n|x|≤30_000,[1..007]||+|\n".replace("+", "1_0")

    assert laid_out(text).splitlines()[-1] == "  | x | <= 30_000, 1..007 || 1_0 |"


def test_lines_stay_in_their_order_and_comments_with_them() -> None:
    text = """\
use "a"
use "b"
# the last of these
# no, really

# what follows
table t
out o : int
# why
in  long : int

| | long || o || because |
# hard cases
| | 1 || 2 || |

| | 2 || 3 || x |
  # and so on

# the end
"""

    assert (
        laid_out(text)
        == """\
use "a"
use "b"
# the last of these
# no, really

# what follows
table t
  out o    : int
  # why
  in  long : int

  |   | long || o || because |
  |---|------||---||---------|
  # hard cases
  |   | 1    || 2 ||         |

  |   | 2    || 3 || x       |
  # and so on

# the end
"""
    )


def test_wide_letters_take_two_columns() -> None:
    text = 'table t\n| | a || o |\n| | "漢字" || 1 |\n| | "é" || 1 |\n'

    assert laid_out(text).splitlines()[2:] == [
        "  |   | a      || o |",
        "  |---|--------||---|",
        '  |   | "漢字" || 1 |',
        '  |   | "é"    || 1 |',
    ]


def test_a_very_long_reason_does_not_widen_the_other_rows() -> None:
    long = "so " * 50 + "it is"
    text = f"table t\n| | a || o || because |\n| | 1 || 1 || {long} |\n| | 2 || 1 || short |\n"

    assert laid_out(text).splitlines()[-2:] == [
        f"  |   | 1 || 1 || {long} |",
        "  |   | 2 || 1 || short   |",
    ]


def test_a_spanning_cell_widens_the_last_column_it_spans() -> None:
    text = "table t\n| | a || o || because |\n| r | 1 || impossible || no |\n| | 2 || 1 || x |\n"

    assert laid_out(text).splitlines()[-2:] == [
        "  | r | 1 || impossible || no      |",
        "  |   | 2 || 1          || x       |",
    ]


def test_a_file_that_cannot_be_read_whole_is_not_laid_out() -> None:
    source = Source(PATH, "tabel t\n")
    document, _ = parse(source)

    assert format_document(document, source) is None


def test_windows_line_ends_stay() -> None:
    assert laid_out('use   "a"\r\nuse "b"\r\n') == 'use "a"\r\nuse "b"\r\n'


def test_an_empty_file_stays_empty() -> None:
    assert laid_out("") == ""
    assert laid_out("\n \n") == ""


def test_blank_lines_in_a_row_become_one() -> None:
    text = "type A = b | c\n\n\n\n# why\n\n\ntable t\n\n\n  in a : A\n\n\n  in d : A\n  out o : A\n  | | a | d || o |\n\n\n  | | - | - || a |\n"
    document, _ = parse(Source("page.dtable", text))
    laid = format_document(document, Source("page.dtable", text))

    assert laid is not None
    assert "\n\n\n" not in laid
    assert "  in  a : A\n\n  in  d : A\n" in laid
    assert laid.count("\n\n") == 5
