"""Trees and nets of the kinds against the classifiers they were made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.labels import CHROME
from declutter.model.kinds import KindPass, kind_trees
from declutter.model.nets import weights_of
from declutter.training.nets import fit_net, grid_of
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def fitted(kinds: tuple[int, ...]) -> tuple[HistGradientBoostingClassifier, Pipeline, Matrix]:
    state = np.random.default_rng(3)
    matrix = state.normal(size=(300, 6)).astype(np.float32)
    truth = np.array(kinds)[np.digitize(matrix[:, 0] + matrix[:, 1], np.linspace(-1, 1, len(kinds) - 1))]
    trees = HistGradientBoostingClassifier(
        max_iter=12, max_leaf_nodes=7, max_bins=31, early_stopping=False, random_state=1
    ).fit(matrix, truth)
    settings = Settings(net_units=8, net_batch=50)
    return trees, fit_net(grid_of(matrix), matrix, truth, np.ones(len(matrix)), settings, 4), matrix


def judge(kinds: tuple[int, ...]) -> KindPass:
    trees, net, _ = fitted(kinds)
    return KindPass(kind_trees(trees), weights_of([net], len(CHROME)))


def expected(kinds: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The mean of the logarithms of both, as probabilities."""
    trees, net, matrix = fitted(kinds)
    shares = np.exp((np.log(trees.predict_proba(matrix)) + net.predict_log_proba(matrix)) / 2)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def test_the_probabilities_are_those_of_the_classifiers() -> None:
    every = tuple(range(len(CHROME)))
    found = judge(every).predict_proba(fitted(every)[2])
    np.testing.assert_allclose(found, expected(every), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_a_kind_that_training_never_showed_is_never_the_answer() -> None:
    shown = (0, 3, 4, 9)
    found = judge(shown).predict_proba(fitted(shown)[2])
    np.testing.assert_allclose(found[:, shown], expected(shown), atol=1e-9)
    assert np.delete(found, shown, axis=1).max() < 1e-9


def test_no_rows() -> None:
    assert judge((0, 1, 2)).predict_proba(fitted((0, 1, 2))[2][:0]).shape == (0, len(CHROME))


def test_other_columns_than_the_trees_read_are_refused() -> None:
    forest = judge((0, 1, 2))
    forest.check_columns(6)
    with pytest.raises(ValueError, match="7 columns are given, the trees read 6"):
        forest.check_columns(7)


def test_arrays_that_lack_a_kind_are_refused() -> None:
    trees, net, _ = fitted((0, 1, 2))
    arrays = kind_trees(trees)
    del arrays["5"]
    with pytest.raises(ValueError, match="11 kinds, not for 12"):
        KindPass(arrays, weights_of([net], len(CHROME)))
