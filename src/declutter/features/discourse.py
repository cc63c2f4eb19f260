"""Discourse features: who speaks to whom, and what a block shares with the rest of the page's prose.

Letters to readers, newsletter boxes and calls to action speak to the reader, and of other things than the article
around them does; both shows in any language, without a word of the lexicons.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.arrays import distinct
from declutter.features.languages import (
    NO_SPACES,
    PERSONS,
    TOPICS,
    person_words,
    spoken_words,
    topic_counts,
)
from declutter.features.registry import feature
from declutter.features.tokens import WORDS_WINDOW
from declutter.features.view import PageView, group_sums, ratio
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# What somebody else says: from a quotation mark to its partner, or to the end where it has none. Marks that also close
# or point somewhere need a partner.
_QUOTED: Final = re.compile(
    r'"[^"]*(?:"|\Z)|“[^”]*(?:”|\Z)|„[^“”]*(?:[“”]|\Z)|«[^»]*(?:»|\Z)|»[^«»]*[«»]|”[^”]*”|「[^」]*(?:」|\Z)|『[^』]*(?:』|\Z)'
)
_FOREIGN_QUOTES: Final = re.compile("[“„”«»「『]")
# A block of this many words, a third of it links at most, counts as prose that others can share words with.
_PROSE: Final = 15
# Shorter words are mostly function words, which every text shares; in scripts cut into characters pairs are taken.
_LONG: Final = 5
# Characters at either end of a block that are looked at in scripts cut into characters: a word, with a particle before it.
_EDGE: Final = 6
_ASKING: Final = TOPICS.index("asking")


@feature(
    *(f"{what}{where}" for what in ("reader", "writer", *TOPICS) for where in ("", "_up1", "_up2", "_page")),
    *(f"box_{what}" for what in ("reader", "writer", *TOPICS)),
    *(f"{what}_contrast" for what in ("reader", "writer", *TOPICS)),
)
def persons_and_topics(page: PageView) -> Floats:
    """Words that speak to the reader (you, your), of the writer (we, our, I), and of four topics, a word (own).

    Words of persons count outside quotation marks: who is quoted speaks for themselves. The topics are those in which
    publications ask for something: giving, the publication itself, letters by mail, sums. Of the block's first words, of
    those of the two next containers, and of the page's; 0 to 1. The language is guessed.
    box_*: the share in the box (see PageView.boxes). *_contrast: that less the share in the rest of the page, -1 to 1.
    """
    tokens, language = page.tokens, page.language
    persons = person_words(language)
    counted = tokens.counts
    hits = np.zeros((PERSONS + len(TOPICS), page.n))
    spoken_words(page.word_bits, tokens.numbers, tokens.rows, hits)
    for row in np.flatnonzero(hits[:PERSONS].any(axis=0)).tolist():
        text = page.blocks.texts[row][:WORDS_WINDOW]
        if '"' in text or (not text.isascii() and _FOREIGN_QUOTES.search(text)):
            for word in split_words(" ".join(_QUOTED.findall(text))):
                bits = persons.get(word, 0)
                for place in range(PERSONS):
                    hits[place, row] -= bits >> place & 1
    if language in NO_SPACES:
        hits[PERSONS:] = (
            np.array([topic_counts(language, text[:WORDS_WINDOW]) for text in page.blocks.texts])
            .reshape(page.n, len(TOPICS))
            .T
        )
    np.maximum(hits, 0, out=hits)
    if compiled.used:  # src/speedups/discourse.c
        return page.lent.rows(6 * len(hits), page.frame.spoken, hits, counted, *page.boxes)
    below = page.below(counted)
    inside = page.boxed(counted)
    whole = max(counted.sum(), 1.0)
    columns: list[Floats] = []
    boxed: list[Floats] = []
    contrasts: list[Floats] = []
    for hit in hits:
        around = ratio(page.below(hit), below)
        columns += [ratio(hit, counted), *(around[level] for level in page.containers[1:3])]
        columns.append(np.full(page.n, hit.sum() / whole))
        held = page.boxed(hit)
        boxed.append(ratio(held, inside))
        contrasts.append(boxed[-1] - ratio(hit.sum() - held, whole - inside))
    return np.vstack([*columns, *boxed, *contrasts])


@feature("asking_opens", "asking_closes")
def asking_edges(page: PageView) -> Sequence[Floats]:
    """1 where the first, and where the last of the block's first words is one of giving and supporting (own).

    A call to give opens with its verb, or ends with it where verbs come last, and names whom to support in between: a
    line that holds no phrase of a lexicon still does.
    """
    tokens, language = page.tokens, page.language
    if language in NO_SPACES:
        texts = [text[:WORDS_WINDOW].strip() for text in page.blocks.texts]
        parts = ([text[:_EDGE] for text in texts], [text[-_EDGE:] for text in texts])
        return tuple(np.array([float(topic_counts(language, text)[_ASKING] > 0) for text in part]) for part in parts)
    worded = np.flatnonzero(tokens.sizes)
    ends = np.cumsum(tokens.sizes)[worded]
    asks = page.word_bits >> (PERSONS + _ASKING) & 1
    columns = np.zeros((2, page.n))
    columns[0, worded] = asks[tokens.numbers[ends - tokens.sizes[worded]]]
    columns[1, worded] = asks[tokens.numbers[ends - 1]]
    return tuple(columns)


@feature("cohesion", "cohesion_depth", "cohesion_up1", "cohesion_words")
def cohesion(page: PageView) -> Sequence[Floats] | Floats:
    """Long words that the block shares with other prose of the page (own; after lexical cohesion, Hearst 1997).

    cohesion: share of its distinct long words that stand in another prose block, 0 to 1. cohesion_depth: log1p of how
    many prose blocks these are in, their mean. cohesion_up1: the share over the next container. cohesion_words: log1p
    of its distinct long words. Only the first words of each block are read.
    """
    tokens = page.tokens
    rows, numbers = tokens.rows, tokens.numbers
    width = len(tokens.vocabulary) + 1
    if page.language in NO_SPACES:  # pairs of characters
        inside = np.flatnonzero(rows[1:] == rows[:-1])
        rows, numbers = rows[inside], np.unique(numbers[inside] * width + numbers[inside + 1], return_inverse=True)[1]
        width = int(numbers.max(initial=0)) + 1
        vocabulary = None
    else:
        vocabulary = tokens.vocabulary
    if compiled.used:  # src/speedups/discourse.c
        return page.lent.rows(4, page.frame.cohesion, rows, numbers, width, vocabulary, _LONG)
    if vocabulary is not None:
        lengths = np.fromiter(map(len, vocabulary), np.int64, len(vocabulary))
        places = np.flatnonzero(lengths[numbers] >= _LONG)
        rows, numbers = rows[places], numbers[places]
    of_row, of_word = np.divmod(distinct(rows * width + numbers), width)
    prose = (page.words >= _PROSE) & (page.link_sizes * 3 < page.sizes)
    own = prose[of_row].astype(np.float64)
    others = group_sums(of_word, own, width)[of_word] - own
    shared = group_sums(of_row, others > 0, page.n)
    depth = group_sums(of_row, np.log1p(others), page.n)
    total = np.bincount(of_row, minlength=page.n).astype(np.float64)
    around = ratio(page.below(shared), page.below(total))
    return ratio(shared, total), ratio(depth, total), around[page.containers[1]], np.log1p(total)
