"""What the body of a deciding function does, before it is spelt out: questions, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gapless.analysis.decision.diagram import Branch


class Question(NamedTuple):
    """Whether column `axis` is one of the atoms `mask`, where it can only be one of `possible`."""

    axis: int
    mask: int
    possible: int


@dataclass(frozen=True, slots=True)
class If:
    """`body` is done where every question is answered yes."""

    questions: tuple[Question, ...]
    body: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rule number `rule` decides."""

    rule: int


@dataclass(frozen=True, slots=True)
class Part:
    """Another function decides, the one for `node`."""

    node: Branch


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No rule decides; that no case comes here is what was proved."""


Step: TypeAlias = If | Answer | Part | Unanswered


class Body(NamedTuple):
    """The steps of one function: of the decision's root, or of the part that begins at `node`."""

    node: Branch | None
    steps: tuple[Step, ...]
