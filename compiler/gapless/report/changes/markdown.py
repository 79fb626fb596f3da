"""Differences as Markdown for a pull request, no longer than a code host takes.

What is left out is left out from the bottom, table by table and region by region; the totals at the
top and the digest of the whole stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless.diff.change import Change, Difference, Region, Verdict
from gapless.report.changes import wording
from gapless.report.terminal import visible
from gapless.text.words import count, share

MOST = 60_000
"""Characters; GitHub takes 65,536 for a comment."""

_MARKUP = re.compile(r"[\\`*<>&|~$@]|(?<!\w)_|_(?!\w)|\](?=[\[(:])|(?<!\S)#")
"""What may be read as markup where it stands: `fee_for` and `[prices]` are not."""


def render(change: Change, most: int = MOST) -> str:
    """The whole report, or as much of it as there is room for."""
    head = "\n".join(_head(change)) + "\n"
    foot = f"\nDigest of the whole: `{wording.digest(change)}`\n"
    room = most - len(head) - len(foot) - 200
    body: list[str] = []
    left_out = 0
    for block in _blocks(change):
        if left_out or len(block) > room:
            left_out += 1
            continue
        room -= len(block)
        body.append(block)
    if left_out:
        body.append(
            f"\n*{count(left_out, 'part')} of this report left out: it would be too long.*\n"
        )
    return head[: most - len(foot)] + "".join(body) + foot


def _head(change: Change) -> Iterator[str]:
    yield f"## {_escaped(wording.first_line(change))}"
    differing = [each for each in change.tables if each.verdict is not Verdict.SAME]
    if differing:
        yield ""
        yield "| table | verdict | cases that differ | share |"
        yield "|---|---|--:|--:|"
    for each in differing:
        counted = each.outputs is not None and each.total > 0
        cases = f"{each.changed:,} of {each.total:,}" if counted else ""
        part = share(each.changed, each.total) if counted and each.changed else ""
        yield f"| {_escaped(each.name)} | {_verdict(each)} | {cases} | {part} |"
    for each in differing:
        if said := wording.rows(each):
            yield ""
            yield f"{_escaped(each.name)} on {_escaped(said)}."
    same = [each for each in change.tables if each.verdict is Verdict.SAME]
    if same:
        yield ""
        yield f"Same, proved: {', '.join(_escaped(each.name) for each in same)}."


def _verdict(each: Difference) -> str:
    if each.old is None or each.new is None:
        return wording.verdict(each)
    return each.verdict.value


def _blocks(change: Change) -> Iterator[str]:
    """Parts that stand or fall each as a whole: the head of a table, each of its regions."""
    for each in change.tables:
        if each.verdict is Verdict.SAME or each.old is None or each.new is None:
            continue
        yield "\n".join(["", f"### {_escaped(each.name)}", "", *_facts(each), ""])
        for number, region in enumerate(each.regions, start=1):
            yield "\n".join(["", *_region(number, region, each), ""])


def _facts(each: Difference) -> Iterator[str]:
    yield f"- {_escaped(wording.verdict(each))}"
    undecided = each.undecided.why if each.undecided else ""
    if each.verdict is Verdict.UNDECIDED:
        undecided = ""
    for said in (undecided, wording.outputs(each), wording.through(each), *wording.shapes(each)):
        if said:
            yield f"- {_escaped(said)}"
    for cells, cases in each.where:
        yield f"- differs where {_escaped(wording.place(cells))}: {_part(cases, each)}"


def _region(number: int, region: Region, each: Difference) -> Iterator[str]:
    where = wording.place(region.cells)
    rows = wording.rows_in(each, number - 1)
    yield f"**{number}. {_escaped(where)}**: {_part(region.cases, each)}{rows}"
    yield ""
    yield "| | before | after |"
    yield "|---|---|---|"
    for name, one, other in wording.answers(region):
        yield f"| {_escaped(name)} | {_escaped(one)} | {_escaped(other)} |"
    old, new = (_escaped(wording.because(each)) for each in (region.old, region.new))
    yield f"| such as | {_escaped(wording.witness(region))} | |"
    yield f"| there by | {old} | {new} |"


def _part(cases: int, each: Difference) -> str:
    return f"{count(cases)}, {share(cases, each.total)}"


def _escaped(text: str) -> str:
    """Nothing of a text is markup."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", visible(text))
