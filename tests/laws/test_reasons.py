"""A reason is its words, its citations and how it rests on them, wherever the brackets stand."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapless.driver import compile_sources
from gapless.semantics import trace
from gapless_dsl.formatter import format_document
from gapless_dsl.nodes.cells import Basis
from gapless_dsl.parser import parse
from gapless_dsl.parser.cells import read_reason
from gapless_dsl.source import Source
from tests.strategies_nodes import names, one_line_texts

CITED = st.tuples(st.none() | names, names)
PLAIN = st.text("abc xyz", min_size=1, max_size=8).map(str.strip)


def said(source: str | None, section: str) -> str:
    return section if source is None else f"{source}.{section}"


@given(PLAIN, PLAIN, st.lists(CITED, min_size=1, max_size=3))
def test_citations_may_stand_anywhere(
    before: str, after: str, cited: list[tuple[str | None, str]]
) -> None:
    brackets = ", ".join(said(*each) for each in cited)

    content, problems = read_reason(f"{before} [{brackets}] {after}")

    assert problems == ()
    assert [(each.source, each.section) for each in content.citations] == cited
    assert content.text.split() == [*before.split(), *after.split()]


@given(PLAIN, st.lists(CITED, min_size=1, max_size=3))
def test_a_citation_says_where_it_stands(before: str, cited: list[tuple[str | None, str]]) -> None:
    text = f"{before}[{' , '.join(said(*each) for each in cited)}]"

    places = [slice(*each.at) for each in read_reason(text).content.citations]

    assert [text[place] for place in places] == [said(*each) for each in cited]


@given(one_line_texts)
def test_any_text_has_a_reading_placed_inside_it(text: str) -> None:
    content, problems = read_reason(text)

    assert all(0 <= start <= end <= len(text) for start, end in (c.at for c in content.citations))
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in problems)


@pytest.mark.parametrize(
    ("text", "basis", "words"),
    [
        ("inferred: from table 2 [weights]", Basis.INFERRED, "from table 2"),
        ("Silent", Basis.SILENT, ""),
        ("silent [weights]", Basis.SILENT, ""),
        ("stated [weights]: so it is", Basis.STATED, "so it is"),
        ("silent waters run deep", Basis.STATED, "silent waters run deep"),
        ("it is [a] , and [b] .", Basis.STATED, "it is, and."),
        ("note: by hand", Basis.STATED, "note: by hand"),
    ],
)
def test_a_basis_comes_first_and_is_followed_by_a_sign(text: str, basis: Basis, words: str) -> None:
    content, problems = read_reason(text)

    assert (content.basis, content.text, problems) == (basis, words, ())


HOW = st.sampled_from((Basis.INFERRED, Basis.SILENT))
NAMED = names.filter(lambda name: name.lower() not in [*Basis])


@given(st.lists(st.tuples(HOW, NAMED), min_size=1, max_size=4), st.data())
def test_marks_name_outputs_however_they_are_spelt(
    marks: list[tuple[Basis, str]], data: st.DataObject
) -> None:
    def blank(of: str) -> str:
        return data.draw(st.sampled_from((of, f" {of}", f"{of} ", f"  {of} ")))

    said, before = "", None
    for basis, name in marks:
        word = data.draw(st.sampled_from((basis, basis.upper(), basis.capitalize())))
        is_said = basis is not before or data.draw(st.booleans())
        said += f"{blank(',') if said else ''}{f'{word} ' if is_said else ''}{name}"
        before = basis
    text = said + data.draw(st.sampled_from((": so", " : so", "[a]: so", " [a] so", "", " ")))

    content, problems = read_reason(text.strip())

    assert problems == () and content.basis is Basis.STATED
    assert [(each.basis, each.output) for each in content.marks] == marks
    assert [text[slice(*each.at)] for each in content.marks] == [name for _, name in marks]
    assert content.text in ("so", "")


@pytest.mark.parametrize(
    "text",
    [
        "inferred: fee, payment",
        "inferred [fee] payment: so",
        "inferred fee since it is so",
        "inferred fee and payment: so",
        "inferred, fee: so",
        "inferred fee,: so",
        "stated fee: so",
        "so inferred fee: so",
    ],
)
def test_what_is_no_list_of_names_marks_nothing(text: str) -> None:
    assert read_reason(text).content.marks == ()


def test_a_word_that_marks_may_be_the_name_of_an_output() -> None:
    marks = read_reason("inferred silent, silent inferred, fee: so").content.marks

    assert [(each.basis, each.output) for each in marks] == [
        (Basis.INFERRED, "silent"),
        (Basis.SILENT, "inferred"),
        (Basis.SILENT, "fee"),
    ]


# ---------------------------------------------------------------- outputs, as they are declared

TABLE = """\
source act
  prices

table line
  in  weight  : int 0..9
  out code    : int
  out payment : int
  out fee     : int

  | unique | weight || code | payment | fee || because |
  |--------|--------||------|---------|-----||---------|
  | all    | -      || 1    | 2       | 3   || REASON [prices] |
"""
OUTPUTS = ("code", "payment", "fee")


@pytest.mark.parametrize("bases", [*product(Basis, repeat=3)])
def test_an_output_rests_as_it_is_marked_and_else_is_stated(bases: tuple[Basis, ...]) -> None:
    marks = [f"{b} {o}" for b, o in zip(bases, OUTPUTS, strict=True) if b is not Basis.STATED]
    text = TABLE.replace("REASON", f"{', '.join(reversed(marks))}: so" if marks else "so")

    result = compile_sources([Source("page.dtable", text)])
    (table,) = result.policies[0].tables
    reason = table.rules[0].reason

    assert not result.diagnostics
    assert tuple(map(reason.basis_of, OUTPUTS)) == bases == trace(table, {"weight": 1}).bases
    assert reason.weakest is max(bases, key=[*Basis].index)
    assert (reason.text, bool(reason.marks)) == ("so", len(set(bases)) > 1)
    again = compile_sources([Source("page.dtable", laid_out(text))]).policies[0].tables[0]
    assert tuple(map(again.rules[0].reason.basis_of, OUTPUTS)) == bases


def laid_out(text: str) -> str:
    source = Source("page.dtable", text)
    found = format_document(parse(source)[0], source)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("inferred paymnt: so", "GAP012"),
        ("silent weight", "GAP012"),
        ("inferred fee, silent fee", "GAP031"),
        ("infered fee: so", "GAP002"),
        ("inferred for fee: so", "GAP002"),
        ("silent fee since nobody asked", "GAP002"),
        ("stated fee, code", "GAP002"),
        ("silent waters run deep", None),
        ("the fee is inferred: so", None),
        ("started fee late: so", None),
    ],
)
def test_what_is_nearly_a_mark_is_no_mere_word(reason: str, code: str | None) -> None:
    found = compile_sources([Source("page.dtable", TABLE.replace("REASON", reason))]).diagnostics

    assert [each.code for each in found] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("text", "guilty"),
    [
        ("said [weights", "["),
        ("said weights] there", "]"),
        ("see [page 4]", "page 4"),
        ("see [a, ]", ""),
        ("see []", ""),
        ("infered: so it is", "infered"),
        ("[a.b.c]", "a.b.c"),
    ],
)
def test_what_is_no_citation_is_pointed_at(text: str, guilty: str) -> None:
    (problem,) = read_reason(text).problems

    assert (problem.code, text[problem.span.start : problem.span.end]) == ("GAP002", guilty)
