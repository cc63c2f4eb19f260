"""Boosted trees as arrays, in the form in which a page's few hundred rows are scored quickest.

HistGradientBoosting spends most of such a call between its trees: one call of its own for each. The compiled form
(src/speedups/score.c) asks the splits of all trees column by column, several rows side by side. Without it the table goes to the compiled
loop of scikit-learn's older gradient boosting, in the same order, so that the sums are the same to the last bit. Both give what
the classifiers give to 1e-12 (tests/test_forest.py).
"""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter import compiled
from declutter.model.arrays import exactly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

    from declutter.compiled import speedups

__all__ = ["Forest", "Trees", "trees_of"]

# A node. The right child lies behind the left one; a leaf is its own left child, reads the column behind the last, and has
# an infinite threshold.
_NODE: Final = np.dtype([("threshold", "=f4"), ("feature", "=u2"), ("left", "=u2")])
# So that a column, and a place in a tree, is a number of the table.
_MOST: Final = 2**16 - 2
# Of log-odds, so that no sum of them overflows.
_LARGEST: Final = 1e6


class Trees(NamedTuple):
    """Trees whose leaves add up to log-odds, one after the other.

    Attributes:
        nodes: nodes (see _NODE) as uint64; where the column <= threshold a row goes left.
        values: float64, what a leaf adds.
        starts: int32, the first node of each tree, and the end of the last.
        depths: int32, the steps from the root of each tree to its deepest leaf.
        first: float64, 2: the log-odds before any tree, and the number of columns that the trees read.
    """

    nodes: NDArray[np.uint64]
    values: NDArray[np.float64]
    starts: NDArray[np.int32]
    depths: NDArray[np.int32]
    first: NDArray[np.float64]


def trees_of(models: Sequence[HistGradientBoostingClassifier], number: int = 0) -> Trees:
    """The trees of fitted classifiers without categories and missing values.

    Several classifiers are one forest whose log-odds are the mean of theirs (bagging).

    Args:
        models: the classifiers, one or more, of the same columns.
        number: of more than two classes, the place of that whose trees are wanted.

    Raises:
        ValueError: more columns, or nodes in a tree, than a node has room for.
    """
    # Neither the trees nor the first guess have a public name; the version of scikit-learn is bounded.
    trees = [_scaled(p.nodes, len(models)) for model in models for p in _of_class(model, number)]
    baseline = float(np.mean([model._baseline_prediction[0, number] for model in models]))  # noqa: SLF001
    columns = int(models[0].n_features_in_)
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
        raise ValueError(f"trees of {max(sizes)} nodes over {columns} columns are more than a node has room for")
    return Trees(
        np.concatenate(tables).view(np.uint64),
        np.concatenate(values),
        np.cumsum([0, *sizes], dtype=np.int32),
        np.array([nodes["depth"].max() for nodes in trees], dtype=np.int32),
        np.array([baseline, columns], dtype=np.float64),
    )


def _of_class(model: HistGradientBoostingClassifier, number: int) -> list[Any]:
    return [trees[number] for trees in model._predictors]  # noqa: SLF001


def _scaled(nodes: NDArray[Any], models: int) -> NDArray[Any]:
    if models == 1:
        return nodes
    nodes = nodes.copy()
    nodes["value"] /= models
    return nodes


def _down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 not above each threshold: no float32 lies between the two, so each goes the same way."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)


# Their columns for the trees are about a megabyte, which stays in the cache.
_ROWS: Final = 1024


class Forest:
    """Trees that score rows.

    Args:
        trees: the trees.

    Raises:
        ValueError, TypeError: the arrays do not fit each other, or a walk could leave them: they may come from a file.
    """

    def __init__(self, trees: Trees) -> None:
        trees = Trees(*(exactly(array, kind) for array, kind in zip(trees, _KINDS, strict=True)))
        if any(array.ndim != 1 for array in trees):
            raise ValueError("the arrays of the trees are no rows")
        if trees.first.shape != (2,) or not 0 < trees.first[1] <= _MOST or trees.first[1] % 1:
            raise ValueError("the trees do not say how many columns they read")
        if not abs(trees.first[0]) <= _LARGEST:  # nor NaN
            raise ValueError("the trees do not say what they begin with")
        self._trees, self._columns = trees, int(trees.first[1])
        self._check()

    def _check(self) -> None:
        nodes, values, starts, depths, _ = self._trees
        table = nodes.view(_NODE)
        # Whole numbers of 64 bits, in which nothing of a damaged file wraps round.
        ends = starts.astype(np.int64)
        sizes = ends[1:] - ends[:-1]
        left = table["left"].astype(np.int64)
        if len(starts) < 2 or starts[0] != 0 or starts[-1] != len(nodes) or (sizes < 1).any() or sizes.max() > _MOST:
            raise ValueError("the trees do not follow each other")
        if len(values) != len(nodes) or len(depths) != len(sizes) or not (np.abs(values) <= _LARGEST).all():
            raise ValueError("the arrays of the trees do not fit")
        own = np.arange(len(nodes)) - np.repeat(starts[:-1], sizes)
        leaf = (left == own) & (table["feature"] == self._columns) & np.isposinf(table["threshold"])
        # A child lies behind its parent, so that every walk ends.
        inner = (left > own) & (left + 1 < np.repeat(sizes, sizes)) & (table["feature"] < self._columns)
        inner &= ~np.isnan(table["threshold"])  # which have no place among the splits of a column
        if not (leaf | inner).all():
            raise ValueError("the trees are damaged")

    def __reduce__(self) -> tuple[Any, ...]:
        return Forest, (self._trees,)

    def check_columns(self, columns: int) -> None:
        """Check that the trees read so many columns.

        Raises:
            ValueError: they do not.
        """
        if columns != self._columns:
            raise ValueError(f"{columns} columns are given, the trees read {self._columns}")

    @cached_property
    def _compiled(self) -> speedups.Forest:
        nodes, values, starts, _, _ = self._trees
        return compiled.speedups.Forest(nodes, values, starts, self._columns)

    @cached_property
    def _stages(self) -> NDArray[Any]:
        nodes, values, starts, depths, _ = self._trees
        table = nodes.view(_NODE)
        stages = np.empty((len(depths), 1), dtype=object)
        for number, (start, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
            tree = _tree(table[start:end], values[start:end], int(depths[number]), self._columns)
            stages[number, 0] = SimpleNamespace(tree_=tree)
        return stages

    def positive(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of the second class: see `log_odds`."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(features))))

    def positive_of(
        self, table: NDArray[np.float32], columns: NDArray[np.int64], beside: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """`positive` of some columns of a table, and behind them those of the same rows of another, without a copy of both.

        Args:
            table: float32, n x any, best in Fortran order, as `extract` gives it.
            columns: which of its columns.
            beside: float32, n x the columns that are left.

        Raises:
            ValueError: another shape.
        """
        if not compiled.used:
            parts = []
            for start in range(0, len(table), _ROWS):
                narrow = np.take(table[start : start + _ROWS], columns, axis=1)
                parts.append(narrow if beside is None else np.hstack([narrow, beside[start : start + _ROWS]]))
            return np.concatenate([self.positive(part) for part in parts])
        raw = np.full(len(table), self._trees.first[0])
        self._add(table, columns, np.empty((len(table), 0), np.float32) if beside is None else beside, raw)
        return np.asarray(1 / (1 + np.exp(-raw)))

    def _add(
        self,
        table: NDArray[np.float32],
        columns: NDArray[np.int64],
        beside: NDArray[np.float32],
        sums: NDArray[np.float64],
    ) -> None:
        self._compiled.add(
            np.ascontiguousarray(table.T, dtype=np.float32),
            np.ascontiguousarray(columns, dtype=np.int64),
            np.ascontiguousarray(beside.T, dtype=np.float32),
            sums,
        )

    def log_odds(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """What the trees add up to.

        Args:
            features: float32, n x columns, best in Fortran order; NaN goes right everywhere.

        Raises:
            ValueError: another shape; the trees would read beyond it.
        """
        if features.ndim != 2 or features.shape[1] != self._columns:
            raise ValueError(f"features are {features.shape}, the trees read {self._columns} columns")
        raw = np.full(len(features), self._trees.first[0])
        if compiled.used:
            none = np.empty(0, np.int64)
            for start in range(0, len(features), _ROWS):
                part = slice(start, start + _ROWS)
                self._add(features[part, :0], none, features[part], raw[part])
            return raw
        from sklearn.ensemble._gradient_boosting import predict_stages  # noqa: PLC0415 - costs start-up time

        predict_stages(self._stages, np.ascontiguousarray(features, dtype=np.float32), 1.0, raw[:, None])
        return raw


_KINDS: Final = (np.uint64, np.float64, np.int32, np.int32, np.float64)


def _tree(nodes: NDArray[Any], values: NDArray[np.float64], depth: int, columns: int) -> Any:
    """One tree in the form of scikit-learn's own."""
    from sklearn.tree._tree import Tree  # noqa: PLC0415 - costs start-up time

    tree = Tree(columns, np.array([1], dtype=np.intp), 1)
    leaf = nodes["feature"] == columns
    table = np.zeros(len(nodes), dtype=tree.__getstate__()["nodes"].dtype)
    table["left_child"] = np.where(leaf, -1, nodes["left"].astype(np.int64))
    table["right_child"] = np.where(leaf, -1, nodes["left"].astype(np.int64) + 1)
    table["feature"] = np.where(leaf, -2, nodes["feature"].astype(np.int64))
    table["threshold"] = np.where(leaf, 0.0, nodes["threshold"].astype(np.float64))
    tree.__setstate__(
        {
            "max_depth": depth,
            "node_count": len(nodes),
            "nodes": table,
            "values": np.ascontiguousarray(values, dtype=np.float64).reshape(-1, 1, 1),
        }
    )
    return tree
