"""Blocks that show nothing, of which the converter would write empty lines, bullets and marks of headings."""

from __future__ import annotations

from typing import Final

import turbohtml

from declutter.render.markdown.links import tag_of

__all__ = ["drop_blanks"]

_SHOWING: Final = frozenset(("img", "br", "hr", "table", "pre", "video", "audio", "picture"))
_MARKED: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
_PLAIN: Final = frozenset(
    "p div article section main header footer aside nav address details summary figure figcaption".split()
)
_ANY: Final = ", ".join(sorted(_PLAIN | _MARKED | {"ul", "ol", "li"}))


def drop_blanks(tree: turbohtml.Document) -> None:
    """Empty the blocks that show nothing, so that they part what stands beside them and no more; those with a mark go.

    An item of a numbered list stays, because the others are counted on from it.
    """
    shown: set[turbohtml.Node] = set()
    for node in tree.descendants:
        if tag_of(node) in _SHOWING or (isinstance(node, turbohtml.Text) and node.text.strip()):
            up = node if isinstance(node, turbohtml.Element) else node.parent
            while up is not None and up not in shown:
                shown.add(up)
                up = up.parent
    for element in tree.select(_ANY):
        if element in shown or (element.tag == "li" and tag_of(element.parent) == "ol"):
            continue
        if element.tag in _PLAIN:
            for node in list(element.children):
                node.extract()
        else:
            if element.tag in _MARKED:
                element.insert_before(turbohtml.Element("p"))  # it parted the lines around it
            element.extract()
