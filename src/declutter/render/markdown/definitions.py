"""Lists of definitions, which GitHub's Markdown has not: as PHP Markdown Extra and Pandoc write them, where they are simple."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import ANY_BLOCK, BLOCKS, tag_of

if TYPE_CHECKING:
    from declutter.render.markdown.marks import Marks

__all__ = ["mark_definitions"]

_ANY_OTHER: Final = ", ".join(sorted(BLOCKS - {"p", "div"}))
_PARTS: Final = frozenset(("dt", "dd"))
# Where lines would be indented or run together, and where nothing but code or a line can stand.
_INSIDE: Final = "li, dt, dd, td, th, blockquote"
_NOWHERE: Final = "a, h1, h2, h3, h4, h5, h6, pre, code, sub, sup"


def mark_definitions(tree: turbohtml.Document, marks: Marks, markdown: turbohtml.Markdown) -> None:
    """Write the lists of definitions of a tree, the innermost first.

    Terms and definitions of a line each become `Term` and `: definition` below it. A list whose definitions hold more, or that
    stands in another list, becomes a list of its terms, each with its definitions inside its item: without that extension the
    indented rest would be code.
    """
    for found in reversed(tree.find_all("dl")):
        _open_groups(found)
        elements = [node for node in found.children if isinstance(node, turbohtml.Element) and node.tag in _PARTS]
        others = any(tag_of(node) not in _PARTS and (node.text.strip() or tag_of(node)) for node in found.children)
        if others or {part.tag for part in elements} != _PARTS or found.closest(_NOWHERE) is not None:
            continue  # what is no list of definitions stays as it is
        if found.closest(_INSIDE) is None and all(_is_line(part) for part in elements):
            block = turbohtml.Element("p")
            block.append(marks.of(_lines(elements, markdown)))
            found.replace_with(block)
        else:
            found.replace_with(_items(elements))


def _open_groups(found: turbohtml.Element) -> None:
    """Put what divs around a term and its definitions hold in their places."""
    for group in found.children:
        if isinstance(group, turbohtml.Element) and group.tag == "div":
            group.unwrap()


def _is_line(part: turbohtml.Element) -> bool:
    return part.select_one(_ANY_OTHER) is None and len(part.select("p, div")) < 2 and part.find("br") is None


def _lines(parts: list[turbohtml.Element], markdown: turbohtml.Markdown) -> str:
    lines: list[str] = []
    term_before = told = False
    for part in parts:
        text = " ".join(part.to_markdown(markdown).split())
        term = part.tag == "dt"
        if not text:
            continue
        told = told or term
        if lines and not term_before and (term or not told):
            lines.append("")
        # Where its term is gone, or there never was one, a definition is a paragraph.
        lines.append(f": {text}" if told and not term else text)
        term_before = term
    return "\n".join(lines)


def _items(parts: list[turbohtml.Element]) -> turbohtml.Element:
    items = turbohtml.Element("ul")
    item: turbohtml.Element | None = None
    behind = False
    for part in parts:
        if item is None or (part.tag == "dt" and behind):
            item = turbohtml.Element("li")
            items.append(item)
        behind = part.tag == "dd"
        block = item
        if part.select_one(ANY_BLOCK) is None:
            block = turbohtml.Element("p")
            item.append(block)
        for node in list(part.children):
            block.append(node)
    return items
