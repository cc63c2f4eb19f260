"""From which content_score the blocks of a page stay: one threshold cannot serve articles and listings alike.

On an article every block is nearly sure; the cards of a listing score low together, and together they are the content.
So the threshold of a page is the one at which pages like it were scored best: a forest of regression trees gives the
F-score that is to be expected at each of a row of thresholds, from a summary of the page's scores and features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter import compiled
from declutter.features import FEATURE_NAMES
from declutter.model.arrays import exactly, places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["BETAS", "PARTS", "SUMMARY", "THRESHOLDS", "CurveForest", "Expected", "bounded", "page_summary"]

THRESHOLDS: Final = tuple(round(0.1 + 0.05 * step, 2) for step in range(15))
"""The thresholds at which F is expected; between them it is interpolated."""

BETAS: Final[dict[str, float]] = {"balanced": 1.0, "precision": 0.5, "recall": 2.0}
"""Name of a strictness -> weight of recall in the F-score that it is best by."""

# Of .002 to .02 on folds of WCXB and trafilatura-eval, all within .002 of each other (docs/experiments.md).
_NEAR: Final = 0.006
# Of .012 to .05 the best on the mean of six corpora, by no more than noise (docs/experiments.md).
WIDER: Final = 0.03
"""How far expected F may fall for a wide gap between scores."""

_LEAST_SHARE: Final = 0.1
_LEAST_WORDS: Final = 100
"""Of a page at least so much stays, whatever is expected: a share of its words, or so many. Of shares of .05 to .2 and 10 to
200 words what lost nothing on inner folds of the training corpora (docs/experiments.md)."""

PARTS: Final = ("left", "right", "column", "threshold", "roots", "values")
"""Names of the arrays that a fitted forest is stored as."""
_PART_KINDS: Final = (np.int32, np.int32, np.int32, np.float32, np.int32, np.uint8)

# Scores are rounded to steps of this many in 1.
_STEPS: Final = 1e4
_QUANTILES: Final = np.arange(1000.0, 10000.0, 1000.0)
_BANDS: Final = np.array([500.0, 2000.0, 4000.0, 7000.0, 10100.0])
_PAGE: Final = (
    "page_blocks",
    "page_size",
    "page_prose",
    "page_repeats",
    "link_density_page",
    "stop_rate_page",
    "has_h1",
    "type_article",
    "type_product",
    "type_forum",
    "type_list",
    "type_guide",
    "type_website",
)
_BLOCK: Final = (
    "link_density",
    "repeat_share",
    "repeat_count",
    "repeat_dominance",
    "is_p",
    "is_li",
    "is_heading",
    "place",
)
_PAGE_COLUMNS: Final = np.array([FEATURE_NAMES.index(name) for name in _PAGE])
_BLOCK_COLUMNS: Final = np.array([FEATURE_NAMES.index(name) for name in _BLOCK])

SUMMARY: Final[tuple[str, ...]] = (
    *(f"share_over_{value}" for value in (_QUANTILES / _STEPS).tolist()),
    *(f"expected_f_{value}" for value in (_QUANTILES / _STEPS).tolist()),
    "expected_best",
    "p_max",
    "p_mean",
    "expected_share",
    "expected_size",
    *_PAGE,
    *(f"{what}_from_{low}" for low in (_BANDS[:-1] / _STEPS).tolist() for what in ("blocks", "mean_words", *_BLOCK)),
)
"""Names of the columns of `page_summary`."""


def page_summary(features: NDArray[np.float32], weights: Floats, scores: Floats) -> NDArray[np.float32]:
    """What a page's content scores look like, and the blocks of each range of scores.

    Args:
        features: float32, n x features, n at least 1.
        weights: float64, n, words + 1 of each block.
        scores: float64, n, calibrated content scores.

    Returns:
        float32, SUMMARY. share_over: share of the words with such a score and more. expected_f: word F1 of keeping them,
        were the scores exact probabilities; expected_best: where it is highest. *_from: of the blocks whose score is in
        the range that begins there: log1p of their number and of their mean words, and word-weighted means of features.
        Rounded to 4 decimals, so that last-bit differences between processors flip nothing.
    """
    steps = np.rint(np.asarray(scores, np.float64) * _STEPS)  # whole numbers, whose sums are exact in any order
    if compiled.used:  # src/speedups/curves.c
        summary = np.empty(len(SUMMARY))
        table = np.ascontiguousarray(features.T, dtype=np.float32)
        compiled.speedups.page_summary(
            *(table, _PAGE_COLUMNS, _BLOCK_COLUMNS, _QUANTILES, _BANDS),
            *(np.ascontiguousarray(weights, dtype=np.float64), steps, summary),
        )
        return np.round(summary, 4).astype(np.float32)
    total = float(weights.sum())
    expected = float((weights * steps).sum()) / _STEPS
    over = steps >= _QUANTILES[:, None]
    kept = over @ weights
    plug = 2 * (over @ (weights * steps) / _STEPS) / np.maximum(kept + expected, 1e-9)
    low, high = _BANDS[:-1, None], _BANDS[1:, None]
    inside = (steps >= low) & (steps < high)
    blocks = inside.sum(axis=1)
    words = inside @ weights
    told = features[:, _BLOCK_COLUMNS].astype(
        np.float64, order="C"
    )  # the order that the last bit of a sum hangs on here
    means = ((inside * weights) @ told) / np.maximum(words, 1e-9)[:, None]
    ranges = np.hstack([np.log1p(blocks)[:, None], np.log1p(words / np.maximum(blocks, 1))[:, None], means])
    best = float(np.argmax(np.round(plug, 6)))
    parts = [
        kept / total,
        plug,
        [best, steps.max() / _STEPS, steps.sum() / len(steps) / _STEPS, expected / total, np.log1p(expected)],
        features[0, _PAGE_COLUMNS],
        ranges.ravel(),
    ]
    return np.asarray(np.round(np.concatenate(parts), 4), dtype=np.float32)


def bounded(name: str, threshold_of: Callable[[str], float]) -> float:
    """The threshold of a named strictness, precision at least that of balanced and recall at most."""
    found = threshold_of(name)
    bound = {"precision": max, "recall": min}.get(name)
    return bound(found, threshold_of("balanced")) if bound else found


@dataclass(frozen=True, slots=True)
class Expected:
    """The F-scores to be expected of one page.

    Attributes:
        curves: float64, BETAS x THRESHOLDS, 0 to 1.
        everything: word F1 of keeping the whole page, were its scores exact probabilities.
        most: the highest threshold at which an answer is not nearly empty.
    """

    curves: Floats
    everything: float = 0.0
    most: float = 1.0

    def near(self, name: str, within: float = _NEAR) -> tuple[float, float]:
        """The lowest and the highest threshold around the best one of a named strictness, up to where expected F falls.

        The curves of most articles are flat for long. Another peak does not count.

        Args:
            name: one of BETAS.
            within: how far it may fall.

        Raises:
            ValueError: not one of BETAS.
        """
        if name not in BETAS:
            raise ValueError(name)
        curve = self.curves[list(BETAS).index(name)].tolist()
        lowest = max(curve) - within
        start = curve.index(max(curve))
        end = start + 1
        while start > 0 and curve[start - 1] >= lowest:
            start -= 1
        while end < len(curve) and curve[end] >= lowest:
            end += 1
        return THRESHOLDS[start], THRESHOLDS[end - 1]

    def best(self, name: str) -> float:
        """The threshold of a named strictness where nothing is known of the page's scores: the middle of the near ones.

        precision is at least balanced, recall at most.

        Raises:
            ValueError: not one of BETAS.
        """
        return min(bounded(name, lambda key: round(sum(self.near(key)) / 2, 4)), self.most)

    def f1(self, threshold: float) -> float:
        """The expected word F1 of keeping what scores at least so much, 0 to 1: of everything at 0, of nothing at 1."""
        return float(np.interp(threshold, (0.0, *THRESHOLDS, 1.0), (self.everything, *self.curves[0], 0.0)))


def _not_nearly_empty(weights: Floats, scores: Floats) -> float:
    """The highest threshold that leaves the least share of a page, but none that nothing is expected of."""
    order = np.argsort(-np.round(scores, 6), kind="stable")
    words = np.cumsum(weights[order])
    last = int(np.searchsorted(words, min(_LEAST_WORDS, _LEAST_SHARE * words[-1])))
    # Rounded down: the block whose score it is stays.
    return max(float(np.floor(scores[order[last]] * 1e4) / 1e4), THRESHOLDS[0])


class CurveForest:
    """Regression trees with one curve a leaf, in flat arrays.

    Args:
        parts: see PARTS. left, right: int32, the next node; a leaf leads to itself. column, threshold: int32 and float32,
            where column <= threshold goes left. roots: int32, one a tree. values: uint8, nodes x (BETAS * THRESHOLDS),
            255ths: whole numbers add up the same everywhere.

    Raises:
        ValueError, KeyError, TypeError: the arrays do not fit each other.
    """

    def __init__(self, parts: Mapping[str, Any]) -> None:
        self._left, self._right, self._column, self._threshold, self._roots, self._values = (
            exactly(parts[name], kind) for name, kind in zip(PARTS, _PART_KINDS, strict=True)
        )
        nodes = len(self._left)
        rows = (self._right, self._column, self._threshold)
        if any(array.shape != (nodes,) for array in rows) or len(self._values) != nodes:
            raise ValueError("arrays of different lengths")
        if self._values.shape[1:] != (len(BETAS) * len(THRESHOLDS),):
            raise ValueError("other columns than this version has")
        for array, end in (
            (self._left, nodes),
            (self._right, nodes),
            (self._roots, nodes),
            (self._column, len(SUMMARY)),
        ):
            places(array, end)
        own = np.arange(nodes)
        # A child lies behind its parent, so that every walk ends.
        inner = (self._left > own) & (self._right > own)
        if not (inner | ((self._left == own) & (self._right == own))).all() or not np.isfinite(self._threshold).all():
            raise ValueError("the trees are damaged")

    def expected(self, features: NDArray[np.float32], weights: Floats, scores: Floats) -> Expected:
        """What to expect of a page; nothing of one without blocks. Arguments as for `page_summary`."""
        if not len(scores):
            return Expected(np.zeros((len(BETAS), len(THRESHOLDS))))
        curves = self._sums(page_summary(features, weights, scores)) / (255.0 * len(self._roots))
        content = float((weights * scores).sum())
        everything = 2 * content / (content + float(weights.sum()))
        return Expected(curves.reshape(len(BETAS), len(THRESHOLDS)), everything, _not_nearly_empty(weights, scores))

    def _sums(self, summary: NDArray[np.float32]) -> NDArray[np.int64]:
        """What the trees' leaves for a page add up to, in 255ths."""
        if compiled.used:  # src/speedups/curves.c
            sums = np.zeros(self._values.shape[1], dtype=np.int64)
            compiled.speedups.curve_sums(
                self._left, self._right, self._column, self._threshold, self._roots, self._values, summary, sums
            )
            return sums
        node = self._roots
        while True:
            onward = np.where(summary[self._column[node]] <= self._threshold[node], self._left[node], self._right[node])
            if np.array_equal(onward, node):
                return np.asarray(self._values[node].sum(axis=0, dtype=np.int64))
            node = onward
