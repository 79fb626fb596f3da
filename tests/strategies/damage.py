"""Slips of the hand and habits from elsewhere, one at a time, put into a policy that is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Damage = Callable[[Random, str], str]
"""The text with one thing changed; the same text where there is nothing to change."""

_TEXT = r'"(?:[^"\\]|\\.)*"'
_WORD = re.compile(rf"{_TEXT}|[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(rf"{_TEXT}|(?<![\w.-])[0-9][0-9_]*(?:\.[0-9]+)?(?![\w-]|\.[0-9])")
_ROW = re.compile(r"^[ \t]*\|(?!-).*\|[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)


def _one(random: Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Any place where a pattern is found, but for texts in quotes."""
    found = [each for each in pattern.finditer(text) if not each[0].startswith('"')]
    return random.choice(found) if found else None


def _put(text: str, found: re.Match[str] | None, new: Callable[[str], str]) -> str:
    return text if found is None else text[: found.start()] + new(found[0]) + text[found.end() :]


# ---------------------------------------------------------------- words


def misspelt(random: Random, text: str) -> str:
    """A word with a letter too few, too many, or two of them swapped."""

    def slip(word: str) -> str:
        at = random.randrange(len(word))
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        return random.choice(
            (word[:at] + word[at + 1 :], word[:at] + word[at : at + 1] + word[at:], swapped)
        )

    return _put(text, _one(random, _WORD, text), slip)


def in_other_letters(random: Random, text: str) -> str:
    """A word in capitals, or with an accent, a hyphen, a blank or an invisible letter in it."""

    def other(word: str) -> str:
        at = random.randrange(len(word) + 1)
        stray = random.choice(("-", " ", "é", "\u200b", "\u00a0", ".", "'"))
        return random.choice((word.upper(), word.capitalize(), word[:at] + stray + word[at:]))

    return _put(text, _one(random, _WORD, text), other)


SYNONYMS = {
    "in": ("input", "IN"),
    "out": ("output", "Out"),
    "let": ("define",),
    "gives": ("then", "expect"),
    "example": ("test",),
    "type": ("enum", "Type"),
    "use": ("import",),
    "table": ("tabel",),
    "int": ("integer",),
    "bool": ("boolean",),
    "text": ("string",),
    "date": ("timestamp", "day"),
    "decimal": ("float", "number"),
    "because": ("becuase", "Because"),
    "unique": ("Unique", "uniqe"),
    "inferred": ("infered", "Infered"),
    "silent": ("silnet",),
    "stated": ("state",),
    "yes": ("true", "Y"),
    "no": ("false", "No"),
    "up": ("upp",),
    "even": ("evn",),
}


def as_elsewhere(random: Random, text: str) -> str:
    """A word of the language as other languages have it."""
    known = re.compile(rf"{_TEXT}|\b(?:{'|'.join(SYNONYMS)})\b")
    return _put(text, _one(random, known, text), lambda word: random.choice(SYNONYMS[word]))


def reserved(random: Random, text: str) -> str:
    """A word of the language where another word stood."""
    words = ("missing", "present", "not", "impossible", "draft", "otherwise")
    return _put(text, _one(random, _WORD, text), lambda _: random.choice(words))


# ---------------------------------------------------------------- cells


def _cell(random: Random, text: str, new: Callable[[str], str]) -> str:
    """A row with another text in one of its cells."""
    row = _one(random, _ROW, text)
    if row is None:
        return text
    parts = re.split(rf"((?:{_TEXT}|[^|\"])+)", row[0])
    chosen = [at for at, part in enumerate(parts) if part.strip() and "|" not in part]
    if not chosen:
        return text
    at = random.choice(chosen)
    parts[at] = f" {new(parts[at].strip())} "
    return text[: row.start()] + "".join(parts) + text[row.end() :]


HABITS: tuple[tuple[str, str], ...] = (
    (r"(.+), (.+)", r"\1; \2"),
    (r"(.+), (.+)", r"\1 or \2"),
    (r"(.+), (.+)", r"\1 / \2"),
    (r"(.+), (.+)", r"\1 and \2"),
    (r"(.+)", r"\1,"),
    (r"(\w+)", r"\1, \1"),
    (r"(\w+)", r"'\1'"),
    (r"(\w+)", r"“\1”"),
    (r"(\w+)", r"=\1"),
    (r"(\w+)", r"== \1"),
    (r"(\w+)", r"!= \1"),
    (r"(\w+)", r"<> \1"),
    (r"(\w+)", r"not (\1)"),
    (r"(\w+)", r"not \1, not \1"),
    (r"(\w+)", r"[\1]"),
    (r"(\w+)", r"(\1)"),
    (r"not (.+)", r"!\1"),
    (r"-", "*"),
    (r"-", "—"),
    (r"<= (.+)", r"=< \1"),
    (r">= (.+)", r"=> \1"),
    (r"(\S+)\.\.(\S+)", r"\1-\2"),
    (r"(\S+)\.\.(\S+)", r"\1...\2"),
    (r"(\S+)\.\.(\S+)", r"\1 to \2"),
    (r"(\S+)\.\.(\S+)", r"\1–\2"),
    (r"(\S+)\.\.(\S+)", r"between \1 and \2"),
    (r"(\S+)\.\.(\S+)", r">= \1 and <= \2"),
    (r"(\S+)\.\.(\S+)", r"> \1 and < \2"),
    (r"(\S+)\.\.(\S+)", r"> \1 && <= \2"),
    (r"(\S+)\.\.(\S+)", r"\2..\1"),
    (r"(\S+)\.\.(\S+)", r"\1 - \2"),
    (r"(\S+)\.\.(\S+)", r"\1 TO \2"),
    (r"(\S+)\.\.(\S+)", r"BETWEEN \1 AND \2"),
    (r"(\S+)\.\.(\S+)", r"[\1;\2]"),
    (r"(\S+)\.\.(\S+)", r"\1 until \2"),
    (r"(\S+)\.\.(\S+)", r"\1..\2, \1"),
    (r"(\S+)\.\.", r"\1..*"),
    (r"([0-9]{4})-([0-9]{2})-([0-9]{2})(.*)", r"\3/\2/\1\4"),
    (r"([0-9]{4})-([0-9]{2})-([0-9]{2})(.*)", r"\1/\2/\3\4"),
    (r"([0-9.]+)", r"\1%"),
    (r"([0-9.]+)", r"$\1"),
    (r"([0-9.]+)", r"\1 kg"),
    (r"(\w+)", r"NOT \1"),
    (r"(\w+)", r"IN (\1)"),
    (r"(\w+)", r"{\1}"),
    (r"(\w+), (\w+)", r"\1 OR \2"),
    (r"-", "any"),
    (r"-", "otherwise"),
    (r"(.+)", "TBD"),
    (r"(.+)", "> today()"),
    (r"(\S+)\.\.", r"\1+"),
    (r"(\S+)\.\.", r"\1 or more"),
    (r"\.\.(\S+)", r"up to \1"),
    (r"< (\S+)", r"under \1"),
    (r"(.+)", r""),
    (r"(.+)", r"?"),
    (r"(.+)", r"n/a"),
    (r"(.+)", r"\\"),
    (r"(.+)", '"'),
    (r"(.+)", r'"\1\\x"'),
    (r"(.+)", '"\\1\t"'),
    (r"(.+)", r'"\1'),
)


def by_habit(random: Random, text: str) -> str:
    """A cell as it is written elsewhere."""

    def written(cell: str) -> str:
        fitting = [(old, new) for old, new in HABITS if re.fullmatch(old, cell)]
        old, new = random.choice(fitting)
        return re.sub(f"^{old}$", new, cell) if "\\x" not in new else f'"{cell}\\x"'

    return _cell(random, text, written)


def other_number(random: Random, text: str) -> str:
    """A number with zeros too many, or as other countries write it."""

    def written(number: str) -> str:
        fraction = number.replace(".", ",")
        zeros = f"{number}0" if "." in number else f"{number}.0"
        return random.choice((f"0{number}", zeros, f"{number}.00", fraction, f"{number}-{number}"))

    return _put(text, _one(random, _NUMBER, text), written)


def with_one_output(random: Random, text: str) -> str:
    """A call that picks an output, where there may be one only."""
    call = re.compile(rf"{_TEXT}|(?<==) \w+\([^()]*\)(?!\.)")
    out = re.search(r"^  out (\w+)", text, re.MULTILINE)
    return _put(text, _one(random, call, text), lambda made: f"{made}.{out[1] if out else 'out'}")


# ---------------------------------------------------------------- lines


def bars(random: Random, text: str) -> str:
    """A row with a bar too few."""
    bar = re.compile(r"\|(?=.*$)", re.MULTILINE)
    row = _one(random, _ROW, text)
    if row is None:
        return text
    changed = _put(row[0], _one(random, bar, row[0]), lambda _: "")
    changed = random.choice((changed, row[0].replace("||", "|"), row[0].rstrip(" |")))
    return text[: row.start()] + changed + text[row.end() :]


def indented(random: Random, text: str) -> str:
    """A line that begins elsewhere."""

    def moved(line: str) -> str:
        return line.lstrip() if line != line.lstrip() else f"  {line}"

    return _put(text, _one(random, _LINE, text), moved)


def doubled(random: Random, text: str) -> str:
    """A line that stands twice, perhaps above another one."""
    line = _one(random, _LINE, text)
    other = _one(random, _LINE, text)
    if line is None or other is None:
        return text
    at = random.choice((line.start(), other.start()))
    return f"{text[:at]}{line[0]}\n{text[at:]}"


def moved(random: Random, text: str) -> str:
    """A row that stands one row higher."""
    lines = text.split("\n")
    rows = [
        n for n in range(1, len(lines)) if _ROW.fullmatch(lines[n]) and _ROW.fullmatch(lines[n - 1])
    ]
    if rows:
        at = random.choice(rows)
        lines[at - 1], lines[at] = lines[at], lines[at - 1]
    return "\n".join(lines)


def signs(random: Random, text: str) -> str:
    """A sign too few, too many, or another one."""
    sign = re.compile(rf"{_TEXT}|[=:,|<()]")
    instead = ("", ":", "=", ",", ";", "==", ")", ") ", "| ")
    return _put(text, _one(random, sign, text), lambda old: random.choice((*instead, old * 2)))


def unquoted(random: Random, text: str) -> str:
    """A title, label or text without its quotes, or in others."""
    found = re.compile(_TEXT)
    every = list(found.finditer(text))
    if not every:
        return text
    chosen = random.choice(every)
    plain = chosen[0][1:-1]
    new = random.choice(
        (plain, f"'{plain}'", f"“{plain}”", f'"{plain}', f'"{plain}\t"', f'"{plain}\\d"')
    )
    return text[: chosen.start()] + new + text[chosen.end() :]


def listed(random: Random, text: str) -> str:
    """A closed list that is written otherwise."""
    line = _one(random, re.compile(r"^type .*=.*$", re.MULTILINE), text)
    if line is None:
        return text
    head, _, members = line[0].partition("=")
    few = members.split("|")
    new = random.choice(
        (
            f"{head}={members.replace('|', '<')}",
            f"{head}={members.replace(' < ', ' | ')}",
            f"{head}= ordered",
            f"{head}={few[0]}",
            f"{head}\n" + "\n".join(f"  | {each.strip()}" for each in few),
            f"{head}\n" + "\n".join(each.strip() for each in few),
            f"{head}{members}",
            f"{head}={members.replace(' | ', ' ', 1)}",
            f"{head}={members.replace(' | ', ', ')}",
        )
    )
    return text[: line.start()] + new + text[line.end() :]


ALL: tuple[Damage, ...] = (
    misspelt,
    misspelt,
    in_other_letters,
    as_elsewhere,
    reserved,
    by_habit,
    by_habit,
    other_number,
    with_one_output,
    bars,
    indented,
    doubled,
    moved,
    signs,
    unquoted,
    listed,
)


def damaged(random: Random, text: str) -> str:
    return random.choice(ALL)(random, text)
