"""Which block is the page's main headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from declutter.features.view import PageView

__all__ = ["find_headline"]

# A heading that is no h1 must be at least this alike to the title (harmonic mean of shared words) to be the headline.
_ALIKE: Final = 0.5
# So much a hidden h1, where no h1 is visible: the page of a program that shows it later.
_SAME: Final = 0.8


def find_headline(page: PageView) -> int:
    """The row of the main headline, -1 where there is none.

    The visible h1 that best matches title or og:title, else the first visible h1, which has to stand in the first half of the blocks
    where there is a title; without a visible h1 a hidden one that says what the title does, else the heading that best matches.
    """
    visible, first = ~page.blocks.hidden, _headings(page, "h1")
    rows = np.flatnonzero(first & visible)
    if len(rows):
        best, _ = _likest(page, rows)
        early = int(rows[0]) if not page.titles or 2 * rows[0] <= len(visible) else -1
        return best if best >= 0 else early
    best, alike = _likest(page, np.flatnonzero(first))
    if alike >= _SAME:
        return best
    best, alike = _likest(page, np.flatnonzero(_headings(page, "h2", "h3", "h4", "h5", "h6") & visible))
    return best if alike >= _ALIKE else -1


def _likest(page: PageView, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[int, float]:
    """The row that is most like a title and how much, 0 to 1; -1 and 0 where none is at all."""
    best, score = -1, 0.0
    for row in rows.tolist():
        words = page.tokens.different(row)
        alike = max((2 * len(words & title) / (len(words) + len(title)) for title in page.titles), default=0.0)
        if alike > score:
            best, score = row, alike
    return best, score


def _headings(page: PageView, *tags: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which blocks are in such a heading, itself or in an element inside it."""
    mask = page.tagged(*tags)
    return mask[page.owners] | mask[page.parents[page.owners]]
