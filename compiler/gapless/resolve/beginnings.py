"""`77*`: which columns it stands in, and what is meant where it cannot, or where something else is typed for it."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.model import Begins, EnumerationType, Equals, TextType
from gapless.resolve.context import Context
from gapless.resolve.literals import Slot
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Help, Label, decision
from gapless_dsl.lexis import spelled, word


def beginning(part: nodes.Beginning, column: Slot, context: Context) -> Begins | None:
    """The texts that begin so; None in a column that holds no texts."""
    prefix, span = part.prefix.text, context.at(part.at)
    typed = f"{spelled(part.prefix)}*"
    if isinstance(column.scalar, TextType):
        if prefix:
            but = [_left_out(each, part, context) for each in part.but]
            found = tuple(each for each in but if each is not None)
            return Begins(prefix, found) if len(found) == len(but) else None
        anything = "present" if column.is_optional else "-"
        return context.error(
            "GAP021",
            f"every text begins with `{spelled(part.prefix)}`",
            Label(span, f"any text is `{anything}`"),
            column.declared,
        )
    helps: tuple[Help, ...] = ()
    label = "only texts are told apart by how they begin"
    if isinstance(column.scalar, EnumerationType):
        label = "name the values, divided by commas"
        names = [word(m.name) for m in column.scalar.members if m.name.startswith(prefix)]
        if names:
            listed = ", ".join(names)
            helps = (decision(f"write `{listed}`", Edit(span, listed)),)
    return context.error(
        "GAP021",
        f"`{typed}` asks how a text begins, and `{column.name}` is no text",
        Label(span, label),
        column.values,
        helps=helps,
    )


def _left_out(
    part: nodes.Literal | nodes.Beginning, of: nodes.Beginning, context: Context
) -> Equals | Begins | None:
    """What a beginning is said without, which must begin so."""
    prefix = part if isinstance(part, nodes.Literal) else part.prefix
    longer = prefix.text != of.prefix.text or isinstance(part, nodes.Literal)
    if not prefix.text.startswith(of.prefix.text) or not longer:
        shown = Label(context.at(part.at), "nothing that is meant is left out by this")
        if not longer:
            shown = Label(context.at(part.at), "nothing is left")
        title = f"`{spelled(prefix)}` does not begin with `{spelled(of.prefix)}`"
        return context.error("GAP023", title if longer else "this leaves out all it says", shown)
    if isinstance(part, nodes.Literal):
        return Equals(part.text)
    but = [_left_out(each, part, context) for each in part.but]
    found = tuple(each for each in but if each is not None)
    return Begins(prefix.text, found) if len(found) == len(but) else None


def refuse_all_but(content: nodes.ConditionContent, column: Slot, context: Context) -> bool:
    """GAP021, for `77*, not 772*`: it reads as one but not the other, and would mean either."""
    named = [part for part in content.either if not isinstance(part, nodes.Presence)]
    begins = [p for p in (*named, *content.neither) if isinstance(p, nodes.Beginning)]
    if not isinstance(column.scalar, TextType) or not (named and content.neither and begins):
        return False
    context.error(
        "GAP021",
        "a cell names what a text begins with, or what it does not begin with",
        Label(context.span, "both here: a comma means either, so this is nearly any text"),
        column.declared,
        helps=tuple(_instead(content, context)),
    )
    return True


def _instead(content: nodes.ConditionContent, context: Context) -> Iterator[Help]:
    match content:
        case nodes.ConditionContent((nodes.Beginning(prefix, (), at),), neither):
            texts = [p for p in neither if isinstance(p, nodes.Literal | nodes.Beginning)]
            first = [p if isinstance(p, nodes.Literal) else p.prefix for p in texts]
            if len(texts) == len(neither) and all(p.text.startswith(prefix.text) for p in first):
                typed = context.text(context.span)
                left = ", ".join(typed[slice(*p.at)] for p in texts)
                meant = f"{typed[slice(*at)]} (but not {left})"
                yield decision(f"write `{meant}`", Edit(context.span, meant))
                return
    yield decision("write a row for each")


def spanned(part: nodes.Comparison | nodes.Range, context: Context) -> tuple[Help, ...]:
    """The beginning that a range of codes stands for: `"77300".."77399"` is `773*`."""
    match part:
        case nodes.Range(nodes.Literal() as low, nodes.Literal() as high):
            return tuple(_spanned(low.text, high.text, part.at, context))
    return ()


def _spanned(low: str, high: str, at: nodes.At, context: Context) -> Iterator[Help]:
    if len(low) != len(high) or low > high:
        return
    same = next((n for n, pair in enumerate(zip(low, high, strict=True)) if len({*pair}) > 1), None)
    if same is None:
        return
    rest, end = low[same:], high[same:]
    if set(rest[1:]) <= {"0"} and set(end[1:]) <= {"9"} and rest[0].isdigit() and end[0].isdigit():
        if (rest[0], end[0]) == ("0", "9"):
            begun = [low[:same]] if same else []
        else:
            begun = [f"{low[:same]}{digit}" for digit in range(int(rest[0]), int(end[0]) + 1)]
        is_whole = len(rest) == 1 and begun != [low[:same]]
        if begun:
            cell = ", ".join(word(each) if is_whole else f"{word(each)}*" for each in begun)
            says = "for each of them" if is_whole else "for all texts that begin so"
            span = context.at(at)
            yield decision(f"{says}, write `{cell}`", Edit(span, cell))
