"""Fit the nets that tell kinds beside the trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from declutter.model.nets import EXACT, FINEST, INPUT_STEPS, LARGEST, OUTPUT_STEP, Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.training.settings import Settings

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]

__all__ = ["fit_net", "grid_of"]

# A block of a page of few blocks weighs so much that a batch would be little else.
_HEAVIEST: Final = 10.0
# Of the quotient: a column that hardly varies would else be all noise.
_LEAST_DEVIATION: Final = 1e-3


def grid_of(rows: Matrix) -> Grid:
    """The grid of inputs that are like some rows: half of the quotient is reached at the mean of what is not 0.

    Args:
        rows: float32, n x columns.
    """
    sizes = np.abs(rows)
    softness = sizes.sum(axis=0, dtype=np.float64) / np.maximum((sizes > 0).sum(axis=0), 1)
    softness = np.where(softness > 0, softness, 1).astype(np.float32)
    soft = rows / (sizes + softness)
    deviation = np.maximum(soft.std(axis=0, dtype=np.float64), _LEAST_DEVIATION)
    return Grid(
        softness, soft.mean(axis=0, dtype=np.float64).astype(np.float32), (INPUT_STEPS / deviation).astype(np.float32)
    )


def fit_net(
    grid: Grid,
    rows: Matrix,
    truth: NDArray[Any],
    weight: Floats,
    settings: Settings,
    epochs: int,
    number: int = 0,
) -> Pipeline:
    """Fit a net whose weights lie on grids, so that the form that predicts gives the same.

    Args:
        grid: that of the inputs.
        rows: float32, n x columns.
        truth: n, the classes.
        weight: float64, n, 1 on average.
        settings: the run's settings.
        epochs: how often it sees each row.
        number: that of the net in a bag; each begins with other weights.
    """
    inputs = FunctionTransformer(_inputs, kw_args={"grid": grid})
    net = MLPClassifier(
        hidden_layer_sizes=(settings.net_units,),
        alpha=settings.net_alpha,
        learning_rate_init=settings.net_rate,
        batch_size=min(settings.net_batch, len(rows)),
        random_state=settings.seed + number,
    )
    steps, classes = inputs.transform(rows).astype(np.float32), np.unique(truth)
    weight = np.minimum(weight, _HEAVIEST)
    # One after the other: `fit` would warn that it could go on.
    for _ in range(epochs):
        net.partial_fit(steps, truth, classes=classes, sample_weight=weight)
    first, bias, step = _first(net)
    net.coefs_ = [
        (first * step[:, None]).T,
        np.rint(net.coefs_[1].astype(np.float64) / OUTPUT_STEP) * OUTPUT_STEP,
    ]
    net.intercepts_ = [bias * step / INPUT_STEPS, net.intercepts_[1].astype(np.float64)]
    net.steps_ = step
    del net._optimizer  # noqa: SLF001 - twice the weights, and of use only to go on
    return Pipeline([("inputs", inputs), ("net", net)])


def _inputs(rows: Matrix, grid: Grid) -> Floats:
    """Inputs in standard deviations from the mean."""
    steps = grid.steps(np.ascontiguousarray(np.asarray(rows, dtype=np.float32).T))
    return np.asarray(steps.T.astype(np.float64) / INPUT_STEPS)


def _first(net: MLPClassifier) -> tuple[Floats, Floats, Floats]:
    """First weights and bias in whole steps, and the step of each unit: the finest with which its sums stay exact."""
    first, bias = net.coefs_[0].astype(np.float64).T, net.intercepts_[0].astype(np.float64)
    # Rounding adds half a step to a weight at most: FINEST is twice that of the finest, .01 of EXACT of coarser ones.
    largest = (np.abs(first).sum(axis=1) + FINEST * len(first.T)) * LARGEST * INPUT_STEPS + np.abs(bias) * INPUT_STEPS
    step = np.maximum(FINEST, 2.0 ** np.ceil(np.log2(1.01 * largest / EXACT)))
    return np.rint(first / step[:, None]), np.rint(bias * INPUT_STEPS / step), step
