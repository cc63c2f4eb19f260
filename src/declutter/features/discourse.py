"""Discourse features: who speaks to whom, and what a block shares with the rest of the page's prose.

Letters to readers, newsletter boxes and calls to action speak to the reader, and of other things than the article
around them does; both shows in any language, without a word of the lexicons.
"""

from __future__ import annotations

from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.languages import NO_SPACES, TOPICS, guess_language, person_words, topic_bits, topic_counts
from declutter.features.registry import feature
from declutter.features.view import WORDS_WINDOW, PageView, group_sums, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Bits of person words: the reader, the writer.
_PERSONS: Final = 2
# A block of this many words, a third of it links at most, counts as prose that others can share words with.
_PROSE: Final = 15
# Shorter words are mostly function words, which every text shares; in scripts cut into characters pairs are taken.
_LONG: Final = 5


@feature(
    *(f"{what}{where}" for what in ("reader", "writer", *TOPICS) for where in ("", "_up1", "_up2", "_page")),
)
def persons_and_topics(page: PageView) -> Floats:
    """Words that speak to the reader (you, your), of the writer (we, our, I), and of four topics, a word (own).

    The topics are those in which publications ask for something: giving, the publication itself, letters by mail, sums.
    Of the block's first words, of those of the two next containers, and of the page's; 0 to 1. The language is guessed.
    """
    flat = list(chain.from_iterable(page.tokens))
    language = guess_language(flat, page.head.language)
    of_word = dict(person_words(language))
    for word, bits in topic_bits(language, dict.fromkeys(flat)).items():
        of_word[word] = of_word.get(word, 0) | bits << _PERSONS
    of_token = np.fromiter(map(of_word.get, flat, repeat(0)), np.int64, len(flat))
    counted = np.array([len(words) for words in page.tokens], dtype=np.float64)
    spoken = np.flatnonzero(of_token)
    rows = np.repeat(np.arange(page.n), counted.astype(np.int64))[spoken]
    hits = np.array(
        [group_sums(rows, of_token[spoken] >> place & 1, page.n) for place in range(_PERSONS + len(TOPICS))]
    )
    if language in NO_SPACES:
        hits[_PERSONS:] = (
            np.array([topic_counts(language, text[:WORDS_WINDOW]) for text in page.blocks.texts])
            .reshape(page.n, len(TOPICS))
            .T
        )
    below = page.below(counted)
    columns: list[Floats] = []
    for hit in hits:
        around = ratio(page.below(hit), below)
        columns += [ratio(hit, counted), *(around[level] for level in page.containers[1:3])]
        columns.append(np.full(page.n, hit.sum() / max(counted.sum(), 1.0)))
    return np.vstack(columns)


@feature("cohesion", "cohesion_depth", "cohesion_up1", "cohesion_words")
def cohesion(page: PageView) -> tuple[Floats, ...]:
    """Long words that the block shares with other prose of the page (own; after lexical cohesion, Hearst 1997).

    cohesion: share of its distinct long words that stand in another prose block, 0 to 1. cohesion_depth: log1p of how
    many prose blocks these are in, their mean. cohesion_up1: the share over the next container. cohesion_words: log1p
    of its distinct long words. Only the first words of each block are read.
    """
    rows: list[int] = []
    words: list[str] = []
    for row, tokens in enumerate(page.tokens):
        long = {word for word in tokens if len(word) >= _LONG} or {a + b for a, b in pairwise(tokens)}
        words.extend(long)
        rows.extend(repeat(row, len(long)))
    of_row = np.array(rows, dtype=np.int64)
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
    of_word = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
    prose = (page.words >= _PROSE) & (page.link_sizes * 3 < page.sizes)
    own = prose[of_row].astype(np.float64)
    others = group_sums(of_word, own, len(numbers))[of_word] - own
    shared = group_sums(of_row, others > 0, page.n)
    depth = group_sums(of_row, np.log1p(others), page.n)
    total = np.bincount(of_row, minlength=page.n).astype(np.float64)
    around = ratio(page.below(shared), page.below(total))
    return ratio(shared, total), ratio(depth, total), around[page.containers[1]], np.log1p(total)
