"""Rows of numbers that the feature functions of a page fill one after another, in the same memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Lent"]

# No feature function has more rows; more are made where one asks for them.
_ROWS: Final = 48


class Lent:
    """Memory for rows of a number a block. What is lent holds up to the next call.

    Args:
        n: blocks of the page.
    """

    def __init__(self, n: int) -> None:
        self._n = n
        self._lent: Floats = np.empty((0, n))

    def rows(self, count: int, fill: Callable[..., None], *arguments: object) -> Floats:
        """So many rows, as a method of the page's frame fills them: float64, count x n."""
        rows = self._room(count)[:count]
        fill(*arguments, rows)
        return rows

    def stacked(self, *parts: tuple[Any, ...]) -> Floats:
        """Several of these, each told by the arguments of `rows`, one below the other."""
        total = sum(part[0] for part in parts)
        rows = self._room(total)[:total]
        row = 0
        for count, fill, *arguments in parts:
            fill(*arguments, rows[row : row + count])
            row += count
        return rows

    def _room(self, count: int) -> Floats:
        if len(self._lent) < count:
            self._lent = np.empty((max(count, _ROWS), self._n))
        return self._lent

    def take_back(self) -> None:
        """Free what was lent."""
        self._lent = self._lent[:0].copy()
