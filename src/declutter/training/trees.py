"""Boosted trees of scikit-learn whose bins are found without the weights of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["fit_trees"]


class _Unweighted(HistGradientBoostingClassifier):  # type: ignore[misc]  # scikit-learn has no types
    """Below 200,000 rows scikit-learn 1.9 sorts a column anew for each of its weighted quantiles, half the time of a fit.

    Above that it draws as many rows by their weights: here each row is as likely.
    """

    def _bin_data(self, X: Any, _weight: Any, is_training_data: bool) -> Any:  # noqa: N803 - scikit-learn's name
        return super()._bin_data(X, None, is_training_data)


def fit_trees(
    rows: NDArray[np.float32],
    truth: NDArray[Any],
    weight: NDArray[np.float64],
    *,
    threads: int | None = 1,
    **settings: Any,
) -> HistGradientBoostingClassifier:
    """Fit boosted trees of no more than 127 bins a column, without early stopping.

    Args:
        rows: float32, n x columns.
        truth: n, the classes.
        weight: float64, n.
        threads: of the fit; None for one a core. Fits that run side by side have one each: threads of one fit wait for each other at
            every split.
        settings: further ones of HistGradientBoostingClassifier.
    """
    model = _Unweighted(max_bins=127, early_stopping=False, **settings)
    with threadpool_limits(threads, "openmp"):
        model.fit(rows, truth, sample_weight=weight)
    model.__class__ = HistGradientBoostingClassifier  # so that a file of it is read without this module
    return model
