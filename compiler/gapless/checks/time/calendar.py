"""GAP401, GAP402: what a policy says of its own days, held against a day that somebody names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from gapless.model import Policy
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Source, Span


def check(
    policies: Iterable[Policy], sources: Mapping[str, Source], today: date | None
) -> Iterator[Diagnostic]:
    """Nothing where no day is named: a check says the same tomorrow as today."""
    for policy in policies if today else ():
        assert today is not None
        if policy.review_by and policy.review_by < today:
            yield _overdue(policy, policy.review_by, today, sources[policy.path])
        if policy.as_of and policy.as_of > today:
            yield _early(policy, policy.as_of, today, sources[policy.path])


def _overdue(policy: Policy, review_by: date, today: date, source: Source) -> Diagnostic:
    days = count((today - review_by).days, "day")
    return Diagnostic(
        "GAP401",
        Severity.WARNING,
        f"policy `{policy.name}` is past its review",
        (Label(_line(policy, r"review\s+by", source), f"{today} is {days} later"),),
        subject=f"policy {policy.name}",
        helps=(
            Help(Repair.DECISION, "read it against its sources, then name the next day"),
            Help(Repair.DECISION, "or leave `review by` out, if nothing in it can grow old"),
        ),
    )


def _early(policy: Policy, as_of: date, today: date, source: Source) -> Diagnostic:
    days = count((as_of - today).days, "day")
    return Diagnostic(
        "GAP402",
        Severity.WARNING,
        f"policy `{policy.name}` speaks of a day to come",
        (Label(_line(policy, r"as\s+of", source), f"{today} is {days} earlier"),),
        subject=f"policy {policy.name}",
        helps=(
            Help(Repair.DECISION, "mend the day, if it is mistyped"),
            Help(Repair.DECISION, "or use the policy only from that day on"),
        ),
    )


def _line(policy: Policy, words: str, source: Source) -> Span:
    """Where the policy says it: the first such line below its name, for the parser takes no second one."""
    pattern = re.compile(rf"^[ \t]*({words}[ \t]+[0-9-]+)", re.MULTILINE)
    found = pattern.search(source.text, policy.span.end)
    return Span(policy.path, *found.span(1)) if found else policy.span
