"""Which values of a part of the cases are tried: one that people would choose, and its ends and middle."""

from __future__ import annotations

from gapless.analysis.arithmetic.dependent import Following
from gapless.analysis.arithmetic.propagation import Part, within
from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.axes import Run
from gapless.analysis.domain.bitsets import bits
from gapless.model import Scalar
from gapless.text import words

FAR = 1 << 20
"""An open stretch is first cut so far from its end."""


def natural(following: Following, part: Part, place: int) -> Scalar | None:
    """What is shown of a stretch anyway, or the nearest to it within the ranks that are left."""
    axis, ends = following.axes[place], part.ends.get(place)
    value = words.sample(axis, part.masks[place])
    kind = ranks.ordered(axis.column.type)
    if ends is None or kind is None or value is None:
        return value
    assert not isinstance(value, str | bool)
    rank = ranks.first_at(kind, value)
    if ends[0] is not None:
        rank = max(rank, ends[0])
    if ends[1] is not None:
        rank = min(rank, ends[1])
    found = ranks.value_at(kind, rank)
    number = axis.locate(found)
    inside = number is not None and part.masks[place] >> number & 1
    return found if inside else lowest(following, part, place)


def lowest(following: Following, part: Part, place: int) -> Scalar | None:
    return _at(following, part, place, 0)


def highest(following: Following, part: Part, place: int) -> Scalar | None:
    return _at(following, part, place, 2)


def middle(following: Following, part: Part, place: int) -> Scalar | None:
    return _at(following, part, place, 1)


def _at(following: Following, part: Part, place: int, step: int) -> Scalar | None:
    """The lowest, a middle or the highest value left; one near the open end where there is none."""
    axis = following.axes[place]
    numbers = [*bits(part.masks[place])]
    number = numbers[(0, len(numbers) // 2, -1)[step]]
    atom, kind = axis.atoms[number], ranks.ordered(axis.column.type)
    if not isinstance(atom, Run) or kind is None:
        return axis.sample(number)
    low, high = within(part.ends.get(place), (atom.low, atom.high))
    if low is not None and high is not None and low > high:
        low, high = atom.low, atom.high  # another stretch holds what is left
    if low is None and high is None:
        low, high = -FAR, FAR
    elif low is None:
        assert high is not None
        low = high - FAR
    elif high is None:
        high = low + FAR
    assert low is not None and high is not None
    return ranks.value_at(kind, (low, (low + high) // 2, high)[step])
