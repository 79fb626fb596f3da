"""Markdown as its readers get it: through GitHub's kind of parser and through Python-Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

import markdown
from markdown_it import MarkdownIt

Row: TypeAlias = list[str]


@dataclass
class Rendered:
    """What a reader finds on a page: rows of each table, headings, anchors, links, and all of its text."""

    tables: list[list[Row]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""

    @property
    def cells(self) -> list[str]:
        return [cell for table in self.tables for row in table for cell in row]


def as_github(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))


def as_python_markdown(text: str) -> str:
    return markdown.markdown(text, extensions=["tables", "fenced_code"])


READERS: dict[str, Callable[[str], str]] = {
    "github": as_github,
    "python-markdown": as_python_markdown,
}


def read(html: str) -> Rendered:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    """Gathers a page; a line break is a newline, and a space that must not break is a space."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Rendered()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.page.ids.append(value or "")
            if name == "href":
                self.page.links.append(value or "")
        if tag == "br":
            self.handle_data("\n")
            return
        if tag == "hr":
            return
        self.open.append(tag)
        if tag == "table":
            self.page.tables.append([])
        elif tag == "tr":
            self.page.tables[-1].append([])
        elif tag in ("td", "th"):
            self.page.tables[-1][-1].append("")
        elif tag in ("h1", "h2", "h3", "h4"):
            self.page.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("br", "hr"):
            return
        assert self.open and self.open[-1] == tag, f"</{tag}> within {self.open}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        said = data.replace("\u00a0", " ")
        self.page.text += said
        if {"td", "th"} & set(self.open):
            self.page.tables[-1][-1][-1] += said
        if {"h1", "h2", "h3", "h4"} & set(self.open):
            self.page.headings[-1] += said
