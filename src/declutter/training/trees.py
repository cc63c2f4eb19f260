"""Boosted trees of scikit-learn, whose bins are found with one sort a column."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.ensemble._hist_gradient_boosting import binning
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["BINS", "fit_trees"]

BINS: Final = 127
"""Of a column, at most."""

_RANKS: Final = np.linspace(0, 100, num=BINS + 1)[1:-1]
_quantiles: Final = binning._weighted_percentile  # noqa: SLF001 - scikit-learn is pinned to one line
_last = threading.local()


def _quantile(values: NDArray[Any], weight: NDArray[Any], rank: float, *, average: bool) -> float:
    """The weighted quantile of one rank, found with those of all ranks when a column is first asked of."""
    known = getattr(_last, "found", None)
    if known is None or known[0] is not values or known[1] is not weight:
        found = np.asarray(_quantiles(values, weight, _RANKS, average=average)).tolist()
        known = _last.found = (values, weight, dict(zip(_RANKS.tolist(), found, strict=True)))
    return float(known[2][float(rank)])


@contextmanager
def _one_sort() -> Iterator[None]:
    """Scikit-learn 1.9 sorts a column anew for each of its 126 quantiles, which took half the time of a fit."""
    binning._weighted_percentile = _quantile  # noqa: SLF001 - see above
    try:
        yield
    finally:
        binning._weighted_percentile = _quantiles  # noqa: SLF001 - see above
        _last.found = None


class _Quick(HistGradientBoostingClassifier):  # type: ignore[misc]  # scikit-learn has no types
    """The same trees to the last bit, sooner."""

    def _bin_data(self, X: Any, weight: Any, is_training_data: bool) -> Any:  # noqa: N803 - scikit-learn's name
        with _one_sort():
            return super()._bin_data(X, weight, is_training_data)


def fit_trees(
    rows: NDArray[np.float32],
    truth: NDArray[Any],
    weight: NDArray[np.float64],
    *,
    threads: int | None = 1,
    **settings: Any,
) -> HistGradientBoostingClassifier:
    """Fit boosted trees of no more than BINS bins a column, without early stopping: what scikit-learn gives.

    Args:
        rows: float32, n x columns.
        truth: n, the classes.
        weight: float64, n; of the bins too.
        threads: of the fit; None for one a core. Fits that run side by side have one each: threads of one fit wait for each other at
            every split.
        settings: further ones of HistGradientBoostingClassifier.
    """
    model = _Quick(max_bins=BINS, early_stopping=False, **settings)
    with threadpool_limits(threads, "openmp"):
        model.fit(rows, truth, sample_weight=weight)
    model.__class__ = HistGradientBoostingClassifier  # so that a file of it is read without this module
    return model
