"""What the first words of blocks share with titles and with declared texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.arrays import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.features.tokens import Tokens

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["gram_shares", "title_scores"]

# Blocks of no more words share pairs and triples by chance.
_FEW: Final = 3


def title_scores(tokens: Tokens, titles: Sequence[set[int]]) -> tuple[Floats, Floats]:
    """For each block the share of its distinct words in the title that has most of them, and its best match with one.

    A match is the harmonic mean of that share and the share of the title's words that the block has, 0 to 1.

    Args:
        tokens: the words of n blocks.
        titles: numbers of the words of each title, as `Tokens.of` gives them; none is empty.
    """
    n, known = len(tokens.counts), len(tokens.vocabulary)
    overlap, best = np.zeros(n), np.zeros(n)
    in_titles = np.zeros(known, dtype=np.int64)  # a bit for each title
    for place, title in enumerate(titles):
        in_titles[[number for number in title if number < known]] |= 1 << place
    if compiled.used:  # src/speedups/overlap.c
        sizes = np.array([len(title) for title in titles], dtype=np.int64)
        compiled.speedups.title_scores(tokens.numbers, tokens.sizes, in_titles, sizes, overlap, best)
        return overlap, best
    for row in distinct(tokens.rows[in_titles[tokens.numbers] > 0]).tolist():
        own = tokens.different(row)
        commons = [(len(own & title), len(title)) for title in titles]
        overlap[row] = max(commons)[0] / len(own)
        best[row] = max([2 * common / (len(own) + size) for common, size in commons])
    return overlap, best


def gram_shares(tokens: Tokens, words: Ints, size: int) -> Floats:
    """For each block the share of its distinct grams, runs of `size` words, that numbered words hold too, 0 to 1."""
    n = len(tokens.counts)
    shares = np.zeros(n)
    if compiled.used:  # src/speedups/overlap.c
        compiled.speedups.gram_shares(size, _FEW, len(tokens.vocabulary), tokens.numbers, tokens.sizes, words, shares)
        return shares
    theirs = np.where(words < len(tokens.vocabulary), words, -1)
    wanted = _keys(theirs, size, len(tokens.vocabulary))
    wanted = wanted[_windows(theirs, size).min(axis=1) >= 0] if len(wanted) else wanted
    if not len(wanted):
        return shares
    keys = _keys(tokens.numbers, size, len(tokens.vocabulary))
    rows = tokens.rows[: len(keys)]
    inside = (tokens.rows[size - 1 :] == rows) & (tokens.counts[rows] > _FEW)
    keys, rows = keys[inside], rows[inside]
    shared = np.zeros(n, dtype=np.bool_)
    found = np.isin(keys, wanted)
    shared[rows[found]] = True
    near = np.flatnonzero(shared[rows])  # few blocks share any
    grams, numbers = np.unique(keys[near], return_inverse=True)
    of_row, of_gram = np.divmod(distinct(rows[near] * len(grams) + numbers), max(len(grams), 1))
    held = np.bincount(of_row, weights=np.isin(grams, wanted)[of_gram], minlength=n)
    every = np.bincount(of_row, minlength=n)
    return np.divide(held, every, out=shares, where=every > 0)


def _windows(numbers: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.lib.stride_tricks.sliding_window_view(numbers, size)


def _keys(numbers: NDArray[np.int64], size: int, width: int) -> NDArray[np.int64]:
    """One number for each run of `size` numbers below `width`; exact up to two million different words a page."""
    if len(numbers) < size:
        return numbers[:0]
    keys = numbers[: len(numbers) - size + 1].copy()
    for start in range(1, size):
        keys *= width
        keys += numbers[start : len(numbers) - size + 1 + start]
    return keys
