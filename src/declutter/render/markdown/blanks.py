"""Blocks that show nothing, of which the converter would write empty lines, bullets and marks of headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["drop_blanks"]

_SHOWING: Final = frozenset(("img", "br", "hr", "table", "pre", "video", "audio", "picture"))
_MARKED: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
_PLAIN: Final = frozenset(
    "p div article section main header footer aside nav address details summary figure figcaption".split()
)
_BLOCKS: Final = _PLAIN | _MARKED | {"ul", "ol", "li"}


def drop_blanks(tree: turbohtml.Document) -> None:
    """Empty the blocks that show nothing, so that they part what stands beside them and no more; those with a mark go.

    An item of a numbered list stays, because the others are counted on from it.
    """
    for element in _blank(tree):
        if element.tag == "li" and tag_of(element.parent) == "ol":
            continue
        if element.tag in _PLAIN:
            for node in list(element.children):
                node.extract()
        else:
            if element.tag in _MARKED:
                element.insert_before(turbohtml.Element("p"))  # it parted the lines around it
            element.extract()


def _blank(tree: turbohtml.Document) -> list[turbohtml.Element]:
    """The blocks that show nothing, each behind those in it."""
    found: list[turbohtml.Element] = []
    # Not by a set of those that show: the hashes of 10,000 nodes can be alike in so many bits that it takes seconds.
    shows = [False]
    open_nodes: list[tuple[turbohtml.Node, Iterator[turbohtml.Node]]] = [(tree, iter(tree.children))]
    while open_nodes:
        node, rest = open_nodes[-1]
        child = next(rest, None)
        if child is None:
            open_nodes.pop()
            shown = shows.pop()
            if not shown and isinstance(node, turbohtml.Element) and node.tag in _BLOCKS:
                found.append(node)
            if shown and shows:
                shows[-1] = True
        elif isinstance(child, turbohtml.Text):
            shows[-1] = shows[-1] or bool(child.text.strip())
        elif tag_of(child) in _SHOWING:
            shows[-1] = True
        else:
            open_nodes.append((child, iter(child.children)))
            shows.append(False)
    return found
