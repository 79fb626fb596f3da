"""Differences as a person reads them in a terminal: the verdict first, then each region."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from gapless.diff.change import Change, Difference, Region, Verdict
from gapless.report.changes import wording
from gapless.report.terminal import ROOM, Ink, Paint, plain, visible
from gapless.text.words import count, part

MOST = 12
"""So many regions of a table are shown at once."""

_INKS = {
    Verdict.SAME: Ink.GOOD,
    Verdict.UNDECIDED: Ink.WARNING,
    Verdict.CHANGED: Ink.ERROR,
    Verdict.NARROWED: Ink.ERROR,
    Verdict.WIDENED: Ink.NOTE,
}


def render(change: Change, *, paint: Paint = plain, limit: int | None = MOST) -> str:
    """Everything that differs; the tables that do not in one line at the end."""
    blocks = [paint(wording.first_line(change), Ink.STRONG) + "\n"]
    same = [each for each in change.tables if each.verdict is Verdict.SAME]
    for each in change.tables:
        if each.verdict is not Verdict.SAME:
            blocks.append("".join(f"{line}\n" for line in _table(each, paint, limit)))
    if same:
        names = ", ".join(f"{each.name} ({count(each.total)})" for each in same)
        blocks.append("".join(f"{line}\n" for line in _folded(f"same, proved: {names}", 2)))
    blocks.append(f"digest {wording.digest(change)}\n")
    return "\n".join(blocks)


def _table(each: Difference, paint: Paint, limit: int | None) -> Iterator[str]:
    yield f"{visible(each.name)}: {paint(wording.verdict(each), _INKS[each.verdict])}"
    if each.undecided is not None and each.verdict is not Verdict.UNDECIDED:
        yield f"  {paint(each.undecided.why, Ink.WARNING)}"
    for said in (wording.outputs(each), wording.through(each), *wording.shapes(each)):
        if said:
            yield f"  {visible(said)}"
    if said := wording.rows(each):
        yield from _folded(f"  {said}", 4)
    for cells, cases in each.where:
        yield from _folded(f"  differs where {wording.place(cells)}: {part(cases, each.total)}", 6)
    for number, region in enumerate(each.regions[:limit], start=1):
        yield ""
        yield from _region(number, region, each)
    if limit is not None and len(each.regions) > limit:
        rest = each.regions[limit:]
        more = part(sum(region.cases for region in rest), each.total)
        if each.rows is not None:
            more += f"; {count(sum(each.rows.changed[limit:]), 'row')}"
        yield ""
        yield f"  and {count(len(rest), 'region')} more, {more}: `--all` shows every region"


def _region(number: int, region: Region, each: Difference) -> Iterator[str]:
    lead = f"  {number}. "
    cases = part(region.cases, each.total) + wording.rows_in(each, number - 1)
    yield from _folded(f"{lead}{wording.place(region.cells)}: {cases}", len(lead))
    facts = [(name, f"{one} -> {other}") for name, one, other in wording.answers(region)]
    old, new = wording.because(region.old), wording.because(region.new)
    facts.append(("such as", wording.witness(region)))
    facts += [("by", old)] if old == new else [("before", old), ("now", new)]
    room = max(len(name) for name, _ in facts) + 2
    for name, said in facts:
        yield from _folded(f"{' ' * len(lead)}{name:<{room}}{said}", len(lead) + room)


def _folded(text: str, indent: int) -> list[str]:
    return textwrap.wrap(
        visible(text),
        ROOM,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
