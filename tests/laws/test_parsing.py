"""Whatever the text, reading it ends, places everything, and complains once for each mistake."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gapless_dsl.diagnostic import Diagnostic, Repair
from gapless_dsl.formatter import print_document
from gapless_dsl.grammar import read
from gapless_dsl.lexis import quoted, spelled
from gapless_dsl.nodes.cells import Literal, Word
from gapless_dsl.nodes.declarations import (
    Binding,
    Blocked,
    ColumnNode,
    ConditionCell,
    Crossing,
    CrossRow,
    Document,
    Grid,
    Header,
    LetNode,
    OutcomeCell,
    Row,
    ScalarNode,
    TableNode,
    TextCell,
    TypeNode,
    UseNode,
    WrappedNode,
)
from gapless_dsl.parser import parse
from gapless_dsl.parser.cells import condition, outcome
from gapless_dsl.parser.grid import unescaped
from gapless_dsl.source import Source, Span
from tests.amounts import so_many
from tests.strategies_nodes import PATH, documents, grids, without_places


def read_text(text: str) -> tuple[Document, tuple[Diagnostic, ...]]:
    return parse(Source(PATH, text))


# ---------------------------------------------------------------- any text at all

fragments = st.sampled_from(
    [
        *("policy p", "  as of 2020-01-01", "use ", "source s", "type T = ", "a | b", "table t"),
        *("  in x : int", "  out y : ", "let z = f(x)", "  example ", "  gives ", "impossible"),
        *(
            "| ",
            " |",
            "||",
            "-",
            "otherwise",
            "not ",
            "..",
            "[",
            "]",
            "(",
            ")",
            "<=",
            '"',
            "\\",
            "#",
        ),
        *(
            "\n",
            "\n",
            "\n",
            "\n  ",
            "\r\n",
            "\r",
            "\t",
            "\ufeff",
            "\u202e",
            "\u2028",
            "\x00",
            "\ud800",
        ),
        *(
            "| unique | x || y || because |\n",
            "| a | 1 || 2 || [s] |\n",
            "|---|---||---|\n",
            "=",
            ":",
            ",",
        ),
    ]
)
garbage = st.lists(fragments | st.text(max_size=4), max_size=25).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A file with letters lost, doubled or put in, or with its end cut off."""
    text = print_document(draw(documents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 1, 1, 2, 8))))
        text = (
            text[:start] + draw(fragments | st.just("") | st.just(text[start:end] * 2)) + text[end:]
        )
    return text[: draw(st.integers(0, len(text)) | st.just(len(text)))]


def spans(thing: Any) -> Iterator[Span]:
    """Every place in a node or a diagnostic."""
    if isinstance(thing, Span):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from spans(part)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from spans(getattr(thing, field.name))


@given(garbage | damaged())
@example("| a")
@example('table t\n| unique | a || b |\n| x | "')
@example("\ufefftable t\n||")
def test_every_place_lies_inside_the_file(text: str) -> None:
    document, problems = read_text(text)

    for path, start, end in spans((document, problems)):
        assert path == PATH
        assert 0 <= start <= end <= len(text)


@given(garbage | damaged())
def test_a_document_is_complete_if_nothing_is_wrong_with_it(text: str) -> None:
    document, problems = read_text(text)

    assert document.complete == (not problems)
    if document.complete:
        assert without_places(read_text(print_document(document))[0]) == without_places(document)


@given(garbage | damaged())
def test_complaints_come_in_the_order_of_the_file_and_never_twice(text: str) -> None:
    _, problems = read_text(text)
    places = [problem.span for problem in problems]

    assert places == sorted(places)
    assert len(set(problems)) == len(problems)


def mended(text: str, problem: Diagnostic) -> str | None:
    """The text as the problem's mechanical help would have it, if it offers one."""
    mechanical = (each for each in problem.helps if each.repair is Repair.MECHANICAL)
    edits = [edit for help_ in mechanical for edit in help_.edits]
    for span, new in sorted(((edit.span, edit.text) for edit in edits), reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text if edits else None


cell_texts = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "b",
                "4.90",
                "<",
                ">",
                "=",
                "!=",
                "not",
                "missing",
                "otherwise",
                "to",
                "or",
                "and",
            ),
            *(
                "between",
                " ",
                " ",
                ",",
                ";",
                "..",
                "...",
                "–",
                "*",
                "-",
                "(",
                ")",
                "[",
                "]",
                "“",
                "”",
            ),
            *("'", '"', "\\", "/", "ß", "%", "f(a)"),
        ]
    ),
    max_size=6,
).map("".join)


@given(cell_texts.map(str.strip))
@example('-""')
def test_a_mended_cell_can_be_read(text: str) -> None:
    for read_cell in (condition, outcome):
        problem = read_cell(text).problem
        new = mended(text, problem) if problem else None
        assert new is None or read_cell(new).problem is None


# ---------------------------------------------------------------- every node's place


class Found(NamedTuple):
    """A node, and the text that stands where it says it stands."""

    node: Any
    text: str


def located(text: str) -> list[Found]:
    document, problems = read_text(text)
    assert problems == ()
    return list(_located(document, text))


def _located(thing: Any, text: str, base: int = 0) -> Iterator[Found]:
    """The parts of a node; places that count from a line or a cell, count from `base`."""
    span = getattr(thing, "span", None)
    if span is not None:
        yield Found(thing, text[span.start : span.end])
        if isinstance(thing, ConditionCell | OutcomeCell | Crossing | LetNode | Binding):
            base = span.start
    at = getattr(thing, "at", None)
    if at is not None:
        yield Found(thing, text[base + at[0] : base + at[1]])
    if isinstance(thing, tuple):
        for part in thing:
            yield from _located(part, text, base)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _located(getattr(thing, field.name), text, base)


def _says(found: Found) -> bool:
    """Whether the text alone says what the node says."""
    node, text = found
    match node:
        case Word() | Literal():
            return text in (node.text, spelled(node), quoted(node.text))
        case ConditionCell(content):
            return condition(text).content == content
        case Crossing(Blocked() as blocked):
            return text == blocked.value
        case OutcomeCell(content) | Crossing(content):
            return outcome(text).content == content
        case TextCell(words):
            return unescaped(text.replace("\\|", "|")) == words
        case ScalarNode() | WrappedNode():
            return without_places(_type_of(text)) == without_places(node)
        case Binding(name, values, bracketed):
            said = (name, values, bracketed)
            return without_places(_first_binding(text)) == without_places(said)
        case Row() | CrossRow() | Header():
            return text.startswith("|") and text.endswith("|") and "\n" not in text
        case _:
            return text == text.strip() != ""


def _type_of(text: str) -> TypeNode:
    column: ColumnNode = read("column", f"x : {text}")
    return column.type


def _first_binding(text: str) -> tuple[object, ...]:
    _, (binding,) = read("example", text)
    return binding.name, binding.values, binding.bracketed


@given(documents)
def test_what_stands_in_a_nodes_place_says_what_the_node_says(document: Document) -> None:
    for found in located(print_document(document)):
        assert _says(found), found


# ---------------------------------------------------------------- mistakes do not meet

BAD_CELLS = ("", "<> 5", "a b", "< ", "1...5", "“x”", "not not a", "(1..2", "a,,b", '"open')


@settings(max_examples=so_many(40))
@given(grids().filter(lambda grid: bool(grid.header.conditions and grid.rows)), st.data())
def test_each_bad_cell_earns_one_complaint_on_its_place(grid: Any, data: st.DataObject) -> None:
    table = TableNode(Word("t", Span("", 0, 0)), None, (), (), (), (), grid, (), Span("", 0, 0))
    text = print_document(Document(PATH, (table,), ()))
    cells = _condition_cells(text)
    broken = data.draw(st.sets(st.sampled_from(cells)) if cells else st.just(set()))
    for _, start, end in sorted(broken, reverse=True):
        text = text[:start] + data.draw(st.sampled_from(BAD_CELLS)) + text[end:]

    document, problems = read_text(text)

    assert len(problems) == len(broken)
    unread = [cell is None for row in _rows(document) for cell in row.conditions]
    assert [i for i, is_unread in enumerate(unread) if is_unread] == [
        i for i, cell in enumerate(cells) if cell in broken
    ]


def _rows(document: Document) -> tuple[Row, ...]:
    (table,) = document.declarations
    assert isinstance(table, TableNode) and isinstance(table.grid, Grid)
    return table.grid.rows


def _condition_cells(text: str) -> list[Span]:
    return [cell.span for row in _rows(read_text(text)[0]) for cell in row.conditions if cell]


# ---------------------------------------------------------------- a few to look at


class Complaint(NamedTuple):
    line: int
    code: str
    guilty: str


def complaints(text: str) -> list[Complaint]:
    source = Source(PATH, text)
    return [
        Complaint(
            source.place(each.span.start).line, each.code, text[each.span.start : each.span.end]
        )
        for each in parse(source)[1]
    ]


def test_five_mistakes_earn_five_complaints_each_on_its_place() -> None:
    text = """\
type Zone = home | world |
tabel fee "What it costs"
  in  weight Weight
  in  zone   : Zone
  out price  : decimal(2)

  | unique | weight | zone          || price |
  |--------|--------|---------------||-------|
  | light  | < 5    | home or world || 1     |
  | heavy  | >= 5   || 2 |
  | odd    | 3      | world         || 4     |
"""

    assert complaints(text) == [
        Complaint(1, "GAP001", ""),
        Complaint(2, "GAP007", "tabel"),
        Complaint(3, "GAP001", "Weight"),
        Complaint(9, "GAP002", "or"),
        Complaint(10, "GAP003", ">= 5"),
    ]


def test_what_can_be_read_around_mistakes_is_read() -> None:
    text = """\
table t
  in a : int
  in b int
  out c : int
  | unique | a | b || c |
  | one | 1 | !! || 2 |
  | two | 1 | 2 |
  | three | 1 | 2 || 3 |
"""
    document, _ = read_text(text)
    (table,) = document.declarations

    assert isinstance(table, TableNode) and not table.complete
    assert [column.name.text for column in table.inputs] == ["a"]
    assert [row.name and row.name.text for row in _rows(document)] == ["one", None, "three"]
    assert [[cell is None for cell in row.conditions] for row in _rows(document)] == [
        [False, True],
        [True, True],
        [False, False],
    ]


def test_lines_below_an_unreadable_first_line_are_passed_over() -> None:
    text = "tb 5\n  in x y\n  | a b |\ngives 3\nuse it\n"

    assert complaints(text) == [Complaint(1, "GAP001", "tb"), Complaint(5, "GAP001", "it")]


def test_a_declaration_whose_name_can_be_read_is_known() -> None:
    document, problems = read_text('type T = int 5..\ntype U = a |\ntable t "open\nsource s s s\n')

    assert [type(each).__name__ for each in document.declarations] == [
        *("TypeDeclaration", "TypeDeclaration", "TableNode", "SourceNode")
    ]
    assert [getattr(each, "complete", True) for each in document.declarations] == [
        *(True, False, False, False)
    ]
    assert len(problems) == 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n  \n"])
def test_line_ends_and_byte_order_marks_do_not_matter(start: str, end: str, last: str) -> None:
    text = 'type T = a | b\n\n# said\ntable t "Größe 漢"\n  in type : T\n  | | type || out |\n  | r | a || b |'
    plain, _ = read_text(text)

    document, problems = read_text(start + (text + last).replace("\n", end))

    assert problems == ()
    assert without_places(document) == without_places(plain)


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# only words\n\n  # more", "\r\n"])
def test_a_file_may_say_nothing(text: str) -> None:
    document, problems = read_text(text)

    assert (document.declarations, problems) == ((), ())


def test_keywords_may_be_names() -> None:
    text = """\
source table
  use "a title"
  source
  in "x"
type type = in | out | optional | list
type let
  table
  type "T"
table example
  in  in   : type
  in  not  : list of let
  let gives = example(in).out
  out out  : set of optional type
  | | in | gives || out | use |
  | table | in | - || list, optional || |
  example in = out, not = let
    gives out = [in, gives]
"""
    document, problems = read_text(text.replace("| out | use |", "| out || use |"))

    assert problems == ()
    assert [each.name.text for each in document.declarations if not isinstance(each, UseNode)] == [
        *("table", "type", "let", "example")
    ]


def test_hidden_letters_are_the_only_complaint_on_their_line() -> None:
    text = "table t\n  in a\u200b b : int\n  in c\u202e x\n  in d int\n"

    assert [(each.line, each.code) for each in complaints(text)] == [
        *((2, "GAP008"), (3, "GAP008"), (4, "GAP001"))
    ]


def test_bytes_that_are_no_utf8_are_told_where_they_stand() -> None:
    text = b'table t "caf\xe9"\n'.decode(errors="surrogateescape")

    assert [(each.line, each.code) for each in complaints(text)] == [(1, "GAP008")]


def test_twenty_thousand_rows_are_read_whole() -> None:
    """How fast is measured elsewhere; that all arrive is promised here."""
    shuffled = random.Random(7)
    rows = [f"  | r{i} | {i}..{i + 1} | {shuffled.choice('ab')} || {i} |" for i in range(20_000)]
    text = "\n".join(["table t", "  | unique | n | z || o |", *rows])

    assert len(_rows(read_text(text)[0])) == 20_000


@pytest.mark.parametrize(
    "row", ["r2 | no || b |", "  n | no || b |", 'in | no || "a"', "table | no || b"]
)
def test_a_row_without_its_first_bar_is_one_complaint_and_stays_in_its_table(row: str) -> None:
    text = f"table t\n  in p : bool\n  out o : text\n  | | p || o |\n  | r | yes || a |\n{row}\n  | s | no || c |\n"
    document, problems = read_text(text)
    (found,) = problems
    (help_,) = found.helps
    mended = text
    for span, put in sorted(((edit.span, edit.text) for edit in help_.edits), reverse=True):
        mended = mended[: span.start] + put + mended[span.end :]

    assert len(_rows(document)) == 2
    assert not document.complete
    assert (found.code, help_.repair) == ("GAP001", Repair.MECHANICAL)
    assert read_text(mended)[1] == ()
    assert len(_rows(read_text(mended)[0])) == 3


def test_a_declaration_below_a_grid_is_no_row_that_lost_its_bar() -> None:
    text = (
        "table t\n  in p : bool\n  out o : text\n  | | p || o |\n  | r | - || a |\ntyp A = b | c\n"
    )

    assert [(each.line, each.code) for each in complaints(text)] == [(6, "GAP007")]
