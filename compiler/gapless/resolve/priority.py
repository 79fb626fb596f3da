"""Hit policy `priority`: what a row answers must tell, as it stands there, which row wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapless.model import Column, Constant, EnumerationType, Rule
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.nodes.declarations import Header


def priority_faults(
    header: Header, outputs: Sequence[Column], rules: Sequence[Rule], subject: str
) -> Iterator[Diagnostic]:
    """GAP035: no output is a closed list, or a row's answer in one that is has to be worked out first."""
    ranked = [isinstance(column.type, EnumerationType) for column in outputs]
    if not any(ranked):
        assert header.policy is not None
        yield error(
            "GAP035",
            "`priority` goes by the order of a closed list, and no output is one",
            Label(header.policy.span, "which answer comes first?"),
            *(Label(column.span, "its values have no order of their own") for column in outputs),
            subject=subject,
            helps=(decision("declare a list, the answer that wins first: `type Name = a | b`"),),
        )
    for rule in rules:
        for column, outcome, is_ranked in zip(outputs, rule.outcomes, ranked, strict=False):
            if is_ranked and not isinstance(outcome.value, Constant):
                yield error(
                    "GAP035",
                    f"whether rule `{rule.name}` wins cannot be told from `{outcome.text}`",
                    Label(
                        outcome.span,
                        f"`priority` goes by what stands here: name a value of `{column.name}`",
                    ),
                    subject=f"{subject}, rule {rule.name}, column {column.name}",
                )
