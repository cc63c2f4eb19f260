"""Boosted trees in the form in which a page's few hundred rows are scored quickest.

HistGradientBoosting spends most of such a call between its trees: one call of its own for each. scikit-learn's older
gradient boosting walks all trees in one compiled loop; here that loop is given the trees of the newer one. The results
are the same to 1e-12 (tests/test_forest.py), in a fifth of the time.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

__all__ = ["Forest"]


def _tree(nodes: NDArray[Any], columns: int) -> Any:
    from sklearn.tree._tree import Tree  # noqa: PLC0415 - costs start-up time

    tree = Tree(columns, np.array([1], dtype=np.intp), 1)
    leaf = nodes["is_leaf"] != 0
    table = np.zeros(len(nodes), dtype=tree.__getstate__()["nodes"].dtype)
    table["left_child"] = np.where(leaf, -1, nodes["left"].astype(np.int64))
    table["right_child"] = np.where(leaf, -1, nodes["right"].astype(np.int64))
    table["feature"] = np.where(leaf, -2, nodes["feature_idx"])
    table["threshold"] = nodes["num_threshold"]
    tree.__setstate__(
        {
            "max_depth": int(nodes["depth"].max()),
            "node_count": len(nodes),
            "nodes": table,
            "values": np.ascontiguousarray(nodes["value"], dtype=np.float64).reshape(-1, 1, 1),
        }
    )
    return tree


class Forest:
    """The trees of a fitted binary HistGradientBoostingClassifier without categories and missing values.

    Args:
        model: the fitted classifier.
    """

    def __init__(self, model: HistGradientBoostingClassifier) -> None:
        # Neither the trees nor the first guess have a public name; the version of scikit-learn is bounded.
        trees = [_tree(predictor.nodes, model.n_features_in_) for (predictor,) in model._predictors]  # noqa: SLF001
        self._baseline = float(model._baseline_prediction[0, 0])  # noqa: SLF001
        self._columns = int(model.n_features_in_)
        self._stages = np.empty((len(trees), 1), dtype=object)
        self._stages[:, 0] = [SimpleNamespace(tree_=tree) for tree in trees]

    def positive(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of the second class.

        Args:
            features: float32, n x columns, C order, no NaN.

        Raises:
            ValueError: another shape; the compiled loop itself checks nothing.
        """
        if features.ndim != 2 or features.shape[1] != self._columns:
            raise ValueError(f"features are {features.shape}, the trees read {self._columns} columns")
        from sklearn.ensemble._gradient_boosting import predict_stages  # noqa: PLC0415 - costs start-up time

        raw = np.full((len(features), 1), self._baseline)
        predict_stages(self._stages, np.ascontiguousarray(features, dtype=np.float32), 1.0, raw)
        return np.asarray(1 / (1 + np.exp(-raw[:, 0])))
