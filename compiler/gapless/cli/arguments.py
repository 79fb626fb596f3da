"""What may be typed after `gapless`, and the help that says so: each verb, and each option, once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from gapless import __version__

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("text", "json", "sarif", "github")
TABLES = "tables"
DIALECTS = ("duckdb", "postgres", "sqlite", "spark", "snowflake", "bigquery")
FORMS = ("view", "expression", "function")
"""What `gapless sql` prints; written out, so that nothing of weight is imported to say so."""
ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
"""The formats of data by how names of files end."""

_CODES = """\
exit codes:
  0   no errors: every table is proved complete and free of conflicts
  1   errors were found (or warnings, with --deny-warnings); nothing is written
      apply: rows were rejected; both files are whole
      diff: some answers changed, or not as was expected
  2   could not run: bad usage, no such file, none readable, nothing declared. Never a success.
  130 interrupted
"""

_ABOUT = """\
Decision tables proved complete, compiled to typed Python and to pages that reviewers read.

  gapless new parcel                     begin tables/parcel.dtable
  gapless check                          prove every table under tables/
  gapless build                          and compile them into generated/
  gapless run fee weight=250 zone=home   ask one table one question
  gapless apply fee in.csv -o out.csv    put every row of a file to a table
  gapless sql --table fee --as function  the same in a database's own words
  gapless diff main..                    what a change does to answers, proved
  gapless approve fee --by … --note …    sign off what a table decides
  gapless evidence out                   all there is to show, in a folder that verifies itself
  gapless explain GAP101                 what a finding means and what to do
"""


def parsed(words: Sequence[str] | None) -> argparse.Namespace:
    """The words as typed, and where tables are looked for if none of them says so.

    Paths and NAME=VALUE may stand before, between and after the options.
    """
    whole = argparse.ArgumentParser(
        prog="gapless",
        description=_ABOUT,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"gapless {__version__}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for verb, (says, declare) in VERBS.items():
        declare(
            commands.add_parser(
                verb,
                help=says,
                description=f"{says[0].upper()}{says[1:]}.",
                epilog=_CODES,
                formatter_class=argparse.RawDescriptionHelpFormatter,
                allow_abbrev=False,
            )
        )
    arguments, late = whole.parse_known_args(words)
    rest = getattr(arguments, "words" if arguments.command == "run" else "paths", None)
    if late and (rest is None or any(word.startswith("-") and word != "-" for word in late)):
        whole.error(f"unrecognized arguments: {' '.join(late)}")
    if rest is not None:
        rest += late
    given = vars(arguments)
    for name in given.keys() & {"paths", "tables"}:
        given[name] = given[name] or [TABLES]
    return arguments


def _check(command: argparse.ArgumentParser) -> None:
    _paths(command, "; `-` reads standard input")
    _report(command)
    command.add_argument(
        "--certify",
        metavar="FOLDER",
        help="write a certificate of each table there, and check it independently",
    )
    _today(command, "reviews, values")
    command.add_argument("--no-cache", action="store_true", help="work everything out anew")


def _build(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _paths(command)
    add("--out", metavar="FOLDER", default="generated", help="where to (default: generated)")
    add("--to", metavar="TARGETS", help="which targets, such as python,markdown (default: all)")
    add(
        "--allow-drafts",
        action="store_true",
        help="compile drafts too: what they hold raises DraftError",
    )
    add("--check", action="store_true", help="write nothing: list what is stale, missing, orphaned")
    _today(command, "reviews, values; pages say what is overdue")
    _report(command)


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("table", metavar="TABLE", help="a table, or policy.table")
    command.add_argument("words", metavar="NAME=VALUE", nargs="*", help="one for each input")
    _tables(command)
    command.add_argument(
        "--why-not",
        action="store_true",
        help="the rules that lose, too, and the smallest change that changes the answer",
    )
    command.add_argument("--output-format", choices=("text", "json"), default="text")


def _apply(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("table", metavar="TABLE", help="a table, or policy.table")
    add("data", metavar="DATA", help=f"rows, in a file that ends in {', '.join(ENDINGS)}")
    add(
        "-o", "--out", metavar="FILE", required=True, help="where the answers go, beside their rows"
    )
    add(
        "--rejects",
        metavar="FILE",
        help="where rows go that get no answer, with the reason (default: OUT.rejects.…)",
    )
    add("--no-rejects", action="store_true", help="only count them")
    add(
        "--reject-ragged",
        action="store_true",
        help="lines of CSV with too many or too few cells are rejected rows (default: end the run)",
    )
    formats = tuple(dict.fromkeys(ENDINGS.values()))
    for option, what in (("--format", "the data is"), ("--out-format", "the results are")):
        add(option, choices=formats, help=f"what {what}, if its ending does not say so")
    add("--delimiter", metavar="CHAR", default=",", help="what parts the cells of CSV, or `tab`")
    add(
        "--spreadsheet-safe",
        action="store_true",
        help="put ' in front of cells of CSV that a spreadsheet would take for formulas",
    )
    add(
        "--rename",
        metavar="NAME=COLUMN",
        action="append",
        default=[],
        help="an input is called COLUMN in the data, or an output is to be",
    )
    add(
        "--rule",
        metavar="COLUMN",
        default="rule",
        help="where the names of the rows go that an answer rests on (default: rule)",
    )
    add(
        "--basis",
        metavar="COLUMN",
        default="basis",
        help="where it goes how these rest on the sources (default: basis)",
    )
    _tables(command)
    add("--engine", choices=("duckdb", "spark"), default="duckdb")
    add("--master", metavar="URL", default="local[*]", help="the cluster of --engine spark")
    add("--threads", metavar="N", type=int, help="of DuckDB (default: all cores)")
    add("--memory", metavar="SIZE", help="at most for DuckDB, such as 500MB")
    add("--quiet", "-q", action="store_true", help="no bar, no measurements")


def _sql(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _paths(command)
    add("--dialect", choices=DIALECTS, default="duckdb", help="of which database (default: duckdb)")
    add("--table", metavar="TABLE", help="only that table, or policy.table")
    add("--as", dest="form", choices=FORMS, default="view", help="what to print (default: view)")
    add(
        "--from",
        dest="source",
        metavar="RELATION",
        help="what a view reads, as SQL says it (default: the table's name and _input)",
    )


def _diff(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    state = (
        "files, folders or a git revision; PATH:TABLE is one table, PATH@DAY what holds that day"
    )
    add("old", metavar="OLD", help=state)
    add(
        "new",
        metavar="NEW",
        nargs="?",
        help="the same; without it OLD is A..B, or a revision to compare the files with",
    )
    _tables(command)
    add("--output-format", choices=("text", "markdown", "json", "sarif"), default="text")
    add("--all", action="store_true", help="show every region, not only the largest twelve")
    add("--expect", metavar="FILE", help="prove that just the change stated there happened")
    add(
        "--on", metavar="DATA", help="count which rows of a file (CSV, Parquet, Arrow) that changes"
    )
    add("--write-expect", metavar="FILE", help="write what changed there, to be stated")


def _fmt(command: argparse.ArgumentParser) -> None:
    _paths(command, "; `-` reads standard input and prints the result")
    command.add_argument(
        "--check", action="store_true", help="write nothing: list the files that would change"
    )


def _approve(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("table", metavar="TABLE", help="a table, or policy.table")
    add("--by", metavar="NAME", required=True, help="who approves what it decides")
    add("--note", metavar="TEXT", required=True, help="what was looked at, or held against what")
    _tables(command)


def _evidence(command: argparse.ArgumentParser) -> None:
    command.add_argument("out", metavar="OUT", help="a new folder")
    command.add_argument(
        "--since", metavar="OLD", help="also what changed since that evidence, or those tables"
    )
    _paths(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "code", metavar="CODE", nargs="?", help="such as GAP101; without it, all codes are listed"
    )


def _new(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "name",
        metavar="NAME",
        help=f"a policy's name, for {TABLES}/NAME.dtable; or a path that ends in .dtable",
    )


VERBS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("prove tables complete and free of conflicts", _check),
    "build": ("compile tables that pass every check", _build),
    "run": ("ask one table one question: the answer, and why", _run),
    "apply": ("put every row of a file to one table", _apply),
    "sql": ("print tables as SQL: views, expressions or functions", _sql),
    "diff": ("prove what a change of tables does to their answers", _diff),
    "approve": ("write down who approved what a table decides", _approve),
    "evidence": (
        "write all there is to show of tables into a folder that verifies itself",
        _evidence,
    ),
    "fmt": ("lay tables out in columns, and change nothing else", _fmt),
    "explain": ("say what a finding means and what to do about it", _explain),
    "new": ("begin a policy from a commented file that passes", _new),
}
"""What each verb is for, and what may be typed behind it."""


# ---------------------------------------------------------------- what several verbs take


def _paths(command: argparse.ArgumentParser, besides: str = "") -> None:
    command.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help=f".dtable files, or folders of them (default: {TABLES}){besides}",
    )


def _tables(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--tables",
        metavar="PATH",
        action="append",
        help=f"where the table is (default: {TABLES})",
    )


def _report(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--output-format", choices=FORMATS, default="text")
    add("--deny-warnings", action="store_true", help="exit with 1 for warnings too")
    add("--all", action="store_true", help="show every finding, not only the foremost twenty")


def _today(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument(
        "--today",
        metavar="DATE",
        type=_day,
        help=f"warn of what is past on that day, such as 2027-03-01, or `now`: {what}",
    )


def _day(word: str) -> date:
    """The day as tables write it; the clock is read here alone, and only where `now` asks for it."""
    import datetime  # of weight

    if word == "now":
        return datetime.date.today()
    with suppress(ValueError):
        day = datetime.date.fromisoformat(word)
        if str(day) == word:  # and no week with a weekday, as no table is written so either
            return day
    raise argparse.ArgumentTypeError(f"`{word}` is no day, such as 2027-03-01, and not `now`")
