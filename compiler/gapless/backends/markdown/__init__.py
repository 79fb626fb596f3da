"""Pages for reviewers: what each policy says, who says so, and that nothing is missing.

`page` has the whole of it, `rows` what stands in a row of rules, `inline` what stands in a line.
Text of an author reaches a page only through `inline`, which escapes it, and no page holds anything
that changes while the tables do not.
"""

from __future__ import annotations

from gapless.backends.artefact import Artefact
from gapless.backends.markdown.addresses import Page, file_name, site_of
from gapless.backends.markdown.page import index_view, page_view
from gapless.backends.template import render
from gapless.driver import Result


def emit(result: Result) -> tuple[Artefact, ...]:
    """A page for every policy file, and an index of them; nothing for no files."""
    site = site_of(result)
    if not site.policies:
        return ()
    pages = (
        Artefact(
            f"markdown/{file_name(policy)}",
            render(__name__, "page.md.j2", page_view(Page(site, policy))),
        )
        for policy in site.policies
    )
    return (
        *pages,
        Artefact("markdown/README.md", render(__name__, "index.md.j2", index_view(site))),
    )
