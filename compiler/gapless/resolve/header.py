"""A grid's first row: which column of the table each of its cells stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gapless.model import HitPolicy
from gapless.resolve.findings import Findings, error, listed
from gapless.resolve.names import unknown
from gapless.resolve.operands import Columns
from gapless.resolve.signatures import Signature
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.nodes import Header, Word

BECAUSE = "because"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a row the cell of each column stands, by the column's name."""

    policy: HitPolicy
    conditions: Mapping[str, int]
    outcomes: Mapping[str, int]
    annotations: Mapping[str, int]
    sound: bool
    """Whether every cell of a row is some column's, and every output has one."""


def layout(header: Header, signature: Signature, columns: Columns, found: Findings) -> Layout:
    before = len(found)
    subject = f"table {signature.name}"
    policy = _policy(header.policy, subject, found)
    conditions = _places(header.conditions)
    outcomes = _places(header.outcomes)
    annotations = _places(header.annotations)
    for word in header.conditions:
        if word.text not in columns.known:
            found.append(_no_condition(word, columns, signature))
    # Without any output the table is complained about as a whole.
    for word in header.outcomes if signature.outputs else ():
        if word.text not in signature.outputs and word.text not in signature.unread:
            found.append(_no_outcome(word, columns, signature))
    left_out = [name for name in _outputs(signature) if name.text not in outcomes]
    # A misspelt name leaves its output without a column: that is one mistake, and it has been found.
    if len(left_out) > sum(name not in signature.outputs for name in outcomes):
        found.extend(_left_out(name, header, subject) for name in left_out)
    sound = len(found) == before
    return Layout(policy, conditions, outcomes, annotations, sound)


def _policy(word: Word | None, subject: str, found: Findings) -> HitPolicy:
    if word is None or word.text in tuple(HitPolicy):
        return HitPolicy.UNIQUE if word is None else HitPolicy(word.text)
    found.append(unknown("GAP012", "hit policy", word, tuple(HitPolicy), subject))
    return HitPolicy.UNIQUE


def _places(words: tuple[Word, ...]) -> Mapping[str, int]:
    """The parser has seen to it that a header names no column twice."""
    return {word.text: at for at, word in enumerate(words)}


def _outputs(signature: Signature) -> list[Word]:
    return [each.name for each in signature.node.outputs if each.name.text in signature.outputs]


def _no_condition(word: Word, columns: Columns, signature: Signature) -> Diagnostic:
    subject = f"table {signature.name}, header"
    if word.text in signature.outputs:
        title = f"output `{word.text}` stands among the conditions"
        label = "outputs stand to the right of the first `||`"
        return error("GAP012", title, Label(word.span, label), subject=subject)
    names = tuple(columns.known)
    notes = (f"the table has {listed(names)}",) if names else ()
    return unknown("GAP012", "input or `let` column", word, names, subject, notes)


def _no_outcome(word: Word, columns: Columns, signature: Signature) -> Diagnostic:
    subject = f"table {signature.name}, header"
    if word.text in columns.known:
        title = f"`{word.text}` stands among the outcomes and is no output"
        label = "conditions stand to the left of the first `||`"
        return error("GAP012", title, Label(word.span, label), subject=subject)
    names = tuple(signature.outputs)
    notes = (f"the table has {listed(names)}",) if names else ()
    return unknown("GAP012", "output", word, names, subject, notes)


def _left_out(name: Word, header: Header, subject: str) -> Diagnostic:
    return error(
        "GAP015",
        f"output `{name.text}` has no column in the grid",
        Label(name.span, "nothing ever answers this"),
        Label(header.span, "this header leaves it out"),
        subject=subject,
    )
