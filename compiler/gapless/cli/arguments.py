"""What may be typed after `gapless`, and the help that says so."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from gapless import __version__
from gapless.cli.apply.formats import ENDINGS, Format

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("text", "json", "sarif", "github")
TABLES = "tables"
DIALECTS = ("duckdb", "postgres", "sqlite", "spark", "snowflake", "bigquery")
FORMS = ("view", "expression", "function")
"""What `gapless sql` prints; written out, so that nothing of weight is imported to say so."""

_CODES = """\
exit codes:
  0   no errors: every table is proved complete and free of conflicts
  1   errors were found (or warnings, with --deny-warnings); nothing is written
      apply: rows were rejected; both files are whole
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
  gapless explain GAP101                 what a finding means and what to do
"""


def parsed(words: Sequence[str] | None) -> argparse.Namespace:
    """The words as typed; paths and NAME=VALUE may stand before, between and after the options."""
    whole = _parser()
    arguments, late = whole.parse_known_args(words)
    rest = getattr(arguments, "words" if arguments.command == "run" else "paths", None)
    if late and (rest is None or any(word.startswith("-") and word != "-" for word in late)):
        whole.error(f"unrecognized arguments: {' '.join(late)}")
    if rest is not None:
        rest += late
    return arguments


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="gapless",
        description=_ABOUT,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"gapless {__version__}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (_check, _build, _run, _apply, _sql, _fmt, _explain, _new):
        add(commands)
    return whole


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, says: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=says,
        description=f"{says[0].upper()}{says[1:]}.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "check", "prove tables complete and free of conflicts")
    _paths(command, "; `-` reads standard input")
    _report(command)
    command.add_argument(
        "--certify",
        metavar="FOLDER",
        help="write a certificate of each table there, and check it independently",
    )
    _today(command, "reviews, values")
    command.add_argument("--no-cache", action="store_true", help="work everything out anew")


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


def _build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "build", "compile tables that pass every check")
    _paths(command, "")
    command.add_argument(
        "--out", metavar="FOLDER", default="generated", help="where to (default: generated)"
    )
    command.add_argument(
        "--to", metavar="TARGETS", help="which targets, such as python,markdown (default: all)"
    )
    command.add_argument(
        "--allow-drafts",
        action="store_true",
        help="compile drafts too: what they hold raises DraftError",
    )
    command.add_argument(
        "--check", action="store_true", help="write nothing: list what is stale, missing, orphaned"
    )
    _today(command, "reviews, values; pages say what is overdue")
    _report(command)


def _run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "run", "ask one table one question: the answer, and why")
    command.add_argument("table", metavar="TABLE", help="a table, or policy.table")
    command.add_argument("words", metavar="NAME=VALUE", nargs="*", help="one for each input")
    command.add_argument(
        "--tables",
        metavar="PATH",
        action="append",
        help=f"where the table is (default: {TABLES})",
    )
    command.add_argument(
        "--why-not",
        action="store_true",
        help="the rules that lose, too, and the smallest change that changes the answer",
    )
    command.add_argument("--output-format", choices=("text", "json"), default="text")


def _apply(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "apply", "put every row of a file to one table")
    endings = ", ".join(ENDINGS)
    command.add_argument("table", metavar="TABLE", help="a table, or policy.table")
    command.add_argument("data", metavar="DATA", help=f"rows, in a file that ends in {endings}")
    command.add_argument(
        "-o", "--out", metavar="FILE", required=True, help="where the answers go, beside their rows"
    )
    command.add_argument(
        "--rejects",
        metavar="FILE",
        help="where rows go that get no answer, with the reason (default: OUT.rejects.…)",
    )
    command.add_argument("--no-rejects", action="store_true", help="only count them")
    command.add_argument(
        "--reject-ragged",
        action="store_true",
        help="lines of CSV with too many or too few cells are rejected rows (default: end the run)",
    )
    for option, what in (("--format", "the data is"), ("--out-format", "the results are")):
        command.add_argument(
            option, choices=[*map(str, Format)], help=f"what {what}, if its ending does not say so"
        )
    command.add_argument(
        "--delimiter", metavar="CHAR", default=",", help="what parts the cells of CSV, or `tab`"
    )
    command.add_argument(
        "--spreadsheet-safe",
        action="store_true",
        help="put ' in front of cells of CSV that a spreadsheet would take for formulas",
    )
    command.add_argument(
        "--rename",
        metavar="NAME=COLUMN",
        action="append",
        default=[],
        help="an input is called COLUMN in the data, or an output is to be",
    )
    command.add_argument(
        "--rule",
        metavar="COLUMN",
        default="rule",
        help="where the rule's name goes (default: rule)",
    )
    command.add_argument(
        "--tables", metavar="PATH", action="append", help="where the table is (default: tables)"
    )
    command.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    command.add_argument(
        "--master", metavar="URL", default="local[*]", help="the cluster of --engine spark"
    )
    command.add_argument("--threads", metavar="N", type=int, help="of DuckDB (default: all cores)")
    command.add_argument("--memory", metavar="SIZE", help="at most for DuckDB, such as 500MB")
    command.add_argument("--quiet", "-q", action="store_true", help="no bar, no measurements")


def _sql(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "sql", "print tables as SQL: views, expressions or functions")
    _paths(command, "")
    command.add_argument(
        "--dialect", choices=DIALECTS, default="duckdb", help="of which database (default: duckdb)"
    )
    command.add_argument("--table", metavar="TABLE", help="only that table, or policy.table")
    command.add_argument(
        "--as", dest="form", choices=FORMS, default="view", help="what to print (default: view)"
    )
    command.add_argument(
        "--from",
        dest="source",
        metavar="RELATION",
        help="what a view reads, as SQL says it (default: the table's name and _input)",
    )


def _fmt(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "fmt", "lay tables out in columns, and change nothing else")
    _paths(command, "; `-` reads standard input and prints the result")
    command.add_argument(
        "--check", action="store_true", help="write nothing: list the files that would change"
    )


def _explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "explain", "say what a finding means and what to do about it")
    command.add_argument(
        "code", metavar="CODE", nargs="?", help="such as GAP101; without it, all codes are listed"
    )


def _new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "new", "begin a policy from a commented file that passes")
    command.add_argument(
        "name",
        metavar="NAME",
        help=f"a policy's name, for {TABLES}/NAME.dtable; or a path that ends in .dtable",
    )


def _paths(command: argparse.ArgumentParser, besides: str) -> None:
    command.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help=f".dtable files, or folders of them (default: {TABLES}){besides}",
    )


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output-format", choices=FORMATS, default="text")
    command.add_argument(
        "--deny-warnings", action="store_true", help="exit with 1 for warnings too"
    )
    command.add_argument(
        "--all", action="store_true", help="show every finding, not only the foremost twenty"
    )
