"""What a pass made of the other blocks that share words with a block: whoever asks for support names the same in each box.

Own; after label propagation over shared words (Zhu and Ghahramani 2002, "Learning from Labeled and Unlabeled Data with
Label Propagation"), one step of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.arrays import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.features.tokens import Tokens

    Floats = NDArray[np.float64]
    Words = NDArray[np.int32]

__all__ = ["WORD_COLUMNS", "content_of_words", "rows_with_words", "shared_words"]

WORD_COLUMNS: Final = ("p_words", "p_words_weight", "p_words_rare")
"""Names of the columns of `content_of_words`."""

# No other block shares a word.
_OUTSIDE: Final = -1.0
# A word is rare in this share of the page's blocks, or in this many.
_RARE: Final = 0.1
_FEW: Final = 3


def shared_words(tokens: Tokens) -> Words:
    """Row and number of each different word of a block that another block has too (2 x m)."""
    width = len(tokens.vocabulary) + 1
    rows, numbers = np.divmod(distinct(tokens.rows * width + tokens.numbers), width)
    shared = np.bincount(numbers, minlength=width)[numbers] > 1
    return np.array([rows[shared], numbers[shared]], dtype=np.int32)


def content_of_words(words: Words, p: Floats) -> list[Floats]:
    """WORD_COLUMNS from a pass's content probabilities p (n).

    p_words: over the words that other blocks have too, the mean of what the pass made of these, each word weighted by its
    inverse document frequency, log((n + 1) / blocks with it). p_words_rare: the same over words of few blocks. Both -1
    where there are none. p_words_weight: log1p of the weights' sum.
    """
    n = len(p)
    rows, numbers = words
    if not len(numbers):
        return [np.full(n, _OUTSIDE), np.zeros(n), np.full(n, _OUTSIDE)]
    counts, weight = _weights(numbers, n)
    others = _of_others(rows, numbers, counts, p)
    columns = []
    for part in (weight, weight * _rare(counts, n)):
        total = np.bincount(rows, weights=part, minlength=n)
        said = np.bincount(rows, weights=part * others, minlength=n)
        columns.append(np.where(total > 0, said / np.where(total > 0, total, 1.0), _OUTSIDE))
        columns.append(np.log1p(total))
    return columns[:3]


def rows_with_words(words: Words, row: int, n: int) -> NDArray[np.int64]:
    """The rows of the other of n blocks that share rare words with a block, or words at all where none shares a rare one."""
    rows, numbers = words
    own = numbers[rows == row]
    counts, _ = _weights(numbers, n)
    shared = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.bool_)
    shared[own] = True
    same = shared[numbers] & (rows != row)
    found = rows[same & _rare(counts, n)] if (same & _rare(counts, n)).any() else rows[same]
    return distinct(found.astype(np.int64))


def _rare(counts: Floats, n: int) -> NDArray[np.bool_]:
    return counts <= max(_FEW, _RARE * n)


def _weights(numbers: NDArray[np.int32], n: int) -> tuple[Floats, Floats]:
    """For each entry in how many of n blocks its word is, and how much that tells."""
    counts = np.bincount(numbers)[numbers].astype(np.float64) if len(numbers) else np.zeros(0)
    return counts, np.log((n + 1) / counts)


def _of_others(rows: NDArray[np.int32], numbers: NDArray[np.int32], counts: Floats, values: Floats) -> Floats:
    """For each entry the mean value of the other blocks with its word."""
    own = values[rows]
    return (np.bincount(numbers, weights=own)[numbers] - own) / (counts - 1) if len(own) else own
