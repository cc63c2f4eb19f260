"""Structure features: tags, roles and names above a block, and how often its shape repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.names import CLASS_GROUPS, MARKS, TAG_MARKS
from declutter.features.registry import feature
from declutter.features.tags import TAG_CODES
from declutter.features.view import LEVELS, PageView, group_sums, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_OWN_TAGS: Final = ("p", "li", "div", "td", "dd", "dt", "span", "pre", "blockquote", "figcaption", "button", "label")
_OWN_CODES: Final = np.array([TAG_CODES[tag] for tag in _OWN_TAGS], dtype=np.int32)
_NEAR: Final = 4
"""Ancestors whose names count as near."""

_REPEATED: Final = 3
"""Siblings of one shape that make a group: two are often a heading and its text."""


@feature(*(f"is_{tag}" for tag in _OWN_TAGS), "is_heading", "heading_rank", "origin_control", "origin_alt", "is_hidden")
def own_tag(page: PageView) -> Sequence[Floats] | Floats:
    """The block's own element: 1 for its tag; its heading level, 0 to 6; where its text comes from; hidden or not."""
    if compiled.used:  # src/speedups/structure.c
        blocks = page.blocks
        return page.lent.rows(len(_OWN_CODES) + 5, page.frame.own_tag, _OWN_CODES, blocks.origins, blocks.hidden)
    rank = np.zeros(len(page.nodes))
    for level in range(1, 7):
        rank[page.tagged(f"h{level}")] = level
    rank = rank[page.owners]
    return (
        *(page.tagged(tag)[page.owners].astype(np.float64) for tag in _OWN_TAGS),
        (rank > 0).astype(np.float64),
        rank,
        (page.blocks.origins == 1).astype(np.float64),
        (page.blocks.origins == 2).astype(np.float64),
        page.blocks.hidden.astype(np.float64),
    )


@feature(*(f"in_{mark}" for mark in TAG_MARKS))
def semantic_ancestors(page: PageView) -> Floats:
    """1 where the block or anything above it is such an element or has such a role (HTML and ARIA semantics)."""
    return page.lent.rows(len(_TAG_BITS), _bits, page.inside[page.owners], _TAG_BITS)


@feature(*(f"near_name_{group}" for group in CLASS_GROUPS), *(f"above_name_{group}" for group in CLASS_GROUPS))
def named_ancestors(page: PageView) -> Floats:
    """Class and id names, group by group: near (the block's element and three above), and anywhere above; 0 or 1."""
    marks = page.marks
    near = marks[page.owners]
    node = page.owners
    for _ in range(_NEAR - 1):
        node = page.parents[node]
        near = near | marks[node]
    inside = page.inside[page.owners]
    return page.lent.stacked((len(_NAME_BITS), _bits, near, _NAME_BITS), (len(_NAME_BITS), _bits, inside, _NAME_BITS))


_TAG_BITS: Final = np.array([MARKS.index(mark) for mark in TAG_MARKS], dtype=np.int64)
_NAME_BITS: Final = np.array([MARKS.index(f"name_{group}") for group in CLASS_GROUPS], dtype=np.int64)


def _bits(marks: NDArray[np.int64], places: NDArray[np.int64], rows: Floats) -> None:
    """Fill a row for each of these bits of the marks with 0 and 1."""
    if compiled.used:  # src/speedups/sums.c
        compiled.speedups.bits(marks, places, rows)
        return
    for row, place in zip(rows, places.tolist(), strict=True):
        row[:] = marks >> place & 1


_CHILD_TAGS: Final = {
    "images": ("img", "picture", "svg", "video"),
    "emphasis": ("b", "strong", "em", "i"),
    "code": ("code", "pre"),
    "breaks": ("br",),
}
# By code the number of the group from 1, 0 for none.
_CHILD_GROUPS: Final = np.zeros(len(TAG_CODES), dtype=np.uint8)
for _number, _tags in enumerate(_CHILD_TAGS.values(), 1):
    _CHILD_GROUPS[[TAG_CODES[tag] for tag in _tags]] = _number


@feature(*(f"run_{name}" for name in _CHILD_TAGS))
def inside_block(page: PageView) -> Sequence[Floats] | Floats:
    """log1p of images, emphasis, code and line breaks inside the block's run."""
    if compiled.used:  # src/speedups/structure.c
        return page.lent.rows(len(_CHILD_TAGS), page.frame.runs, _CHILD_GROUPS)
    columns = []
    for tags in _CHILD_TAGS.values():
        total = page.counted(np.flatnonzero(page.nodes_tagged(*tags)))
        columns.append(np.log1p(total[page.blocks.ends] - total[page.run_starts]))
    return tuple(columns)


@feature(
    *(
        f"{what}_up{level}"
        for what in ("blocks", "size", "mean_size", "long_share", "headings", "images", "share", "tag_density")
        for level in range(1, LEVELS + 1)
    )
)
def containers(page: PageView) -> Sequence[Floats] | Floats:
    """What the containers hold, level by level.

    blocks, size: log1p of blocks and characters. mean_size: log1p of characters a block. long_share: share of their
    text in blocks of 25 words and more without links, 0 to 1. headings, images: a block, at most 1. share: share of the
    page's text, 0 to 1. tag_density: log1p of characters a tag (CETD, Sun et al. 2011).
    """
    if compiled.used:  # src/speedups/structure.c
        return page.lent.rows(8 * LEVELS, page.frame.holdings)
    size = page.below(page.sizes)
    count = page.block_counts.astype(np.float64)
    prose = (page.words >= 25) & (page.link_sizes * 3 < page.sizes)
    long_size = page.below(np.where(prose, page.sizes, 0.0))
    headings = page.nodes_below("h1", "h2", "h3", "h4", "h5", "h6")
    images = page.nodes_below("img", "picture", "video")
    known = page.counted(np.flatnonzero(page.codes > 0))
    tags = (known[page.node_ends] - known[page.nodes]).astype(np.float64)
    total = max(float(page.sizes.sum()), 1.0)
    columns = []
    for level in page.containers[1:]:
        here, blocks = size[level], count[level]
        columns.append(
            (
                np.log1p(blocks),
                np.log1p(here),
                np.log1p(ratio(here, blocks)),
                ratio(long_size[level], here),
                np.minimum(ratio(headings[level], blocks), 1),
                np.minimum(ratio(images[level], blocks), 1),
                here / total,
                np.log1p(ratio(here, tags[level])),
            )
        )
    return tuple(values for quantity in zip(*columns, strict=True) for values in quantity)


@feature(
    "alike_count",
    "alike_size",
    "alike_share",
    "alike_spread",
    "alike_plain_count",
    "alike_plain_size",
    "alike_plain_share",
)
def alike_blocks(page: PageView) -> Sequence[Floats] | Floats:
    """Blocks of the page with the same tag and class path, and with the same tag path (plain).

    count: log1p. size: log1p of their mean characters. share: their share of the page's text, 0 to 1.
    spread: the part of the page that they span, 0 to 1.
    """
    if compiled.used:  # src/speedups/structure.c
        return page.lent.rows(7, page.frame.alike_blocks, *page.paths)
    total = max(float(page.sizes.sum()), 1.0)
    rank = np.arange(page.n)
    columns: list[Floats] = []
    for with_class, keys in ((True, page.paths[1]), (False, page.paths[0])):
        count = np.bincount(keys).astype(np.float64)
        size = group_sums(keys, page.sizes)
        columns += [np.log1p(count)[keys], np.log1p(ratio(size, count))[keys], size[keys] / total]
        if with_class and page.n:
            low = np.full(len(count), page.n)
            high = np.zeros(len(count), dtype=np.int64)
            np.minimum.at(low, keys, rank)
            np.maximum.at(high, keys, rank)
            columns.append(((high - low) / page.n)[keys])
        elif with_class:
            columns.append(np.zeros(0))
    return tuple(columns)


@feature(
    "repeat_count",
    "repeat_level",
    "repeat_size",
    "repeat_blocks",
    "repeat_links",
    "repeat_prose",
    "repeat_share",
    "repeat_dated",
    "repeat_prose_units",
    "repeat_dominance",
    "repeat_evenness",
    "page_repeats",
)
def repeated_units(page: PageView) -> Sequence[Floats] | Floats:
    """The most repeated shape among the block's element and five above it: cards, posts, rows, menu items (own).

    A shape is a tag with its class names; it repeats among the children of one parent.
    count: log1p of such siblings. level: how far above the block, 0 to 5. size, blocks: log1p of characters and blocks
    of this unit. links: its link density. prose: share of its text in long blocks. share: share of the page's text
    that all its siblings have. dated: dated blocks a sibling, at most 2. prose_units: share of the siblings that hold a
    long block. dominance: share over that of the largest group of three siblings and more, at most 1, 0 where the page has
    none. evenness: characters of the unit over the mean of its siblings, log1p.
    page_repeats: share of the page's text in that largest group, 0 to 1.
    """
    if compiled.used:  # src/speedups/structure.c
        return page.lent.rows(12, page.frame.repeated_units, page.siblings, page.dated)
    group, count, total = _siblings(page)
    size = page.below(page.sizes)
    linked = page.below(page.link_sizes)
    long = (page.words >= 25) & (page.link_sizes * 3 < page.sizes)
    prose = page.below(np.where(long, page.sizes, 0.0))
    filled = page.block_counts > 0
    dated = ratio(group_sums(group, page.below(page.dated) * filled), count)
    telling = ratio(group_sums(group, (prose > 0) & filled), count)
    best = np.zeros(page.n)
    unit = page.owners.copy()
    level = np.zeros(page.n)
    node = page.owners
    for up in range(6):
        here = count[group[node]]
        better = here > best
        best = np.where(better, here, best)
        unit = np.where(better, node, unit)
        level = np.where(better, up, level)
        node = page.parents[node]
    whole = max(float(page.sizes.sum()), 1.0)
    chosen = group[unit]
    largest = float(total[count >= _REPEATED].max(initial=0.0))
    return (
        np.log1p(best),
        level,
        np.log1p(size[unit]),
        np.log1p(page.block_counts[unit].astype(np.float64)),
        ratio(linked[unit], size[unit]),
        ratio(prose[unit], size[unit]),
        total[chosen] / whole,
        np.minimum(dated[chosen], 2.0),
        telling[chosen],
        np.minimum(np.where(best >= _REPEATED, total[chosen] / max(largest, 1.0), 0.0), 1.0),
        np.log1p(ratio(size[unit] * best, total[chosen])),
        np.full(page.n, min(largest / whole, 1.0)),
    )


def _siblings(page: PageView) -> tuple[NDArray[np.int64], Floats, Floats]:
    """For every element its group of same-shaped siblings; for every group its number of elements with text and its text."""
    group = page.siblings
    filled = page.block_counts > 0
    filled[0] = False  # the document has no siblings
    return group, group_sums(group, filled), group_sums(group, page.below(page.sizes) * filled)


@feature("heading_same_container", "heading_size", "sibling_prose", "sibling_headings")
def company(page: PageView) -> Sequence[Floats] | Floats:
    """Who stands beside the block.

    heading_same_container: 1 where the last heading is in the next container. heading_size: log1p of its characters.
    sibling_prose: log1p of `<p>` blocks of 10 words and more with the same parent. sibling_headings: log1p of headings
    with the same parent.
    """
    if compiled.used:  # src/speedups/structure.c
        return page.lent.rows(4, page.frame.company)
    heading = page.last_headings
    found = heading >= 0
    near = page.containers[1]
    inside = found & (heading >= page.first[near]) & (heading < page.last[near])
    parent = page.parents[page.owners]
    prose = page.tagged("p")[page.owners] & (page.words >= 10)
    is_heading = page.tagged("h1", "h2", "h3", "h4", "h5", "h6")[page.owners]
    m = len(page.parents)
    return (
        inside.astype(np.float64),
        np.where(found, np.log1p(page.sizes[heading]), 0.0) if page.n else np.zeros(0),
        np.log1p(np.bincount(parent[prose], minlength=m).astype(np.float64))[parent],
        np.log1p(np.bincount(parent[is_heading], minlength=m).astype(np.float64))[parent],
    )
