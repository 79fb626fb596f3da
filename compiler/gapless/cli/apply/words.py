"""What may be typed after `gapless apply`."""

from __future__ import annotations

import argparse

from gapless.cli.apply.formats import ENDINGS, Format

ENGINES = ("duckdb", "spark")


def describe(command: argparse.ArgumentParser) -> None:
    endings = ", ".join(ENDINGS)
    command.add_argument("table", metavar="TABLE", help="a table, or policy.table")
    command.add_argument("data", metavar="DATA", help=f"rows, in a file that ends in {endings}")
    _places(command)
    _columns(command)
    _engines(command)


def _places(command: argparse.ArgumentParser) -> None:
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


def _columns(command: argparse.ArgumentParser) -> None:
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


def _engines(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=ENGINES, default="duckdb")
    command.add_argument(
        "--master", metavar="URL", default="local[*]", help="the cluster of --engine spark"
    )
    command.add_argument("--threads", metavar="N", type=int, help="of DuckDB (default: all cores)")
    command.add_argument("--memory", metavar="SIZE", help="at most for DuckDB, such as 500MB")
    command.add_argument("--quiet", "-q", action="store_true", help="no bar, no measurements")
