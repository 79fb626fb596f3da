"""Which lines belong together: a declaration's first line and the lines below it.

A line never needs the lines before it to be right: an unreadable first line still gathers its own
lines, which are then passed over in silence, because what they were meant for is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gapless_dsl.complaint import complaint, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.placing import diagnostic_at
from gapless_dsl.source import Span
from gapless_dsl.spelling import nearest

DECLARATIONS = ("policy", "use", "source", "type", "table")
TABLE_LINES = ("in", "let", "out", "example", "gives")
SYNONYMS = {
    "input": "in",
    "inputs": "in",
    "output": "out",
    "outputs": "out",
    "define": "let",
    "expect": "gives",
    "expects": "gives",
    "then": "gives",
    "test": "example",
    "case": "example",
    "enum": "type",
    "import": "use",
    "include": "use",
}
"""What other languages call it."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?![A-Za-z0-9_.-])")
_DECLARATION = re.compile(r"(?:policy|source|type|table)\s+[A-Za-z_]|use\s+\"")


@dataclass(frozen=True, slots=True)
class Block:
    """A declaration's lines. `keyword` says which it is; the first `head` letters of `first` are it."""

    keyword: str
    head: int
    first: Line
    body: list[Line] = field(default_factory=list)

    @property
    def span(self) -> Span:
        last = self.body[-1] if self.body else self.first
        return Span(last.span.path, self.first.span.start, last.span.end)


def first_word(line: Line) -> str:
    found = _WORD.match(line.text)
    return found[0] if found else ""


def gather(lines: list[Line], problems: list[Diagnostic]) -> list[Block]:
    """The blocks of a file. Lines that belong to nothing are complained about and left out."""
    blocks: list[Block] = []
    current: Block | None = None
    for line in lines:
        if current is not None and _belongs(line, current):
            current.body.append(line)
            continue
        current = _opened(line, current, problems)
        blocks.append(current)
    return [block for block in blocks if block.keyword]


def _belongs(line: Line, block: Block) -> bool:
    if line.indented and not _DECLARATION.match(line.text):
        return True
    if line.text.startswith("|"):
        return block.keyword in ("table", "")
    word = first_word(line)
    if word in DECLARATIONS:
        return False
    if block.keyword == "table":
        return line.text.startswith('"') or meant(word, TABLE_LINES) is not None
    return block.keyword == "policy" and word in ("as", "review")


def meant(word: str, known: tuple[str, ...]) -> str | None:
    """The keyword that `word` is, or was meant to be."""
    if word in known:
        return word
    synonym = SYNONYMS.get(word.casefold())
    return synonym if synonym in known else nearest(word, known) if word else None


def _opened(line: Line, before: Block | None, problems: list[Diagnostic]) -> Block:
    word = first_word(line)
    if word in DECLARATIONS:
        if line.indented:
            problems.append(_indented(line, word))
        return Block(word, len(word), line)
    keyword = None if line.indented else meant(word, DECLARATIONS)
    if keyword is not None:
        problems.append(_misspelt(line, word, keyword))
        return Block(keyword, len(word), line)
    problems.append(_orphan(line, word))
    return Block("", 0, line)


def _indented(line: Line, word: str) -> Diagnostic:
    found = complaint(
        "GAP001", f"`{word}` begins a declaration, but the line is indented", (0, len(word))
    )
    return diagnostic_at(found, line.span, "")


def _misspelt(line: Line, word: str, keyword: str) -> Diagnostic:
    at = (0, len(word))
    found = complaint(
        "GAP007",
        f"no declaration begins with `{word}`",
        at,
        f"did you mean `{keyword}`?",
        helps=(mend(f"replace `{word}` with `{keyword}`", (at, keyword)),),
    )
    return diagnostic_at(found, line.span, "")


def _orphan(line: Line, word: str) -> Diagnostic:
    if line.indented or line.text.startswith("|"):
        found = complaint("GAP006", "this line belongs to nothing", (0, len(line.text)))
    else:
        found = complaint("GAP001", "no declaration begins like this", (0, len(word) or 1))
    return diagnostic_at(found, line.span, "")
