"""Where the blocks and boxes of a page stand in its source, found when somebody asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from declutter.document.spans import block_spans, locate

if TYPE_CHECKING:
    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.document.spans import Locations
    from declutter.page.boxes import BoxRows, Part

    Span = tuple[int, int] | None

__all__ = ["Places"]


class Places:
    """The places of one page. The second parse that they cost is made once, when the first is asked for.

    Args:
        document: the page.
        table: its blocks.
    """

    def __init__(self, document: Document, table: Blocks) -> None:
        self._document = document
        self._table = table

    @cached_property
    def _locations(self) -> Locations | None:
        return locate(self._document)

    @cached_property
    def _spans(self) -> list[Span]:
        if self._locations is None:
            return [None] * len(self._table)
        return block_spans(self._document, self._table, self._locations)

    def of_block(self, row: int) -> Span:
        """Of a block, by its row; None where that is not known."""
        return self._spans[row]

    def of_box(self, box: BoxRows) -> Span:
        """From the beginning of the first part of a box to the end of its last; None where one has no place."""
        spans = [self._of_part(part) for part in box.parts]
        known = [span for span in spans if span is not None]
        return (known[0][0], max(end for _, end in known)) if len(known) == len(spans) else None

    def _of_part(self, part: Part) -> Span:
        """Of its element where all of its blocks lie in it, else from block to block; None where one has no place."""
        spans = [self._spans[row] for row in part.rows]
        known = [span for span in spans if span is not None]
        if self._locations is None or len(known) < len(spans):
            return None
        first, last = min(start for start, _ in known), max(end for _, end in known)
        if part.node >= 0:
            start, end = int(self._locations.starts[part.node]), int(self._locations.ends[part.node])
            if 0 <= start <= first and last <= end:
                return start, end
        return first, last
