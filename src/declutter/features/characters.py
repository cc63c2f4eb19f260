"""Counts of character classes, block by block, on one array of code points."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CLASSES", "CharClass", "class_counts", "dated_rows", "endings"]


class CharClass(IntEnum):
    """What a character is to the features."""

    SPACE = 0
    LOWER = 1
    UPPER = 2
    LETTER = 3  # of a script without case, and combining marks
    IDEOGRAPH = 4  # Han, kana, Hangul: about two Latin letters' worth of reading each
    DIGIT = 5
    STOP = 6  # ends a sentence
    COMMA = 7
    CURRENCY = 8
    SEPARATOR = 9  # bars, bullets, arrows between links
    OTHER = 10


CLASSES: Final = len(CharClass)

_STOPS: Final = ".!?…。！？｡؟۔।॥։።၊။៕"
_COMMAS: Final = ",;:，、；：،؛፣"
_SEPARATORS: Final = "|/\\»«›‹>•·◦▪●○→←↑↓▶►▼▲★☆✓✔✕×+#"
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b|\d{1,4}[年월月日년]")
# Dates stand at the beginning; a year later on is of the story.
_DATE_WINDOW: Final = 120
_LAST_STOPS: Final = ".!?…。！？؟۔।॥።។"
_CLOSERS: Final = "\"'”’»)]）」』"
_COLONS: Final = ":："
_TAIL: Final = 12
_TABLE_SIZE: Final = 0x11000  # planes above hold emoji (OTHER) and rare ideographs (mapped in class_counts)


_WORDY: Final = np.array(
    [kind in {CharClass.LOWER, CharClass.UPPER, CharClass.LETTER, CharClass.DIGIT} for kind in CharClass]
)


_WORDY_BITS: Final = sum(1 << kind for kind in np.flatnonzero(_WORDY).tolist())


_IDEOGRAPHS: Final = (
    *((0x1100, 0x11FF), (0x3005, 0x3007), (0x3041, 0x318F), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)),
    *((0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC)),
)
# Surrogates and private use: OTHER, all of them.
_NAMELESS: Final = (0xD800, 0xF8FF)
# Categories of Unicode; two letters win over the first of them alone.
_CATEGORIES: Final = {
    "L": CharClass.LETTER, "M": CharClass.LETTER, "N": CharClass.DIGIT, "Z": CharClass.SPACE,
    "Ll": CharClass.LOWER, "Lu": CharClass.UPPER, "Lt": CharClass.UPPER, "Sc": CharClass.CURRENCY,
}  # fmt: skip
_SECOND_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@cache
def _table() -> NDArray[np.uint8]:
    table = np.full(_TABLE_SIZE, CharClass.OTHER, dtype=np.uint8)
    kinds = np.full(1 << 16, CharClass.OTHER, dtype=np.uint8)
    for letters, kind in _CATEGORIES.items():
        for second in letters[1:] or _SECOND_LETTERS:
            kinds[ord(letters[0]) | ord(second) << 8] = kind
    start = 0
    # Only what lies between them is looked up: most of the table is ideographs, and a program waits for it at its start.
    for first, last in (*sorted((*_IDEOGRAPHS, _NAMELESS)), (_TABLE_SIZE, _TABLE_SIZE)):
        # Two letters each, read as a number: a look into an array instead of a call.
        joined = "".join(map(unicodedata.category, map(chr, range(start, first))))
        table[start:first] = kinds[np.frombuffer(joined.encode(), dtype="<u2")]
        start = last + 1
    for first, last in _IDEOGRAPHS:
        table[first : last + 1] = CharClass.IDEOGRAPH
    table[[9, 10, 11, 12, 13]] = CharClass.SPACE
    for characters, kind in ((_STOPS, CharClass.STOP), (_COMMAS, CharClass.COMMA), (_SEPARATORS, CharClass.SEPARATOR)):
        table[[ord(c) for c in characters]] = kind
    return table


def class_counts(texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count what the texts are made of.

    Args:
        texts: n texts.

    Returns:
        counts: float64, n x CLASSES, characters of each class.
        words: float64, n, words: runs of letters and digits, and half an ideograph each.
    """
    if not texts:
        return np.zeros((0, CLASSES)), np.zeros(0)
    if compiled.used:  # src/speedups/columns.c
        counts, words = np.empty((len(texts), CLASSES)), np.empty(len(texts))
        compiled.speedups.class_counts(texts, CharClass.IDEOGRAPH, _WORDY_BITS, _table(), counts, words)
        return counts, words
    joined = "\n".join(texts) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if (highest := int(points.max())) < _TABLE_SIZE:
        kinds = _table()[points]
    else:
        kinds = _table()[np.minimum(points, _TABLE_SIZE - 1)]
        if highest >= 0x20000:
            kinds[(points >= 0x20000) & (points <= 0x3FFFF)] = CharClass.IDEOGRAPH
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    starts = np.cumsum(lengths) - lengths
    keys = np.repeat(np.arange(len(texts)) * CLASSES, lengths)
    keys += kinds
    counts = np.bincount(keys, minlength=len(texts) * CLASSES).reshape(-1, CLASSES).astype(np.float64)
    counts[:, CharClass.SPACE] -= 1  # the newline that parts the texts
    wordy = _WORDY[kinds]
    wordy[1:] &= ~wordy[:-1]  # what follows a letter or digit begins no word
    words = np.add.reduceat(wordy, starts, dtype=np.int64) + counts[:, CharClass.IDEOGRAPH] / 2
    return counts, words


def dated_rows(texts: list[str], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for each text whose beginning holds a year, a date or a time of day, 0 for others (float64, n).

    Args:
        texts: n texts.
        counts: their `class_counts`.
    """
    dated = np.where(counts[:, CharClass.DIGIT] > 0, np.nan, 0.0)
    if compiled.used:  # src/speedups/dates.c
        compiled.speedups.dated(texts, _DATE_WINDOW, dated)
        return dated
    for row in np.flatnonzero(np.isnan(dated)).tolist():
        dated[row] = _DATE.search(texts[row][:_DATE_WINDOW]) is not None
    return dated


def endings(texts: list[str]) -> NDArray[np.float64]:
    """Line breaks in each text, and whether it ends with a sentence, and with a colon (float64, 3 x n)."""
    rows = np.empty((3, len(texts)))
    if compiled.used:  # src/speedups/vocabulary.c
        compiled.speedups.endings(texts, _TAIL, _LAST_STOPS, _CLOSERS, _COLONS, rows)
        return rows
    tails = [text[-_TAIL:].rstrip() for text in texts]
    rows[0] = [text.count("\n") for text in texts]
    rows[1] = [tail.rstrip(_CLOSERS).endswith(tuple(_LAST_STOPS)) for tail in tails]
    rows[2] = [tail.endswith(tuple(_COLONS)) for tail in tails]
    return rows
