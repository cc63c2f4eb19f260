"""What the second pass sees of the first: its probabilities of neighbours, siblings, ancestors and the box around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.arrays import distinct, rounded
from declutter.features.position import max_subsequence
from declutter.features.view import LEVELS, group_sums
from declutter.model.words import WORD_COLUMNS, content_of_words, shared_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.features.view import PageView

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["CONTENT_CONTEXT", "KIND_POOLS", "Layout", "content_context", "kind_context", "layout_of"]

_SHIFTS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)
_WINDOWS: Final = (2, 5)
_OUTSIDE: Final = -1.0
# Levels at which the lowest score of a box is looked at; blocks of fewer words are headings, names and numbers.
_LOWEST: Final = 3
_PROSE: Final = 6
KIND_POOLS: Final = ("before1", "after1", "up1", "up2", "box", "class_path")

CONTENT_CONTEXT: Final[tuple[str, ...]] = (
    "p",
    *(f"p_{'before' if shift < 0 else 'after'}{abs(shift)}" for shift in _SHIFTS),
    *(f"p_window{width}" for width in _WINDOWS),
    *(f"p_up{level}" for level in range(1, LEVELS + 1)),
    *(f"p_mean_up{level}" for level in range(1, LEVELS + 1)),
    *(f"p_lowest_up{level}" for level in range(1, _LOWEST + 1)),
    "p_box",
    "p_mean_box",
    "p_lowest_box",
    "p_class_path",
    "p_plain_path",
    "p_parent",
    "p_heading",
    "p_page",
    "p_page_mean",
    "p_page_max",
    "p_run_inside",
    "p_run_before",
    "p_run_after",
    "p_subtree_inside",
    "p_subtree_share",
    "p_since",
    "p_until",
    "p_text_before",
    *WORD_COLUMNS,
)
"""Names of the columns of `content_context`."""


@dataclass(slots=True)
class Layout:
    """Where the blocks of a page stand to each other; plain arrays.

    Attributes:
        first, last: int64, LEVELS x n, the rows of each block's containers.
        class_path, plain_path, parent: int64, n, group numbers from 0.
        box: int64, 2 x n, the rows of each block's box.
        heading: int64, n, the row of the last heading before, -1 for none.
        ranges: int64, k x 2, the rows of every element that holds blocks, outermost first.
        weights: float64, n, words + 1 of each block.
        words: int32, 2 x m, see `shared_words`; of a page with markup none.
    """

    first: Ints
    last: Ints
    class_path: Ints
    plain_path: Ints
    parent: Ints
    box: Ints
    heading: Ints
    ranges: Ints
    weights: Floats
    words: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.weights)


def layout_of(page: PageView) -> Layout:
    """The layout of a page."""
    plain, classed = page.paths
    if compiled.used:  # src/speedups/layout.c
        first, last = np.empty((2, LEVELS, page.n), dtype=np.int64)
        parent, ranges = np.empty(page.n, dtype=np.int64), np.empty((len(page.nodes), 2), dtype=np.int64)
        ranges = ranges[: page.frame.layout(first, last, parent, ranges)]
    else:
        first = np.array([page.first[level] for level in page.containers[1:]])
        last = np.array([page.last[level] for level in page.containers[1:]])
        parent = _numbered(page.parents[page.owners])
        ranges = _unique_ranges(np.stack([page.first, page.last], axis=1)[page.block_counts > 0])
    box = np.array(page.boxes)
    # Where markup tells what belongs together words tell less: with them pages of WCXB lost .004 (docs/experiments.md).
    words = shared_words(page.tokens) if page.document.markup == "text" else np.zeros((2, 0), dtype=np.int32)
    return Layout(first, last, classed, plain, parent, box, page.last_headings, ranges, page.words + 1, words)


def _numbered(keys: Ints) -> Ints:
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _unique_ranges(spans: Ints) -> Ints:
    if not len(spans):
        return np.zeros((0, 2), dtype=np.int64)
    width = int(spans.max()) + 1
    keys = distinct(spans[:, 0] * width + spans[:, 1])
    return np.stack([keys // width, keys % width], axis=1)


def _group_means(values: Floats, weights: Floats, groups: Ints) -> Floats:
    return (group_sums(groups, values * weights) / group_sums(groups, weights))[groups]


def _shifted(values: Floats, shift: int) -> Floats:
    moved = np.full(len(values), _OUTSIDE)
    if shift < 0:
        moved[-shift:] = values[:shift]
    else:
        moved[:-shift] = values[shift:]
    return moved


def range_lowest(values: Floats, first: Ints, last: Ints) -> Floats:
    """The lowest of values[first:last] for each of k ranges that are not empty (a sparse table, n log n)."""
    tables = [values]
    width = 1
    while 2 * width <= len(values):
        table = tables[-1]
        tables.append(np.minimum(table[: len(table) - width], table[width:]))
        width *= 2
    steps = np.frexp((last - first).astype(np.float64))[1] - 1
    lowest = np.empty(len(first))
    for step in sorted({*steps.tolist()}):
        chosen = steps == step
        table = tables[step]
        lowest[chosen] = np.minimum(table[first[chosen]], table[last[chosen] - (1 << step)])
    return lowest


def content_context(layout: Layout, p: Floats) -> NDArray[np.float32]:
    """Columns CONTENT_CONTEXT from the first pass's content probabilities p (n).

    p_up: mean over a container weighted by words; p_mean_up: unweighted; p_lowest_up: the lowest of its blocks of six
    words and more, 1 where it has none: in a box of prose some block mostly gives the others away. p_box, p_mean_box,
    p_lowest_box: the same for the box (see PageView.boxes). p_window: weighted mean over the blocks up to that far away.
    p_run: the run of blocks with the largest sum of (p - 0.5) x words (maximum subsequence), p_subtree:
    the element with the largest; distances in blocks, log1p. p_since, p_until: log1p of blocks to the nearest block
    with p over 0.5. p_text_before: share of the expected content before the block. p_words: see `content_of_words`.
    """
    n = len(layout)
    if n == 0:
        return np.zeros((0, len(CONTENT_CONTEXT)), dtype=np.float32)
    if compiled.used:  # src/speedups/context.c
        rows = np.empty((len(CONTENT_CONTEXT) - len(WORD_COLUMNS), n))
        groups = np.array([layout.class_path, layout.plain_path, layout.parent])
        places = layout.first, layout.last, layout.box, layout.heading, groups, layout.ranges
        compiled.speedups.content_context(float(p.mean()), p, layout.weights, *places, rows)
        return rounded(np.vstack([rows, *content_of_words(layout.words, p)]))
    weights = np.minimum(layout.weights, 100.0)
    through = np.concatenate(([0.0], np.cumsum(p * weights)))
    through_weight = np.concatenate(([0.0], np.cumsum(weights)))
    through_plain = np.concatenate(([0.0], np.cumsum(p)))
    rank = np.arange(n)
    columns: list[Floats] = [p]
    columns += [_shifted(p, shift) for shift in _SHIFTS]
    for width in _WINDOWS:
        low, high = np.maximum(rank - width, 0), np.minimum(rank + width + 1, n)
        columns.append((through[high] - through[low]) / (through_weight[high] - through_weight[low]))
    for first, last in zip(layout.first, layout.last, strict=True):
        columns.append((through[last] - through[first]) / (through_weight[last] - through_weight[first]))
    for first, last in zip(layout.first, layout.last, strict=True):
        columns.append((through_plain[last] - through_plain[first]) / (last - first))
    prose = np.where(layout.weights > _PROSE, p, 1.0)
    first, last = layout.box
    starts, stops = np.vstack([layout.first[:_LOWEST], first]), np.vstack([layout.last[:_LOWEST], last])
    lowest = range_lowest(prose, starts.ravel(), stops.ravel()).reshape(starts.shape)
    columns += [*lowest[:-1]]
    columns += [
        (through[last] - through[first]) / (through_weight[last] - through_weight[first]),
        (through_plain[last] - through_plain[first]) / (last - first),
        lowest[-1],
    ]
    columns += [
        _group_means(p, weights, layout.class_path),
        _group_means(p, weights, layout.plain_path),
        _group_means(p, weights, layout.parent),
        np.where(layout.heading >= 0, p[layout.heading], _OUTSIDE),
        np.full(n, through[-1] / through_weight[-1]),
        np.full(n, p.mean()),
        np.full(n, p.max()),
    ]
    values = (p - 0.5) * weights
    start, end = max_subsequence(values)
    columns += [
        ((rank >= start) & (rank < end)).astype(np.float64),
        np.log1p(np.maximum(start - rank, 0)),
        np.log1p(np.maximum(rank - end + 1, 0)),
    ]
    total = np.concatenate(([0.0], np.cumsum(values)))
    sums = total[layout.ranges[:, 1]] - total[layout.ranges[:, 0]]
    low, high = layout.ranges[len(sums) - 1 - int(np.argmax(sums[::-1]))]
    expected = max(float(through[-1]), 1e-9)
    columns += [
        ((rank >= low) & (rank < high)).astype(np.float64),
        np.full(n, (through[high] - through[low]) / expected),
    ]
    sure = p > 0.5
    before = np.maximum.accumulate(np.where(sure, rank, -1000))
    after = np.minimum.accumulate(np.where(sure, rank, n + 1000)[::-1])[::-1]
    columns += [np.log1p(rank - before), np.log1p(after - rank), through[:-1] / expected]
    return rounded(np.array([*columns, *content_of_words(layout.words, p)]))


def kind_context(layout: Layout, kinds: Floats) -> NDArray[np.float32]:
    """The first pass's kind probabilities of the blocks beside and the box around (n x 6 * kinds).

    Evidence is pooled: the previous and the next block, the means over the next two containers, over the box and over all
    blocks with the same tag and class path.
    """
    n, width = kinds.shape
    if n == 0:
        return np.zeros((0, width * len(KIND_POOLS)), dtype=np.float32)
    pools = []
    for shift in (-1, 1):
        moved = np.zeros_like(kinds)
        if shift < 0:
            moved[1:] = kinds[:-1]
        else:
            moved[:-1] = kinds[1:]
        pools.append(moved)
    through = np.concatenate((np.zeros((1, width)), np.cumsum(kinds, axis=0)))
    for first, last in ((layout.first[0], layout.last[0]), (layout.first[1], layout.last[1]), layout.box):
        pools.append((through[last] - through[first]) / (last - first)[:, None])
    groups = layout.class_path
    sums = np.stack([group_sums(groups, kinds[:, column]) for column in range(width)], axis=1)
    pools.append((sums / np.bincount(groups)[:, None])[groups])
    return np.round(np.concatenate(pools, axis=1), 4).astype(np.float32)
