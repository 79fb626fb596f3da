"""A condition cell of a column that holds a set: which members, and how many of them."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.analysis.domain.partition import axis, cuts
from gapless.analysis.domain.subsets import ManyKinds
from gapless.model import Column, EnumerationType, Holds, HowMany
from gapless.resolve.context import Context
from gapless.resolve.faults import Fault
from gapless.resolve.literals import Slot, read_literal, read_word
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Help, Label, decision, mechanical
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes import Quantifier
from gapless_dsl.source import Span

FORMS = "`any of a, b`, `all of a, b`, `none of a, b`, `count 2.. of a, b` or `[a, b]`"


def holding(content: nodes.ConditionContent, column: Slot, context: Context) -> Holds | None:
    """What a cell asks of a set; None where it is no such question, which was complained about."""
    parts = (*content.either, *content.neither)
    if not all(isinstance(part, nodes.Among | nodes.Together) for part in parts):
        _refuse_bare(content, column, context)
        return None
    before = len(context.found)
    ways = []
    for part in content.either:
        joined = part.parts if isinstance(part, nodes.Together) else (part,)
        read = [_among(each, column, context) for each in joined if isinstance(each, nodes.Among)]
        ways.append(tuple(number for way in read for number in way))
    if len(context.found) > before:
        return None
    test = Holds(tuple(ways))
    _check_sense(content, test, column, context)
    return test if len(context.found) == before else None


def _check_sense(
    content: nodes.ConditionContent, test: Holds, column: Slot, context: Context
) -> None:
    """GAP023 and GAP108: a part that holds for no set, a cell that holds for all."""
    for part, way in zip(content.either, test.ways, strict=True):
        if _share(Holds((way,)), column) == 0:
            label = Label(context.at(part.at), "no set is so")
            title = f"this holds for no value of `{column.name}`"
            context.error("GAP023", title, label, column.values)
            return
    if _share(test, column) == 1:
        anything = decision("if anything is meant, write `-`", Edit(context.span, "-"))
        title = f"this cell holds for every value of `{column.name}`"
        label = Label(context.span, "no set is left out")
        context.error("GAP108", title, label, column.values, helps=(anything,))


def _share(test: Holds, column: Slot) -> float:
    """0 where no set passes, 1 where all do, and something between elsewhere, or where sets are too many."""
    held = Column(column.name, column.type, None, None, column.declared.span)
    try:
        cut = axis(held, cuts(held, test))
    except ManyKinds:
        return 0.5
    mask = cut.mask(test)
    return 1 if mask == cut.whole else 0.5 * bool(mask)


def _among(part: nodes.Among, column: Slot, context: Context) -> tuple[HowMany, ...]:
    of = column.scalar
    assert isinstance(of, EnumerationType)
    every = [member.name for member in of.members]
    read = [read_literal(each, column, context) for each in part.members]
    _notice_twice(part, read, context)
    named = tuple(name for name in every if name in read)
    match part.quantifier:
        case Quantifier.ANY:
            return (HowMany(named, 1, len(named)),)
        case Quantifier.ALL:
            return (HowMany(named, len(named), len(named)),)
        case Quantifier.NONE:
            return (HowMany(named, 0, 0),)
        case Quantifier.EXACTLY:
            others = tuple(name for name in every if name not in named)
            numbers = (HowMany(named, len(named), len(named)), HowMany(others, 0, 0))
            return tuple(number for number in numbers if number.members)
        case Quantifier.COUNT:
            assert part.number is not None
            counted = named if part.members else tuple(every)
            return _counted(part.number, counted, context)


def _notice_twice(part: nodes.Among, read: Sequence[object], context: Context) -> None:
    for at, value in enumerate(read):
        if value is not None and value in read[:at]:
            before, again = part.members[at - 1].at, part.members[at].at
            edit = Edit(context.at((before[1], again[1])), "")
            title, label = "this cell says the same value twice", "said before"
            helps = (mechanical("delete the second one", edit),)
            context.warning("GAP031", title, Label(context.at(again), label), helps=helps)


def _counted(
    number: nodes.Literal | nodes.Range, members: tuple[str, ...], context: Context
) -> tuple[HowMany, ...]:
    low, high = (number.low, number.high) if isinstance(number, nodes.Range) else (number, number)
    ends = []
    for end, open_end in ((low, 0), (high, len(members))):
        if end is None:
            ends.append(open_end)
        elif end.quoted or not (end.text.isascii() and end.text.isdigit() and len(end.text) < 4):
            label = Label(context.at(end.at), "such as `2`, or `2..`")
            context.error("GAP021", f"{spelled(end)} counts nothing", label)
            return ()
        else:
            ends.append(int(end.text))
    return (HowMany(members, ends[0], min(ends[1], len(members))),)


# ---------------------------------------------------------------- `a`, `not a`, `missing`


def _refuse_bare(content: nodes.ConditionContent, column: Slot, context: Context) -> None:
    """GAP044: what asks about one value, where there may be several."""
    first = next(
        part
        for part in (*content.either, *content.neither)
        if not isinstance(part, nodes.Among | nodes.Together)
    )
    literals = [each for each in (*content.either, *content.neither) if _is_member(each, column)]
    only = len(literals) == len(content.either) + len(content.neither)
    helps: tuple[Help, ...] = (decision(f"write {FORMS}"),)
    if only and not (content.either and content.neither):
        start = context.span.within(0, 0)
        one = len(literals) == 1
        say = mechanical if one else decision
        if content.either:
            helps = (say("write `any of` before it", Edit(start, "any of ")),)
            if not one:
                helps = (
                    decision("if one of them is enough, write `any of`", Edit(start, "any of ")),
                    decision("if all of them are needed, write `all of`", Edit(start, "all of ")),
                )
        else:
            at = content.neither[0].at
            span = context.at((0, at[0]))
            helps = (
                say("write `none of`", Edit(Span(span.path, span.start, span.end), "none of ")),
            )
    context.error(
        "GAP044",
        f"`{column.name}` holds several values at once, and this asks about one",
        Label(context.at(first.at), "any of them, all of them, none of them?"),
        column.declared,
        helps=helps,
    )


def _is_member(part: nodes.Part, column: Slot) -> bool:
    return isinstance(part, nodes.Literal) and not isinstance(read_word(part.text, column), Fault)
