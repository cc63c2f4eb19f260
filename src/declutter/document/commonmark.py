"""Markdown to a Document: a CommonMark parser writes the elements, and says which lines each is of.

Tables and strikethrough are read too. Raw HTML goes to the HTML parser as it stands. Front matter is no text of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import read_document
from declutter.document.plaintext import line_edges, read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token
    from numpy.typing import NDArray

    from declutter.document import Document

__all__ = ["BREAK", "front_matter", "read_markdown"]

_LINES: Final = "data-declutter-lines"
BREAK: Final = re.compile("\r\n|[\n\r]")
"""What ends a line of Markdown."""

# Deeper, the parser would leave lines out; a text with so many quotation marks is no Markdown.
_DEEPEST: Final = 60
_FENCES: Final = frozenset(("---", "+++"))


def read_markdown(source: str, encoding: str | None = None) -> Document:
    """The Document of a Markdown text, with the lines of every node as its place.

    Args:
        source: the decoded text.
        encoding: what it was decoded from, if it was.

    Returns:
        The Document; that of the plain text where quotations or lists stand in each other more than 60 deep.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415 - costs start-up time

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    normal = BREAK.sub("\n", source)
    skipped = front_matter(normal)
    # Empty lines in the place of front matter keep the numbers of the others.
    tokens = parser.parse("\n" * skipped + "".join(normal.splitlines(keepends=True)[skipped:]) if skipped else normal)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return read_plain(source, encoding)
    document = read_document(parser.renderer.render(list(_marked(tokens)), parser.options, {}))
    places = _places(document, document.take_attribute(_LINES), _inner_edges(source))
    document.source, document.encoding = source, encoding
    document.markup, document.places = "markdown", places
    return document


def front_matter(text: str) -> int:
    """How many lines of front matter a text begins with: from a line of dashes or pluses to the next like it, else 0.

    A blank line behind the first makes a thematic break of it, as Pandoc has it.
    """
    lines = text.split("\n")
    first = lines[0].rstrip()
    if first not in _FENCES or not "".join(lines[1:2]).strip():
        return 0
    return next((number + 1 for number, line in enumerate(lines[1:], 1) if line.rstrip() == first), 0)


def _marked(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with the lines of each as an attribute; raw HTML has them in an empty element before it."""
    from markdown_it.token import Token  # noqa: PLC0415 - costs start-up time

    for token in tokens:
        if token.map is not None and token.nesting >= 0:
            lines = f"{token.map[0]} {token.map[1]}"
            if token.type == "html_block":
                yield Token("html_block", "", 0, content=f'<wbr {_LINES}="{lines}">')
            elif token.type != "inline":
                token.attrSet(_LINES, lines)
        yield token


def _inner_edges(source: str) -> list[tuple[int, int]]:
    """First and one past the last character of each line that are no white space; an empty pair for blank ones."""
    edges = []
    for start, end in line_edges(source, BREAK):
        line = source[start:end]
        inner = end - len(line.lstrip())
        edges.append((inner, max(inner, start + len(line.rstrip()))))
    return edges


def _places(document: Document, marks: dict[int, str], edges: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Where each node stands: in the lines of the nearest element around it that has any, else of the last raw HTML."""
    places = np.full((len(document), 2), -1, dtype=np.int64)
    parents = document.parents.tolist()
    last = loose = (-1, -1)
    given = [False] * len(document)
    for node in range(1, len(document)):
        mark = _read_mark(marks.get(node, ""), len(edges))
        if mark is not None:
            last = edges[mark[0]][0], edges[mark[1] - 1][1]
            if document.tags[node] == "wbr":
                loose = last
            else:
                given[node] = True
            places[node] = last
        elif given[parents[node]]:
            given[node] = True
            places[node] = places[parents[node]]
        else:
            places[node] = loose
    return places


def _read_mark(mark: str, count: int) -> tuple[int, int] | None:
    """The lines that a mark names; None for what is none, which raw HTML could hold too."""
    numbers = mark.split()
    if len(numbers) != 2 or not all(number.isascii() and number.isdigit() and len(number) < 12 for number in numbers):
        return None
    first, end = int(numbers[0]), int(numbers[1])
    return (first, end) if first < end <= count else None
