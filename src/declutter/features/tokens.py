"""The first words of every block of a page, numbered, and the phrases of the lexicons among them."""

from __future__ import annotations

from functools import cached_property
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.lexicon import LEXICON_LABELS, find_phrases, load_lexicon
from declutter.words import split_texts, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.features.lexicon import Nexts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["WORDS_WINDOW", "Tokens"]

# Chrome is short, and the start of a paragraph tells what it is.
WORDS_WINDOW: Final = 300
"""Characters of a block that are split into words."""


class _Words:
    """Numbers of the words of some texts; the compiled form is `Words` of src/speedups/words.c."""

    def __init__(self, texts: Sequence[str], window: int) -> None:
        lists = split_texts([text[:window] for text in texts])
        self._flat = list(chain.from_iterable(lists))
        self._vocabulary = list(dict.fromkeys(self._flat))
        self._counts = np.fromiter(map(len, lists), np.int64, len(lists))
        # The words of the blocks, and behind them those of other texts that were asked for.
        self._number_of = dict(zip(self._vocabulary, range(len(self._vocabulary)), strict=True))

    def columns(self) -> tuple[list[str], Ints, Ints]:
        numbers = np.fromiter(map(self._number_of.__getitem__, self._flat), np.int64, len(self._flat))
        return self._vocabulary, numbers, self._counts

    def of(self, text: str) -> Ints:
        number_of = self._number_of
        words = split_words(text)
        return np.fromiter((number_of.setdefault(word, len(number_of)) for word in words), np.int64, len(words))

    def phrases(self, openings: list[Nexts | None], hits: Floats) -> None:
        known = zip(self._vocabulary, openings, strict=True)
        lexicon = {word: nexts for word, nexts in known if nexts is not None}
        places = [place for place, word in enumerate(self._flat) if word in lexicon]
        rows = np.repeat(np.arange(len(self._counts)), self._counts)
        ends = np.cumsum(self._counts)[rows[places]] if places else self._counts[:0]
        found = np.array(find_phrases(self._flat, lexicon, places=places, ends=ends.tolist()), dtype=np.int64)
        if len(found):
            bits = (found[:, 2, None] >> np.arange(hits.shape[1])) & 1
            np.add.at(hits, rows[found[:, 0]], bits * found[:, 1, None].astype(np.float64))


class Tokens:
    """Words of the first 300 characters of each of n blocks.

    Args:
        texts: n texts.

    Attributes:
        vocabulary: the different words, in the order in which they come.
        numbers: int64, for each word of all blocks, one after the other, its number in `vocabulary`.
        rows: int64, for each of these words its block.
        sizes, counts: int64 and float64, n, how many words each block has here.
    """

    def __init__(self, texts: list[str]) -> None:
        self._words = (
            compiled.speedups.Words(texts, WORDS_WINDOW, split_words) if compiled.used else _Words(texts, WORDS_WINDOW)
        )
        self.vocabulary, numbers, counts = self._words.columns()
        self.numbers: Ints = np.frombuffer(numbers, dtype=np.int64)
        self.sizes: Ints = np.frombuffer(counts, dtype=np.int64)
        self.counts: Floats = self.sizes.astype(np.float64)
        self.rows: Ints = np.repeat(np.arange(len(texts)), self.sizes)
        self._ends: list[int] = np.cumsum(self.sizes).tolist()

    @cached_property
    def lists(self) -> list[list[str]]:
        """The words themselves, block by block."""
        words = map(self.vocabulary.__getitem__, self.numbers.tolist())
        return [list(islice(words, int(count))) for count in self.counts]

    def different(self, row: int) -> set[int]:
        """The numbers of the different words of a block."""
        return set(self.numbers[self._ends[row - 1] if row else 0 : self._ends[row]].tolist())

    def of(self, text: str) -> Ints:
        """The numbers of the words of another text; different words that are not here have different numbers."""
        return np.frombuffer(self._words.of(text), dtype=np.int64)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each word of `vocabulary`."""
        return dict(zip(self.vocabulary, range(len(self.vocabulary)), strict=True))

    def found(self, words: Sequence[str]) -> Ints:
        """The numbers of words of another text, -1 for those that are not here."""
        if not words:
            return self.numbers[:0]
        if compiled.used:
            numbers = self.of(" ".join(words))  # words are cut into the same ones again
            return np.where(numbers < len(self.vocabulary), numbers, -1)
        return np.fromiter(map(self.number_of.get, words, repeat(-1)), np.int64, len(words))

    @cached_property
    def phrase_words(self) -> Floats:
        """Words of each block inside phrases of each lexicon label (float64, n x LEXICON_LABELS)."""
        hits = np.zeros((len(self.counts), len(LEXICON_LABELS)))
        self._words.phrases(load_lexicon().by_number(self.vocabulary), hits)
        return hits
