"""Wording features: length, shape of the sentences, and phrases of the lexicons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.characters import CharClass
from declutter.features.lexicon import LEXICON_LABELS
from declutter.features.overlap import gram_shares, title_scores
from declutter.features.registry import feature
from declutter.features.view import LEVELS, PageView, group_sums, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Different triples of words of a declared text that is more than a summary.
_TELLING: Final = 50


@feature("size", "word_count", "word_length", "line_count", "size_share", "size_rank")
def length(page: PageView) -> Sequence[Floats] | Floats:
    """Length of the block.

    size: log1p of characters in Latin-letter equivalents. word_count: log1p of words (boilerpipe).
    word_length: mean letters a word, at most 20. line_count: log1p of lines.
    size_share: share of the page's text, 0 to 1. size_rank: share of the page's blocks that are not longer, 0 to 1.
    """
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(6, page.frame.length, page.endings)
    order = np.sort(page.sizes)
    rank = np.searchsorted(order, page.sizes, side="right") / max(page.n, 1)
    return (
        np.log1p(page.sizes),
        np.log1p(page.words),
        np.minimum(ratio(page.sizes, page.words), 20),
        np.log1p(page.endings[0]),
        page.sizes / max(page.sizes.sum(), 1.0),
        rank,
    )


@feature("stops", "commas", "stop_rate", "comma_rate", "ends_sentence", "ends_colon", "sentence_length")
def sentences(page: PageView) -> Sequence[Floats] | Floats:
    """Shape of the sentences, whatever the script.

    stops, commas: log1p of counts (Readability counts commas). stop_rate, comma_rate: a word, at most 1.
    ends_sentence, ends_colon: 1 where the last character says so. sentence_length: log1p of words a stop.
    """
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(7, page.frame.sentences, page.endings)
    stops, commas = page.counts[:, CharClass.STOP], page.counts[:, CharClass.COMMA]
    return (
        np.log1p(stops),
        np.log1p(commas),
        np.minimum(ratio(stops, page.words), 1),
        np.minimum(ratio(commas, page.words), 1),
        page.endings[1],
        page.endings[2],
        np.log1p(page.words / (stops + 1)),
    )


@feature(
    "upper_share", "capital_words", "digit_share", "currency", "separator_share", "other_share", "no_case", "dated"
)
def characters(page: PageView) -> Sequence[Floats] | Floats:
    """What the block's characters are.

    upper_share, digit_share, separator_share, other_share: share of the characters, 0 to 1.
    capital_words: capitals a word, at most 2 (titles and menus have many). currency: log1p of currency signs.
    no_case: share of characters of scripts without case. dated: 1 where it holds a year, date or time of day.
    """
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(8, page.frame.characters, page.dated)
    counts = page.counts
    total = counts.sum(axis=1) - counts[:, CharClass.SPACE]
    upper = counts[:, CharClass.UPPER]
    return (
        ratio(upper, total),
        np.minimum(ratio(upper, page.words), 2),
        ratio(counts[:, CharClass.DIGIT], total),
        np.log1p(counts[:, CharClass.CURRENCY]),
        ratio(counts[:, CharClass.SEPARATOR], total),
        ratio(counts[:, CharClass.OTHER], total),
        ratio(counts[:, CharClass.LETTER] + counts[:, CharClass.IDEOGRAPH], total),
        page.dated,
    )


def _named(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{label.value}" for label in LEXICON_LABELS)


@feature(*_named("lexicon"), *_named("lexicon_near"), *_named("lexicon_box"), *_named("lexicon_heading"), "lexicon_any")
def lexicons(page: PageView) -> Floats:
    """Phrases of the lexicons, label by label (own).

    lexicon_*: share of the block's first words inside phrases of that label, 0 to 1.
    lexicon_near_*: words inside such phrases in the next container, a word of it, 0 to 1.
    lexicon_box_*: the same two containers up.
    lexicon_heading_*: the share for the last heading before the block.
    lexicon_any: the highest lexicon_* of the block.
    """
    hits, counted = page.tokens.phrase_words, page.tokens.counts
    if compiled.used:  # src/speedups/told.c
        return page.lent.rows(4 * len(LEXICON_LABELS) + 1, page.frame.lexicons, hits, counted)
    share = ratio(hits, counted[:, None])
    total = np.zeros((page.n + 1, hits.shape[1] + 1))
    np.cumsum(np.column_stack([hits, counted]), axis=0, out=total[1:])
    around = []
    for level in page.containers[1:3]:
        below = total[page.last[level]] - total[page.first[level]]
        around.append(ratio(below[:, :-1], below[:, -1:]).T)
    heading = page.last_headings
    before = np.where((heading >= 0)[:, None], share[heading], 0.0) if page.n else share
    highest = share.max(axis=1) if page.n else np.zeros(0)
    return np.vstack([share.T, *around, before.T, highest[None, :]])


def last_heading(page: PageView) -> NDArray[np.int64]:
    """See `PageView.last_headings`."""
    return page.last_headings


@feature("title_overlap", "title_match", "description_overlap", "jsonld_overlap", "has_jsonld_text")
def head_overlap(page: PageView) -> tuple[Floats, ...]:
    """Words shared with what the page says of itself (own).

    title_overlap: share of the block's first words that stand in title or og:title, 0 to 1.
    title_match: the harmonic mean of that and the share of the title's words in the block, 0 to 1.
    description_overlap: share of the block's word pairs in the meta descriptions.
    jsonld_overlap: share of its word triples in the text of the page's JSON-LD.
    has_jsonld_text: 1 where that text has 50 different triples or more.
    """
    tokens = page.tokens
    overlap, best = title_scores(tokens, page.titles)
    declared = tokens.of(page.head.json_text)
    return (
        overlap,
        best,
        gram_shares(tokens, tokens.of(" ".join(page.head.descriptions)[:4000]), 2),
        gram_shares(tokens, declared, 3),
        np.full(page.n, float(_has_triples(declared.tolist()))),
    )


def _has_triples(words: Sequence[int]) -> bool:
    """Whether there are enough different triples of words for a text that is more than a summary."""
    seen: set[tuple[int, int, int]] = set()
    for triple in zip(words, words[1:], words[2:], strict=False):
        seen.add(triple)
        if len(seen) == _TELLING:
            return True
    return False


@feature(*(f"stop_rate_up{level}" for level in range(1, LEVELS + 1)), "stop_rate_class_path", "stop_rate_page")
def prose_around(page: PageView) -> Sequence[Floats] | Floats:
    """Sentence ends a word, at most 1, of the containers, of all blocks with the same tag and class path, of the page."""
    if compiled.used:  # src/speedups/told.c
        return page.lent.rows(LEVELS + 2, page.frame.prose_around, page.paths[1])
    stops = page.counts[:, CharClass.STOP]
    density = np.minimum(ratio(page.below(stops), page.below(page.words)), 1)
    keys = page.paths[1]
    alike = np.minimum(ratio(group_sums(keys, stops), group_sums(keys, page.words)), 1)
    whole = min(stops.sum() / max(page.words.sum(), 1.0), 1.0)
    return (*(density[level] for level in page.containers[1:]), alike[keys], np.full(page.n, whole))
