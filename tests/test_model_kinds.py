"""Trees of the kinds against the classifiers they were made of."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.labels import CHROME
from declutter.model.kinds import KindForest, kind_trees


def fitted(
    kinds: tuple[int, ...],
) -> tuple[HistGradientBoostingClassifier, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    state = np.random.default_rng(3)
    matrix = state.normal(size=(300, 6)).astype(np.float32)
    truth = np.array(kinds)[np.digitize(matrix[:, 0] + matrix[:, 1], np.linspace(-1, 1, len(kinds) - 1))]
    model = HistGradientBoostingClassifier(
        max_iter=12, max_leaf_nodes=7, max_bins=31, early_stopping=False, random_state=1
    )
    return model.fit(matrix, truth), matrix


def test_the_probabilities_are_those_of_the_classifier() -> None:
    model, matrix = fitted(tuple(range(len(CHROME))))
    found = KindForest(kind_trees(model)).predict_proba(matrix)
    np.testing.assert_allclose(found, model.predict_proba(matrix), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_a_kind_that_training_never_showed_is_never_the_answer() -> None:
    shown = (0, 3, 4, 9)
    model, matrix = fitted(shown)
    found = KindForest(kind_trees(model)).predict_proba(matrix)
    np.testing.assert_allclose(found[:, shown], model.predict_proba(matrix), atol=1e-9)
    assert np.delete(found, shown, axis=1).max() < 1e-9


def test_no_rows() -> None:
    model, matrix = fitted((0, 1, 2))
    assert KindForest(kind_trees(model)).predict_proba(matrix[:0]).shape == (0, len(CHROME))


def test_other_columns_than_the_trees_read_are_refused() -> None:
    forest = KindForest(kind_trees(fitted((0, 1, 2))[0]))
    forest.check_columns(6)
    with pytest.raises(ValueError, match="7 columns are given, the trees read 6"):
        forest.check_columns(7)


def test_arrays_that_lack_a_kind_are_refused() -> None:
    arrays = kind_trees(fitted((0, 1, 2))[0])
    del arrays["5"]
    with pytest.raises(ValueError, match="11 kinds, not for 12"):
        KindForest(arrays)
