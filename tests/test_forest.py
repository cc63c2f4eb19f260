"""Boosted trees in the form that predicts give what the classifier itself gives."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter import compiled
from declutter.features import FEATURE_NAMES
from declutter.model.context import CONTENT_CONTEXT
from declutter.model.directory import default_directory, load_default, load_estimators
from declutter.model.forest import _NODE, Forest, Trees, trees_of


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
    assert np.abs(Forest(trees_of([fitted])).positive(matrix) - expected).max(initial=0.0) < 1e-12


def test_thresholds_themselves_go_the_same_way(fitted: HistGradientBoostingClassifier) -> None:
    values = [node["num_threshold"] for (tree,) in fitted._predictors for node in tree.nodes if not node["is_leaf"]]
    matrix = np.repeat(np.array(values, dtype=np.float32)[:, None], 7, axis=1)
    assert np.abs(Forest(trees_of([fitted])).positive(matrix) - fitted.predict_proba(matrix)[:, 1]).max() < 1e-12


def test_the_shipped_model() -> None:
    model, fitted = load_default(), load_estimators(default_directory())
    assert model.text is not None
    pairs = [*zip(fitted["content"], model.content, strict=True)]
    pairs += zip(fitted["text"]["content"], model.text.content, strict=True)
    for bag, forest in pairs:
        matrix = np.random.default_rng(3).gamma(0.5, 2.0, (300, bag[0].n_features_in_)).astype(np.float32)
        odds = np.mean([classifier.decision_function(matrix) for classifier in bag], axis=0)
        assert np.abs(forest.positive(matrix) - 1 / (1 + np.exp(-odds))).max() < 1e-12


def test_a_large_page_is_read_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "used", False)  # the compiled form copies nothing
    model = load_default()
    features = np.random.default_rng(6).gamma(0.5, 2.0, (70, len(FEATURE_NAMES))).astype(np.float32)
    around = np.random.default_rng(7).random((70, len(CONTENT_CONTEXT))).astype(np.float32)
    whole = model.judge_content(features, lambda _, score: around * score[:, None].astype(np.float32))
    monkeypatch.setattr("declutter.model.forest._ROWS", 16)
    pieces = model.judge_content(features, lambda _, score: around * score[:, None].astype(np.float32))
    assert np.array_equal(pieces.content, whole.content)
    assert np.array_equal(pieces.context, whole.context)


def test_another_shape_is_refused(fitted: HistGradientBoostingClassifier) -> None:
    with pytest.raises(ValueError, match="the trees read 7 columns"):
        Forest(trees_of([fitted])).positive(np.zeros((3, 6), dtype=np.float32))
    with pytest.raises(ValueError, match="the trees read 7 columns"):
        Forest(trees_of([fitted])).positive(np.zeros(7, dtype=np.float32))


def test_it_pickles(fitted: HistGradientBoostingClassifier) -> None:
    forest = Forest(trees_of([fitted]))
    matrix = np.random.default_rng(4).normal(size=(50, 7)).astype(np.float32)
    assert np.array_equal(pickle.loads(pickle.dumps(forest)).positive(matrix), forest.positive(matrix))


@pytest.mark.parametrize(
    ("part", "place", "value"),
    [
        ("nodes", 0, 2**64 - 1),  # far beyond the tree
        ("nodes", 0, 0),  # its own child, and no leaf
        ("starts", 1, 10**6),
        ("starts", 0, 1),
        ("starts", -1, 5),
        ("values", 3, np.nan),
        ("values", 3, 1e300),
        ("starts", 1, 2**31 - 1),
        ("first", 0, np.nan),
        ("first", 0, 1e300),
        ("first", 1, 3),
        ("first", 1, 0),
        ("first", 1, 2.5),
    ],
)
def test_damaged_trees_are_refused(fitted: HistGradientBoostingClassifier, part: str, place: int, value: float) -> None:
    trees = trees_of([fitted])
    array = getattr(trees, part).copy()
    array[place] = value
    with pytest.raises(ValueError, match="trees"):
        Forest(trees._replace(**{part: array}))


def test_a_child_that_wraps_round_is_refused(fitted: HistGradientBoostingClassifier) -> None:
    """The last number that a place has room for: the child beside it would be the first node."""
    trees = trees_of([fitted])
    nodes = trees.nodes.copy()
    nodes.view(_NODE)["left"][0] = 2**16 - 1
    with pytest.raises(ValueError, match="trees"):
        Forest(trees._replace(nodes=nodes))


def test_a_threshold_that_is_no_number_is_refused(fitted: HistGradientBoostingClassifier) -> None:
    trees = trees_of([fitted])
    nodes = trees.nodes.copy()
    nodes.view(_NODE)["threshold"][0] = np.nan
    with pytest.raises(ValueError, match="trees are damaged"):
        Forest(trees._replace(nodes=nodes))


def test_a_table_for_a_row_is_refused(fitted: HistGradientBoostingClassifier) -> None:
    trees = trees_of([fitted])
    with pytest.raises(ValueError, match="no rows"):
        Forest(trees._replace(starts=trees.starts[:, None]))


def test_other_columns_than_the_trees_read_are_refused(fitted: HistGradientBoostingClassifier) -> None:
    forest = Forest(trees_of([fitted]))
    forest.check_columns(7)
    with pytest.raises(ValueError, match="6 columns are given, the trees read 7"):
        forest.check_columns(6)


@pytest.mark.parametrize("part", Trees._fields)
def test_arrays_that_do_not_fit_are_refused(fitted: HistGradientBoostingClassifier, part: str) -> None:
    trees = trees_of([fitted])
    with pytest.raises(ValueError, match="trees"):
        Forest(trees._replace(**{part: getattr(trees, part)[:-1]}))
