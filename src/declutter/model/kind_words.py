"""What the words of a block say of its kind: a linear model, a weight for each word, pair and beginning and each kind.

Phrases and topics are written by hand (features/lexicon); these weights are learnt from labelled pages, which are mostly in
English. What is in no labelled page moves nothing. Linear models of words and pairs: Joulin et al. 2017, "Bag of Tricks for
Efficient Text Classification"; averaged stochastic gradient descent: Bottou 2010.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import CHROME
from declutter.model.arrays import exactly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from declutter.model.grams import Grams

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint32]

__all__ = ["KIND_WORDS", "KindWords"]

KIND_WORDS: Final = tuple(f"words_{kind}" for kind in CHROME)
"""Names of the columns of `KindWords.odds`."""


class KindWords:
    """The weights of words.

    Args:
        arrays: keys: uint32, m, ascending. weights: int16, m x kinds, in steps. bias: int16, kinds, in steps. step: float64, 1.

    Raises:
        ValueError, TypeError, KeyError: they do not fit each other: they may come from a file.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._keys = exactly(arrays["keys"], np.uint32)
        self._weights, self._bias = exactly(arrays["weights"], np.int16), exactly(arrays["bias"], np.int16)
        step = exactly(arrays["step"], np.float64)
        m, kinds = len(self._keys), len(CHROME)
        if self._weights.shape != (m, kinds) or self._bias.shape != (kinds,) or step.shape != (1,):
            raise ValueError("the weights of words are of other shapes")
        if (self._keys[1:] <= self._keys[:-1]).any() or not np.isfinite(step).all():
            raise ValueError("the keys of words are out of order, or their step is no number")
        self._step = float(step[0])

    def _known(self, grams: Grams) -> tuple[Ints, Ints, Ints, Ints]:
        """Rows and places (k each) of the keys that have weights, where they are in the table, and how many keys each row has."""
        rows, keys = grams.table()
        places = np.searchsorted(self._keys, keys)
        known = np.flatnonzero(
            self._keys[np.minimum(places, len(self._keys) - 1)] == keys if len(self._keys) else rows < 0
        )
        return rows[known], places[known], known, np.bincount(rows, minlength=len(grams.sizes))

    def odds(self, grams: Grams) -> NDArray[np.float32]:
        """The log-odds of each kind by the words alone, not calibrated (float32, n x kinds; 4 decimals).

        The bias and the sum of the weights of a block's m words, pairs and beginnings, divided by the root of m.
        """
        rows, places, _, sizes = self._known(grams)
        weights = self._weights[places].T
        # Whole numbers add up the same everywhere.
        sums = np.array([np.bincount(rows, weights=column, minlength=len(sizes)) for column in weights])
        odds = (sums / np.sqrt(np.maximum(sizes, 1)) + self._bias[:, None]) * self._step
        return np.asarray(np.round(odds.T, 4), dtype=np.float32)

    def weights(self, grams: Grams, kind: int) -> NDArray[np.float64]:
        """How far each entry of `grams.table` of one block moves a kind; 0 where it is not known.

        Args:
            grams: of one block.
            kind: its place in CHROME.
        """
        moved = np.zeros(len(grams.table()[0]))
        _, places, known, _ = self._known(grams)
        moved[known] = self._weights[places, kind] * self._step
        return moved
