"""Single words as they are written: in quotes where they must be."""

from __future__ import annotations

from gapless_dsl.nodes import Literal, Word
from gapless_dsl.vocabulary import BARE, DOTTED, RESERVED


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def spelled(value: Word | Literal) -> str:
    """As the author spelled it, but in quotes where it must be."""
    is_word = BARE.fullmatch(value.text) or DOTTED.fullmatch(value.text)
    bare = not value.quoted and value.text not in RESERVED and is_word
    return value.text if bare else quoted(value.text)
