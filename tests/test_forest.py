"""Boosted trees in the form that predicts give what the classifier itself gives."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.model import load_default
from declutter.model.forest import Forest


@pytest.fixture(scope="module")
def fitted() -> HistGradientBoostingClassifier:
    state = np.random.default_rng(5)
    matrix = state.normal(size=(600, 7)).astype(np.float32)
    truth = (matrix[:, 0] * matrix[:, 1] + matrix[:, 2] > 0.3).astype(int)
    return HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=9, random_state=0).fit(matrix, truth)


@pytest.mark.parametrize("rows", [0, 1, 2, 1000])
def test_the_same_probabilities(fitted: HistGradientBoostingClassifier, rows: int) -> None:
    matrix = np.random.default_rng(rows).normal(size=(rows, 7)).astype(np.float32)
    expected = fitted.predict_proba(matrix)[:, 1] if rows else np.zeros(0)
    assert np.abs(Forest([fitted]).positive(matrix) - expected).max(initial=0.0) < 1e-12


def test_thresholds_themselves_go_the_same_way(fitted: HistGradientBoostingClassifier) -> None:
    values = [node["num_threshold"] for (tree,) in fitted._predictors for node in tree.nodes if not node["is_leaf"]]
    matrix = np.repeat(np.array(values, dtype=np.float32)[:, None], 7, axis=1)
    assert np.abs(Forest([fitted]).positive(matrix) - fitted.predict_proba(matrix)[:, 1]).max() < 1e-12


def test_the_shipped_model() -> None:
    model = load_default()
    for bag, forest in zip(model.parts["content"], model.content, strict=True):
        matrix = np.random.default_rng(3).gamma(0.5, 2.0, (300, bag[0].n_features_in_)).astype(np.float32)
        odds = np.mean([classifier.decision_function(matrix) for classifier in bag], axis=0)
        assert np.abs(forest.positive(matrix) - 1 / (1 + np.exp(-odds))).max() < 1e-12


def test_another_shape_is_refused(fitted: HistGradientBoostingClassifier) -> None:
    with pytest.raises(ValueError, match="the trees read 7 columns"):
        Forest([fitted]).positive(np.zeros((3, 6), dtype=np.float32))
    with pytest.raises(ValueError, match="the trees read 7 columns"):
        Forest([fitted]).positive(np.zeros(7, dtype=np.float32))


def test_it_pickles(fitted: HistGradientBoostingClassifier) -> None:
    forest = Forest([fitted])
    matrix = np.random.default_rng(4).normal(size=(50, 7)).astype(np.float32)
    assert np.array_equal(pickle.loads(pickle.dumps(forest)).positive(matrix), forest.positive(matrix))
