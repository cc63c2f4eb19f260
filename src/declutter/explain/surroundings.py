"""What the second pass sees of the first, in words: what the blocks around look like at first sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.labels import CHROME, Label
from declutter.model.words import rows_with_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.model.context import Layout

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Surroundings"]

_BESIDE: Final = 4
# A kind with this share of the blocks around is named, even if another has more of them.
_PART: Final = 0.15


class Surroundings:
    """Words for the groups OPINIONS of one page.

    Args:
        layout: where the n blocks stand.
        content: float64, n, what the first pass of the content model made of them.
        kinds: float64, n x kinds, what the first pass of the kind model made of them.
    """

    def __init__(self, layout: Layout, content: Floats, kinds: Floats) -> None:
        self._layout = layout
        self._content = content
        self._kinds = kinds
        self._of: dict[str, Callable[[int, Label | None], str]] = {
            "beside at first": self._beside,
            "heading at first": self._heading,
            "box at first": self._box,
            "alike at first": self._alike,
            "words at first": self._words,
            "page at first": self._page,
        }

    def __contains__(self, group: str) -> bool:
        return group in self._of

    def of(self, group: str, row: int, kind: Label | None) -> str:
        """The words for a group of a block: whether this kind stands around it, or for None whether content does."""
        return self._of[group](row, kind)

    def _beside(self, row: int, kind: Label | None) -> str:
        width = 1 if kind else _BESIDE
        rows = np.arange(max(row - width, 0), min(row + width + 1, len(self._content)))
        return self._told(rows[rows != row], kind, "around it" if width > 1 else "beside it")

    def _heading(self, row: int, _kind: Label | None) -> str:
        heading = int(self._layout.heading[row])
        if heading < 0:
            return "no heading before it"
        return f"the heading before it is {'content' if self._content[heading] > 0.5 else 'chrome'} at first sight"

    def _box(self, row: int, kind: Label | None) -> str:
        first, last = (int(edge) for edge in self._layout.box[:, row])
        if last - first < 2:
            first, last = int(self._layout.first[0, row]), int(self._layout.last[0, row])
        rows = np.arange(first, last)
        return self._told(rows[rows != row], kind, "in the box around it")

    def _alike(self, row: int, kind: Label | None) -> str:
        rows = np.flatnonzero(self._layout.class_path == self._layout.class_path[row])
        return self._told(rows[rows != row], kind, "that stand in elements like its own")

    def _words(self, row: int, kind: Label | None) -> str:
        return self._told(
            rows_with_words(self._layout.words, row, len(self._content)), kind, "that share words with it"
        )

    def _page(self, row: int, _kind: Label | None) -> str:
        sure = np.flatnonzero(self._content > 0.5)
        if not len(sure):
            return "nothing on the page is content at first sight"
        if row < sure[0]:
            return "before all that is content at first sight"
        if row > sure[-1]:
            return "after all that is content at first sight"
        if len(sure) == 1:
            return "the only block that is content at first sight"
        return f"amid the {len(sure):,} blocks that are content at first sight"

    def _told(self, rows: Ints, kind: Label | None, where: str) -> str:
        one = where.replace("stand in elements", "stands in an element").replace("share words", "shares words")
        if not len(rows):
            return f"no other block {one.removeprefix('that ')}"
        if kind:
            shares = self._kinds[rows].mean(axis=0)
            own, likeliest = float(shares[CHROME.index(kind)]), CHROME[int(np.argmax(shares))]
            if likeliest is not kind and own >= _PART:
                return f"some of the blocks {where} look like {kind} at first sight"
            told = f"the block {one} looks" if len(rows) == 1 else f"the blocks {where} look"
            return f"{told} like {likeliest} at first sight"
        content = int((self._content[rows] > 0.5).sum())
        most, what = max((content, "content"), (len(rows) - content, "chrome"), key=lambda pair: pair[0])
        count = f"{most:,}" if most == len(rows) else f"{most:,} of the {len(rows):,}"
        blocks = f"block {one}" if len(rows) == 1 else f"blocks {where}"
        return f"{count} {blocks} {'is' if most == 1 else 'are'} {what} at first sight"
