"""What could have stood where reading stopped, in the reader's words instead of the grammar's."""

from __future__ import annotations

from collections.abc import Sequence

_SIGNS = {
    "COLON": ":",
    "COMMA": ",",
    "DOT": ".",
    "DOTS": "..",
    "EQUAL": "=",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "VBAR": "|",
    "LESS": "<",
}
_NAMES = {"named": "a name", "typed": "a name", "headed": "a name"}
_TEXTS = {
    "named": "a title in quotes",
    "headed": "a title in quotes",
    "used": "a path in quotes",
    "typed": "a title in quotes",
    "member": "a label in quotes",
    "note": "a text in quotes",
    "column": "a label in quotes",
    "let": "a label in quotes",
    "result": "a label in quotes",
    "example": "a title in quotes",
}


def sign(terminal: str) -> str | None:
    """The sign that a terminal is, if it is one that could be written in."""
    return _SIGNS.get(terminal)


def in_words(start: str, terminals: frozenset[str]) -> str:
    """`expected a, b or c`."""
    names = [*_words(start, terminals), *_signs(terminals)]
    if "$END" in terminals:
        names.append("nothing more")
    return f"expected {_or(names)}" if names else "nothing of this kind can stand here"


def _words(start: str, terminals: frozenset[str]) -> list[str]:
    if "OPERATOR" in terminals:
        return ["a value", "a comparison", "a range"]
    words = {
        "NAME": _NAMES.get(start, "a column's name"),
        "CALLED": "a table's name",
        "DAY": "a date, such as 2026-01-31",
        "EFFECTIVE": "`effective`",
        "WHEN": "`when`",
        "AND": "`and`",
        "BY": "`by`",
        "FROM": "`from`",
        "UNTIL": "`until`",
        "AT": "`at`",
        "IMPOSSIBLE": "`impossible`",
        "DRAFT": "`draft`",
        "WORD": _type_or_member(start, terminals),
        "VALUE": "a value",
        "STRING": ""
        if terminals & {"WORD", "VALUE"} and start != "column"
        else _TEXTS.get(start, ""),
    }
    return [said for terminal, said in words.items() if terminal in terminals and said]


def _type_or_member(start: str, terminals: frozenset[str]) -> str:
    if "DOTS" in terminals:
        return "bounds, such as `0..9`"
    if "OPTIONAL" not in terminals:
        return "a number or a date"
    if "LIST_OF" not in terminals:
        return "a member"
    return "a type or a member" if start == "typed" else "a type"


def _signs(terminals: frozenset[str]) -> list[str]:
    """The signs, but for those that go without saying where a word may stand."""
    implied = (
        {"DOTS", "LPAR"} if "WORD" in terminals else {"LSQB"} if "VALUE" in terminals else set()
    )
    if "OPERATOR" in terminals:
        implied = {"DOTS", "LPAR", "LSQB"}
    return [f"`{sign}`" for name, sign in _SIGNS.items() if name in terminals - implied]


def _or(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
