"""The content of a page as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_text"]

_CELLS: Final = frozenset(("td", "th"))
_ITEMS: Final = frozenset(("li", "dt", "dd"))


def content_text(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """Kept blocks in order: a blank line between paragraphs, a newline between list items, a tab between cells.

    Alternative texts of images are left out.
    """
    out: list[str] = []
    before_tag, before_parent = "", -1
    rows = np.flatnonzero(keep & (blocks.origins != Origin.ALT))
    owners = blocks.owners[rows]
    parents: list[int] = document.parents[owners].tolist()
    tags, texts = document.tags, blocks.texts
    for row, owner, parent in zip(rows.tolist(), owners.tolist(), parents, strict=True):
        tag = tags[owner]
        if out:
            if tag in _CELLS and before_tag in _CELLS:
                out.append("\t" if parent == before_parent else "\n")
            elif tag in _ITEMS and before_tag in _ITEMS:
                out.append("\n")
            else:
                out.append("\n\n")
        out.append(texts[row])
        before_tag, before_parent = tag, parent
    return "".join(out)
