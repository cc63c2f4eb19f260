"""Probabilities become labels: strictness says from which content_score a block stays.

A named strictness gives a range of thresholds that are equally good as far as anybody knows. Inside it the threshold stands
as near to the middle of the widest gap between the page's scores as the range allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.arrays import distinct
from declutter.model.strictness import bounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.model.strictness import Expected

__all__ = ["decide", "kept", "threshold_of"]

# Narrower gaps say nothing: of 0, .1 and .2 the best, on folds of all training corpora (docs/experiments.md).
_WIDE: Final = 0.1


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
    return bounded(strictness, lambda name: _in_gap(scores, *expected.near(name)))


def _in_gap(scores: NDArray[np.float64], low: float, high: float) -> float:
    """The threshold from low to high that is nearest to the middle of the widest gap between scores; else their middle."""
    edges = distinct(np.concatenate(([0.0, 1.0], np.round(scores, 6))))
    below, above = edges[:-1], edges[1:]
    widths = np.where((above > low) & (below < high), above - below, 0.0)
    widest = int(np.argmax(np.round(widths, 4)))
    middle = (low + high) / 2
    if widths[widest] >= _WIDE:
        middle = (below[widest] + above[widest]) / 2
    return round(float(np.clip(middle, low, high)), 4)


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
