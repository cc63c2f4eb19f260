"""Position features: where in the page, from the headline, and inside the subtree that scores best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.ancestors import nearest
from declutter.features.characters import CharClass
from declutter.features.head import PAGE_TYPES
from declutter.features.registry import feature
from declutter.features.view import PageView, group_sums, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# Readability counts paragraphs of 25 characters and more.
_PARAGRAPH: Final = 25.0
# A picture so many elements up is as far as one elsewhere.
_FAR: Final = 6


@feature(
    "place",
    "text_place",
    "place_from_start",
    "place_from_end",
    "page_blocks",
    "page_size",
    "depth_relative",
    "page_prose",
)
def in_page(page: PageView) -> Sequence[Floats] | Floats:
    """Place in the page.

    place: rank of the block, 0 to 1. text_place: share of the page's text before its middle, 0 to 1.
    place_from_start, place_from_end: log1p of blocks before and after.
    page_blocks, page_size: log1p of the page's blocks and characters. depth_relative: depth over the page's mean depth.
    page_prose: share of the page's text in blocks that look like prose, 0 to 1.
    """
    if compiled.used:  # src/speedups/position.c
        return page.lent.rows(8, page.frame.in_page)
    rank = np.arange(page.n, dtype=np.float64)
    through = np.cumsum(page.sizes)
    total = max(float(page.sizes.sum()), 1.0)
    depth = page.depths[page.owners].astype(np.float64)
    return (
        rank / max(page.n - 1, 1),
        (through - page.sizes / 2) / total,
        np.log1p(rank),
        np.log1p(rank[::-1]),
        np.full(page.n, np.log1p(page.n)),
        np.full(page.n, np.log1p(total)),
        depth / max(float(depth.mean()), 1.0) if page.n else depth,
        np.full(page.n, float(page.sizes[page.prose_values > 0].sum()) / total),
    )


@feature("from_h1", "text_from_h1", "after_h1", "has_h1", "from_heading", "heading_level", "heading_link_density")
def from_headings(page: PageView) -> Sequence[Floats] | Floats:
    """Distance from headings.

    from_h1: signed log1p of blocks since the main headline (dragnet and own). text_from_h1: the same in characters.
    after_h1: 1 after it. has_h1: 1 where the page has one. from_heading: log1p of blocks since the last heading.
    heading_level: 1 to 6 of that heading, 0 for none. heading_link_density: how much of it is links, 0 to 1.
    """
    if compiled.used:  # src/speedups/position.c
        return page.lent.rows(7, page.frame.from_headings, page.headline)
    n = page.n
    h1 = page.headline
    rank = np.arange(n)
    before = np.concatenate(([0.0], np.cumsum(page.sizes)))[:-1] if n else np.zeros(0)
    if h1 >= 0:
        blocks_since = (rank - h1).astype(np.float64)
        text_since = before - before[h1]
    else:
        blocks_since, text_since = np.zeros(n), np.zeros(n)
    heading = page.last_headings
    levels = np.zeros(len(page.nodes))
    for level in range(1, 7):
        levels[page.tagged(f"h{level}")] = level
    found = heading >= 0
    density = ratio(page.link_sizes, page.sizes)
    return (
        np.sign(blocks_since) * np.log1p(np.abs(blocks_since)),
        np.sign(text_since) * np.log1p(np.abs(text_since)),
        (blocks_since > 0).astype(np.float64),
        np.full(n, float(h1 >= 0)),
        np.log1p(np.where(found, rank - heading, n).astype(np.float64)),
        np.where(found, levels[page.owners[heading]], 0.0) if n else np.zeros(0),
        np.where(found, density[heading], 0.0) if n else np.zeros(0),
    )


def max_subsequence(values: Floats) -> tuple[int, int]:
    """The rows [start, end) with the largest sum (Kadane 1984; for content: Pasternack and Roth 2009)."""
    if not len(values):
        return 0, 0
    through = np.concatenate(([0.0], np.cumsum(values)))
    lowest = np.minimum.accumulate(through)
    gains = through[1:] - lowest[:-1]
    end = int(np.argmax(gains)) + 1
    start = int(np.argmin(through[:end]))
    return start, end


def best_subtree(page: PageView, values: Floats) -> int:
    """The node with the largest sum over its blocks, the deepest of equals (the tree form of `max_subsequence`)."""
    sums = page.below(values)
    best = float(sums.max())
    candidates = np.flatnonzero((sums >= best - 1e-9) & (page.block_counts > 0))
    return int(candidates[-1]) if len(candidates) else 0


@feature(
    *(
        f"{scorer}_{what}"
        for scorer in ("readability", "subtree", "run")
        for what in ("inside", "place", "before", "after", "share")
    )
)
def in_best(page: PageView) -> Sequence[Floats] | Floats:
    """Where the block stands to the best-scoring part of the page, by three scorers.

    readability: the element with the highest Readability score (a paragraph gives 1 + commas + length / 100, at most 3,
    to its parent and half to its grandparent; the sum is scaled by 1 - link density).
    subtree: the element with the largest sum of `PageView.prose_values`. run: the run of blocks with the largest sum.

    *_inside: 1 inside. *_place: place in it, 0 to 1, 0 outside. *_before, *_after: log1p of blocks to its start or from
    its end. *_share: its share of the page's text, 0 to 1.
    """
    if compiled.used:  # src/speedups/position.c
        return page.lent.rows(15, page.frame.in_best)
    values = page.prose_values
    tops = (_readability_top(page), best_subtree(page, values) if page.n else 0)
    ranges = [*((int(page.first[node]), int(page.last[node])) for node in tops), max_subsequence(values)]
    columns: list[Floats] = []
    rank = np.arange(page.n)
    total = max(float(page.sizes.sum()), 1.0)
    for start, end in ranges:
        inside = (rank >= start) & (rank < end)
        columns += [
            inside.astype(np.float64),
            np.where(inside, (rank - start) / max(end - start - 1, 1), 0.0),
            np.log1p(np.maximum(start - rank, 0).astype(np.float64)),
            np.log1p(np.maximum(rank - end + 1, 0).astype(np.float64)),
            np.full(page.n, float(page.sizes[start:end].sum()) / total),
        ]
    return tuple(columns)


def _readability_top(page: PageView) -> int:
    if not page.n:
        return 0
    commas = page.counts[:, CharClass.COMMA]
    points = np.where(page.sizes >= _PARAGRAPH, 1 + commas + np.minimum(page.sizes / 100, 3), 0.0)
    parent = page.parents[page.owners]
    scores = group_sums(parent, points, len(page.parents))
    scores += group_sums(page.parents[parent], points / 2, len(page.parents))
    scores *= 1 - ratio(page.below(page.link_sizes), page.below(page.sizes))
    return int(np.argmax(scores))


@feature(*(f"type_{kind}" for kind in PAGE_TYPES))
def page_types(page: PageView) -> tuple[Floats, ...]:
    """What the page says it is (schema.org in JSON-LD and microdata, og:type): 1 for each type, the same for all blocks."""
    return tuple(np.full(page.n, float(kind in page.head.types)) for kind in PAGE_TYPES)


@feature("container_place", "container_place_up", "container_first", "container_last", "section_place")
def in_containers(page: PageView) -> Sequence[Floats] | Floats:
    """Place inside the containers.

    container_place, container_place_up: rank in the next container and the one above, 0 to 1.
    container_first, container_last: 1 for the first or last block of the next container.
    section_place: rank among the blocks of the nearest main, article or section, 0 to 1, -1 where there is none.
    """
    if compiled.used:  # src/speedups/position.c
        return page.lent.rows(5, page.frame.in_containers)
    rank = np.arange(page.n)
    places = []
    for level in page.containers[1:3]:
        first, last = page.first[level], page.last[level]
        places.append((rank - first) / np.maximum(last - first - 1, 1))
    near = page.containers[1]
    section = nearest(page.parents, page.tagged("main", "article", "section"))[page.owners]
    first, last = page.first[section], page.last[section]
    return (
        *places,
        (rank == page.first[near]).astype(np.float64),
        (rank == page.last[near] - 1).astype(np.float64),
        np.where(section >= 0, (rank - first) / np.maximum(last - first - 1, 1), -1.0),
    )


@feature("since_picture", "since_picture_up", "until_picture", "until_picture_up")
def pictures_around(page: PageView) -> Sequence[Floats] | Floats:
    """How far the last picture before the block and the next one after it are: captions stand right behind, or before.

    since_picture, until_picture: log1p of the text between, in characters, all of the page's where there is no picture.
    since_picture_up, until_picture_up: elements from the block's own up to one that holds the picture too, 0 to 6, 7 for none.
    """
    if compiled.used:  # src/speedups/position.c
        return page.lent.rows(4, page.frame.pictures_around, page.starts)
    pictures = page.rows_of("img", "picture", "video")
    through = np.concatenate(([0.0], np.cumsum(page.sizes)))
    rank = np.arange(page.n)
    behind = np.searchsorted(pictures, page.starts, side="right")
    columns: list[Floats] = []
    for chosen, there in ((behind - 1, behind > 0), (behind, behind < len(pictures))):
        # The last place stands for a picture that is not there.
        node = np.append(pictures, -1)[np.where(there, chosen, len(pictures))]
        if len(columns) == 0:
            between = through[rank] - through[np.searchsorted(page.starts, node, side="right")]
        else:
            between = through[np.searchsorted(page.starts, node)] - through[rank + 1]
        around, up = page.owners, np.zeros(page.n)
        for _ in range(_FAR):
            outside = (page.nodes[around] > node) | (page.node_ends[around] <= node)
            up += outside
            around = np.where(outside, page.parents[around], around)
        columns += [
            np.log1p(np.where(there, np.maximum(between, 0.0), max(float(through[-1]), 1.0))),
            np.where(there, up, _FAR + 1.0),
        ]
    return tuple(columns)
