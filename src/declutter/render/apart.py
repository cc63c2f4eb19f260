"""Where words stand apart in what is written, and where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import TEXT
from declutter.document.visibility import INLINE
from declutter.render.kept import NEVER, TEXTLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["parting_links", "parts_words"]

_SHOWN: Final = TEXTLESS | {"input", "button", "select", "br"}


def parting_links(document: Document, blocks: Blocks) -> set[int]:
    """The links right behind another in one block without a space between: the text of the block has one there.

    Args:
        document: the page.
        blocks: its blocks.

    Returns:
        Rows of their elements.
    """
    found: set[int] = set()
    of_node: list[int] = blocks.of_node.tolist()
    ends: list[int] = document.ends.tolist()
    link, before, block = -1, -1, -1
    for node, tag in enumerate(document.tags):
        if tag == "a":
            link = node
        elif tag == TEXT:
            if of_node[node] < 0:
                before = -1
                continue
            here = link if link >= 0 and node < ends[link] else -1
            if before >= 0 and here >= 0 and here != before and of_node[node] == block:
                found.add(here)
            before, block = here, of_node[node]
    return found


def parts_words(document: Document, blocks: Blocks) -> NDArray[np.bool_]:
    """Which nodes part the words beside them where they are left out: an empty element within a word does not.

    Args:
        document: the page, m nodes.
        blocks: its blocks.

    Returns:
        bool, m.
    """
    shown = (blocks.of_node >= 0) | [tag in _SHOWN for tag in document.tags]
    through = np.concatenate(([0], np.cumsum(shown)))
    empty = through[document.ends] == through[:-1]
    inline = np.array([tag in INLINE for tag in document.tags])
    never = np.array([tag == TEXT or tag in NEVER for tag in document.tags])
    return np.asarray(~never & ~(inline & empty))
