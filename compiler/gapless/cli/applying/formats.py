"""Kinds of files: which one a path is, by its ending or because the user says so."""

from __future__ import annotations

from enum import StrEnum

from gapless.cli.console import CannotRun


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


ENDINGS = {
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".ipc": Format.ARROW,
}


def format_of(path: str, said: str | None, option: str) -> Format:
    """The format that is `said`, else the one of the path's ending; `option` is how to say it."""
    if said is not None:
        return Format(said)
    for ending, format in ENDINGS.items():
        if path.lower().endswith(ending):
            return format
    raise CannotRun(
        f"{path} does not say what it is: it ends in none of {', '.join(ENDINGS)}; "
        f"say {option} {', '.join(Format)}"
    )
