"""Marks of single outputs: `inferred payment: …` says that this one is inferred, and all others are stated."""

from __future__ import annotations

import re
from typing import NamedTuple

from gapless.model import Basis
from gapless.resolve.context import Context, listed
from gapless_dsl.diagnostic import Edit, Label, decision, mechanical
from gapless_dsl.lexis import NAME
from gapless_dsl.nodes import ReasonContent, TextCell, Word
from gapless_dsl.suggest import keyword

_BEGUN = re.compile(r"([A-Za-z]+)([^:\[]*)")
_LIST = re.compile(rf"\s+{NAME.pattern}(?:\s*,\s*(?:[A-Za-z]+\s+)?{NAME.pattern})*\s*")


class Markable(NamedTuple):
    """What a row answers: the outputs that can be marked, in their order, and names of doubtful ones."""

    outputs: tuple[str, ...] = ()
    doubted: frozenset[str] = frozenset()


def marks_of(
    cell: TextCell, content: ReasonContent, row: Markable, context: Context
) -> tuple[Basis, tuple[tuple[str, Basis], ...]]:
    """How the row rests on its source, and the outputs that rest on it otherwise.

    Outputs that all have one mark are no different from a row that has it.
    """
    marks: dict[str, Basis] = {}
    for mark in content.marks:
        word = Word(mark.output, cell.within(*mark.at))
        if mark.output in marks:
            title, label = f"`{mark.output}` is marked twice", Label(word.span, "marked before")
            context.error("GAP031", title, label)
        elif mark.output in row.outputs:
            marks[mark.output] = mark.basis
        elif not row.outputs:
            _answers_nothing(word, mark.basis, context)
            break
        elif mark.output not in row.doubted:
            notes = (f"known here: {listed(row.outputs)}",)
            context.unknown("GAP012", "output", word, row.outputs, notes)
    if not content.marks and content.basis is Basis.STATED:
        _near_a_mark(cell, row, context)
    ways = set(marks.values())
    if len(marks) == len(row.outputs) and len(ways) == 1:
        return ways.pop(), ()
    return content.basis, tuple((name, marks[name]) for name in row.outputs if name in marks)


def _answers_nothing(word: Word, basis: Basis, context: Context) -> None:
    """An `impossible`, a `draft`: such a row has no outputs of which one could be marked."""
    context.error(
        "GAP002",
        f"`{word.text}` cannot be marked: nothing is answered here",
        Label(word.span, f"expected `:` or `[` after `{basis}`"),
        helps=(decision(f"write `{basis}: …`, which is said of the row"),),
    )


def _near_a_mark(cell: TextCell, row: Markable, context: Context) -> None:
    """What would be read as mere words, and names outputs after a word that marks: surely a slip."""
    begun = _BEGUN.match(cell.text)
    named = tuple(filter(row.outputs.__contains__, NAME.findall(begun[2]) if begun else ()))
    meant = keyword(begun[1], Basis) if begun else None
    if begun is None or meant is None or not named:
        return
    first, is_list = cell.within(*begun.span(1)), _LIST.fullmatch(begun[2])
    reword = decision("or begin the reason with another word")
    if begun[1].lower() != meant:
        if is_list:
            title = f"`{begun[1]}` does not say how {listed(named)} rests on its source"
            helps = (mechanical(f"write `{meant}`", Edit(first, meant)),)
            context.error("GAP002", title, Label(first, f"did you mean `{meant}`?"), helps=helps)
    elif meant == Basis.STATED:
        if is_list:
            title = f"{listed(named)} cannot be marked as stated"
            label = Label(first, "what has no mark is stated")
            mark = decision("mark what is not stated: `inferred NAME: …` or `silent NAME: …`")
            context.error("GAP002", title, label, helps=(mark, reword))
    else:
        title = f"`{begun[1]}` marks nothing here"
        label = Label(first, "expected outputs with commas between them, then `:` or `[`")
        mark = decision(f"write `{meant} {', '.join(named)}: …` to mark {listed(named)}")
        context.error("GAP002", title, label, helps=(mark, reword))
