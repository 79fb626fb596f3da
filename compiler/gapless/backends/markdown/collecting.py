"""What several rules that apply to one case mean, where all of them answer together."""

from __future__ import annotations

from gapless.backends.markdown.values import name_of
from gapless.model import HitPolicy, Table, ranked

_ALL = "Several of these rules may apply to one case, and it is counted at each of them."

_HOW = {
    HitPolicy.COLLECT: "What all of them answer is listed.",
    HitPolicy.RULE_ORDER: "What all of them answer is listed, in the order of the rules.",
    HitPolicy.SUM: "What all of them answer is added up.",
    HitPolicy.MIN: "The least of their answers counts.",
    HitPolicy.MAX: "The greatest of their answers counts.",
    HitPolicy.COUNT: "The answer is how many of them there are.",
}


def collects(table: Table) -> str:
    """How the answers of all rules that apply become one."""
    if table.policy is not HitPolicy.OUTPUT_ORDER:
        return f"{_ALL} {_HOW[table.policy]}"
    orders = [
        f"{name_of(column)} ({', '.join(m.label or m.name for m in of.members)})"
        for column in table.outputs
        if (of := ranked(table.policy, column)) is not None
    ]
    return f"{_ALL} What all of them answer is listed in the order of {', then of '.join(orders)}."
