"""The content of a page as Markdown; turbohtml converts it, after what Markdown cannot say is put as it can."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.html import content_html

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_markdown"]

# Two line breaks end a paragraph; as they stand Markdown would show them.
_PARAGRAPHS: Final = re.compile(r"(<pre\b.*?</pre>)|<br>(?:\s*<br>)+", re.DOTALL)

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS: Final = frozenset(("ul", "ol"))
# What a link in Markdown cannot hold, and would be run together in it; bare divs read well as one line.
_PARTED: Final = _HEADINGS | _LISTS | {"table", "pre", "blockquote"}
_BLOCKS: Final = _PARTED | frozenset(
    "p div article section main header footer aside nav address details summary figure figcaption hr li dl dt dd caption"
    " colgroup col thead tbody tfoot tr th td".split()
)
_ANY_PARTED: Final = ", ".join(sorted(_PARTED))
_ANY_BLOCK: Final = ", ".join(sorted(_BLOCKS))


def content_markdown(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept part of the page's tree as GitHub-flavoured Markdown.

    A link around headings stands on them, one around other blocks on the first: Markdown has links in a line alone.
    """
    html = _PARAGRAPHS.sub(lambda found: found[1] or "<p></p>", content_html(document, blocks, keep))
    tree = turbohtml.parse(html)
    for link in tree.find_all("a"):
        if not _parted(link):
            continue
        if link.find("a") is not None:
            # Markdown has no links in links: the inner one is what is clicked.
            link.unwrap()
        else:
            _put_inside(link)
    for outer in reversed(tree.select("ul, ol")):
        _join_lists(outer)
    return tree.to_markdown().strip()


def _join_lists(outer: turbohtml.Element) -> None:
    """Open lists directly in a list before its first item: Markdown would have indented code there, or more of a paragraph."""
    for node in list(outer.children):
        if _tag(node) == "li":
            return
        if isinstance(node, turbohtml.Element) and node.tag in _LISTS:
            items = bool(node.children)
            node.unwrap()
            if items:
                return


def _tag(node: turbohtml.Node) -> str:
    return node.tag if isinstance(node, turbohtml.Element) else ""


def _parted(link: turbohtml.Element) -> bool:
    """Whether a link holds blocks that would be lost in one line."""
    return link.select_one(_ANY_PARTED) is not None or len(link.find_all("p", limit=2)) > 1


def _put_inside(link: turbohtml.Element) -> None:
    """Move a link into the headings that it holds, else into its first block."""
    runs = [(run, heading) for run, heading in _runs(link) if _shows(run)]
    on_headings = [run for run, heading in runs if heading]
    for run in on_headings or [run for run, _ in runs[:1]]:
        wrapper = turbohtml.Element("a", dict(link.attrs))
        run[0].wrap(wrapper)
        for node in run[1:]:
            wrapper.append(node)
    link.unwrap()


def _runs(link: turbohtml.Element) -> list[tuple[list[turbohtml.Node], bool]]:
    """Neighbours in a line inside a link, in document order, and whether they are in a heading; code has none."""
    runs: list[tuple[list[turbohtml.Node], bool]] = []
    waiting: list[tuple[turbohtml.Node | list[turbohtml.Node], bool]] = [(link, False)]
    while waiting:
        part, heading = waiting.pop()
        if isinstance(part, list):
            runs.append((part, heading))
            continue
        inside = heading or _tag(part) in _HEADINGS
        found: list[tuple[turbohtml.Node | list[turbohtml.Node], bool]] = []
        for block, neighbours in groupby(part.children, _holds_block):
            nodes = list(neighbours)
            found += [(node, inside) for node in nodes if _tag(node) != "pre"] if block else [(nodes, inside)]
        waiting += reversed(found)
    return runs


def _holds_block(node: turbohtml.Node) -> bool:
    return isinstance(node, turbohtml.Element) and (node.tag in _BLOCKS or node.select_one(_ANY_BLOCK) is not None)


def _shows(run: list[turbohtml.Node]) -> bool:
    return any(node.text.strip() or _tag(node) == "img" or node.find("img") is not None for node in run)
