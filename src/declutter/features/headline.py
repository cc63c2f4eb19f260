"""Which block is the page's main headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from declutter.features.view import PageView

__all__ = ["find_headline"]

# A heading that is no h1 must be at least this alike to the title (harmonic mean of shared words) to be the headline.
_ALIKE: Final = 0.5


def find_headline(page: PageView) -> int:
    """The row of the main headline, -1 where there is none.

    The visible h1 that best matches title or og:title, else the first visible h1, else the heading that best matches.
    """
    titles = page.titles
    visible = ~page.blocks.hidden
    first_rows = np.flatnonzero(_headings(page, "h1") & visible)
    rows = first_rows if len(first_rows) else np.flatnonzero(_headings(page, "h2", "h3", "h4", "h5", "h6") & visible)
    best, score = -1, 0.0
    for row in rows.tolist():
        words = page.tokens.different(row)
        alike = max((2 * len(words & title) / (len(words) + len(title)) for title in titles), default=0.0)
        if alike > score:
            best, score = row, alike
    if len(first_rows):
        return best if best >= 0 else int(first_rows[0])
    return best if score >= _ALIKE else -1


def _headings(page: PageView, *tags: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which blocks are in such a heading, itself or in an element inside it."""
    mask = page.tagged(*tags)
    return mask[page.owners] | mask[page.parents[page.owners]]
