"""Which lines belong together: a declaration's first line and the lines below it.

A line never needs the lines before it to be right: an unreadable first line still gathers its own
lines, which are then passed over in silence, because what they were meant for is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, error, mechanical, to_decide
from gapless_dsl.nodes import Word
from gapless_dsl.parser.reading import Reading, read_line
from gapless_dsl.recovery.fixes import is_readable
from gapless_dsl.source import Line, Span
from gapless_dsl.suggest import SYNONYMS, keyword
from gapless_dsl.transformer import Head

DECLARATIONS = ("policy", "use", "source", "type", "impossible", "table", "decision")
TABLE_LINES = ("in", "let", "out", "show", "example", "gives")
NOTE, ROW = '"', "|"
"""What the other lines of a table begin with."""

_STARTS = {"use": "used", "type": "typed", "table": "headed", "decision": "headed"} | dict.fromkeys(
    ("policy", "source", "impossible"), "named"
)
LOST = ""
"""The keyword of a block whose first line cannot be read."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?![A-Za-z0-9_.-])")
_FIRST_NAME = re.compile(r"\s+([A-Za-z_][A-Za-z0-9_]*)(?![\w.-])")
_LIVED = re.compile(r"[^\s\"|]+\s+(?:from|until)\s+[0-9].*")
"""A member with a life, which may be called `table`."""

_NAMING = re.compile(r"(?:policy|source|type|impossible|table|decision)\s+[A-Za-z_]")
_USING = re.compile(r"use\s+\"")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_CELLS = re.compile(r"[^\s,;|\"]*(?:;|,\S|\t)")
"""How a line of a sheet begins."""

_SECTION = re.compile(r"[A-Za-z0-9_.-]+(?:\s+\".*\")?")


@dataclass(frozen=True, slots=True)
class Block:
    """A declaration's lines; the first `head` letters of the first line are its keyword, as typed."""

    keyword: str
    head: int
    first: Line
    body: list[Line] = field(default_factory=list)

    @property
    def span(self) -> Span:
        last = self.body[-1] if self.body else self.first
        return Span(last.span.path, self.first.span.start, last.span.end)

    @property
    def is_list(self) -> bool:
        """Whether sections or members may stand below the first line."""
        defined = "=" in _TEXT.sub("", self.first.text)
        return self.keyword == "source" or (self.keyword == "type" and not defined)

    @property
    def name(self) -> Word | None:
        """What the first line declares, be the rest of it unreadable: others may speak of it."""
        found = _FIRST_NAME.match(self.first.text, self.head)
        return Word(found[1], self.first.at(*found.span(1))) if found else None

    @property
    def subject(self) -> str:
        """`table fee`, where that much can be read."""
        return f"{self.keyword} {self.name.text}" if self.name else ""


def read_head(block: Block, reading: Reading) -> Head | None:
    """What stands after a declaration's keyword; the name alone where the rest is unreadable."""
    start = _STARTS[block.keyword]
    head: Head | None = read_line(start, block.first, block.head, reading.of(block.subject))
    return head or (Head(block.name) if block.name else None)


def first_word(line: Line) -> str:
    found = _WORD.match(line.text)
    return found[0] if found else ""


def keyword_of(word: str, known: tuple[str, ...]) -> str | None:
    """The keyword that `word` is, or was meant to be."""
    if word in known or not word:
        return word or None
    synonym = SYNONYMS.get(word.casefold())
    return synonym if synonym in known else keyword(word, known)


def gather(lines: list[Line], reading: Reading) -> list[Block]:
    """The blocks of a file, without lines that belong to nothing, about which there are findings."""
    blocks: list[Block] = []
    current: Block | None = None
    for line in lines:
        if current is None or not _belongs(line, current):
            current = _opened(line, current, reading)
            blocks.append(current)
            continue
        current.body.append(line)
        if not line.indent and current.is_list and line.text[0] != ROW:
            reading.tell(_unindented(line, current))
    return [block for block in blocks if block.keyword != LOST]


def _belongs(line: Line, block: Block) -> bool:
    if line.text[0] == ROW:
        return block.keyword in ("table", "decision", LOST) or (
            block.keyword == "type" and block.is_list
        )
    if line.indent:
        return block.keyword != "use" and not _declares(line, block)
    word = first_word(line)
    match block.keyword:
        case "table" | "decision":
            return (
                line.text[0] == NOTE
                or _is_table_line(word)
                or _is_lost_row(line, block)
                or _is_of_a_sheet(line)
            )
        case "policy":
            return line.text[0] == NOTE or word in ("as", "review")
        case keyword if keyword == LOST:
            return word in TABLE_LINES
        case _:
            looks_like_one = _SECTION.fullmatch(line.text) is not None
            return block.is_list and looks_like_one and not keyword_of(word, DECLARATIONS)


def _declares(line: Line, block: Block | None) -> bool:
    """Whether an indented line declares something all the same. A section may be called `use`."""
    if block is not None and block.keyword == "type" and _LIVED.fullmatch(line.text):
        return False
    if _NAMING.match(line.text):
        return True
    may_be_section = block is not None and block.keyword in ("source", "type")
    return not may_be_section and _USING.match(line.text) is not None


def _is_table_line(word: str) -> bool:
    return word in TABLE_LINES or bool(
        not keyword_of(word, DECLARATIONS) and keyword_of(word, TABLE_LINES)
    )


def _is_lost_row(line: Line, block: Block) -> bool:
    """A row pasted without its first `|`: it has cells, and stands below a grid."""
    below_grid = any(each.text[0] == ROW for each in block.body)
    declares = not is_divided(line) and keyword_of(first_word(line), DECLARATIONS)
    return below_grid and has_cells(line) and not declares


def _is_of_a_sheet(line: Line) -> bool:
    """A row pasted from a sheet; a tab behind the word of a declaration is a blank."""
    found = _CELLS.match(line.text)
    is_blank = found is not None and found[0].endswith("\t")
    return found is not None and not (is_blank and keyword_of(first_word(line), DECLARATIONS))


def is_divided(line: Line) -> bool:
    """Whether conditions and outcomes are divided, as they are in rows and nowhere else."""
    return "||" in line.text and "||" in _TEXT.sub("", line.text)


def has_cells(line: Line) -> bool:
    """Whether a line is divided as a row is, or as a spreadsheet's row is."""
    return re.search(r"[|\t]", _TEXT.sub("", line.text)) is not None


# ---------------------------------------------------------------- a line that opens a block


def _opened(line: Line, before: Block | None, reading: Reading) -> Block:
    word = first_word(line)
    keyword = keyword_of(word, DECLARATIONS)
    if keyword is None or (line.indent and not _declares(line, before)):
        reading.tell(_orphan(line, word, before))
        return Block(LOST, 0, line)
    if keyword != word:
        reading.tell(misspelt(line, word, keyword))
    elif line.indent:
        reading.tell(_indented(line, word))
    return Block(keyword, len(word), line)


def misspelt(line: Line, word: str, keyword: str) -> Diagnostic:
    where = Label(line.at(0, len(word)), f"did you mean `{keyword}`?")
    helps = (mechanical(f"write `{keyword}`", Edit(where.span, keyword)),)
    return error("GAP007", f"no line begins with `{word}`", where, helps=helps)


def _indented(line: Line, word: str) -> Diagnostic:
    found = error(
        "GAP001",
        f"{'an' if word == 'impossible' else 'a'} `{word}` line begins in the first column",
        Label(line.at(0, len(word)), "this line is indented"),
        notes=("indented lines belong to the declaration above them",),
        helps=(mechanical("take the blanks before it away", Edit(line.at(-line.indent, 0), "")),),
    )
    is_one = is_readable(_STARTS[word], " " * len(word) + line.text[len(word) :])
    return found if is_one else to_decide(found)


def _unindented(line: Line, block: Block) -> Diagnostic:
    what = "section" if block.keyword == "source" else "member"
    where = Label(line.at(0, len(line.text.split()[0])), "this line begins in the first column")
    helps = (mechanical("indent it", Edit(line.at(0, 0), "  ")),)
    return error("GAP001", f"a {what} of the {block.keyword} above is indented", where, helps=helps)


def _orphan(line: Line, word: str, before: Block | None) -> Diagnostic:
    title = "this line belongs to nothing"
    if line.text[0] == ROW:
        title, label = "a row outside a table", "no `table` line is above it"
    elif word in TABLE_LINES and (before is None or not line.indent):
        label = f"`{word}` belongs to a table, and none is above it"
    elif line.indent:
        label = "`use` has no lines of its own" if before else "no declaration is above it"
    else:
        begins = "`policy`, `use`, `source`, `type`, `impossible`, `table` or `decision`"
        return unknown(line, "no declaration begins", f"a declaration begins with {begins}", word)
    return error("GAP006", title, Label(line.span, label))


def unknown(line: Line, nothing_begins: str, label: str, word: str = "") -> Diagnostic:
    """That nothing begins with the line's first word, or with what it begins with instead."""
    first = word or line.text.split()[0]
    return error("GAP001", f"{nothing_begins} with `{first}`", Label(line.at(0, len(first)), label))
