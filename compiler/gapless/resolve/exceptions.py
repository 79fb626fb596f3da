"""Rows that are exceptions to others: each names rules of its table, and none comes back to itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gapless.model import HitPolicy
from gapless.resolve.findings import Findings
from gapless.resolve.names import unknown
from gapless.resolve.order import in_order
from gapless_dsl.diagnostic import Diagnostic, Label, error
from gapless_dsl.nodes.cells import Word
from gapless_dsl.nodes.declarations import Row, RowKind

ROWS = (RowKind.RULE, RowKind.DRAFT)
"""What can be an exception, and have one."""


def exceptions(
    rows: Sequence[Row], names: Sequence[str], policy: HitPolicy, subject: str, found: Findings
) -> Mapping[str, tuple[str, ...]] | None:
    """For each rule that is an exception, the names of those it is one to; None if some are not sound."""
    before = len(found)
    kinds = {name: row.kind for row, name in zip(rows, names, strict=True)}
    over: dict[str, tuple[Word, ...]] = {}
    for row, name in zip(rows, names, strict=True):
        if row.over:
            found.extend(_wrong(row, name, kinds, policy, subject))
            over[name] = row.over
    if len(found) == before:
        found.extend(_circles(over, subject))
    twice = {name for name, times in Counter(names).items() if times > 1}
    meant = {word.text for words in over.values() for word in words}.union(over)
    if len(found) > before or twice & meant:
        return None  # which of two rules of one name is meant is not known, as was said of them
    return {name: tuple(word.text for word in words) for name, words in over.items()}


def _wrong(
    row: Row, name: str, kinds: Mapping[str, RowKind], policy: HitPolicy, subject: str
) -> Iterator[Diagnostic]:
    """What is wrong with one row's exceptions, whatever the others say."""
    here = f"{subject}, rule {name}"
    if policy.is_ordered or policy.is_collecting:
        settled = f"under `{policy}` it is settled which row wins"
        if policy.is_collecting:
            settled = f"under `{policy}` no row wins: all that apply answer together"
        title = f"an exception says nothing in a table of hit policy `{policy}`"
        yield error("GAP034", title, Label(row.over[0].span, settled), subject=here)
    elif row.kind not in ROWS:
        settled = "it wins over no rule, or over all of them, without saying so"
        title = f"an `{row.kind}` row is no exception to a rule"
        yield error("GAP034", title, Label(row.over[0].span, settled), subject=here)
    else:
        for word in row.over:
            yield from _no_rule(word, name, kinds, here)


def _no_rule(
    word: Word, name: str, kinds: Mapping[str, RowKind], subject: str
) -> Iterator[Diagnostic]:
    kind = kinds.get(word.text)
    if word.text == name:
        own = Label(word.span, "this is its own name")
        yield error("GAP034", f"rule `{name}` is an exception to itself", own, subject=subject)
    elif kind is None:
        answering = [other for other, its in kinds.items() if its in ROWS and other != name]
        yield unknown("GAP034", "rule", word, answering, subject)
    elif kind not in ROWS:
        label = "every rule wins over it" if kind is RowKind.OTHERWISE else "no rule wins over it"
        title = f"`{word.text}` is an `{kind}` row, to which there are no exceptions"
        yield error("GAP034", title, Label(word.span, label), subject=subject)


def _circles(over: Mapping[str, tuple[Word, ...]], subject: str) -> Iterator[Diagnostic]:
    _, cycles = in_order(over, lambda name: (w.text for w in over.get(name, ()) if w.text in over))
    for cycle in cycles:
        steps = [*zip(cycle, (*cycle[1:], cycle[0]), strict=True)]
        words = [next(word for word in over[a] if word.text == b) for a, b in steps]
        circle = " over ".join(f"`{name}`" for name in (*cycle, cycle[0]))
        first, *others = (Label(word.span, "over this one") for word in words)
        title = f"exceptions go round in a circle: {circle}"
        yield error("GAP034", title, first, *others, subject=subject)
