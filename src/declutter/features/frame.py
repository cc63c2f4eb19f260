"""The arrays of a page as the compiled forms of the features read them (src/speedups/frame.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.tags import TAG_CODES

if TYPE_CHECKING:
    from declutter.compiled import speedups
    from declutter.features.view import PageView

__all__ = ["frame_of"]

# What tags are to them, by code. The lowest bits are the rank of a heading.
_KIND_TAGS: Final = (
    *((rank, (f"h{rank}",)) for rank in range(1, 7)),
    (8, ("main", "article", "section")),
    (16, ("p",)),
    (32, ("form",)),
    (64, ("img", "picture", "video")),
    (128, ("a",)),
)
_KINDS: Final = np.zeros(len(TAG_CODES), dtype=np.uint8)
for _bits, _tags in _KIND_TAGS:
    _KINDS[[TAG_CODES[tag] for tag in _tags]] = _bits


def frame_of(page: PageView) -> speedups.Frame:
    """What is in a view, checked and copied."""
    return compiled.speedups.Frame(
        page.parents,
        page.nodes,
        page.node_ends,
        page.first,
        page.last,
        page.owners,
        page.run_starts,
        page.blocks.ends,
        page.sizes,
        page.words,
        page.link_sizes,
        page.counts,
        page.codes,
        _KINDS,
    )
