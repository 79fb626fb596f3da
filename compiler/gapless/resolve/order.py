"""Things that need each other, put so that what is needed comes first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def in_order(
    keys: Iterable[Key], needs: Callable[[Key], Iterable[Key]]
) -> tuple[tuple[Key, ...], tuple[tuple[Key, ...], ...]]:
    """The keys, needed ones first, and the cycles.

    Each member of a cycle needs the next one, and the last needs the first. Where keys need each
    other in a cycle, that last need is the one left unserved. Depth first, without recursion: a
    chain of tables may be longer than Python's stack.
    """
    done: dict[Key, None] = {}
    cycles: list[tuple[Key, ...]] = []
    for key in keys:
        path: dict[Key, Iterator[Key]] = {}
        if key not in done:
            path[key] = iter(needs(key))
        while path:
            last = next(reversed(path))
            needed = next((each for each in path[last] if each not in done), None)
            if needed is None:
                done[last] = None
                del path[last]
            elif needed in path:
                members = tuple(path)
                cycles.append(members[members.index(needed) :])
            else:
                path[needed] = iter(needs(needed))
    return tuple(done), tuple(cycles)
