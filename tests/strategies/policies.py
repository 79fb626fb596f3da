"""Files of sound tables that call each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from gapless.model import Policy, SourceDocument, Table
from tests.strategies.tables import SECTIONS, sound_tables
from tests.strategies.words import NOWHERE, names, words


@st.composite
def policies(draw: st.DrawFn, most: int = 3) -> Policy:
    """A file of sound tables, each of which may call those before it."""
    found: list[Table] = []
    for name in draw(names(draw(st.integers(1, most)))):
        found.append(draw(sound_tables(tuple(found), name)))
    policy = policy_of(found, name=draw(names(1))[0], title=draw(words))
    return replace(policy, notes=found[0].notes)


def policy_of(tables: Sequence[Table], *, name: str = "random", title: str | None = None) -> Policy:
    """Tables as one file would hold them."""
    sources = (
        SourceDocument("guide", 'The "guide"', SECTIONS[:2], NOWHERE),
        SourceDocument("class", None, SECTIONS[2:], NOWHERE),
    )
    return Policy(
        name=name,
        title=title,
        as_of=date(2026, 1, 1),
        review_by=None,
        path=NOWHERE.path,
        digest="0123456789abcdef" * 4,
        uses=(),
        sources=sources,
        types=(),
        tables=tuple(tables),
        span=NOWHERE,
    )
