"""What programs are told of the files in the output folder that are not what the tables become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_SAYS = {
    "stale": "this file is not what the tables become now",
    "missing": "the tables become this file, and it is not there",
    "orphaned": "no table becomes this file any more",
    "interrupted": "a build was killed here: the files may be of two generations until the next one",
}


class Drift(NamedTuple):
    """A file that is not current: `rule` names the kind of drift, apart from the codes of findings."""

    path: str
    rule: str
    says: str


def drifts(files: Iterable[Mapping[str, str]]) -> Iterator[Drift]:
    """Those of `files`, as JSON tells of them, that `build --check` found not current."""
    for file in files:
        if file["state"] in _SAYS:
            yield Drift(file["path"], f"build-{file['state']}", _SAYS[file["state"]])
