"""What is proved of one table, in one line."""

from __future__ import annotations

from gapless.analysis.verdict import Verdict
from gapless.model import HitPolicy
from gapless.text.words import count, listed, share

_HOW = {
    HitPolicy.COLLECT: "collected",
    HitPolicy.SUM: "summed",
    HitPolicy.MIN: "the least counts",
    HitPolicy.MAX: "the greatest counts",
    HitPolicy.COUNT: "counted",
    HitPolicy.RULE_ORDER: "listed in the order of the rules",
    HitPolicy.OUTPUT_ORDER: "listed in the order of their values",
}
"""What becomes of rules that apply together."""


def sentence(verdict: Verdict) -> str:
    """`complete: 5 rules answer all 96 cases, no conflicts`; for tables without errors."""
    if verdict.asks is not None and not verdict.is_draft:
        return _of_decision(verdict, verdict.asks)
    said = f"complete: {count(verdict.rules, 'rule')} answer{'s' * (verdict.rules == 1)}"
    split, how = verdict.split, _HOW.get(verdict.policy, "no conflicts")
    if verdict.is_draft:
        undecided = f"{split.undecided:,} of {count(verdict.cases)}" if split else "some cases"
        return f"not complete: {undecided} still to be decided, no conflicts"
    if verdict.is_derived:
        return f"{said} every case that can happen, no conflicts"
    if split is None:
        return f"{said} all of {count(verdict.cases)} that can happen, {how}"
    excluded = split.impossible + split.ruled_out
    if excluded:
        said += f" {split.answered:,} of {count(verdict.cases)}, {excluded:,} cannot happen"
    else:
        said += f" all {count(verdict.cases)}" if verdict.cases > 1 else " the only case"
    if split.by_otherwise:
        said += f" ({split.by_otherwise:,} by otherwise)"
    return f"{said}, {how}"


def _of_decision(verdict: Verdict, asks: tuple[str, ...]) -> str:
    """`total: all 96 cases have an answer; it rests on guidance_line and fee_for`."""
    rests = f"; it rests on {listed(asks)}" if asks else ""
    split = verdict.split
    if verdict.is_derived:
        return f"total: every case that can happen has an answer{rests}"
    if split is None:
        return f"total: all of {count(verdict.cases)} that can happen have an answer{rests}"
    excluded = split.impossible + split.ruled_out
    if excluded:
        some = f"{split.answered:,} of {count(verdict.cases)}"
        return f"total: {some} have an answer, {excluded:,} cannot happen{rests}"
    has = f"all {count(verdict.cases)} have" if verdict.cases > 1 else "the only case has"
    return f"total: {has} an answer{rests}"


def shortfall(verdict: Verdict) -> str:
    """`not complete: 3 of 96 cases unanswered, 3.1%`; for tables not proved to be complete."""
    whole = count(verdict.cases)
    if verdict.is_derived:
        if verdict.is_open:
            return "not complete: some cases that happen are unanswered"
        return "not decided: whether a case happens that is unanswered"
    if not verdict.is_decided:
        most = share(verdict.gaps_at_most, verdict.cases)
        return f"not decided: up to {verdict.gaps_at_most:,} of {whole} may be unanswered, {most}"
    least = share(verdict.gaps, verdict.cases)
    if verdict.gaps < verdict.gaps_at_most:
        return f"not complete: at least {verdict.gaps:,} of {whole} unanswered, {least}"
    return f"not complete: {verdict.gaps:,} of {whole} unanswered, {least}"
