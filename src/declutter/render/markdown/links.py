"""Links around blocks, which Markdown has in a line alone."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import turbohtml

from declutter.document.visibility import INVISIBLE

__all__ = ["ANY_BLOCK", "BLOCKS", "drop_permalinks", "part_links", "tag_of"]

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# What a link in Markdown cannot hold, and would be run together in it; bare divs read well as one line.
_PARTED: Final = _HEADINGS | {"ul", "ol", "table", "pre", "blockquote"}
BLOCKS: Final = _PARTED | frozenset(
    "p div article section main header footer aside nav address details summary figure figcaption hr li dl dt dd caption"
    " colgroup col thead tbody tfoot tr th td".split()
)
_PERMALINKS: Final = frozenset(("¶", "#", "§", "🔗", "⚓", "∞", "link"))
_ANY_TITLE: Final = ", ".join(sorted(_HEADINGS | {"dt", "caption", "figcaption"}))
_ANY_PARTED: Final = ", ".join(sorted(_PARTED))
ANY_BLOCK: Final = ", ".join(sorted(BLOCKS))
"""The selector of them."""


def part_links(tree: turbohtml.Document) -> None:
    """Move each link around blocks into them: onto the headings that it holds, else onto the first block."""
    for link in tree.find_all("a"):
        if not _parted(link):
            continue
        if link.find("a") is not None:
            # Markdown has no links in links: the inner one is what is clicked.
            link.unwrap()
        else:
            _put_inside(link)


def drop_permalinks(tree: turbohtml.Document) -> None:
    """Take out links that show nothing, and the marks behind headings and terms that link to themselves, which lead nowhere.

    Of a link without an address what it shows is left.
    """
    for link in tree.find_all("a"):
        text, href = link.text.strip(INVISIBLE), str(link.attrs.get("href") or "")
        if link.find("img") is None and (
            not text or (href.startswith("#") and text in _PERMALINKS and link.closest(_ANY_TITLE) is not None)
        ):
            if not text and any(map(str.isspace, link.text)):
                link.insert_before(turbohtml.Text(" "))
            for br in [] if text else link.find_all("br"):
                link.insert_before(br)
            link.extract()
        elif not href.strip():
            link.unwrap()


def tag_of(node: turbohtml.Node | None) -> str:
    """The name of an element, "" for what is none."""
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
        inside = heading or tag_of(part) in _HEADINGS
        found: list[tuple[turbohtml.Node | list[turbohtml.Node], bool]] = []
        for block, neighbours in groupby(part.children, _holds_block):
            nodes = list(neighbours)
            found += [(node, inside) for node in nodes if tag_of(node) != "pre"] if block else [(nodes, inside)]
        waiting += reversed(found)
    return runs


def _holds_block(node: turbohtml.Node) -> bool:
    return isinstance(node, turbohtml.Element) and (node.tag in BLOCKS or node.select_one(ANY_BLOCK) is not None)


def _shows(run: list[turbohtml.Node]) -> bool:
    return any(node.text.strip() or tag_of(node) == "img" or node.find("img") is not None for node in run)
