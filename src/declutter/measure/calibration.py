"""Whether a score says what it promises: blocks of .7 are content in seven of ten cases, pages of .9 are better than of .6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.corpus.align import NOT_ANNOTATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.training.examples import Example

    Counts = Mapping[str, Sequence[float]]

__all__ = ["content_rates", "expected_error", "rank_correlation", "reliability", "reliability_bins"]

_FINE: Final = 200
"""Ranges of equal width that blocks are counted in; bins of equal mass are put together from them."""

_BINS: Final = 15


def reliability(example: Example, scores: NDArray[np.float64]) -> dict[str, list[float]]:
    """By range of content scores, its number as text: blocks, the sum of their scores, and blocks that are content.

    Args:
        example: a page whose blocks' targets are known, or some of them.
        scores: float64, n, calibrated content scores.
    """
    known = example.content != NOT_ANNOTATED
    if example.headline >= 0:
        known[example.headline] = False  # it is content by rule, in the targets too
    score, truth = scores[known], example.content[known] == 1
    ranges = np.minimum((score * _FINE).astype(np.int64), _FINE - 1)
    counts = {}
    for place in np.unique(ranges).tolist():
        rows = ranges == place
        counts[str(place)] = [int(rows.sum()), round(float(score[rows].sum()), 4), int(truth[rows].sum())]
    return counts


def reliability_bins(corpora: Sequence[Counts]) -> NDArray[np.float64]:
    """Some fifteen bins of equal mass, corpora weighing the same: share of the blocks, mean score, share that is content.

    A range that holds more than a fifteenth of the blocks is a bin by itself.

    Returns:
        float64, bins x 3, by score; none where nothing is counted.
    """
    table = np.zeros((_FINE, 3))
    for counts in corpora:
        own = np.zeros((_FINE, 3))
        for place, values in counts.items():
            own[int(place)] = values
        if own[:, 0].any():
            table += own / own[:, 0].sum()
    whole = float(table[:, 0].sum())
    if not whole:
        return np.zeros((0, 3))
    middle = np.cumsum(table[:, 0]) - table[:, 0] / 2
    bins = np.minimum((middle / whole * _BINS).astype(np.int64), _BINS - 1)
    sums = np.array([table[bins == place].sum(axis=0) for place in range(_BINS)])
    sums = sums[sums[:, 0] > 0]
    return np.column_stack([sums[:, 0] / whole, sums[:, 1:] / sums[:, :1]])


def content_rates(corpora: Sequence[Counts]) -> tuple[int, float, float, float]:
    """Blocks of content, and precision, recall and F1 of calling content what has a content score of .5 or more.

    Blocks of all corpora together; 0 where nothing is counted.
    """
    rows = [(int(place), *values) for counts in corpora for place, values in counts.items()]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    high = table[table[:, 0] >= _FINE // 2]
    given, hit, blocks = high[:, 1].sum(), high[:, 3].sum(), table[:, 3].sum()
    precision, recall = hit / max(given, 1), hit / max(blocks, 1)
    return int(blocks), float(precision), float(recall), float(2 * hit / max(given + blocks, 1))


def expected_error(corpora: Sequence[Counts]) -> float:
    """Expected calibration error over the bins of `reliability_bins` (Naeini et al. 2015); 0 where nothing is counted."""
    mass, score, truth = reliability_bins(corpora).T
    return float((mass * np.abs(score - truth)).sum())


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's rank correlation, ties sharing their mean rank; None where either does not vary."""
    ranks = np.array([_ranks(np.asarray(values, dtype=np.float64)) for values in (one, other)])
    if ranks.shape[1] < 2 or not ranks.std(axis=1).all():
        return None
    return float(np.corrcoef(ranks)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse])
