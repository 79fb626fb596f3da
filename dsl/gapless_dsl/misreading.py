"""What to say of a line or a cell that cannot be read: one complaint, at the first wrong place."""

from __future__ import annotations

import re

from gapless_dsl.complaint import complaint, decide, mend, propose
from gapless_dsl.diagnostic import Diagnostic, Help
from gapless_dsl.expected import in_words
from gapless_dsl.grammar import Stop
from gapless_dsl.lexis import BARE, DITTO, numbers, one_number
from gapless_dsl.mending import mend_if_read, mended_cell, mended_line, readable
from gapless_dsl.reserved import in_brackets

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LETTERS = re.compile(r"[\w-]+")
_BEFORE_EQUALS = re.compile(r'[^"=]*(?:"(?:[^"\\]|\\.)*"[^"=]*)*')
_ESCAPE = re.compile(r"\\(.)")
_WORDS = re.compile(
    rf"(?<![\w.\"-])(?!ordered\b){BARE.pattern}(?:\s+(?!from\b|until\b){BARE.pattern})+"
)
_TAB_AT_END = re.compile(r'^"\s*\t|\t\s*"$')
_MEANT_ELSEWHERE = "0abfrtuUvx"
r"""`\t` is a tab to many."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[<>=!]+|\.+|.')


def unreadable_line(start: str, text: str, stop: Stop) -> Diagnostic:
    """`text` has blanks where its first word was."""
    return (
        _quoting(start, text, stop.at)
        or _comment(text, stop.at)
        or _foreign("GAP001", start, text, stop.at)
        or _special_line(start, text, stop)
        or _comma_within(start, text, stop.at)
        or _unexpected("GAP001", "line", start, text, stop, mended_line(start, text, stop))
    )


def unreadable_cell(start: str, text: str, stop: Stop) -> Diagnostic:
    return (
        _quoting(start, text, stop.at)
        or _foreign("GAP002", start, text, stop.at)
        or _empty(start, text)
        or in_brackets(text, (0, len(text)))
        or _unexpected("GAP002", "cell", start, text, stop, mended_cell(start, text))
    )


def _unexpected(
    code: str, what: str, start: str, text: str, stop: Stop, helps: tuple[Help, ...]
) -> Diagnostic:
    label = in_words(start, stop.expected)
    found = _TOKEN.match(text, stop.at)
    if found is None or not found[0].strip():
        end = len(text.rstrip())
        return complaint(code, f"this {what} ends too early", (end, end), label, helps=helps)
    return complaint(code, f"`{found[0]}` cannot stand here", found.span(), label, helps=helps)


# ---------------------------------------------------------------- quotes


def _quoting(start: str, text: str, at: int) -> Diagnostic | None:
    """What is wrong with the quoted text that begins at `at`, if one does and something is."""
    if not text.startswith('"', at):
        return None
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        return _unclosed(text, at)
    if tab := text[: quoted.end()].find("\t", at) + 1:
        tabs = [found.start() for found in re.finditer("\t", text[: quoted.end()])]
        said = "write blanks instead" if len(tabs) > 1 else "write a blank instead"
        edits = [((each, each + 1), " ") for each in tabs]
        blank = mend_if_read(said, start, text, *edits)
        if _TAB_AT_END.search(quoted[0]):
            blank = propose(f"{said}, or delete what stands at an end", *edits)
        title = "a tab inside quotes cannot be told from blanks"
        return complaint("GAP008", title, (tab - 1, tab), "U+0009, tab", helps=(blank,))
    if escapes := [each for each in _ESCAPE.finditer(quoted[0]) if each[1] not in '"\\n']:
        begin = at + escapes[0].start()
        title = f"`{escapes[0][0]}` means nothing"
        label = 'in quotes, a backslash stands before `"`, `\\` or `n`'
        places = [at + each.start() for each in escapes]
        said = "write the backslash twice to mean itself"
        edits = [((each, each), "\\") for each in places]
        double = mend_if_read(said, start, text, *edits)
        if any(each[1] in _MEANT_ELSEWHERE for each in escapes):
            double = propose(said, *edits)
        return complaint("GAP005", title, (begin, begin + 2), label, helps=(double,))
    return None


def _unclosed(text: str, at: int) -> Diagnostic:
    end = len(text.rstrip())
    close = decide("close the quote where the text ends")
    if text == '"':
        close = decide(f"write `{DITTO}` to say what the cell above says")
    return complaint(
        "GAP005", "this quote is never closed", (at, end), "it opens here", helps=(close,)
    )


def _foreign(code: str, start: str, text: str, at: int) -> Diagnostic | None:
    """A word with letters that a bare word cannot have."""
    found = next(
        (word for word in _LETTERS.finditer(text) if word.start() <= at < word.end()), None
    )
    if found is None or found[0].isascii():
        return None
    quoted = f'"{found[0]}"'
    mends = readable(start, text[: found.start()] + quoted + text[found.end() :])
    helps = (mend(f"write `{quoted}`", (found.span(), quoted)),) if mends else ()
    label = "without quotes, words have letters from A to Z only"
    return complaint(code, f"`{found[0]}` cannot stand here", found.span(), label, helps=helps)


# ---------------------------------------------------------------- lines


def _comma_within(start: str, text: str, at: int) -> Diagnostic | None:
    """`weight = 9,20` where a comma divides something else than values."""
    found = one_number(text, at)
    if found is None:
        return None
    begin, end = found
    helps = tuple(
        propose(f"for one number, write `{number}`", (found, number))
        for number in numbers(text[begin:end])
        if readable(start, text[:begin] + number + text[end:])
    )
    title = f"`{text[begin:end]}` is no number"
    label = "a comma divides values, and is no part of a number"
    return complaint("GAP001", title, found, label, helps=helps)


def _comment(text: str, at: int) -> Diagnostic | None:
    if not text.startswith("#", at):
        return None
    label = "a comment stands on a line of its own"
    helps = (decide("move the comment to the line above"),)
    return complaint("GAP001", "a comment after other words", (at, len(text)), label, helps=helps)


def _special_line(start: str, text: str, stop: Stop) -> Diagnostic | None:
    """Three mistakes that deserve more than what was expected."""
    rest = text[stop.at :]
    if start == "day":
        words = text.strip()
        begin = text.find(words)
        at = (begin, begin + len(words))
        title = f"`{words}` is not a date" if words else "this line ends too early"
        return complaint("GAP001", title, at, in_words(start, frozenset({"DAY"})))
    if start == "column" and rest.startswith("|"):
        label = "a closed list is given a name by a `type` line, and the column that name"
        return complaint("GAP001", "a closed list in a column", (stop.at, stop.at + 1), label)
    if start == "typed" and not rest.strip() and "VBAR" in stop.expected and "=" in text:
        return _one_member(text)
    if start in ("typed", "member") and (apart := _words_apart(start, text, stop)) is not None:
        return apart
    return _order(text, stop) if start == "typed" else None


def _words_apart(start: str, text: str, stop: Stop) -> Diagnostic | None:
    """`near abroad` in a closed list: one value of two words, or two values."""
    words = next((w for w in _WORDS.finditer(text) if w.start() < stop.at <= w.end()), None)
    begins = start == "member" or "=" in text[: stop.at]
    if words is None or not begins or not stop.expected & {"STRING", "DOTS"}:
        return None
    typed, at = words[0], words.span()
    label = "" if text[at[1] :].lstrip().startswith('"') else f' "{typed}"'
    joined = re.sub(r"[^A-Za-z0-9]+", "_", typed)
    sign = "<" if "LESS" in stop.expected else "|"
    offers = {
        f'"{typed}"': "quote it",
        f"{joined}{label}": "write it as one word",
        f" {sign} ".join(typed.split()): "if each is a value, divide them",
    }
    helps = tuple(
        propose(f"{said}: `{new}`", (at, new))
        for new, said in offers.items()
        if readable(start, text[: at[0]] + new + text[at[1] :])
    )
    title, said = f"`{typed}` is not one word", "a value of several words stands in quotes"
    return complaint("GAP001", title, at, said, helps=helps)


def _one_member(text: str) -> Diagnostic:
    before = _BEFORE_EQUALS.match(text)
    assert before is not None
    member = text[before.end() + 1 :].strip()
    at = (len(before[0].rstrip()), len(text.rstrip()))
    if member == "ordered":
        label = "values that have lines of their own go without `=`"
        helps = (mend("leave out the `=`", (at, " ordered")),)
        return complaint("GAP001", "`= ordered` ends the line", at, label, helps=helps)
    label = "one member is written on a line of its own, without `=`"
    helps = (mend("write the member on the next line", (at, f"\n  {member}")),)
    return complaint("GAP001", "a list with one member after `=`", at, label, helps=helps)


def _order(text: str, stop: Stop) -> Diagnostic | None:
    """An order that is not said to be one, or is divided as a list without an order is."""
    at, sign = (stop.at, stop.at + 1), text[stop.at : stop.at + 1]
    equals = _BEFORE_EQUALS.match(text)
    if sign == "<" and equals is not None and "VBAR" in stop.expected:
        after = equals.end() + 1
        said = f"{text[:after]} ordered{text[after:]}"
        title = "`<` stands in a list that is not said to be ordered"
        helps = (mend("write `ordered` before the first value", ((after, after), " ordered")),)
        label = "without an order, values are divided by `|`"
        return complaint("GAP001", title, at, label, helps=helps if readable("typed", said) else ())
    if sign in ("|", ">") and "LESS" in stop.expected:
        title = f"an ordered list is not divided by `{sign}`"
        helps = (decide("write the values from the lowest to the highest, divided by `<`"),)
        return complaint("GAP001", title, at, "`<` belongs here", helps=helps)
    return None


# ---------------------------------------------------------------- cells


def _empty(start: str, text: str) -> Diagnostic | None:
    if text and text != "?" and (start == "condition" or text != "-"):
        return None
    if start == "condition":
        helps: tuple[Help, ...] = (
            decide("write `-` if anything may stand here"),
            *_other_blank(start, text),
        )
        title = "`?` is not a condition" if text else "this cell is empty"
        return complaint("GAP002", title, (0, len(text)), "a condition is needed", helps=helps)
    title = f"`{text}` is not an answer" if text else "this cell is empty"
    helps = (
        decide("write the answer, or `missing` where the column is optional"),
        decide("or `impossible`, alone in the outcomes, where the case cannot happen"),
        *(_other_blank(start, text) if text == "?" else ()),
        *((decide('or `"-"` in quotes, where a text says just that'),) if text == "-" else ()),
    )
    return complaint("GAP002", title, (0, len(text)), "an answer is needed", helps=helps)


def _other_blank(start: str, text: str) -> tuple[Help, ...]:
    """What else a blank condition, or a `?`, can have been meant for."""
    if text:
        return mended_cell(start, text)
    return (decide("or write the cell above once more, if blank means the same as above"),)
