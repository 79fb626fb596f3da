"""The grids of answers that an author asks for: which inputs stand at the side, across the top, and fixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.model import Guard, Show
from gapless.resolve.context import Columns, Context, Signature
from gapless.resolve.guards import guarding
from gapless.resolve.tables import Steps
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label


def shows(signature: Signature, steps: Steps, context: Context) -> tuple[Show, ...]:
    """Those that are understood; about the others there are findings."""
    inputs = signature.inputs
    why = "not an input: a grid is laid out by what is asked"
    barred = dict.fromkeys((*steps.known, *steps.barred, *signature.outputs), why)
    columns = Columns(inputs, {name: said for name, said in barred.items() if name not in inputs})
    read = (_show(each, context.seeing(columns)) for each in signature.node.shows)
    return tuple(each for each in read if each is not None)


def _show(node: nodes.ShowNode, context: Context) -> Show | None:
    before = len(context.found)
    context = context.under("a grid", node.span)
    first: dict[str, nodes.Word] = {}
    for word in (*node.columns, *node.across):
        if first.setdefault(word.text, word) is not word:
            here = Label(word.span, "named again")
            there = Label(first[word.text].span, "named here already")
            context.error("GAP013", f"the grid names `{word.text}` twice", here, there)
    names = [*_inputs(first.values(), context)]
    fixed: list[Guard] = []
    for test in node.guard:
        guard = guarding(test, context)
        if guard is not None:
            fixed.append(guard)
    if len(context.found) > before or len(names) < len(first) or len(fixed) < len(node.guard):
        return None
    rows = tuple(word.text for word in node.columns)
    across = tuple(word.text for word in node.across)
    title = None if node.title is None else node.title.text
    return Show(rows, across, title, tuple(fixed), node.span)


def _inputs(words: Iterable[nodes.Word], context: Context) -> Iterator[str]:
    known, barred = context.columns.known, context.columns.barred
    for word in words:
        if word.text in barred:
            context.barred(word.text, word.span)
        elif word.text not in known:
            context.unknown("GAP012", "input", word, known)
        elif known[word.text] is not None:
            yield word.text
