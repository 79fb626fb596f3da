"""What is proved, said first: how many cases, no conflicts, and on what the rules rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import verdict
from gapless.backends.markdown.addresses import Page
from gapless.backends.markdown.inline import Code, Line, Text, joined, markdown, text
from gapless.model import Impossibility, Policy, Rule, RuleKind, Table
from gapless.proof import prover
from gapless.text.words import count, listed
from gapless_dsl.nodes import Basis


def proved(units: Iterable[Unit]) -> str:
    """`Complete: each of 1,240 cases in 3 tables has one answer or is excluded; no conflicts.`"""
    found = [verdict(unit) for unit in units]
    if not found:
        return "Nothing to decide: this file has no tables of its own."
    cases = sum(each.cases for each in found)
    if any(each.is_draft for each in found):
        counted = [each.split.undecided for each in found if each.split]
        open_ = f"{sum(counted):,}" if len(counted) == len(found) else "some"
        among = f"{open_} of {count(cases)} in {count(len(found), 'table')}"
        return f"Not complete, no conflicts: {among} still to be decided."
    excluded = sum(each.split.impossible + each.split.ruled_out for each in found if each.split)
    answers = "has just one answer"
    if not all(each.split for each in found):
        answers += " or cannot happen"
    elif excluded:
        answers = f"has just one answer ({cases - excluded:,}) or cannot happen ({excluded:,})"
    each = "each of the" if cases > 1 else "the"
    whole = f"{each} {count(cases)} in {count(len(found), 'table')}"
    if any(each.is_derived for each in found):
        whole = f"each case in {count(len(found), 'table')}"
        answers = "has just one answer or cannot happen"
    return f"Complete, no conflicts: {whole} {answers}."


def not_certified(page: Page) -> str:
    """The tables whose proof the auditor cannot confirm, each with the reason."""
    beyond = prover.not_certified(page.site.units)
    reasons: dict[str, list[Line]] = {}
    for table in page.policy.tables:
        if table in beyond:
            reasons.setdefault(beyond[table].replace("`", ""), []).append((Code(table.name),))
    told = [
        (*joined(tables, text(", "), text(" and ")), Text(f": {why}"))
        for why, tables in reasons.items()
    ]
    if not told:
        return ""
    return markdown((Text("Not certified: "), *joined(told, text("; ")), Text(".")))


def rules_of(policy: Policy) -> list[tuple[Table, Rule]]:
    """The rules that somebody wrote: no version that is in force, and no decision, is such a rule.

    What is said of all tables is one rule, that of the first of them.
    """
    written = (table for table in policy.tables if not (table.by_version or table.is_decision))
    seen: set[Impossibility] = set()
    found: list[tuple[Table, Rule]] = []
    for table in written:
        for rule in table.rules:
            if rule.declared not in seen:
                found.append((table, rule))
            if rule.declared is not None:
                seen.add(rule.declared)
    return found


def is_draft(rule: Rule) -> bool:
    """Whether somebody still has to decide what it answers."""
    return rule.kind is RuleKind.DRAFT


def is_open(rule: Rule) -> bool:
    """Whether somebody had to decide what the source does not state."""
    return rule.reason.basis is not Basis.STATED and not is_draft(rule)


def cites_nothing(rule: Rule) -> bool:
    """Whether the rule names no source and does not say that it has none."""
    stated = rule.reason.basis is Basis.STATED
    return not rule.reason.citations and stated and not is_draft(rule)


def resting(policy: Policy) -> str:
    """`69 rules: 40 stated in the source, 19 inferred from it, 10 where it is silent.`"""
    rules = [rule for _, rule in rules_of(policy) if not is_draft(rule)]
    if not rules:
        return ""
    bases = Counter(None if cites_nothing(rule) else rule.reason.basis for rule in rules)
    said = [f"{bases[basis]:,} {words}" for basis, words in _BASES.items() if bases[basis]]
    if len(said) > 1:
        return f"{count(len(rules), 'rule')}: {listed(said)}."
    [words] = (words for basis, words in _BASES.items() if bases[basis])
    return f"{count(len(rules), 'rule')}, {'all ' * (len(rules) > 1)}{words}."


_BASES: dict[Basis | None, str] = {
    Basis.STATED: "stated in the source",
    Basis.INFERRED: "inferred from it",
    Basis.SILENT: "where the source is silent",
    None: "without a source",
}
