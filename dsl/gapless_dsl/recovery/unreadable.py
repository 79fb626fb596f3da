"""One finding about a line, a cell or a row that cannot be read, at the first place where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision, error, mechanical
from gapless_dsl.grammar import SIGNS, Stop
from gapless_dsl.lexis import ALONE, BARE, DITTO, OTHERWISE, numbers, one_number
from gapless_dsl.nodes import Header, Word
from gapless_dsl.recovery.fixes import (
    edited,
    fix_if_read,
    fixes_of_cell,
    fixes_of_line,
    in_brackets,
    is_readable,
)
from gapless_dsl.recovery.habits import Kind, may_be, offers
from gapless_dsl.source import Line, Piece, Span, stretch

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
        or _unexpected("GAP001", "line", start, text, stop, _helps_of_line(start, text, stop))
    )


def unreadable_cell(start: str, text: str, stop: Stop, kind: Kind | None = None) -> Diagnostic:
    return (
        _quoting(start, text, stop.at)
        or _foreign("GAP002", start, text, stop.at)
        or _empty(start, text, kind)
        or in_brackets(text, (0, len(text)))
        or _unexpected("GAP002", "cell", start, text, stop, fixes_of_cell(start, text, kind))
    )


def _unexpected(
    code: str, what: str, start: str, text: str, stop: Stop, helps: tuple[Help, ...]
) -> Diagnostic:
    label = in_words(start, stop.expected)
    found = _TOKEN.match(text, stop.at)
    if found is None or not found[0].strip():
        end = len(text.rstrip())
        where = Label(stretch(end, end), label)
        return error(code, f"this {what} ends too early", where, helps=helps)
    where = Label(stretch(*found.span()), label)
    return error(code, f"`{found[0]}` cannot stand here", where, helps=helps)


# ---------------------------------------------------------------- quotes


def _quoting(start: str, text: str, at: int) -> Diagnostic | None:
    """What is wrong with the quoted text that begins at `at`, if one does and something is."""
    if not text.startswith('"', at):
        return None
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        where = Label(stretch(at, len(text.rstrip())), "it opens here")
        close = "close the quote where the text ends"
        if text == '"':
            close = f"write `{DITTO}` to say what the cell above says"
        return error("GAP005", "this quote is never closed", where, helps=(decision(close),))
    tabs = [found.start() for found in re.finditer("\t", text[: quoted.end()])]
    if tabs and tabs[-1] >= at:
        said = "write blanks instead" if len(tabs) > 1 else "write a blank instead"
        edits = [Edit(stretch(each, each + 1), " ") for each in tabs]
        blank = fix_if_read(said, start, text, *edits)
        if _TAB_AT_END.search(quoted[0]):
            blank = decision(f"{said}, or delete what stands at an end", *edits)
        tab = next(each for each in tabs if each >= at)
        where = Label(stretch(tab, tab + 1), "U+0009, tab")
        title = "a tab inside quotes cannot be told from blanks"
        return error("GAP008", title, where, helps=(blank,))
    if escapes := [each for each in _ESCAPE.finditer(quoted[0]) if each[1] not in '"\\n']:
        places = [at + each.start() for each in escapes]
        said = "write the backslash twice to mean itself"
        edits = [Edit(stretch(each, each), "\\") for each in places]
        double = fix_if_read(said, start, text, *edits)
        if any(each[1] in _MEANT_ELSEWHERE for each in escapes):
            double = decision(said, *edits)
        label = 'in quotes, a backslash stands before `"`, `\\` or `n`'
        where = Label(stretch(places[0], places[0] + 2), label)
        return error("GAP005", f"`{escapes[0][0]}` means nothing", where, helps=(double,))
    return None


def _foreign(code: str, start: str, text: str, at: int) -> Diagnostic | None:
    """A word with letters that a bare word cannot have."""
    words = (word for word in _LETTERS.finditer(text) if word.start() <= at < word.end())
    found = next(words, None)
    if found is None or found[0].isascii():
        return None
    where = Label(stretch(*found.span()), "without quotes, words have letters from A to Z only")
    quoted = f'"{found[0]}"'
    helps = _if_read(start, text, mechanical(f"write `{quoted}`", Edit(where.span, quoted)))
    return error(code, f"`{found[0]}` cannot stand here", where, helps=helps)


def _if_read(start: str, text: str, *helps: Help) -> tuple[Help, ...]:
    """Those of the helps after which the text can be read."""
    return tuple(each for each in helps if is_readable(start, edited(text, each.edits)))


# ---------------------------------------------------------------- lines


def _comma_within(start: str, text: str, at: int) -> Diagnostic | None:
    """`weight = 9,20` where a comma divides something else than values."""
    found = one_number(text, at)
    if found is None:
        return None
    where = Label(stretch(*found), "a comma divides values, and is no part of a number")
    typed = text[slice(*found)]
    helps = (
        decision(f"for one number, write `{number}`", Edit(where.span, number))
        for number in numbers(typed)
    )
    helps_read = _if_read(start, text, *helps)
    return error("GAP001", f"`{typed}` is no number", where, helps=helps_read)


_VALUE = re.compile(r"=\s*([^=]*?)\s*(?=,\s*[A-Za-z_][A-Za-z0-9_]*\s*=|$)")
"""What an example says of one column."""


def _helps_of_line(start: str, text: str, stop: Stop) -> tuple[Help, ...]:
    values = _VALUE.finditer(text) if start in ("example", "gives") else iter(())
    value = next((each for each in values if each.start() < stop.at <= each.end(1)), None)
    if value is not None:
        at = stretch(*value.span(1))
        meant = [
            decision(f"write `{new}`, {when}", Edit(at, new))
            for new, when in offers("outcome", value[1], None)
        ]
        if helps := _if_read(start, text, *meant):
            return helps
    return fixes_of_line(start, text, stop)


def _comment(text: str, at: int) -> Diagnostic | None:
    if not text.startswith("#", at):
        return None
    where = Label(stretch(at, len(text)), "a comment stands on a line of its own")
    helps = (decision("move the comment to the line above"),)
    return error("GAP001", "a comment after other words", where, helps=helps)


def _special_line(start: str, text: str, stop: Stop) -> Diagnostic | None:
    """Mistakes that deserve more than what was expected."""
    rest = text[stop.at :]
    if start == "day":
        words = text.strip()
        begin = text.find(words)
        where = Label(stretch(begin, begin + len(words)), in_words(start, frozenset({"DAY"})))
        title = f"`{words}` is not a date" if words else "this line ends too early"
        return error("GAP001", title, where)
    if start == "column" and rest.startswith("|"):
        label = "a closed list is given a name by a `type` line, and the column that name"
        where = Label(stretch(stop.at, stop.at + 1), label)
        return error("GAP001", "a closed list in a column", where)
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
    typed, at = words[0], stretch(*words.span())
    label = "" if text[at.end :].lstrip().startswith('"') else f' "{typed}"'
    joined = re.sub(r"[^A-Za-z0-9]+", "_", typed)
    sign = "<" if "LESS" in stop.expected else "|"
    offers = {
        f'"{typed}"': "quote it",
        f"{joined}{label}": "write it as one word",
        f" {sign} ".join(typed.split()): "if each is a value, divide them",
    }
    helps = (decision(f"{said}: `{new}`", Edit(at, new)) for new, said in offers.items())
    where = Label(at, "a value of several words stands in quotes")
    helps_read = _if_read(start, text, *helps)
    return error("GAP001", f"`{typed}` is not one word", where, helps=helps_read)


def _one_member(text: str) -> Diagnostic:
    before = _before_equals(text)
    member = text[len(before) + 1 :].strip()
    at = stretch(len(before.rstrip()), len(text.rstrip()))
    if member == "ordered":
        where = Label(at, "values that have lines of their own go without `=`")
        helps = (mechanical("leave out the `=`", Edit(at, " ordered")),)
        return error("GAP001", "`= ordered` ends the line", where, helps=helps)
    where = Label(at, "one member is written on a line of its own, without `=`")
    helps = (mechanical("write the member on the next line", Edit(at, f"\n  {member}")),)
    return error("GAP001", "a list with one member after `=`", where, helps=helps)


def _order(text: str, stop: Stop) -> Diagnostic | None:
    """An order that is not said to be one, or is divided as a list without an order is."""
    at, sign = stretch(stop.at, stop.at + 1), text[stop.at : stop.at + 1]
    if sign == "<" and "VBAR" in stop.expected:
        after = len(_before_equals(text)) + 1
        edit = Edit(stretch(after, after), " ordered")
        helps = _if_read("typed", text, mechanical("write `ordered` before the first value", edit))
        where = Label(at, "without an order, values are divided by `|`")
        title = "`<` stands in a list that is not said to be ordered"
        return error("GAP001", title, where, helps=helps)
    if sign in ("|", ">") and "LESS" in stop.expected:
        title = f"an ordered list is not divided by `{sign}`"
        helps = (decision("write the values from the lowest to the highest, divided by `<`"),)
        return error("GAP001", title, Label(at, "`<` belongs here"), helps=helps)
    return None


def _before_equals(text: str) -> str:
    found = _BEFORE_EQUALS.match(text)
    assert found is not None
    return found[0]


# ---------------------------------------------------------------- cells


def _empty(start: str, text: str, kind: Kind | None) -> Diagnostic | None:
    """A cell that is blank, or says `?`, or in an outcome `-`."""
    if text and text != "?" and (start == "condition" or text != "-"):
        return None
    guess = fixes_of_cell(start, text, kind) if text == "?" else ()
    if start == "condition":
        title = "`?` is not a condition" if text else "this cell is empty"
        where = Label(stretch(0, len(text)), "a condition is needed")
        blank = decision("or write the cell above once more, if blank means the same as above")
        helps = (decision("write `-` if anything may stand here"), *(guess if text else (blank,)))
        return error("GAP002", title, where, helps=helps)
    title = f"`{text}` is not an answer" if text else "this cell is empty"
    where = Label(stretch(0, len(text)), "an answer is needed")
    helps = (
        decision("write the answer, or `missing` where the column is optional"),
        decision("or `impossible`, alone in the outcomes, where the case cannot happen"),
        *guess,
    )
    if text == "-" and kind in (None, Kind.TEXT, Kind.LIST):
        helps += (decision('or `"-"` in quotes, where a text says just that'),)
    return error("GAP002", title, where, helps=helps)


# ---------------------------------------------------------------- rows


def misdivided(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """What is wrong where the `||` do not stand as in the header, so that no cell finds its column."""
    asked, answered = len(header.conditions), len(header.outcomes)
    many = [len(section) for section in sections]
    if 2 <= len(many) <= 3 and many[:2] == [1 + asked, answered]:
        return None
    if len(sections) == 1:
        return _undivided(sections[0], header, line)
    if len(sections) > 3:
        label = "a blank stands between the bars of an empty cell"
        return error("GAP003", "this row has too many `||`", Label(line.span, label))
    if not sections[0]:
        label = "the first cell is the rule's name, or blank"
        return error("GAP003", "this row begins with `||`", Label(line.at(0, 2), label))
    if (lost := _lost_bar(sections, header, line)) is not None:
        return lost
    tests, answers = sections[0][1:], sections[1]
    if len(tests) == asked or len(answers) == answered:
        return None
    if any(text in (OTHERWISE, *ALONE) for text, _ in sections[0] + answers):
        return None
    here = f"{count(len(tests), 'condition')} and {count(len(answers), 'outcome')}"
    label = f"{here} here, {asked or 'none'} and {answered} in the header"
    helps = (decision("write the `||` and the cells as the header has them"),)
    title = "the `||` stands elsewhere than in the header"
    return error("GAP003", title, Label(_all(sections[0] + answers), label), helps=helps)


def _lost_bar(sections: list[list[Piece]], header: Header, line: Line) -> Diagnostic | None:
    """One of two `||` is a `|`: the cells are as many as the header's, and the other `||` is right."""
    pieces = [piece for section in sections for piece in section]
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    if len(sections) > 2 or not notes_at < len(pieces) == notes_at + len(header.annotations):
        return None
    lost = {answers_at: notes_at, notes_at: answers_at}.get(len(sections[0]))
    if lost is None:
        return None
    divided = "conditions from the outcomes" if lost == answers_at else "outcomes from the rest"
    what = f"`{pieces[lost][0]}`" if pieces[lost][0] else "an empty cell"
    title, label = f"`||` is missing before {what}", f"`||` divides the {divided}"
    return doubled(title, label, [bar_before(pieces[lost], line)])


def _undivided(pieces: list[Piece], header: Header, line: Line) -> Diagnostic:
    """Where there are cells enough, the bars that should be double are known."""
    answers_at = 1 + len(header.conditions)
    notes_at = answers_at + len(header.outcomes)
    title = "this row has no `||`"
    label = "`||` divides the conditions from the outcomes"
    if not notes_at <= len(pieces) <= notes_at + len(header.annotations):
        return error("GAP003", title, Label(line.span, label))
    lost = (pieces[place] for place in (answers_at, notes_at) if place < len(pieces))
    return doubled(title, label, [bar_before(piece, line) for piece in lost])


def bar_before(piece: Piece, line: Line) -> Span:
    bar = line.text.rindex("|", 0, piece[1].start - line.span.start)
    return line.at(bar, bar + 1)


def doubled(title: str, label: str, bars: list[Span]) -> Diagnostic:
    edits = (Edit(bar._replace(end=bar.start), "|") for bar in bars)
    helps = (mechanical("write `||` as in the header", *edits),)
    return error("GAP003", title, Label(bars[0], label), helps=helps)


def miscounted(
    pieces: Sequence[Piece],
    columns: Sequence[Word],
    noun: str,
    otherwise: Span,
    kinds: Mapping[str, Kind] | None = None,
) -> Diagnostic:
    """A finding about too few or too many cells; `otherwise` is where there is none to point at."""
    many, wanted = len(pieces), len(columns)
    title = f"{count(many, noun)} where the header has {wanted or 'none'}"
    lost = _odd_one(pieces, columns, kinds) if kinds is not None and pieces else None
    if many < wanted:
        names = " and ".join(f"`{word.text}`" for word in columns[many:])
        where = Label(_all(pieces) if pieces else otherwise, f"no cell is left for {names}")
        if lost is not None:
            at = pieces[lost][1] if lost < many else pieces[-1][1]
            side = "before" if lost < many else "behind"
            label = (
                f"by its neighbors, the cell of `{columns[lost].text}` is missing {side} this one"
            )
            where = Label(at, label)
        helps = (decision("add what is missing; each column has its cell in each row"),)
        return error("GAP003", title, where, helps=helps)
    where = Label(pieces[wanted][1], "no column is left for this cell")
    if lost is not None:
        where = Label(pieces[lost][1], "by its neighbors, this cell has no column")
    escapes = "a `|` inside a value needs quotes, in an annotation `\\|`"
    if noun == "condition":
        escapes = "a comma means either: `a, b`; " + escapes
    return error("GAP003", title, where, helps=(decision(f"take a cell away; {escapes}"),))


def _odd_one(
    pieces: Sequence[Piece], columns: Sequence[Word], kinds: Mapping[str, Kind]
) -> int | None:
    """The one place where a cell or a column can be left out so that all others fit; None: not known."""
    texts = [text for text, _ in pieces]
    held = [kinds.get(word.text) for word in columns]
    if abs(len(texts) - len(held)) != 1:
        return None

    def fit(place: int) -> bool:
        is_short = len(texts) < len(held)
        said = texts if is_short else [*texts[:place], *texts[place + 1 :]]
        asked = [*held[:place], *held[place + 1 :]] if is_short else held
        return all(map(may_be, said, asked))

    places = [place for place in range(max(len(texts), len(held))) if fit(place)]
    return places[0] if len(places) == 1 else None


def _all(pieces: Sequence[Piece]) -> Span:
    return pieces[0][1]._replace(end=pieces[-1][1].end)


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


# ---------------------------------------------------------------- what was expected

_TEXTS = {
    **dict.fromkeys(("named", "headed", "typed", "example"), "a title in quotes"),
    **dict.fromkeys(("member", "column", "let", "result"), "a label in quotes"),
    "used": "a path in quotes",
    "note": "a text in quotes",
}
_WORDS_OF_OURS = ("effective", "when", "and", "by", "from", "until", "at", "impossible", "draft")


def in_words(start: str, terminals: frozenset[str]) -> str:
    """`expected a, b or c`: what could have stood there, in the reader's words."""
    names = [*_words(start, terminals), *_signs(terminals)]
    if "$END" in terminals:
        names.append("nothing more")
    return f"expected {_or(names)}" if names else "nothing of this kind can stand here"


def _words(start: str, terminals: frozenset[str]) -> list[str]:
    if "OPERATOR" in terminals:
        return ["a value", "a comparison", "a range"]
    goes_without_saying = terminals & {"WORD", "VALUE"} and start != "column"
    declares = start in ("named", "typed", "headed")
    words = {
        "NAME": "a name" if declares else "a column's name",
        "DAY": "a date, such as 2026-01-31",
        **{word.upper(): f"`{word}`" for word in _WORDS_OF_OURS},
        "WORD": _type_or_member(start, terminals),
        "VALUE": "a value",
        "STRING": "" if goes_without_saying else _TEXTS.get(start, ""),
    }
    return [said for terminal, said in words.items() if terminal in terminals and said]


def _type_or_member(start: str, terminals: frozenset[str]) -> str:
    if "DOTS" in terminals:
        return "bounds, such as `0..9`"
    if "OPTIONAL" not in terminals:
        return "a number, a day or a time"
    if "LIST_OF" not in terminals:
        return "a member"
    return "a type or a member" if start == "typed" else "a type"


def _signs(terminals: frozenset[str]) -> list[str]:
    """The signs, but for those that go without saying where a word may stand."""
    implied = {"LSQB"} if "VALUE" in terminals else set()
    if "WORD" in terminals:
        implied = {"DOTS", "LPAR"}
    if "OPERATOR" in terminals:
        implied = {"DOTS", "LPAR", "LSQB"}
    return [f"`{sign}`" for name, sign in SIGNS.items() if name in terminals - implied]


def _or(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
