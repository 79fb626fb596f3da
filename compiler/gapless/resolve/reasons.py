"""A `because` cell: the words, what they rest on, and how."""

from __future__ import annotations

from typing import NamedTuple

from gapless.model import Reason, Section
from gapless.resolve.findings import Findings, Site
from gapless.resolve.shelf import Shelf, cite
from gapless_dsl.diagnostic import diagnostic_at
from gapless_dsl.nodes import Basis, Citation, TextCell
from gapless_dsl.parser.cells import read_reason


class Because(NamedTuple):
    """A reason, and whether the author cites anything in it, rightly or not."""

    reason: Reason
    cites: bool

    @property
    def is_empty(self) -> bool:
        return not self.reason.text and not self.cites

    @property
    def accounts(self) -> bool:
        """Whether it cites, or says that there is nothing to cite."""
        return self.cites or self.reason.basis is Basis.SILENT


NOTHING = Because(Reason(), False)


def because(cell: TextCell, shelf: Shelf, subject: str, found: Findings) -> Because:
    content, problems = read_reason(cell.text)
    found.extend(diagnostic_at(problem, cell, subject) for problem in problems)
    sections: dict[Section, None] = {}
    for citation in content.citations:
        section = cite(citation, shelf, _site(citation, cell, subject), found)
        if section is not None:
            sections[section] = None
    cites = bool(content.citations or problems)
    return Because(Reason(content.text, tuple(sections), content.basis), cites)


def _site(citation: Citation, cell: TextCell, subject: str) -> Site:
    """A place from which the citation's own `at` counts right, bars before it or none."""
    start, end = citation.at
    there = cell.within(start, end)
    return Site(there._replace(start=there.start - start), subject)
