"""What people type by habit from sheets, rule engines and other languages, and how the language says it.

Each row of `HABITS` and `ADVICE` is one habit. Nothing here is an alias: a finding says what to write, in
terms of the column's kind, and where two readings are possible it asks with both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gapless_dsl.lexis import BARE


class Kind(StrEnum):
    """What a column holds, as far as it matters to what is typed in it."""

    NUMBER = "number"
    DAY = "day"
    CLOCK = "time"
    TRUTH = "bool"
    TEXT = "text"
    LIST = "closed list"


KINDS = {
    "int": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "date": Kind.DAY,
    "time": Kind.CLOCK,
    "datetime": Kind.CLOCK,
    "bool": Kind.TRUTH,
    "text": Kind.TEXT,
}
"""By the type's name."""

MEANT = "if that is meant"


class Offer(NamedTuple):
    """What may have been meant, and when it was."""

    text: str
    when: str = MEANT


Reading: TypeAlias = Callable[[re.Match[str]], str | None]
"""What a habit is in the language; None where it cannot be that."""


class Habit(NamedTuple):
    """`pattern` stands for each of `readings`, in columns of these kinds; with none, in all.

    Every place that matches is read in the same way, so that two days of a cell are of one calendar.
    """

    pattern: re.Pattern[str]
    readings: tuple[tuple[str | Reading, str], ...]
    kinds: tuple[Kind, ...] = ()
    start: str = ""


class Advice(NamedTuple):
    """What to do about a habit that no other text can be put in the place of."""

    pattern: re.Pattern[str]
    said: str
    kinds: tuple[Kind, ...] = ()
    start: str = ""


def offers(start: str, text: str, kind: Kind | None) -> Iterator[Offer]:
    """What a cell or a word may have been meant to be, the likeliest first; `kind` is None if not known."""
    found = [Offer(text)]
    for habit in HABITS:
        if _concerns(habit, start, kind) and any(habit.pattern.search(each.text) for each in found):
            found = [new for each in found for new in _read(habit, each)]
    yield from dict.fromkeys(each for each in found if each.text != text)


def advice(start: str, text: str, kind: Kind | None) -> Iterator[str]:
    """What else to do about it."""
    for each in ADVICE:
        if _concerns(each, start, kind) and each.pattern.search(text):
            yield each.said
            return


_LOOKS = {
    Kind.NUMBER: re.compile(r"(?!.*[0-9]{4}-[0-9]{2}|.*[0-9]:[0-9]).*[0-9].*"),
    Kind.DAY: re.compile(r".*[0-9]{4}-[0-9]{2}-[0-9]{2}(?!T).*"),
    Kind.CLOCK: re.compile(r".*[0-9]:[0-9]{2}.*"),
    Kind.TRUTH: re.compile(r"(?:not )?(?:yes|no)"),
}


def may_be(text: str, kind: Kind | None) -> bool:
    """Whether a cell looks as those of a column do that holds this."""
    looks = None if kind is None else _LOOKS.get(kind)
    return (
        looks is None or text in ("-", "^", "", "missing", "present") or bool(looks.fullmatch(text))
    )


def _concerns(row: Habit | Advice, start: str, kind: Kind | None) -> bool:
    return row.start in ("", start) and (kind is None or not row.kinds or kind in row.kinds)


def _read(habit: Habit, offer: Offer) -> Iterator[Offer]:
    places = [*habit.pattern.finditer(offer.text)]
    if not places:
        yield offer
        return
    read = [(_said(reading, places, offer.text), when) for reading, when in habit.readings]
    possible = [(new, when) for new, when in read if new is not None]
    for new, when in possible:
        if offer.when != MEANT or (len(read) > len(possible) == 1):
            when = offer.when
        yield Offer(new, when)


def _said(reading: str | Reading, places: list[re.Match[str]], text: str) -> str | None:
    new, at = "", 0
    for place in places:
        said = place.expand(reading) if isinstance(reading, str) else reading(place)
        if said is None:
            return None
        new += text[at : place.start()] + said
        at = place.end()
    return new + text[at:]


# ---------------------------------------------------------------- days

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"


def _day(found: re.Match[str]) -> str | None:
    """The groups `year`, `month` and `day` as a day, if the calendar has it."""
    year, month, day = found["year"], found["month"].casefold(), found["day"]
    number = _MONTHS.index(month[:3]) + 1 if month[0].isalpha() else int(month)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None


def _month_first(found: re.Match[str]) -> str | None:
    try:
        return date(int(found["year"]), int(found["day"]), int(found["month"])).isoformat()
    except ValueError:
        return None


def _all_of_month(found: re.Match[str]) -> str | None:
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not 1 <= year <= 9998:
        return None
    after = date(year + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(after.toordinal() - 1)
    return f"{found[1]}-{found[2]}-01..{last}"


# ---------------------------------------------------------------- numbers

_NUMBER = r"-?[0-9][0-9_]*(?:\.[0-9]+)?"


def _grouped(found: re.Match[str]) -> str:
    whole, _, part = re.sub(r"[\s'’]", "", found[0]).replace(",", ".").partition(".")
    return f"{whole}.{part}" if part else whole


def _hundredth(found: re.Match[str]) -> str:
    return format((Decimal(found[1].replace("_", "")) / 100).normalize(), "f")


def _mirrored(found: re.Match[str]) -> str:
    """`18 < age` as `> 18`."""
    return f"{found[2].translate(str.maketrans('<>', '><'))} {found[1]}"


# ---------------------------------------------------------------- the habits


def _of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _as(*readings: str | Reading) -> tuple[tuple[str | Reading, str], ...]:
    return tuple((each, MEANT) for each in readings)


def _prefix(found: re.Match[str]) -> str:
    text = found["begin"]
    bare = text if BARE.fullmatch(text) else f'"{text}"'
    return f"{'not ' if found['not'] else ''}{bare}*"


_DAYS, _NUMBERS = (Kind.DAY,), (Kind.NUMBER,)
_TIMED = (Kind.DAY, Kind.CLOCK)
_SPANNED = (Kind.NUMBER, Kind.DAY, Kind.CLOCK, Kind.LIST)
_NAMES = (Kind.LIST, Kind.TEXT)
_IN, _OUT = "condition", "outcome"
_NO_WORD = r"(?:to|through|thru|until|and|or|up|over|above|more|older|days?|months?|years?)\b"
_UNIT = "; the unit belongs in the column's label"
_END = r"([^\s,;]+)"

HABITS = (
    # What stands for no condition, or for no value.
    Habit(_of(r"^(?:any|all|anything|everything|any value|whatever|_)$"), _as("-"), (), _IN),
    Habit(
        _of(r"^(?:else|default|others?)$"),
        (("-", "or `otherwise`, alone in the conditions of the last row"),),
        (),
        _IN,
    ),
    Habit(_of(r"^n/a$"), _as("missing")),
    Habit(
        _of(r"^(?:none|nothing|empty|blank|unknown)$"),
        (("missing", "if there is no value"),),
        (Kind.NUMBER, Kind.DAY, Kind.CLOCK, Kind.TRUTH),
    ),
    # Days.
    Habit(
        _of(r"\bdate\s*\(\s*[\"']([0-9-]+)[\"']\s*\)|\bdate\s*'([0-9-]+)'"), _as(r"\1\2"), _TIMED
    ),
    Habit(
        _of(r"#([0-9]{4}-[0-9]{2}-[0-9]{2})#|'([0-9]{4}-[0-9]{2}-[0-9]{2})'"), _as(r"\1\2"), _TIMED
    ),
    Habit(
        _of(
            r"\bdate\s*\(\s*(?P<year>[0-9]{4})\s*,\s*(?P<month>[0-9]{1,2})\s*,\s*(?P<day>[0-9]{1,2})\s*\)"
        ),
        _as(_day),
        _TIMED,
    ),
    Habit(
        _of(
            r"(?<![\w./-])(?P<year>[0-9]{4})(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})(?![\w/-])"
        ),
        _as(_day),
        _TIMED,
    ),
    Habit(
        _of(
            r"(?<![\w./-])(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![\w/-])"
        ),
        _as(_day),
        _DAYS,
    ),
    Habit(
        _of(
            r"(?<![\w/-])(?P<day>[0-9]{1,2})(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})(?![\w/-])"
        ),
        ((_day, "if the day stands first"), (_month_first, "if the month stands first")),
        _TIMED,
    ),
    Habit(
        _of(rf"\b(?P<day>[0-9]{{1,2}})\.?\s+{_NAMED}\s+(?P<year>[0-9]{{4}})\b"), _as(_day), _TIMED
    ),
    Habit(
        _of(rf"\b{_NAMED}\s+(?P<day>[0-9]{{1,2}}),?\s+(?P<year>[0-9]{{4}})\b"), _as(_day), _TIMED
    ),
    Habit(_of(r"^([0-9]{4})-([0-9]{2})$"), _as(_all_of_month), _DAYS, _IN),
    Habit(_of(r"^([0-9]{4})$"), _as(r"\1-01-01..\1-12-31"), _DAYS, _IN),
    Habit(
        _of(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\s+([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"),
        _as(r"\1T\2"),
        (Kind.CLOCK,),
    ),
    # Numbers.
    Habit(
        _of(r"(?<![\w.,])-?[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?(?![\w.,])"),
        _as(_grouped),
        _NUMBERS,
    ),
    Habit(
        _of(rf"(?<!\w)(?<!\w\.)({_NUMBER})\s*%"),
        ((_hundredth, "as a part of one"), (r"\1", "if the column is in percent")),
        _NUMBERS,
    ),
    Habit(
        _of(rf"(-?)(?:[$€£¥]|\b(?!(?:NOT|AND|MAX|MIN)\b)[A-Z]{{3}}\s)\s*({_NUMBER})(?!\w|\.\w)"),
        ((r"\1\2", MEANT + _UNIT),),
        _NUMBERS,
    ),
    Habit(
        _of(
            rf"(?<!\w)(?<!\w\.)({_NUMBER})\s*(?:[$€£¥]|(?!{_NO_WORD})[a-zµ°]+[²³23]?(?:/[a-z]+[²³23]?)?)(?![\w(])"
        ),
        ((r"\1", MEANT + _UNIT),),
        _NUMBERS,
    ),
    # Truths.
    Habit(_of(r"^(?:1|on|ja|oui|sí|✓|✔|true\(\))$"), _as("yes"), (Kind.TRUTH,)),
    Habit(_of(r"^(?:0|off|nein|non|✗|✘|false\(\))$"), _as("no"), (Kind.TRUTH,)),
    Habit(_of(r"^x$"), _as("yes", "no"), (Kind.TRUTH,)),
    # Ranges.
    Habit(_of(rf"^({_NUMBER})\s*(<=?|>=?)\s*[a-z_]\w*$"), _as(_mirrored), _NUMBERS, _IN),
    Habit(_of(rf"^[a-z_]\w*\s*(<=?|>=?)\s*({_NUMBER})$"), _as(r"\1 \2"), _NUMBERS, _IN),
    Habit(_of(rf"^{_END}\s*<=\s*\w+\s*<=\s*{_END}$"), _as(r"\1..\2"), _SPANNED, _IN),
    Habit(_of(rf"^{_END}\s*<=\s*\w+\s*<\s*{_END}$"), _as(r"[\1..\2)"), _SPANNED, _IN),
    Habit(_of(rf"^{_END}\s*<\s*\w+\s*<=\s*{_END}$"), _as(r"(\1..\2]"), _SPANNED, _IN),
    Habit(_of(rf"^{_END}\s*<\s*\w+\s*<\s*{_END}$"), _as(r"(\1..\2)"), _SPANNED, _IN),
    Habit(
        _of(r"^([\[(])\s*([^\s;,]+)\s*;\s*([^\s;,]+)\s*([\])])$"), _as(r"\1\2..\3\4"), _SPANNED, _IN
    ),
    Habit(_of(rf"^({_NUMBER}):({_NUMBER})$"), _as(r"\1..\2"), _NUMBERS, _IN),
    Habit(_of(rf"^from\s+{_END}\s+(?:to|through|until)\s+{_END}$"), _as(r"\1..\2"), _SPANNED, _IN),
    Habit(
        _of(rf"^{_END}\s+until\s+{_END}$"),
        ((r"\1..\2", "if the end is meant too"), (r"[\1..\2)", "if it is not")),
        _SPANNED,
        _IN,
    ),
    Habit(_of(rf"^({_NUMBER})\s+and\s+({_NUMBER})$"), _as(r"\1..\2", r"\1, \2"), _NUMBERS, _IN),
    Habit(_of(r"\.\.\s*(?:\*|[+]?∞|[+]?inf(?:inity)?|max|end)$"), _as(".."), _SPANNED, _IN),
    Habit(_of(r"^(?:\*|-?∞|-?inf(?:inity)?|min|start)\s*\.\."), _as(".."), _SPANNED, _IN),
    Habit(
        _of(rf"^({_NUMBER})\s*(?:\+|(?:or|and)\s+(?:more|over|above|older|up))$"),
        _as(r"\1.."),
        (),
        _IN,
    ),
    Habit(
        _of(rf"^(?:at least|from|min(?:imum)?|since|starting|as of|on or after)\s+{_END}$"),
        _as(r"\1.."),
        _SPANNED,
        _IN,
    ),
    Habit(
        _of(rf"^(?:at most|up to|max(?:imum)?|through|on or before)\s+{_END}$"),
        _as(r"..\1"),
        _SPANNED,
        _IN,
    ),
    Habit(
        _of(rf"^(?:until|till|by)\s+{_END}$"),
        ((r"..\1", "if it is meant too"), (r"< \1", "if it is not")),
        _SPANNED,
        _IN,
    ),
    Habit(_of(rf"^(?:under|below|less than|before)\s+{_END}$"), _as(r"< \1"), _SPANNED, _IN),
    Habit(
        _of(rf"^(?:over|above|more than|greater than|after)\s+{_END}$"), _as(r"> \1"), _SPANNED, _IN
    ),
    # Texts by their beginnings.
    Habit(
        _of(
            r"^(?P<not>not )?(?:start|begin)(?:s|ing)?[ _]?with[ (]+[\"']?(?P<begin>[^\"'%*]+?)[\"']?\)?$"
        ),
        _as(_prefix),
        _NAMES,
        _IN,
    ),
    Habit(
        _of(r"^(?P<not>not )?like\s+[\"'](?P<begin>[^\"'%_]+)%[\"']$"), _as(_prefix), _NAMES, _IN
    ),
    Habit(
        _of(r"^(?P<not>)(?P<begin>[^\s\"'%_*]+)(?:%|\.\.\.|…)$"), _as(_prefix), (Kind.TEXT,), _IN
    ),
    # Sets.
    Habit(_of(r"^(?:contains|includes)\s+(.+)$"), _as(r"any of \1"), (Kind.LIST,), _IN),
    Habit(_of(r"^not\s+any\s+of\s+(.+)$"), _as(r"none of \1"), (Kind.LIST,), _IN),
    Habit(_of(r"^(any|all|none)\s+of\s*[\[(](.+)[\])]$"), _as(r"\1 of \2"), (Kind.LIST,), _IN),
    Habit(_of(r"^count\s*(?:>=|≥)\s*([0-9]+)(.*)$"), _as(r"count \1..\2"), (Kind.LIST,), _IN),
    Habit(_of(r"^count\s*(?:<=|≤)\s*([0-9]+)(.*)$"), _as(r"count ..\1\2"), (Kind.LIST,), _IN),
    # Several values, or all but some.
    Habit(
        _of(
            r"^(?:(?:all|any|anything|everything)\s+)?(?:except|but|excluding|other than|is not)(?:\s+for)?\s+(.+)$"
        ),
        _as(r"not \1"),
        (),
        _IN,
    ),
    Habit(_of(r"^~\s*(.+)$"), _as(r"not \1"), (), _IN),
    Habit(_of(r"^(?:is\s+not|(?:is\s+)?not\s+in)\s*[\[({](.+)[\])}]$"), _as(r"not \1"), (), _IN),
    Habit(_of(r"^not\s*[\[{](.+)[\]}]$"), _as(r"not \1"), (), _IN),
    Habit(_of(r"^(?:is\s+)?not\s+in\s+(.+)$"), _as(r"not \1"), (), _IN),
    Habit(_of(r"^(?:(?:is\s+)?in|one of|is one of)\s*[\[({](.+)[\])}]$"), _as(r"\1"), (), _IN),
    Habit(_of(r"^(?:in|is|one of|either|equals?)\s+(.+)$"), _as(r"\1"), (), _IN),
    Habit(_of(r"^[\[({](?!.*\.\.)([^\[\](){};]+)[\])}]$"), _as(r"\1"), (), _IN),
    Habit(_of(r"\s*(?:/|\+|&|\band\b)\s*"), _as(", "), (Kind.LIST,), _IN),
)
"""In this order, each upon the one before; the first of a cell's texts that can be read is offered."""

_NO_PART = (
    "texts are told apart by how they begin, `77*`, or by all of them: list the ones that are meant"
)

_TODAY = _of(r"\b(?:today|now|current_?date|current_?timestamp|sysdate|getdate)\b")


def _now(of: str, start: str) -> str:
    told = f"no table reads the calendar: give it an input, `in today : {of}`, and write "
    return told + ("`= today`, `< today` or `>= today`" if start == _IN else "`today`")


_DRAFT = "while the answer is to be decided, write `draft`, alone in the outcomes"

DOUBTFUL = (
    Advice(_of(r"tbd|tbc|todo|fixme|xxx"), _DRAFT, (Kind.TEXT,), _OUT),
    Advice(
        _of(r"any|anything|everything"), "if anything may stand here, write `-`", (Kind.TEXT,), _IN
    ),
    Advice(
        _of(r"else"),
        "for all that is left, write `otherwise`, alone in the conditions of the last row",
        (Kind.TEXT,),
        _IN,
    ),
)
"""Words that could be a text, and seldom are."""

ADVICE = (
    Advice(
        _of(
            r"^(?:\?+|tbd|tbc|todo|fixme|xxx|pending|open|to be (?:decided|defined|done|confirmed))\.?$"
        ),
        _DRAFT,
        (),
        _OUT,
    ),
    *(
        Advice(_TODAY, _now(of, start), (kind,), start)
        for kind, of in ((Kind.DAY, "date"), (Kind.CLOCK, "datetime"))
        for start in (_IN, _OUT)
    ),
    Advice(
        _of(r"^(?:\*.+|ends?\s*with\b.*|contains\b.*|like\b.*%.*%.*)$"), _NO_PART, (Kind.TEXT,), _IN
    ),
    Advice(
        _of(r"(?<![\w.])[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}(?![\w/-])"),
        "write the day with all digits of its year, `2026-01-31`",
        _TIMED,
    ),
)
