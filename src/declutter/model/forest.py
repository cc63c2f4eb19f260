"""Boosted trees in the form in which a page's few hundred rows are scored quickest.

HistGradientBoosting spends most of such a call between its trees: one call of its own for each. scikit-learn's older
gradient boosting walks all trees in one compiled loop; here that loop is given the trees of the newer one. The results
are the same to 1e-12 (tests/test_forest.py), in a fifth of the time. The compiled form (src/speedups/forest.c) has a
table of its own and walks several rows side by side, which takes half of that again.
"""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

__all__ = ["Forest"]

# A node of the compiled form. The right child lies behind the left one; a leaf is its own left child.
_NODE: Final = np.dtype([("threshold", "=f4"), ("feature", "=u2"), ("left", "=u2")])
# So that a column, and a place in a tree, is a number of the table.
_MOST: Final = 2**16 - 2


def _scaled(nodes: NDArray[Any], models: int) -> NDArray[Any]:
    if models == 1:
        return nodes
    nodes = nodes.copy()
    nodes["value"] /= models
    return nodes


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


class _Packed(NamedTuple):
    """All trees one after the other, as the compiled form reads them.

    Attributes:
        nodes: _NODE as uint64, one for each node.
        values: float64, what a leaf adds.
        starts: int32, the first node of each tree, and the end of the last.
        depths: int32, the steps from the root of each tree to its deepest leaf.
    """

    nodes: NDArray[np.uint64]
    values: NDArray[np.float64]
    starts: NDArray[np.int32]
    depths: NDArray[np.int32]


def _down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 not above each threshold: no float32 lies between the two, so each goes the same way."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)


def _packed(trees: list[NDArray[Any]], columns: int) -> _Packed:
    tables, values = [], []
    for nodes in trees:
        leaf = nodes["is_leaf"] != 0
        inner = np.flatnonzero(~leaf)
        # The root, and then the pairs of children in the order of their parents.
        pairs = np.stack([nodes["left"][inner], nodes["right"][inner]], axis=1).astype(np.int64)
        order = np.concatenate(([0], pairs.ravel()))
        place = np.empty(len(nodes), dtype=np.int64)
        place[order] = np.arange(len(nodes))
        table = np.zeros(len(nodes), dtype=_NODE)
        table["threshold"] = np.where(leaf, np.float32(np.inf), _down(nodes["num_threshold"]))
        table["feature"] = np.where(leaf, columns, nodes["feature_idx"])
        table["left"] = place
        table["left"][inner] = place[pairs[:, 0]]
        tables.append(table[order])
        values.append(nodes["value"][order].astype(np.float64))
    sizes = [len(nodes) for nodes in trees]
    if max([columns, *sizes]) > _MOST:
        raise ValueError(f"trees of {max(sizes)} nodes over {columns} columns are more than the compiled form holds")
    return _Packed(
        np.concatenate(tables).view(np.uint64),
        np.concatenate(values),
        np.cumsum([0, *sizes], dtype=np.int32),
        np.array([nodes["depth"].max() for nodes in trees], dtype=np.int32),
    )


class Forest:
    """The trees of fitted binary HistGradientBoostingClassifiers without categories and missing values.

    Several classifiers are one forest whose log-odds are the mean of theirs (bagging).

    Args:
        models: the fitted classifiers, one or more, of the same columns.
    """

    def __init__(self, models: Sequence[HistGradientBoostingClassifier]) -> None:
        # Neither the trees nor the first guess have a public name; the version of scikit-learn is bounded.
        self._trees = [_scaled(p.nodes, len(models)) for model in models for (p,) in model._predictors]  # noqa: SLF001
        self._baseline = float(np.mean([model._baseline_prediction[0, 0] for model in models]))  # noqa: SLF001
        self._columns = int(models[0].n_features_in_)

    @cached_property
    def _stages(self) -> NDArray[Any]:
        stages = np.empty((len(self._trees), 1), dtype=object)
        stages[:, 0] = [SimpleNamespace(tree_=_tree(nodes, self._columns)) for nodes in self._trees]
        return stages

    @cached_property
    def _packed(self) -> _Packed:
        return _packed(self._trees, self._columns)

    def positive(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of the second class.

        Args:
            features: float32, n x columns, C order, no NaN.

        Raises:
            ValueError: another shape; the trees would read beyond it.
        """
        if features.ndim != 2 or features.shape[1] != self._columns:
            raise ValueError(f"features are {features.shape}, the trees read {self._columns} columns")
        rows = np.ascontiguousarray(features, dtype=np.float32)
        raw = np.full((len(rows), 1), self._baseline)
        if compiled.used:
            compiled.speedups.forest_add(*self._packed, rows, raw)
        else:
            from sklearn.ensemble._gradient_boosting import predict_stages  # noqa: PLC0415 - costs start-up time

            predict_stages(self._stages, rows, 1.0, raw)
        return np.asarray(1 / (1 + np.exp(-raw[:, 0])))
