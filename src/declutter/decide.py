"""Probabilities become labels: strictness says from which content_score a block stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["decide", "kept"]


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
