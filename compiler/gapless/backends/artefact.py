"""What a backend makes: a path under the output folder, and the whole text of the file."""

from __future__ import annotations

from typing import NamedTuple


class Artefact(NamedTuple):
    """`path` is relative, with `/`, and begins with the backend's name: `python/igrt.py`."""

    path: str
    text: str
