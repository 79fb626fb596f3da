"""The grammar has no conflicts, and agrees with what is read without it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import GrammarError, LexError

from gapless_dsl.grammar import STARTS, Stop, grammar_text, read
from gapless_dsl.lexis import BARE, RESERVED
from gapless_dsl.parser.cells import (
    condition,
    condition_by_grammar,
    outcome,
    outcome_by_grammar,
)
from gapless_dsl.recovery.unreadable import in_words
from tests.strategies_nodes import bare_texts, letters

ROOT = Path(__file__).parent.parent


def test_the_grammar_has_no_conflicts() -> None:
    """In strict mode Lark refuses what it would settle by itself, between rules and between terminals."""
    Lark(grammar_text(), parser="lalr", start=list(STARTS), strict=True)


@pytest.mark.parametrize(
    "ambiguous",
    [
        "list : [one]\n?one : item? | item\nitem : VALUE",
        "list : (item | other)*\nitem : VALUE\nother : WORDS\nWORDS : /[a-z]+/",
    ],
)
def test_a_conflict_would_be_noticed(ambiguous: str) -> None:
    terminals = grammar_text().partition(
        "// ---------------------------------------------------------------- words"
    )[2]

    with pytest.raises((GrammarError, LexError)):
        Lark(f"{ambiguous}\n{terminals}", parser="lalr", start="list", strict=True)


@pytest.mark.parametrize("start", STARTS)
def test_every_start_symbol_can_be_told_what_it_wants(start: str) -> None:
    """No terminal's name reaches a reader, wherever reading stops."""
    for text in (
        "?",
        "a ?",
        'a "b" ?',
        "a = ?",
        "a : ?",
        "a = b ?",
        "a = [b ?",
        "a : int ?",
        "1.. ?",
    ):
        found = read(start, text)
        assert isinstance(found, Stop)
        assert not re.search(r"[A-Z_$]{2,}", in_words(start, found.expected))


@given(bare_texts)
def test_a_bare_word_is_what_the_grammar_says_it_is(text: str) -> None:
    assert BARE.fullmatch(text)
    assert not isinstance(read("member", text), Stop)


# ---------------------------------------------------------------- cells read without the grammar

short_texts = st.one_of(
    bare_texts,
    st.sampled_from(RESERVED),
    st.tuples(
        st.sampled_from(("", "[", "(")),
        bare_texts | st.sampled_from(("", *RESERVED)),
        st.sampled_from(("", "..", "...")),
        bare_texts | st.sampled_from(("", *RESERVED)),
        st.sampled_from(("", "]", ")")),
    ).map("".join),
    st.text(letters, max_size=6),
)


@given(short_texts)
def test_a_condition_reads_the_same_with_and_without_the_grammar(text: str) -> None:
    assert condition(text) == condition_by_grammar(text)


@given(short_texts)
def test_an_outcome_reads_the_same_with_and_without_the_grammar(text: str) -> None:
    assert outcome(text) == outcome_by_grammar(text)


# ---------------------------------------------------------------- when Lark is needed


def _python(code: str) -> str:
    path = str(ROOT / "dsl")
    program = f"import sys; sys.path.insert(0, {path!r})\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_importing_the_language_imports_no_lark() -> None:
    code = "import gapless_dsl.parser, gapless_dsl.formatter; print('lark' in sys.modules)"

    assert _python(code) == "False"


def test_asking_for_the_language_alone_imports_next_to_nothing() -> None:
    code = (
        "import gapless_dsl\n"
        "print([name for name in sys.modules if name.startswith('gapless_dsl.')])\n"
        "print(gapless_dsl.parse(gapless_dsl.Source('x', ''))[1])"
    )

    assert _python(code) == "[]\n()"


def test_a_prepared_grammar_is_kept_where_the_caller_says(tmp_path: Path) -> None:
    kept = tmp_path / "grammar"
    code = (
        "from gapless_dsl import parse, use_grammar_cache, Source\n"
        f"use_grammar_cache({str(kept)!r})\n"
        "print(parse(Source('x', 'use \"a\"'))[1])"
    )

    assert (_python(code), kept.exists()) == ("()", True)
    assert _python(code) == "()"


def test_a_spoilt_cache_is_done_without(tmp_path: Path) -> None:
    kept = tmp_path / "grammar"
    kept.write_bytes(b"\x00spoilt")
    code = (
        "from gapless_dsl import parse, use_grammar_cache, Source\n"
        f"use_grammar_cache({str(kept)!r})\n"
        "print(parse(Source('x', 'use \"a\"'))[1])"
    )

    assert _python(code) == "()"
