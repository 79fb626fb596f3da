"""The language's own words, and what may be written without quotes."""

from __future__ import annotations

import re

IMPOSSIBLE = "impossible"
DRAFT = "draft"
OTHERWISE = "otherwise"
BECAUSE = "because"
OVER = "over"

DITTO = "^"
DITTOS = (DITTO, "〃")
"""A cell that says what the one above says; the second is read and never printed, for few can type it."""

ALONE = (IMPOSSIBLE, DRAFT)
"""Words that stand alone in the outcomes."""

RESERVED = ("missing", "present", "not", IMPOSSIBLE, DRAFT, OTHERWISE)
"""Words that are quoted when they are meant as values."""

EFFECTIVE = re.compile(r"effective(?:\s+by\s+([A-Za-z_][A-Za-z0-9_]*))?")
"""The head of a column that says from when to when each row is in force, and by which date."""

BARE = re.compile(r"(?:-?[0-9]|[A-Za-z_])(?:[A-Za-z0-9_-]|\.[0-9])*")
"""A word that needs no quotes; `BARE` of the grammar, for whoever must not wait for Lark."""

DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")
"""One result of a step that has several: `line.code`; `DOTTED` of the grammar."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What can name a table, type, column, source or section."""
