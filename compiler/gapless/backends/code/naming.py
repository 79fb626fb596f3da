"""What things are called in Python: names from the author's names, types, and values.

Names are legal, unclashing, and the same on every run.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias, assert_never

from gapless.backends.code.layout import Comparison, Expression, Group, Quote, items
from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    Instant,
    IntType,
    ListType,
    OptionalType,
    Scalar,
    ScalarType,
    SetType,
    TextType,
    TimeType,
    Type,
    Value,
    is_end,
    written,
)

_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]+")

LONGEST = 60
"""How long a private name may be: with it a line can always be broken."""

SPOKEN = frozenset(
    {
        *("bool", "datetime", "frozenset", "int", "object", "str", "tuple", "type", "uses"),
        *("ArithmeticError", "AssertionError", "LookupError"),
        *("Decimal", "False", "None", "True", "ValueError", "__debug__"),
    }
)
"""Names that the bodies of generated functions say, so that no argument may take them."""

_TUPLE = frozenset({"count", "index"})
"""What every tuple has, and so no field of a result."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one scope, given out one by one: first come, first served."""

    taken: set[str] = field(default_factory=set)
    numbered: dict[str, int] = field(default_factory=dict)
    """Up to which number each wish was given out, so that nobody counts from 2 again."""

    def take(self, *wishes: str) -> str:
        """The first wish that is free, or else the last one, numbered from 2."""
        last = wishes[-1]
        name = next((wish for wish in wishes if wish not in self.taken), last)
        while name in self.taken:
            self.numbered[last] = self.numbered.get(last, 1) + 1
            name = f"{last}_{self.numbered[last]}"
        self.taken.add(name)
        return name


def identifier(text: str) -> str:
    """`text` as an identifier that is no keyword: `non-medicare` is `non_medicare`, `class` is `class_`."""
    word = _NO_IDENTIFIER.sub("_", text).strip("_") or "x"
    if word[0].isdigit():
        word = f"x{word}"
    return f"{word}_" if keyword.iskeyword(word) else word


def camel(text: str) -> str:
    """`guidance_line` is `GuidanceLine`; what already has capitals keeps them."""
    parts = identifier(text).rstrip("_").split("_")
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"{name}_" if keyword.iskeyword(name) else name


def upper(*texts: str) -> str:
    """`GuidanceLine`, `77387-TC` is `_GUIDANCE_LINE_77387_TC`: a private constant."""
    apart = (_HUMP.sub(r"\1_\2", text) for text in texts)
    words = (_NO_IDENTIFIER.sub("_", text).strip("_") for text in apart)
    return f"_{'_'.join(word for word in words if word).upper()}"[:LONGEST]


def module(policy: str) -> str:
    """The name of a policy's module, which never stands in the way of one of Python's own.

    Run from its own folder, `numbers.py` would be what all of Python gets for `import numbers`.
    """
    name = identifier(policy)
    return f"{name}_" if name in STANDARD else name


def kind_of_name(name: str) -> tuple[bool, bool, list[tuple[int, str]]]:
    """Capitals first, then what begins with one; numbers within names count as numbers."""
    parts = re.split(r"([0-9]+)", name)
    natural = [(int(part), "") if part.isdigit() else (0, part) for part in parts]
    return not (name.isupper() and len(name) > 1), not name[0].isupper(), natural


def arguments(columns: Iterable[str], avoid: Iterable[str]) -> dict[str, str]:
    """A name for each column as an argument, by column."""
    names = Names({*SPOKEN, *avoid})
    return {column: names.take(identifier(column), f"{identifier(column)}_") for column in columns}


def fields(columns: Iterable[str], avoid: Iterable[str]) -> dict[str, str]:
    """A name for each output as a field of a result, by column."""
    names = Names({*SPOKEN, *_TUPLE, *avoid})
    return {column: names.take(identifier(column), f"{identifier(column)}_") for column in columns}


_STANDARD = """
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop
base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs
codeop collections colorsys compileall compression concurrent configparser contextlib
contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis
distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput
fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip
hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools
json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap
modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
poplib posix posixpath pprint profile profiling pstats pty pwd py_compile pyclbr pydoc
pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched
secrets select selectors shelve shlex shutil signal site sitecustomize smtpd smtplib sndhdr
socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib
tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace
traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib
usercustomize uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml
xmlrpc zipapp zipfile zipimport zlib zoneinfo
"""
STANDARD = frozenset(_STANDARD.split())
"""Those of 3.11 and all later ones, and the two that a start of Python looks for.

Written down, because output must not depend on the Python that makes it. Names that begin with `_`
are not among them: no generated module has such a name.
"""


# ---------------------------------------------------------------- types and values

Number: TypeAlias = int | Decimal | Instant

Aliases: TypeAlias = Mapping[EnumerationType, str]
"""The `Literal` alias of each enumeration."""


def annotation(type: Type, aliases: Aliases) -> str:
    """The type of a value in an annotation."""
    match type:
        case OptionalType(of):
            return f"{_scalar(of, aliases)} | None"
        case ListType(of):
            return f"tuple[{_scalar(of, aliases)}, ...]"
        case SetType(of):
            return f"frozenset[{_scalar(of, aliases)}]"
        case _:
            return _scalar(type, aliases)


def _scalar(type: ScalarType, aliases: Aliases) -> str:
    match type:
        case EnumerationType():
            return aliases[type]
        case BoolType():
            return "bool"
        case IntType():
            return "int"
        case DecimalType():
            return "Decimal"
        case DateType():
            return "datetime.date"
        case TimeType():
            return "datetime.time"
        case DatetimeType():
            return "datetime.datetime"
        case TextType():
            return "str"
    assert_never(type)


def expression(value: Value) -> Expression:
    """`value`, written out where it stands."""
    match value:
        case None | bool():
            return str(value)
        case str():
            return Quote("", value)
        case int():
            return number(value)
        case Decimal():
            written = f"{value:f}"
            return f'Decimal("{written}")' if "." in written else f"Decimal({number(int(value))})"
        case time():
            return f"datetime.time({_clock(value)})"
        case datetime():
            return f"datetime.datetime({value.year}, {value.month}, {value.day}, {_clock(value)})"
        case date():
            return f"datetime.date({value.year}, {value.month}, {value.day})"
        case tuple():
            return items(*(expression(each) for each in value))
        case frozenset():
            return collection(value)
    assert_never(value)


def _clock(value: time | datetime) -> str:
    return f"{value.hour}, {value.minute}{f', {value.second}' * bool(value.second)}"


def collection(members: frozenset[Scalar | None]) -> Expression:
    """A set, in an order of its own."""
    if not members:
        return "frozenset()"
    inner = tuple(expression(each) for each in sorted(members, key=_order))
    return Group("frozenset(", (Group("{", inner, "}"),))


def number(value: int) -> str:
    """`30_000`, `2026`: digits are grouped from five on."""
    return f"{value:_}" if abs(value) >= 10_000 else str(value)


@dataclass(frozen=True, slots=True)
class Constants:
    """Named values that the functions of one module compare with, in the order of their need."""

    names: Names
    known: dict[tuple[str, Value, str], str] = field(default_factory=dict)
    """By kind, by value, and by how a decimal is written: 0.5 is not 0.50 for who reads it."""

    def name(self, value: Value, *wishes: str) -> str:
        """The name of `value`, the first wish for it that is free where it has none yet."""
        key = (type(value).__name__, value, str(value) if isinstance(value, Decimal) else "")
        if key not in self.known:
            self.known[key] = self.names.take(*wishes)
        return self.known[key]

    def in_order(self) -> list[tuple[Value, str]]:
        """Every value with its name, those of one kind together, ascending."""
        keys = sorted(self.known, key=_kind_and_value)
        return [(key[1], self.known[key]) for key in keys]

    def amount(self, value: Decimal) -> str:
        """A decimal by a name of its own."""
        return self.name(value, upper("minus" if value < 0 else "", f"{abs(value):f}"))

    def outside(self, name: str, low: Number | None, high: Number | None) -> Comparison | None:
        """The test that what lies below `low` or above `high` passes; None if nothing does."""
        within = self.within(name, low, high)
        if within is None or len(within.parts) == 3:
            return within and Comparison((f"not {within.parts[0]}", *within.parts[1:]))
        sign, _, end = within.parts[1].partition(" ")
        return Comparison((name, f"{'<' if sign == '>=' else '>'} {end}"))

    def within(self, name: str, low: Number | None, high: Number | None) -> Comparison | None:
        """The test that what lies from `low` to `high` passes; None if everything does."""
        least, most = (
            None if end is None or is_end(end) else self.ordered(end) for end in (low, high)
        )
        if least is not None and most is not None:
            return Comparison((least, f"<= {name}", f"<= {most}"))
        if least is not None:
            return Comparison((name, f">= {least}"))
        return None if most is None else Comparison((name, f"<= {most}"))

    def ordered(self, value: Number) -> str:
        """A number, day or time in a comparison: whole numbers as they are, others by name."""
        if isinstance(value, Instant):
            return self.name(value, upper(written(value)))
        if value == int(value):
            return number(int(value))
        sign, digits = "minus" if value < 0 else "", f"{value:f}".lstrip("-").rstrip("0")
        return self.name(value, upper(sign, digits))


def _kind_and_value(key: tuple[str, Value, str]) -> tuple[str, object, str]:
    kind, value, text = key
    return kind, sorted(map(str, value)) if isinstance(value, frozenset) else value, text


def _order(value: Scalar | None) -> tuple[str, bool, Scalar | None]:
    """The order of a set's members, which are of one type, or missing."""
    return (type(value).__name__, value is None, value)
