"""The kinds by boosted trees, a forest for each kind, and by nets; a softmax joins their log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from declutter.labels import CHROME
from declutter.model.forest import Forest, Trees, trees_of
from declutter.model.nets import NEVER, Net

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

__all__ = ["KindPass", "kind_trees"]


def kind_trees(model: HistGradientBoostingClassifier) -> dict[str, dict[str, NDArray[Any]]]:
    """The arrays of fitted trees, a forest for each kind of CHROME by its number.

    Args:
        model: its classes are places in CHROME, three or more of them.
    """
    places = {int(kind): place for place, kind in enumerate(model.classes_)}
    columns = int(model.n_features_in_)
    forests = (trees_of([model], places[kind]) if kind in places else _no_trees(columns) for kind in range(len(CHROME)))
    return {str(kind): trees._asdict() for kind, trees in enumerate(forests)}


def _no_trees(columns: int) -> Trees:
    """A forest of one leaf, for a kind that is not there."""
    leaf = np.array([(np.inf, columns, 0)], dtype=[("threshold", "=f4"), ("feature", "=u2"), ("left", "=u2")])
    return Trees(
        leaf.view(np.uint64),
        np.zeros(1),
        np.array([0, 1], dtype=np.int32),
        np.zeros(1, dtype=np.int32),
        np.array([NEVER, columns], dtype=np.float64),
    )


class KindPass:
    """What tells the kinds: the mean of the log-odds of trees for each kind and of nets for all.

    Args:
        arrays: the trees, as `kind_trees` gives them.
        net: the arrays of the nets (see nets.Weights), an output for each of CHROME.

    Raises:
        ValueError, TypeError, KeyError: they do not fit each other, or a kind is missing: they may come from a file.
    """

    def __init__(self, arrays: Mapping[str, Any], net: Mapping[str, Any]) -> None:
        if sorted(arrays, key=int) != [str(kind) for kind in range(len(CHROME))]:
            raise ValueError(f"there are trees for {len(arrays)} kinds, not for {len(CHROME)}")
        self._forests = [Forest(Trees(**arrays[str(kind)])) for kind in range(len(CHROME))]
        self.net = Net(net)

    def check_columns(self, columns: int) -> None:
        """Check that the trees of every kind and the nets read so many columns.

        Raises:
            ValueError: they do not.
        """
        for forest in self._forests:
            forest.check_columns(columns)
        self.net.check_shape(columns, len(CHROME))

    def predict_proba(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probabilities of the kinds, n x kinds; rows sum to 1."""
        rows = np.asfortranarray(features, dtype=np.float32)
        odds = np.stack([forest.log_odds(rows) for forest in self._forests], axis=1)
        odds = (odds + self.net.log_odds(rows)) / 2
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))
