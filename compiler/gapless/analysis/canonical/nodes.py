"""What an output is, part by part, as nodes that are compared by what is in them; and their digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, TypeAlias, assert_never

# ---------------------------------------------------------------- what is answered


@dataclass(frozen=True, slots=True)
class Word:
    """A value, as `wording` writes it, or how a case is refused."""

    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """The value of the input at this place, handed on."""

    place: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Several, in order or as a set, in which case they are sorted."""

    items: tuple[Word | Input, ...]
    as_set: bool


Label: TypeAlias = Word | Input | Listed


def inputs_of(label: Label) -> frozenset[int]:
    items = label.items if isinstance(label, Listed) else (label,)
    return frozenset(each.place for each in items if isinstance(each, Input))


def listing(items: Iterable[Word | Input], *, as_set: bool) -> Listed:
    return Listed(tuple(sorted({*items}, key=repr) if as_set else [*items]), as_set)


# ---------------------------------------------------------------- nodes


class Leaf(NamedTuple):
    label: Label


class Stretches(NamedTuple):
    """`runs` are (lowest, highest, node) of all values that are there, in order; `missing` is a node."""

    place: int
    runs: tuple[tuple[int | None, int | None, int], ...]
    missing: int | None


class Members(NamedTuple):
    """A node for each member, yes and no, and the missing value, by their words."""

    place: int
    ways: tuple[tuple[str, int], ...]


class Texts(NamedTuple):
    """Nodes of texts, of beginnings, and of all other texts."""

    place: int
    named: tuple[tuple[str, int], ...]
    begun: tuple[tuple[str, int], ...]
    other: int
    missing: int | None


class Holding(NamedTuple):
    """Whether a set holds a member."""

    place: int
    member: str
    without: int
    within: int


Node: TypeAlias = Leaf | Stretches | Members | Texts | Holding


def turn_of(node: Node) -> tuple[int, str]:
    """When a node is asked: by place, members of a set by name."""
    match node:
        case Leaf():
            return -1, ""
        case Holding(place, member):
            return place, member
        case _:
            return node.place, ""


def children_of(node: Node) -> list[int]:
    match node:
        case Leaf():
            return []
        case Stretches(_, runs, missing):
            found: list[int | None] = [*(child for _, _, child in runs), missing]
        case Members(_, ways):
            found = [child for _, child in ways]
        case Texts(_, named, begun, other, missing):
            found = [*(child for _, child in (*named, *begun)), other, missing]
        case Holding(_, _, without, within):
            found = [without, within]
        case _:
            assert_never(node)
    return [each for each in found if each is not None]


def digest(
    root: int, nodes: Sequence[Node], names: Sequence[str], edge: Callable[[int, int | None], str]
) -> str:
    """What tells the function of a node from all others, inputs known by `names`, ranks as `edge` says."""
    known: dict[int, str] = {}

    def of(number: int | None) -> str:
        if number is None:
            return ""
        if number not in known:
            known[number] = sha256(ascii(said(nodes[number])).encode("ascii")).hexdigest()
        return known[number]

    def said(node: Node) -> tuple[object, ...]:
        match node:
            case Leaf(Listed(items, as_set)):
                told = [item(each) for each in items]
                return ("set", sorted(told)) if as_set else ("list", told)
            case Leaf(Word() | Input() as one):
                return item(one)
            case Leaf():
                raise AssertionError("there are no other labels")
            case Stretches(place, runs, missing):
                starts = [edge(place, low) if n else "" for n, (low, _, _) in enumerate(runs)]
                below = [of(child) for _, _, child in runs]
                return names[place], starts, below, of(missing)
            case Members(place, ways):
                return names[place], [(word, of(child)) for word, child in ways]
            case Texts(place, named, begun, other, missing):
                texts = [[(text, of(child)) for text, child in each] for each in (named, begun)]
                return names[place], *texts, of(other), of(missing)
            case Holding(place, member, without, within):
                return names[place], member, of(without), of(within)
        assert_never(node)

    def item(label: Word | Input) -> tuple[object, ...]:
        return ("input", names[label.place]) if isinstance(label, Input) else ("value", label.text)

    return of(root)
