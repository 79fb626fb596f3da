"""GAP401, GAP402: what a policy says of its own days, held against a day that somebody names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless.checks.support import finding
from gapless.model import Policy
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Label
from gapless_dsl.source import Source, Span


def check(compiled: finding.Compiled) -> Iterator[Diagnostic]:
    """Nothing where no day is named: a check says the same tomorrow as today."""
    today = compiled.day
    for policy in compiled.policies if today else ():
        assert today is not None
        source, about = compiled.sources[policy.path], f"policy {policy.name}"
        if policy.review_by and policy.review_by < today:
            days = count((today - policy.review_by).days, "day")
            yield finding.warning(
                about,
                "GAP401",
                f"policy `{policy.name}` is past its review",
                Label(_line(policy, r"review\s+by", source), f"{today} is {days} later"),
                helps=(
                    "read it against its sources, then name the next day",
                    "or leave `review by` out, if nothing in it can grow old",
                ),
            )
        if policy.as_of and policy.as_of > today:
            days = count((policy.as_of - today).days, "day")
            yield finding.warning(
                about,
                "GAP402",
                f"policy `{policy.name}` takes effect on a future date",
                Label(_line(policy, r"as\s+of", source), f"{today} is {days} earlier"),
                helps=(
                    "fix the date, if it is a typo",
                    "or use the policy only from that day on",
                ),
            )


def _line(policy: Policy, words: str, source: Source) -> Span:
    """Where the policy says it: the first such line below its name, for the parser takes no second one."""
    pattern = re.compile(rf"^[ \t]*({words}[ \t]+[0-9-]+)", re.MULTILINE)
    found = pattern.search(source.text, policy.span.end)
    return Span(policy.path, *found.span(1)) if found else policy.span
