"""Whatever an author writes comes out of a page as the same text, whoever renders it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapless.backends.markdown import IndexView
from gapless.backends.markdown.inline import (
    FOLD,
    Anchor,
    Code,
    Emphasis,
    Line,
    Link,
    Strong,
    Text,
    grid,
    markdown,
    paragraph,
    visible,
)
from gapless.backends.template import render
from tests.amounts import so_many
from tests.rendered import READERS, read

HOSTILE = "|<>&`*_[]\\~$#:!\"'(){}=+-.@^ \n\t\r\u00a0\u2003\u202e\u200b\u2028\x00\x02\x03\ufeff\ud800a1é中"
texts = st.text(st.one_of(st.sampled_from(HOSTILE), st.characters()), min_size=1, max_size=12)
KNOWN = (
    "a | b", "`x|y`", "`", "``", "<b>", "&amp;", "&#124;", "*a*", "**", "_a_", "__a__", "[a](b)",
    "![a](b)", "[a]: b", "\\|", "\\", "~~a~~", "# a", "a #", "- a", "+ a", "1. a", "1) a", "=", "---",
    "***", "```", "    a", ":smile:", "$a$", "<!-- a", "<script>", "</td>", "a\nb", "a\r\nb", " a ",
    "http://a.b", "www.a.b", "wzxhzdk:0", "klzzwxh:0000", "\x02klzzwxh:0\x03", "&nbsp;", "a  b", "\n",
    "|", "\\\\|", "> a", "*", "a*", "[^1]", "{: #a }", "{{ a }}", "{% a %}", "@a", "\u202ea", "\ud83d",
)  # fmt: skip

Kind: TypeAlias = Callable[[str], Text | Code | Emphasis | Strong]
KINDS: tuple[Kind, ...] = (Text, Code, Emphasis, Strong)


def shown(text: str) -> str:
    """What a reader should see: no-break spaces look like spaces."""
    return visible(text).replace("\u00a0", " ")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
@given(texts)
def test_text_in_a_cell_is_itself(reader: str, kind: Kind, text: str) -> None:
    """Plain, as code or emphasized; alone, as a link, behind an anchor."""
    cells: list[Line] = [(kind(text),), (Link(kind(text), "#a"),), (Anchor("a"), kind(text))]
    page = f"| a | b | c |\n| --- | --- | --- |\n| {' | '.join(map(markdown, cells))} |\n"

    found = read(READERS[reader](page))

    assert found.tables == [[["a", "b", "c"], [shown(text)] * 3]]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", KNOWN)
def test_known_troublemakers_are_themselves(reader: str, text: str) -> None:
    for kind in KINDS:
        page = f"| a | b |\n| --- | --- |\n| {markdown((kind(text),))} | . |\n"

        assert read(READERS[reader](page)).tables == [[["a", "b"], [shown(text), "."]]]


@pytest.mark.parametrize("reader", READERS)
@given(st.lists(texts, min_size=2, max_size=3))
def test_texts_side_by_side_are_themselves(reader: str, words: list[str]) -> None:
    """Two harmless texts make no markup together."""
    page = f"| a | b |\n| --- | --- |\n| {markdown([Text(word) for word in words])} | . |\n"

    found = read(READERS[reader](page))

    assert found.tables[0][1][0].split() == shown("".join(words)).split()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", KNOWN)
def test_text_that_begins_a_paragraph_is_a_paragraph(reader: str, text: str) -> None:
    html = READERS[reader](f"before\n\n{paragraph((Text(text),))}\n\nafter\n")

    assert set(read(html).tags) <= {"p", "br"}
    assert read(html).text.split() == f"before {shown(text)} after".split()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", KNOWN)
def test_text_in_a_heading_is_the_heading(reader: str, text: str) -> None:
    page = f"# {markdown((Text(text),))}\n\n- {markdown((Text(f'x {text}'),))}\n"

    found = read(READERS[reader](page))

    assert found.headings == [shown(text)]
    assert set(found.tags) <= {"h1", "ul", "li", "br"}


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=so_many(20))
@given(texts)
def test_a_folded_table_holds_the_same(reader: str, text: str) -> None:
    """Rows that are too many are HTML, of which no reader makes anything else."""
    row: list[Line] = [(Text(text),), (Code(text),), (Emphasis(text),)]
    rows = [row] * (FOLD + 1)
    view = IndexView(proved="before", policies=grid(["a", "b", "c"], rows), reviewed=False)
    page = render("gapless.backends.markdown", "index.md.j2", view)

    found = read(READERS[reader](f"{page}\nafter *a*\n"))

    assert found.tables == [[["a", "b", "c"], *([shown(text)] * 3 for _ in rows)]]
    assert found.tags.count("details") == 1
    assert found.tags[-1] == "em"
