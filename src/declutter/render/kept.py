"""Which nodes of a page stay: those of kept blocks, and what a person sees beside them though it holds no text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import TEXT
from declutter.document.visibility import INLINE
from declutter.render.cells import CELLS, spans_of
from declutter.render.formulas import tex_scripts

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["NEVER", "TEXTLESS", "companions", "kept_nodes", "tasks"]

TEXTLESS: Final = frozenset(
    ("img", "picture", "video", "audio", "iframe", "svg", "math", "hr", "canvas", "object", "embed")
)
"""Elements that a person sees though they hold no text; they go with the text beside them."""

NEVER: Final = frozenset(
    ("script", "style", "title", "noframes", "noembed", "link", "meta", "base", "iframe", "annotation-xml")
)
"""Elements that no output has, with what they hold."""

# What may stand around a box to tick in its item, and how many nodes may stand before it there.
_BEFORE_TASK: Final = frozenset(("label", "span", "p", "div"))
_NEAR: Final = 8
# What has sources: where else what it shows lies.
_SOURCED: Final = frozenset(("picture", "video", "audio"))
# What editors write around a line break that stands between two texts.
_WRAPPING: Final = frozenset(("a", "span", "font", "b", "strong", "i", "em", "u", "small", "big"))
_CELLS: Final = frozenset(("tbody", "thead", "tfoot", "tr", "th", "td"))


def companions(
    document: Document,
    blocks: Blocks,
    keep: NDArray[np.bool_],
    tags: frozenset[str] = TEXTLESS,
    others: Collection[int] = (),
) -> dict[int, int]:
    """The block that each element without text goes with: that whose run it stands in, else the nearest.

    The nearest is looked for in the smallest subtree around it that holds a block; of the one before and the one after,
    a kept one is nearer.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: which blocks stay.
        tags: the elements that are meant.
        others: rows of further ones.

    Returns:
        Row of the element to row of the block, in document order; of elements inside each other the outermost. None of
        a page without blocks.
    """
    found: dict[int, int] = {}
    if not len(blocks):
        return found
    meant = tags | NEVER
    rows = [row for row, tag in enumerate(document.tags) if tag in meant or row in others]
    ends: list[int] = document.ends[rows].tolist()
    of_node: list[int] = blocks.of_node[rows].tolist()
    first: list[int] = np.searchsorted(blocks.starts, rows).tolist()
    after: list[int] = np.searchsorted(blocks.starts, ends).tolist()
    low, high = _blocks_around(document, blocks, rows)
    block_ends: list[int] = blocks.ends.tolist()
    until = 0
    for place, row in enumerate(rows):
        if row < until:
            continue
        if document.tags[row] not in tags and row not in others:
            until = ends[place]  # nothing in there is seen
        elif of_node[place] < 0 and first[place] == after[place]:
            until = ends[place]
            before = first[place] - 1  # the last block that starts before this element
            if before >= 0 and row < block_ends[before]:
                found[row] = before
            else:
                near = min(max(first[place], low[place]), high[place] - 1)
                found[row] = near - 1 if near > low[place] and not keep[near] else near
    return found


def _blocks_around(document: Document, blocks: Blocks, rows: list[int]) -> tuple[list[int], list[int]]:
    """The first and one past the last block of the nearest element around each row that holds any."""
    first = np.searchsorted(blocks.starts, np.arange(len(document)))
    last = np.searchsorted(blocks.starts, document.ends)
    filled = np.where(first < last, np.arange(len(document)), document.parents)
    while True:  # steps double, so that depth is no limit
        further = filled[filled]
        if np.array_equal(further, filled):
            return first[filled[rows]].tolist(), last[filled[rows]].tolist()
        filled = further


def tasks(document: Document, blocks: Blocks) -> dict[int, bool]:
    """The boxes to tick at the beginning of items of lists, by the rows of their elements, and whether they are ticked."""
    found: dict[int, bool] = {}
    for node, tag in enumerate(document.tags):
        if tag != "input" or (document.attribute(node, "type") or "").lower() != "checkbox":
            continue
        item = int(document.parents[node])
        while document.tags[item] in _BEFORE_TASK and node - item <= _NEAR:
            item = int(document.parents[item])
        if document.tags[item] == "li" and node - item <= _NEAR and (blocks.of_node[item:node] < 0).all():
            found[node] = document.attribute(node, "checked") is not None
    return found


def kept_nodes(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes stay: those of kept blocks, their ancestors, and what has no text beside them.

    An image, video, frame, drawing, formula, box to tick or rule goes with its companion; a line break stays beside a kept block; the
    cells of a row that keeps a block stay, so that its columns do, and rows of headers with them. Linear in the number of nodes.

    Args:
        document: the page, m nodes.
        blocks: its n blocks.
        keep: which blocks stay.

    Returns:
        bool, m.
    """
    tags = document.tags
    parents: list[int] = document.parents.tolist()
    ends: list[int] = document.ends.tolist()
    of_node: list[int] = blocks.of_node.tolist()
    block_ends: list[int] = blocks.ends.tolist()
    kept: list[bool] = keep.tolist()
    first: list[int] = np.searchsorted(blocks.starts, np.arange(len(document))).tolist()
    last: list[int] = np.searchsorted(blocks.starts, document.ends).tolist()
    stay = [row >= 0 and kept[row] for row in of_node]
    beside = companions(document, blocks, keep, others={**tex_scripts(document), **tasks(document, blocks)})
    node, count, shown_until = 0, len(tags), -1
    code, code_until = -1, 0
    holders = _line_holders(tags, parents)

    def leads_to_kept(row: int) -> bool:
        while row < count and tags[row] in INLINE and row not in beside and ends[row] > row + 1:
            row += 1
        return row in beside and kept[beside[row]]

    while node < count:
        tag = tags[node]
        if tag in NEVER and node not in beside:
            node = ends[node]
            continue
        before = first[node] - 1  # the last block that starts before this node
        if tag == TEXT:
            # White space between two kept pieces of one block is part of it, and so is that beside a picture.
            if of_node[node] < 0:
                stay[node] = (before >= 0 and kept[before] and node < block_ends[before]) or (
                    document.texts[node].isspace() and (node == shown_until or leads_to_kept(node + 1))
                )
        elif tag == "pre" and node >= code_until:
            code, code_until = node, ends[node]
        elif tag == "br":
            # In code it is an empty line also where it is all that an element holds.
            around = code if node < code_until else parents[node]
            low, high = first[around], last[around]
            stay[node] = (before >= 0 and kept[before] and (node < block_ends[before] or before >= low)) or (
                before + 1 < high and kept[before + 1]
            )
            low, high = first[holders[node]], last[holders[node]]
            stay[node] |= low <= before < high - 1 and kept[before] and kept[before + 1]
        elif node in beside:
            stay[node : ends[node]] = [kept[beside[node]]] * (ends[node] - node)
            shown_until = ends[node] if kept[beside[node]] else shown_until
            node = ends[node]
            continue
        node += 1
    for node in range(count - 1, 0, -1):
        if stay[node]:
            stay[parents[node]] = True
    for node, tag in enumerate(tags):
        if tag == "source" and tags[parents[node]] in _SOURCED and stay[parents[node]]:
            stay[node] = True
    empty = _empty_rows(document, stay)
    for node, tag in enumerate(tags):
        if tag in _CELLS and stay[parents[node]] and node not in empty:
            stay[node] = True
    return np.array(stay, dtype=np.bool_)


def _line_holders(tags: list[str], parents: list[int]) -> list[int]:
    """Of each node the nearest element around it that is more than dress: a span may hold but a line break."""
    holders = list(parents)
    for node in range(1, len(tags)):
        above = parents[node]
        holders[node] = holders[above] if tags[above] in _WRAPPING else above
    return holders


def _empty_rows(document: Document, stay: list[bool]) -> set[int]:
    """The rows of which nothing stays, but for those of headers and those of tables with cells that reach over rows."""
    tags, parents, ends = document.tags, document.parents.tolist(), document.ends.tolist()
    cells = [node for node, tag in enumerate(tags) if tag in CELLS]
    data = {parents[node] for node in cells if tags[node] == "td"}
    tables = [node for node, tag in enumerate(tags) if tag == "table"]
    spanning = [node for node in cells if spans_of(document, node)[1] > 1]
    held = np.searchsorted(spanning, [(node, ends[node]) for node in tables]).reshape(-1, 2)
    spanned = [node for node, (first, after) in zip(tables, held.tolist(), strict=True) if first < after]
    fixed, until = np.zeros(len(document), dtype=np.bool_), 0
    for node in spanned:
        if node >= until:
            until = ends[node]
            fixed[node:until] = True
    return {
        node for node, tag in enumerate(tags) if tag == "tr" and not stay[node] and node in data and not fixed[node]
    }
