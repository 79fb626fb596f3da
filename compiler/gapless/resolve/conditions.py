"""A condition cell to a test: parts that hold either, or neither, or a comparison with another column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from gapless.analysis.domain.partition import axis, cuts
from gapless.model import (
    AllOf,
    AnyOf,
    Anything,
    Between,
    Column,
    Compared,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Equals,
    Holds,
    IntType,
    IsMissing,
    IsPresent,
    ListType,
    NoneOf,
    Scalar,
    ScalarType,
    SetType,
    Temporal,
    Test,
    TextType,
    TimeType,
    Type,
)
from gapless.resolve.beginnings import beginning, refuse_all_but, spanned
from gapless.resolve.context import Context
from gapless.resolve.ends import read_ends
from gapless.resolve.faults import Fault
from gapless.resolve.literals import (
    Slot,
    complain,
    divided,
    quoting,
    read_literal,
    read_word,
)
from gapless.resolve.repeats import notice_repeat, without_idle
from gapless.resolve.sets import holding
from gapless.resolve.times import day_at_end
from gapless.semantics import holds
from gapless.text.types import type_words
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Help, Label, Severity, decision, mechanical, replacing
from gapless_dsl.lexis import spelled
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

_DASHED = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)-([0-9][0-9_]*(?:\.[0-9]+)?)")
_ORDERED = IntType | DecimalType | Temporal


def condition(content: nodes.ConditionContent, column: Slot, context: Context) -> Test | None:
    """What a cell tests; None where some of it is no test of this column, and was complained about.

    `context.columns` are those that the column may be compared with.
    """
    if content.is_any:
        return Anything()
    if isinstance(column.type, SetType):
        is_closed = isinstance(
            column.scalar, EnumerationType
        )  # where its name stands, that was told
        return holding(content, column, context) if is_closed else None
    parts = (content.either, content.neither)
    commas = [divided(each, column, context, one=False) for each in parts]
    if any(commas) or refuse_all_but(content, column, context):
        return None
    if any(_compares(part, column, context) for each in parts for part in each):
        return _against(content, column, context)
    before = len(context.found)
    either = _parts(content.either, column, context)
    neither = _parts(content.neither, column, context)
    _refuse_bare_not(content, column, context)
    if any(finding.severity is Severity.ERROR for finding in context.found[before:]):
        return None
    test = _together(either, neither)
    if neither and not possible(test, column.type):
        title = "this cell never holds: it excludes every value there is"
        return context.error("GAP023", title, Label(context.span, "nothing is left"), column.values)
    return test


def possible(test: Test, of: Type) -> bool:
    """Whether some value of `of` passes `test`, whose values all belong to `of`.

    How it stands to another column is not asked, only that it is there.
    """
    match test:
        case Compared():
            test = IsPresent()
        case AllOf(tests):
            alone = (each for each in tests if not isinstance(each, Compared))
            test = next(alone, IsPresent())
        case Holds():
            return True  # or it would not have been read
    of = of.scalar if isinstance(of, ListType) else of
    column = Column("", of, None, None, Span("", 0, 0))
    return axis(column, cuts(column, test)).mask(test) != 0


def _together(either: list[Test], neither: list[Test]) -> Test:
    tests = [*either, *([_none_of(neither)] if neither else [])]
    match tests:
        case [AnyOf((only,))] | [only]:
            return only
    return AnyOf(tuple(tests))


def _none_of(tests: list[Test]) -> Test:
    """`not …`. What is missing is never among the rest, so beside others `missing` adds nothing."""
    rest = tuple(test for test in tests if not isinstance(test, IsMissing))
    if IsPresent() in rest:
        return IsMissing() if len(rest) == len(tests) else NoneOf((IsPresent(),))
    return NoneOf(rest) if rest else IsPresent()


def _refuse_bare_not(content: nodes.ConditionContent, column: Slot, context: Context) -> None:
    """GAP024. Absence is a case of its own: whether `not` takes it in is the author's to say."""
    parts = (*content.either, *content.neither)
    if not content.neither or not column.is_optional:
        return
    if any(isinstance(part, nodes.Presence) for part in parts):
        return
    span = context.span
    start, end = span.within(0, 0), Span(span.path, span.end, span.end)
    context.error(
        "GAP024",
        f"`not` does not say whether a missing `{column.name}` is meant",
        Label(span, "with or without `missing`?"),
        column.declared,
        helps=(
            decision("take a missing value in: `missing, not …`", Edit(start, "missing, ")),
            decision("leave a missing value out: `not …, missing`", Edit(end, ", missing")),
        ),
    )


def _parts(parts: tuple[nodes.Part, ...], column: Slot, context: Context) -> list[Test]:
    """The tests of those parts that can be read, each once."""
    tests: list[Test] = []
    places: list[int] = []
    for at, part in enumerate(parts):
        test = _part(part, column, context)
        if test is not None and test in tests:
            notice_repeat(parts[at - 1].at, part.at, context)
        elif test is not None:
            tests.append(test)
            places.append(at)
    return without_idle(parts, places, tests, context)


def _part(part: nodes.Part, column: Slot, context: Context) -> Test | None:
    match part:
        case nodes.Literal():
            if _is_dashed(part, column, context):
                return None
            value = read_literal(part, column, context)
            return None if value is None else Equals(value)
        case nodes.Presence(state) if column.is_optional:
            return IsMissing() if state is nodes.State.MISSING else IsPresent()
        case nodes.Presence(state):
            return context.error(
                "GAP021",
                f"`{column.name}` is never missing",
                Label(context.at(part.at), f"`{state}` is for optional columns"),
                column.declared,
                helps=quoting(state, column),
            )
        case nodes.Comparison() | nodes.Range():
            return _between(part, column, context)
        case nodes.Beginning():
            return beginning(part, column, context)
        case nodes.Among() | nodes.Together():
            return context.error(
                "GAP021",
                f"`{column.name}` holds one value, not several",
                Label(context.at(part.at), "this asks about a set"),
                column.declared,
                helps=(_without_brackets(part, context),),
            )
    assert_never(part)


def _without_brackets(part: nodes.Among | nodes.Together, context: Context) -> Help:
    match part:
        case nodes.Among(nodes.Quantifier.EXACTLY, (_, *_) as members):
            plain = ", ".join(map(spelled, members))
            return decision(
                f"for either of them, write `{plain}`", Edit(context.at(part.at), plain)
            )
    return decision("a comma divides values of which one is enough: `a, b`")


def _is_dashed(part: nodes.Literal, column: Slot, context: Context) -> bool:
    """GAP021, for `50-64` where a range of numbers was meant."""
    ends = None if part.quoted else _DASHED.fullmatch(part.text)
    if ends is None or not isinstance(column.scalar, IntType | DecimalType):
        return False
    span, right = context.at(part.at), f"{ends[1]}..{ends[2]}"
    context.error(
        "GAP021",
        f"`{part.text}` is not a number",
        Label(span, f"a range is written `{right}`"),
        column.values,
        helps=(mechanical(f"replace `{part.text}` with `{right}`", Edit(span, right)),),
    )
    return True


# ---------------------------------------------------------------- comparisons and ranges


def _between(part: nodes.Comparison | nodes.Range, column: Slot, context: Context) -> Test | None:
    """The values that a comparison or range takes in; None where it cannot be one of this column."""
    of = column.scalar
    named = isinstance(of, EnumerationType) and of.is_ordered
    if not named and not isinstance(of, _ORDERED):
        _no_order(part, column, context)
        return None
    ends = _as_range(part)
    before = len(context.found)
    if isinstance(of, DatetimeType):
        _refuse_days(ends, column, context)
        if len(context.found) > before:
            return None
    low, high = read_ends(ends, column, context)
    if len(context.found) > before:
        return None
    if isinstance(of, EnumerationType):
        return _members(ends, low, high, of, column, context)
    assert not isinstance(low, str) and not isinstance(high, str)
    test = Between(low, high, ends.low_included, ends.high_included)
    is_held = any(end is not None and holds(test, end) for end in (low, high))
    if is_held or possible(test, of):  # mostly an end is in it, which is soon seen
        return test
    is_reversed = low is not None and high is not None and low > high  # type: ignore[operator]
    _never(ends, column, context, is_reversed=is_reversed)
    return None


def _refuse_days(ends: nodes.Range, column: Slot, context: Context) -> None:
    """GAP021, for a day where a moment is due: the range may mean its first second, or all of it."""
    low, high = ends.low, ends.high
    for end, is_low, included in (
        (low, True, ends.low_included),
        (high, False, ends.high_included),
    ):
        if end is None:
            continue
        fault = day_at_end(end.text, is_low=is_low, is_included=included)
        if fault is not None:
            complain(fault, end, column, context)


def _members(
    ends: nodes.Range,
    low: Scalar | None,
    high: Scalar | None,
    of: EnumerationType,
    column: Slot,
    context: Context,
) -> Test | None:
    """The members from the one end to the other, by name: no test knows of their order."""
    names = [member.name for member in of.members]
    first = 0 if low is None else names.index(str(low))
    last = len(names) - 1 if high is None else names.index(str(high))
    start = first + (low is not None and not ends.low_included)
    stop = last - (high is not None and not ends.high_included)
    tests = tuple(Equals(name) for name in names[start : stop + 1])
    if not tests:
        _never(ends, column, context, is_reversed=low is not None and first > last)
        return None
    return AnyOf(tests)


def _as_range(part: nodes.Comparison | nodes.Range) -> nodes.Range:
    """`< x` as the range that it is."""
    if isinstance(part, nodes.Range):
        return part
    included = part.operator in ("<=", ">=", "≤", "≥")
    if part.operator in ("<", "<=", "≤"):
        return nodes.Range(None, part.value, True, included, part.at)
    return nodes.Range(part.value, None, included, True, part.at)


def _no_order(part: nodes.Comparison | nodes.Range, column: Slot, context: Context) -> None:
    """A closed list may have an order that its author did not say."""
    typed = f"`{part.operator}`" if isinstance(part, nodes.Comparison) else "a range"
    of = column.scalar
    helps: tuple[Help, ...] = ()
    if isinstance(of, EnumerationType) and len(of.members) > 1:
        line = f"type {of.name} = ordered … < …"
        helps = (decision(f"if they have one, declare it, the lowest first: `{line}`"),)
    label = "name the values, divided by commas"
    if isinstance(of, TextType):
        label = "name the texts, divided by commas, or how they begin: `77*`"
        helps = spanned(part, context)
    context.error(
        "GAP021",
        f"{typed} compares, but the values of `{column.name}` have no order",
        Label(context.at(part.at), label),
        column.values,
        helps=helps,
    )


def _never(part: nodes.Range, column: Slot, context: Context, *, is_reversed: bool) -> None:
    """GAP023, for a range without a value in it."""
    title = f"`{_typed(part)}` holds for no value of `{column.name}`"
    helps: tuple[Help, ...] = ()
    if is_reversed:
        assert part.low is not None and part.high is not None
        title = f"`{_typed(part)}` ends before it begins"
        low, high = spelled(part.low), spelled(part.high)
        edits = Edit(context.at(part.low.at), high), Edit(context.at(part.high.at), low)
        helps = (decision(f"swap the ends: `{high}..{low}`", *edits),)
        if isinstance(column.scalar, TimeType):
            night = f"..{high}, {low}.."
            if not (part.low_included and part.high_included):
                night = f"<{'=' * part.high_included} {high}, >{'=' * part.low_included} {low}"
            across = decision(f"for a night, write `{night}`", Edit(context.at(part.at), night))
            helps = (across, *helps)
    shown = column.values if isinstance(column.scalar, EnumerationType) else column.declared
    label = Label(context.at(part.at), "nothing lies here")
    context.error("GAP023", title, label, shown, helps=helps)


def _typed(part: nodes.Range) -> str:
    """A range as its author wrote it, but for spaces."""
    low, high = (None if end is None else spelled(end) for end in (part.low, part.high))
    if low is None or high is None:
        included = part.high_included if part.low is None else part.low_included
        return f"{'<' if low is None else '>'}{'=' * included} {low or high}"
    if part.low_included and part.high_included:
        return f"{low}..{high}"
    left, right = "[" if part.low_included else "(", "]" if part.high_included else ")"
    return f"{left}{low}..{high}{right}"


# ---------------------------------------------------------------- `< limit`, `!= limit`, `[low..high)`


def _compares(part: nodes.Part, column: Slot, context: Context) -> bool:
    """Whether a part is said in terms of another column, or with a sign that is for these alone."""
    if isinstance(part, nodes.Comparison) and part.operator in ("=", "!="):
        return True
    return any(_names(end, column, context) for end in _ends(part))


def _ends(part: nodes.Part) -> Iterator[nodes.Literal]:
    match part:
        case nodes.Comparison(_, value):
            yield value
        case nodes.Range(low, high):
            yield from (end for end in (low, high) if end is not None)


def _names(end: nodes.Literal, column: Slot, context: Context) -> bool:
    """Whether a word is a column's name and no value of the cell's own column."""
    known = end.text in context.columns.known or end.text in context.columns.barred
    return not end.quoted and known and isinstance(read_word(end.text, column), Fault)


def _against(content: nodes.ConditionContent, column: Slot, context: Context) -> Test | None:
    """What such a cell tests: it stands alone, for one row is one box of the columns and their order."""
    match content:
        case nodes.ConditionContent((nodes.Comparison("=" | "!=" as sign, value),), ()) if _names(
            value, column, context
        ):
            return _compared("<>" if sign == "!=" else sign, value, column, context)
        case nodes.ConditionContent((nodes.Comparison("!=", value), *others), ()) if not any(
            _compares(each, column, context) for each in others
        ):
            _other_than(value, column, context)
            return None
        case nodes.ConditionContent((nodes.Comparison("=", value, at),), ()):
            plain, span = spelled(value), context.at(at)
            help_ = decision(f"write `{plain}` to mean the value", Edit(span, plain))
            title = "`=` compares with another column; a value stands alone"
            label = Label(span, f"no column is called {plain}")
            return context.error("GAP047", title, label, helps=(help_,))
        case nodes.ConditionContent(((nodes.Comparison() | nodes.Range()) as part,), ()):
            return _within(_as_range(part), column, context)
    return context.error(
        "GAP047",
        "a comparison with another column stands alone in its cell",
        Label(context.span, "more than one comparison"),
        helps=(decision("write a row for each part, or name a `let` column for it"),),
    )


def _other_than(first: nodes.Literal, column: Slot, context: Context) -> None:
    """GAP047, for `!= 5`: what is left out is said by `not`."""
    span, typed = context.span, context.text(context.span)
    behind_name = re.search(r"\w\s*$", context.source.text[: span.start])  # `when a != 5`
    plain = re.sub(r"^!=\s*", "= not " if behind_name else "not ", typed)
    helps: tuple[Help, ...] = (mechanical(f"write `{plain}`", Edit(span, plain)),)
    label = f"no column is called {spelled(first)}"
    if column.is_optional:
        start, end = plain.replace("not", "missing, not", 1), f"{plain}, missing"
        helps = (
            decision(f"take a missing value in: `{start}`", Edit(span, start)),
            decision(f"leave a missing value out: `{end}`", Edit(span, end)),
        )
    elif isinstance(read_word(first.text, column), Fault):
        near = None if first.quoted else nearest_name(first.text, context.columns.known)
        helps = replacing(context.at(first.at), first.text, near)
        label = label if near is None else f"did you mean `{near}`?"
    title = "`!=` compares with another column; a value is left out by `not`"
    context.error("GAP047", title, Label(context.at(first.at), label), helps=helps)


def _within(part: nodes.Range, column: Slot, context: Context) -> Test | None:
    tests: list[Between | Compared | AnyOf] = []
    fixed = part
    for end, sign, included in (
        (part.low, ">", part.low_included),
        (part.high, "<", part.high_included),
    ):
        if end is not None and _names(end, column, context):
            test = _compared(f"{sign}{'=' * included}", end, column, context)
            if test is None:
                return None
            tests.append(test)
            low, high = (None if each is end else each for each in (fixed.low, fixed.high))
            fixed = nodes.Range(low, high, fixed.low_included, fixed.high_included, fixed.at)
    if fixed.low is not None or fixed.high is not None:
        rest = _between(fixed, column, context)
        if rest is None:
            return None
        assert isinstance(rest, Between | AnyOf)
        tests.insert(0, rest)
    match tests:
        case [Compared() as only]:
            return only
    return AllOf(tuple(tests))


def _compared(
    operator: str, name: nodes.Literal, column: Slot, context: Context
) -> Compared | None:
    known, barred = context.columns.known, context.columns.barred
    other = known.get(name.text)
    if name.text in known and other is None:
        return None
    if other is None or other.name == column.name:
        why = barred[name.text] if other is None else "this is the column itself"
        title = f"`{name.text}` cannot be compared with here"
        return context.error("GAP047", title, Label(context.at(name.at), why))
    is_list = isinstance(other.type, ListType | SetType)
    members = None if is_list else _order(column.scalar, other.type.scalar)
    if members is not None:
        return Compared(operator, other.name, members)
    note = "numbers are compared with numbers, days with days, times with times, a list's members with its own"
    return context.error(
        "GAP047",
        f"`{column.name}` and `{other.name}` cannot be compared",
        Label(context.at(name.at), f"`{other.name}` is `{type_words(other.type)}`"),
        Label(other.span, "declared here"),
        column.declared,
        notes=(note,),
    )


def _order(one: ScalarType, other: ScalarType) -> tuple[str, ...] | None:
    """The order that two columns share: that of a list, or of numbers, days or times (empty); None without one."""
    match one, other:
        case (
            (IntType() | DecimalType(), IntType() | DecimalType())
            | (DateType(), DateType())
            | (TimeType(), TimeType())
            | (DatetimeType(), DatetimeType())
        ):
            return ()
        case EnumerationType(members=members, is_ordered=True), EnumerationType():
            if one == other:
                return tuple(member.name for member in members)
    return None
