from __future__ import annotations

import time

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.training.trees import BINS, fit_trees


def test_trees_and_bins_are_those_of_scikit_learn() -> None:
    state = np.random.default_rng(5)
    rows = state.normal(size=(3000, 4)).astype(np.float32)
    rows[:, 1] = np.round(rows[:, 1], 1)  # fewer values than bins
    rows[:, 2] = np.round(rows[:, 2], 2)  # more, and many of them alike
    rows[::7, 3] = np.nan
    truth = (rows[:, 0] + state.normal(size=3000) > 0).astype(np.int64)
    weight = state.gamma(0.3, size=3000)
    weight[::11] = 0
    settings = {"max_iter": 3, "random_state": 1}
    mine = fit_trees(rows, truth, weight, **settings)
    theirs = HistGradientBoostingClassifier(max_bins=BINS, early_stopping=False, **settings)
    theirs.fit(rows, truth, sample_weight=weight)
    assert type(mine) is HistGradientBoostingClassifier, "so that a file of it is read without this package"
    for found, expected in zip(mine._bin_mapper.bin_thresholds_, theirs._bin_mapper.bin_thresholds_, strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(mine.decision_function(rows), theirs.decision_function(rows))


def test_a_column_is_sorted_once() -> None:
    state = np.random.default_rng(7)
    rows, weight = state.normal(size=(150_000, 1)).astype(np.float32), state.random(150_000)
    start = time.process_time()
    fit_trees(rows, (rows[:, 0] > 0).astype(np.int64), weight, max_iter=1, random_state=1)
    taken = time.process_time() - start
    start = time.process_time()
    for _ in range(50):
        np.argsort(rows[:, 0].astype(np.float64))
    assert taken < time.process_time() - start


@pytest.mark.parametrize("threads", [1, None])
def test_threads_change_nothing(threads: int | None) -> None:
    rows = np.random.default_rng(6).normal(size=(500, 2)).astype(np.float32)
    truth = (rows[:, 0] > 0).astype(np.int64)
    alone = fit_trees(rows, truth, np.ones(500), max_iter=2, random_state=1)
    other = fit_trees(rows, truth, np.ones(500), threads=threads, max_iter=2, random_state=1)
    np.testing.assert_array_equal(alone.decision_function(rows), other.decision_function(rows))
