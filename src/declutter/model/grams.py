"""Words of the blocks, pairs of them and their beginnings, as hashes: what a linear model of words reads."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.features.tokens import Tokens

    Keys = NDArray[np.uint32]
    Ints = NDArray[np.int64]

__all__ = ["Grams", "texts_of"]

# Multipliers that spread pairs over all keys: odd, for an even one would lose a bit (Knuth, The Art of Computer Programming 3, 6.4).
_FIRST, _SECOND = np.uint32(2654435761), np.uint32(2246822519)
# Stands before the first word of a block and behind the last, so that pairs tell how it opens and ends.
_EDGE: Final = np.uint32(crc32(b"edge"))
# Letters that the forms of a word share in many languages. Pieces of four from all over a word tell no more, and are twice as many
# (docs/experiments.md).
_BEGINNING: Final = 5
_SIGN: Final = np.uint32(crc32(b"beginning"))
# Years, prices and counts are told apart by their length alone.
_DIGITS: Final = str.maketrans("123456789", "000000000")


class Grams:
    """The words of each of n blocks as keys, in the order in which they stand; worked out when first asked for.

    Args:
        tokens: the first words of the blocks.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def __getstate__(self) -> dict[str, Any]:
        # Tokens do not travel to other processes.
        return {"words": self.words, "beginnings": self.beginnings, "sizes": self.sizes}

    @cached_property
    def words(self) -> Keys:
        """uint32, the key of each word of all blocks, one after the other."""
        return _keys(self._plain)[self._tokens.numbers]

    @cached_property
    def beginnings(self) -> Keys:
        """uint32, that of each word's beginning; 0 where a word is no longer than one."""
        long = np.array([len(word) > _BEGINNING for word in self._plain], dtype=np.bool_)
        keys = _keys([word[:_BEGINNING] for word in self._plain]) ^ _SIGN
        return np.where(long, keys, np.uint32(0))[self._tokens.numbers]

    @cached_property
    def sizes(self) -> Ints:
        """int64, n, how many words each block has."""
        return self._tokens.sizes

    @cached_property
    def _plain(self) -> list[str]:
        return [word.translate(_DIGITS) for word in self._tokens.vocabulary]

    def table(self) -> tuple[Ints, Keys]:
        """Rows and keys (m each) of the words, then of the pairs, one more a block, then of the beginnings of long words."""
        rows, ends = np.repeat(np.arange(len(self.sizes)), self.sizes), np.cumsum(self.sizes)
        some = self.sizes > 0
        before = np.insert(self.words, (ends - self.sizes)[some], _EDGE)
        behind = np.insert(self.words, ends[some], _EDGE)
        pair_rows = np.repeat(np.arange(len(self.sizes)), self.sizes + some)
        long = self.beginnings != 0
        keys = self.words, before * _FIRST + behind * _SECOND, self.beginnings[long]
        return np.concatenate([rows, pair_rows, rows[long]]), np.concatenate(keys)


def _keys(words: Sequence[str]) -> Keys:
    return np.fromiter((crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint32, len(words))


def texts_of(words: Sequence[str]) -> list[str]:
    """What the rows of `Grams.table` are of, for one block of these words, each as a person reads it."""
    pairs = [" ".join(pair).strip() for pair in pairwise(["", *words, ""])] if words else []
    return [*words, *pairs, *(f"{word[:_BEGINNING]}\u2026" for word in words if len(word) > _BEGINNING)]
