"""A grid's first row: which column of the table each of its cells stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gapless.model import HitPolicy, ListType, SetType
from gapless.resolve.findings import Findings, listed
from gapless.resolve.names import unknown
from gapless.resolve.operands import Columns
from gapless.resolve.signatures import Signature
from gapless.resolve.steps import several
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, replacing
from gapless_dsl.nodes import Header, Word
from gapless_dsl.suggest import nearest_name

BECAUSE = "because"

LETTERS = {
    "U": HitPolicy.UNIQUE,
    "A": HitPolicy.ANY,
    "F": HitPolicy.FIRST,
    "P": HitPolicy.PRIORITY,
    "C": HitPolicy.COLLECT,
    "R": HitPolicy.RULE_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
    "SUM": HitPolicy.SUM,
    "MIN": HitPolicy.MIN,
    "MAX": HitPolicy.MAX,
    "COUNT": HitPolicy.COUNT,
}
"""What others write in this corner of a table."""


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
        column = columns.known.get(word.text)
        if word.text not in columns.known:
            found.append(_no_condition(word, header, columns, signature))
        elif column is not None and isinstance(column.type, ListType | SetType):
            found.append(several(word.span, column, f"{subject}, header"))
    # Without any output the table is complained about as a whole.
    for word in header.outcomes if signature.outputs else ():
        if word.text not in signature.outputs and word.text not in signature.unread:
            found.append(_no_outcome(word, header, columns, signature))
    left_out = [name for name in _outputs(signature) if name.text not in outcomes]
    # A misspelt name leaves its output without a column: that is one mistake, and it has been found.
    if len(left_out) > sum(name not in signature.outputs for name in outcomes):
        found.extend(_left_out(name, header, subject) for name in left_out)
    sound = len(found) == before
    return Layout(policy, conditions, outcomes, annotations, sound)


def _policy(word: Word | None, subject: str, found: Findings) -> HitPolicy:
    if word is None or word.text in tuple(HitPolicy):
        return HitPolicy.UNIQUE if word is None else HitPolicy(word.text)
    finding = unknown("GAP012", "hit policy", word, tuple(HitPolicy), subject)
    if word.text.upper() in LETTERS:
        meant = LETTERS[word.text.upper()]
        helps = replacing(word.span, word.text, meant)
        finding = replace(finding, labels=(Label(word.span, f"written `{meant}`"),), helps=helps)
    found.append(finding)
    return HitPolicy.UNIQUE


def _places(words: tuple[Word, ...]) -> Mapping[str, int]:
    """The parser has seen to it that a header names no column twice."""
    return {word.text: at for at, word in enumerate(words)}


def _outputs(signature: Signature) -> list[Word]:
    return [each.name for each in signature.node.outputs if each.name.text in signature.outputs]


def _no_condition(word: Word, header: Header, columns: Columns, signature: Signature) -> Diagnostic:
    subject = f"table {signature.name}, header"
    if word.text in signature.outputs:
        title = f"output `{word.text}` stands among the conditions"
        label = "outputs stand to the right of the first `||`"
        return error("GAP012", title, Label(word.span, label), subject=subject)
    if word.text in columns.barred:
        title = f"`{word.text}` cannot be named here"
        return error("GAP012", title, Label(word.span, columns.barred[word.text]), subject=subject)
    others = {each.text for each in header.conditions}
    free = tuple(name for name in columns.known if name not in others)
    return _undeclared("input or `let` column", word, free, signature)


def _no_outcome(word: Word, header: Header, columns: Columns, signature: Signature) -> Diagnostic:
    subject = f"table {signature.name}, header"
    if word.text in columns.known:
        title = f"`{word.text}` stands among the outcomes and is no output"
        label = "conditions stand to the left of the first `||`"
        return error("GAP012", title, Label(word.span, label), subject=subject)
    others = {each.text for each in header.outcomes}
    free = tuple(name for name in signature.outputs if name not in others)
    return _undeclared("output", word, free, signature)


def _undeclared(kind: str, word: Word, free: tuple[str, ...], signature: Signature) -> Diagnostic:
    """A name in the header that no column has; `free` are columns that the header does not name."""
    subject = f"table {signature.name}, header"
    notes = (f"not named in this header: {listed(free)}",) if free else ()
    finding = unknown("GAP012", kind, word, free, subject, notes)
    near = nearest_name(word.text, free)
    declared = next((each for each in signature.words if each.text == near), None)
    if near is None or declared is None or word.text not in signature.mentioned:
        return finding
    # The grid and something else agree on the name, so it may be the declaration that is wrong.
    rename = decision(f"declare the column as `{word.text}`", Edit(declared.span, word.text))
    here = decision(f"or write `{near}` everywhere else", Edit(word.span, near))
    labels = (Label(word.span, f"declared as `{near}`"), Label(declared.span, "declared here"))
    return replace(finding, labels=labels, helps=(rename, here))


def _left_out(name: Word, header: Header, subject: str) -> Diagnostic:
    return error(
        "GAP015",
        f"output `{name.text}` has no column in the grid",
        Label(name.span, "nothing ever answers this"),
        Label(header.span, "this header leaves it out"),
        subject=subject,
    )
