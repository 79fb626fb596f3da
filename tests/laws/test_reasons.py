"""A reason is its words, its citations and how it rests on them, wherever the brackets stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapless_dsl.nodes.cells import Basis
from gapless_dsl.parser.cells import read_reason
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
