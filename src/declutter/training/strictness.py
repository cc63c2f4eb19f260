"""Fit what F-score to expect of a page at each threshold, from pages scored by models that had not seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor

from declutter.errors import CorpusError
from declutter.model.strictness import BETAS, THRESHOLDS, CurveForest, page_summary
from declutter.training.scoring import word_score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.training.examples import Example
    from declutter.training.settings import Settings

    Floats = NDArray[np.float64]

__all__ = ["fit_strictness", "page_curves", "page_thresholds"]

_LEVELS: Final = 255


def page_curves(example: Example, scores: Floats) -> Floats:
    """F of one page with whole gold at each threshold (BETAS x THRESHOLDS); the main headline is left out of both sides."""
    rates = np.array([word_score(example, scores >= threshold, headline=False) for threshold in THRESHOLDS])
    _, precision, recall = rates.T
    weight = np.array(list(BETAS.values()))[:, None] ** 2
    return np.asarray((1 + weight) * precision * recall / np.maximum(weight * precision + recall, 1e-9))


def fit_strictness(
    examples: Sequence[Example], scores: Sequence[Floats], settings: Settings
) -> dict[str, NDArray[Any]]:
    """Extremely randomised trees (Geurts et al. 2006) from page summaries to F curves.

    Args:
        examples: training pages; those without a whole gold, or without blocks, say nothing.
        scores: their calibrated content scores, from models that saw no page of their site.
        settings: the run's settings.

    Returns:
        The arrays of model.strictness.CurveForest.

    Raises:
        CorpusError: fewer than two pages have a whole gold.
    """
    known = [(e, s) for e, s in zip(examples, scores, strict=True) if e.gold_counts is not None and len(e)]
    if len(known) < 2:
        raise CorpusError("fewer than two pages of known content: add labelled pages to training_data/pages")
    inputs = np.array([page_summary(e.features, e.layout.weights, s) for e, s in known])
    curves = np.array([page_curves(e, s).ravel() for e, s in known])
    forest = ExtraTreesRegressor(
        settings.strictness_trees,
        min_samples_leaf=min(settings.strictness_leaf, len(known) // 2),
        max_features=settings.strictness_features,
        random_state=settings.seed,
    ).fit(inputs, curves)
    left, right, column, threshold, values, roots = [], [], [], [], [], []
    start = 0
    for estimator in forest.estimators_:
        tree = estimator.tree_
        own = np.arange(tree.node_count)
        leaf = tree.children_left < 0
        left.append(start + np.where(leaf, own, tree.children_left))
        right.append(start + np.where(leaf, own, tree.children_right))
        column.append(np.where(leaf, 0, tree.feature))
        threshold.append(np.where(leaf, 0.0, tree.threshold))
        values.append(np.where(leaf[:, None], np.rint(tree.value[:, :, 0] * _LEVELS), 0))
        roots.append(start)
        start += tree.node_count
    return {
        "left": np.concatenate(left).astype(np.int32),
        "right": np.concatenate(right).astype(np.int32),
        "column": np.concatenate(column).astype(np.int32),
        # scikit-learn compares float32 columns with float64 thresholds; one that is between two float32 goes down.
        "threshold": _rounded_down(np.concatenate(threshold)),
        "roots": np.array(roots, dtype=np.int32),
        "values": np.concatenate(values).astype(np.uint8),
    }


def _rounded_down(values: Floats) -> NDArray[np.float32]:
    near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near).astype(np.float32)


def page_thresholds(
    parts: Mapping[str, Any], examples: Sequence[Example], scores: Sequence[Floats]
) -> list[dict[str, float]]:
    """For each page its threshold by name of strictness."""
    forest = CurveForest(parts)
    found = []
    for example, score in zip(examples, scores, strict=True):
        expected = forest.expected(example.features, example.layout.weights, score)
        found.append({name: expected.best(name) for name in BETAS})
    return found
