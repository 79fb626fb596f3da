"""The bars of a grid's lines: where they divide cells, and where those of a header were meant to stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical
from gapless_dsl.lexis import BARE, BECAUSE, DOTTED, EFFECTIVE, NAME
from gapless_dsl.parser.reading import Reading
from gapless_dsl.recovery.fixes import edited
from gapless_dsl.recovery.habits import Kind
from gapless_dsl.source import Line, Piece, Span
from gapless_dsl.suggest import distance

BY = re.compile(rf"(\S+)\s+by\s+(\S+|{EFFECTIVE.pattern})")
"""The head of a crosstab's outcomes: `price by zone`."""

_POLICIES = ("unique", "any", "first", "priority", "collect")

LAYOUT = "as in `| unique | zone | weight || price || because |`"

Sections = list[list[Piece]]
"""A line's cells: conditions behind the first cell, outcomes, annotations."""

# ---------------------------------------------------------------- a line cut into cells

# A quoted text hides its bars if it is closed where a text can end and the quotes behind it, up to the
# next bar, are pairs: in `"a | "b" |` the second quote opens another text, and the first is left open.
_TEXT = r'"(?:[^"\\]|\\.)*"'
_QUOTED = rf'{_TEXT}(?=[\s,)\]|*]|\.\.|$)(?=[^|"]*(?:{_TEXT}[^|"]*)*(?:\||$))'
_WITH_QUOTES = re.compile(rf'(?:[^|"]|{_QUOTED}|")*')
_WITH_ESCAPES = re.compile(r"(?:[^|\\]|\\\||\\)*")


class Cut(NamedTuple):
    """The cells between the bars, divided at each `||`; `tail` is what follows the last bar."""

    sections: Sections
    tail: Piece


def cut(line: Line) -> Cut:
    """The cells of a line that begins with `|`."""
    _, *pieces, tail = _between_bars(line.text)
    path, start, end = line.span
    sections: Sections = [[]]
    start += 1
    for piece in pieces:
        if piece:
            stripped = piece.strip()
            begin = start + piece.index(stripped) if stripped else start + 1
            sections[-1].append((stripped, Span(path, begin, begin + len(stripped))))
        else:
            sections.append([])
        start += len(piece) + 1
    stripped = tail.strip()
    return Cut(sections, (stripped, Span(path, end - len(tail.lstrip()), end)))


def _between_bars(text: str) -> list[str]:
    """`text.split("|")`, but for bars in quotes and, after the second `||`, bars after a backslash."""
    if '"' not in text and "\\" not in text:
        return text.split("|")
    pieces: list[str] = []
    at = dividers = 0
    while at <= len(text):
        found = (_WITH_QUOTES if dividers < 2 else _WITH_ESCAPES).match(text, at)
        assert found is not None
        dividers += found[0] == "" and 0 < at < len(text)
        pieces.append(found[0])
        at = found.end() + 1
    return pieces


def cells_of(line: Line, reading: Reading) -> Sections:
    """The cells of a line; one that no bar closes is told of and counted."""
    sections, (text, span) = cut(line)
    if text.startswith("#"):
        where = Label(span, "a comment stands on a line of its own")
        helps = (decision("move the comment to the line above"),)
        reading.tell(error("GAP001", "a comment after a row", where, helps=helps))
    elif text:
        where = Label(span, "this cell is not closed")
        helps = (mechanical("end the row with `|`", Edit(span._replace(start=span.end), " |")),)
        reading.tell(error("GAP003", "this row does not end with `|`", where, helps=helps))
        sections[-1].append((text, span))
    return sections


# ---------------------------------------------------------------- a header whose bars are not as meant


class Declared(NamedTuple):
    """The names that a table's header can have: of its inputs and steps, and of its outputs."""

    conditions: Collection[str] = ()
    outcomes: Collection[str] = ()
    kinds: Mapping[str, Kind] = {}
    """What the columns hold whose types say so in place."""

    def kind(self, head: str) -> str:
        """`c` for the head of a condition, `o` for that of an outcome, `b` for `because`, or blank."""
        across = BY.fullmatch(head)
        if (across[1] if across else head) in self.outcomes:
            return "o"
        asked = head.partition(".")[0] if DOTTED.fullmatch(head) else head
        if asked in self.conditions or EFFECTIVE.fullmatch(head):
            return "c"
        return "b" if distance(head.casefold(), BECAUSE) < 2 else ""


class Regrouping(NamedTuple):
    """How many cells stand between the `||` of a line, and how many were meant to.

    A header's slip is repeated in the rows below it: a line with as many cells as `written` follows.
    """

    written: tuple[int, ...]
    meant: tuple[int, ...]

    @property
    def lacks_first(self) -> bool:
        return sum(self.meant) > sum(self.written)

    def of(self, line: Line, sections: Sections) -> Sections:
        """The cells as they were meant to be divided; as they are, if this line is another case."""
        if tuple(map(len, sections)) != self.written:
            return sections
        pieces = [piece for section in sections for piece in section]
        if self.lacks_first:
            pieces.insert(0, ("", line.at(1, 1)))
        rest = iter(pieces)
        meant = [list(islice(rest, many)) for many in self.meant]
        edits = [edit for _, edit in self.edits(line, sections)]
        again = cells_of(line._replace(text=edited(line.text, edits, line.span.start)), Reading([]))
        same = [[text for text, _ in each] for each in again] == [
            [text for text, _ in each] for each in meant
        ]
        return meant if same else sections

    def edits(self, line: Line, sections: Sections) -> list[tuple[int | None, Edit]]:
        """What divides the line as `meant`, each with the cell before which it stands; None: none."""
        edits: list[tuple[int | None, Edit]] = []
        written, meant = _places(self.written), _places(self.meant)
        if self.lacks_first:
            edits.append((None, Edit(line.at(1, 1), " |" if self.written[0] else " ")))
            meant = {place - 1 for place in meant}
        pieces = [piece for section in sections for piece in section]
        for place in sorted((written ^ meant) - {0}):
            bar = line.text.rindex("|", 0, pieces[place][1].start - line.span.start)
            is_missing = place in meant
            edits.append((place, Edit(line.at(bar, bar + (not is_missing)), "|" * is_missing)))
        return edits


class Heading(NamedTuple):
    """A grid's first line, its cells as they are meant, and how those of the lines below are."""

    line: Line
    sections: Sections
    below: Regrouping | None = None


def read_heading(lines: Sequence[Line], declared: Declared, reading: Reading) -> Heading | None:
    """The first of a grid's lines; None where it is no header, of which there is a finding."""
    header, *rows = lines
    sections = cells_of(header, reading)
    if (found := _headless(sections, header, declared)) is not None:
        reading.tell(found)
        return None
    regrouping = _regrouping(sections, lines, declared)
    if regrouping is None or (meant := regrouping.of(header, sections)) == sections:
        return Heading(header, sections)
    below = _across(regrouping, sections, rows[0]) if rows else regrouping
    reading.tell(_misgrouped(header, sections, rows, regrouping, below))
    return Heading(header, meant, below)


def _misgrouped(
    header: Line, sections: Sections, rows: list[Line], regrouping: Regrouping, below: Regrouping
) -> Diagnostic:
    """The slip of a header; its help mends the rows that repeat it as well."""
    pieces = [piece for section in sections for piece in section]
    asked = regrouping.meant[0] - regrouping.lacks_first
    labels: list[Label] = []
    missing: list[str] = []
    surplus: list[str] = []
    edits = regrouping.edits(header, sections)
    for place, edit in edits:
        if place is None:
            label = "the first cell says the hit policy, or nothing"
            labels.append(Label(header.at(0, 1), label))
            continue
        (missing if edit.text else surplus).append(f"before `{pieces[place][0]}`")
        which = "conditions from the outcomes" if place == asked else "outcomes from the rest"
        label = f"`||` divides the {which}" if edit.text else "one `|` divides cells of a kind"
        at = edit.span.start
        labels.append(Label(edit.span._replace(end=max(edit.span.end, at + 1)), label))
    lost, extra = " and ".join(missing), " and ".join(surplus)
    if lost and extra:
        title = f"`||` stands {extra}, and is missing {lost}"
        said = "write `||` and `|` there"
    elif lost:
        is_second = edits[-1][0] != asked and len(missing) == 1
        title, said = f"{'a second' * is_second} `||` is missing {lost}".strip(), "write `||` there"
    elif extra:
        title, said = f"one `|` is meant {extra}", "write `|` there"
    else:
        title, said = "the header has no first cell", "begin it with a blank cell"
    follow = []
    for row in rows:
        before = cells_of(row, Reading([]))
        if below.of(row, before) != before:
            follow += below.edits(row, before)
    said += ", and in the rows like it" * bool(follow)
    help_ = mechanical(said, *(edit for _, edit in (*edits, *follow)))
    return error("GAP004", title, *labels, notes=(LAYOUT,), helps=(help_,))


def parted(lines: Sequence[Line], declared: Declared) -> list[Edit]:
    """What makes `||` of each `| |`, where a header has those between its parts; nothing elsewhere."""
    cells = cut(lines[0]).sections
    heads = [text for text, _ in cells[0]]
    blanks = [at for at, head in enumerate(heads) if not head and at]
    if len(cells) > 1 or len(blanks) not in (1, 2):
        return []
    first, last = blanks[0], blanks[1] if len(blanks) > 1 else len(heads)
    kinds = [declared.kind(head) for head in heads]
    if {*kinds[1:first]} != {"c"} or {*kinds[first + 1 : last]} != {"o"}:
        return []
    edits: list[Edit] = []
    for line in lines:
        sections = cut(line).sections
        for at in blanks:
            if len(sections) == 1 and at < len(sections[0]) and not sections[0][at][0]:
                place = sections[0][at][1].start - line.span.start
                before, after = line.text.rindex("|", 0, place), line.text.index("|", place)
                edits.append(Edit(line.at(before, after + 1), "||"))
    return edits


def _places(counts: Sequence[int]) -> set[int]:
    """Before which cells the `||` stand."""
    return set(accumulate(counts[:-1]))


def _regrouping(sections: Sections, lines: Sequence[Line], declared: Declared) -> Regrouping | None:
    """How the header's cells are to be divided by what its columns are declared as; None: as they are.

    `lines` are the header and the rows.
    """
    if not sections[-1] and len(sections) > 1:
        sections = sections[:-1]
    if not all(sections[1:]) or {*declared.conditions} & {*declared.outcomes}:
        return None
    heads = [" ".join(text.split()) for section in sections for text, _ in section]
    lacks_first = _lacks_first(heads, lines[1:2], declared)
    heads = heads if lacks_first else heads[1:]
    written = tuple(map(len, sections))
    places = [place - (not lacks_first) for place in sorted(_places(written))]
    kinds = [declared.kind(head) for head in heads]
    answers = [place for place, kind in enumerate(kinds) if kind == "o"]
    asked = max((place + 1 for place, kind in enumerate(kinds) if kind == "c"), default=0)
    noted = kinds.index("b") if "b" in kinds else len(kinds)
    if not answers and declared.outcomes and "b" in kinds:
        # The one output may be misspelt: then the author's `||` says where it stands.
        answers = [place for place in places if asked <= place < noted][:1]
    if not answers or not asked <= answers[0] <= answers[-1] < noted:
        return None
    # A head that nothing declares may be a misspelt output: such stand where the author put them,
    # or next to the outputs, as many as are missing.
    lost = max(0, len(declared.outcomes) - len(answers))
    first = next((place for place in places if asked <= place <= answers[0]), None)
    if first is None:
        first = max(asked, answers[0] - lost)
    last = next((place for place in places if answers[-1] < place <= noted), None)
    if last is None:
        last = min(answers[-1] + 1 + lost, noted) if "b" in kinds else len(kinds)
    meant = (1 + first, last - first, *((len(kinds) - last,) if last < len(kinds) else ()))
    return None if meant == written else Regrouping(written, meant)


def _lacks_first(heads: list[str], rows: Sequence[Line], declared: Declared) -> bool:
    """Whether the first head is a column's, and the rows have a cell before it, or just such a cell.

    An input may be called `unique`, so the head alone says nothing.
    """
    if not heads or declared.kind(heads[0]) not in ("c", "o") or any(map(BY.fullmatch, heads)):
        return False
    if heads[0] not in _POLICIES and {*declared.conditions} <= {*heads} and rows:
        return True
    for row in rows:
        cells = [text for section in cut(row).sections for text, _ in section]
        is_named = not cells or not cells[0] or BARE.fullmatch(cells[0].split()[0])
        return len(cells) == len(heads) + 1 or not is_named
    return False


def _across(regrouped: Regrouping, header: Sections, heads: Line) -> Regrouping:
    """The same for the lines below a crosstab's header, whose one outcome has a cell for each head."""
    crossed = (at for at, part in enumerate(header) for text, _ in part if BY.fullmatch(text))
    place = next(crossed, None)
    if place is None:
        return regrouped
    sections = cut(heads).sections
    is_blank_last = bool(sections[-1]) and not sections[-1][-1][0]
    if len(sections) == len(header) and (is_blank_last or len(regrouped.meant) == 2):
        many = len(sections[place]) - len(header[place])
    else:
        many = len(sections[1]) - 1 if len(sections) > 1 else 0
    written, meant = list(regrouped.written), list(regrouped.meant)
    written[place] += many
    meant[1] += many
    return Regrouping(tuple(written), tuple(meant))


# ---------------------------------------------------------------- a header that is none


def _headless(sections: Sections, line: Line, declared: Declared) -> Diagnostic | None:
    """That a grid begins with a rule: a first line that names no column, and has cells that cannot."""
    heads = [text for section in sections for text, _ in section][1:]
    if any(map(declared.kind, heads)) or sum(not NAME.fullmatch(each) for each in heads) < 2:
        return None
    where = Label(line.span, "the first line of a grid names its columns")
    helps = (decision(f"write the header above it, {LAYOUT}"),)
    return error("GAP004", "a grid without a header", where, helps=helps)
