"""Names and texts, plain ones and those that break careless code."""

from __future__ import annotations

from hypothesis import strategies as st

from gapless_dsl.source import Span

NOWHERE = Span("tables/random.dtable", 0, 0)

PLAIN_NAMES = ("age", "band", "code", "payer", "setting", "zone", "weight", "day")
HOSTILE_NAMES = (
    *("class", "None", "def", "match", "type", "str", "int", "print", "self", "Decimal", "uses"),
    *("date", "datetime", "Explanation", "InputError", "_", "__", "__debug__", "_x", "x", "X"),
    *(
        "count",
        "index",
        "answer",
        "object",
        "Zone",
        "zone",
        "explain_zone",
        "get_args",
        "how_long_a_patient_stayed_in_it_",
    ),
)
"""What could clash with Python, with what a backend writes, or with each other."""

HOSTILE_WORDS = (
    *(
        "a",
        "b",
        "77387",
        "-26",
        "class",
        "None",
        "yes",
        "non-medicare",
        "Dr. No",
        "it's",
        "#",
        "{}",
    ),
    *('"', '"""', "'''", "\\", "\\n", "\n", "\r\n", "%s", "{view}", "é", "☂️", "\u202e", "\ud800"),
    *(" ", "", "-", "a|b", "\x00", "\x85", "\u2028", "﷐", "x" * 60, "missing", "a word " * 9),
)
"""What could break out of a string, a comment, a docstring or a page."""

words = st.sampled_from(HOSTILE_WORDS) | st.text(max_size=6)
"""Texts that a careless writer of code would not survive."""


def names(count: int) -> st.SearchStrategy[list[str]]:
    """So many different names for columns or tables."""
    every = st.sampled_from((*PLAIN_NAMES, *PLAIN_NAMES, *HOSTILE_NAMES))
    return st.lists(every, min_size=count, max_size=count, unique=True)
