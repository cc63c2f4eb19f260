"""Function words of languages: which language a page is in, and who speaks to whom in it."""

from __future__ import annotations

from functools import cache
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter import compiled
from declutter.prepared import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = [
    "NO_SPACES",
    "PERSONS",
    "READER",
    "TOPICS",
    "WRITER",
    "guess_language",
    "person_words",
    "spoken_words",
    "topic_bits",
    "topic_counts",
    "word_bits",
]

READER: Final = 1
"""Bit of words that speak to the reader: you, your."""

WRITER: Final = 2
"""Bit of words in which a writer speaks of themselves: we, our, I."""

PERSONS: Final = 2
"""How many bits of words of persons there are."""

TOPICS: Final = ("asking", "press", "mail", "money")
"""The tables of vocabulary.toml, by bit."""

NO_SPACES: Final = frozenset(("ja", "th", "zh"))
"""Languages that `split_words` cuts into characters: their words are looked for in the text."""

# Shorter beginnings stand for whole words.
_PREFIX: Final = 3
# A page's own claim stands if that language has at least this share of the hits of the one with the most.
_CLAIM: Final = 0.6
# Fewer hits than this tell no language.
_FEWEST: Final = 3
_SAME: Final = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


class _Tables(NamedTuple):
    languages: tuple[str, ...]
    common: dict[str, int]
    persons: dict[str, dict[str, int]]


@cache
def _tables() -> _Tables:
    tables = _toml("languages.toml")
    common: dict[str, int] = {}
    persons: dict[str, dict[str, int]] = {}
    for number, (language, table) in enumerate(tables.items()):
        for word in table["common"]:
            common[word] = common.get(word, 0) | 1 << number
        persons[language] = dict.fromkeys(table["reader"], READER)
        for word in table["writer"]:
            persons[language][word] = persons[language].get(word, 0) | WRITER
    return _Tables(tuple(tables), common, persons)


@cache
def _toml(name: str) -> dict[str, dict[str, list[str]]]:
    return table_of(Path(__file__).with_name(name))


@cache
def _vocabulary(language: str) -> dict[str, list[tuple[str, int]]]:
    """Whole short words, and the first letters of longer beginnings -> (beginning, bit of its topic)."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, topic in enumerate(TOPICS):
        for stem in _toml("vocabulary.toml").get(language, {}).get(topic, ()):
            found.setdefault(stem[:_PREFIX], []).append((stem, 1 << number))
    return found


def topic_bits(language: str, words: Iterable[str]) -> dict[str, int]:
    """Which of the words begin like one of a topic: bits by word, in the order of TOPICS; words of none are absent."""
    vocabulary = _vocabulary(language)
    found: dict[str, int] = {}
    for word in [word for word in words if word[:_PREFIX] in vocabulary]:
        bits = 0
        for stem, bit in vocabulary[word[:_PREFIX]]:
            if word.startswith(stem) if len(stem) >= _PREFIX else word == stem:
                bits |= bit
        if bits:
            found[word] = bits
    return found


def word_bits(language: str, words: list[str]) -> Ints:
    """What each of some different words is of: READER, WRITER, and behind PERSONS bits the topics, in the order of TOPICS.

    Args:
        language: as of `person_words`.
        words: k of them.

    Returns:
        int64, k.
    """
    persons = person_words(language)
    bits = np.empty(len(words), dtype=np.int64)
    if compiled.used:  # src/speedups/vocabulary.c
        compiled.speedups.word_bits(words, persons, _vocabulary(language), PERSONS, bits)
        return bits
    topics = topic_bits(language, words)
    bits[:] = [persons.get(word, 0) | topics.get(word, 0) << PERSONS for word in words]
    return bits


def spoken_words(bits: Ints, numbers: Ints, rows: Ints, hits: NDArray[np.float64]) -> None:
    """Count the words of persons and topics in each row of a text.

    Args:
        bits: int64, k, of the different words, as `word_bits` gives them.
        numbers: int64, for each word of the text which of these it is.
        rows: int64, and its row.
        hits: float64, kinds x rows, to add to: READER, WRITER, and TOPICS in their order.
    """
    if compiled.used:  # src/speedups/vocabulary.c
        compiled.speedups.spoken_words(bits, numbers, rows, hits)
        return
    of_token = bits[numbers]
    spoken = np.flatnonzero(of_token)
    for place in range(len(hits)):
        hits[place] += np.bincount(rows[spoken], weights=of_token[spoken] >> place & 1, minlength=hits.shape[1])


def topic_counts(language: str, text: str) -> list[int]:
    """How often a text of a language without spaces holds words of each topic."""
    counts = [0] * len(TOPICS)
    for stems in _vocabulary(language).values():
        for stem, bit in stems:
            counts[bit.bit_length() - 1] += text.count(stem)
    return counts


def guess_language(words: Sequence[str], claimed: str, counts: NDArray[np.int64] | None = None) -> str:
    """The language of a text by its commonest function words.

    Args:
        words: as `split_words` gives them.
        claimed: what the page says of itself (`lang`), which stands unless the words speak for another; may be "".
        counts: int64, how often each of the words is there; None for once each.

    Returns:
        Its ISO 639-1 code, of those in languages.toml; "" where nothing tells.
    """
    tables = _tables()
    claim = claimed.strip().replace("_", "-").partition("-")[0].lower()
    claim = _SAME.get(claim, claim)
    if claim not in tables.persons:
        claim = ""
    if compiled.used and isinstance(words, list) and counts is not None:  # src/speedups/vocabulary.c
        hits = np.zeros(len(tables.languages), dtype=np.int64)
        compiled.speedups.language_hits(words, tables.common, counts, hits)
    else:
        bits = np.fromiter(map(tables.common.get, words, repeat(0)), np.int64, len(words))
        told = np.flatnonzero(bits)
        each = (bits[told, None] >> np.arange(len(tables.languages))) & 1
        hits = each.sum(axis=0) if counts is None else counts[told] @ each
    if not hits.any():
        return claim
    best = int(hits.argmax())
    if claim and hits[tables.languages.index(claim)] >= _CLAIM * hits[best]:
        return claim
    return tables.languages[best] if hits[best] >= _FEWEST else claim


def person_words(language: str) -> dict[str, int]:
    """The words of a language that are of a person: bits READER and WRITER. None for an unknown language."""
    return _tables().persons.get(language, {})
