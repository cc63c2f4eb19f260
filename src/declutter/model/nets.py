"""Nets of one hidden layer, which tell kinds beside the trees: what these cut at thresholds, nets add up smoothly.

All they reckon with lies on grids of powers of two, fine enough to change nothing and coarse enough that a float32 (of inputs
and first weights) and a float64 (of hidden units and second weights) hold every sum exactly. So the order in which a
processor adds makes no difference, and what scikit-learn fitted gives the same (tests/test_nets.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter import compiled
from declutter.model.arrays import exactly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import Pipeline

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]

__all__ = [
    "EXACT",
    "FINEST",
    "INPUT_STEPS",
    "LARGEST",
    "NEVER",
    "OUTPUT_STEP",
    "ROWS",
    "Grid",
    "Net",
    "Weights",
    "weights_of",
]

INPUT_STEPS: Final = 64
"""Steps of the inputs' grid in one standard deviation."""

LARGEST: Final = 4
"""Inputs further from the mean, in standard deviations, count as if they were so far."""

FINEST: Final = 2.0**-12
"""The finest step of first weights."""

OUTPUT_STEP: Final = 2.0**-12
"""The step of second weights."""

EXACT: Final = 2.0**24
"""Whole numbers up to here, and sums that stay below, are exact in a float32."""

NEVER: Final = -30.0
"""The log-odds of a kind that no page of the training showed: it is never the most likely one."""

ROWS: Final = 1024
"""Rows that are looked at together: they stay in the cache, and a page of any length needs no more memory."""

# The largest input and the steps of a standard deviation, as the compiled form takes them.
_LIMITS: Final = np.array([LARGEST * INPUT_STEPS, INPUT_STEPS], dtype=np.float32)
# The same as EXACT of a float64.
_EXACT_WIDE: Final = 2.0**53
# Of log-odds, so that no sum of them overflows.
_HEAVIEST: Final = 1e6


class Grid(NamedTuple):
    """How inputs are brought to one scale: x / (|x| + softness), which tells small counts apart and large ones hardly.

    Each operation is one that IEEE 754 rounds the same everywhere, which a logarithm is not.

    Attributes:
        softness: float32, columns, above 0.
        middle: float32, columns: the mean of the quotient.
        scale: float32, columns: steps for 1 of the quotient.
    """

    softness: Matrix
    middle: Matrix
    scale: Matrix

    def steps(self, rows: Matrix) -> Matrix:
        """Inputs in whole steps, at most LARGEST * INPUT_STEPS from 0.

        Args:
            rows: float32, columns x n: a row of each column.
        """
        softness, middle, scale = (array[:, None] for array in self)
        steps = np.abs(rows)
        steps += softness
        np.divide(rows, steps, out=steps)
        steps -= middle
        steps *= scale
        np.rint(steps, out=steps)
        return np.clip(steps, -LARGEST * INPUT_STEPS, LARGEST * INPUT_STEPS, out=steps)


class Weights(NamedTuple):
    """The arrays of nets on one grid, their hidden units side by side: their log-odds are the mean of all.

    Attributes:
        softness, middle, scale: see Grid.
        first: float32, hidden x columns: first weights in steps, whole numbers.
        bias: float32, hidden: what is added, in steps of sums, whole numbers.
        step: float32, hidden: a power of two, the step of a unit's first weights.
        second: float64, hidden x outputs: on the grid of OUTPUT_STEP.
        last: float64, outputs: what is added in the end.
        nets: float64, 1: how many they are.
    """

    softness: Matrix
    middle: Matrix
    scale: Matrix
    first: Matrix
    bias: Matrix
    step: Matrix
    second: Floats
    last: Floats
    nets: Floats


_NARROW: Final = 6


def weights_of(bag: Sequence[Pipeline], classes: int = 2) -> dict[str, NDArray[Any]]:
    """The arrays of fitted nets of one grid.

    Args:
        bag: the nets.
        classes: how many classes there are, 0, 1, 2, ...; with two, the output is that of the second.
    """
    firsts, biases, steps, seconds, lasts = [], [], [], [], []
    for pipeline in bag:
        net: MLPClassifier = pipeline.named_steps["net"]
        step: Floats = net.steps_
        second, last = net.coefs_[1], net.intercepts_[1]
        if classes > 2:
            known = net.classes_.astype(int)
            if len(known) == 2:  # one output tells them apart
                second, last = np.insert(second, 0, 0, axis=1), np.insert(last, 0, 0)
            wide, never = np.zeros((len(second), classes)), np.full(classes, NEVER)
            wide[:, known], never[known] = second, last
            second, last = wide, never
        firsts.append(net.coefs_[0].T / step[:, None])
        biases.append(net.intercepts_[0] * INPUT_STEPS / step)
        steps.append(step)
        seconds.append(second)
        lasts.append(last)
    grid: Grid = bag[0].named_steps["inputs"].kw_args["grid"]
    return Weights(
        *grid,
        np.concatenate(firsts).astype(np.float32),
        np.concatenate(biases).astype(np.float32),
        np.concatenate(steps).astype(np.float32),
        np.concatenate(seconds),
        np.mean(lasts, axis=0),
        np.array([float(len(bag))]),
    )._asdict()


class Net:
    """Nets that score rows.

    Args:
        weights: their arrays, by name as in Weights.

    Raises:
        ValueError, TypeError: the arrays do not fit each other, or sums of them are not exact: they may come from a file.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        arrays = Weights(**weights)
        self._weights = Weights(
            *(exactly(array, np.float32) for array in arrays[:_NARROW]),
            *(exactly(array, np.float64) for array in arrays[_NARROW:]),
        )
        self._check_shapes()
        self._check_sums()
        self._grid = Grid(*self._weights[:3])

    def _check_shapes(self) -> None:
        weights = self._weights
        if weights.first.ndim != 2 or weights.second.ndim != 2 or not weights.first.size or not weights.second.size:
            raise ValueError("the weights of the net are no tables")
        (hidden, columns), outputs = weights.first.shape, weights.second.shape[1]
        shapes: list[tuple[int, ...]] = [
            *[(columns,)] * 3,
            (hidden, columns),
            *[(hidden,)] * 2,
            (hidden, outputs),
            (outputs,),
            (1,),
        ]
        if [np.shape(array) for array in weights] != shapes:
            raise ValueError("the arrays of the net do not fit each other")
        if not all(np.isfinite(array).all() for array in weights):
            raise ValueError("the net holds what is no number")
        if (weights.softness <= 0).any() or weights.nets[0] < 1 or (np.abs(weights.last) > _HEAVIEST).any():
            raise ValueError("the net is damaged")

    def _check_sums(self) -> None:
        weights = self._weights
        first, bias = weights.first.astype(np.float64), weights.bias.astype(np.float64)
        if not (np.abs(weights.second) <= _EXACT_WIDE * OUTPUT_STEP).all():
            raise ValueError("sums of the net would not be exact")
        step, second = weights.step.astype(np.float64), weights.second / OUTPUT_STEP
        if any((steps != np.rint(steps)).any() for steps in (first, bias, second)):
            raise ValueError("the weights of the net are not on their grid")
        if (step < FINEST).any() or (step > 1).any() or (np.frexp(step)[0] != 0.5).any():
            raise ValueError("the steps of the net are no powers of two")
        sums = np.abs(first).sum(axis=1) * LARGEST * INPUT_STEPS + np.abs(bias)
        if not sums.max() <= EXACT or not ((sums * step / FINEST) @ np.abs(second)).max() < _EXACT_WIDE:
            raise ValueError("sums of the net would not be exact")

    def __reduce__(self) -> tuple[Any, ...]:
        return Net, (self._weights._asdict(),)

    def check_shape(self, columns: int, outputs: int) -> None:
        """Check that the net reads so many columns and gives so many outputs.

        Raises:
            ValueError: it does not.
        """
        reads, gives = self._weights.first.shape[1], self._weights.second.shape[1]
        if (columns, outputs) != (reads, gives):
            raise ValueError(f"{columns} columns and {outputs} outputs are wanted, the net has {reads} and {gives}")

    def log_odds(self, rows: Matrix) -> Floats:
        """What the nets make of rows, on average.

        Args:
            rows: float32, n x columns, best in Fortran order.

        Returns:
            float64, n x outputs: the log-odds of the second of two classes, or of each of more, up to what they have in
            common.

        Raises:
            ValueError: another shape.
        """
        columns = self._weights.first.shape[1]
        if rows.ndim != 2 or rows.shape[1] != columns:
            raise ValueError(f"rows are {rows.shape}, the net reads {columns} columns")
        found = np.empty((len(rows), self._weights.second.shape[1]))
        if compiled.used:  # src/speedups/net.c
            table = np.ascontiguousarray(rows.T, dtype=np.float32)
            compiled.speedups.net_sums(*self._weights[:_NARROW], _LIMITS, self._weights.second, table, found)
        else:
            for start in range(0, len(rows), ROWS):
                found[start : start + ROWS] = self._part(np.ascontiguousarray(rows[start : start + ROWS].T))
        return np.asarray(found / self._weights.nets[0] + self._weights.last)

    def _part(self, rows: Matrix) -> Floats:
        """What the nets of some rows, which lie side by side (columns x n), add up to: n x outputs."""
        weights = self._weights
        hidden = weights.first @ self._grid.steps(rows)
        hidden += weights.bias[:, None]
        np.maximum(hidden, 0, out=hidden)
        # A power of two moves no digit.
        hidden *= weights.step[:, None] / np.float32(INPUT_STEPS)
        return np.asarray(hidden.T.astype(np.float64) @ weights.second)
