"""A function in the one way to write it: equal functions are equal nodes, however rules cut them.

Inputs are asked in the order of their names. A column is cut only where that makes a difference: numbers
into the longest stretches, from the lowest on; texts at the shortest beginnings; sets member by member.
An input that is handed on is no constant, though at one value it looks like one: where the column is
cut to a single value it is written as that value, and a stretch that fits it takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from gapless.analysis.canonical.nodes import (
    Holding,
    Input,
    Label,
    Leaf,
    Listed,
    Members,
    Node,
    Stretches,
    Texts,
    Word,
    children_of,
    digest,
    inputs_of,
    listing,
    turn_of,
)
from gapless.analysis.coverage.budget import Work
from gapless.analysis.domain.ordinals import value_at
from gapless.analysis.domain.partition import Axis, Other, Point, Run
from gapless.analysis.domain.prefixes import Begun
from gapless.analysis.domain.subsets import Kind
from gapless.model import Type, Value, copied


class NotWritten(Exception):
    """The function is of a kind that has no such form: a set with a number in it that is handed on."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One function being written. `axes` are its inputs by place, `into` is the type of its output;
    nodes are known by their numbers."""

    axes: Sequence[Axis]
    into: Type
    wording: Callable[[Value], str]
    work: Work
    nodes: list[Node] = field(default_factory=list)
    _known: dict[Node, int] = field(default_factory=dict)
    _inputs: dict[int, frozenset[int]] = field(default_factory=dict)
    _put: dict[tuple[int, int, Value], int] = field(default_factory=dict)

    def leaf(self, label: Label) -> int:
        if isinstance(label, Listed) and label.as_set:
            atoms = (atom for place in inputs_of(label) for atom in self.axes[place].atoms)
            if not all(isinstance(atom, Point) or atom is Other.MISSING for atom in atoms):
                raise NotWritten
        return self._node(Leaf(label), inputs_of(label))

    def branch(self, place: int, children: Sequence[int]) -> int:
        """The node that asks one input, where `children` has a node for each atom of it."""
        self.work.spend(1 + len(children))
        axis = self.axes[place]
        if isinstance(axis.atoms[0], Kind):
            return self._sets(place, axis, children)
        found = dict(zip(axis.atoms, children, strict=True))
        missing = found.pop(Other.MISSING, None)
        if axis.kind is not None:
            runs = ((*atom, child) for atom, child in found.items() if isinstance(atom, Run))
            return self._stretches(place, [*runs], missing)
        if Other.TEXT not in found:
            points = [(atom.value, n) for atom, n in found.items() if isinstance(atom, Point)]
            return self._members(place, dict(points), missing)
        named = {str(atom.value): n for atom, n in found.items() if isinstance(atom, Point)}
        begun = {atom.prefix: n for atom, n in found.items() if isinstance(atom, Begun)}
        return self._texts(place, named, begun, found[Other.TEXT], missing)

    def opened(self, node: int, after: int) -> int:
        """The node with all inputs asked that it hands on and that stand between it and place `after`."""
        top = self.nodes[node]
        below = len(self.axes) if isinstance(top, Leaf) else top.place
        for place in sorted(self._inputs[node], reverse=True):
            if after < place < below:
                node = self.branch(place, [node] * len(self.axes[place].atoms))
        return node

    def digest(self, root: int, names: Sequence[str]) -> str:
        """What tells the function of a node from all others, inputs known by their names."""
        return digest(root, self.nodes, names, self._rank)

    # ------------------------------------------------------------ each kind of column

    def _stretches(
        self,
        place: int,
        runs: Sequence[tuple[int | None, int | None, int]],
        missing: int | None,
    ) -> int:
        """Adjacent runs as the longest ones, each taking in what it can of the next."""
        found: list[tuple[int | None, int | None, int]] = []
        waiting = [*reversed(runs)]
        while waiting:
            low, high, child = waiting.pop()
            child = self._held(child, place, low, high)
            if not found:
                found.append((low, high, child))
                continue
            first = found[-1][0]
            both = self._alike(place, found[-1], (low, high, child))
            if both is not None:
                found[-1] = (first, high, both)
            elif low is not None and low != high and self._may_begin(place, found[-1], child):
                both = self._alike(place, found[-1], (low, low, self._held(child, place, low, low)))
                if both is None:
                    found.append((low, high, child))
                else:  # no more than the first value can look like what came before
                    found[-1] = (first, low, both)
                    waiting.append((low + 1, high, child))
            else:
                found.append((low, high, child))
        absent = None if missing is None else self._at(missing, place, None)
        only = found[0][2]
        if len(found) == 1 and absent in (None, only) and not self._is_missing(absent, only, place):
            return only
        return self._node(Stretches(place, tuple(found), absent))

    def _may_begin(
        self, place: int, before: tuple[int | None, int | None, int], after: int
    ) -> bool:
        """Whether the first value of a run can look like what came before, though the rest does not."""
        low, high, child = before
        return low == high or place in self._inputs[child] | self._inputs[after]

    def _is_missing(self, absent: int | None, only: int, place: int) -> bool:
        """Whether what is handed on is not what stands for the missing value."""
        return absent is not None and place in self._inputs[only]

    def _alike(
        self,
        place: int,
        one: tuple[int | None, int | None, int],
        other: tuple[int | None, int | None, int],
    ) -> int | None:
        """What two neighboring runs come to, if that is one thing."""
        (low, high, before), (first, last, after) = one, other
        if before == after:
            return before
        single, another = low == high and low is not None, first == last and first is not None
        if another and not single:
            return before if self._held(before, place, first, last) == after else None
        if single and not another:
            return after if self._held(after, place, low, high) == before else None
        if not single:
            return None
        ends = self._value(place, low), self._value(place, first)
        return self._both((before, after), partial(self._as_handed_on, place, ends), {})

    def _as_handed_on(
        self, place: int, ends: tuple[Value, Value], labels: Sequence[Label]
    ) -> Label | None:
        """What has these labels at two values of an input: the same, or that input."""
        one, other = labels
        if one == other:
            return one
        if isinstance(one, Listed) and isinstance(other, Listed):
            if one.as_set or other.as_set or len(one.items) != len(other.items):
                return None
            items = [
                self._as_handed_on(place, ends, each)
                for each in zip(one.items, other.items, strict=True)
            ]
            told = [each for each in items if isinstance(each, Word | Input)]
            return Listed(tuple(told), as_set=False) if len(told) == len(items) else None
        values = tuple(self._word(end) for end in ends)
        return Input(place) if (one, other) == values else None

    def _members(self, place: int, ways: Mapping[Value, int], missing: int | None) -> int:
        found = {self.wording(value): self._at(n, place, value) for value, n in ways.items()}
        if missing is not None:
            found["missing"] = self._at(missing, place, None)
        if len({*found.values()}) == 1:
            return next(iter(found.values()))
        return self._node(Members(place, tuple(sorted(found.items()))))

    def _texts(
        self,
        place: int,
        named: Mapping[str, int],
        begun: Mapping[str, int],
        other: int,
        missing: int | None,
    ) -> int:
        kept: dict[str, int] = {}
        for prefix in sorted(begun, key=len):
            if begun[prefix] != _longest(prefix, kept, other):
                kept[prefix] = begun[prefix]
        own = {text: self._at(n, place, text) for text, n in named.items()}
        told = {
            text: n
            for text, n in own.items()
            if n != self._at(_longest(text, kept, other), place, text)
        }
        absent = None if missing is None else self._at(missing, place, None)
        plain = not kept and not told and absent in (None, other)
        if plain and not self._is_missing(absent, other, place):
            return other
        return self._node(
            Texts(place, tuple(sorted(told.items())), tuple(sorted(kept.items())), other, absent)
        )

    def _sets(self, place: int, axis: Axis, children: Sequence[int]) -> int:
        """Asked member by member; how many of those that are counted together are held is all that matters."""
        if any(place in self._inputs[child] for child in children):
            raise NotWritten
        counted = list(dict.fromkeys(members for members, _ in axis.steps))
        members = sorted({name for each in counted for name in each})
        known: dict[tuple[int, tuple[int, ...]], int] = {}

        def written(number: int, held: frozenset[str]) -> int:
            key = number, tuple(len(each & held) for each in counted)
            if key not in known:
                self.work.spend(1)
                if number == len(members):
                    atom = axis.locate(held)
                    assert atom is not None
                    known[key] = children[atom]
                else:
                    name = members[number]
                    without = written(number + 1, held)
                    within = written(number + 1, held | {name})
                    known[key] = self._holding(place, name, without, within)
            return known[key]

        return written(0, frozenset())

    def _holding(self, place: int, member: str, without: int, within: int) -> int:
        if without == within:
            return without
        return self._node(Holding(place, member, without, within))

    # ------------------------------------------------------------ one value of an input

    def _held(self, node: int, place: int, low: int | None, high: int | None) -> int:
        """The node where an input is in a run: as it is, but for a single value."""
        if low is None or low != high or place not in self._inputs[node]:
            return node
        return self._at(node, place, self._value(place, low))

    def _at(self, node: int, place: int, value: Value) -> int:
        """The node where an input has one value."""
        if place not in self._inputs[node]:
            return node
        key = node, place, value
        if key not in self._put:
            found = self._both((node,), partial(self._with, place, value), {})
            assert found is not None
            self._put[key] = found
        return self._put[key]

    def _with(self, place: int, value: Value, labels: Sequence[Label]) -> Label:
        (label,) = labels
        word = self._word(value)
        if isinstance(label, Listed):
            items = (word if each == Input(place) else each for each in label.items)
            return listing(items, as_set=label.as_set)
        return word if label == Input(place) else label

    def _word(self, value: Value) -> Word:
        return Word(self.wording(copied(value, self.into)))

    def _value(self, place: int, rank: int | None) -> Value:
        kind = self.axes[place].kind
        assert kind is not None and rank is not None
        return value_at(kind, rank)

    def _rank(self, place: int, rank: int | None) -> str:
        return self.wording(self._value(place, rank))

    # ------------------------------------------------------------ nodes side by side

    def _both(
        self,
        nodes: tuple[int, ...],
        leaf: Callable[[Sequence[Label]], Label | None],
        known: dict[tuple[int, ...], int | None],
    ) -> int | None:
        """The node of which each leaf is made from the leaves of all; None where some leaf is none."""
        if nodes not in known:
            self.work.spend(1)
            known[nodes] = self._walked(nodes, leaf, known)
        return known[nodes]

    def _walked(
        self,
        nodes: tuple[int, ...],
        leaf: Callable[[Sequence[Label]], Label | None],
        known: dict[tuple[int, ...], int | None],
    ) -> int | None:
        held = [self.nodes[number] for number in nodes]
        asking = [each for each in held if not isinstance(each, Leaf)]
        if not asking:
            label = leaf([each.label for each in held if isinstance(each, Leaf)])
            return None if label is None else self.leaf(label)
        top = min(asking, key=turn_of)
        turn, place = turn_of(top), top.place
        here = [each if turn_of(each) == turn else _NONE for each in held]

        def each_at(pick: Pick) -> int | None:
            """The node below, where `pick` says which child of those that ask is meant."""
            below = tuple(map(pick, here, nodes))
            return self._both(below, leaf, known)

        return self._joined(top, place, here, each_at)

    def _joined(
        self,
        top: Node,
        place: int,
        here: Sequence[Node],
        each_at: Callable[[Pick], int | None],
    ) -> int | None:
        """The node made of what is below those that ask an input together."""

        def absent(node: Node, number: int) -> int:
            child = node.missing if isinstance(node, Stretches | Texts) else None
            return self._at(number if child is None else child, place, None)

        missing: int | None = None
        match top:
            case Leaf():
                raise AssertionError("a leaf asks nothing")
            case Holding(_, member):
                ways = [
                    each_at(lambda node, n: node.without if isinstance(node, Holding) else n),
                    each_at(lambda node, n: node.within if isinstance(node, Holding) else n),
                ]
                if ways[0] is None or ways[1] is None:
                    return None
                return self._holding(place, member, ways[0], ways[1])
            case Members(_, those):
                found = {}
                points = [a.value for a in self.axes[place].atoms if isinstance(a, Point)]
                values: dict[str, Value] = {self.wording(value): value for value in points}
                for word, _ in those:

                    def below(node: Node, n: int, word: str = word) -> int:
                        child = dict(node.ways)[word] if isinstance(node, Members) else n
                        return self._at(child, place, values.get(word))

                    child = each_at(below)
                    if child is None:
                        return None
                    found[word] = child
                missing = found.pop("missing", None)
                return self._members(place, {values[w]: n for w, n in found.items()}, missing)
        if top.missing is not None:
            missing = each_at(absent)
            if missing is None:
                return None
        if isinstance(top, Texts):
            return self._joined_texts(place, here, each_at, missing)
        return self._joined_runs(place, here, each_at, missing)

    def _joined_runs(
        self,
        place: int,
        here: Sequence[Node],
        each_at: Callable[[Pick], int | None],
        missing: int | None,
    ) -> int | None:
        asked = [each for each in here if isinstance(each, Stretches)]
        lows = {low for each in asked for low, _, _ in each.runs if low is not None}
        first, last = asked[0].runs[0][0], asked[0].runs[-1][1]
        starts = [first, *sorted(lows - {first})]
        ends = [*(low - 1 for low in starts[1:] if low is not None), last]
        runs: list[tuple[int | None, int | None, int]] = []
        for low, high in zip(starts, ends, strict=True):

            def within(node: Node, n: int, low: int | None = low, high: int | None = high) -> int:
                if isinstance(node, Stretches):
                    n = next(
                        child
                        for _, end, child in node.runs
                        if end is None or (high is not None and high <= end)
                    )
                return self._held(n, place, low, high)

            child = each_at(within)
            if child is None:
                return None
            runs.append((low, high, child))
        return self._stretches(place, runs, missing)

    def _joined_texts(
        self,
        place: int,
        here: Sequence[Node],
        each_at: Callable[[Pick], int | None],
        missing: int | None,
    ) -> int | None:
        asked = [each for each in here if isinstance(each, Texts)]
        named: dict[str, int] = {}
        begun: dict[str, int] = {}
        for text in sorted({text for each in asked for text, _ in each.named}):

            def one(node: Node, n: int, text: str = text) -> int:
                if isinstance(node, Texts):
                    inherited = _longest(text, dict(node.begun), node.other)
                    n = dict(node.named).get(text, inherited)
                return self._at(n, place, text)

            child = each_at(one)
            if child is None:
                return None
            named[text] = child
        for prefix in sorted({prefix for each in asked for prefix, _ in each.begun}):

            def some(node: Node, n: int, begin: str = prefix) -> int:
                if isinstance(node, Texts):
                    return _longest(begin, dict(node.begun), node.other)
                return n

            child = each_at(some)
            if child is None:
                return None
            begun[prefix] = child
        other = each_at(lambda node, n: node.other if isinstance(node, Texts) else n)
        return None if other is None else self._texts(place, named, begun, other, missing)

    def _node(self, node: Node, inputs: frozenset[int] | None = None) -> int:
        number = self._known.get(node)
        if number is None:
            number = self._known[node] = len(self.nodes)
            self.nodes.append(node)
            if inputs is None:
                inputs = frozenset().union(*(self._inputs[each] for each in children_of(node)))
            self._inputs[number] = inputs
        return number


_NONE = Leaf(Word(""))
"""Stands for a node that does not ask."""

Pick: TypeAlias = Callable[[Node, int], int]
"""Of a node that asks, or of none and the number of the one that does not, the one to go on with."""


def _longest(text: str, begun: Mapping[str, int], other: int) -> int:
    """What the longest of some beginnings of a text leads to."""
    ends = range(len(text), -1, -1)
    return next((begun[text[:end]] for end in ends if text[:end] in begun), other)
