"""The kept part of a page as HTML, written from the node columns."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import DOCUMENT, TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["kept_html", "kept_nodes"]

VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr basefont bgsound frame keygen".split()
)
_WHOLE: Final = frozenset(("table", "svg", "math", "picture", "video", "audio", "object"))
_TEXTLESS: Final = frozenset(("img", "picture", "video", "audio", "iframe", "svg", "math", "hr", "canvas", "object", "embed"))
_NEVER: Final = frozenset(("script", "style", "head", "title", "noframes", "noembed", "link", "meta", "base"))
_RAW: Final = frozenset(("script", "style", "iframe", "noembed", "noframes", "xmp"))


def kept_nodes(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes stay: those of kept blocks, their ancestors, and what has no text beside them.

    An image, video, frame, drawing, formula or rule goes with the nearest block of its smallest subtree that holds
    any; the cells of a table that keeps a block stay, so that its columns do.

    Args:
        document: the page, m nodes.
        blocks: its n blocks.
        keep: which blocks stay.

    Returns:
        bool, m.
    """
    tags = document.tags
    parents = document.parents.tolist()
    stay = np.zeros(len(document), dtype=np.bool_)
    of_node = blocks.of_node
    rows = np.flatnonzero(of_node >= 0)
    stay[rows] = keep[of_node[rows]]
    first = np.searchsorted(blocks.starts, np.arange(len(document)))
    last = np.searchsorted(blocks.starts, document.ends)
    node, count = 0, len(document)
    while node < count:
        tag = tags[node]
        if tag in _NEVER:
            node = int(document.ends[node])
            continue
        if tag is TEXT and of_node[node] < 0:
            # White space between two kept pieces of one block is part of it.
            row = int(first[node]) - 1
            stay[node] = row >= 0 and node < blocks.ends[row] and bool(keep[row])
        elif tag == "br":
            row = int(first[node]) - 1
            stay[node] = row >= 0 and node < blocks.ends[row] and bool(keep[row])
        elif tag in _TEXTLESS and of_node[node] < 0 and first[node] == last[node]:
            above = parents[node]
            while above > 0 and first[above] == last[above]:
                above = parents[above]
            if last[above] > first[above]:
                near = int(np.clip(first[node], first[above], last[above] - 1))
                row = near - 1 if near > first[above] and not keep[near] else near
                stay[node : document.ends[node]] = keep[row]
            node = int(document.ends[node])
            continue
        node += 1
    for node in range(count - 1, 0, -1):
        if stay[node]:
            stay[parents[node]] = True
    for node, tag in enumerate(tags):
        if tag == "table" and stay[node]:
            for row in range(node, int(document.ends[node])):
                if tags[row] in {"tr", "td", "th", "tbody", "thead", "tfoot"} and stay[parents[row]]:
                    stay[row] = True
    return stay


def kept_html(document: Document, stay: NDArray[np.bool_]) -> str:
    """Write the nodes that stay as HTML, without html, head and body; not sanitised.

    Args:
        document: the page.
        stay: which nodes, as from `kept_nodes`.
    """
    out: list[str] = []
    open_tags: list[tuple[int, str]] = []  # (end of the subtree, tag)
    skip = {"html", "body", DOCUMENT}
    ends = document.ends.tolist()
    node, count = 0, len(document)
    while node < count:
        while open_tags and node >= open_tags[-1][0]:
            out.append(f"</{open_tags.pop()[1]}>")
        if not stay[node]:
            node = ends[node]
            continue
        tag = document.tags[node]
        if tag is TEXT:
            parent = document.tags[document.parents[node]]
            if parent not in _RAW:
                out.append(escape(document.texts[node], quote=False))
        elif tag not in skip and tag not in _NEVER:
            out.append(f"<{tag}{''.join(_attribute(*pair) for pair in document.attributes[node])}>")
            if tag not in VOID:
                open_tags.append((ends[node], tag))
        node += 1
    while open_tags:
        out.append(f"</{open_tags.pop()[1]}>")
    return "".join(out)


def _attribute(name: str, value: str | None) -> str:
    return f' {name}="{escape(value or "")}"'
