"""Random whole policies in the language itself, all features mixed, each from a seed that names it.

Most are sound, by how they are made: rows part their columns, or win in some order before an `otherwise`.
Those that are not are found by the compiler, and are no loss to laws about sound ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

from gapless.model import DatetimeType, Temporal, TimeType, counted, instant_at, written
from gapless_dsl.source import Source

NAMES = (
    *("a", "b", "c", "weight", "zone", "line", "code", "x1", "y2", "fee", "kind", "level"),
    *("class", "None", "str", "Decimal", "self", "np", "match", "type", "lambda"),
    *(
        "select",
        "order",
        "group",
        "rule",
        "rejected",
        "refused",
        "rank",
        "number",
        "value",
        "answer",
    ),
    *("InputError", "Final", "_x", "_", "__dict__", "case", "columns", "frame", "explain", "table"),
    *("sum", "len", "dict", "range", "any", "all", "filter", "sorted", "enumerate", "zip", "bytes"),
    *("answers", "datetime", "frozenset", "tuple", "object", "row", "found", "at", "units"),
    *("a_column_whose_name_goes_on_for_quite_a_while_and_then_for_some_more", "Weight", "ZONE"),
    "so_long_a_name_that_no_line_of_a_hundred_columns_holds_it_together_with_what_is_said_beside_it",
)
WORDS = (
    *("a", "b", "c", "77387", "G6001", "26", "TC", "non-med", "None", "True", "x_y", "4.50"),
    *('"missing"', '"Dr. No"', '"a|b"', '"a \\"quoted\\" one"', '"back\\\\slash"', '"é"', '"{x}"'),
    *(
        '"two\\nlines"',
        '"%s"',
        '"it\'s; --"',
        '"```"',
        '"<b>"',
        '" blank "',
        '"not"',
        '"ß"',
        '"= 1"',
    ),
    '"a member that is said in so many words that it does not fit into a line of generated code at all"',
)
LABELS = (
    "",
    "",
    "",
    ' "Plain"',
    ' "With | a pipe"',
    ' "A \\"quoted\\" one"',
    ' "*stars* and `ticks`"',
)
REASONS = (
    "as agreed",
    "x",
    "by the tariff [prices]",
    "inferred: so [rules]",
    "silent",
    "**so** it is",
)


CLOCKS: dict[str, Temporal] = {"time": TimeType(), "datetime": DatetimeType()}

POLICIES = (
    *("unique", "unique", "unique", "unique", "unique", "any", "first", "first", "priority"),
    *("crosstab", "collect", "rule order", "output order"),
    *("collect sum", "collect min", "collect max", "collect count"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type as it is declared. Numbers are counted in their last digit, days in days, times in seconds."""

    declared: str
    family: str
    """`list`, `ordered`, `flag`, `text`, `whole`, `exact`, `day`, `time`, `datetime`, `sets` of members of a
    closed list, or `many` for lists and other sets."""
    members: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    digits: int = 0
    optional: bool = False

    @property
    def is_ranked(self) -> bool:
        return self.family in ("whole", "exact", "day", "time", "datetime")

    def word(self, rank: int) -> str:
        """How a number or a day is written."""
        if self.family == "day":
            return date.fromordinal(rank).isoformat()
        if self.family in ("time", "datetime"):
            return written(instant_at(CLOCKS[self.family], rank))
        return f"{Decimal((rank < 0, tuple(map(int, str(abs(rank)))), -self.digits)):f}"


FLAG = Kind("bool", "flag", ("yes", "no"))
WHOLE = Kind("int", "whole")
FEW, TENTHS = Kind("int 0..4", "whole", low=0, high=4), Kind("decimal(1)", "exact", digits=1)
"""Few whole numbers, and decimals into which they go."""
EXACT = Kind("optional decimal(4)", "exact", digits=4, optional=True)
BEGINNINGS = (
    ("77*", "not 77*"),
    ("77387", "77* (but not 77387)", "not 77*"),
    ('772*, "Dr. "*', "77* (but not 772*), a*", 'not 77*, "Dr. "*, a*'),
    ('"it\'s"*, ""', "x*, abc", 'not "it\'s"*, "", x*, abc'),
)
"""Cells that part texts by how they begin."""
TEXT = Kind("text", "text", ("abc", '"Dr. No"', "x1", '""', '"it\'s"', "77387"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the name under which cells and arguments know it."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Made:
    """A table as its callers see it."""

    name: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]


@dataclass
class Writer:
    """What a policy has so far."""

    chance: Random
    marking: Random
    """For what was added since: so that policies that do not have it are as they were."""
    showing: Random
    types: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    pool: list[Column] = field(default_factory=list)
    tables: list[Made] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sources: bool = False

    def odds(self, share: float) -> bool:
        return self.chance.random() < share

    def name(self) -> str:
        """A name that nothing has yet, not even in other letters."""
        known = {each.lower() for each in self.names}
        free = [each for each in NAMES if each.lower() not in known]
        found = self.chance.choice(free) if free and self.odds(0.4) else f"n{len(self.names)}"
        self.names.append(found)
        return found

    def label(self) -> str:
        return self.chance.choice(LABELS)

    def reason(self, needed: bool = False, outputs: Sequence[str] = ()) -> str:
        cited = [each for each in REASONS if self.sources or "[" not in each]
        sure = [each for each in cited if each != "silent"]
        return self._marked(self.chance.choice(sure if needed else ["", "", *cited]), outputs)

    def _marked(self, reason: str, outputs: Sequence[str]) -> str:
        """The reason, perhaps with marks of single outputs in place of a word for all of them."""
        if not outputs or self.marking.random() < 0.7:
            return reason
        named = self.marking.sample(outputs, self.marking.randint(1, len(outputs)))
        first, *others = named
        marks = [f"{self.marking.choice(('inferred', 'silent'))} {first}"]
        marks += [f"{self.marking.choice(('inferred ', 'silent ', ''))}{each}" for each in others]
        said = reason.removeprefix("silent").partition(": ")
        return f"{', '.join(marks)}: {said[2] or said[0] or 'so'}"


def random_policy(seed: int) -> list[Source]:
    """A file, or one and another that it uses."""
    made = Writer(Random(f"policy {seed}"), Random(f"marks {seed}"), Random(f"shows {seed}"))
    chance = made.chance
    made.sources = made.odds(0.3)
    _declare(made)
    for _ in range(chance.choice((1, 1, 2, 2, 2, 3, 4))):
        _grid_table(made)
    used = len(made.texts) if made.odds(0.15) else 0
    if made.odds(0.25):
        _decision(made)
    if made.odds(0.15):
        _never(made)
    cited = 'source tariff "The tariff"\n  prices "Prices"\n  rules\n' if made.sources else ""
    shared = "\n".join([*([cited] if cited else []), *made.types])
    title = f"policy p{seed}{made.label()}\n" + ("  as of 2026-01-01\n" if made.odds(0.2) else "")
    if not used:
        return [Source("p.dtable", "\n".join([title, shared, *made.texts]))]
    lower = "\n".join([f"policy q{seed}\n", shared, *made.texts[:used]])
    upper = "\n".join([title, 'use "q.dtable"\n', *made.texts[used:]])
    top = [Source("p.dtable", upper)] if made.texts[used:] else []
    return [*top, Source("q.dtable", lower)]


# ---------------------------------------------------------------- types and columns


def _declare(made: Writer) -> None:
    """Types, and a pool of input columns that tables share."""
    chance = made.chance
    for _ in range(chance.randint(1, 3)):
        made.kinds.append(_closed_list(made))
    for _ in range(chance.randint(1, 4)):
        made.kinds.append(_ranked(made))
    made.kinds += [FLAG, TEXT] if made.odds(0.4) else [FLAG]
    made.kinds += [FEW, TENTHS, TENTHS] if made.odds(0.3) else []
    wide = chance.choice((3, 4, 5, 6, 8)) if made.odds(0.95) else chance.randint(15, 30)
    for _ in range(wide):
        kind = chance.choice(made.kinds)
        if kind.family in ("list", "ordered") and made.odds(0.15):
            kind = _many("set", kind)
        elif made.odds(0.25):
            kind = optional(kind)
        made.pool.append(Column(made.name(), kind))


def optional(kind: Kind) -> Kind:
    return (
        kind
        if kind.optional
        else replace(kind, declared=f"optional {kind.declared}", optional=True)
    )


def present(kind: Kind) -> Kind:
    return replace(kind, declared=kind.declared.removeprefix("optional "), optional=False)


def _closed_list(made: Writer) -> Kind:
    chance, name = made.chance, made.name()
    count = chance.choice((1, 2, 2, 3, 3, 4, 6)) if made.odds(0.95) else 60
    words = chance.sample(WORDS, count) if count < 60 else [f"m{n}" for n in range(count)]
    ordered = count > 1 and made.odds(0.3)
    lives = made.odds(0.1)
    if count > 1 and not lives and made.odds(0.7):
        sign = " < " if ordered else " | "
        said = sign.join(f"{word}{made.label()}" for word in words)
        made.types.append(f"type {name} = {'ordered ' if ordered else ''}{said}\n")
    else:
        lines = [f"type {name}{' ordered' if ordered else made.label()}"]
        for word in words:
            life = chance.choice(("", " until 2025-12-31", " from 2026-01-01")) if lives else ""
            lines.append(f"  {word}{made.label()}{life}")
        made.types.append("\n".join(lines) + "\n")
    return Kind(name, "ordered" if ordered else "list", tuple(words))


def _ranked(made: Writer) -> Kind:
    chance = made.chance
    family = chance.choice(
        ("whole", "whole", "whole", "exact", "exact", "day", "day", "time", "datetime")
    )
    if family in CLOCKS:
        opens, closes = (counted(end) for end in (CLOCKS[family].low, CLOCKS[family].high))
        if made.odds(0.2):
            return Kind(family, family, low=opens, high=closes)
        start = opens + chance.choice((0, 32_400, 32_401))
        kind = Kind(family, family, low=start, high=start + chance.choice((2, 60, 4_000)))
        ends = (kind.word(each) for each in (kind.low, kind.high) if each is not None)
        return replace(kind, declared=f"{family} {'..'.join(ends)}")
    if family == "day":
        low = date(chance.choice((2020, 2024)), 2, chance.randint(1, 28)).toordinal()
        high = low + chance.choice((3, 40, 4_000))
        if made.odds(0.1):
            low, high = 1, date.max.toordinal()
            return Kind("date", family, low=low, high=high)
        first, last = date.fromordinal(low), date.fromordinal(high)
        return Kind(f"date {first}..{last}", family, low=low, high=high)
    digits = chance.choice((1, 2, 2, 3, 18)) if family == "exact" else 0
    spelt = f"decimal({digits})" if digits else "int"
    low = chance.choice((0, 0, 1, -3, -1_000_000, 10**18))
    high = low + chance.choice((0, 1, 2, 4, 30, 500, 10**6, 10**40))
    kind = Kind(spelt, family, low=low, high=high, digits=digits)
    low_end = made.odds(0.85)
    high_end = made.odds(0.85)
    bounds = f" {kind.word(low) if low_end else ''}..{kind.word(high) if high_end else ''}"
    return Kind(
        spelt + (bounds if low_end or high_end else ""),
        family,
        low=low if low_end else None,
        high=high if high_end else None,
        digits=digits,
    )


def value(made: Writer, kind: Kind) -> str:
    """One value, as outcomes and arguments say it."""
    if kind.optional and made.odds(0.3):
        return "missing"
    if kind.is_ranked:
        return kind.word(_rank(made, kind))
    word = made.chance.choice(kind.members)
    return f'"{word}"' if word in made.names else word


def _rank(made: Writer, kind: Kind) -> int:
    low, high = _ends(kind)
    near = [low, min(low + 1, high), high, (low + high) // 2]
    return made.chance.choice([*near, made.chance.randint(low, high)])


def _ends(kind: Kind) -> tuple[int, int]:
    if kind.low is None and kind.high is None:
        return (-20, 20)
    low = kind.low if kind.low is not None else (kind.high or 0) - 20
    return low, kind.high if kind.high is not None else low + 20


def parts(made: Writer, kind: Kind) -> list[str]:
    """Cells of which every value of a column passes exactly one; at least two where it can be."""
    chance = made.chance
    if kind.is_ranked:
        low, high = _ends(kind)
        cuts = sorted({chance.randint(low, high) for _ in range(chance.randint(1, 3))} - {kind.low})
        found = _stretches(made, kind, cuts)
    elif kind.family == "sets":
        return _of_sets(made, kind)
    elif kind.family == "text":
        some = chance.sample(kind.members, chance.randint(1, 2))
        found = [*some, f"not {', '.join(some)}"]
        if made.odds(0.5):
            found = [*chance.choice(BEGINNINGS)]
    else:
        members = [*kind.members]
        if kind.family != "ordered":
            chance.shuffle(members)
        cuts = sorted(
            chance.sample(range(1, len(members)), min(chance.randint(1, 2), len(members) - 1))
        )
        bounds = [0, *cuts, len(members)]
        groups = [members[i:j] for i, j in pairwise(bounds)]
        found = [", ".join(group) for group in groups]
        if len(groups) > 1 and kind.family == "ordered" and made.odds(0.5):
            found[0], found[-1] = f"< {groups[1][0]}", f">= {groups[-1][0]}"
            if len(found) == 2:
                found[0] = f"< {groups[1][0]}"
        elif len(groups) > 1 and len(members) < 9 and made.odds(0.3):
            found[-1] = f"not {', '.join(m for group in groups[:-1] for m in group)}"
    if kind.optional:
        place = chance.randrange(len(found) + 2)
        if place >= len(found):
            found.append("missing")
        else:
            found[place] = f"missing, {found[place]}"
        found = [f"{each}, present" if each == "-" else each for each in found]
        found = [f"{each}, missing" if each.startswith("not ") else each for each in found]
    return found


def _of_sets(made: Writer, kind: Kind) -> list[str]:
    """Cells of which each set passes one: by what it has of some members, or how many."""
    chance = made.chance
    some = chance.sample(kind.members, chance.randint(1, min(3, len(kind.members))))
    first, named, count = some[0], ", ".join(some), len(some)
    forms = [
        [f"none of {named}", f"any of {named}"],
        [f"all of {named}", f"count ..{count - 1} of {named}"],
        ["[]", "count 1.."],
        [f"[{named}]", f"count ..{count - 1} of {named} or {_others(kind, some)}"],
    ]
    if count > 1:
        rest = ", ".join(some[1:])
        one = f"count 1 of {named}"
        forms.append([f"none of {named}", one, f"count 2.. of {named}"])
        forms.append([f"none of {named}", f"any of {rest}", f"any of {first} and none of {rest}"])
    return chance.choice([form for form in forms if not form[-1].endswith(" or ")])


def _others(kind: Kind, some: Sequence[str]) -> str:
    """That a set has others than these, if there are any."""
    others = [each for each in kind.members if each not in some]
    return f"any of {', '.join(others)}" if others else ""


def _stretches(made: Writer, kind: Kind, cuts: Sequence[int]) -> list[str]:
    if not cuts:
        return ["present"] if kind.optional else ["-"]
    lows: list[int | None] = [None, *cuts]
    found = []
    for low, high in zip(lows, [*cuts, None], strict=True):
        start = "" if low is None else kind.word(low)
        inner = replace(kind, low=None) if kind.declared.endswith("date") else kind
        steps = kind.family not in CLOCKS  # moments have no ends beside their bounds
        if low is None and inner.low is not None and high is not None and steps and made.odds(0.2):
            found.append(f"({kind.word(inner.low - 1)}..{kind.word(high)})")
        elif (
            high is None
            and steps
            and kind.high not in (None, date.max.toordinal())
            and made.odds(0.2)
        ):
            assert kind.high is not None
            found.append(f"[{start}..{kind.word(kind.high + 1)})")
        elif high is None:
            found.append(f">= {start}" if made.odds(0.3) else f"{start}..")
        elif low is None:
            found.append(f"< {kind.word(high)}" if made.odds(0.5) else f"..{kind.word(high - 1)}")
        elif made.odds(0.3):
            found.append(f"[{start}..{kind.word(high)})")
        else:
            found.append(f"{start}..{kind.word(high - 1)}" if high - 1 > low else start)
    return found


def test(made: Writer, kind: Kind) -> str:
    """Any cell of a column; in wide tables it mostly asks nothing."""
    if kind.family == "many" or made.odds(0.9 if len(made.pool) > 12 else 0.4):
        return "-"
    if kind.optional and made.odds(0.2):
        return made.chance.choice(("missing", "present"))
    return made.chance.choice(parts(made, kind))


# ---------------------------------------------------------------- tables with rows


Row = dict[str, str]


def _grid_table(made: Writer) -> None:
    chance = made.chance
    count = min(len(made.pool), chance.choice((1, 2, 2, 3, 3, 4)) if len(made.pool) < 12 else 40)
    inputs = chance.sample(made.pool, count)
    days = [each for each in inputs if each.kind.family == "day" and not each.kind.optional]
    versions = bool(days) and made.odds(0.3)
    name = made.name()
    outputs, policy = _outputs(made)
    callees = [*made.tables]
    lives = [""]
    if versions:
        day = chance.choice(days)
        low, high = _ends(day.kind)
        cut = date.fromordinal(chance.randint(low, high - 1))
        after = date.fromordinal(cut.toordinal() + 1)
        by = f" by {day.name}" if len([d for d in inputs if d.kind.family == "day"]) > 1 else ""
        lives = [f" effective ..{cut}{by}", f" effective {after}..{by}"]
    for number, life in enumerate(lives):
        seen = inputs
        if life:
            first = _ends(day.kind)[0] if number == 0 else after.toordinal()
            last = cut.toordinal() if number == 0 else _ends(day.kind)[1]
            lived = Column(day.name, replace(day.kind, low=first, high=last))
            seen = [lived if each is day else each for each in inputs]
        made.texts.append(_written(made, f"{name}{life}", seen, outputs, policy, callees))
    made.tables.append(Made(name, tuple(inputs), tuple(outputs)))


def _outputs(made: Writer) -> tuple[list[Column], str]:
    """What a table answers, and the hit policy that goes with it."""
    chance = made.chance
    policy = chance.choice(POLICIES)
    outputs = []
    for _ in range(1 if policy == "crosstab" else chance.choice((1, 1, 1, 2, 3))):
        outputs.append(Column(made.name(), _output_kind(made, policy)))
    return outputs, policy


def _output_kind(made: Writer, policy: str) -> Kind:
    chance = made.chance
    closed = [each for each in made.kinds if each.members and each.family in ("list", "ordered")]
    if policy in ("collect sum", "collect min", "collect max"):
        return chance.choice((WHOLE, Kind("decimal(2)", "exact", digits=2)))
    if policy == "collect count":
        return WHOLE
    if policy == "priority":
        return optional(chance.choice(closed)) if made.odds(0.3) else chance.choice(closed)
    if policy == "output order":
        return _many("list", chance.choice(closed))
    if policy == "rule order":
        return _many("list", chance.choice(made.kinds))
    if policy == "collect":
        return _many(chance.choice(("list", "set")), chance.choice(made.kinds))
    if made.odds(0.1):
        return _many(chance.choice(("list", "set")), chance.choice(made.kinds))
    if made.odds(0.35):
        kind = chance.choice(
            (
                WHOLE,
                WHOLE,
                Kind("decimal(3)", "exact", digits=3),
                Kind("date", "day", low=700_000, high=750_000),
            )
        )
    else:
        kind = chance.choice(made.kinds)
    return optional(kind) if made.odds(0.25) else kind


def _many(form: str, kind: Kind) -> Kind:
    inner = present(kind)
    is_asked = form == "set" and kind.family in ("list", "ordered")
    family = "sets" if is_asked else "many"
    return replace(inner, declared=f"{form} of {inner.declared}", family=family, low=inner.low)


def _written(
    made: Writer,
    name: str,
    inputs: Sequence[Column],
    outputs: Sequence[Column],
    policy: str,
    callees: Sequence[Made],
) -> str:
    lines = [f"table {name}{made.label()}"]
    if made.odds(0.1):
        lines.append('  "A note, with | and `ticks`."')
    lines += [f"  in  {each.name} : {each.kind.declared}{made.label()}" for each in inputs]
    known = [*inputs]
    for _ in range(made.chance.choice((0, 0, 1, 1, 2, 3))):
        told, found = _step(made, known, callees)
        lines += told
        known += found
    lines += [f"  out {each.name} : {each.kind.declared}{made.label()}" for each in outputs]
    lines += _shown(made, lines, inputs)
    if policy == "crosstab":
        drawn = _crosstab(made, known, outputs[0], callees)
        if drawn:
            return "\n".join([*lines, "", *drawn, ""])
        policy = "unique"
    return "\n".join([*lines, "", *_grid(made, known, outputs, policy, callees), ""])


def _shown(made: Writer, lines: Sequence[str], inputs: Sequence[Column]) -> list[str]:
    """A grid of answers for readers, now and then, of tables that work nothing out."""
    chance = made.showing
    worked_out = any(line.startswith("  let ") and "(" not in line for line in lines)
    if chance.random() > 0.15 or worked_out:
        return []
    columns = chance.sample(inputs, chance.randint(1, min(3, len(inputs))))
    some = [each.name for each in columns]
    side = chance.randint(1, len(some))
    by = f" by {', '.join(some[side:])}" if some[side:] else ""
    title = chance.choice(LABELS)
    fixed = chance.choice(inputs)
    word = chance.choice(fixed.kind.members) if fixed.kind.family in ("list", "flag") else ""
    when = f" when {fixed.name} = {word}" if word and chance.random() < 0.5 else ""
    return [f"  show {', '.join(some[:side])}{by}{title}{when}"]


def _rows(made: Writer, known: Sequence[Column], depth: int) -> list[Row]:
    """Rows that part the columns between them."""
    testable = [each for each in known if each.kind.family != "many"]
    rows: list[Row] = [{}]
    for _ in range(depth):
        row = made.chance.choice(rows)
        free = [each for each in testable if each.name not in row]
        if not free:
            continue
        rows.remove(row)
        column = made.chance.choice(free)
        rows += [{**row, **more} for more in _split(made, column, free)]
    return rows


def _split(made: Writer, column: Column, free: Sequence[Column]) -> list[Row]:
    """A column's values parted, or how it stands to another."""
    family = _compared_as(column.kind)
    beside = [
        each
        for each in free
        if family is not None and each.name != column.name and _compared_as(each.kind) == family
    ]
    if not beside or made.odds(0.5):
        return [{column.name: cell} for cell in parts(made, column.kind)]
    other = made.chance.choice(beside)
    signs = made.chance.choice((("<", ">="), ("<=", ">"), ("<", "=", ">"), ("!=", "=")))
    here = f"{other.name}"
    if column.name == here:
        return [{column.name: "-"}]
    found: list[Row] = []
    if column.kind.optional:
        found.append({column.name: "missing"})
    if other.kind.optional:
        found.append(
            {column.name: "present" if column.kind.optional else "-", other.name: "missing"}
        )
    told = {other.name: "present"} if other.kind.optional else {}
    return [*found, *({column.name: f"{sign} {here}", **told} for sign in signs)]


def _compared_as(kind: Kind) -> tuple[str, ...] | None:
    """What a column may be compared with: numbers, days, or the same ordered list."""
    if kind.is_ranked:
        return (kind.family if kind.family in ("day", *CLOCKS) else "number",)
    return kind.members if kind.family == "ordered" else None


def _grid(
    made: Writer,
    known: Sequence[Column],
    outputs: Sequence[Column],
    policy: str,
    callees: Sequence[Made],
) -> list[str]:
    chance = made.chance
    tested = [each for each in known if each.kind.family != "many" and not made.odds(0.1)]
    depth = chance.choice((0, 1, 2, 3, 5)) if made.odds(0.98) else 25
    lines: list[tuple[str, Row, str]] = []
    under = "unique" if policy == "unique" and made.odds(0.25) else None
    if policy in ("unique", "any"):
        rows = _rows(made, tested, depth)
        alike = _said(made, known, outputs, callees, policy)
        over: list[str] = []
        for number, row in enumerate(rows):
            said = alike if policy == "any" else _said(made, known, outputs, callees, policy)
            if under and len(rows) > 1 and number and made.odds(0.5):
                over.append(f"r{number}")
                lines.append((f"r{number} over base", row, said))
            elif not under:
                lines.append((f"r{number}", row, said))
        if under:
            lines.append(("base", {}, _said(made, known, outputs, callees, policy)))
        if policy == "any" and made.odds(0.5):
            extra = {each.name: test(made, each.kind) for each in tested}
            lines.append(("extra", extra, alike))
        elif policy == "unique" and not under and len(lines) > 1 and made.odds(0.15):
            name, _, _ = lines.pop()
            lines.append(("otherwise", {}, _said(made, known, outputs, callees, policy)))
    else:
        for number in range(min(depth + 1, 8)):
            row = {each.name: test(made, each.kind) for each in tested}
            lines.append((f"r{number}", row, _said(made, known, outputs, callees, policy)))
        lines.append(("otherwise", {}, _said(made, known, outputs, callees, policy, at_last=True)))
    if made.odds(0.15):
        row = {each.name: test(made, each.kind) for each in tested}
        if any(cell != "-" for cell in row.values()):
            lines.insert(chance.randrange(len(lines)), ("never", row, "impossible"))
    if made.odds(0.06) and policy in ("unique", "first"):
        name, row, _ = lines[0]
        lines[0] = (name, row, "draft")
    head = [each.name for each in tested]
    days = [each.name for each in known if each.kind.family == "day"]
    if len(days) == 1 and days[0] in head and made.odds(0.3):
        cells = [row.get(days[0], "-") for _, row, _ in lines]
        if all(cell == "-" or cell.startswith("..") or cell.endswith("..") for cell in cells):
            head = ["effective" if each == days[0] else each for each in head]
    titles = [*(each.name for each in outputs)]
    found = [
        f"  | {policy} | {' | '.join(head)} || {' | '.join(titles)} || because |".replace(
            "|  ||", "||"
        )
    ]
    found.append(f"  |---|{'---|' * len(head)}|{'---|' * len(outputs)}|---|")
    for name, row, answer in lines:
        needs = answer == "impossible" or name == "otherwise" or " over " in name
        middle = " | ".join(row.get(each.name, "-") for each in tested if name != "otherwise")
        marked = () if answer in ("impossible", "draft") else titles
        whole = f"  | {name} | {middle} || {answer} || {made.reason(needs, marked)} |"
        found.append(whole.replace("|  ||", "||"))
    return found


def _crosstab(
    made: Writer, known: Sequence[Column], output: Column, callees: Sequence[Made]
) -> list[str]:
    tested = [each for each in known if each.kind.family != "many"]
    if len(tested) < 2:
        return []
    across = made.chance.choice(tested)
    heads = parts(made, across.kind)
    rest = [each for each in tested if each is not across]
    if len(heads) < 2:
        return []
    rows = _rows(made, rest, made.chance.choice((1, 2)))
    head = " | ".join(each.name for each in rest)
    count = len(heads)
    top = f"{output.name} by {across.name}"
    found = [
        f"  | unique | {head} || {top} || because |",
        f"  |  | {' | '.join('' for _ in rest)} || {' | '.join(heads)} || |",
        f"  |---|{'---|' * len(rest)}|{'---|' * count}|---|",
    ]
    for number, row in enumerate(rows):
        cells = " | ".join(row.get(each.name, "-") for each in rest)
        said = " | ".join(_outcome(made, known, output, callees, "unique") for _ in heads)
        found.append(f"  | r{number} | {cells} || {said} || {made.reason(outputs=[output.name])} |")
    return found


# ---------------------------------------------------------------- outcomes and steps


def _said(
    made: Writer,
    known: Sequence[Column],
    outputs: Sequence[Column],
    callees: Sequence[Made],
    policy: str,
    at_last: bool = False,
) -> str:
    return " | ".join(_outcome(made, known, each, callees, policy, at_last) for each in outputs)


def _outcome(
    made: Writer,
    known: Sequence[Column],
    output: Column,
    callees: Sequence[Made],
    policy: str,
    at_last: bool = False,
) -> str:
    chance, kind = made.chance, output.kind
    if policy == "collect count" and not at_last:
        return chance.choice(("yes", "no"))
    if kind.family == "sets" and made.odds(0.3):
        same = [c.name for c in known if c.kind == kind]
        if same and not policy.startswith("collect"):
            return chance.choice(same)
    if kind.family in ("many", "sets"):
        inner = replace(kind, family=_inner_family(made, kind), declared=kind.declared[3:])
        if at_last or not policy.startswith(("collect", "rule", "output")):
            some = [value(made, inner) for _ in range(chance.randint(0, 2))]
            return ", ".join(dict.fromkeys(some)) or "[]"
        return value(made, inner)
    if not policy.startswith(("collect", "priority", "any")):
        if made.odds(0.2):
            same = [c.name for c in known if fits(c.kind, kind)]
            if same:
                return chance.choice(same)
        if made.odds(0.12):
            alike = [each for each in _askable(callees, known) if _answers(each, kind)]
            if alike:
                return _call(made, chance.choice(alike), known)
        if made.odds(0.5) and kind.is_ranked and kind.low is None and kind.high is None:
            told, result = _arithmetic(made, known)
            is_number = kind.family in ("whole", "exact") and result.family in ("whole", "exact")
            is_held = result.digits <= kind.digits and (kind.optional or not result.optional)
            if told and is_number and is_held:
                return told
    return value(made, kind)


def _answers(table: Made, kind: Kind) -> bool:
    """Whether a call of the table may stand alone as an outcome of that kind."""
    return len(table.outputs) == 1 and fits(table.outputs[0].kind, kind)


def _inner_family(made: Writer, kind: Kind) -> str:
    """The family of the items of a list."""
    named = kind.declared.split(" of ", 1)[1]
    return next(each.family for each in made.kinds if each.declared == named)


def fits(kind: Kind, wanted: Kind) -> bool:
    """Whether every value of one kind is one of the other."""
    if kind.optional and not wanted.optional:
        return False
    if not kind.is_ranked:
        is_told = wanted.family == "text" and kind.family in ("list", "ordered")
        return is_told or present(kind) == present(wanted)
    more = wanted.digits - kind.digits
    becomes_decimal = kind.family == "whole" and wanted.family == "exact"
    one = [None if end is None else end * 10 ** max(more, 0) for end in (kind.low, kind.high)]
    other = (wanted.low, wanted.high)
    low = other[0] is None or (one[0] is not None and one[0] >= other[0])
    high = other[1] is None or (one[1] is not None and one[1] <= other[1])
    return (becomes_decimal or kind.family == wanted.family) and more >= 0 and low and high


def _askable(callees: Sequence[Made], known: Sequence[Column]) -> list[Made]:
    """The tables for which there is a column for each set that they take: no call says one by itself."""
    there = [each.kind for each in known]
    return [
        each
        for each in callees
        if all(wanted.kind.family != "sets" or wanted.kind in there for wanted in each.inputs)
    ]


def _call(made: Writer, callee: Made, known: Sequence[Column]) -> str:
    given = []
    for wanted in callee.inputs:
        fitting = [c.name for c in known if fits(c.kind, wanted.kind)]
        if fitting and (made.odds(0.75) or wanted.kind.family == "sets"):
            given.append(made.chance.choice(fitting))
        else:
            given.append(value(made, wanted.kind))
    return f"{callee.name}({', '.join(given)})"


def _step(
    made: Writer, known: Sequence[Column], callees: Sequence[Made]
) -> tuple[list[str], list[Column]]:
    """A `let`, and the columns that it makes."""
    chance, name = made.chance, made.name()
    callees = _askable(callees, known)
    if not callees or made.odds(0.4):
        told, kind = _arithmetic(made, known)
        if not told:
            return [], []
        return [f"  let {name} = {told}{made.label()}"], [Column(name, kind)]
    callee = chance.choice(callees)
    guard, inside = "", [*known]
    tested = [each for each in known if each.kind.family != "many"]
    has_lists = any(each.kind.family in ("many", "sets") for each in callee.outputs)
    if tested and not has_lists and made.odds(0.3):
        column = chance.choice(tested)
        cell = (
            "present"
            if column.kind.optional and made.odds(0.6)
            else chance.choice(parts(made, column.kind))
        )
        is_whole = column.kind.family == "sets" and not re.search(" (and|or) ", cell)
        if cell != "-" and (is_whole or " " not in cell.strip()):
            guard = f" when {column.name} = {cell}"
            if cell == "present":
                inside = [Column(c.name, present(c.kind)) if c is column else c for c in known]
    if not has_lists and made.odds(0.5) and (narrow := _narrowing(made, known, callee)):
        column, wanted, cell = narrow
        guard = f" when {column.name} = {cell}"
        inside = [Column(c.name, wanted) if c is column else c for c in known]
    asked = _call(made, callee, inside)
    outputs = list(callee.outputs)
    if len(outputs) > 1 and made.odds(0.5):
        found = [Column(f"{name}.{each.name}", each.kind) for each in outputs]
    elif len(outputs) > 1:
        chosen = chance.choice(outputs)
        asked, found = f"{asked}.{chosen.name}", [Column(name, chosen.kind)]
    else:
        found = [Column(name, outputs[0].kind)]
    if guard:
        found = [Column(each.name, optional(each.kind)) for each in found]
    return [f"  let {name} = {asked}{made.label()}{guard}"], found


def _narrowing(
    made: Writer, known: Sequence[Column], callee: Made
) -> tuple[Column, Kind, str] | None:
    """A column that does not fit into an input of the table asked, that input's kind, and what makes it fit."""
    found = []
    for column in known:
        for wanted in callee.inputs:
            if fits(column.kind, wanted.kind) or column.kind.family != wanted.kind.family:
                continue
            if column.kind.is_ranked and column.kind.digits == wanted.kind.digits:
                low, high = _ends(wanted.kind)
                first, last = _ends(column.kind)
                if max(low, first) <= min(high, last):
                    ends = max(low, first), min(high, last)
                    cell = f"{column.kind.word(ends[0])}..{column.kind.word(ends[1])}"
                    found.append((column, present(wanted.kind), cell))
            elif common := [each for each in column.kind.members if each in wanted.kind.members]:
                found.append((column, present(wanted.kind), ", ".join(common)))
    return made.chance.choice(found) if found else None


def _arithmetic(made: Writer, known: Sequence[Column]) -> tuple[str, Kind]:
    """Something worked out, and its kind; an empty text where there is nothing to work with."""
    chance = made.chance
    numbers = [each for each in known if each.kind.family in ("whole", "exact")]
    days = [each for each in known if each.kind.family == "day"]
    narrow = [each for each in days if (each.kind.low or 0) > 1000]
    if narrow and (not numbers or made.odds(0.4)):
        one, two = chance.choice(narrow), chance.choice(narrow)
        either = one.kind.optional or two.kind.optional
        count = _number(0, either, None)
        month_end = chance.choice(("", " or last day", " or next day"))
        moved = replace(one.kind, low=one.kind.high, high=one.kind.high)
        return chance.choice(
            (
                (f"{one.name} + {chance.randint(1, 40)} days", moved),
                (f"{one.name} - {chance.randint(1, 14)} months{month_end}", moved),
                (f"{one.name} - {two.name}", count),
                (f"years between {one.name} and {two.name}{month_end}", count),
            )
        )
    if not numbers:
        return "", WHOLE
    one, two = chance.choice(numbers), chance.choice(numbers)
    a, b = one.kind, two.kind
    either = a.optional or b.optional
    scale = max(a.digits, b.digits)
    left, right = _scaled(a, scale), _scaled(b, scale)
    some = chance.randint(1, 9)
    form = chance.randrange(10)
    if form == 0:
        return f"{one.name} + {two.name}", _number(scale, either, _sums(left, right))
    if form == 1:
        turned = (_times(right[1], -1), _times(right[0], -1))
        return f"{one.name} - {two.name}", _number(scale, either, _sums(left, turned))
    if form == 2:
        own = (a.low, a.high)
        return f"{one.name} * {some}", _number(
            a.digits, a.optional, (_times(own[0], some), _times(own[1], some))
        )
    if form == 3:
        step = some * 10**a.digits
        return f"{some} + {one.name}", _number(
            a.digits, a.optional, _sums((a.low, a.high), (step, step))
        )
    if form == 4:
        ends = None
        if None not in (a.low, a.high, b.low, b.high):
            corners = [m * n for m in (a.low, a.high) for n in (b.low, b.high)]  # type: ignore[operator]
            ends = (min(corners), max(corners))
        return f"{one.name} * {two.name}", _number(a.digits + b.digits, either, ends)
    if form == 5:
        lows = [left[0], right[0]]
        low = None if None in lows else min(each for each in lows if each is not None)
        highs = [each for each in (left[1], right[1]) if each is not None]
        return f"min({one.name}, {two.name})", _number(
            scale, either, (low, min(highs, default=None))
        )
    if form == 6:
        return f"abs({one.name})", _number(a.digits, a.optional, None)
    if form == 7:
        return f"round({one.name} / {some}, 0, half up)", _number(0, a.optional, None)
    if form == 8:
        return f"round({one.name} / {two.name}, 0, floor)", _number(
            0, either or _holds_zero(b), None
        )
    return f"round({one.name} * 3, 0, half even)", _number(0, a.optional, None)


Ends = tuple[int | None, int | None]


def _number(digits: int, is_optional: bool, ends: Ends | None) -> Kind:
    """A number that is worked out; what is not known to be reached is not cut."""
    low, high = ends or (0, 0)
    spelt = f"decimal({digits})" if digits else "int"
    made = Kind(spelt, "exact" if digits else "whole", low=low, high=high, digits=digits)
    made = made if ends else replace(made, declared="worked out")
    return optional(made) if is_optional else made


def _holds_zero(kind: Kind) -> bool:
    return (kind.low is None or kind.low <= 0) and (kind.high is None or kind.high >= 0)


def _scaled(kind: Kind, digits: int) -> Ends:
    by = 10 ** (digits - kind.digits)
    return _times(kind.low, by), _times(kind.high, by)


def _times(rank: int | None, by: int) -> int | None:
    return None if rank is None else rank * by


def _sums(one: Ends, other: Ends) -> Ends:
    low = None if one[0] is None or other[0] is None else one[0] + other[0]
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return low, high


# ---------------------------------------------------------------- decisions, and what never happens


def _decision(made: Writer) -> None:
    chance = made.chance
    inputs = chance.sample(made.pool, min(len(made.pool), chance.randint(1, 6)))
    lines = [f"decision {made.name()}{made.label()}"]
    lines += [f"  in  {each.name} : {each.kind.declared}{made.label()}" for each in inputs]
    known = [*inputs]
    for _ in range(chance.randint(1, 3)):
        told, found = _step(made, known, made.tables)
        lines += told
        known += found
    made_of = [each for each in known if "." not in each.name] or known
    outputs = []
    for _ in range(chance.randint(1, 3)):
        column = chance.choice(made_of)
        form = chance.randrange(3)
        if form == 0 and column not in outputs:
            lines.append(f"  out {column.name}")
            outputs.append(column)
        elif form == 1:
            wider = [each for each in (TEXT, WHOLE, EXACT) if fits(column.kind, each)]
            said = ""
            if wider and made.odds(0.5):
                said = f" : {chance.choice(wider).declared}"
            lines.append(f"  out {made.name()}{said} = {column.name}{made.label()}")
        else:
            kind = chance.choice(made.kinds)
            lines.append(
                f"  out {made.name()} : {kind.declared} = {value(made, kind)}{made.label()}"
            )
    made.texts.append("\n".join([*lines, ""]))


def _never(made: Writer) -> None:
    """What cannot happen in any table."""
    some = [each for each in made.pool if len(each.kind.members) > 1 or each.kind.is_ranked]
    if not some:
        return
    lines = [f'impossible {made.name()} "so it is"']
    for column in made.chance.sample(some, min(len(some), made.chance.randint(1, 2))):
        cells = [cell for cell in parts(made, column.kind) if cell != "-"]
        if cells:
            lines.append(f"  {column.name} = {made.chance.choice(cells)}")
    lines.append(f"  because {made.reason(True)}")
    made.texts.append("\n".join([*lines, ""]))
