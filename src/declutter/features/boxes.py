"""Box features: what kinds of chrome the blocks nearby tell of, in the boxes around and along the page.

A letter to readers or the blurb of a newsletter reads like an article; what stands beside it does not. A share of words
hides one button among paragraphs, so told blocks are counted here, and the way to the nearest is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.arrays import distinct
from declutter.features.characters import CharClass
from declutter.features.fields import ASKING
from declutter.features.lexicon import LEXICON_LABELS
from declutter.features.registry import feature
from declutter.features.view import PageView, ratio
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Kinds that come in boxes with prose of their own.
_KINDS: Final = (
    Label.DONATION,
    Label.SIGNUP,
    Label.PAYMENT,
    Label.RELATED,
    Label.SOCIAL,
    Label.ADVERTISING,
    Label.CONSENT,
    Label.COMMENTS,
)
_COLUMNS: Final = np.array([LEXICON_LABELS.index(kind) for kind in _KINDS])
# Kinds whose prose stands right beside its controls.
_BESIDE: Final = (Label.DONATION, Label.SIGNUP, Label.PAYMENT, Label.COMMENTS)
_BESIDE_COLUMNS: Final = np.array([_KINDS.index(kind) for kind in _BESIDE])
_LEVELS: Final = 3
# A block tells of a kind if this share of its words is in phrases of it: one phrase of a button, or of a short line.
_TELLS: Final = 1 / 3
# Or if it holds this many such words, however long it is.
_MANY: Final = 6
# Blocks beyond this are not beside anything.
_FAR: Final = 40.0
# An amount to pick: digits with a currency sign, and little else.
_AMOUNT_WORDS: Final = 6


@feature(
    *(f"told_{kind.value}_up{level}" for kind in _KINDS for level in range(1, _LEVELS + 1)),
    *(f"box_told_{kind.value}" for kind in _KINDS),
    *(f"told_{kind.value}_{side}" for kind in _BESIDE for side in ("before", "after")),
    "told_comments_above",
    "told_comments_below",
)
def told(page: PageView) -> Floats:
    """Blocks nearby that tell of a kind: a third of their words, or six, are phrases of it, or they are an amount (own).

    told_*_up: log1p of such blocks in the containers, level by level, the block itself left out. box_told: the same for
    the box (see PageView.boxes).
    told_*_before, told_*_after: log1p of blocks to the nearest one on that side, at most 40. told_comments_above,
    told_comments_below: log1p of blocks on the page before and after that tell of comments: inside a thread there are
    many before, where each comment can be answered.
    """
    if compiled.used:  # src/speedups/told.c
        counted = page.tokens.phrase_words, page.tokens.counts, *page.boxes
        return page.lent.rows(
            len(_KINDS) * (_LEVELS + 1) + 2 * len(_BESIDE) + 2,
            page.frame.told,
            *counted,
            _COLUMNS,
            _BESIDE_COLUMNS,
            _KINDS.index(Label.PAYMENT),
            _KINDS.index(Label.COMMENTS),
        )
    words = page.tokens.phrase_words[:, _COLUMNS]
    tells = (words >= _MANY) | (ratio(words, page.tokens.counts[:, None]) >= _TELLS)
    tells[:, _KINDS.index(Label.PAYMENT)] |= _amounts(page)
    total = np.zeros((page.n + 1, len(_KINDS)))
    np.cumsum(tells, axis=0, out=total[1:])
    levels = [total[page.last[level]] - total[page.first[level]] - tells for level in page.containers[1 : _LEVELS + 1]]
    columns = np.log1p(np.array(levels)).transpose(2, 0, 1).reshape(len(_KINDS) * _LEVELS, page.n)
    first, last = page.boxes
    boxed = np.log1p(total[last] - total[first] - tells).T
    sides = [side for kind in _BESIDE for side in _ways(tells[:, _KINDS.index(kind)])]
    thread = total[:, _KINDS.index(Label.COMMENTS)]
    above, below = thread[:-1], thread[-1] - thread[1:]
    return np.vstack([columns, boxed, np.log1p(np.minimum(sides, _FAR)), np.log1p(above), np.log1p(below)])


def _ways(marked: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Blocks from each block to the nearest marked one before it and after it; the block itself does not count."""
    n = len(marked)
    rank = np.arange(n, dtype=np.float64)
    before, after = np.full(n, 2 * _FAR), np.full(n, 2 * _FAR)
    if n > 1:
        last = np.maximum.accumulate(np.where(marked, rank, -2 * _FAR))
        following = np.minimum.accumulate(np.where(marked, rank, n + 2 * _FAR)[::-1])[::-1]
        before[1:] = rank[1:] - last[:-1]
        after[:-1] = following[1:] - rank[:-1]
    return before, after


@feature(
    "box_blocks",
    "box_size",
    "box_share",
    "box_place",
    "box_link_density",
    "box_prose",
    "box_headings",
    "box_fields",
    "box_buttons",
    "box_amounts",
)
def box(page: PageView) -> Sequence[Floats] | Floats:
    """What the box around the block is like (see PageView.boxes; own).

    box_blocks, box_size: log1p of its blocks and characters. box_share: share of the page's text, 0 to 1. box_place: rank
    of the block in it, 0 to 1. box_link_density, box_prose: share of its text in links, and in blocks that look like
    prose, 0 to 1. box_headings, box_amounts: log1p of its headings and amounts of money. box_fields, box_buttons: log1p of
    the fields that a visitor writes in, of searches no, and of its buttons.
    """
    if compiled.used:  # src/speedups/told.c
        asking = np.concatenate([page.fields[kind] for kind in ASKING])
        return page.lent.rows(10, page.frame.box, *page.boxes, *page.box_nodes, asking, page.fields["submit"])
    first, last = page.boxes
    count = (last - first).astype(np.float64)
    size = page.boxed(page.sizes)
    heading = page.tagged("h1", "h2", "h3", "h4", "h5", "h6")[page.owners]
    low, high = page.box_nodes

    def nodes(*kinds: str) -> Floats:
        total = page.counted(np.concatenate([page.fields[kind] for kind in kinds]))
        return np.asarray(np.log1p(total[high] - total[low]))

    return (
        np.log1p(count),
        np.log1p(size),
        size / max(float(page.sizes.sum()), 1.0),
        (np.arange(page.n) - first) / np.maximum(count - 1, 1),
        ratio(page.boxed(page.link_sizes), size),
        ratio(page.boxed(np.where(page.prose_values > 0, page.sizes, 0.0)), size),
        np.log1p(page.boxed(heading.astype(np.float64))),
        nodes(*ASKING),
        nodes("submit"),
        np.log1p(page.boxed(_amounts(page).astype(np.float64))),
    )


def _amounts(page: PageView) -> NDArray[np.bool_]:
    return (
        (page.counts[:, CharClass.CURRENCY] > 0) & (page.counts[:, CharClass.DIGIT] > 0) & (page.words <= _AMOUNT_WORDS)
    )


@feature("site_name", "site_name_up1", "site_name_up2", "site_name_page")
def site_name(page: PageView) -> Sequence[Floats] | Floats:
    """Whether the block speaks of the site by its name, as letters and newsletters do (own).

    site_name: 1 where its first words hold all words of the name (og:site_name, or what stands behind the last bar or dash of
    the title, or before the first). site_name_up: share of the words of the next two containers that are in such blocks, 0 to 1.
    site_name_page: the same for the page.
    """
    tokens = page.tokens
    name = distinct(tokens.found(page.head.site_words))
    if name.min(initial=0) < 0:  # a word that no block has
        name = name[:0]
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(4, page.frame.site_name, tokens.numbers, tokens.sizes, name)
    named = np.zeros(page.n)
    if len(name):
        holds = np.ones(page.n, dtype=np.bool_)
        for number in name.tolist():
            has = np.zeros(page.n, dtype=np.bool_)
            has[tokens.rows[tokens.numbers == number]] = True
            holds &= has
        named[holds] = 1.0
    words = page.words * named
    around = ratio(page.below(words), page.below(page.words))
    whole = words.sum() / max(page.words.sum(), 1.0)
    return named, *(around[level] for level in page.containers[1:3]), np.full(page.n, whole)
