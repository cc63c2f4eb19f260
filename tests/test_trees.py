from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.training.trees import fit_trees


def test_weights_count_for_the_trees_and_not_for_the_bins() -> None:
    state = np.random.default_rng(5)
    rows = state.normal(size=(2000, 3)).astype(np.float32)
    truth = (rows[:, 0] + state.normal(size=2000) > 0).astype(np.int64)
    even, uneven = np.ones(2000), state.gamma(0.3, size=2000) + 0.01
    first, second = (fit_trees(rows, truth, weight, max_iter=3, random_state=1) for weight in (even, uneven))
    for model in (first, second):
        assert type(model) is HistGradientBoostingClassifier, "so that a file of it is read without this package"
    for mine, yours in zip(first._bin_mapper.bin_thresholds_, second._bin_mapper.bin_thresholds_, strict=True):
        assert len(mine) == 126
        np.testing.assert_array_equal(mine, yours)
    assert np.abs(first.decision_function(rows) - second.decision_function(rows)).max() > 0.01


@pytest.mark.parametrize("threads", [1, None])
def test_threads_change_nothing(threads: int | None) -> None:
    rows = np.random.default_rng(6).normal(size=(500, 2)).astype(np.float32)
    truth = (rows[:, 0] > 0).astype(np.int64)
    alone = fit_trees(rows, truth, np.ones(500), max_iter=2, random_state=1)
    other = fit_trees(rows, truth, np.ones(500), threads=threads, max_iter=2, random_state=1)
    np.testing.assert_array_equal(alone.decision_function(rows), other.decision_function(rows))
