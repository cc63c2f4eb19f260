"""The first words of every block of a page, numbered, and the phrases of the lexicons among them."""

from __future__ import annotations

from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.lexicon import LEXICON_LABELS, find_phrases, load_lexicon
from declutter.words import split_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["WORDS_WINDOW", "Tokens"]

# Chrome is short, and the start of a paragraph tells what it is.
WORDS_WINDOW: Final = 300
"""Characters of a block that are split into words."""


class Tokens:
    """Words of the first 300 characters of each of n blocks.

    Args:
        texts: n texts.

    Attributes:
        lists: n lists of words.
        flat: all of them in one list.
        vocabulary: the different words, in the order in which they come.
        counts: float64, n, how many words each block has here.
        rows: int64, for each word of `flat` its block.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.lists = split_texts([text[:WORDS_WINDOW] for text in texts])
        self.flat: list[str] = list(chain.from_iterable(self.lists))
        self.vocabulary: list[str] = list(dict.fromkeys(self.flat))
        n = len(self.lists)
        self.counts: Floats = np.fromiter(map(len, self.lists), np.float64, n)
        self.rows: Ints = np.repeat(np.arange(n), self.counts.astype(np.int64))

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each word of `vocabulary`."""
        return dict(zip(self.vocabulary, range(len(self.vocabulary)), strict=True))

    @cached_property
    def numbers(self) -> Ints:
        """For each word of `flat` its number in `vocabulary`."""
        return np.fromiter(map(self.number_of.__getitem__, self.flat), np.int64, len(self.flat))

    def found(self, words: Sequence[str]) -> Ints:
        """The numbers of words of another text, -1 for those that are not here."""
        return np.fromiter(map(self.number_of.get, words, repeat(-1)), np.int64, len(words))

    def where(self, wanted: Callable[[str], bool]) -> Ints:
        """The places in `flat` of the words that something is true of; each different word is asked once."""
        flags = np.fromiter(map(wanted, self.vocabulary), np.bool_, len(self.vocabulary))
        return np.flatnonzero(flags[self.numbers])

    @cached_property
    def phrase_words(self) -> Floats:
        """Words of each block inside phrases of each lexicon label (float64, n x LEXICON_LABELS)."""
        width = len(LEXICON_LABELS)
        hits = np.zeros((len(self.lists), width))
        places = self.where(load_lexicon().__contains__)
        ends = np.cumsum(self.counts.astype(np.int64))[self.rows[places]]
        found = np.array(find_phrases(self.flat, places=places.tolist(), ends=ends.tolist()), dtype=np.int64)
        if len(found):
            rows = self.rows[found[:, 0]]
            np.add.at(hits, rows, ((found[:, 2, None] >> np.arange(width)) & 1) * found[:, 1, None].astype(np.float64))
        return hits
