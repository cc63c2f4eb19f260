"""Probabilities become labels: strictness says from which content_score a block stays.

A named strictness gives a range of thresholds that are equally good as far as anybody knows. Inside it the threshold stands
as near to the middle of the widest gap between the page's scores as the range allows. Scores that fall into two heaps, with
nothing between them for a fifth of the way, are parted there even where a little less is expected of it. Where next to nothing
would stay, the threshold falls until what scores best makes up a tenth of the page, or 100 words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.model.strictness import WIDER, bounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.model.strictness import Expected

__all__ = ["decide", "kept", "threshold_of"]

# Narrower gaps say nothing: of 0, .1 and .2 the best, on folds of all training corpora (docs/experiments.md).
_WIDE: Final = 0.1
# A gap that parts two heaps: of .2 and .3; the range it may lie in is WIDER.
_HEAPS: Final = 0.2


def threshold_of(strictness: str | float, expected: Expected, scores: NDArray[np.float64]) -> float:
    """The content_score from which the blocks of a page stay.

    Args:
        strictness: a name of model.strictness.BETAS, or the content_score itself; checked by the caller.
        expected: what to expect of the page.
        scores: n content scores.

    Raises:
        ValueError: a name that is none of BETAS.
    """
    if not isinstance(strictness, str):
        return float(strictness)
    found = bounded(strictness, lambda name: _near_gap(scores, expected.near(name), expected.near(name, WIDER)))
    return min(found, expected.most)


def _near_gap(scores: NDArray[np.float64], near: tuple[float, float], wider: tuple[float, float]) -> float:
    """The threshold of a range that is nearest to the middle of the widest gap between scores; else the range's middle.

    The gap that parts two heaps may lie in the wider range.
    """
    low, high = near
    edges = np.empty(len(scores) + 2)
    edges[:2] = 0.0, 1.0
    np.round(scores, 6, out=edges[2:])
    edges.sort()
    widths = np.round(edges[1:] - edges[:-1], 4)
    below, above = _widest(edges, widths, low, high)
    under, over = _widest(edges, widths, *wider)
    # Blocks on both sides of it, or there is but one heap.
    parted = len(scores) > 0 and scores.min() <= under + 1e-6 and over <= scores.max() + 1e-6
    if parted and over - under >= max(_HEAPS, above - below + 1e-4):
        return round(min(max((under + over) / 2, wider[0]), wider[1]), 4)
    middle = (below + above if above - below >= _WIDE else low + high) / 2
    return round(min(max(middle, low), high), 4)


def _widest(edges: NDArray[np.float64], widths: NDArray[np.float64], low: float, high: float) -> tuple[float, float]:
    """The scores below and above the widest gap that has a part of a range in it, the first of equals.

    Args:
        edges: the scores, 0 and 1, ascending.
        widths: of the gaps between one and the next.
        low: where the range begins.
        high: where it ends; if no gap in it has a width, the first of all is taken.
    """
    first, end = bisect_right(edges, low) - 1, bisect_left(edges, high)
    place = first + int(widths[first:end].argmax()) if first < end else 0
    if first >= end or widths[place] == 0:
        place = bisect_right(edges, edges[0]) - 1
    return float(edges[place]), float(edges[place + 1])


def kept(scores: NDArray[np.float64], threshold: float, headline: int) -> NDArray[np.bool_]:
    """Which blocks are content: those that reach the threshold, and the main headline, which is by the contract.

    Args:
        scores: n content scores.
        threshold: the content_score from which a block is content.
        headline: row of the main headline, or -1.
    """
    keep = np.asarray(scores >= threshold)
    if headline >= 0:
        keep[headline] = True
    return keep


def decide(probabilities: NDArray[np.float64], threshold: float, headline: int) -> NDArray[np.int64]:
    """The label of each block as a column of `probabilities`; column 0 is content.

    Args:
        probabilities: n x labels, rows sum to 1.
        threshold: as for `kept`.
        headline: as for `kept`.

    Returns:
        int64, n: 0 where content, else the likeliest kind.
    """
    n = len(probabilities)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    labels = np.argmax(probabilities[:, 1:], axis=1) + 1
    labels[kept(probabilities[:, 0], threshold, headline)] = 0
    return np.asarray(labels, dtype=np.int64)
